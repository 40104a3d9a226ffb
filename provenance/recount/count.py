"""Count a revision: commits by author type, and live lines by file and author type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import groupby

from provenance.recount.commits import Commits, read_commits
from provenance.recount.landings import through
from provenance.recount.listing import content, listing
from provenance.recount.notebook import cell_lines
from provenance.recount.owners import Blamed, Manner, Owned, blame
from provenance.recount.scratch import Scratch
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts
from provenance.terms.unmeasured import Reason


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
    reader = _Reader(scratch, commits, wanted.manner)
    for blamed in blames:
        lines = listed[blamed.path].lines
        cells = None
        if blamed.path.endswith(".ipynb"):
            cells = cell_lines(content(scratch, head, blamed.path) or b"")
        counted[blamed.path] = reader.typed(blamed, lines, cells)
    return Counted(
        head=head,
        commits=commits,
        files=counted,
        without_lines={file.path: file.reason for file in listed.values() if file.reason},
        sampled=len(chosen) < len(with_lines),
        stood_in=tuple(sorted(scratch.absent)),
    )


class _Reader:
    """Gives lines their author types; what came through a branch is asked for once a file."""

    def __init__(self, scratch: Scratch, commits: Commits, manner: Manner) -> None:
        self._commits = commits
        self._through = cache(partial(through, scratch, manner=manner))

    def typed(self, blamed: Blamed, lines: int, cells: frozenset[int] | None) -> CountedFile:
        """Return one file with the author types of its lines."""
        found: list[TypedRun] = []
        after = 1
        for run in blamed.runs:
            if run.start != after:
                return CountedFile(blamed.path, lines, (), "git blame left lines out", cells)
            after += run.lines
            found += self._parts(run)
        problem = blamed.problem
        if not problem and after - 1 != lines:
            problem = f"git blame gave {after - 1} lines where the content has {lines}"
        return CountedFile(blamed.path, lines, () if problem else tuple(found), problem, cells)

    def _parts(self, run: Owned) -> Iterator[TypedRun]:
        """Yield a run with its author type, cut where a record or a branch says so."""
        if run.hidden:
            yield TypedRun(run.start, run.lines, None, AuthorType.UNATTESTED)
            return
        start = run.start
        for (kind, doubtful), same in groupby(self._kinds(run)):
            size = len(list(same))
            yield TypedRun(start, size, run.commit, kind, doubtful)
            start += size

    def _kinds(self, run: Owned) -> Iterator[tuple[AuthorType, bool]]:
        """Yield who wrote each line, and whether an unread record may say otherwise."""
        commits = self._commits
        doubtful = run.commit in commits.doubtful
        kinds = commits.of(run.commit, run.path, run.origin, run.lines)
        tip = commits.landings.get(run.commit)
        came = self._through(run.commit, tip, run.path) if tip else {}
        for number, (kind, recorded) in enumerate(kinds, run.origin):
            if recorded or number not in came:
                yield kind, doubtful
            else:
                yield self._branch(*came[number], kind, doubtful=doubtful)

    def _branch(
        self, run: Owned, line: int, landed: AuthorType, *, doubtful: bool
    ) -> tuple[AuthorType, bool]:
        """Return what the branch says of a line that is in ``landed`` as well."""
        commits = self._commits
        if run.hidden or run.commit not in commits.beside:
            return landed, doubtful
        ((kind, _),) = commits.of(run.commit, run.path, run.origin + line, 1)
        return kind, doubtful or run.commit in commits.doubtful
