from __future__ import annotations

import re
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings

from provenance.metrics.measurement import Measurement
from provenance_reports import markdown
from provenance_reports.build import build
from worlds.any_measurement import measurements
from worlds.measurements import WORLDS, hostile, no_marks, pipeline


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_a_pull_request_gets_fifteen_lines_at_most(world: str) -> None:
    text = markdown.render(build(WORLDS[world](), command="x"))

    assert len(text.splitlines()) <= 15
    assert text.startswith(markdown.MARKER + "\n")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_no_text_of_a_repository_becomes_markup(measurement: Measurement) -> None:
    """No tag, link, mention, code span, table break or CI command comes from a name."""
    document = build(measurement, command="<b>=cmd|x`y`@me")
    for kind in ("pull_request", "release"):
        text = markdown.render(document, kind=kind)
        body = text.removeprefix(markdown.MARKER)

        assert not re.search(r"[<>`@\[\]\x00-\x09\x0b-\x1f\u202a-\u202e]", body)
        assert not re.search(r"^(::|##\[)", body, re.MULTILINE)
        for table in re.findall(r"(?:^\|.*\n)+", body, re.MULTILINE):
            assert len({line.count("|") for line in table.splitlines()}) == 1


@pytest.mark.parametrize("kind", ["pull_request", "release"])
def test_the_three_figures_travel_together(kind: Literal["pull_request", "release"]) -> None:
    text = markdown.render(build(pipeline(), command="x"), kind=kind)

    assert re.search(
        r"AI-written: at least \d+ %, \d+ % with assisted commits, at most \d+ %", text
    )
    assert "Evidence covers" in text
    assert "By own models: at least" in text
    assert "Not measured: 3 files" in text


def test_hostile_tags_are_shown_as_text() -> None:
    text = markdown.render(build(hostile(), command="x"), kind="release")

    assert "&#64;SUM&#40;A1&#41;" in text
    assert "&#124;a&#124;b" in text


def test_no_marks_say_no_evidence() -> None:
    text = markdown.render(build(no_marks(), command="x"))

    assert "no evidence about any line" in text
    assert not re.search(r"(?<![\d.])0 % AI", text)
