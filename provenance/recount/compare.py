"""Two roads meet here: what was counted again, against what a measurement says.

Lines are compared in the unit ``line``.  A report in code lines is held against them as a
bound: it cannot have more code lines of an author type in a file than there are lines.  Stage
and facet of a file are taken over from the report: a recount checks authorship and counting,
not the classifier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from operator import itemgetter

from provenance.recount.count import Counted, TypedRun
from provenance.recount.report import Report, ReportedFile, ReportedRun
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts

TESTS = "tests"
"""In the place of a stage: test code, shown beside the denominator."""
NONE = "none"
"""Said where nothing is wrong."""
EVERYTHING = "everything"
"""In the place of a stage: the head with nothing left out."""
UNLISTED = "unlisted"
"""In the place of a stage: files that the report does not list."""

_UNITS = frozenset({"line", "code_line"})
_BOUND = (
    "exact figures by stage: the report counts code lines, so lines are an upper bound;"
    " measure with --unit line to compare exactly"
)
_NO_LINES = "figures by stage: the report counts characters; measure with --unit line"

Side = tuple[str | None, AuthorType] | None
"""Commit and author type of a line on one road; ``None`` where the road has no such line."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that both roads know about the whole history."""

    name: str
    """What it is."""
    recounted: str
    """On this road."""
    reported: str
    """In the report."""

    @property
    def differs(self) -> bool:
        """Whether the roads disagree."""
        return self.recounted != self.reported


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file on which the roads disagree."""

    path: str
    """Path (hostile text)."""
    recounted: Counts
    """On this road."""
    reported: Counts
    """In the report."""
    bounded: bool = False
    """Whether the report counts a part of the lines: only what it has too many of is wrong."""
    doubtful: int = 0
    """Lines about which this road says nothing: a record in a form that it does not read."""

    @property
    def apart(self) -> int:
        """How many lines would have to change class, come or go, the doubtful ones left out."""
        return _apart(self)


@dataclass(frozen=True, slots=True)
class LineDifference:
    """Consecutive lines on which the roads disagree."""

    stage: str
    """Stage of the file in the report."""
    path: str
    """Path (hostile text)."""
    start: int
    """Number of the first line, from 1."""
    lines: int
    """How many."""
    recounted: Side
    """On this road."""
    reported: Side
    """On the other road."""


@dataclass(frozen=True, slots=True)
class StageComparison:
    """One stage, class by class."""

    stage: str
    """Stage, or ``tests`` or ``everything``."""
    files: int
    """Files compared."""
    recounted: Counts
    """On this road."""
    reported: Counts
    """In the report."""
    different: tuple[FileDifference, ...] = ()
    """Files that disagree, those furthest apart first."""
    bounded: bool = False
    """Whether the report counts a part of the lines."""
    doubtful: int = 0
    """Lines about which this road says nothing."""

    @property
    def apart(self) -> int:
        """Lines apart: the sum over its files, or the sums themselves if that is more."""
        by_file = sum(file.apart for file in self.different)
        return max(by_file, _apart(self))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that was compared, and what could not be."""

    facts: tuple[Fact, ...] = ()
    """About the history as a whole."""
    stages: tuple[StageComparison, ...] = ()
    """In order of the stage's name."""
    lines: tuple[LineDifference, ...] = ()
    """Where the roads disagree line by line; only with the other road's runs."""
    lines_compared: int = 0
    """Lines that were compared one by one."""
    not_compared: tuple[str, ...] = ()
    """What this report does not allow, and how to get it, in words."""
    uncounted: tuple[tuple[str, str], ...] = ()
    """Files that could not be counted again, and why."""

    @property
    def largest(self) -> int:
        """Most lines apart in any stage, on either comparison."""
        by_line: dict[str, int] = defaultdict(int)
        for item in self.lines:
            by_line[item.stage] += item.lines
        return max([0, *by_line.values(), *(stage.apart for stage in self.stages)])

    @property
    def compared(self) -> bool:
        """Whether anything was compared by author type."""
        return bool(self.stages or self.lines_compared)

    def agrees(self, *, tolerance: int) -> bool:
        """Whether no stage is further apart than so many lines, and every fact is equal."""
        return self.largest <= tolerance and not any(fact.differs for fact in self.facts)


