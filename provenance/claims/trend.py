"""A disclosed change of pace: every series that the bounds allow, exactly.

The change d of slope (or level) at an event is linear in the series: d = sum of c_i y_i.
Over all series inside the bounds it lies between the sums that take, at each bin, the end
that makes d least or greatest.  Shares are fractions and the c_i are fractions, so both
ends are exact; logarithms are rounded outwards at the thirtieth decimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Final

from provenance.claims import noise
from provenance.claims.disclosure import Reading
from provenance.claims.figures import Figure
from provenance.claims.series import Step
from provenance.claims.verdict import Outcome, Word
from provenance.claims.vocabulary import Basis, Effect, Scale
from provenance.terms.counts import Share

LONGEST_SIDE: Final = 52
"""Weeks on each side of the event that are looked at: a straight line holds no longer."""
_GRAIN: Final = Decimal("1e-30")
_WIDE: Final = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Bounded:
    """One week as the test sees it."""

    time: int
    """Number of the week, the event's own being 0."""
    low: Fraction
    """Least value on the scale."""
    high: Fraction
    """Greatest value on the scale."""


def around(steps: Sequence[Step], event: int) -> list[tuple[int, Figure]]:
    """Return the weeks with lines near the week of the event, numbered from it."""
    return [
        (at - event, step.figure)
        for at, step in enumerate(steps)
        if step.figure and abs(at - event) <= LONGEST_SIDE
    ]


def judge(weeks: Sequence[tuple[int, Figure]], reading: Reading, effect: Effect) -> Outcome:
    """Return the outcome for weeks numbered from the event."""
    middle = weeks[-1][1]
    bounded = [_on_scale(time, figure, reading.scale) for time, figure in weeks]
    known = [week for week in bounded if week is not None]
    if len(known) < len(bounded):
        return Outcome(
            Word.NOT_DECIDABLE,
            ("scale_unbounded",),
            middle.low,
            middle.high,
            needed=(f"evidence for the open lines of {len(bounded) - len(known)} weeks",),
        )
    weights = coefficients([week.time for week in known], effect)
    least, greatest = identified(known, weights)
    word, reasons, needed = _decide(known, weights, (least, greatest), reading, effect)
    return Outcome(word, reasons, middle.low, middle.high, needed=needed, change=(least, greatest))


def _decide(
    weeks: Sequence[Bounded],
    weights: Sequence[Fraction],
    ends: tuple[Fraction, Fraction],
    reading: Reading,
    effect: Effect,
) -> tuple[Word, tuple[str, ...], tuple[str, ...]]:
    least, greatest = ends
    if greatest <= 0:
        return Word.CONTRADICTED, ("no_increase",), ()
    if least <= 0:
        return (
            Word.NOT_DECIDABLE,
            ("bounds_too_wide",),
            ("evidence for the open lines on both sides of the event",),
        )
    if reading.quantity.basis is Basis.STOCK:
        return Word.NOT_DECIDABLE, ("stock_remembers",), ("a reading of new code: basis = flow",)
    times = [week.time for week in weeks]
    worst = [w.low if c > 0 else w.high for w, c in zip(weeks, weights, strict=True)]
    for values in ([w.low for w in weeks], [w.high for w in weeks], worst):
        if not noise.stands_out(times, values, effect):
            return Word.NOT_DECIDABLE, ("noise",), ("more weeks after the event",)
    return Word.SUPPORTED, ("inside",), ()


def identified(weeks: Sequence[Bounded], weights: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest change over every series inside the bounds."""
    least = greatest = Fraction(0)
    for week, weight in zip(weeks, weights, strict=True):
        ends = (week.low, week.high) if weight > 0 else (week.high, week.low)
        least += weight * ends[0]
        greatest += weight * ends[1]
    return least, greatest


def coefficients(times: Sequence[int], effect: Effect) -> list[Fraction]:
    """Return c_i: the least squares change at time 0 is the sum of c_i y_i."""
    shape = [noise.hinge(time, effect) for time in times]
    count, total, squares = len(times), sum(times), sum(time * time for time in times)
    spread = count * squares - total * total
    product = sum(time * bend for time, bend in zip(times, shape, strict=True))
    slope = Fraction(count * product - total * sum(shape), spread)
    level = (sum(shape) - slope * total) / count
    rest = [bend - level - slope * time for time, bend in zip(times, shape, strict=True)]
    length = sum(part * bend for part, bend in zip(rest, shape, strict=True))
    return [part / length for part in rest]


def _on_scale(time: int, figure: Figure, scale: Scale) -> Bounded | None:
    low, high = figure.low, figure.high
    if scale is Scale.AI_LINES:
        return Bounded(time, Fraction(low.part), Fraction(high.part))
    if scale is Scale.SHARE:
        return Bounded(time, *figure.bounds)
    if not (0 < low.part < low.whole and 0 < high.part < high.whole):
        return None
    return Bounded(time, _logit(low, rounding=ROUND_FLOOR), _logit(high, rounding=ROUND_CEILING))


def _logit(share: Share, *, rounding: str) -> Fraction:
    odds = _WIDE.subtract(
        _WIDE.ln(Decimal(share.part)), _WIDE.ln(Decimal(share.whole - share.part))
    )
    return Fraction(odds.quantize(_GRAIN, rounding=rounding, context=_WIDE))
