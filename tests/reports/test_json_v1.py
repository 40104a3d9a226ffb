from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from provenance.errors import UsageError
from provenance.metrics.measurement import Measurement
from provenance_reports import json_v1
from provenance_reports.build import build
from worlds.any_measurement import measurements
from worlds.measurements import WORLDS, claims, decade, pipeline, small

_VERDICTS = claims()


def _schema() -> Draft202012Validator:
    text = files("provenance_reports").joinpath("schema/provenance-report-1.schema.json")
    schema = json.loads(text.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_every_world_fits_the_published_schema(world: str) -> None:
    document = build(WORLDS[world](), command="provenance measure .", verdicts=_VERDICTS)
    errors = list(_schema().iter_errors(json.loads(json_v1.render(document))))

    assert errors == []


def test_the_schema_refuses_what_a_report_must_not_hold() -> None:
    """The schema is not so open that a float, a negative count or a lost key passes."""
    report = json.loads(json_v1.render(build(small(), command="x")))
    schema = _schema()

    for place, value in (("ai", 1.5), ("ai", -1), ("ai", "1")):
        broken = json.loads(json.dumps(report))
        broken["stock"][0]["counts"][place] = value
        assert not schema.is_valid(broken)
    for key in report:
        assert not schema.is_valid({word: item for word, item in report.items() if word != key})


def test_the_contract_names_its_keys() -> None:
    """Others read these words; they may grow but never change."""
    report = json.loads(json_v1.render(build(pipeline(), command="x")))

    assert report["format"] == "provenance-report/1"
    assert {
        "format",
        "tool",
        "repository",
        "definition",
        "stock",
        "flow",
        "generations",
        "not_measured",
        "exclusions",
        "findings",
        "verdicts",
    } <= set(report)
    assert {"at", "commit", "date", "counts", "own", "by_stage"} <= set(report["stock"][0])
    assert {"from", "to", "counts", "own", "by_stage"} <= set(report["flow"][0])
    assert set(report["stock"][0]["own"]) == {"floor", "declared", "ceiling"}
    assert "head" in report["repository"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_reading_back_gives_the_same_document(measurement: Measurement) -> None:
    """``provenance report REPORT.json`` needs no git: nothing is lost on the way."""
    document = build(measurement, command="provenance measure .", verdicts=_VERDICTS)
    text = json_v1.render(document)

    assert json_v1.parse(text) == document
    assert json_v1.render(json_v1.parse(text)) == text
    assert json_v1.parse(json_v1.render_dense(document, files=10**9)) == document
    assert text.isascii()
    assert text.endswith("}\n")


def test_bytes_do_not_depend_on_the_order_of_a_mapping() -> None:
    measurement = small()
    turned = replace(
        measurement,
        stock=tuple(
            replace(
                point,
                by_stage=dict(reversed(list(point.by_stage.items()))),
                by_tier=dict(reversed(list(point.by_tier.items()))),
            )
            for point in measurement.stock
        ),
    )

    assert json_v1.render(build(turned, command="x")) == json_v1.render(
        build(measurement, command="x")
    )


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_bytes_do_not_depend_on_the_process(seed: str) -> None:
    """Neither hash seed, time zone nor locale moves a byte of JSON or HTML."""
    code = (
        "import hashlib\n"
        "from provenance_reports import html, json_v1\n"
        "from provenance_reports.build import build\n"
        "from worlds.measurements import small\n"
        "d = build(small(), command='x')\n"
        "print(hashlib.sha256((json_v1.render(d) + html.render(d)).encode()).hexdigest())\n"
    )
    environment = {
        "PYTHONPATH": ":".join(sys.path),
        "PYTHONHASHSEED": seed,
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
    }
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    from hashlib import sha256

    from provenance_reports import html

    document = build(small(), command="x")
    here = sha256((json_v1.render(document) + html.render(document)).encode()).hexdigest()

    assert ran.stdout.strip() == here


def _broken(change: str) -> str:
    report: dict[str, Any] = json.loads(json_v1.render(build(small(), command="x")))
    match change:
        case "format":
            report["format"] = "provenance-report/2"
        case "negative":
            report["stock"][0]["counts"]["ai"] = -1
        case "float":
            report["stock"][0]["counts"]["ai"] = 1.0
        case "truth":
            report["stock"][0]["counts"]["ai"] = True
        case "huge":
            report["stock"][0]["counts"]["ai"] = 10**30
        case "stage":
            report["files"][0]["stage"] = "marketing\x1b[31m"
        case "lost":
            del report["repository"]["head"]
        case "empty":
            report["stock"] = []
        case "list":
            report["repository"] = []
        case "short":
            report["generations"][0]["alive"] = [["2026-01"]]
        case _:
            report = {"format": "provenance-report/1"}
    return json.dumps(report)


@pytest.mark.parametrize(
    "change",
    ["format", "negative", "float", "truth", "huge", "stage", "lost", "empty", "list", "short", ""],
)
def test_a_broken_report_is_named_as_such(change: str) -> None:
    """A wrong file ends in a sentence with a hint, never in a traceback or a wrong figure."""
    with pytest.raises(UsageError) as caught:
        json_v1.parse(_broken(change))

    assert caught.value.slug in {"report-unreadable", "report-format"}
    assert caught.value.hint
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '"x"', "NaN"])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        json_v1.parse(text)


def test_unknown_keys_are_passed_over() -> None:
    """A later meter may add keys; this reader still reads what it knows."""
    report = json.loads(json_v1.render(build(small(), command="x")))
    report["later"] = {"any": [1]}
    report["stock"][0]["later"] = 1

    assert json_v1.parse(json.dumps(report)) == build(small(), command="x")


def test_ten_years_stay_small_enough_to_mail() -> None:
    assert len(json_v1.render(build(decade(), command="x"))) < 1_500_000
