"""Who wrote which lines of the files of one revision, from the replay."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from provenance.history.blobs import binary_among
from provenance.history.compare import BlobComparer
from provenance.history.repository import Repository
from provenance.meter.asking import dated, judge_dates
from provenance.meter.listing import Entry
from provenance.meter.mining import Mined, Start, mine, replay
from provenance.meter.progress import Progress
from provenance.meter.records import Spoken
from provenance.meter.recovery import beside, follow, hear_all
from provenance.meter.settings import Options
from provenance.ownership.births import UNKNOWN, BirthIndex
from provenance.ownership.replay import Replay
from provenance.ownership.tree import Opaque, Tree
from provenance.rules.load import Catalogue
from provenance.terms.authors import UNATTESTED, Attribution
from provenance.terms.commits import CommitId
from provenance.terms.unmeasured import Reason


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive lines of one file with one commit and one author."""

    start: int
    """Number of the first line, counted from 1 as git does."""
    lines: int
    """How many lines."""
    commit: CommitId | None
    """The commit git would blame; ``None`` where the clone lacks what would tell."""
    committed_at: int | None
    """Its commit date, seconds since 1970; ``None`` without a commit."""
    attribution: Attribution
    """What the evidence says about these lines."""
    born: tuple[tuple[str, int, int], ...] = ()
    """Path, line number from 1 and count: where its lines stood in the commit, in order."""

    def at(self, line: int) -> Run:
        """Return the run that is one line of this one."""
        offset = line - self.start
        for path, first, count in self.born:
            if offset < count:
                return replace(self, start=line, lines=1, born=((path, first + offset, 1),))
            offset -= count
        return replace(self, start=line, lines=1, born=())


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
    catalogue: Catalogue,
    options: Options,
    progress: Progress,
) -> Iterator[Blamed]:
    """Yield the wanted files of ``head`` in the order given, each with its runs of lines.

    Of the options lens, jobs and ``predates`` count: with a day, what is older than any
    model is said to be so, as in a measurement.

    Raises:
        HistoryError: git could not read the history.

    """
    mined = mine(repository, [head], catalogue=catalogue, progress=progress)
    branches, gathered = beside(repository, head, mined, catalogue=catalogue, progress=progress)
    trees: dict[int, Tree] = {}

    def keep(number: int, tree: Tree) -> None:
        trees[number] = tree.fork()

    with closing(BlobComparer(repository, lens=options.lens)) as comparer:
        done = Replay(comparer)
        wanted_trees = branches.wanted | {mined.number[head]}
        replay(
            repository,
            mined,
            done,
            at={number: partial(keep, number) for number in wanted_trees},
            start=Start(),
            options=options,
            progress=progress,
        )
        versions = dict(trees[mined.number[head]].items())
        numbers = [done.number(os.fsencode(entry.path)) for entry in wanted]
        found = [versions.get(number) for number in numbers]
        readable = [
            done.readable(number, version) if version else None
            for number, version in zip(numbers, found, strict=True)
        ]
        reached = follow(
            repository, branches, done, trees,
            comparer=comparer, options=options, progress=progress,
        )  # fmt: skip
    spoken = hear_all(mined, branches, gathered, done, reached)
    mined.attributions = spoken.attributions
    judged = judge_dates(mined, cutoff=options.predates, own_cutoff=None, records=gathered.records)
    spoken = replace(spoken, attributions=dated(mined.attributions, judged))
    opaque = (v.blob for v in found if v and isinstance(v.lines, Opaque))
    binary = binary_among(repository, opaque)
    births = done.births.index()
    for entry, version in zip(wanted, readable, strict=True):
        lines = version.lines if version else None
        if isinstance(lines, bytes) and entry.blob.encode() not in binary:
            runs = _runs(mined, spoken, done.paths, births, np.frombuffer(lines, np.uint32))
            yield Blamed(entry.path, tuple(runs), None)
        else:
            yield Blamed(entry.path, (), _reason(repository, entry, lines))


def _reason(repository: Repository, entry: Entry, lines: bytes | Opaque | None) -> Reason:
    if entry.special is not None:
        return entry.special
    if entry.blob in repository.missing or entry.size < 0:
        return Reason.MISSING_BLOB
    return lines.reason if isinstance(lines, Opaque) else Reason.BINARY


def _runs(
    mined: Mined,
    spoken: Spoken,
    paths: Sequence[bytes],
    births: BirthIndex,
    line_ids: NDArray[np.uint32],
) -> Iterator[Run]:
    """Join consecutive lines of one commit and one voice."""
    if not line_ids.size:
        return
    origins = births.origins(line_ids)
    commits = origins[:, 0]
    voices = np.zeros(line_ids.size, dtype=np.uint16)
    if spoken.voice_of_line is not None:
        voices = spoken.voice_of_line[line_ids]
    starts = np.flatnonzero((np.diff(commits) != 0) | (np.diff(voices) != 0)) + 1
    edges = [0, *starts.tolist(), int(commits.size)]
    for first, after in itertools.pairwise(edges):
        number = int(commits[first])
        if number == UNKNOWN:
            yield Run(first + 1, after - first, None, None, UNATTESTED)
            continue
        voice = int(voices[first])
        yield Run(
            first + 1,
            after - first,
            mined.ids[number],
            mined.committed[number],
            spoken.voices[voice] if voice else spoken.attributions[number],
            tuple(_born(paths, origins[first:after])),
        )


def _born(paths: Sequence[bytes], origins: NDArray[np.uint32]) -> Iterator[tuple[str, int, int]]:
    """Join lines that stood one after the other in the commit that wrote them."""
    path, line = origins[:, 1].astype(np.int64), origins[:, 2].astype(np.int64)
    starts = np.flatnonzero((np.diff(path) != 0) | (np.diff(line) != 1)) + 1
    for first, after in itertools.pairwise([0, *starts.tolist(), len(origins)]):
        yield os.fsdecode(paths[int(path[first])]), int(line[first]) + 1, after - first
