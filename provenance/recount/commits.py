"""Every commit that a head reaches, with its author type, and what speaks for single lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from provenance.errors import HistoryError
from provenance.recount.additions import additions
from provenance.recount.drill import Driller, driller
from provenance.recount.landings import find_tips, pair
from provenance.recount.listing import content
from provenance.recount.records import Spoken, annotated, hear, read_records
from provenance.recount.scratch import Scratch
from provenance.recount.signs import Searcher, read_rules
from provenance.recount.weigh import Weighed, weigh
from provenance.terms.authors import AuthorType
from provenance.terms.commits import Commit

CONFIG = "provenance.toml"
"""The file in which a lab adds rules, at the top of its repository."""


@dataclass(frozen=True, slots=True)
class Commits:
    """Every commit that a head reaches, and those of branches that landed in it."""

    types: Mapping[str, AuthorType]
    """Author type by id."""
    beside: Mapping[str, AuthorType]
    """The same for commits of branches."""
    parents: Mapping[str, tuple[str, ...]]
    """Parents by id."""
    spoken: Mapping[str, Spoken]
    """What line-level records say, by id; only commits that have one."""
    doubtful: frozenset[str]
    """Commits with records in a form that is not read here."""
    landings: Mapping[str, str]
    """Tip of the branch behind a landed commit that says nothing definite itself."""
    merges: int
    """How many have several parents."""
    head_date: str
    """Commit date of the head, RFC 3339 UTC."""
    first_date: str
    """Earliest commit date, RFC 3339 UTC."""

    def reached(self, end: str) -> set[str]:
        """Return a commit and all its ancestors; none for an unknown or empty id."""
        found: set[str] = set()
        waiting = [end]
        while waiting:
            oid = waiting.pop()
            if oid in self.parents and oid not in found:
                found.add(oid)
                waiting += self.parents[oid]
        return found

    def of(self, oid: str, path: str, first: int, count: int) -> list[tuple[AuthorType, bool]]:
        """Return who wrote consecutive lines of a commit, and whether a record says so."""
        own = self.types.get(oid) or self.beside[oid]
        spoken = self.spoken.get(oid)
        if spoken is None:
            return [(own, False)] * count
        said = spoken.of(path, first, count)
        return [(spoken.rest, False) if kind is None else (kind, True) for kind in said]

    @property
    def decided(self) -> Counter[AuthorType]:
        """How many commits are of each author type."""
        return Counter(self.types.values())


@dataclass(frozen=True, slots=True)
class _Weighed:
    commit: Commit
    own: Weighed


def read_commits(
    scratch: Scratch, head: str, *, config: bytes | None = None, cutoff: str | None = None
) -> Commits:
    """Read every commit and decide its author type.

    Raises:
        HistoryError: PyDriller could not read one.
        CatalogueError: a rule file cannot be read.

    """
    added = config if config is not None else content(scratch, head, CONFIG) or b""
    search = Searcher(read_rules(added))
    with driller(scratch) as drill:
        found = dict(_weighed(scratch, drill, search, drill.commits(head)))
        history = {oid: one.commit for oid, one in found.items()}
        noted = annotated(scratch)
        tips = find_tips(scratch, history, noted)
        ends = sorted({*tips.requests.values(), *tips.others})
        branch = drill.commits(*ends, f"^{head}") if ends else iter(())
        beside = dict(_weighed(scratch, drill, search, branch))
        both = {**found, **beside}
        landings = pair(
            tips, history, {oid: one.commit for oid, one in beside.items()},
            types={oid: one.own.author_type for oid, one in both.items()}, noted=noted,
        )  # fmt: skip
        records, doubtful = read_records(scratch, both)
        spoken: dict[str, Spoken] = {}
        unread = set(doubtful)
        for oid, record in records.items():
            added_lines = partial(additions, scratch, drill, both[oid].commit)
            try:
                spoken[oid] = hear(both[oid].own, record, added_lines)
            except HistoryError:  # a damaged tree: what the record means here cannot be said
                unread.add(oid)
    types = {oid: one.own.author_type for oid, one in both.items()}
    types |= {oid: said.weighed.author_type for oid, said in spoken.items()}
    return Commits(
        types={oid: _dated(found[oid], types[oid], cutoff) for oid in found},
        beside={oid: types[oid] for oid in beside},
        parents={oid: tuple(commit.parents) for oid, commit in history.items()},
        spoken=spoken,
        doubtful=frozenset(unread),
        landings=landings,
        merges=sum(commit.is_merge for commit in history.values()),
        head_date=_moment(history[head].committed_at),
        first_date=_moment(min(commit.committed_at for commit in history.values())),
    )


def _weighed(
    scratch: Scratch, drill: Driller, search: Searcher, commits: Iterable[Commit]
) -> Iterator[tuple[str, _Weighed]]:
    for commit in commits:
        own = weigh(commit, search.signs(commit), files_changed=drill.files_changed)
        if commit.id in scratch.shallow:  # it holds what others wrote before
            own = Weighed(AuthorType.UNATTESTED)
        yield commit.id, _Weighed(commit, own)


def _dated(one: _Weighed, kind: AuthorType, cutoff: str | None) -> AuthorType:
    """Return ``predates_ai`` for a commit of which nothing is said, old by both its dates."""
    if cutoff is None or kind is not AuthorType.UNATTESTED or one.own.named:
        return kind
    before = datetime.fromisoformat(cutoff).replace(tzinfo=UTC).timestamp()
    dates = one.commit.authored_at, one.commit.committed_at
    return AuthorType.PREDATES_AI if min(dates) > 0 and max(dates) < before else kind


def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
