"""Line ownership at every measured point: from the beginning, or on from a stored run.

Snapshots are numbered along the first-parent chain, releases beside it come after.  The
head of a stored run keeps its number while this run is traced even if it is no point any
more: what lives there is carried on from it.  At the end its number is taken out.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from provenance.history.blobs import binary_among
from provenance.history.compare import BlobComparer
from provenance.history.repository import Repository
from provenance.meter.branches import Branches
from provenance.meter.mining import Mined, Start, replay
from provenance.meter.progress import Progress
from provenance.meter.records import Spoken
from provenance.meter.recovery import Reached, follow
from provenance.meter.settings import Options
from provenance.metrics.classes import Table
from provenance.metrics.holdings import Rows, canonical, joined
from provenance.metrics.points import Point, first_parents
from provenance.ownership.departures import Departures, departed
from provenance.ownership.lives import Life, Lives
from provenance.ownership.replay import Replay
from provenance.ownership.state import Arrays, freeze, thaw
from provenance.ownership.tree import Opaque, Tree, Version

RECENT = 512
"""Commits whose trees are stored: branches that leave from one of them can be gone on with."""


@dataclass(frozen=True, slots=True)
class Before:
    """A stored run that this one goes on from."""

    commits: int
    """Commits replayed then; they keep their numbers."""
    head: int
    """The head of then."""
    snapshot: int
    """Snapshot number of that head: the last on the first-parent chain."""
    state: Arrays
    """The frozen replay."""
    rows: Rows
    """Live lines counted then."""
    seen: Mapping[int, tuple[int, bytes]]
    """Last lasting snapshot of every path number, and its content there."""
    spoken: Spoken
    """What line-level records said then."""
    counted: Sequence[bool]
    """Whether the contents of each path were read then, by its number."""

    def fits(self, counted: Sequence[bool]) -> bool:
        """Whether the same paths are read now: the rows of then hold nothing of others."""
        return list(self.counted) == list(counted[: len(self.counted)])


@dataclass(frozen=True, slots=True)
class Traced:
    """Who owns which line at every point."""

    replay: Replay
    """Births and paths."""
    hunks: Table
    """Columns commit, path, old start, removed, new start, added."""
    paths: list[str]
    """Path by number."""
    lives: list[Life]
    """File versions whose lines are still to be counted."""
    carried: list[Rows]
    """Rows counted by the stored run, and their continuation."""
    removed: int | None
    """Snapshot number of lives and rows that is no point any more."""
    seen: dict[int, tuple[int, bytes]]
    """Last lasting snapshot of every path number, and its content there."""
    head: dict[str, Version]
    """Files at the measured head."""
    state: Arrays
    """The frozen replay, for the next run."""
    branches: Branches
    """The branches that were followed: those of newly replayed commits."""
    reached: Sequence[Reached]
    """Landed lines and the branch lines that they were."""

    def finish(self, counted: Rows) -> Rows:
        """Join newly counted rows with carried ones, in final numbers."""
        rows = canonical(joined([*self.carried, counted]))
        if self.removed is None:
            return rows
        first = rows.first - (rows.first > self.removed)
        last = rows.last - (rows.last >= self.removed)
        return canonical(replace(rows, first=first, last=last).take(first <= last))


def number_snapshots(mined: Mined, points: Sequence[Point]) -> dict[int, int]:
    """Give the measured commits numbers: first-parent chain in order, then releases beside it.

    So neighbours in number share most files, and one row covers many snapshots.
    """
    chain = first_parents(mined.graph, points[-1].commit)
    wanted = {point.commit for point in points}
    on_chain = [commit for commit in chain if commit in wanted]
    beside = sorted(
        wanted - set(on_chain), key=lambda commit: (mined.committed[commit], mined.ids[commit])
    )
    return {commit: place for place, commit in enumerate([*on_chain, *beside])}


def is_passing(points: Sequence[Point]) -> bool:
    """Whether the head is measured only because it is the head."""
    return all(point.commit != points[-1].commit for point in points[:-1])


class _Watch:
    """Receives the trees of the replay: snapshots, the head and recent commits."""

    def __init__(self, mined: Mined, points: Sequence[Point], before: Before | None) -> None:
        self.snapshots = number_snapshots(mined, points)
        self.head = points[-1].commit
        self.old = before.snapshot if before else -1
        self.extra = int(before is not None and before.head not in self.snapshots)
        chain = first_parents(mined.graph, self.head)
        self.chain = {commit for commit in chain if commit in self.snapshots}
        self.oldest = len(mined.ids) - RECENT
        self.main, self.beside = Lives(), Lives()
        self.recent: dict[int, Tree] = {}
        self.landing: dict[int, Tree] = {}

    def go_on_from(self, before: Before, trees: Mapping[int, Tree]) -> None:
        self.recent = {n: tree for n, tree in trees.items() if n >= self.oldest or n == self.head}
        self.main = Lives(at=self.old, tree=trees[before.head])

    def temporary(self, snapshot: int) -> int:
        """Return the number of a snapshot while the stored head still has one."""
        return snapshot + (self.extra if snapshot >= self.old else 0)

    def see(self, number: int, tree: Tree) -> None:
        if number in self.snapshots:
            lives = self.main if number in self.chain else self.beside
            lives.see(self.temporary(self.snapshots[number]), tree)
        if number >= self.oldest or number == self.head:
            self.recent[number] = tree.fork()

    def keep(self, number: int, tree: Tree) -> None:
        """Keep a tree that branches leave from, or land in."""
        if number in self.snapshots or number >= self.oldest or number == self.head:
            self.see(number, tree)
        self.landing[number] = tree.fork()


def trace(
    repository: Repository,
    mined: Mined,
    points: Sequence[Point],
    *,
    branches: Branches,
    options: Options,
    before: Before | None,
    progress: Progress,
) -> Traced:
    """Replay the history, or what is new in it, and collect the versions of every file."""
    watch = _Watch(mined, points, before)
    branches = branches.landed(before.commits if before else 0, len(mined.ids))
    with closing(BlobComparer(repository, lens=options.lens)) as comparer:
        state = Replay(comparer)
        start = Start()
        if before is not None:
            state, trees = thaw(before.state, comparer, digits=repository.location.digits)
            watch.go_on_from(before, trees)
            start = Start(before.commits, trees)
            watch.landing = {n: trees[n] for n in branches.wanted if n in trees}
        wanted = {*watch.snapshots, *range(max(0, watch.oldest), len(mined.ids))}
        replay(
            repository,
            mined,
            state,
            at={n: partial(watch.see, n) for n in wanted if n >= start.first}
            | {n: partial(watch.keep, n) for n in branches.wanted if n >= start.first},
            start=start,
            options=options,
            progress=progress,
        )
        frozen = freeze(state, watch.recent)
        ended = [*watch.main.end(), *watch.beside.end()]
        versions = dict(watch.recent[watch.head].items())
        opaque = (
            version.blob
            for version in (*(life.version for life in ended), *versions.values())
            if isinstance(version.lines, Opaque) and version.lines.may_be_text
        )
        binary = binary_among(repository, opaque)
        lives = [_settled(state, life, binary) for life in ended]
        head = {
            os.fsdecode(state.paths[path]): _readable(state, path, version, binary)
            for path, version in versions.items()
        }
        paths = [os.fsdecode(path) for path in state.paths]
        reached = follow(
            repository, branches, state, watch.landing,
            comparer=comparer, options=options, progress=progress,
        )  # fmt: skip
    new = [life for life in lives if before is None or life.first > watch.old]
    kept = [life for life in lives if before is not None and life.first == watch.old]
    passing = watch.snapshots[watch.head] if is_passing(points) else None
    return Traced(
        replay=state,
        hunks=frozen["births"].astype(np.int64),
        paths=paths,
        lives=new,
        carried=_carried(before, kept, watch) if before else [],
        removed=watch.old if watch.extra else None,
        seen=_seen(watch, before, new, kept, passing=passing),
        head=head,
        state=frozen,
        branches=branches,
        reached=reached,
    )


def departures(traced: Traced, mined: Mined, owner_of_line: NDArray[np.uint32]) -> Table:
    """Return rows of owner, commit, path and lines: whose lines a commit took away, and where.

    Where two branches remove the same line, the earlier commit date decides, then the id: so
    the order of the replay does not show.
    """
    by_date = sorted(range(len(mined.ids)), key=lambda n: (mined.committed[n], mined.ids[n]))
    order = np.empty(len(by_date), dtype=np.int64)
    order[by_date] = np.arange(len(by_date))
    alive = [v.lines for v in traced.head.values() if isinstance(v.lines, bytes)]
    return departed(
        traced.state["births"],
        Departures.restored(traced.state["departures"]).line_ids(),
        owner_of_line=owner_of_line,
        alive=b"".join(alive),
        order=order,
    )


def _settled(done: Replay, life: Life, binary: Collection[bytes]) -> Life:
    return life._replace(version=_readable(done, life.path, life.version, binary))


def _readable(done: Replay, path: int, version: Version, binary: Collection[bytes]) -> Version:
    """Return the version with its lines, unless its content is binary: that has none to count."""
    return version if version.blob in binary else done.readable(path, version)


def _carried(before: Before, kept: Iterable[Life], watch: _Watch) -> list[Rows]:
    """Move the stored rows to this run's numbers and carry on what still lives."""
    rows, edge = before.rows, before.snapshot
    shift = len(watch.chain) + watch.extra - (edge + 1)
    main = replace(rows, last=np.minimum(rows.last, edge)).take(rows.first <= edge)
    side = replace(
        rows, first=np.maximum(rows.first, edge + 1) + shift, last=rows.last + shift
    ).take(rows.last > edge)
    until = np.full(max(int(rows.path.max(initial=0)), 0) + 1, edge, dtype=np.int64)
    for life in kept:
        if life.path < until.size:
            until[life.path] = life.last
    alive = main.take(main.last == edge)
    last = until[alive.path]
    carried = replace(alive, first=np.full(len(alive), edge + 1), last=last).take(last > edge)
    return [main, side, carried]


def _seen(
    watch: _Watch,
    before: Before | None,
    new: Iterable[Life],
    kept: Iterable[Life],
    *,
    passing: int | None,
) -> dict[int, tuple[int, bytes]]:
    """Last lasting snapshot and content of every path; a passing head does not last."""
    seen: dict[int, tuple[int, bytes]] = {}
    if before is not None:
        shift = len(watch.chain) - (before.snapshot + 1)
        for path, (last, blob) in before.seen.items():
            seen[path] = (last + shift if last > before.snapshot else last, blob)
    start = watch.old + watch.extra
    spans = [(life, life.first) for life in new] + [(life, start) for life in kept]
    for life, first in spans:
        last = life.last
        if watch.extra and last > watch.old:
            first, last = max(first - 1, 0), last - 1  # noqa: PLW2901 - final numbers from here
        elif watch.extra:
            continue
        if passing is not None and last == passing:
            last -= 1
        if last >= first and isinstance(life.version.lines, bytes):
            seen[life.path] = max(seen.get(life.path, (-1, b"")), (last, life.version.blob))
    return seen
