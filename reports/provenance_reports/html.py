"""One offline HTML page: every number in it comes from the document.

Nothing is fetched and nothing from a repository is trusted: autoescape is on, hostile
text is made visible first, style and script are named by digest in the page's own
Content-Security-Policy, and the whole result is embedded as JSON.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from provenance_reports import charts, json_v1, words
from provenance_reports.document import Document, Interval, Point, Window

FILES_SHOWN: Final = 200
_RELEASES_DRAWN: Final = 40
_GENERATIONS_DRAWN: Final = 5
_HEIGHT: Final = 280
_SMALL: Final = 72
_EXAMPLES: Final = 5
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
        over_time=_over_time(document),
        heat=_heat(document),
        small=_small(document),
        release_chart=_release_chart(document),
        survival=_survival(document),
        files_shown=FILES_SHOWN,
        releases_drawn=_RELEASES_DRAWN,
        examples=_EXAMPLES,
    )


@cache
def _asset(name: str) -> str:
    return files("provenance_reports").joinpath(_TEMPLATES, name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("provenance_reports", _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        visible=words.visible,
        group=words.group,
        span=words.span,
        figures=words.figures,
        stage=words.stage,
        bar=charts.bar,
    )
    environment.globals.update(words=words, percent=words.percent, interval_of=Interval.of)
    return environment.get_template("page.html.j2")


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
    return {
        "subjects": [
            {
                "id": word,
                "title": title,
                "stock": charts.ranges(
                    _pairs(document.points, own=own), document.releases, height=_HEIGHT
                ),
                "flow": _flow_charts(document.windows, own=own),
            }
            for word, title, own in subjects
        ],
        "points": document.points,
        "windows": document.windows,
    }


def _flow_charts(windows: Sequence[Window], *, own: bool) -> list[dict[str, Any]]:
    """Return column charts of the windows, one per range."""
    found = []
    for word, title, most in (
        ("all", "All", 0),
        ("5y", "5 years", 60),
        ("2y", "2 years", 24),
        ("1y", "1 year", 12),
    ):
        if most >= len(windows):
            continue
        chosen = windows[-most:] if most else windows
        rows = [
            (
                words.visible(window.label, 12),
                charts.window_title(window),
                window.own if own and window.own else window.alive,
            )
            for window in chosen
        ]
        found.append(
            {
                "range": word,
                "title": title,
                "chart": charts.columns(rows, height=_HEIGHT, most_labels=12),
            }
        )
    return found


def _heat(document: Document) -> dict[str, Any] | None:
    """Return the month by stage map, or nothing when there is no series of stages."""
    if not document.measurement.is_ml_pipeline or len(document.points) < 3:
        return None
    columns = charts.sampled(document.points)
    chosen = {point.label for point in columns}
    rows = [
        {
            "title": words.stage(line.stage),
            "cells": charts.heat(
                [point for point in line.series if point.label in chosen],
                name=words.stage(line.stage),
            ),
        }
        for line in document.stages
    ]
    return {"rows": rows, "ticks": charts.heat_ticks(columns), "columns": len(columns)}


def _small(document: Document) -> list[dict[str, Any]]:
    """Return a small chart for every stage."""
    if not document.measurement.is_ml_pipeline:
        return []
    found = []
    for line in document.stages:
        points = charts.sampled(line.series)
        found.append(
            {
                "line": line,
                "band": charts.band(_pairs(points, own=False), height=_SMALL, cover=False),
            }
        )
    return found


def _release_chart(document: Document) -> dict[str, Any] | None:
    """Return the last releases as columns: what each added, else what lived at each."""
    if document.release_windows:
        rows = [
            (words.visible(window.label, 12), charts.window_title(window), window.alive)
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
        "chart": charts.columns(rows[-_RELEASES_DRAWN:], height=200),
        "count": len(rows),
    }


def _survival(document: Document) -> list[dict[str, Any]]:
    """Return, for the largest generations, lines alive over time against their own peak."""
    found = []
    for generation in document.measurement.generations:
        peak = max((lines for _, lines in generation.alive), default=0)
        if peak == 0 or generation.model is None or len(found) == _GENERATIONS_DRAWN:
            continue
        name = words.visible(generation.model, 40)
        rows = [
            (
                words.visible(label, 12),
                f"{words.visible(label, 12)}: {words.group(lines)} lines of {name}",
                Interval(lines, lines, lines, peak, peak),
            )
            for label, lines in generation.alive
        ]
        found.append(
            {
                "generation": generation,
                "peak": peak,
                "now": generation.alive[-1][1],
                "chart": charts.columns(rows, height=_SMALL, most_labels=2),
            }
        )
    return found


def examples(texts: Iterable[str], *, most: int = _EXAMPLES) -> list[str]:
    """Return a few hostile texts made visible."""
    return [words.visible(text) for _, text in zip(range(most), texts, strict=False)]
