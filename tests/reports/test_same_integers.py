"""Whatever is printed, it is the same numbers."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape

from hypothesis import HealthCheck, given, settings
from rich.console import Console

from provenance.metrics.measurement import Measurement
from provenance.terms.authors import AuthorType
from provenance_reports import badge, csv_v1, html, json_v1, markdown, terminal, words
from provenance_reports.build import build
from worlds.any_measurement import measurements


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_all_renderers_show_the_same_figures(measurement: Measurement) -> None:
    """JSON, CSV, HTML, Markdown, badge and terminal agree on the head."""
    document = build(measurement, command="x")
    head = json.loads(json_v1.render(document))["stock"][-1]["counts"]
    table = list(csv.DictReader(io.StringIO(csv_v1.stock(document))))
    row = next(row for row in table if row["kind"] == "head" and row["stage"] == "all")
    page = html.render(document).replace("\u00a0", " ")
    texts = [markdown.render(document), markdown.render(document, kind="release")]
    stream = io.StringIO()
    terminal.write(document, console=Console(file=stream, width=100))
    printed = stream.getvalue()
    whole = sum(head.values())

    assert {kind: int(row[kind]) for kind in head} == head
    assert head == {kind.value: measurement.head.counts.of(kind) for kind in AuthorType}
    if not whole:
        assert badge.message(document) == "no code"
        return
    low, middle, high, cover = words.figures(document.headline)
    shown = re.findall(r"<dd>([^<]*)</dd>", page)[:4]
    assert [unescape(figure) for figure in shown] == [low, middle, high, cover]
    for text in map(unescape, texts):
        assert words.three(document.headline) in text
        assert f"{whole:,} live code lines" in text
    assert re.search(
        rf"AI-written +at least {re.escape(low)} +assisted {re.escape(middle)} "
        rf"+at most {re.escape(high)}",
        printed,
    )
    assert f"{whole:,} live code lines" in " ".join(printed.split())
    if head["unattested"] < whole:
        assert badge.message(document) == words.span(document.headline)
