"""One offline HTML page: every number in it comes from the document.

Nothing is fetched and nothing from a repository is trusted: autoescape is on, hostile
text is made visible first, style and script are named by digest in the page's own
Content-Security-Policy, and the whole result is embedded as JSON.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from provenance_reports import json_v1, words
from provenance_reports.charts import bands, columns, heat, scale
from provenance_reports.charts.bands import Look
from provenance_reports.document import Document, Interval
from provenance_reports.over_time import SMALL, over_time, pairs, survival

FILES_SHOWN: Final = 200
_RELEASES_DRAWN: Final = 40
_EXAMPLES: Final = 5
_ROWS: Final = 50
_UPRIGHT: Final = 12
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
        over_time=over_time(document),
        heat=_heat(document),
        expected=any(line.expected for line in document.stages),
        small=_small(document),
        release_chart=_release_chart(document),
        survival=survival(document),
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
    look = Look(SMALL, cover=False, most_ticks=4)
    return [
        {
            "line": line,
            "band": bands.band(pairs(bands.thinned(line.series), own=False), look=look),
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
