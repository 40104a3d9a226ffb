"""Places on a chart: integers in, short strings for SVG out.

The width of a plot follows the page: horizontal places are percentages (two decimals) or
ten-thousandths inside a stretched inner picture, vertical places are pixels (tenths
inside the inner picture).  No float is used, so bytes are reproducible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from provenance_reports.document import Interval

WIDTH: Final = 10_000
"""Inner width: one hundredth of a percent of the plot."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A word or line at a horizontal place."""

    x: str
    """Percent of the plot, for example ``12.50%``."""
    text: str
    """The word."""
    anchor: str
    """``start``, ``middle`` or ``end``."""
    minor: bool
    """Whether a narrow screen leaves it out."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of an interval bar."""

    x: str
    """Left end, percent."""
    width: str
    """Width, percent."""
    kind: str
    """``ai``, ``assisted``, ``open`` or ``rest``."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The four figures at one horizontal place, in inner coordinates (0 is the top)."""

    x: int
    """Horizontal place."""
    floor: int
    """Height of the floor."""
    declared: int
    """Height of the declared share."""
    ceiling: int
    """Height of the ceiling."""
    cover: int
    """Height of coverage."""


def hundredths(part: int, whole: int) -> int:
    """Return ``part`` of ``whole`` in hundredths of a percent, rounded."""
    return (part * WIDTH * 2 + whole) // (whole * 2) if whole else 0


def percent(place: int) -> str:
    """Return hundredths of a percent as an SVG length."""
    whole, rest = divmod(place, 100)
    if not rest:
        return f"{whole}%"
    return f"{whole}.{rest:02d}".rstrip("0") + "%"


def bar(interval: Interval) -> tuple[Segment, ...]:
    """Return the stretches of an interval bar from 0 to 100 %."""
    whole = interval.whole
    stops = [hundredths(part, whole) for part in (interval.floor, interval.declared)]
    ends = [0, *stops, hundredths(interval.ceiling, whole), WIDTH]
    kinds = ("ai", "assisted", "open", "rest")
    return tuple(
        Segment(percent(left), percent(right - left), kind)
        for kind, left, right in zip(kinds, ends, ends[1:], strict=False)
        if right > left and whole
    )


def down(part: int, whole: int, height: int) -> int:
    """Return the tenths of a pixel from the top for ``part`` of ``whole``."""
    return height * 10 - (part * height * 20 + whole) // (whole * 2)


def spot(x: int, interval: Interval, height: int) -> Spot:
    """Return the figures of an interval over a denominator that is not 0."""
    whole = interval.whole
    return Spot(
        x,
        down(interval.floor, whole, height),
        down(interval.declared, whole, height),
        down(interval.ceiling, whole, height),
        down(interval.covered, whole, height),
    )


def anchor(x: int, edge: int) -> str:
    """Return the text anchor that keeps a word at ``x`` inside the plot."""
    if x < edge:
        return "start"
    return "end" if x > WIDTH - edge else "middle"