def _apart(both: FileDifference | StageComparison) -> int:
    """Return the distance; doubtful lines may change class, but not come or go."""
    lines = distance(both.recounted, both.reported, bounded=both.bounded)
    more = both.reported.total - both.recounted.total
    return max(lines - both.doubtful, more if both.bounded else abs(more), 0)


def distance(recounted: Counts, reported: Counts, *, bounded: bool = False) -> int:
    """Return how many lines would have to change class, come or go, to make two counts equal.

    If ``bounded``, only lines that are reported and not recounted are wrong.
    """
    steps = [recounted.of(kind) - reported.of(kind) for kind in AuthorType]
    too_many = -sum(step for step in steps if step < 0)
    return too_many if bounded else max(too_many, sum(step for step in steps if step > 0))


def compare(
    counted: Counted,
    report: Report | None,
    runs: Mapping[str, Sequence[ReportedRun]] | None,
) -> Comparison:
    """Compare what was counted with a report, with the runs of ``provenance blame``, or both."""
    skipped = {path: file.problem for path, file in counted.files.items() if file.problem}
    stages: list[StageComparison] = []
    facts: list[Fact] = []
    missed: list[str] = []
    if report is not None:
        facts = list(_facts(counted, report))
        if report.unit in _UNITS:
            stages = list(_by_stage(counted, report, skipped))
        if report.unit != "line":
            missed.append(_BOUND if report.unit in _UNITS else _NO_LINES)
        if counted.sampled or skipped:
            missed.append("the head with nothing left out: not every file was counted again")
        else:
            stages.append(_everything(counted, report))
            stages += _since(counted, report)
        if report.records or counted.commits.landings:
            missed.append("commits by author type: records or branches speak for lines of some")
    if counted.commits.doubtful:
        said = sum(file.doubtful for file in counted.files.values())
        missed.append(
            f"author types of {said:,} lines: their {len(counted.commits.doubtful):,} commits"
            " have records in a form that is not read here"
        )
    lines: list[LineDifference] = []
    compared = 0
    if runs is not None:
        stage_of = {file.path: _group(file, report) for file in report.files} if report else {}
        for path in sorted((counted.files.keys() | _expected(counted, runs)) - skipped.keys()):
            mine = counted.files[path].runs if path in counted.files else ()
            theirs = runs.get(path, ())
            compared += max(_length(mine), _length(theirs))
            lines += _different(stage_of.get(path, UNLISTED), path, mine, theirs)
    return Comparison(
        facts=tuple(facts),
        stages=tuple(stages),
        lines=tuple(lines),
        lines_compared=compared,
        not_compared=tuple(missed),
        uncounted=tuple(sorted(skipped.items())),
    )


def _facts(counted: Counted, report: Report) -> Iterator[Fact]:
    commits = counted.commits
    yield Fact("measured commit", counted.head, report.head)
    yield Fact("date of the measured commit", commits.head_date, report.head_date)
    yield Fact("earliest date", commits.first_date, report.first_date)
    yield Fact("commits", str(len(commits.types)), str(report.commits))
    yield Fact("merges", str(commits.merges), str(report.merges))
    yield Fact("windows of flow with other commits", _windows(counted, report), NONE)
    if not report.records and not commits.landings:
        for kind in AuthorType:
            mine, theirs = commits.decided[kind], report.decided[kind.value]
            yield Fact(f"commits that are {kind.value}", str(mine), str(theirs))
    if report.unit != "character":
        sums: dict[str, Counts] = {TESTS: Counts()} | dict.fromkeys(report.by_stage, Counts())
        for file in report.files:
            sums[_group(file, report)] = sums.get(_group(file, report), Counts()) + file.counts
        told = {**report.by_stage, TESTS: report.tests}
        unequal = sorted(name for name in sums if sums[name] != told.get(name))
        yield Fact("stages that are not the sum of their files", NONE, ", ".join(unequal) or NONE)


def _windows(counted: Counted, report: Report) -> str:
    """Return the windows of flow that hold other commits than reported."""
    reached: dict[str, set[str]] = {}
    for window in report.flow:
        for oid in (window.start, window.end):
            if oid not in reached:
                reached[oid] = counted.commits.reached(oid)
    wrong = [
        window.label
        for window in report.flow
        if len(reached[window.end] - reached[window.start]) != window.commits
    ]
    return ", ".join(wrong) or NONE


