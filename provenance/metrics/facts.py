"""Everything that was found, before it is added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from provenance.metrics.classes import Table
from provenance.metrics.holdings import Rows
from provenance.metrics.measurement import RecordFigures
from provenance.metrics.points import Point
from provenance.terms.authors import UNATTESTED, Attribution
from provenance.terms.stages import FacetCall, StageCall

_Whole = TypeVar("_Whole", np.int64, np.uint32)


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
    """Columns commit, path, old start, removed, new start, added, voice."""
    points: Sequence[Point]
    """Measured revisions, the head last."""
    snapshot_of: Mapping[int, int]
    """Snapshot number of each measured commit."""
    voices: Sequence[Attribution] = (UNATTESTED,)
    """Attributions that records give to single lines; voice 0 is the commit's own."""
    records: Sequence[RecordFigures] = field(default=())
    """What the line-level records gave, by dialect."""
    record_pins: Sequence[tuple[str, str]] = field(default=())
    """(ref, tip id) of every ref records were read from."""
    disputed_lines: int = 0
    """Added lines on which records disagree."""
    departed: Table = field(default_factory=lambda: np.zeros((0, 4), dtype=np.int64))
    """Columns owner, commit, path, lines: whose lines a commit took away, and where."""

    before_own: frozenset[int] = frozenset()
    """Commits older than the first model of the lab's own families."""

    @property
    def owners(self) -> list[Attribution]:
        """Attribution by owner number: the commits, then an unknown one, then the voices."""
        return [*self.attributions, UNATTESTED, *self.voices[1:]]

    def owner(self, commit: Table, voice: Table) -> Table:
        """Return owner numbers for pairs of commit and voice."""
        return owner_numbers(commit, voice, commits=len(self.ids))


def owner_numbers(
    commit: NDArray[_Whole], voice: NDArray[np.integer[Any]], *, commits: int
) -> NDArray[_Whole]:
    """Return owner numbers for pairs of commit and voice: commits, an unknown one, then voices."""
    size = commit.dtype.type(commits)
    return np.where(voice > 0, voice.astype(commit.dtype) + size, np.minimum(commit, size))
