from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

from provenance.metrics.measurement import Measurement
from provenance_reports import badge
from provenance_reports.build import build
from worlds.any_measurement import measurements
from worlds.measurements import WORLDS, empty, no_marks, pipeline


def test_a_badge_shows_an_interval() -> None:
    """Never a single percentage, never a midpoint."""
    endpoint = json.loads(badge.endpoint(build(pipeline(), command="x")))

    assert endpoint["label"] == "AI"
    assert re.fullmatch(r"\d+–\d+ %", endpoint["message"])
    assert endpoint["schemaVersion"] == 1


@pytest.mark.parametrize(("world", "message"), [(no_marks, "no evidence"), (empty, "no code")])
def test_a_badge_without_figures_says_why(world: object, message: str) -> None:
    assert callable(world)
    document = build(world(), command="x")

    assert badge.message(document) == message
    assert "%" not in badge.message(document)


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_the_picture_is_sound_and_loads_nothing(world: str) -> None:
    text = badge.svg(build(WORLDS[world](), command="x"))
    root = ET.fromstring(text)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}

    assert tags <= {"svg", "title", "clipPath", "rect", "g", "text"}
    assert "href" not in text
    assert root.attrib["aria-label"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_picture_and_endpoint_say_the_same(measurement: Measurement) -> None:
    document = build(measurement, command="x")
    root = ET.fromstring(badge.svg(document))
    texts = [element.text for element in root.iter() if element.tag.endswith("}text")]

    assert texts == ["AI", json.loads(badge.endpoint(document))["message"]]


def test_the_text_fits_its_ground() -> None:
    """Six pixels a letter at least: a badge that cuts its number says a wrong number."""
    for world in (pipeline, no_marks, empty):
        document = build(world(), command="x")
        root = ET.fromstring(badge.svg(document))

        assert int(root.attrib["width"]) >= 6 * (len("AI") + len(badge.message(document))) + 28
