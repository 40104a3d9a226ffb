"""From a repository to commits with their attribution, and to line ownership."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from provenance.attribution.weigh import weigh
from provenance.findings.traits import TraitReader, author_key
from provenance.history.changes import stream_changes
from provenance.history.merges import stream_merges
from provenance.history.repository import Repository
from provenance.history.walk import walk
from provenance.meter.noted import noted_signs
from provenance.meter.progress import Progress
from provenance.meter.settings import Options
from provenance.meter.suggestions import files_changed, may_be_suggestion
from provenance.ownership.replay import Replay
from provenance.ownership.tree import Tree
from provenance.rules.load import Catalogue
from provenance.rules.match import match
from provenance.terms.authors import UNATTESTED, Attribution, Evidence
from provenance.terms.commits import Commit, CommitId

_TAIL = 1000
"""Characters at the end of a message where a merge names its request."""


class Keys(NamedTuple):
    """What is kept of a commit's text: numbers that do not give it away."""

    author: int
    """Equal for equal author names."""
    traits: int
    """What the commit says about itself, as bits."""
    twin: int
    """Equal for equal author, author date and subject."""


_NO_KEYS = Keys(0, 0, 0)


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
    authors: list[int] = field(default_factory=list)
    """Keys of the author names: equal for equal names."""
    traits: list[int] = field(default_factory=list)
    """What the commits say about themselves, as bits."""
    twins: list[int] = field(default_factory=list)
    """Keys of what a rebase keeps: equal for equal author, author date and subject."""
    requests: dict[int, str] = field(default_factory=dict)
    """Request that a commit says it landed, by number."""
    noted: Mapping[CommitId, tuple[Evidence, ...]] = field(default_factory=dict)
    """Signs in git's default notes, of these commits or others."""
    number: dict[CommitId, int] = field(default_factory=dict)
    """Commit number by id."""

    def copy(self) -> Mined:
        """Return a copy that can grow by itself."""
        return Mined(*(copy(getattr(self, column.name)) for column in fields(self)))

    def upto(self, size: int) -> Mined:
        """Return a copy of the first commits."""
        cut = Mined()
        for number in range(size):
            cut.take(self, number, self.graph[number])
        cut.requests = {n: name for n, name in self.requests.items() if n < size}
        return cut

    def take(self, other: Mined, number: int, parents: tuple[int, ...]) -> None:
        """Append a commit of ``other``."""
        self.add(
            other.ids[number], parents, other.committed[number], other.authored[number],
            other.attributions[number],
            Keys(other.authors[number], other.traits[number], other.twins[number]),
        )  # fmt: skip

    def add(
        self,
        oid: CommitId,
        parents: tuple[int, ...],
        committed: int,
        authored: int,
        attribution: Attribution,
        keys: Keys = _NO_KEYS,
    ) -> None:
        """Append the next commit."""
        self.number[oid] = len(self.ids)
        self.ids.append(oid)
        self.graph.append(parents)
        self.committed.append(committed)
        self.authored.append(authored)
        self.attributions.append(attribution)
        self.authors.append(keys.author)
        self.traits.append(keys.traits)
        self.twins.append(keys.twin)


