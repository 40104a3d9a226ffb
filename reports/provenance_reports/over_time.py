"""What the page draws over time: bands, columns, events, and what stays of each model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from provenance_reports import words
from provenance_reports.charts import bands, columns, lanes
from provenance_reports.charts.bands import Look
from provenance_reports.days import ordinal
from provenance_reports.document import Document, Interval, Point
from provenance_reports.events import events

_HEIGHT: Final = 280
SMALL: Final = 72
"""Height of a small chart in pixels."""
_GENERATIONS_DRAWN: Final = 5
_BEFORE_MARKS: Final = 60
"""Days before the first mark of AI that the first chart shows."""


def over_time(document: Document) -> dict[str, Any]:
    """Return the charts over time: any AI and own models, stock and flow."""
    subjects = [("ai", "Any AI", False)]
    if document.own:
        subjects.append(("own", "Own models", True))
    row = columns.slots([(window.kind, window.day) for window in document.windows])
    places = {place: at for at, place in enumerate(row) if place is not None}
    return {
        "subjects": [
            {
                "id": word,
                "title": title,
                "stock": _stock_charts(document, own=own),
                "flow": _flow_charts(document, row, own=own),
            }
            for word, title, own in subjects
        ],
        "range": _first_range(document),
        "points": document.points,
        "events": events(document),
        "windows": [(places[at], window) for at, window in enumerate(document.windows)],
    }


def survival(document: Document) -> dict[str, Any] | None:
    """Return, for the largest generations, lines alive over time against their own peak.

    The axis begins with the first month in which any of them lives.
    """
    named = [
        generation
        for generation in document.measurement.generations
        if generation.model and max((lines for _, lines in generation.alive), default=0)
    ][:_GENERATIONS_DRAWN]
    moment = document.measurement.repository.head_date
    living = [
        [
            (
                ordinal(label, "month", moment) if label != "HEAD" else ordinal("", "head", moment),
                label,
                lines,
            )
            for label, lines in generation.alive
        ]
        for generation in named
    ]
    since = min((day for rows in living for day, _, lines in rows if lines and day), default=0)
    charts = []
    for generation, rows in zip(named, living, strict=True):
        peak = max(lines for _, _, lines in rows)
        points = [
            Point(label, "month", day, "", Interval(lines, lines, lines, peak, peak), None, at > 0)
            for at, (day, label, lines) in enumerate(row for row in rows if row[0] >= since)
        ]
        look = Look(SMALL, cover=False, most_ticks=4, since=since)
        drawn = bands.band(pairs(bands.thinned(points), own=False), look=look)
        if drawn:
            charts.append(
                {"model": generation.model, "peak": peak, "now": rows[-1][2], "band": drawn}
            )
    labels = {(day, label) for rows in living for day, label, _ in rows if day >= since}
    by_label = [{label: lines for _, label, lines in rows} for rows in living]
    return (
        {
            "charts": charts,
            "models": [generation.model for generation in named],
            "rows": [
                (label, [lines.get(label, 0) for lines in by_label]) for _, label in sorted(labels)
            ],
        }
        if charts
        else None
    )


def pairs(points: Sequence[Point], *, own: bool) -> list[tuple[Point, Interval]]:
    """Return points with the figures to draw."""
    return [(point, point.own if own and point.own else point.ai) for point in points]


def _first_range(document: Document) -> str:
    """Return the range to begin with: the shortest that shows how marks of AI began."""
    days = [point.day for point in document.points if point.day]
    marked = [point.day for point in document.points if point.day and point.ai.declared]
    if not marked:
        return "all"
    needed = days[-1] - marked[0] + _BEFORE_MARKS
    fitting = [(years, word) for word, _, years in bands.RANGES if years * 365 >= needed]
    return min(fitting)[1] if fitting and min(fitting)[0] * 365 < days[-1] - days[0] else "all"


def _stock_charts(document: Document, *, own: bool) -> list[dict[str, Any]]:
    """Return the band chart of every range with its events."""
    series, look = pairs(document.points, own=own), Look(_HEIGHT)
    return [
        {
            "range": drawn.range,
            "title": drawn.title,
            "band": drawn.band,
            "lanes": lanes.lanes(events(document), drawn.band.first, drawn.band.last),
            "targets": lanes.targets(
                document.verdicts,
                basis="stock",
                subject="own" if own else "ai",
                place=lanes.between_days(drawn.band.first, drawn.band.last),
                height=_HEIGHT,
            ),
        }
        for drawn in bands.ranges(series, document.releases, look=look)
    ]


def _flow_charts(
    document: Document, row: Sequence[int | None], *, own: bool
) -> list[dict[str, Any]]:
    """Return column charts of the windows, one per range; missing months stay empty."""
    windows = document.windows
    ends = [None if at is None else windows[at].day for at in row]
    rows: list[tuple[str, str, Interval]] = []
    for place in row:
        window = None if place is None else windows[place]
        if window is None:
            rows.append(("", "", Interval(0, 0, 0, 0, 0)))
            continue
        interval = window.own if own and window.own else window.alive
        rows.append((words.visible(window.label, 12), "", interval))
    ranges = (("all", 0), ("5y", 60), ("2y", 24), ("1y", 12))
    return [
        {
            "range": word,
            "chart": columns.draw(
                rows[-most:],
                height=_HEIGHT,
                most_labels=12,
                first=len(rows) - most if most else 0,
            ),
            "targets": lanes.targets(
                document.verdicts,
                basis="flow",
                subject="own" if own else "ai",
                place=lanes.among_windows(ends[-most:]),
                height=_HEIGHT,
            ),
        }
        for word, most in ranges
        if most < len(rows)
    ]
