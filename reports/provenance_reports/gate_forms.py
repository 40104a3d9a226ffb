"""A verdict as text, Markdown and JSON: the word first, then the numbers that made it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from provenance.gate.judge import Check, Result, Verdict
from provenance.gate.thresholds import Side, Threshold
from provenance.gate.trial import Trial
from provenance.terms.counts import Share
from provenance_reports import change_forms, json_v1, markdown, words
from provenance_reports.change import Change
from provenance_reports.document import Document
from provenance_reports.markdown import plain
from provenance_reports.tables import worded

FORMAT: Final = "provenance-gate/1"
_RESULTS: Final = {Result.HOLDS: "holds", Result.FAILS: "FAILS", Result.OPEN: "NOT DECIDED"}
_NAMED_IN_SHORT: Final = 4
_FINEST: Final = 6


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged, by whose thresholds, and the verdict."""

    subject: Document | Change
    """The report or the change."""
    verdict: Verdict
    """What the gate says."""
    informational: bool
    """Whether it is only said."""
    origin: str
    """Where the thresholds come from (hostile text)."""


def text(judged: Judged) -> str:
    """Return the verdict for a terminal or a log."""
    rows = [(told(c), said(c), _RESULTS[c.result]) for c in judged.verdict.checks]
    table = worded(rows)
    about = [_about(judged), *([f"Thresholds: {_origin(judged)}"] if rows else [])]
    parts = [[_first(judged)], table, about]
    if judged.verdict.blocked:
        parts.insert(1, [f"No verdict: {judged.verdict.blocked}."])
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def short(judged: Judged) -> str:
    """Return at most fifteen lines of Markdown: the verdict above the figures."""
    unkept = [c for c in judged.verdict.checks if c.result is not Result.HOLDS]
    above = [f"**{_first(judged)}**"]
    if judged.verdict.checks:
        above.append(f"Thresholds of {plain(_origin(judged), 120)}.")
    above += [f"- {_line(check)}" for check in unkept[:_NAMED_IN_SHORT]]
    if len(unkept) > _NAMED_IN_SHORT:
        above.append(f"- {len(unkept) - _NAMED_IN_SHORT} more")
    if judged.verdict.blocked:
        above.append(f"- No verdict: {judged.verdict.blocked}.")
    above.append("")
    if isinstance(judged.subject, Change):
        return change_forms.markdown(judged.subject, above=above)
    return markdown.render(judged.subject, above=above)


def as_json(judged: Judged) -> str:
    """Return the verdict as JSON: integers only."""
    subject = judged.subject
    about: dict[str, Any] = {"kind": "change" if isinstance(subject, Change) else "report"}
    if isinstance(subject, Change):
        about["base"] = subject.difference.base.commit
        about["head"] = subject.difference.head.commit
    else:
        about["base"] = None
        about["head"] = subject.measurement.repository.head
    return json_v1.canonical(
        {
            "format": FORMAT,
            "verdict": judged.verdict.word.value,
            "informational": judged.informational,
            "subject": about,
            "thresholds_from": judged.origin,
            "blocked": judged.verdict.blocked,
            "checks": [_check(check) for check in judged.verdict.checks],
        }
    )


def trials(tried: list[tuple[str, Trial]]) -> str:
    """Say of each threshold whether it can fail."""
    bad = sum(not trial.succeeds for _, trial in tried)
    number = words.count(len(tried), "threshold")
    first = f"FAIL: {bad} of {number} cannot fail" if bad else f"PASS: each of {number} can fail"
    rows = [(f"{section}: {told(t.threshold)}", *_trial(t)) for section, t in tried]
    return "\n".join([first, "", *worded(rows)]) + "\n"


def told(asked: Check | Threshold) -> str:
    """Return a demand in words, as in ``evaluation.coverage at least 60 %``."""
    threshold = asked.threshold if isinstance(asked, Check) else asked
    side = "at least" if threshold.side is Side.MIN else "at most"
    return f"{threshold.name} {side} {threshold.limit}"


def said(check: Check) -> str:
    """Return what was measured, with the integers behind it."""
    if check.threshold.is_number:
        found = words.group(check.low)
        found += f" to {words.group(check.high)}" if check.high > check.low else ""
    elif not check.whole:
        return check.why
    elif check.low == check.high:
        found = f"{_percent(check, check.low)} ({_of(check, words.group(check.low))})"
    else:
        span = f"{words.group(check.low)} to {words.group(check.high)}"
        found = f"{_percent(check, check.low)} to {_percent(check, check.high)}"
        found = f"{found} ({_of(check, span)})"
    return f"{found}; {check.why}" if check.why else found


def _of(check: Check, part: str) -> str:
    return f"{part} of {words.group(check.whole)}"


def _line(check: Check) -> str:
    return f"{told(check)}: {_RESULTS[check.result]}, {said(check)}"


def _first(judged: Judged) -> str:
    checks = judged.verdict.checks
    if not checks:
        return f"{judged.verdict.word.value}: no threshold is set"
    kept = sum(check.result is Result.HOLDS for check in checks)
    only = " (informational)" if judged.informational else ""
    return (
        f"{judged.verdict.word.value}{only}: {kept} of {words.count(len(checks), 'threshold')} "
        f"{'holds' if kept == 1 else 'hold'}"
    )


def _origin(judged: Judged) -> str:
    return words.visible(judged.origin, 120)


def _about(judged: Judged) -> str:
    subject = judged.subject
    if isinstance(subject, Change):
        base, head = subject.difference.base.commit, subject.difference.head.commit
        return f"Judged: what is added from {base[:12]} to {head[:12]}"
    return f"Judged: the live code at {subject.measurement.repository.head[:12]}"


def _check(check: Check) -> dict[str, Any]:
    threshold = check.threshold
    return {
        "figure": threshold.figure.value,
        "stage": threshold.stage.value if threshold.stage else None,
        "side": threshold.side.value,
        "limit": [threshold.part, threshold.whole],
        "low": check.low,
        "high": check.high,
        "whole": check.whole,
        "result": check.result.value,
        "why": check.why,
    }


def _trial(trial: Trial) -> tuple[str, str]:
    kept = f"{_part(trial, trial.edge)} {_word(trial.kept)}"
    if trial.broken is None:
        return kept, "nothing lies beyond: it cannot fail"
    beyond = trial.edge - 1 if trial.threshold.side is Side.MIN else trial.edge + 1
    return kept, f"{_part(trial, beyond)} {_word(trial.broken)}"


def _part(trial: Trial, part: int) -> str:
    of = "" if trial.threshold.is_number else f" of {words.group(trial.whole)}"
    return f"{words.group(part)}{of}"


def _word(verdict: Verdict) -> str:
    return verdict.word.value


def _percent(check: Check, part: int) -> str:
    """Return a share with as many digits as tell it from the limit."""
    if part in {0, check.whole}:
        return words.percent(part, check.whole, 0)
    limit = Fraction(check.threshold.part, check.threshold.whole)
    for places in range(1, _FINEST):
        shown = Share(part, check.whole).percent(places)
        if Fraction(shown.removesuffix(" %")) != limit * 100:
            break
        if Fraction(part, check.whole) == limit:
            return words.percent(part, check.whole, 1)
    return shown
