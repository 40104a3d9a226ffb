"""Classes of owners and of paths, as small numbers for counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.terms.authors import Attribution, AuthorType
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, FacetCall, Stage, StageCall

_TYPES = tuple(AuthorType)
_OWN, _OTHER, _OPEN = 0, 1, 2
CLASSES = len(_TYPES) * 3
"""Number of owner classes: author type by (own family, other family, family unknown)."""

Table = NDArray[np.int64]
"""Counts by owner class (last axis)."""


def owner_class(
    attribution: Attribution, own_families: Sequence[str], *, before_own: bool = False
) -> int:
    """Return the class of an owner; what is older than the own models is not by them."""
    family = attribution.maker.family
    unknown = _OTHER if before_own else _OPEN
    kind = unknown if family is None else _OWN if family in own_families else _OTHER
    return _TYPES.index(attribution.author_type) * 3 + kind


def counts_of(row: Table) -> Counts:
    """Return counts by author type from one row of owner classes."""
    by_type = row.reshape(len(_TYPES), 3).sum(axis=1)
    return Counts(**{kind.value: int(by_type[i]) for i, kind in enumerate(_TYPES)})


def own_of(row: Table) -> Own:
    """Return the self-written figures from one row of owner classes."""
    by_type = row.reshape(len(_TYPES), 3)
    ai, assisted = by_type[_TYPES.index(AuthorType.AI)], by_type[_TYPES.index(AuthorType.ASSISTED)]
    floor = int(ai[_OWN])
    declared = floor + int(assisted[_OWN])
    unattested = by_type[_TYPES.index(AuthorType.UNATTESTED)]
    open_lines = int(ai[_OPEN]) + int(assisted[_OPEN]) + int(unattested[_OWN] + unattested[_OPEN])
    return Own(floor, declared, declared + open_lines)


@dataclass(frozen=True, slots=True)
class PathGroup:
    """Paths that are counted together."""

    facet: Facet
    """Facet."""
    stage: Stage
    """First choice."""
    sub: str | None
    """Part of ``infra``."""
    second: Stage | None
    """Second choice where the first is unsure; ``None`` where it is sure."""


@dataclass(frozen=True, slots=True)
class PathGroups:
    """Every path's group, as numbers."""

    groups: tuple[PathGroup, ...]
    """The groups, sorted."""
    of_path: Table
    """Group number of each path number."""


def group_paths(
    paths: Sequence[str],
    *,
    facets: Mapping[str, FacetCall],
    stages: Mapping[str, StageCall],
    unsure_below: float,
) -> PathGroups:
    """Group paths by facet, stage and doubt; paths nobody classified are ``other`` source."""
    made: dict[PathGroup, int] = {}
    numbers = []
    for path in paths:
        call = stages.get(path)
        facet = facets[path].facet if path in facets else Facet.SOURCE
        group = (
            PathGroup(facet, Stage.OTHER, None, None)
            if call is None
            else PathGroup(
                facet,
                call.stage,
                call.sub,
                call.second if call.confidence < unsure_below else None,
            )
        )
        numbers.append(made.setdefault(group, len(made)))
    return PathGroups(tuple(made), np.array(numbers, dtype=np.int64))
