"""List commits in topological order, parents first, with their raw identities and messages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing

from provenance.errors import HistoryError
from provenance.history import process
from provenance.history.repository import Repository
from provenance.terms.commits import Commit, CommitId, Identity

_FIELDS = "%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%at%x00%ct%x00%B"
_COUNT = 9
_DATE = re.compile(rb"-?\d{1,18}\Z")
_FAR = 253402300799  # the last second of the year 9999


def walk(
    repository: Repository, tips: Sequence[str], *, but_not: Sequence[str] = ()
) -> Iterator[Commit]:
    """Yield every commit reachable from ``tips`` and not from ``but_not``, parents first.

    Raises:
        HistoryError: a commit cannot be read.

    """
    wanted = [*tips, *(f"^{tip}" for tip in but_not)]
    return _log(repository, wanted, "--topo-order", "--reverse")


def pick(repository: Repository, commits: Sequence[CommitId]) -> Iterator[Commit]:
    """Yield just these commits, each once, in the order given.

    Raises:
        HistoryError: a commit cannot be read.

    """
    if commits:  # without any, git would take HEAD
        yield from _log(repository, commits, "--no-walk=unsorted")


def mentioning(repository: Repository, tips: Sequence[str], word: str) -> Iterator[Commit]:
    """Yield the commits reachable from ``tips`` whose message holds ``word``, parents first.

    Raises:
        HistoryError: a commit cannot be read.

    """
    filtered = ("--fixed-strings", f"--grep={word}")
    return _log(repository, tips, "--topo-order", "--reverse", *filtered)


def _log(repository: Repository, wanted: Sequence[str], *order: str) -> Iterator[Commit]:
    command = ["log", "-z", *order, "--encoding=UTF-8", f"--format=tformat:{_FIELDS}", "--stdin"]
    fields: list[bytes] = []
    with closing(
        process.parts(repository.git_dir, command, [name.encode() for name in wanted])
    ) as printed:
        for parts in printed:
            fields += parts
            whole = len(fields) - len(fields) % _COUNT
            for i in range(0, whole, _COUNT):
                yield _commit(fields[i : i + _COUNT])
            del fields[:whole]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _seconds(data: bytes) -> int:
    """Read a date; what is no number counts as the epoch, what lies beyond 9999 as its end."""
    return max(-_FAR, min(_FAR, int(data))) if _DATE.match(data) else 0


def _commit(fields: list[bytes]) -> Commit:
    oid, parents, author, author_mail, committer, committer_mail, authored, committed, message = (
        fields
    )
    return Commit(
        id=CommitId(oid.decode()),
        parents=tuple(CommitId(parent) for parent in parents.decode().split()),
        author=Identity(_text(author), _text(author_mail)),
        committer=Identity(_text(committer), _text(committer_mail)),
        authored_at=_seconds(authored),
        committed_at=_seconds(committed),
        message=_text(message),
    )


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Whether ``old`` is in the clone and reachable from ``new``."""
    try:
        out = process.run(repository.git_dir, "rev-list", "--count", "-n1", old, f"^{new}")
    except HistoryError:
        return False  # not in this clone any more
    return out.strip() == b"0"


def merge_bases(repository: Repository, one: str, other: str) -> tuple[CommitId, ...]:
    """Return the best common ancestors of two commits, sorted; none of unrelated histories.

    What both reach is what these reach, so a crossed merge has several.

    Raises:
        HistoryError: a commit cannot be read.

    """
    printed = process.run(
        repository.git_dir, "merge-base", "--all", one, other,
        answers=(0, 1),  # 1: there is none
    )  # fmt: skip
    return tuple(CommitId(oid) for oid in sorted(printed.decode().split()))


def reachable_from_refs(repository: Repository) -> frozenset[CommitId]:
    """Return every commit that a ref of the clone, or its head, reaches.

    Raises:
        HistoryError: git could not read the history.

    """
    tips = filter(None, {*repository.refs.names.values(), repository.refs.head})
    feed = "".join(f"{tip}\n" for tip in sorted(tips)).encode()
    printed = process.run(repository.git_dir, "rev-list", "--ignore-missing", "--stdin", text=feed)
    return frozenset(CommitId(oid) for oid in printed.decode().split())


def paths_between(repository: Repository, old: str, new: str) -> frozenset[str]:
    """Return the paths at which two trees differ; a renamed file is two of them.

    Raises:
        HistoryError: a tree cannot be read.

    """
    printed = process.run(
        repository.git_dir, "diff-tree", "-r", "-z", "--name-only", "--no-renames", old, new
    )
    return frozenset(os.fsdecode(path) for path in printed.split(b"\0") if path)


def tags(repository: Repository) -> dict[str, str]:
    """Return tag names with the full id of the commit each one leads to, sorted by name.

    Tags of trees and blobs, and tags whose commit is missing, are left out.
    """
    names = [name for name in repository.refs.names if name.startswith("refs/tags/")]
    out = process.run(
        repository.git_dir, "cat-file", "--batch-check=%(objecttype) %(objectname)",
        text="".join(f"{repository.refs.names[name]}^{{commit}}\n" for name in names).encode(),
    )  # fmt: skip
    lines = out.decode().splitlines()
    if len(lines) != len(names):
        raise HistoryError(
            "git gave fewer answers than tags were asked for",
            slug="git-answers",
            hint="check the clone with: git fsck",
        )
    found = {}
    for name, line in zip(names, lines, strict=True):
        kind, _, oid = line.partition(" ")
        if kind == "commit":
            found[name.removeprefix("refs/tags/")] = oid
    return found