def _since(counted: Counted, report: Report) -> Iterator[StageComparison]:
    """Yield the windows that end at the head: what they added is alive in what was counted."""
    if report.unit not in _UNITS:
        return
    inside = [file.path for file in report.files if file.facet in report.facets]
    files = [counted.files[path] for path in inside if path in counted.files]
    doubtful = sum(file.doubtful for file in files)
    for window in report.flow:
        if window.end == counted.head:
            old = counted.commits.reached(window.start)
            new = counted.commits.types.keys() - old
            mine = _sum(file.counts(cells_only=True, of=new) for file in files)
            yield StageComparison(
                stage=f"added {window.label}",
                files=len(files),
                recounted=mine,
                reported=window.counts,
                bounded=report.unit != "line",
                doubtful=doubtful,
            )


def _group(file: ReportedFile, report: Report) -> str:
    return file.stage if file.facet in report.facets else TESTS


def _by_stage(
    counted: Counted, report: Report, skipped: Mapping[str, str]
) -> Iterator[StageComparison]:
    """Yield every stage; of a sample, the sums are those of the files in it."""
    whole, bounded = not counted.sampled and not skipped, report.unit != "line"
    groups: dict[str, list[ReportedFile]] = defaultdict(list)
    for file in report.files:
        if whole or (file.path in counted.files and file.path not in skipped):
            groups[_group(file, report)].append(file)
    told = {**report.by_stage, TESTS: report.tests}
    for name in sorted(groups.keys() | (told.keys() if whole else set())):
        pairs = [(file, _recounted(counted, file.path)) for file in groups[name]]
        doubtful = {file.path: _doubtful(counted, file.path) for file, _ in pairs}
        found = (
            FileDifference(file.path, mine, file.counts, bounded, doubtful[file.path])
            for file, mine in pairs
        )
        different = [difference for difference in found if difference.apart]
        yield StageComparison(
            stage=name,
            files=len(pairs),
            recounted=_sum(mine for _, mine in pairs),
            reported=told.get(name, Counts()) if whole else _sum(f.counts for f, _ in pairs),
            different=tuple(sorted(different, key=lambda item: (-item.apart, item.path))),
            bounded=bounded,
            doubtful=sum(doubtful.values()),
        )


def _recounted(counted: Counted, path: str) -> Counts:
    """Return the lines of a file that a report lists; none where it has no lines here."""
    file = counted.files.get(path)
    return file.counts(cells_only=True) if file else Counts()


def _doubtful(counted: Counted, path: str) -> int:
    file = counted.files.get(path)
    return file.doubtful if file else 0


def _everything(counted: Counted, report: Report) -> StageComparison:
    """Return the head with nothing left out: of listed notebooks the cells, else every line."""
    listed = {file.path for file in report.files}
    mine = [file.counts(cells_only=path in listed) for path, file in counted.files.items()]
    doubtful = sum(file.doubtful for file in counted.files.values())
    return StageComparison(EVERYTHING, len(mine), _sum(mine), report.everything, doubtful=doubtful)


def _sum(parts: Iterable[Counts]) -> Counts:
    total = Counts()
    for part in parts:
        total += part
    return total


def _expected(counted: Counted, runs: Mapping[str, Sequence[ReportedRun]]) -> set[str]:
    """Return the paths of the other road that this one should have as well."""
    return set() if counted.sampled else set(runs)


def _length(runs: Sequence[TypedRun] | Sequence[ReportedRun]) -> int:
    return max((run.start + run.lines - 1 for run in runs), default=0)


def _sides(runs: Sequence[TypedRun] | Sequence[ReportedRun]) -> list[Side]:
    sides: list[Side] = []
    for run in runs:
        sides += [None] * (run.start - 1 - len(sides))
        sides += [(run.commit, run.author_type)] * run.lines
    return sides


def _different(
    stage: str, path: str, mine: Sequence[TypedRun], theirs: Sequence[ReportedRun]
) -> Iterator[LineDifference]:
    """Yield the runs of lines in which one road says something else."""
    doubtful = {n for run in mine if run.doubtful for n in range(run.start, run.start + run.lines)}
    pairs = enumerate(zip_longest(_sides(mine), _sides(theirs)), 1)
    for (one, other), group in groupby(pairs, key=itemgetter(1)):
        places = [number for number, _ in group]
        unsaid = one is not None and other is not None and one[0] == other[0]
        if one != other and not (unsaid and places[0] in doubtful):
            yield LineDifference(stage, path, places[0], len(places), one, other)
