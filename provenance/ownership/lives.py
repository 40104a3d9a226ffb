"""Which version of which file lived from which snapshot to which."""

from __future__ import annotations

from typing import NamedTuple

from provenance.ownership.tree import Tree, Version


class Life(NamedTuple):
    """One version of one file, unchanged over a run of snapshots."""

    path: int
    """Path number."""
    version: Version
    """Blob and line ids."""
    first: int
    """First snapshot that has it."""
    last: int
    """Last snapshot that has it, inclusive."""


class Lives:
    """Collects lives from the trees of one sequence of snapshots, given in order."""

    def __init__(self, *, at: int = -1, tree: Tree | None = None) -> None:
        """Start before the first snapshot, or with the tree of an earlier one."""
        self.finished: list[Life] = []
        self._living: dict[int, tuple[Version, int]] = {}
        self._before = Tree()
        self._at = at
        if tree is not None:
            self.see(at, tree)

    def see(self, snapshot: int, tree: Tree) -> None:
        """Look at the tree of the next snapshot; only what changed since the last is touched."""
        for path, was, now in tree.changed_since(self._before):
            if was is not None:
                if was == now:
                    continue
                version, first = self._living.pop(path)
                self.finished.append(Life(path, version, first, self._at))
            if now is not None:
                self._living[path] = (now, snapshot)
        self._before = tree.fork()
        self._at = snapshot

    def end(self) -> list[Life]:
        """Close the lives that reach the last snapshot and return all of them."""
        for path, (version, first) in self._living.items():
            self.finished.append(Life(path, version, first, self._at))
        self._living = {}
        self._before = Tree()
        return self.finished
