"""Bands over time: floor, declared, ceiling and coverage of a series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from provenance_reports import words
from provenance_reports.charts.scale import (
    WIDTH,
    Spot,
    Tick,
    anchor,
    down,
    hundredths,
    percent,
    spot,
)
from provenance_reports.document import Interval, Point

_YEAR: Final = 365
RANGES: Final = (
    ("all", "All", 0),
    ("5y", "5 years", 5),
    ("2y", "2 years", 2),
    ("1y", "1 year", 1),
)
"""Every range: word, title and years; 0 for the whole series."""
_LABEL_GAP: Final = 150
_LONE: Final = 40
_MOST_TICKS: Final = 12
_MOST_RELEASE_NAMES: Final = 12
_NAME_GAP: Final = 900
_MOST_POINTS: Final = 260
_INSET: Final = 1_500

Series = Sequence[tuple[Point, Interval]]
"""Points with the figures to draw, in order of time."""


@dataclass(frozen=True, slots=True)
class Label:
    """A word beside the right end of a chart."""

    y: str
    """Baseline in pixels."""
    text: str
    """The word."""
    kind: str
    """CSS class."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a band chart is drawn."""

    height: int
    """Height of the plot in pixels."""
    cover: bool = True
    """Whether coverage is drawn."""
    most_ticks: int = _MOST_TICKS
    """About how many words the time axis has at most."""
    since: int = 0
    """Ordinal day at which the axis begins, if before the first point."""


@dataclass(frozen=True, slots=True)
class Band:
    """Floor, declared and ceiling over time, with coverage as a line."""

    height: int
    """Height of the plot in pixels."""
    first: int
    """Ordinal day of the left edge."""
    last: int
    """Ordinal day of the right edge."""
    ai: str
    """Path below the floor."""
    assisted: str
    """Path from floor to declared."""
    rest: str
    """Path from the ceiling to 100 %."""
    blank: str
    """Path over the times without a figure."""
    edges: str
    """Lines along floor and ceiling."""
    cover: str
    """Line of coverage."""
    ticks: tuple[Tick, ...]
    """Words of the time axis."""
    labels: tuple[Label, ...]
    """Direct labels at the right end."""
    marks: str
    """Path of the release marks."""
    names: tuple[Tick, ...]
    """Names of a few releases."""


@dataclass(frozen=True, slots=True)
class Ranged:
    """One chart at one range."""

    range: str
    """``all``, ``5y``, ``2y`` or ``1y``."""
    title: str
    """The range in words."""
    band: Band
    """The chart."""


def _line(pairs: Iterable[tuple[int, int]]) -> str:
    out, before = [], (0, 0)
    for at, (x, y) in enumerate(pairs):
        out.append(f"l{x - before[0]} {y - before[1]}" if at else f"M{x} {y}")
        before = (x, y)
    return "".join(out).replace(" -", "-")


def _area(upper: Sequence[tuple[int, int]], lower: Sequence[tuple[int, int]]) -> str:
    if all(above[1] == below[1] for above, below in zip(upper, lower, strict=True)):
        return ""
    return _line([*upper, *reversed(lower)]) + "z"


def _runs(points: Sequence[Point], spots: Sequence[Spot | None]) -> list[list[Spot]]:
    runs: list[list[Spot]] = []
    open_run = False
    for point, found in zip(points, spots, strict=True):
        if found is None:
            open_run = False
            continue
        if not (open_run and point.joined):
            runs.append([])
        runs[-1].append(found)
        open_run = True
    return [_widened(run) for run in runs]


def _widened(run: list[Spot]) -> list[Spot]:
    """Give a lone month a width one can see."""
    if len(run) > 1:
        return run
    spot = run[0]
    ends = (max(0, spot.x - _LONE), min(WIDTH, spot.x + _LONE))
    return [Spot(x, spot.floor, spot.declared, spot.ceiling, spot.cover) for x in ends]


def _blank(runs: Sequence[Sequence[Spot]], height: int) -> str:
    edges = [0]
    for run in runs:
        edges += [run[0].x, run[-1].x]
    edges.append(WIDTH)
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return "".join(f"M{a} 0h{b - a}v{height * 10}h{a - b}z" for a, b in pairs if b > a)


def band(points: Series, releases: Sequence[Point] = (), *, look: Look) -> Band | None:
    """Return the chart of a series; ``None`` when fewer than two points can be drawn."""
    drawn = [(point, interval) for point, interval in points if point.day]
    if len({point.day for point, interval in drawn if interval.whole}) < 2:
        return None
    start, last, height = drawn[0][0].day, drawn[-1][0].day, look.height
    first = min(look.since or start, start)
    spots = [
        spot(hundredths(point.day - first, last - first), interval, height)
        if interval.whole
        else None
        for point, interval in drawn
    ]
    runs = _runs([point for point, _ in drawn], spots)
    return Band(
        height=height,
        first=first,
        last=last,
        ai=_stacked(runs, "floor", "bottom", height),
        assisted=_stacked(runs, "declared", "floor", height),
        rest=_stacked(runs, "top", "ceiling", height),
        blank=_blank(runs, height),
        edges=_along(runs, "floor") + _along(runs, "ceiling"),
        cover=_along(runs, "cover") if look.cover else "",
        ticks=_ticks(first, last, look.most_ticks),
        labels=_labels(drawn[-1][1], look),
        marks=_marks(releases, first, last, height),
        names=_names(releases, first, last),
    )


