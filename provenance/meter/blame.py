"""Who wrote which lines of the files of one revision, from the replay."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.history.blobs import binary_among
from provenance.history.compare import BlobComparer
from provenance.history.repository import Repository
from provenance.meter.listing import Entry
from provenance.meter.mining import Mined, Start, mine, replay
from provenance.meter.progress import Progress
from provenance.meter.settings import Options
from provenance.ownership.births import UNKNOWN
from provenance.ownership.replay import Replay
from provenance.ownership.tree import Opaque, Tree
from provenance.rules.load import Catalogue
from provenance.terms.authors import UNATTESTED, Attribution
from provenance.terms.changes import Lens
from provenance.terms.commits import CommitId
from provenance.terms.unmeasured import Reason


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive lines of one file that one commit wrote."""

    start: int
    """Number of the first line, counted from 1 as git does."""
    lines: int
    """How many lines."""
    commit: CommitId | None
    """The commit git would blame; ``None`` where the clone lacks what would tell."""
    committed_at: int | None
    """Its commit date, seconds since 1970; ``None`` without a commit."""
    attribution: Attribution
    """What the evidence says about it."""


@dataclass(frozen=True, slots=True)
class Blamed:
    """One file with its runs of lines."""

    path: str
    """Path (hostile text)."""
    runs: tuple[Run, ...]
    """In file order; empty for an empty file and for one that cannot be shown."""
    reason: Reason | None
    """Why the lines cannot be shown; ``None`` when they are."""


def blame(
    repository: Repository,
    head: CommitId,
    wanted: Sequence[Entry],
    *,
    lens: Lens,
    catalogue: Catalogue,
    jobs: int,
    progress: Progress,
) -> Iterator[Blamed]:
    """Yield the wanted files of ``head`` in the order given, each with its runs of lines.

    Raises:
        HistoryError: git could not read the history.

    """
    mined = mine(repository, head, catalogue=catalogue, progress=progress)
    trees: list[Tree] = []
    at = {mined.number[head]: lambda tree: trees.append(tree.fork())}
    with closing(BlobComparer(repository, lens=lens)) as comparer:
        done = Replay(comparer)
        replay(
            repository,
            mined,
            done,
            at=at,
            start=Start(),
            options=Options(lens=lens, jobs=jobs),
            progress=progress,
        )
        yield from _files(repository, mined, done, trees[0], wanted)


def _files(
    repository: Repository, mined: Mined, done: Replay, tree: Tree, wanted: Sequence[Entry]
) -> Iterator[Blamed]:
    versions = dict(tree.items())
    numbers = [done.number(os.fsencode(entry.path)) for entry in wanted]
    found = [versions.get(number) for number in numbers]
    lines = [
        done.readable(number, version).lines if version else None
        for number, version in zip(numbers, found, strict=True)
    ]
    binary = binary_among(repository, (v.blob for v in found if v and isinstance(v.lines, Opaque)))
    owners = done.births.commits()
    for entry, line_ids in zip(wanted, lines, strict=True):
        if isinstance(line_ids, bytes) and entry.blob.encode() not in binary:
            commits = owners[np.frombuffer(line_ids, np.uint32)]
            yield Blamed(entry.path, tuple(_runs(mined, commits)), None)
        else:
            yield Blamed(entry.path, (), _reason(repository, entry, line_ids))


def _reason(repository: Repository, entry: Entry, lines: bytes | Opaque | None) -> Reason:
    if entry.special is not None:
        return entry.special
    if entry.blob in repository.missing or entry.size < 0:
        return Reason.MISSING_BLOB
    return lines.reason if isinstance(lines, Opaque) else Reason.BINARY


def _runs(mined: Mined, commits: NDArray[np.uint32]) -> Iterator[Run]:
    """Join consecutive lines of one commit."""
    if not commits.size:
        return
    starts = np.flatnonzero(np.diff(commits)) + 1
    edges = [0, *starts.tolist(), int(commits.size)]
    for first, after in itertools.pairwise(edges):
        number = int(commits[first])
        if number == UNKNOWN:
            yield Run(first + 1, after - first, None, None, UNATTESTED)
        else:
            yield Run(
                first + 1,
                after - first,
                mined.ids[number],
                mined.committed[number],
                mined.attributions[number],
            )
