"""A disclosed share against a measured interval."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from provenance.claims.disclosure import Region
from provenance.claims.figures import Figure
from provenance.claims.verdict import Outcome, Word

_NORMAL_95: Final = Fraction(38416, 10000)
"""Square of 1.96, the two-sided 95 % point of the normal distribution."""
_TEN_POINTS: Final = Fraction(1, 10)


def compare(low: Fraction, high: Fraction, region: Region) -> Word:
    """Return whether an interval lies inside a region, outside it, or neither."""
    if _inside(low, region) and _inside(high, region):
        return Word.SUPPORTED
    below = high < region.low or (region.low_open and high == region.low)
    above = low > region.high or (region.high_open and low == region.high)
    return Word.CONTRADICTED if below or above else Word.NOT_DECIDABLE


def _inside(share: Fraction, region: Region) -> bool:
    if share < region.low or share > region.high:
        return False
    return not (
        (region.low_open and share == region.low) or (region.high_open and share == region.high)
    )


def judge(figure: Figure, region: Region) -> Outcome:
    """Return the outcome of one figure, and what would decide it when it does not."""
    low, high = figure.bounds
    word = compare(low, high, region)
    reasons: tuple[str, ...]
    needed: tuple[str, ...] = ()
    if word is Word.SUPPORTED:
        reasons = ("inside",)
    elif word is Word.CONTRADICTED:
        over = high < region.low or (region.low_open and high == region.low)
        reasons = ("overstates" if over else "understates",)
        gap = region.low - high if over else low - region.high
        needed = (f"the nearest share that evidence allows is {tenths(gap)} points away",)
    elif compare(*figure.near_bounds, region) is Word.NOT_DECIDABLE:
        reasons, needed = ("bounds_too_wide",), _narrower(figure, low, high, region)
    else:
        reasons = ("stage_unsure",)
        needed = (f"pin the stage of {figure.unsure:,} lines in provenance.toml",)
    return Outcome(word=word, reasons=reasons, low=figure.low, high=figure.high, needed=needed)


def _narrower(figure: Figure, low: Fraction, high: Fraction, region: Region) -> tuple[str, ...]:
    """Say how far each end must move, and how many lines a review would have to look at."""
    steps = []
    if low < region.low or (region.low_open and low == region.low):
        steps.append(f"raise the floor by {tenths(region.low - low)} points")
    if high > region.high or (region.high_open and high == region.high):
        steps.append(f"lower the ceiling by {tenths(high - region.high)} points")
    support = f"to support it, {' and '.join(steps)}"
    against = []
    if high >= region.low and region.low > 0:
        against.append(f"lower the ceiling by more than {tenths(high - region.low)} points")
    if low <= region.high and region.high < 1:
        against.append(f"raise the floor by more than {tenths(region.high - low)} points")
    said = (support, f"to contradict it, {' or '.join(against)}") if against else (support,)
    return (*said, *_review(figure, region)) if figure.open else said


def _review(figure: Figure, region: Region) -> tuple[str, ...]:
    """Say how many open lines to review so that the interval gets as narrow as the claim.

    The number is that of a simple random sample with a 95 % interval, by the normal
    approximation at its widest; a claim without a width is given ten points.
    """
    one_sided = region.low == 0 or region.high == 1
    width = _TEN_POINTS if one_sided else region.high - region.low
    if width:
        lines = _up(_NORMAL_95 * (Fraction(figure.open, figure.whole) / width) ** 2)
        if lines < figure.open:
            return (f"or review about {lines:,} of the {figure.open:,} open lines",)
    return (f"or review all {figure.open:,} open lines",)


def _up(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


def tenths(gap: Fraction) -> str:
    """Return a distance in percentage points to one decimal, rounded up, never ``0.0``."""
    whole, rest = divmod(max(1, _up(gap * 1000)), 10)
    return f"{whole}.{rest}"
