"""Find the branch commits behind landed ones that lost their marks on the way.

A squash merge keeps one message for a whole branch, a rebase leaves notes behind on the
commits it replaced.  Where the old commits are still in the clone - under ``refs/pull``,
``refs/merge-requests``, as branches, or named by a note - they are found offline:

- by the request a landed commit names in its subject (``(#12)``) or its merge names in its
  body (``See merge request group/project!12``);
- by the author, author date and subject that a rebase and a cherry-pick keep;
- by the patch id, among silent commits with the same author and author date: a commit
  whose message was changed on the way.

Whether the lines really came through them is decided line by line, by content.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from provenance.errors import HistoryError
from provenance.history.patches import patch_ids
from provenance.history.repository import Repository
from provenance.history.walk import pick
from provenance.meter.gather import annotated_commits
from provenance.meter.mining import Mined, keys_of, mine, request
from provenance.meter.progress import Progress
from provenance.rules.load import Catalogue
from provenance.terms.authors import AuthorType
from provenance.terms.commits import CommitId

_REQUEST_REF = re.compile(
    r"refs/(?:remotes/[^/]+/)?(?P<kind>pull|pr|merge-requests)/(?P<number>\d{1,9})(?:/head)?\Z"
)
_BRANCH_REF = re.compile(r"refs/(?:heads|remotes/[^/]+)/.+\Z")
_NO_BRANCH = re.compile(r"refs/(?:heads|remotes/[^/]+)/(?:HEAD|entire/.*)\Z")
MOST_PATCHES = 5000
"""Commits whose patches are compared; with more candidates none is."""
_OPEN = frozenset({AuthorType.UNATTESTED, AuthorType.ASSISTED})
_AI = frozenset({AuthorType.AI, AuthorType.ASSISTED})


@dataclass(frozen=True, slots=True)
class Landing:
    """A landed commit and the branch tip that its lines came from."""

    commit: int
    """Number of the landed commit."""
    tip: int
    """Number of the branch tip."""
    place: str
    """Where the tip was found: a ref, or the words that a rebase keeps (hostile text)."""


@dataclass(frozen=True, slots=True)
class Branches:
    """Branch commits worth replaying, and where they landed."""

    mined: Mined
    """The measured history, and after it the branch commits, parents first."""
    landings: tuple[Landing, ...] = ()
    """By number of the landed commit."""
    size: int = 0
    """Commits of the measured history; branch commits have higher numbers."""
    orphans: tuple[CommitId, ...] = ()
    """Commits outside the measured history that records speak of, sorted."""
    forks: frozenset[int] = frozenset()
    """Commits of the measured history that branch commits have as parents."""

    def landed(self, first: int, stop: int) -> Branches:
        """Return the branches of those commits that landed from ``first`` to before ``stop``."""
        kept = [one for one in self.landings if first <= one.commit < stop]
        history = self.mined if len(kept) == len(self.landings) else self.mined.upto(self.size)
        return self if history is self.mined else _chosen(history, self.mined, kept)

    @property
    def wanted(self) -> frozenset[int]:
        """Commits of the measured history whose trees are needed."""
        return self.forks | {landing.commit for landing in self.landings}


def find_branches(
    repository: Repository,
    mined: Mined,
    *,
    catalogue: Catalogue,
    progress: Progress,
) -> Branches:
    """Find what branches can say about landed commits that say nothing definite themselves.

    Branches that the clone holds only in part are left out, which is said as progress.
    """
    requests, others = _tips(repository, mined)
    named = annotated_commits(repository)
    noted = named - mined.number.keys()
    orphans = _promising(repository, mined, noted - repository.absent(noted), named)
    tips = {*requests.values(), *others}
    lost = tuple(sorted(noted))
    scanned = None
    # what lies beside the history may be incomplete: that must not stop the measurement
    for wanted in (tips | orphans, tips):
        if wanted and scanned is None:
            scanned = _scanned(repository, mined, wanted, catalogue=catalogue, progress=progress)
    if scanned is None:
        return Branches(mined, size=len(mined.ids), orphans=lost)
    pairs = _pairs(repository, mined, scanned, requests, named)
    return replace(_worth_replaying(mined, scanned, pairs, noted), orphans=lost)


def _scanned(
    repository: Repository,
    mined: Mined,
    tips: Collection[str],
    *,
    catalogue: Catalogue,
    progress: Progress,
) -> Mined | None:
    """Return the history with branch commits after it; ``None`` if they are not all here."""
    try:
        return mine(
            repository, sorted(tips), catalogue=catalogue, progress=progress, known=mined.copy()
        )
    except HistoryError:
        progress.step("leaving out branches that this clone holds only in part", None)
        return None


def _promising(
    repository: Repository, mined: Mined, orphans: Collection[CommitId], named: Collection[CommitId]
) -> set[CommitId]:
    """Return the noted commits beside the history that may have landed in an unnoted one.

    A rebase leaves many notes behind; most were carried over to the commits that replaced
    theirs, and need not be followed.
    """
    open_to = [n for n, oid in enumerate(mined.ids) if oid not in named and _is_open(mined, n)]
    twins = {mined.twins[number] for number in open_to}
    when = {(mined.authors[number], mined.authored[number]) for number in open_to}
    return {
        commit.id
        for commit in pick(repository, sorted(orphans))
        if (keys := keys_of(commit)).twin in twins or (keys.author, commit.authored_at) in when
    }


def _is_open(mined: Mined, number: int) -> bool:
    return mined.attributions[number].author_type in _OPEN


def _tips(repository: Repository, mined: Mined) -> tuple[dict[int, str], set[str]]:
    """Return the tip of the request behind every landed commit, and the tips of branches.

    Requests that nothing here names are left alone: there may be very many.
    """
    named: dict[str, str] = {}
    others: set[str] = set()
    for name, oid in repository.refs.names.items():
        found = _REQUEST_REF.match(name)
        if found:
            named[request(found["kind"], found["number"])] = oid
        elif _BRANCH_REF.match(name) and not _NO_BRANCH.match(name):
            others.add(oid)
    requests = {
        number: named[key]
        for number, key in mined.requests.items()
        if key in named and _is_open(mined, number)
    }
    known = mined.number.keys()
    return (
        {number: oid for number, oid in requests.items() if oid not in known},
        {oid for oid in others if oid not in known},
    )


def _pairs(
    repository: Repository,
    mined: Mined,
    scanned: Mined,
    requests: Mapping[int, str],
    noted: Collection[CommitId],
) -> list[Landing]:
    """Pair landed commits with branch commits: rebased twins first, then whole requests."""
    size = len(mined.ids)
    by_twin = {twin: number for number, twin in enumerate(mined.twins)}
    pairs = {}
    for number in range(size, len(scanned.ids)):
        landed = by_twin.get(scanned.twins[number])
        if landed is not None and _says_more(mined, landed, scanned, number, noted):
            pairs[landed] = Landing(landed, number, "same author, date and subject")
    for landed, oid in requests.items():
        tip = scanned.number.get(CommitId(oid))  # absent, or no commit: nothing to follow
        if tip is not None and landed not in pairs:
            pairs[landed] = Landing(landed, tip, mined.requests[landed])
    twins = {pair.tip for pair in pairs.values()}
    lost = [
        number
        for number in range(size, len(scanned.ids))
        if number not in twins
        and len(scanned.graph[number]) < 2
        and (_names_ai(scanned, number) or scanned.ids[number] in noted)
    ]
    for landed, number in _same_patch(repository, mined, scanned, lost):
        pairs.setdefault(landed, Landing(landed, number, "same patch"))
    return [pairs[landed] for landed in sorted(pairs)]


def _says_more(
    mined: Mined, landed: int, scanned: Mined, number: int, noted: Collection[CommitId]
) -> bool:
    """Whether a branch commit can say what the commit that replaced it does not."""
    kind = mined.attributions[landed].author_type
    if scanned.ids[number] in noted and mined.ids[landed] not in noted:
        return kind in _OPEN
    return kind is AuthorType.UNATTESTED and _names_ai(scanned, number)


def _names_ai(mined: Mined, number: int) -> bool:
    return mined.attributions[number].author_type in _AI


def _same_patch(
    repository: Repository, mined: Mined, scanned: Mined, lost: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield landed commits that say nothing with a branch commit of the same patch.

    Only commits with the same author and author date are asked about, and not too many: a
    patch costs as much as printing it.
    """
    when = {(scanned.authors[number], scanned.authored[number]) for number in lost}
    silent = [
        number
        for number, key in enumerate(zip(mined.authors, mined.authored, strict=True))
        if key in when
        and len(mined.graph[number]) < 2
        and mined.attributions[number].author_type is AuthorType.UNATTESTED
    ]
    known = {(mined.authors[number], mined.authored[number]) for number in silent}
    lost = [n for n in lost if (scanned.authors[n], scanned.authored[n]) in known]
    if not lost or len(lost) + len(silent) > MOST_PATCHES:
        return
    asked = [*(mined.ids[n] for n in silent), *(scanned.ids[n] for n in lost)]
    patches = patch_ids(repository, asked)
    by_patch = {patches[oid]: n for n in lost if (oid := scanned.ids[n]) in patches}
    for number in silent:
        found = by_patch.get(patches.get(mined.ids[number], ""))
        if found is not None:
            yield number, found


