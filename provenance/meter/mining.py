"""From a repository to commits with their attribution, and to line ownership."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from provenance.attribution.weigh import weigh
from provenance.history.changes import stream_changes
from provenance.history.compare import BlobComparer
from provenance.history.merges import stream_merges
from provenance.history.repository import Repository
from provenance.history.walk import walk
from provenance.meter.progress import Progress
from provenance.ownership.replay import Replay
from provenance.ownership.tree import Tree
from provenance.rules.load import Catalogue
from provenance.rules.match import match
from provenance.terms.authors import Attribution
from provenance.terms.changes import Lens
from provenance.terms.commits import CommitId


@dataclass(slots=True)
class Mined:
    """The commits reachable from one head, parents first; lists run by commit number."""

    ids: list[CommitId] = field(default_factory=list)
    """Full ids."""
    graph: list[tuple[int, ...]] = field(default_factory=list)
    """Numbers of the parents that are in the clone."""
    committed: list[int] = field(default_factory=list)
    """Commit dates, seconds."""
    authored: list[int] = field(default_factory=list)
    """Author dates, seconds."""
    attributions: list[Attribution] = field(default_factory=list)
    """What the evidence says."""
    number: dict[CommitId, int] = field(default_factory=dict)
    """Commit number by id."""


def mine(repository: Repository, head: str, *, catalogue: Catalogue, progress: Progress) -> Mined:
    """Read every commit once and weigh what it says about its author."""
    mined = Mined()
    progress.step("reading commits", None)
    for commit in walk(repository, [head]):
        number = len(mined.ids)
        mined.number[commit.id] = number
        mined.ids.append(commit.id)
        mined.graph.append(
            tuple(mined.number[parent] for parent in commit.parents if parent in mined.number)
        )
        mined.committed.append(commit.committed_at)
        mined.authored.append(commit.authored_at)
        mined.attributions.append(weigh(commit, match(commit, catalogue)))
        if number % 512 == 0:
            progress.advance(number)
    progress.advance(len(mined.ids))
    return mined


def replay(
    repository: Repository,
    mined: Mined,
    *,
    lens: Lens,
    at: Mapping[int, Callable[[Tree], None]],
    jobs: int,
    progress: Progress,
) -> Replay:
    """Replay the mined history; ``at`` receives the trees of the wanted commits."""
    ids = [commit.encode() for commit in mined.ids]
    plain = [oid for oid, parents in zip(ids, mined.graph, strict=True) if len(parents) < 2]
    merges = [
        (oid, [ids[parent] for parent in parents])
        for oid, parents in zip(ids, mined.graph, strict=True)
        if len(parents) > 1
    ]
    progress.step("replaying line ownership", len(ids))
    comparer = BlobComparer(repository, lens=lens)
    result = Replay(comparer)
    with (
        closing(stream_changes(repository, plain, lens=lens, jobs=jobs)) as changes,
        closing(stream_merges(repository, merges, lens=lens)) as steps,
    ):
        result.run(
            mined.graph,
            changes=changes,
            merges=steps,
            at=at,
            progress=lambda done: progress.advance(done) if done % 256 == 0 else None,
        )
    progress.advance(len(ids))
    return result
