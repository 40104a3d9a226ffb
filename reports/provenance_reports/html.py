"""One offline HTML page: every number in it comes from the document.

Nothing is fetched and nothing from a repository is trusted: autoescape is on, hostile
text is made visible first, style and script are named by digest in the page's own
Content-Security-Policy, and the whole result is embedded as JSON.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from provenance_reports import json_v1, words
from provenance_reports.charts import bands, columns, heat, lanes, scale
from provenance_reports.charts.bands import Look
from provenance_reports.days import ordinal
from provenance_reports.document import Document, Interval, Point

FILES_SHOWN: Final = 200
_RELEASES_DRAWN: Final = 40
_GENERATIONS_DRAWN: Final = 5
_HEIGHT: Final = 280
_SMALL: Final = 72
_EXAMPLES: Final = 5
_ROWS: Final = 50
_UPRIGHT: Final = 12
_BEFORE_MARKS: Final = 60
"""Days before the first mark of AI that the first chart shows."""
_PERCENT: Final = re.compile(r"(\d) %")
_TEMPLATES: Final = "templates"


def render(document: Document) -> str:
    """Return the page as one text, readable offline and without JavaScript."""
    style, script = _asset("page.css"), _asset("page.js")
    return _template().render(
        doc=document,
        m=document.measurement,
        csp=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=Markup(_embedded(document)),  # noqa: S704 - escaped for a script element
        digest=hashlib.sha256(json_v1.render(document).encode()).hexdigest(),
        mute=words.mute(document),
        leading=words.leading(document),
        leading_name="floor" if words.leading(document) == "floor" else "assisted",
        silent_commits=sum(
            step.commits for step in document.measurement.ladder if not (step.tier or step.rule)
        ),
        over_time=_over_time(document),
        heat=_heat(document),
        expected=any(line.expected for line in document.stages),
        small=_small(document),
        release_chart=_release_chart(document),
        survival=_survival(document),
        files_shown=FILES_SHOWN,
        releases_drawn=_RELEASES_DRAWN,
        examples=_EXAMPLES,
        rows_shown=_ROWS,
    )


@cache
def _asset(name: str) -> str:
    """Return a file of ours without its comments and indentation."""
    text = files("provenance_reports").joinpath(_TEMPLATES, name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("/*"))


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("provenance_reports", _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_unbroken,
    )
    environment.filters.update(
        visible=words.visible,
        group=words.group,
        span=words.span,
        figures=words.figures,
        stage=words.stage,
        bar=scale.bar,
    )
    environment.globals.update(words=words, percent=words.percent, interval_of=Interval.of)
    return environment.get_template("page.html.j2")


def _unbroken(value: object) -> object:
    """Keep a number and its percent sign on one line."""
    return _PERCENT.sub("\\1\u00a0%", value) if type(value) is str else value


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(document: Document) -> str:
    """Return the dense JSON with every sign escaped that could end a script element."""
    text = json_v1.render_dense(document, files=FILES_SHOWN)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _pairs(points: Sequence[Point], *, own: bool) -> list[tuple[Point, Interval]]:
    return [(point, point.own if own and point.own else point.ai) for point in points]


def _over_time(document: Document) -> dict[str, Any]:
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
        "events": [(event, lanes.title(event)) for event in document.events],
        "windows": [(places[at], window) for at, window in enumerate(document.windows)],
    }


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
    pairs, look = _pairs(document.points, own=own), Look(_HEIGHT)
    return [
        {
            "range": drawn.range,
            "title": drawn.title,
            "band": drawn.band,
            "lanes": lanes.lanes(document.events, drawn.band.first, drawn.band.last),
            "targets": lanes.targets(
                document.verdicts,
                basis="stock",
                subject="own" if own else "ai",
                place=lanes.between_days(drawn.band.first, drawn.band.last),
                height=_HEIGHT,
            ),
        }
        for drawn in bands.ranges(pairs, document.releases, look=look)
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


def _heat(document: Document) -> dict[str, Any] | None:
    """Return the month by stage map, or nothing when there is no series of stages."""
    if not _staged(document) or len(document.points) < 3:
        return None
    row = columns.slots([(point.kind, point.day) for point in document.points])
    chosen = columns.sampled(row)
    rows = [
        {
            "title": words.stage(line.stage),
            "cells": heat.cells(
                line.series, chosen, name=words.stage(line.stage), figure=words.leading(document)
            ),
            "dim": heat.dim(line.series, chosen),
        }
        for line in document.stages
    ]
    return {
        "rows": rows,
        "ticks": heat.years(document.points, chosen),
        "sampled": len(chosen) < len(row),
    }


def _staged(document: Document) -> bool:
    """Return whether stages over time say anything."""
    return document.measurement.is_ml_pipeline and not words.mute(document)


def _small(document: Document) -> list[dict[str, Any]]:
    """Return a small chart for every stage."""
    if not _staged(document):
        return []
    look = Look(_SMALL, cover=False, most_ticks=4)
    return [
        {
            "line": line,
            "band": bands.band(_pairs(bands.thinned(line.series), own=False), look=look),
        }
        for line in document.stages
    ]


def _release_chart(document: Document) -> dict[str, Any] | None:
    """Return the last releases as columns: what each added, else what lived at each."""
    if document.release_windows:
        rows = [
            (words.visible(window.label, 12), columns.title(window), window.alive)
            for window in document.release_windows
        ]
        kind = "flow"
    elif document.releases:
        rows = [
            (
                words.visible(point.label, 12),
                f"{words.visible(point.label, 40)}: {words.span(point.ai)}",
                point.ai,
            )
            for point in document.releases
        ]
        kind = "stock"
    else:
        return None
    return {
        "kind": kind,
        "chart": columns.draw(rows[-_RELEASES_DRAWN:], height=200),
        "count": len(rows),
        "tilted": any(len(label) > _UPRIGHT for label, _, _ in rows[-_RELEASES_DRAWN:])
        or len(rows) > _UPRIGHT,
    }


def _survival(document: Document) -> dict[str, Any] | None:
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
        look = Look(_SMALL, cover=False, most_ticks=4, since=since)
        drawn = bands.band(_pairs(bands.thinned(points), own=False), look=look)
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
