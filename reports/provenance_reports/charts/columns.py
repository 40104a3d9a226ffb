"""Stacked columns, one per window, and the row of places they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from provenance_reports import words
from provenance_reports.charts.scale import WIDTH, percent, spot
from provenance_reports.document import Interval, Window

_MOST_COLUMNS: Final = 84
_MOST_MISSING: Final = 2_400
_NARROW_LABELS: Final = 5
_PADDING: Final = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One window of a column chart, as a place to point at."""

    x: str
    """Left edge, percent."""
    middle: str
    """Middle, percent."""
    width: str
    """Width, percent."""
    text: str
    """Label under the column."""
    title: str
    """The figures in words."""
    minor: bool
    """Whether a narrow screen leaves the label out."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns from 0 to 100 %, one per window."""

    height: int
    """Height of the plot in pixels."""
    ai: str
    """Path below the floor."""
    assisted: str
    """Path from floor to declared."""
    rest: str
    """Path from the ceiling to 100 %."""
    blank: str
    """Path between the columns."""
    columns: tuple[Column, ...]
    """Places to point at, with their labels."""
    first: int
    """Place of the first column in the table beneath, for the script."""
    last: int
    """Place after the last column in the table beneath."""


def draw(
    windows: Sequence[tuple[str, str, Interval]],
    *,
    height: int,
    most_labels: int = 40,
    first: int = 0,
) -> Columns:
    """Return one column per (label, title, figures), evenly spaced; nothing where nothing is."""
    count = max(1, len(windows))
    paths: dict[str, list[str]] = {"ai": [], "assisted": [], "rest": [], "blank": []}
    places: list[Column] = []
    every = (count + most_labels - 1) // most_labels
    edge = 0
    for at, (label, title, interval) in enumerate(windows):
        left, right = WIDTH * at // count, WIDTH * (at + 1) // count
        pad = (right - left) * _PADDING // 100
        if interval.whole:
            place = spot(0, interval, height)
            start, end = left + pad, right - pad
            steps = (("ai", place.floor, height * 10), ("assisted", place.declared, place.floor))
            for kind, top, bottom in (*steps, ("rest", 0, place.ceiling)):
                paths[kind].append(_box(start, top, end, bottom))
            paths["blank"].append(_box(edge, 0, start, height * 10))
            edge = end
        places.append(
            Column(
                x=percent(left),
                middle=percent((left + right) // 2),
                width=percent(right - left),
                text=label if (count - 1 - at) % every == 0 else "",
                title=title,
                minor=(count - 1 - at) % (every * max(1, -(-count // every // _NARROW_LABELS)))
                != 0,
            )
        )
    paths["blank"].append(_box(edge, 0, WIDTH, height * 10))
    joined = {kind: "".join(parts) for kind, parts in paths.items()}
    return Columns(
        height=height, columns=tuple(places), first=first, last=first + len(windows), **joined
    )


def _box(left: int, top: int, right: int, bottom: int) -> str:
    if right <= left or bottom <= top:
        return ""
    return f"M{left} {top}h{right - left}v{bottom - top}h{left - right}z"


def slots(days: Sequence[tuple[str, int]]) -> tuple[int | None, ...]:
    """Return the places of (kind, ordinal day) in a row of equal columns; ``None`` is a gap."""
    row: list[int | None] = []
    for at, (kind, day) in enumerate(days):
        if at:
            before = days[at - 1][1]
            row += [None] * min(_MOST_MISSING, _missing(kind, before, day))
        row.append(at)
    return tuple(row)


def _missing(kind: str, before: int, day: int) -> int:
    if not before or not day:
        return 0
    if kind == "week":
        return max(0, (day - before) // 7 - 1)
    earlier, later = date.fromordinal(before), date.fromordinal(day)
    return max(0, (later.year - earlier.year) * 12 + later.month - earlier.month - 1)


def sampled(row: Sequence[int | None]) -> tuple[int | None, ...]:
    """Return at most some eighty columns, evenly chosen, ending at the last; never averaged."""
    step = -(-len(row) // _MOST_COLUMNS) if row else 1
    return tuple(reversed(row[::-1][::step]))


def title(window: Window) -> str:
    """Return the figures of a window in words."""
    return (
        f"{words.visible(window.start, 40)} to {words.visible(window.label, 40)}: "
        f"{words.span(window.alive)} of {words.group(window.alive.whole)} lines"
    )
