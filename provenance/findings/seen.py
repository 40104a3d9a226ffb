"""What the detectors look at: columns over the commits, and a few plain facts beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]
"""One integer per commit."""

MOST_READ = 1 << 18
"""Bytes of a file that are looked at; larger ones are no settings."""


MOST_TEXT = 8 << 20
"""Bytes of all those files together; what comes after is left out."""


class Trait(IntFlag):
    """What a commit itself says, kept as one small number so that it can be stored."""

    NAMED = 1
    """Some sign of an AI system, however weak."""
    MODEL_TOO_EARLY = 2
    """A model is named before its release."""
    OWN_MODEL_TOO_EARLY = 4
    """One of the lab's own models is named before its release."""
    SPELLING = 8
    """A tool is named at an address that is not its own."""
    LOOKALIKE = 16
    """A name or an address looks like a tool's and is not."""
    UNDISCLOSED = 32
    """The author is a machine of undisclosed nature."""
    SQUASHED = 64
    """The subject ends in the number of a request, as squash merges write it."""


@dataclass(frozen=True, slots=True)
class History:
    """Columns over the commits of one history; lists run by commit number, parents first."""

    ids: Sequence[str]
    """Full ids."""
    parents: Sequence[Sequence[int]]
    """Numbers of the parents that are in the clone."""
    committed: Column
    """Commit dates, seconds."""
    authored: Column
    """Author dates, seconds."""
    authors: Column
    """Key of the author: equal for equal names, not reversible."""
    traits: Column
    """:class:`Trait` of each commit."""
    marked: Column
    """1 where the commit counts as AI or AI-assisted."""
    automated: Column
    """1 where a program wrote it."""

    def having(self, trait: Trait) -> Column:
        """Return the numbers of the commits with a trait."""
        return np.flatnonzero(self.traits & int(trait))

    def single(self) -> NDArray[np.bool_]:
        """Return which commits have exactly one parent."""
        return np.array([len(parents) == 1 for parents in self.parents], dtype=bool)

    def merged(self) -> NDArray[np.bool_]:
        """Return which commits have several parents."""
        return np.array([len(parents) > 1 for parents in self.parents], dtype=bool)

    def places(self, numbers: Column | Sequence[int]) -> list[str]:
        """Return commit ids, the newest commit first, whatever the order of the numbers."""
        order = sorted(
            {int(number) for number in numbers},
            key=lambda number: (-int(self.committed[number]), self.ids[number]),
        )
        return [self.ids[number] for number in order]


@dataclass(frozen=True, slots=True)
class Additions:
    """How much each commit added; columns run by commit number."""

    lines: Column
    """Lines added."""
    files: Column
    """Files touched."""


@dataclass(frozen=True, slots=True)
class Clone:
    """What is unusual about the clone."""

    shallow: Sequence[str] = ()
    """Commits at which the history was cut."""
    replaced: int = 0
    """Replace refs."""
    grafts: int = 0
    """Grafts."""
    unread: Sequence[str] = ()
    """Paths of code whose content, or the origin of whose lines, is missing."""
    submodules: Sequence[str] = ()
    """Paths of submodules."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything the detectors may look at."""

    history: History
    """The commits."""
    additions: Additions | None = None
    """What they added; ``None`` when that was not counted."""
    clone: Clone = field(default_factory=Clone)
    """The clone."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Text of the settings and instruction files at the head, by path (hostile)."""
    tools: frozenset[str] = frozenset()
    """Identities in ``.mailmap``, as ``Name <mail>``, that the rules know as a tool."""
    orphans: Sequence[str] = ()
    """Commits outside this history that line-level records belong to."""
    undated: Column | None = None
    """Commits that would be older than any model if dates held; ``None`` when they do."""