def mine(
    repository: Repository,
    heads: Sequence[str],
    *,
    catalogue: Catalogue,
    progress: Progress,
    known: Mined | None = None,
    own_families: Sequence[str] = (),
) -> Mined:
    """Read every commit once and weigh what it says about its author.

    Commits that are ``known`` already keep their numbers; what the last of them reaches is
    not read again.  The edge of a shallow clone holds what others wrote before, so
    it is unattested whatever it says.
    """
    mined = known or Mined()
    # a copy that goes on to branches brings what it knows
    mined.noted = mined.noted or noted_signs(repository, catalogue)
    reader = TraitReader(catalogue, own_families=own_families)
    progress.step("reading commits", None)
    doubtful: list[tuple[Commit, tuple[Evidence, ...]]] = []
    for commit in walk(repository, heads, but_not=mined.ids[-1:]):
        number = len(mined.ids)
        evidence = (*match(commit, catalogue), *mined.noted.get(commit.id, ()))
        if may_be_suggestion(commit, evidence):
            doubtful.append((commit, evidence))
        mined.add(
            commit.id,
            tuple(mined.number[parent] for parent in commit.parents if parent in mined.number),
            commit.committed_at,
            commit.authored_at,
            weigh(commit, evidence),
            keys_of(commit, traits=int(reader.of(commit, evidence))),
        )
        _note_request(mined, commit)
        if number % 512 == 0:
            progress.advance(number)
    progress.advance(len(mined.ids))
    changed = files_changed(repository, [commit.id for commit, _ in doubtful])
    for commit, evidence in doubtful:
        known_files = changed.get(commit.id)
        mined.attributions[mined.number[commit.id]] = weigh(
            commit, evidence, files_changed=known_files
        )
    for oid in repository.location.shallow:
        if oid in mined.number:
            mined.attributions[mined.number[CommitId(oid)]] = UNATTESTED
    return mined


_SQUASHED = re.compile(r"\((?:#|pull request #)(?P<number>[1-9]\d{0,8})\)\s*\Z")
_MERGED = re.compile(r"^See merge request \S*!(?P<number>[1-9]\d{0,8})\s*\Z", re.MULTILINE)


def request(kind: str, number: str) -> str:
    """Return the name of a request: ``pull/12``, ``merge-requests/12``."""
    return f"{'pull' if kind == 'pr' else kind}/{int(number)}"


def _note_request(mined: Mined, commit: Commit) -> None:
    """Remember the request that a squash names, or the merge of a squash."""
    number = mined.number[commit.id]
    if not commit.is_merge:
        found = _SQUASHED.search(commit.subject)
        if found:
            mined.requests[number] = request("pull", found["number"])
    elif len(mined.graph[number]) == 2:
        found = _MERGED.search(commit.message[-_TAIL:])
        if found:
            mined.requests[mined.graph[number][1]] = request("merge-requests", found["number"])


def keys_of(commit: Commit, *, traits: int = 0) -> Keys:
    """Return what is kept of a commit's text."""
    return Keys(author_key(commit.author.name), traits, _twin(commit))


def _twin(commit: Commit) -> int:
    words = (commit.author.name, commit.author.email, str(commit.authored_at), commit.subject)
    text = "\0".join(words).encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.blake2b(text, digest_size=7).digest(), "big")


@dataclass(frozen=True, slots=True)
class Start:
    """Where a replay starts."""

    first: int = 0
    """Number of the first commit to replay."""
    trees: Mapping[int, Tree] = field(default_factory=dict)
    """Trees of earlier commits."""


def replay(
    repository: Repository,
    mined: Mined,
    state: Replay,
    *,
    at: Mapping[int, Callable[[Tree], None]],
    start: Start,
    options: Options,
    progress: Progress,
) -> None:
    """Replay the mined history from ``start``; ``at`` receives the wanted trees."""
    first = start.first
    ids = [commit.encode() for commit in mined.ids]
    new = range(first, len(ids))
    plain = [ids[number] for number in new if len(mined.graph[number]) < 2]
    merges = [
        (ids[number], [ids[parent] for parent in mined.graph[number]])
        for number in new
        if len(mined.graph[number]) > 1
    ]
    progress.step("replaying line ownership", len(new))
    with (
        closing(stream_changes(repository, plain, lens=options.lens, jobs=options.jobs)) as changes,
        closing(stream_merges(repository, merges, lens=options.lens)) as steps,
    ):
        state.run(
            mined.graph,
            changes=changes,
            merges=steps,
            at=at,
            known=start.trees,
            first=first,
            progress=lambda done: progress.advance(done - first) if done % 256 == 0 else None,
        )
    progress.advance(len(new))
