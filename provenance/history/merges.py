"""What merges change, found with three streaming git processes for the whole history.

A path of a merge that equals one parent's file costs nothing: its lines go to that
parent.  For the others git is asked how the merge's file differs from each parent's file.
Those questions are known before the replay starts, so they too are one stream: pairs of
blobs are put side by side in trees made for the purpose (a few hundred pairs per tree),
which makes git compare them exactly as it would in a commit.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from provenance.history.diffs import DiffStream, MissingObjectError, patch_options
from provenance.history.objects import write_tree
from provenance.history.raw import raw_tokens
from provenance.history.renames import RenameQuestion, Renames, find_renames
from provenance.history.repository import Repository
from provenance.terms.changes import Change, Contested, Lens, MergeStep

_PAIRS_PER_TREE: Final = 512


Merge = tuple[bytes, Sequence[bytes]]
"""A merge and its parents, full hexadecimal ids."""


@dataclass(frozen=True, slots=True)
class _Conflict:
    """A path in which a merge differs from every parent."""

    path: bytes
    """Raw path."""
    blob: bytes
    """Blob in the merge."""
    parents: tuple[bytes, ...]
    """Blob of the same path in each parent; zeros when absent or not a regular file."""
    lacking: tuple[int, ...]
    """Positions of the parents that have nothing at all at that path."""


def stream_merges(
    repository: Repository, merges: Sequence[Merge], *, lens: Lens
) -> Generator[MergeStep, None, None]:
    """Yield what each merge does, in the order given."""
    entries = _entries(repository, merges)
    conflicts = _conflicts(repository, merges)
    renames = find_renames(repository, list(_rename_questions(merges, conflicts)), lens=lens)
    nothing = b"0" * repository.location.digits
    pairs = [
        pair
        for oid, parents in merges
        for conflict in conflicts.get(oid, ())
        for pair in _pairs(oid, parents, conflict, renames, nothing)
    ]
    answers = _compare(repository, pairs, lens=lens)
    try:
        for oid, parents in merges:
            contested = {
                conflict.path: _ask(oid, parents, conflict, renames, nothing, answers)
                for conflict in conflicts.get(oid, ())
            }
            yield MergeStep(entries=entries.get(oid, ()), contested=contested)
    finally:
        answers.close()


def _entries(
    repository: Repository, merges: Sequence[Merge]
) -> dict[bytes, tuple[tuple[bytes, bytes, bytes], ...]]:
    """Differences of each merge from its first parent: (path, new blob, new mode)."""
    found: dict[bytes, tuple[tuple[bytes, bytes, bytes], ...]] = {}
    for tokens in raw_tokens(repository, [oid + b" " + parents[0] for oid, parents in merges]):
        several = []
        for header, path in zip(tokens[1::2], tokens[2::2], strict=True):
            _, mode, _, blob, _ = header.split(b" ")
            several.append((path, blob, mode))
        found[tokens[0]] = tuple(several)
    return found


def _conflicts(
    repository: Repository, merges: Sequence[Merge]
) -> dict[bytes, tuple[_Conflict, ...]]:
    """Paths of each merge that differ from every parent."""
    found: dict[bytes, tuple[_Conflict, ...]] = {}
    for tokens in raw_tokens(repository, [oid for oid, _ in merges], "-c"):
        several = []
        for header, path in zip(tokens[1::2], tokens[2::2], strict=True):
            conflict = _conflict(header, path, repository.location.digits)
            if conflict is not None:
                several.append(conflict)
        found[tokens[0]] = tuple(several)
    return found


def _rename_questions(
    merges: Sequence[Merge], conflicts: Mapping[bytes, tuple[_Conflict, ...]]
) -> Iterator[RenameQuestion]:
    for oid, parents in merges:
        for conflict in conflicts.get(oid, ()):
            for position in conflict.lacking:
                yield RenameQuestion(oid, parents[position], conflict.path, conflict.blob)


def _sources(
    oid: bytes,
    parents: Sequence[bytes],
    conflict: _Conflict,
    renames: Renames,
    nothing: bytes,
) -> list[tuple[int, bytes, bytes]]:
    """(parent position, path there, blob there) for each parent that has the file, once per blob.

    A parent that has it unchanged under another name comes alone: it takes everything.
    """
    found = []
    for position, (parent, blob) in enumerate(zip(parents, conflict.parents, strict=True)):
        if blob != nothing:
            found.append((position, conflict.path, blob))
        elif (oid, parent, conflict.path) in renames:
            path, renamed = renames[oid, parent, conflict.path]
            if renamed == conflict.blob:
                return [(position, path, renamed)]
            found.append((position, path, renamed))
    seen: dict[bytes, tuple[int, bytes, bytes]] = {}
    for source in found:
        seen.setdefault(source[2], source)
    return list(seen.values())


def _pairs(
    oid: bytes,
    parents: Sequence[bytes],
    conflict: _Conflict,
    renames: Renames,
    nothing: bytes,
) -> Iterator[tuple[bytes, bytes]]:
    sources = _sources(oid, parents, conflict, renames, nothing)
    for _, _, blob in sources:
        if blob != conflict.blob:
            yield blob, conflict.blob
    if not sources:
        yield nothing, conflict.blob


def _ask(
    oid: bytes,
    parents: Sequence[bytes],
    conflict: _Conflict,
    renames: Renames,
    nothing: bytes,
    answers: Iterator[Change],
) -> Contested:
    sides = []
    sources = _sources(oid, parents, conflict, renames, nothing)
    for position, path, blob in sources:
        if blob != conflict.blob:
            sides.append((position, path, next(answers)))
        else:
            same = Change(b"M", b"", b"", blob, blob, conflict.path, path)
            sides.append((position, path, same))
    alone = None if sources else next(answers)
    return Contested(path=conflict.path, sides=tuple(sides), alone=alone)


def _conflict(header: bytes, path: bytes, digits: int) -> _Conflict | None:
    parents = len(header) - len(header.lstrip(b":"))
    words = header.lstrip(b":").split(b" ")
    modes, blobs = words[: parents + 1], words[parents + 1 : 2 * parents + 2]
    nothing = b"0" * digits
    files = tuple(
        blob if mode.startswith(b"100") else nothing
        for mode, blob in zip(modes[:-1], blobs[:-1], strict=True)
    )
    if not modes[-1].startswith(b"100") or blobs[-1] in files:
        return None  # no regular file, or the file of one parent with another mode
    lacking = tuple(position for position, mode in enumerate(modes[:-1]) if not mode.strip(b"0"))
    return _Conflict(path=path, blob=blobs[-1], parents=files, lacking=lacking)


def _compare(
    repository: Repository, pairs: Sequence[tuple[bytes, bytes]], *, lens: Lens
) -> Generator[Change, None, None]:
    """Yield how each pair of blobs differs, in order; a missing blob gets a stand-in."""
    done = 0
    while done < len(pairs):
        known = len(repository.missing)
        inputs = [
            tree_pair(repository, pairs[start : start + _PAIRS_PER_TREE])
            for start in range(done, len(pairs), _PAIRS_PER_TREE)
        ]
        stream = DiffStream(repository, inputs, *patch_options(lens), "--no-renames")
        try:
            for _, changes in stream.parsed:
                for change in changes:
                    yield change
                    done += 1
        except MissingObjectError as error:
            blobs = {blob.decode() for pair in pairs[done:] for blob in pair if blob.strip(b"0")}
            repository.stand_in_for(repository.absent(blobs) | error.blobs)
            # a stand-in given by another stream meanwhile is as good as a new one
            if len(repository.missing) == known:
                raise
        finally:
            stream.stop()


def tree_pair(repository: Repository, pairs: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Write two trees with the old and the new blobs side by side; return the line for git."""
    trees = [
        write_tree(
            repository.git_dir,
            {
                b"%06d" % i: pair[side].decode()
                for i, pair in enumerate(pairs)
                if pair[side].strip(b"0")
            },
            repository.location.object_format,
        )
        for side in (0, 1)
    ]
    return " ".join(trees).encode()
