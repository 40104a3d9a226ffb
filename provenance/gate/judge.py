"""Hold figures against thresholds; every comparison is one of whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from provenance.gate.figures import Figures, Sample
from provenance.gate.thresholds import OWN, Figure, Side, Threshold

_BLOCKING: Final = "A"
_SEVERITY: Final = {
    Figure.FINDINGS_A: _BLOCKING,
    Figure.FINDINGS_B: "B",
    Figure.FINDINGS_C: "C",
}


@unique
class Result(StrEnum):
    """How one threshold fares."""

    HOLDS = "holds"
    """It is kept."""
    FAILS = "fails"
    """It is broken."""
    OPEN = "open"
    """The evidence does not decide it."""


@unique
class Word(StrEnum):
    """The verdict over all thresholds."""

    PASS = "PASS"  # noqa: S105 - a verdict, no secret
    """All hold."""
    FAIL = "FAIL"
    """At least one is broken."""
    INCONCLUSIVE = "INCONCLUSIVE"
    """None is broken, but at least one is not decided."""
    NO_GATE = "NO GATE"
    """Nothing is demanded."""


@dataclass(frozen=True, slots=True)
class Check:
    """One threshold and what was measured."""

    threshold: Threshold
    """What is demanded."""
    low: int
    """Least that the figure can be."""
    high: int
    """Most that it can be; differs from ``low`` only for figures that are intervals."""
    whole: int
    """Denominator of both; 1 for a number."""
    result: Result
    """How it fares."""
    why: str = ""
    """Why it is open, or holds without a figure; else empty."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that a gate says."""

    word: Word
    """The verdict."""
    checks: tuple[Check, ...]
    """One per threshold, in order."""
    blocked: str = ""
    """What forbids any verdict; empty when nothing does."""


def judge(figures: Figures, thresholds: Sequence[Threshold]) -> Verdict:
    """Hold the figures against every threshold.

    A finding that blocks verdicts leaves everything open, unless the number of such
    findings has a threshold of its own.
    """
    if not thresholds:
        return Verdict(Word.NO_GATE, ())
    checks = tuple(check(figures, threshold) for threshold in thresholds)
    results = {one.result for one in checks}
    asked = {threshold.figure for threshold in thresholds}
    blocking = sum(finding.severity == _BLOCKING for finding in figures.findings)
    blocked = ""
    if blocking and not asked & {Figure.FINDINGS, Figure.FINDINGS_A}:
        blocked = f"{blocking} finding{'s' if blocking > 1 else ''} of severity A"
    if Result.FAILS in results:
        return Verdict(Word.FAIL, checks, blocked)
    if Result.OPEN in results or blocked:
        return Verdict(Word.INCONCLUSIVE, checks, blocked)
    return Verdict(Word.PASS, checks)


def check(figures: Figures, threshold: Threshold) -> Check:
    """Hold the figures against one threshold."""
    if threshold.is_number:
        return _number(figures, threshold)
    sample = figures.whole
    if threshold.stage is not None:
        sample = figures.stages.get(threshold.stage, Sample())
    low, high, whole = _values(figures, sample, threshold.figure)
    if threshold.figure in OWN and not figures.own_known:
        return Check(threshold, low, high, whole, Result.OPEN, "no own families are configured")
    if whole == 0:
        return _nothing(figures, sample, threshold)
    result = _compare(threshold, low, high, whole)
    if threshold.figure is Figure.COVERAGE and threshold.side is Side.MIN:
        # what is not known can neither keep nor break a rule
        why = "" if result is Result.HOLDS else "too little evidence"
        return Check(threshold, low, high, whole, _softer(result), why)
    why = "the evidence allows both" if result is Result.OPEN else ""
    return Check(threshold, low, high, whole, result, why)


def _softer(result: Result) -> Result:
    return Result.OPEN if result is Result.FAILS else result


def _nothing(figures: Figures, sample: Sample, threshold: Threshold) -> Check:
    """Judge a share of nothing: a change may add nothing, a report must hold something."""
    if threshold.figure is Figure.NAMED_MODEL and sample.counts.total:
        return Check(threshold, 0, 0, 0, Result.HOLDS, "no AI or assisted lines")
    if figures.is_change:
        return Check(threshold, 0, 0, 0, Result.HOLDS, "nothing added")
    why = "of changes only" if threshold.figure is Figure.SET_ASIDE else "nothing to measure"
    return Check(threshold, 0, 0, 0, Result.OPEN, why)


def _compare(threshold: Threshold, low: int, high: int, whole: int) -> Result:
    """Compare ``low / whole`` to ``high / whole`` with the threshold, on integers."""
    limit = threshold.part * whole
    least, most = low * threshold.whole, high * threshold.whole
    if threshold.side is Side.MIN:
        holds, fails = least >= limit, most < limit
    else:
        holds, fails = most <= limit, least > limit
    return Result.HOLDS if holds else Result.FAILS if fails else Result.OPEN


_Pair = Callable[[Sample], tuple[int, int]]
_PAIRS: Final[Mapping[Figure, _Pair]] = {
    Figure.AI: lambda sample: (sample.counts.floor, sample.counts.ceiling),
    Figure.FLOOR: lambda sample: (sample.counts.floor,) * 2,
    Figure.DECLARED: lambda sample: (sample.counts.declared,) * 2,
    Figure.CEILING: lambda sample: (sample.counts.ceiling,) * 2,
    Figure.COVERAGE: lambda sample: (sample.counts.covered,) * 2,
    Figure.OWN: lambda sample: (sample.own.floor, sample.own.ceiling),
    Figure.OWN_FLOOR: lambda sample: (sample.own.floor,) * 2,
    Figure.OWN_DECLARED: lambda sample: (sample.own.declared,) * 2,
    Figure.OWN_CEILING: lambda sample: (sample.own.ceiling,) * 2,
    Figure.UNCLASSIFIED: lambda sample: (sample.unclassified,) * 2,
}


def _values(figures: Figures, sample: Sample, figure: Figure) -> tuple[int, int, int]:
    """Return the least and the most that a share can be, over its denominator."""
    if figure is Figure.NAMED_MODEL:
        return sample.named, sample.named, sample.counts.declared
    if figure is Figure.SET_ASIDE:
        return figures.aside, figures.aside, figures.added
    return *_PAIRS[figure](sample), sample.counts.total


def _number(figures: Figures, threshold: Threshold) -> Check:
    if threshold.figure is Figure.UNMEASURED:
        low = high = figures.unmeasured
    else:
        severity = _SEVERITY.get(threshold.figure)
        low = sum(severity in {None, finding.severity} for finding in figures.findings)
        high = low + figures.unplaced
    if low > threshold.part:
        return Check(threshold, low, high, 1, Result.FAILS)
    if high > threshold.part:
        why = "not every place of a finding is listed"
        return Check(threshold, low, high, 1, Result.OPEN, why)
    return Check(threshold, low, high, 1, Result.HOLDS)
