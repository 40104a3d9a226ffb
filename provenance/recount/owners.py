"""Who git blame names for each line, asked one file at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial

from provenance.errors import UsageError
from provenance.recount.scratch import Scratch, last_line

_FLAG = re.compile(r"-w|-[MC]\d{0,9}")
_HEADER = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) (\d+) (\d+) (\d+)\Z")
_MISSED = re.compile(rb"\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b")
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13}


@dataclass(frozen=True, slots=True)
class Owned:
    """Consecutive lines of one file that git gives to one commit."""

    start: int
    """Number of the first line, counted from 1."""
    lines: int
    """How many."""
    commit: str
    """The commit."""
    origin: int
    """Number of the first line in the commit's own version of the file, counted from 1."""
    path: str
    """Name of the file there."""
    previous: tuple[str, str] | None = None
    """Parent and path where git looked last and did not find the lines."""
    boundary: bool = False
    """Whether the commit lies at the edge of what was asked for."""
    hidden: bool = False
    """Whether the lines end at a content that the clone lacks: they may be older."""


@dataclass(frozen=True, slots=True)
class Blamed:
    """One file with the owners of its lines."""

    path: str
    """Path (hostile text)."""
    runs: tuple[Owned, ...]
    """In file order."""
    problem: str = ""
    """git's last word where it could not do it; empty when it could."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How git blame is asked."""

    flags: tuple[str, ...] = ()
    """``-w``, ``-M`` and ``-C`` with or without numbers."""
    ignored: str = ""
    """File with commits to look through; empty for none."""

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments for git."""
        return (*self.flags, *(("--ignore-revs-file", self.ignored) if self.ignored else ()))


def read_flags(text: str) -> tuple[str, ...]:
    """Return the flags of a text such as ``-M100 -C100 -C -C``.

    Raises:
        UsageError: something else is in it.

    """
    flags = tuple(text.split())
    for flag in flags:
        if not _FLAG.fullmatch(flag):
            raise UsageError(
                f"{flag!r} is no flag that a recount gives to git blame",
                slug="blame-flag",
                hint="choose from -w, -M, -C, with a number after -M and -C if wanted",
            )
    return flags


def blame(
    scratch: Scratch,
    revisions: str,
    paths: Sequence[str],
    *,
    manner: Manner,
    jobs: int,
    told: Callable[[int], None] = lambda _: None,
) -> Iterator[Blamed]:
    """Yield the owners of every path at a revision, or within a range, in the order given.

    A content that git misses on the way gets a stand-in in the private repository, and the
    file is asked for again.
    """
    with ThreadPoolExecutor(jobs) as pool:
        ask = partial(_ask, scratch, revisions, manner=manner)
        for done, blamed in enumerate(pool.map(ask, paths)):
            yield _shaded(scratch, blamed) if scratch.absent else blamed
            told(done + 1)


def _ask(scratch: Scratch, revisions: str, path: str, *, manner: Manner) -> Blamed:
    arguments = ("blame", "--incremental", *manner.words, revisions, "--", path)
    stood_in: set[str] = set()
    while (done := scratch.attempt(*arguments)).returncode != 0:
        named = {oid.decode() for oid in _MISSED.findall(done.stderr)} - stood_in
        new = {oid for oid in named if scratch.stand_in_for(oid)}
        if not new:
            return Blamed(path, (), last_line(done.stderr))
        stood_in |= new
    return Blamed(path, tuple(_runs(done.stdout)))


def _runs(printed: bytes) -> list[Owned]:
    """Read what ``git blame --incremental`` prints."""
    runs: list[Owned] = []
    edge: set[str] = set()
    head: tuple[str, int, int, int] | None = None
    previous: tuple[str, str] | None = None
    for line in printed.split(b"\n")[:-1]:
        if head is None:
            found = _HEADER.match(line)
            assert found is not None, line
            head = found[1].decode(), int(found[2]), int(found[3]), int(found[4])
        elif line == b"boundary":
            edge.add(head[0])
        elif line.startswith(b"previous "):
            _, parent, name = line.split(b" ", 2)
            previous = parent.decode(), _name(name)
        elif line.startswith(b"filename "):
            commit, origin, start, count = head
            runs.append(Owned(start, count, commit, origin, _name(line[9:]), previous))
            head = previous = None
    runs.sort(key=lambda run: run.start)
    return [replace(run, boundary=True) if run.commit in edge else run for run in runs]


def _name(raw: bytes) -> str:
    if raw.startswith(b'"'):
        raw = _ESCAPED.sub(_byte, raw[1:-1])
    return os.fsdecode(raw)


def _byte(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if len(said) == 3 else bytes([_LETTERS.get(said, said[0])])


def _shaded(scratch: Scratch, blamed: Blamed) -> Blamed:
    """Mark the runs whose trail ends at a stand-in."""
    past = cache(partial(content_at, scratch))

    def hidden(run: Owned) -> bool:
        return run.previous is not None and past(*run.previous) in scratch.absent

    runs = (replace(run, hidden=True) if hidden(run) else run for run in blamed.runs)
    return replace(blamed, runs=tuple(runs))


def content_at(scratch: Scratch, commit: str, path: str) -> str:
    """Return the id of a file's content at a commit; empty where there is no such file."""
    listed = scratch.attempt("ls-tree", "--full-tree", commit, "--", f":(literal){path}").stdout
    return listed.partition(b"\t")[0].rpartition(b" ")[2].decode()
