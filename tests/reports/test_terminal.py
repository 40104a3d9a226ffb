from __future__ import annotations

import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from rich.console import Console

from provenance.metrics.measurement import Measurement
from provenance_reports import terminal
from provenance_reports.build import build
from worlds.any_measurement import measurements
from worlds.measurements import WORLDS, no_marks, no_own, not_a_pipeline, pipeline


def _printed(measurement: Measurement, *, width: int = 60, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    console = Console(file=stream, width=width, force_terminal=False)
    terminal.write(
        build(measurement, command="x"), console=console, places=["provenance-report/report.html"]
    )
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_sixty_columns_are_enough(world: str) -> None:
    """No line is longer than the window and no figure is cut off."""
    text = _printed(WORLDS[world]())

    assert max(len(line.rstrip()) for line in text.splitlines()) <= 60
    assert "…" not in text
    assert "\x1b" not in text


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_nothing_of_a_repository_steers_the_terminal(measurement: Measurement) -> None:
    text = _printed(measurement, width=80)

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_a_console_without_unicode_is_served_too(measurement: Measurement) -> None:
    assert _printed(measurement, encoding="ascii").isascii()


def test_the_summary_holds_figures_stages_coverage_and_places() -> None:
    text = _printed(pipeline())

    assert re.search(r"AI-written +at least \d+ % +assisted \d+ % +at most \d+ %", text)
    assert re.search(r"own models +at least \d+ %", text)
    assert re.search(r"coverage \d+ %", text)
    assert re.search(r"Post-training +52,551 +\d+ % +\d+ % +\d+ % +\d+ %", text)
    assert "Not measured: 3 files" in text
    assert "provenance-report/report.html" in text


def test_what_is_not_stated_is_said() -> None:
    assert "Own models: not configured" in _printed(no_own())
    assert "Not a model pipeline" in _printed(not_a_pipeline())
    assert "says nothing about who wrote" in _printed(no_marks())


def test_colour_is_extra() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=True, color_system="standard")
    terminal.write(build(pipeline(), command="x"), console=console)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())

    assert "\x1b[" in stream.getvalue()
    assert "at least" in plain