def _stacked(runs: Sequence[Sequence[Spot]], upper: str, lower: str, height: int) -> str:
    """Return the area between two figures; ``top`` and ``bottom`` are the edges of the plot."""
    edges = {"top": 0, "bottom": height * 10}

    def along(run: Sequence[Spot], figure: str) -> list[tuple[int, int]]:
        return [
            (spot.x, edges[figure] if figure in edges else getattr(spot, figure)) for spot in run
        ]

    return "".join(_area(along(run, upper), along(run, lower)) for run in runs)


def _along(runs: Sequence[Sequence[Spot]], figure: str) -> str:
    return "".join(_line((spot.x, getattr(spot, figure)) for spot in run) for run in runs)


def thinned(points: Sequence[Point]) -> list[Point]:
    """Return at most some 260 points, evenly chosen; a gap between two stays a gap."""
    step = -(-len(points) // _MOST_POINTS) if points else 1
    chosen: list[Point] = []
    for last in range((len(points) - 1) % step, len(points), step):
        between = points[max(0, last - step + 1) : last + 1]
        joined = all(point.joined for point in between)
        chosen.append(replace(points[last], joined=joined))
    return chosen


def ranges(points: Series, releases: Sequence[Point], *, look: Look) -> tuple[Ranged, ...]:
    """Return the chart at every range that is shorter than the whole series."""
    found: list[Ranged] = []
    if not points:
        return ()
    span = points[-1][0].day - points[0][0].day
    for word, title, years in RANGES:
        if years * _YEAR >= span:
            continue
        since = points[-1][0].day - years * _YEAR - 3 if years else 0
        chart = band([pair for pair in points if pair[0].day >= since], releases, look=look)
        if chart:
            found.append(Ranged(word, title, chart))
    return tuple(found)


def _ticks(first: int, last: int, most: int) -> tuple[Tick, ...]:
    start, end = date.fromordinal(first), date.fromordinal(last)
    months = (end.year - start.year) * 12 + end.month - start.month
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months // step < most), 240)
    found = []
    for index in range(start.year * 12 + start.month, end.year * 12 + end.month):
        if index % step:
            continue
        x = hundredths(date(index // 12, index % 12 + 1, 1).toordinal() - first, last - first)
        year, month = divmod(index, 12)
        text = f"{year}" if step >= 12 else f"{year}-{month + 1:02d}"
        if most == _MOST_TICKS or _INSET <= x <= WIDTH - _INSET:
            found.append((x, text))
    return tuple(
        Tick(percent(x), text, anchor(x, 300), minor=at % 3 != 0 if step < 12 else at % 2 == 1)
        for at, (x, text) in enumerate(found)
    )


def _labels(interval: Interval, look: Look) -> tuple[Label, ...]:
    if not interval.whole:
        return ()
    low, middle, high, seen = words.figures(interval)
    wanted = [
        (interval.ceiling, f"at most {high}", "open"),
        (interval.declared, f"assisted {middle}", "assisted"),
        (interval.floor, f"at least {low}", "ai"),
    ]
    if look.cover:
        wanted.append((interval.covered, f"coverage {seen}", "cover"))
    if interval.declared == interval.floor:
        del wanted[1]
    wanted.sort(key=lambda item: -item[0])
    places = [down(part, interval.whole, look.height) for part, _, _ in wanted]
    spread = _spread(places, lowest=look.height * 10 - 20)
    return tuple(
        Label(f"{(y + 40) // 10}.{(y + 40) % 10}", text, kind)
        for y, (_, text, kind) in zip(spread, wanted, strict=True)
    )


def _spread(places: Sequence[int], *, lowest: int) -> list[int]:
    """Move labels apart, keeping their order, inside the plot."""
    out: list[int] = []
    for place in places:
        out.append(max(place, out[-1] + _LABEL_GAP) if out else max(place, 60))
    limit = lowest
    for at in range(len(out) - 1, -1, -1):
        out[at] = min(out[at], limit)
        limit = out[at] - _LABEL_GAP
    return out


def _inside(releases: Sequence[Point], first: int, last: int) -> list[tuple[int, Point]]:
    return [
        (hundredths(release.day - first, last - first), release)
        for release in releases
        if first <= release.day <= last
    ]


def _marks(releases: Sequence[Point], first: int, last: int, height: int) -> str:
    places = sorted({x for x, _ in _inside(releases, first, last)})
    if not places:
        return ""
    tall = len(places) <= _MOST_RELEASE_NAMES
    top = 0 if tall else (height - 7) * 10
    return "".join(f"M{x} {top}V{height * 10}" for x in places)


def _names(releases: Sequence[Point], first: int, last: int) -> tuple[Tick, ...]:
    inside = _inside(releases, first, last)
    if len(inside) > _MOST_RELEASE_NAMES:
        return ()
    found: list[tuple[int, str]] = []
    for x, release in reversed(inside):
        if not found or found[-1][0] - x >= _NAME_GAP:
            found.append((x, words.visible(release.label, 14)))
    return tuple(
        Tick(percent(x), text, anchor(x, 300), minor=at % 3 != 0)
        for at, (x, text) in reversed(list(enumerate(found)))
    )
