"""One pass over the commit graph that keeps, at every tip, who owns each line.

The replay receives values and asks nothing of git but, rarely, how two blobs differ
(a file that was binary for a while).  Merges follow the rule of git blame: a parent with
the same content takes all lines; otherwise each parent in turn takes what it has, and
what no parent has belongs to the merge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from provenance.ownership.births import NOBODY, UNKNOWN, WIDTH, Births
from provenance.ownership.departures import Departures
from provenance.ownership.tree import Opaque, Tree, Version
from provenance.terms.changes import Change, Contested, MergeStep
from provenance.terms.unmeasured import Reason

_REGULAR = b"100"
_SYMLINK = b"120"


_NO_TREES: Mapping[int, Tree] = {}


class Comparer(Protocol):
    """Answers questions about blobs that the streams did not answer."""

    def lines_between(self, old: bytes | None, new: bytes) -> list[int] | None:
        """Return the hunks from ``old`` (``None``: nothing) to ``new``, as text.

        ``None`` when one of them is missing from the clone.
        """


class Replay:
    """The state of the replay: trees of the living tips, births, departures, path numbers."""

    def __init__(self, comparer: Comparer) -> None:
        """Start with nothing; ``comparer`` answers the rare questions."""
        self.births = Births()
        self.departures = Departures()
        self.paths: list[bytes] = []
        self._numbers: dict[bytes, int] = {}
        self._comparer = comparer
        self.max_tips = 0

    def number(self, path: bytes) -> int:
        """Return the number of a path, giving it one when it is new."""
        found = self._numbers.get(path)
        if found is None:
            found = self._numbers[path] = len(self.paths)
            self.paths.append(path)
        return found

    def run(
        self,
        graph: Sequence[Sequence[int]],
        *,
        changes: Iterator[list[Change]],
        merges: Iterator[MergeStep],
        at: Mapping[int, Callable[[Tree], None]],
        known: Mapping[int, Tree] = _NO_TREES,
        first: int = 0,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Replay the commits from ``first`` on; call ``at[number]`` with each wanted tree.

        ``graph`` gives the parents of each commit by number, all smaller than its own.
        ``changes`` gives one item per replayed commit with at most one parent, ``merges``
        one per merge, both in the order of ``graph``.  ``known`` holds the trees of those
        earlier commits that have replayed children.
        """
        children = [0] * len(graph)
        for parents_of in graph[first:]:
            for parent in parents_of:
                children[parent] += 1
        trees = {number: tree.fork() for number, tree in known.items() if children[number]}
        for number in range(first, len(graph)):
            parents_of = graph[number]
            parents = [trees[parent] for parent in parents_of]
            tree = self._base(parents_of, trees, children)
            if len(parents) > 1:
                self._merge(number, tree, parents, next(merges))
            else:
                self._apply(number, tree, next(changes))
            for parent in parents_of:
                if children[parent] == 0:
                    trees.pop(parent, None)
            if number in at:
                at[number](tree)
            if children[number]:
                trees[number] = tree
            self.max_tips = max(self.max_tips, len(trees))
            progress(number)

    @staticmethod
    def _base(parents: Sequence[int], trees: dict[int, Tree], children: list[int]) -> Tree:
        """Take over the first parent's tree, or fork it while others still need it."""
        for parent in parents:
            children[parent] -= 1
        if not parents:
            return Tree()
        first = parents[0]
        shared = children[first] or len(parents) > 1
        return trees[first].fork() if shared else trees[first]

    def _apply(self, commit: int, tree: Tree, changes: Iterable[Change]) -> None:
        """Apply an ordinary commit: all versions are read before any is written."""
        gone: list[int] = []
        new: list[tuple[int, Version]] = []
        for change in changes:
            status = change.status
            path = self.number(change.path)
            if status == b"M":
                new.append((path, self._next(commit, path, tree.get(path), change)))
            elif status == b"D":
                self._record_deletion(commit, path, tree.get(path))
                gone.append(path)
            elif status == b"R":
                source = self.number(change.old_path)
                gone.append(source)
                new.append((path, self._next(commit, path, tree.get(source), change)))
            else:  # added, or another type of thing now: nothing is inherited
                new.append((path, self._next(commit, path, None, change)))
        for path in gone:
            tree.drop(path)
        for path, version in new:
            tree.put(path, version)

    def _record_deletion(self, commit: int, path: int, old: Version | None) -> None:
        if old is not None and isinstance(old.lines, bytes) and old.lines:
            self.births.add(commit, path, 0, len(old.lines) // WIDTH, 0, 0)
            self.departures.add(old.lines)

    def _next(self, commit: int, path: int, old: Version | None, change: Change) -> Version:
        """Return the version that a change makes of ``old``."""
        mode = change.new_mode
        blob = change.new_blob
        if not mode.startswith(_REGULAR):
            reason = Reason.SYMLINK if mode.startswith(_SYMLINK) else Reason.SUBMODULE
            return Version(blob, Opaque(reason))
        if change.binary:
            return Version(blob, Opaque(Reason.BINARY, commit, old, path))
        if old is None or old.blob == blob:
            before = b"" if old is None else old.lines
        else:
            before = self.resolve(path, old).lines
        if isinstance(before, Opaque):
            return Version(blob, before)
        return Version(blob, self._splice(commit, path, before, change.hunks))

    def _splice(self, commit: int, path: int, before: bytes, hunks: list[int]) -> bytes | Opaque:
        """Cut the removed lines out of ``before`` and put new line ids in.

        Every hunk must fit where the ones before it left off; if one does not, the
        difference was not made from this content, and that is said, not guessed.
        """
        if not hunks:
            return before
        parts = []
        done = shift = 0
        size = len(before) // WIDTH
        add = self.births.add
        flat = iter(hunks)
        for start, removed, new, added in zip(flat, flat, flat, flat, strict=True):
            if start < done or start + shift != new or start + removed > size:
                return Opaque(Reason.INCONSISTENT_DIFF)
            parts.append(before[done * WIDTH : start * WIDTH])
            parts.append(add(commit, path, start, removed, new, added))
            done = start + removed
            if removed:
                self.departures.add(before[start * WIDTH : done * WIDTH])
            shift += added - removed
        parts.append(before[done * WIDTH :])
        return b"".join(parts)

    def readable(self, path: int, version: Version) -> Version:
        """Return the version with its lines, if it was binary for a while and may be text again."""
        if isinstance(version.lines, Opaque) and version.lines.may_be_text:
            return self.resolve(path, version)
        return version

    def resolve(self, path: int, version: Version) -> Version:
        """Find the lines of a text file that git showed as binary on its way; else return it.

        git blame reads such content as text, so the same is done here, step by step.
        """
        if not _is_binary(version):
            return version
        found: dict[int, Version] = {}
        waiting = [version]
        # a file may have been binary for thousands of commits: no recursion
        while waiting:
            top = waiting[-1]
            assert isinstance(top.lines, Opaque)
            sources = top.lines.sources
            first = [v for v in sources if _is_binary(v) and id(v) not in found]
            if first:
                waiting += first
            else:
                waiting.pop()
                found[id(top)] = self._read(path, top, [found.get(id(v), v) for v in sources])
        return found[id(version)]

    def _read(self, path: int, version: Version, sources: Sequence[Version]) -> Version:
        """Return a binary version read as text; ``sources`` are what it was made of, resolved."""
        blob, opaque = version
        assert isinstance(opaque, Opaque)
        path = opaque.path if opaque.path >= 0 else path
        if len(sources) > 1:
            lines = self._share(opaque.commit, path, blob, [(v, None) for v in sources])
            if lines is not None:
                return Version(blob, lines)
        elif sources and isinstance(sources[0].lines, bytes):
            hunks = self._comparer.lines_between(sources[0].blob, blob)
            if hunks is not None:
                return Version(blob, self._splice(opaque.commit, path, sources[0].lines, hunks))
        whole = self._comparer.lines_between(None, blob)
        if whole is None:
            return version
        return Version(blob, self._splice(UNKNOWN if sources else opaque.commit, path, b"", whole))

    def _merge(self, commit: int, tree: Tree, parents: Sequence[Tree], step: MergeStep) -> None:
        new: list[tuple[int, Version]] = []
        for raw, blob, mode in step.entries:
            path = self.number(raw)
            if not mode.strip(b"0"):
                tree.drop(path)
            elif not mode.startswith(_REGULAR):
                reason = Reason.SYMLINK if mode.startswith(_SYMLINK) else Reason.SUBMODULE
                new.append((path, Version(blob, Opaque(reason))))
            elif raw in step.contested:
                new.append((path, self._settle(commit, path, blob, parents, step.contested[raw])))
            else:
                new.append((path, self._inherit(commit, path, blob, parents)))
        for path, version in new:
            tree.put(path, version)

    def _inherit(self, commit: int, path: int, blob: bytes, parents: Sequence[Tree]) -> Version:
        """Take the version of the first parent that has a file of this very content."""
        for parent in parents:
            version = parent.get(path)
            if version is not None and version.blob == blob and _is_file(version):
                return version
        return self.resolve(path, Version(blob, Opaque(Reason.BINARY, commit, path=path)))

    def _settle(
        self, commit: int, path: int, blob: bytes, parents: Sequence[Tree], contested: Contested
    ) -> Version:
        """Give each line to the first parent that has it, the rest to the merge."""
        sides: list[tuple[Version, list[int] | None]] = []
        is_text = False
        for position, raw, change in contested.sides:
            before = parents[position].get(self.number(raw))
            if before is not None and before.blob == blob:
                return before
            if before is not None:
                sides.append((before, None if change.binary else change.hunks))
                is_text |= not change.binary
        if is_text:
            readable = [(self.resolve(path, before), hunks) for before, hunks in sides]
            lines = self._share(commit, path, blob, readable)
            if lines is not None:
                return Version(blob, lines)
        if contested.alone is not None:
            return self._next(commit, path, None, contested.alone)
        versions = tuple(before for before, _ in sides)
        first = versions[0] if versions else None
        return Version(blob, Opaque(Reason.BINARY, commit, first, path, versions[1:]))

    def _share(
        self,
        commit: int,
        path: int,
        blob: bytes,
        sides: Iterable[tuple[Version, list[int] | None]],
    ) -> bytes | Opaque | None:
        """Give each line to the first side that has it; ``None`` when no side can be read.

        A side without hunks was shown as binary: git is asked to compare it as text.  What
        no side has belongs to the merge, or to nobody known when a side could not be read.
        """
        owners: NDArray[np.uint32] | None = None
        for before, known in sides:
            lines, hunks = before.lines, known
            if hunks is None and not isinstance(lines, Opaque):
                hunks = self._comparer.lines_between(before.blob, blob)
            if hunks is None or isinstance(lines, Opaque):
                commit = UNKNOWN
                continue
            aligned = align(lines, hunks)
            if aligned is None or (owners is not None and aligned.size != owners.size):
                return Opaque(Reason.INCONSISTENT_DIFF)
            owners = aligned if owners is None else np.where(owners == UNKNOWN, aligned, owners)
        return None if owners is None else self._own(commit, path, owners)

    def _own(self, commit: int, path: int, owners: NDArray[np.uint32]) -> bytes:
        """Give the lines that no parent has to the merge itself."""
        free = np.flatnonzero(owners == UNKNOWN)
        if free.size:
            owners = owners.copy()
            cuts = np.flatnonzero(np.diff(free) > 1) + 1
            for run in np.split(free, cuts):
                first, count = int(run[0]), int(run.size)
                born = self.births.add(commit, path, first, 0, first, count)
                owners[first : first + count] = np.frombuffer(born, dtype=np.uint32)
        return owners.tobytes()


def _is_binary(version: Version) -> bool:
    return isinstance(version.lines, Opaque) and version.lines.reason is Reason.BINARY


def _is_file(version: Version) -> bool:
    """Whether this is no symlink and no submodule."""
    lines = version.lines
    return not isinstance(lines, Opaque) or lines.reason not in {Reason.SYMLINK, Reason.SUBMODULE}


def align(before: bytes, hunks: list[int]) -> NDArray[np.uint32] | None:
    """Return the line ids of a parent at the places of the merge; ``UNKNOWN`` where it has none."""
    parts = []
    done = shift = 0
    flat = iter(hunks)
    for start, removed, new, added in zip(flat, flat, flat, flat, strict=True):
        if start < done or start + shift != new:
            return None
        parts.append(before[done * WIDTH : start * WIDTH])
        parts.append(NOBODY * added)
        done = start + removed
        shift += added - removed
    if done * WIDTH > len(before):
        return None
    parts.append(before[done * WIDTH :])
    return np.frombuffer(b"".join(parts), dtype=np.uint32)