def _worth_replaying(
    mined: Mined, scanned: Mined, pairs: Sequence[Landing], noted: Collection[CommitId]
) -> Branches:
    """Keep the pairs whose branch names an AI system, with just the commits they need."""
    size = len(mined.ids)
    says = [False] * len(scanned.ids)
    for number in range(size, len(scanned.ids)):
        says[number] = (
            _names_ai(scanned, number)
            or scanned.ids[number] in noted
            or any(says[parent] for parent in scanned.graph[number])
        )
    kept = [pair for pair in pairs if says[pair.tip]]
    return _chosen(mined, scanned, kept)


def _chosen(mined: Mined, scanned: Mined, pairs: Sequence[Landing]) -> Branches:
    """Return the branches with just the commits that these pairs need."""
    size = len(mined.ids)
    needed: set[int] = set()
    waiting = [pair.tip for pair in pairs]
    while waiting:
        number = waiting.pop()
        if number >= size and number not in needed:
            needed.add(number)
            waiting += scanned.graph[number]
    extended = mined.copy()
    forks = set()
    for number in sorted(needed):
        parents = [scanned.ids[parent] for parent in scanned.graph[number]]
        forks |= {parent for parent in scanned.graph[number] if parent < size}
        extended.take(scanned, number, tuple(extended.number[oid] for oid in parents))
    return Branches(
        mined=extended,
        landings=tuple(
            Landing(pair.commit, extended.number[scanned.ids[pair.tip]], pair.place)
            for pair in pairs
        ),
        size=size,
        forks=frozenset(forks),
    )
