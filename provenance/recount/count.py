"""Count a revision: commits by author type, and live lines by file and author type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import groupby

from provenance.recount.additions import additions
from provenance.recount.drill import driller
from provenance.recount.listing import content, listing
from provenance.recount.notebook import cell_lines
from provenance.recount.owners import Blamed, Manner, Owned, blame
from provenance.recount.records import Spoken, hear, read_records
from provenance.recount.scratch import Scratch
from provenance.recount.signs import Searcher, read_rules
from provenance.recount.weigh import Weighed, weigh
from provenance.terms.authors import AuthorType
from provenance.terms.commits import Commit
from provenance.terms.counts import Counts
from provenance.terms.unmeasured import Reason

CONFIG = "provenance.toml"
"""The file in which a lab adds rules, at the top of its repository."""


@dataclass(frozen=True, slots=True)
class Commits:
    """Every commit that a head reaches."""

    types: Mapping[str, AuthorType]
    """Author type by id."""
    parents: Mapping[str, tuple[str, ...]]
    """Parents by id."""
    spoken: Mapping[str, Spoken]
    """What line-level records say, by id; only commits that have one."""
    doubtful: frozenset[str]
    """Commits with records in a form that is not read here."""
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

    @property
    def decided(self) -> Counter[AuthorType]:
        """How many commits are of each author type."""
        return Counter(self.types.values())


@dataclass(frozen=True, slots=True)
class TypedRun:
    """Consecutive lines of one file with one owner and one author type."""

    start: int
    """Number of the first line, from 1."""
    lines: int
    """How many."""
    commit: str | None
    """The commit; ``None`` where the clone lacks what would tell."""
    author_type: AuthorType
    """Who wrote them."""
    doubtful: bool = False
    """Whether a record that is not read here may say otherwise."""


@dataclass(frozen=True, slots=True)
class CountedFile:
    """One file, counted again."""

    path: str
    """Path (hostile text)."""
    lines: int
    """Lines that its content has."""
    runs: tuple[TypedRun, ...]
    """In file order; empty where it could not be done."""
    problem: str = ""
    """Why it could not be done; empty when it could."""
    cells: frozenset[int] | None = None
    """Of a notebook: the lines that hold source of code cells."""

    @property
    def doubtful(self) -> int:
        """How many of its lines a record that is not read here may give to somebody else."""
        return sum(run.lines for run in self.runs if run.doubtful)

    def counts(self, *, cells_only: bool, of: Container[str | None] | None = None) -> Counts:
        """Return the lines by author type: of a notebook those of code cells, ``of`` commits."""
        found: Counter[str] = Counter()
        for run in self.runs:
            if of is not None and run.commit not in of:
                continue
            size = run.lines
            if cells_only and self.cells is not None:
                size = sum(
                    number in self.cells for number in range(run.start, run.start + run.lines)
                )
            found[run.author_type.value] += size
        return Counts(**found)


@dataclass(frozen=True, slots=True)
class Counted:
    """One revision, counted again."""

    head: str
    """Full id of the commit."""
    commits: Commits
    """Its history."""
    files: Mapping[str, CountedFile]
    """Files with lines that were asked for, by path."""
    without_lines: Mapping[str, Reason]
    """Paths that have no lines to count, and why."""
    sampled: bool
    """Whether files that have lines were left out on purpose."""
    stood_in: tuple[str, ...]
    """Contents missing from the clone that git blame asked for, sorted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be counted."""

    head: str
    """Revision."""
    choose: Callable[[list[str]], Collection[str]] = list
    """Given every path with lines, returns those to be counted."""
    manner: Manner = field(default_factory=Manner)
    """How git blame is asked."""
    config: bytes | None = None
    """A ``provenance.toml`` to use; ``None`` takes the one of the revision."""
    cutoff: str | None = None
    """Date before which what is unattested counts as ``predates_ai``."""
    jobs: int = 2
    """git processes at the same time."""


Told = Callable[[str, int], None]
"""Receives what is being done and how far it is."""


def count(scratch: Scratch, wanted: Wanted, *, told: Told = lambda _what, _done: None) -> Counted:
    """Count a revision.

    Raises:
        UsageError: no such revision.
        HistoryError: the history or the tree cannot be read.
        CatalogueError: a rule file cannot be read.

    """
    head = scratch.commit(wanted.head)
    commits = read_commits(scratch, head, config=wanted.config, cutoff=wanted.cutoff)
    listed = {file.path: file for file in listing(scratch, head)}
    with_lines = [file.path for file in listed.values() if file.reason is None]
    chosen = sorted(set(wanted.choose(with_lines)) & set(with_lines))
    full = [path for path in chosen if listed[path].lines]
    counted = {path: CountedFile(path, 0, ()) for path in chosen if not listed[path].lines}
    blames = blame(
        scratch, head, full, manner=wanted.manner, jobs=wanted.jobs,
        told=lambda done: told("asking git blame", done),
    )  # fmt: skip
    for blamed in blames:
        lines = listed[blamed.path].lines
        cells = None
        if blamed.path.endswith(".ipynb"):
            cells = cell_lines(content(scratch, head, blamed.path) or b"")
        counted[blamed.path] = _typed(blamed, lines, commits, cells)
    return Counted(
        head=head,
        commits=commits,
        files=counted,
        without_lines={file.path: file.reason for file in listed.values() if file.reason},
        sampled=len(chosen) < len(with_lines),
        stood_in=tuple(sorted(scratch.absent)),
    )


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
    before = datetime.fromisoformat(cutoff).replace(tzinfo=UTC).timestamp() if cutoff else None
    found: dict[str, tuple[Commit, Weighed]] = {}
    with driller(scratch) as drill:
        for commit in drill.commits(head):
            own = weigh(commit, search.signs(commit), files_changed=drill.files_changed)
            if commit.id in scratch.shallow:
                own = Weighed(AuthorType.UNATTESTED)
            found[commit.id] = commit, _dated(commit, own, before)
        records, doubtful = read_records(scratch, found)
        spoken = {
            oid: hear(found[oid][1], record, partial(additions, scratch, drill, found[oid][0]))
            for oid, record in records.items()
        }
    return Commits(
        types={oid: own.author_type for oid, (_, own) in found.items()}
        | {oid: said.weighed.author_type for oid, said in spoken.items()},
        parents={oid: tuple(commit.parents) for oid, (commit, _) in found.items()},
        spoken=spoken,
        doubtful=doubtful,
        merges=sum(commit.is_merge for commit, _ in found.values()),
        head_date=_moment(found[head][0].committed_at),
        first_date=_moment(min(commit.committed_at for commit, _ in found.values())),
    )


def _dated(commit: Commit, own: Weighed, before: float | None) -> Weighed:
    if before is None or own.author_type is not AuthorType.UNATTESTED:
        return own
    old = commit.authored_at < before and commit.committed_at < before
    return Weighed(AuthorType.PREDATES_AI) if old else own


def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _typed(
    blamed: Blamed, lines: int, commits: Commits, cells: frozenset[int] | None
) -> CountedFile:
    if blamed.problem:
        return CountedFile(blamed.path, lines, (), blamed.problem, cells)
    found: list[TypedRun] = []
    after = 1
    for run in blamed.runs:
        if run.start != after:
            return CountedFile(blamed.path, lines, (), "git blame left lines out", cells)
        after += run.lines
        found += _parts(run, commits)
    if after - 1 != lines:
        said = f"git blame gave {after - 1} lines where the content has {lines}"
        return CountedFile(blamed.path, lines, (), said, cells)
    return CountedFile(blamed.path, lines, tuple(found), "", cells)


def _parts(run: Owned, commits: Commits) -> Iterator[TypedRun]:
    """Yield a run with its author type, cut where a record of its commit says so."""
    if run.hidden:
        yield TypedRun(run.start, run.lines, None, AuthorType.UNATTESTED)
        return
    spoken, doubtful = commits.spoken.get(run.commit), run.commit in commits.doubtful
    if spoken is None:
        yield TypedRun(run.start, run.lines, run.commit, commits.types[run.commit], doubtful)
        return
    start = run.start
    for kind, same in groupby(spoken.of(run.path, run.origin, run.lines)):
        size = len(list(same))
        yield TypedRun(start, size, run.commit, kind, doubtful)
        start += size
