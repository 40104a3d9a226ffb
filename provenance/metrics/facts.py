"""Everything that was found, before it is added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provenance.metrics.classes import Table
from provenance.metrics.holdings import Rows
from provenance.metrics.points import Point
from provenance.terms.authors import Attribution
from provenance.terms.stages import FacetCall, StageCall


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was found, before it is added up."""

    ids: Sequence[str]
    """Commit ids by number."""
    dates: Sequence[int]
    """Commit dates by number, seconds."""
    graph: Sequence[Sequence[int]]
    """Parents by number."""
    attributions: Sequence[Attribution]
    """What the evidence says about each commit, by number."""
    paths: Sequence[str]
    """Path by path number."""
    facets: Mapping[str, FacetCall]
    """Facet by path."""
    stages: Mapping[str, StageCall]
    """Stage by path."""
    rows: Rows
    """Live lines."""
    hunks: Table
    """Columns commit, path, old start, removed, new start, added."""
    points: Sequence[Point]
    """Measured revisions, the head last."""
    snapshot_of: Mapping[int, int]
    """Snapshot number of each measured commit."""
    before_own: frozenset[int] = frozenset()
    """Commits older than the first model of the lab's own families."""
