"""Whole-file renames as git blame follows them: one file at a time.

git blame asks, for a path that a parent lacks, which of the files deleted since that
parent is at least half alike; other new files do not compete.  ``git log -M`` gives each
deleted file to one new file only, so the two can differ.  Where they could, the question
of git blame is put to git: a tree with all deleted files on one side, a tree with the one
new file on the other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from provenance.history.blobs import BlobSizes
from provenance.history.conversation import Conversation
from provenance.history.diffs import patch_options
from provenance.history.objects import write_tree
from provenance.history.raw import raw_tokens
from provenance.history.repository import Repository
from provenance.terms.changes import Change, Lens

_MOST: Final = 200_000
"""Pairs of files compared anew for one commit; above, git's own choice stays."""


class RenameQuestion(NamedTuple):
    """A question: under which name did a parent hold this file."""

    commit: bytes
    """The commit that has the file."""
    parent: bytes
    """The parent that lacks the path."""
    path: bytes
    """The path in the commit."""
    blob: bytes
    """The content in the commit."""


Renames = dict[tuple[bytes, bytes, bytes], tuple[bytes, bytes]]
"""(commit, parent, path) to (path, blob) in the parent; absent when git finds none."""


class _Gone:
    """The files deleted by one commit, in the order of their paths."""

    def __init__(self, deleted: Mapping[bytes, bytes], sizes: BlobSizes) -> None:
        self.files = sorted(deleted.items())
        self.by_blob: dict[bytes, list[bytes]] = {}
        self.by_base: dict[bytes, list[int]] = {}
        for place, (path, blob) in enumerate(self.files):
            self.by_blob.setdefault(blob, []).append(path)
            self.by_base.setdefault(_base(path), []).append(place)
        bytes_ = sizes.of([blob for _, blob in self.files])
        self.by_size = sorted(zip(bytes_, range(len(bytes_)), strict=True))

    def exact(self, path: bytes, blob: bytes) -> bytes | None:
        """Return the source with this very content: git prefers the same base name."""
        same = self.by_blob.get(blob)
        if not same:
            return None
        return next((name for name in same if _base(name) == _base(path)), same[0])

    def candidates(
        self, path: bytes, size: int, least: int, known: bytes | None
    ) -> list[tuple[bytes, bytes]]:
        """Return the sources that could be ``least`` percent alike, in the order of paths.

        ``known`` is the source found so far, always among them.  Two files can be at most
        as alike as the smaller is to the larger in bytes.  A base name that only one source
        has is tried first by git, so one that is not alone must not become so here.
        """
        low = bisect_left(self.by_size, (size * least // 100, -1))
        high = bisect_left(self.by_size, (size * 100 // least + 2, -1))
        places = {place for _, place in self.by_size[low:high]}
        places |= {place for bytes_, place in self.by_size if bytes_ < 0}
        places |= set(self.by_base.get(_base(path), ())[:2])
        if known is not None:
            places |= {
                place for place in self.by_base[_base(known)] if self.files[place][0] == known
            }
        return [self.files[place] for place in sorted(places)]


class RenameFinder:
    """Asks git for the source of one new file among the files deleted with it."""

    def __init__(self, repository: Repository, *, lens: Lens) -> None:
        """Prepare a git process."""
        self._repository = repository
        self._git = Conversation(repository, *patch_options(lens))
        self._sizes = BlobSizes(repository)

    def close(self) -> None:
        """End the git processes."""
        self._git.close()
        self._sizes.close()

    def source(self, path: bytes, blob: bytes, deleted: Mapping[bytes, bytes]) -> Change | None:
        """Return the change that makes the new file from one of the deleted ones, if any does."""
        return self._source(path, blob, _Gone(deleted, self._sizes), 50, None)

    def _source(
        self, path: bytes, blob: bytes, gone: _Gone, least: int, known: bytes | None
    ) -> Change | None:
        same = gone.exact(path, blob)
        if same is not None:
            return Change(b"R", b"100644", b"100644", blob, blob, path, same, score=100)
        sources = gone.candidates(path, self._sizes.of([blob])[0], least, known)
        if not sources:
            return None
        # git looks at the order of paths, and at base names that equal the new one: short
        # names keep the first, and the second matters only where some are equal and some not
        base = _base(path)
        equal = sum(_base(name) == base for name, _ in sources)
        plain = equal == 0 or 1 < equal == len(sources)
        new = b"new" if plain else b"new/" + base
        old = {
            b"%07d" % i if plain or _base(name) != base else b"%07d/%s" % (i, base): oid
            for i, (name, oid) in enumerate(sources)
        }
        line = self._tree(old) + b" " + self._tree({new: blob})
        for _, changes in self._git.ask([line], blobs=[blob, *old.values()]):
            for change in changes:
                if change.path == new:
                    renamed = change.status == b"R"
                    number = int(change.old_path.partition(b"/")[0]) if renamed else 0
                    change.path = path
                    change.old_path = sources[number][0] if renamed else path
                    return change
        return None

    def _tree(self, files: Mapping[bytes, bytes]) -> bytes:
        names = {path: blob.decode() for path, blob in files.items()}
        form = self._repository.location.object_format
        return write_tree(self._repository.git_dir, names, form).encode()

    def recheck(self, changes: list[Change]) -> list[Change]:
        """Give each new file of a commit the source that git blame would give it."""
        renamed = [change for change in changes if change.status == b"R"]
        new = [change for change in changes if _is_new(change)]
        if not renamed or len(new) < 2:
            return changes
        deleted = {
            change.old_path: change.old_blob
            for change in changes
            if change.status in (b"D", b"R") and change.old_mode.startswith(b"100")
        }
        gone = _Gone(deleted, self._sizes)
        doubtful = self._doubtful(new, [change.old_blob for change in renamed], gone)
        if not doubtful or len(doubtful) * len(deleted) > _MOST:
            return changes
        answers = {
            id(c): self._source(
                c.path, c.new_blob, gone, least, c.old_path if c.status == b"R" else None
            )
            for c, least in doubtful
        }
        found = []
        for change in changes:
            answer = answers.get(id(change)) or change
            answer.new_mode = change.new_mode
            found.append(answer)
        kept = {change.old_path for change in found if change.status in (b"D", b"R")}
        nothing = b"0" * self._repository.location.digits
        found += [
            Change(b"D", b"100644", b"000000", deleted[path], nothing, path, path)
            for path in sorted(deleted.keys() - kept)
        ]
        return found

    def _doubtful(
        self, new: Sequence[Change], taken: Sequence[bytes], gone: _Gone
    ) -> list[tuple[Change, int]]:
        """Return the new files whose source could be another one, and how alike at least."""
        self._sizes.of([change.new_blob for change in new])
        sizes = sorted(self._sizes.of(taken))
        exact = [gone.exact(change.path, change.new_blob) for change in new]
        bases = Counter(
            _base(change.path) for change, same in zip(new, exact, strict=True) if same is None
        )
        doubtful = []
        for change, same in zip(new, exact, strict=True):
            least = max(50, change.score)
            if same is not None:
                if change.status != b"R" or change.old_path != same:
                    doubtful.append((change, least))
                continue
            (size,) = self._sizes.of([change.new_blob])
            alike = bisect_left(sizes, size * 100 // least + 2) - bisect_left(
                sizes, size * least // 100
            )
            # a rename's own source is among those that are like enough
            if alike > (change.status == b"R"):
                doubtful.append((change, least))
            elif change.status == b"R":
                doubtful += [(change, at) for at in _by_base_name(change, bases, gone)]
        return doubtful


def _by_base_name(change: Change, bases: Mapping[bytes, int], gone: _Gone) -> Iterator[int]:
    """Yield the likeness to ask for, where a base name decides for one of the two only.

    git tries a base name first when one deleted and one new file have it.  git log has all
    new files before it and no source of an exact rename any more, git blame the opposite.
    """
    base = _base(change.path)
    rivals = len(gone.by_base.get(base, ()))
    by_its_name = _base(change.old_path) == base
    if rivals == 1 and bases[base] > 1 and not by_its_name:
        yield 100  # the rival or the source found so far
    if rivals > 1 and bases[base] == 1 and by_its_name:
        yield max(50, change.score)


def _is_new(change: Change) -> bool:
    return change.status in (b"A", b"R") and change.new_mode.startswith(b"100")


def _base(path: bytes) -> bytes:
    return path.rpartition(b"/")[2]


def find_renames(
    repository: Repository, questions: Sequence[RenameQuestion], *, lens: Lens
) -> Renames:
    """Answer questions about merges, whose deleted files are not known yet."""
    found: Renames = {}
    deleted = _deleted(repository, questions)
    finder = RenameFinder(repository, lens=lens)
    try:
        for question in questions:
            gone = deleted.get((question.commit, question.parent))
            change = finder.source(question.path, question.blob, gone) if gone else None
            if change is not None and change.status == b"R":
                key = (question.commit, question.parent, question.path)
                found[key] = (change.old_path, change.old_blob)
    finally:
        finder.close()
    return found


def _deleted(
    repository: Repository, questions: Sequence[RenameQuestion]
) -> dict[tuple[bytes, bytes], dict[bytes, bytes]]:
    """Regular files that each parent has and its commit lacks: path to blob."""
    gone: dict[tuple[bytes, bytes], dict[bytes, bytes]] = {}
    between = dict.fromkeys((question.commit, question.parent) for question in questions)
    while between:
        # git's answer names the commit only, so one parent of each commit at a time
        batch = {commit: parent for commit, parent in between}  # noqa: C416 - keys are pairs
        for tokens in raw_tokens(
            repository, [c + b" " + p for c, p in batch.items()], "--diff-filter=D"
        ):
            gone[tokens[0], batch[tokens[0]]] = {
                path: header.split(b" ")[2]
                for header, path in zip(tokens[1::2], tokens[2::2], strict=True)
                if header.startswith(b":100")
            }
        between = dict.fromkeys(pair for pair in between if batch[pair[0]] != pair[1])
    return gone
