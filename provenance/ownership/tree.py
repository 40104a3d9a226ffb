"""A map from path number to version that forks share until one of them changes.

One level of fixed shards: a fork copies a list of references, a change copies one small
dictionary once.  So thousands of branches of a large repository cost little, and what
changed between two revisions is found by comparing shards by identity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from provenance.terms.unmeasured import Reason

_SHARDS: Final = 512
_MASK: Final = _SHARDS - 1


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """Why a version has no line ids, and what would be needed to find them."""

    reason: Reason
    """``binary``, ``symlink``, ``submodule`` or ``inconsistent_diff``."""
    commit: int = -1
    """Number of the commit that made this version."""
    before: Version | None = None
    """The version it was made from, where git called one of the two binary."""
    path: int = -1
    """Number of the path under which it was made."""
    others: tuple[Version, ...] = ()
    """At a merge, the versions of further parents."""

    @property
    def sources(self) -> tuple[Version, ...]:
        """Every version it was made from."""
        return (self.before, *self.others) if self.before is not None else self.others

    @property
    def may_be_text(self) -> bool:
        """Whether the file may be text again: it was made from files that were not."""
        sources = self.sources
        return bool(sources) and all(isinstance(v.lines, Opaque) for v in sources)


class Version(NamedTuple):
    """One state of one file."""

    blob: bytes
    """Full hexadecimal id of the content."""
    lines: bytes | Opaque
    """Line ids, four bytes each in the machine's order, or why there are none."""


class Tree:
    """The versions of all files at one commit."""

    __slots__ = ("_owned", "_shards")

    def __init__(self, shards: list[dict[int, Version]] | None = None) -> None:
        """Start empty, or share the given shards."""
        empty: dict[int, Version] = {}
        self._shards = [empty] * _SHARDS if shards is None else shards
        self._owned: set[int] = set()

    def fork(self) -> Tree:
        """Return a second tree with the same content; both copy before they change."""
        self._owned = set()
        return Tree(list(self._shards))

    def get(self, path: int) -> Version | None:
        """Return the version of a path, or ``None``."""
        return self._shards[path & _MASK].get(path)

    def put(self, path: int, version: Version) -> None:
        """Set the version of a path."""
        self._mine(path)[path] = version

    def drop(self, path: int) -> None:
        """Forget a path; forgetting an unknown one does nothing."""
        if path in self._shards[path & _MASK]:
            del self._mine(path)[path]

    def _mine(self, path: int) -> dict[int, Version]:
        number = path & _MASK
        shard = self._shards[number]
        if number not in self._owned:
            shard = shard.copy()
            self._shards[number] = shard
            self._owned.add(number)
        return shard

    def items(self) -> Iterator[tuple[int, Version]]:
        """Yield every path with its version."""
        for shard in self._shards:
            yield from shard.items()

    def changed_since(self, before: Tree) -> Iterator[tuple[int, Version | None, Version | None]]:
        """Yield (path, version before, version now) for every path that is not the same object."""
        for old, new in zip(before._shards, self._shards, strict=True):
            if old is new:
                continue
            for path, version in new.items():
                was = old.get(path)
                if was is not version:
                    yield path, was, version
            for path, was in old.items():
                if path not in new:
                    yield path, was, None
