"""A disclosed date of passing a share against the dates that the evidence allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from provenance.claims.disclosure import Crossing
from provenance.claims.series import Step
from provenance.claims.verdict import Outcome, Word
from provenance.claims.vocabulary import Direction

_ZERO, _ONE = Fraction(0), Fraction(1)


def judge(series: Sequence[Step], claim: Crossing, *, sustain: int) -> Outcome:
    """Return the outcome: the crossing lies between that of the ceiling and that of the floor.

    The true series lies between floor and ceiling, so it holds the threshold no earlier
    than the ceiling and no later than the floor.  What follows the last bin is unknown.
    """
    refused = _refusals(series, claim)
    if refused:
        return Outcome(Word.NOT_DECIDABLE, refused, needed=("measure a longer series",))
    earliest = _first(series, lambda step: _reaches(step, claim, sure=False), sustain, tail=True)
    latest = _first(series, lambda step: _reaches(step, claim, sure=True), sustain, tail=False)
    first = series[earliest] if earliest is not None else None
    last = series[latest] if latest is not None else None
    within = [step for step in series if step.last <= claim.window.last and step.figure]
    shown = within[-1] if within else None
    word, reasons, needed = _decide(first, last, claim)
    return Outcome(
        word=word,
        reasons=reasons,
        low=shown.figure.low if shown and shown.figure else None,
        high=shown.figure.high if shown and shown.figure else None,
        measured=shown.label if shown else "",
        needed=needed,
        between=(first.label, last.label if last else "") if first else None,
    )


def _refusals(series: Sequence[Step], claim: Crossing) -> tuple[str, ...]:
    if not series:
        return ("series_not_measured",)
    codes = []
    if series[-1].last < claim.window.last:
        codes.append("series_ends_early")
    if series[0].last >= claim.window.first:
        codes.append("series_starts_late")
    return tuple(codes)


def _decide(
    first: Step | None, last: Step | None, claim: Crossing
) -> tuple[Word, tuple[str, ...], tuple[str, ...]]:
    if first is None:
        return Word.CONTRADICTED, ("never_crossed",), ()
    if first.first > claim.window.last:
        return Word.CONTRADICTED, ("crossed_later",), ()
    if last is not None and last.last < claim.window.first:
        return Word.CONTRADICTED, ("crossed_earlier",), ()
    if last is not None and first.first >= claim.window.first and last.last <= claim.window.last:
        return Word.SUPPORTED, ("inside",), ()
    end = f"surely by {last.label}" if last else "not surely at all"
    return (
        Word.NOT_DECIDABLE,
        ("bounds_too_wide",),
        (f"better evidence around the window: crossed at the earliest in {first.label}, {end}",),
    )


def _reaches(step: Step, claim: Crossing, *, sure: bool) -> bool:
    low, high = step.figure.bounds if step.figure else (_ZERO, _ONE)
    if claim.direction is Direction.UP:
        return (low if sure else high) >= claim.threshold
    return (high if sure else low) <= claim.threshold


def _first(
    series: Sequence[Step], holds: Callable[[Step], bool], sustain: int, *, tail: bool
) -> int | None:
    """Return where the first run of ``sustain`` bins begins; ``tail`` is what follows the last."""
    run = sustain - 1 if tail else 0
    found: int | None = None
    for at in range(len(series) - 1, -1, -1):
        run = run + 1 if holds(series[at]) else 0
        if run >= sustain:
            found = at
    return found
