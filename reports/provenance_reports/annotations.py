"""Findings and failed checks as GitHub workflow commands: one harmless line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from provenance.gate.judge import Check, Result, Verdict
from provenance.metrics.measurement import Finding
from provenance_reports import words
from provenance_reports.gate_forms import said, told

LEVELS: Final = {"A": "error", "B": "warning", "C": "notice"}
"""Level of an annotation by the severity of the finding."""
_MOST: Final = 10
_PLACE: Final = re.compile(r"(?P<path>.+):(?P<line>[1-9]\d{0,9})\Z", re.DOTALL | re.ASCII)
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


def render(findings: Iterable[Finding], verdict: Verdict | None = None) -> str:
    """Return the commands: first what a gate says, then the findings, ten of each level.

    Hosts show no more than ten of a level, so the last line of a level says how many are
    left out.
    """
    lines = [*_verdict(verdict)] if verdict else []
    by_level: dict[str, list[Finding]] = {level: [] for level in LEVELS.values()}
    for finding in findings:
        by_level[LEVELS.get(finding.severity, "notice")].append(finding)
    for level, several in by_level.items():
        lines += [_finding(level, finding) for finding in several[:_MOST]]
        if len(several) > _MOST:
            lines.append(_line(level, f"{len(several) - _MOST} more findings of this level", {}))
    return "".join(f"{line}\n" for line in lines)


def split(place: str) -> tuple[str, int] | None:
    """Return path and line of a place in a file; ``None`` for commits and the like."""
    found = _PLACE.match(place)
    return (found["path"], int(found["line"])) if found else None


def is_commit(place: str) -> bool:
    """Whether a place is a full commit id."""
    return bool(_COMMIT.match(place))


def _verdict(verdict: Verdict) -> Iterator[str]:
    level = {Result.FAILS: "error", Result.OPEN: "warning"}
    for check in verdict.checks:
        if check.result in level:
            yield _line(level[check.result], _check(check), {"title": f"gate {verdict.word}"})
    if verdict.blocked:
        yield _line("warning", f"No verdict: {verdict.blocked}", {"title": f"gate {verdict.word}"})


def _check(check: Check) -> str:
    return f"{told(check)}: {said(check)}"


def _finding(level: str, finding: Finding) -> str:
    properties: dict[str, str] = {}
    located = next((spot for place in finding.places if (spot := split(place))), None)
    if located:
        properties = {"file": located[0], "line": str(located[1])}
    properties["title"] = f"{finding.id} ({words.count(finding.count, 'place')})"
    return _line(level, f"{finding.title}{_commits(finding.places)}", properties)


def _commits(places: Sequence[str]) -> str:
    commits = [place[:12] for place in places if is_commit(place)]
    return f" (commits {', '.join(commits[:3])}{', ...' if len(commits) > 3 else ''})" * bool(
        commits
    )


def _line(level: str, message: str, properties: dict[str, str]) -> str:
    """Return one command; what would end a line or a field is escaped as the host reads it."""
    fields = ",".join(f"{name}={_field(value)}" for name, value in properties.items())
    return f"::{level}{' ' + fields if fields else ''}::{_data(words.visible(message, 1000))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _field(text: str) -> str:
    shown = words.visible(text, 1000)
    return _data(shown).replace(":", "%3A").replace(",", "%2C")
