"""What a recount needs of ``report.json`` and of ``provenance blame -f jsonl``, read as data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from provenance.errors import UsageError
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts

FORMAT = "provenance-report/1"
_MOST_LINES = 1 << 26


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """One file of a report."""

    path: str
    """Path (hostile text)."""
    stage: str
    """Stage it was given; the recount takes it over."""
    facet: str
    """Facet it was given; the recount takes it over."""
    lines: int
    """Lines in the unit ``line``."""
    counts: Counts
    """By author type, in the unit of the report."""


@dataclass(frozen=True, slots=True)
class ReportedWindow:
    """Lines added between two points."""

    label: str
    """Where it starts and ends."""
    start: str
    """Full id at which it starts, exclusive; empty for the root."""
    end: str
    """Full id at which it ends."""
    commits: int
    """Commits in it."""
    counts: Counts
    """Lines added in it and alive at its end, in the unit of the report."""


@dataclass(frozen=True, slots=True)
class Report:
    """The part of a report that can be counted again."""

    head: str
    """Full id of the measured commit."""
    unit: str
    """Unit of the counts."""
    lens: str
    """How edits were seen."""
    facets: frozenset[str]
    """Facets in the denominator."""
    cutoff: str | None
    """Date before which lines count as ``predates_ai``."""
    commits: int
    """Commits reachable from the head."""
    merges: int
    """Of which merges."""
    head_date: str
    """Commit date of the head."""
    first_date: str
    """Earliest commit date."""
    files: tuple[ReportedFile, ...]
    """Files in the denominator, and tests."""
    by_stage: Mapping[str, Counts]
    """The head by stage, in the unit of the report."""
    tests: Counts
    """Test code at the head, in the unit of the report."""
    everything: Counts
    """The head with nothing left out, unit ``line``."""
    flow: tuple[ReportedWindow, ...]
    """Windows in the report's order."""
    decided: Mapping[str, int]
    """Commits by author type."""
    records: bool
    """Whether line-level records decided anything."""


@dataclass(frozen=True, slots=True)
class ReportedRun:
    """Consecutive lines of one file, as ``provenance blame`` prints them."""

    start: int
    """Number of the first line, from 1."""
    lines: int
    """How many."""
    commit: str | None
    """The commit; ``None`` where the clone lacks what would tell."""
    author_type: AuthorType
    """Who wrote them."""


def read_report(text: str) -> Report:
    """Read a report.

    Raises:
        UsageError: it is not one.

    """
    try:
        raw = json.loads(text)
        if raw["format"] != FORMAT:
            raise _unreadable(f"its format is not {FORMAT}")
        return _report(raw)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _unreadable(f"{type(error).__name__}: {str(error)[:100]}") from error


def _report(raw: Mapping[str, Any]) -> Report:
    definition, repository, head = raw["definition"], raw["repository"], raw["stock"][-1]
    decided = dict.fromkeys((kind.value for kind in AuthorType), 0)
    for step in raw["ladder"]:
        decided[step["author_type"]] += int(step["commits"])
    return Report(
        head=str(head["commit"]),
        unit=str(definition["unit"]),
        lens=str(definition["lens"]),
        facets=frozenset(definition["facets"]),
        cutoff=_day(definition["predates_cutoff"]),
        commits=int(repository["commits"]),
        merges=int(repository["merges"]),
        head_date=str(repository["head_date"]),
        first_date=str(repository["first_date"]),
        files=tuple(
            ReportedFile(
                str(item["path"]),
                str(item["stage"]),
                str(item["facet"]),
                int(item["lines"]),
                _counts(item["counts"]),
            )
            for item in raw["files"]
        ),
        by_stage={
            str(name): _counts(figures["counts"]) for name, figures in head["by_stage"].items()
        },
        tests=_counts(head["tests"]),
        everything=_counts(raw["everything"]),
        flow=tuple(
            ReportedWindow(
                label=f"{item['from']} to {item['to']}",
                start=str(item["from_commit"]),
                end=str(item["to_commit"]),
                commits=int(item["commits"]),
                counts=_counts(item["counts"]),
            )
            for item in raw["flow"]
        ),
        decided=decided,
        records=any(int(item["commits"]) for item in raw.get("records", ())),
    )


def _day(said: str | None) -> str | None:
    return None if said is None else date.fromisoformat(said[:10]).isoformat()


def _counts(raw: Mapping[str, Any]) -> Counts:
    return Counts(**{kind.value: int(raw.get(kind.value, 0)) for kind in AuthorType})


def read_runs(lines: Iterable[str]) -> dict[str, list[ReportedRun]]:
    """Read the runs that ``provenance blame --all -f jsonl`` prints, by path.

    Raises:
        UsageError: a line is something else.

    """
    found: dict[str, list[ReportedRun]] = {}
    for number, line in enumerate(lines, 1):
        try:
            raw = json.loads(line)
            run = ReportedRun(
                int(raw["start"]), int(raw["lines"]), raw["commit"], AuthorType(raw["author_type"])
            )
            before = found.setdefault(str(raw["path"]), [])
            after = before[-1].start + before[-1].lines if before else 1
            if run.start != after or not 0 < run.lines < _MOST_LINES:
                raise ValueError(raw["start"])  # noqa: TRY301 - told like any other wrong line
            before.append(run)
        except (ValueError, LookupError, TypeError) as error:
            raise UsageError(
                f"line {number} is no run of lines: {type(error).__name__}",
                slug="runs-unreadable",
                hint="give what this prints: provenance blame --all -f jsonl",
            ) from error
    return found


def _unreadable(why: str) -> UsageError:
    return UsageError(
        f"the report cannot be read: {why}",
        slug="report-unreadable",
        hint="give the report.json that provenance measure wrote, unchanged",
    )
