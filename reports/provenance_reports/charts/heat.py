"""The map of stages by month: one colour class per cell, hatched where little is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from provenance_reports import words
from provenance_reports.charts.scale import WIDTH, Tick, percent
from provenance_reports.document import Point

_LIMITS: Final = (10, 25, 50)


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of one stage."""

    x: str
    """Left edge, percent."""
    width: str
    """Width, percent."""
    kind: str
    """CSS class of the share."""
    title: str
    """The figures in words."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring months in which fewer than half of the lines carry evidence."""

    x: str
    """Left edge, percent."""
    width: str
    """Width, percent."""


def cells(
    points: Sequence[Point], row: Sequence[int | None], *, name: str, figure: str
) -> tuple[Cell, ...]:
    """Return one cell per column of ``row``; gaps and times without lines have none.

    ``figure`` is ``floor`` or ``declared``: what the colour tells.
    """
    return tuple(
        Cell(
            x=percent(left),
            width=percent(right - left),
            kind=f"h{class_of(getattr(point.ai, figure), point.ai.whole)}",
            title=f"{name}, {words.visible(point.label, 20)}: {words.span(point.ai)}",
        )
        for left, right, point in _filled(points, row)
    )


def dim(points: Sequence[Point], row: Sequence[int | None]) -> tuple[Stretch, ...]:
    """Return where the map is hatched: fewer than half of the lines carry evidence."""
    runs: list[tuple[int, int]] = []
    for left, right, point in _filled(points, row):
        if point.ai.covered * 2 >= point.ai.whole:
            continue
        if runs and runs[-1][1] == left:
            runs[-1] = (runs[-1][0], right)
        else:
            runs.append((left, right))
    return tuple(Stretch(percent(left), percent(right - left)) for left, right in runs)


def _filled(points: Sequence[Point], row: Sequence[int | None]) -> Iterable[tuple[int, int, Point]]:
    count = max(1, len(row))
    for at, place in enumerate(row):
        if place is not None and points[place].ai.whole:
            yield WIDTH * at // count, WIDTH * (at + 1) // count, points[place]


def class_of(part: int, whole: int) -> int:
    """Return 0 for no marked line, then 1 to 4 for below 10, 25, 50 % and from 50 %."""
    if part == 0:
        return 0
    return 1 + sum(part * 100 >= limit * whole for limit in _LIMITS)


def years(points: Sequence[Point], row: Sequence[int | None]) -> tuple[Tick, ...]:
    """Return the first column of each year."""
    count = max(1, len(row))
    known = [
        (at, date.fromordinal(points[place].day).year)
        for at, place in enumerate(row)
        if place is not None and points[place].day
    ]
    starts = [
        (at, year)
        for before, (at, year) in zip([None, *known], known, strict=False)
        if before is not None and before[1] != year
    ]
    return tuple(
        Tick(percent(WIDTH * at // count), str(year), "start", minor=index % 2 == 1)
        for index, (at, year) in enumerate(starts)
    )
