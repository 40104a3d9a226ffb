"""Geometry of the charts: integers in, short strings for SVG out.

A chart is a plot whose width follows the page: horizontal places are percentages of the
plot (two decimals) or ten-thousandths inside a stretched inner picture, vertical places
are pixels (tenths inside the inner picture).  No float is used, so bytes are reproducible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from provenance_reports import words
from provenance_reports.document import Interval, Point, Window

WIDTH = 10_000
"""Inner width: one hundredth of a percent of the plot."""
_YEAR = 365
_RANGES = (("all", "All", 0), ("5y", "5 years", 5), ("2y", "2 years", 2), ("1y", "1 year", 1))
_LABEL_GAP = 150
_LONE = 40
_MOST_TICKS = 12
_MOST_RELEASE_NAMES = 12
_NAME_GAP = 900
_HEAT_CLASSES = (1, 10, 25, 50)
_MOST_COLUMNS = 84
_MOST_MISSING = 2_400


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
class Label:
    """A word beside the right end of a chart."""

    y: str
    """Baseline in pixels."""
    text: str
    """The word."""
    kind: str
    """CSS class."""


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


@dataclass(frozen=True, slots=True)
class _Spot:
    """A point in inner coordinates."""

    x: int
    floor: int
    declared: int
    ceiling: int
    cover: int


def _spot(x: int, interval: Interval, height: int) -> _Spot:
    def down(part: int) -> int:
        return height * 10 - (part * height * 20 + interval.whole) // (interval.whole * 2)

    return _Spot(
        x,
        down(interval.floor),
        down(interval.declared),
        down(interval.ceiling),
        down(interval.covered),
    )


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


def _runs(points: Sequence[Point], spots: Sequence[_Spot | None]) -> list[list[_Spot]]:
    runs: list[list[_Spot]] = []
    open_run = False
    for point, spot in zip(points, spots, strict=True):
        if spot is None:
            open_run = False
            continue
        if not (open_run and point.joined):
            runs.append([])
        runs[-1].append(spot)
        open_run = True
    return [_widened(run) for run in runs]


def _widened(run: list[_Spot]) -> list[_Spot]:
    """Give a lone month a width one can see."""
    if len(run) > 1:
        return run
    spot = run[0]
    ends = (max(0, spot.x - _LONE), min(WIDTH, spot.x + _LONE))
    return [_Spot(x, spot.floor, spot.declared, spot.ceiling, spot.cover) for x in ends]


def _blank(runs: Sequence[Sequence[_Spot]], height: int) -> str:
    edges = [0]
    for run in runs:
        edges += [run[0].x, run[-1].x]
    edges.append(WIDTH)
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return "".join(f"M{a} 0h{b - a}v{height * 10}h{a - b}z" for a, b in pairs if b > a)


def band(
    points: Sequence[tuple[Point, Interval]],
    releases: Sequence[Point] = (),
    *,
    height: int,
    cover: bool = True,
    most_ticks: int = _MOST_TICKS,
    since: int = 0,
) -> Band | None:
    """Return the chart of a series; ``None`` when fewer than two points can be drawn.

    The axis begins at the first point, or at the ordinal day ``since`` if that is earlier.
    """
    drawn = [(point, interval) for point, interval in points if point.day]
    if len({point.day for point, interval in drawn if interval.whole}) < 2:
        return None
    first, last = min(since or drawn[0][0].day, drawn[0][0].day), drawn[-1][0].day
    spots = [
        _spot(hundredths(point.day - first, last - first), interval, height)
        if interval.whole
        else None
        for point, interval in drawn
    ]
    runs = _runs([point for point, _ in drawn], spots)
    bottom = height * 10

    def stacked(upper: str, lower: str) -> str:
        fixed = {"top": 0, "bottom": bottom}
        return "".join(
            _area(
                [(spot.x, fixed.get(upper, getattr(spot, upper, 0))) for spot in run],
                [(spot.x, fixed.get(lower, getattr(spot, lower, 0))) for spot in run],
            )
            for run in runs
        )

    def along(figure: str) -> str:
        return "".join(_line((spot.x, getattr(spot, figure)) for spot in run) for run in runs)

    return Band(
        height=height,
        first=first,
        last=last,
        ai=stacked("floor", "bottom"),
        assisted=stacked("declared", "floor"),
        rest=stacked("top", "ceiling"),
        blank=_blank(runs, height),
        edges=along("floor") + along("ceiling"),
        cover=along("cover") if cover else "",
        ticks=_ticks(first, last, most_ticks),
        labels=_labels(drawn[-1][1], height, cover=cover),
        marks=_marks(releases, first, last, height),
        names=_names(releases, first, last),
    )


def ranges(
    points: Sequence[tuple[Point, Interval]],
    releases: Sequence[Point],
    *,
    height: int,
) -> tuple[Ranged, ...]:
    """Return the chart at every range that is shorter than the whole series."""
    found: list[Ranged] = []
    if not points:
        return ()
    span = points[-1][0].day - points[0][0].day
    for word, title, years in _RANGES:
        if years * _YEAR >= span:
            continue
        since = points[-1][0].day - years * _YEAR - 3 if years else 0
        chart = band(
            [pair for pair in points if pair[0].day >= since], releases, height=height
        )
        if chart:
            found.append(Ranged(word, title, chart))
    return tuple(found)


def _ticks(first: int, last: int, most: int) -> tuple[Tick, ...]:
    start, end = date.fromordinal(first), date.fromordinal(last)
    months = (end.year - start.year) * 12 + end.month - start.month
    step = next(
        (step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months // step < most), 240
    )
    found = []
    for index in range(start.year * 12 + start.month, end.year * 12 + end.month):
        if index % step:
            continue
        x = hundredths(date(index // 12, index % 12 + 1, 1).toordinal() - first, last - first)
        year, month = divmod(index, 12)
        text = f"{year}" if step >= 12 else f"{year}-{month + 1:02d}"
        found.append((x, text))
    edge = 300 if most == _MOST_TICKS else 1_000
    return tuple(
        Tick(percent(x), text, _anchor(x, edge), minor=at % 3 != 0 if step < 12 else at % 2 == 1)
        for at, (x, text) in enumerate(found)
    )


def _anchor(x: int, edge: int) -> str:
    if x < edge:
        return "start"
    return "end" if x > WIDTH - edge else "middle"


def _labels(interval: Interval, height: int, *, cover: bool) -> tuple[Label, ...]:
    if not interval.whole:
        return ()
    low, middle, high, seen = words.figures(interval)
    wanted = [
        (interval.ceiling, f"at most {high}", "open"),
        (interval.declared, f"assisted {middle}", "assisted"),
        (interval.floor, f"at least {low}", "ai"),
    ]
    if cover:
        wanted.append((interval.covered, f"coverage {seen}", "cover"))
    if interval.declared == interval.floor:
        del wanted[1]
    wanted.sort(key=lambda item: -item[0])
    places = [
        height * 10 - (part * height * 20 + interval.whole) // (interval.whole * 2)
        for part, _, _ in wanted
    ]
    spread = _spread(places, lowest=height * 10 - 20)
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
        Tick(percent(x), text, _anchor(x, 300), minor=at % 3 != 0)
        for at, (x, text) in reversed(list(enumerate(found)))
    )


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


def columns(
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
        pad = (right - left) * 12 // 100
        if interval.whole:
            spot = _spot(0, interval, height)
            start, end = left + pad, right - pad
            steps = (("ai", spot.floor, height * 10), ("assisted", spot.declared, spot.floor))
            for kind, top, bottom in (*steps, ("rest", 0, spot.ceiling)):
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
                minor=(count - 1 - at) % (every * max(1, -(-count // every // 12))) != 0,
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


def heat(points: Sequence[Point], row: Sequence[int | None], *, name: str) -> tuple[Cell, ...]:
    """Return one cell per column of ``row``; gaps and times without lines have none."""
    return tuple(
        Cell(
            x=percent(left),
            width=percent(right - left),
            kind=f"h{heat_class(point.ai)}",
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


def _filled(
    points: Sequence[Point], row: Sequence[int | None]
) -> Iterable[tuple[int, int, Point]]:
    count = max(1, len(row))
    for at, place in enumerate(row):
        if place is not None and points[place].ai.whole:
            yield WIDTH * at // count, WIDTH * (at + 1) // count, points[place]


def heat_class(interval: Interval) -> int:
    """Return 0 for no marked line, then 1 to 4 for below 10, 25, 50 % and from 50 %."""
    if interval.floor == 0:
        return 0
    return 1 + sum(interval.floor * 100 >= limit * interval.whole for limit in _HEAT_CLASSES[1:])


def heat_ticks(points: Sequence[Point], row: Sequence[int | None]) -> tuple[Tick, ...]:
    """Return the first column of each year."""
    count = max(1, len(row))
    years = [
        (at, date.fromordinal(points[place].day).year)
        for at, place in enumerate(row)
        if place is not None and points[place].day
    ]
    starts = [
        (at, year)
        for before, (at, year) in zip([None, *years], years, strict=False)
        if before is not None and before[1] != year
    ]
    return tuple(
        Tick(percent(WIDTH * at // count), str(year), "start", minor=index % 2 == 1)
        for index, (at, year) in enumerate(starts)
    )


def window_title(window: Window) -> str:
    """Return the figures of a window in words."""
    return (
        f"{words.visible(window.start, 40)} to {words.visible(window.label, 40)}: "
        f"{words.span(window.alive)} of {words.group(window.alive.whole)} lines"
    )
