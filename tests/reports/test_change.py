"""What a change adds, as JSON and in words: any integers, any text."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from provenance.errors import UsageError
from provenance.gate.figures import of_change, of_report
from provenance.gate.judge import judge
from provenance.gate.trial import examples
from provenance.metrics.difference import Difference
from provenance.metrics.measurement import Measurement
from provenance_reports import change, change_forms, gate_forms
from provenance_reports.build import build
from provenance_reports.gate_forms import Judged
from provenance_reports.markdown import CHANGE_MARKER, MARKER
from worlds.any_difference import differences
from worlds.any_measurement import measurements
from worlds.measurements import HOSTILE, WORLDS

_SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def _schema(name: str) -> Draft202012Validator:
    place = files("provenance_reports").joinpath(f"schema/{name}.schema.json")
    schema = json.loads(place.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@_SOME
@given(differences)
def test_a_change_comes_back_from_its_own_json(difference: Difference) -> None:
    """Nothing is lost or rounded on the way, and it fits the published schema."""
    arranged = change.arrange(difference, command="provenance diff a b")
    text = change.render(arranged)

    assert change.parse(text) == arranged
    assert change.render(change.parse(text)) == text
    assert list(_schema("provenance-diff-1").iter_errors(json.loads(text))) == []
    assert text.isascii()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "null", '{"format": "provenance-report/1"}', '{"format": "provenance-diff/1"}'],
)
def test_what_is_no_change_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError):
        change.parse(text)


def _harmless(text: str, marker: str) -> None:
    body = text.removeprefix(marker)

    assert text.startswith(f"{marker}\n")
    assert len(text.splitlines()) <= 15
    assert not re.search(r"[<>`@\[\]\x00-\x09\x0b-\x1f\u202a-\u202e]", body)
    assert not re.search(r"^(::|##\[)", body, re.MULTILINE)
    for table in re.findall(r"(?:^\|.*\n)+", body, re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1


@_SOME
@given(differences)
def test_the_markdown_of_a_change_is_short_and_harmless(difference: Difference) -> None:
    """Fifteen lines at most; no tag, link, mention or command comes from a name."""
    arranged = change.arrange(difference, command=HOSTILE[0])

    _harmless(change_forms.markdown(arranged), CHANGE_MARKER)


@_SOME
@given(differences)
def test_the_text_of_a_change_obeys_nothing(difference: Difference) -> None:
    """No control sign, no invisible sign, and no line that a host takes for a command."""
    text = change_forms.text(change.arrange(difference, command="x"))

    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert not re.search(r"^\s*(::|##\[)", "\n".join(text.splitlines()[1:]), re.MULTILINE)


@_SOME
@given(differences)
def test_a_verdict_over_a_change_is_short_and_harmless(difference: Difference) -> None:
    """However many thresholds are broken, the comment stays at fifteen lines."""
    verdict = judge(of_change(difference), examples())
    judged = Judged(change.arrange(difference, command="x"), verdict, True, HOSTILE[4])

    _harmless(gate_forms.short(judged), CHANGE_MARKER)
    assert gate_forms.text(judged).startswith(verdict.word.value)
    assert gate_forms.short(judged).splitlines()[1].startswith(f"**{verdict.word.value}")
    told = json.loads(gate_forms.as_json(judged))
    assert list(_schema("provenance-gate-1").iter_errors(told)) == []


@_SOME
@given(measurements())
def test_a_verdict_over_a_report_is_short_and_harmless(measurement: Measurement) -> None:
    verdict = judge(of_report(measurement), examples())
    judged = Judged(build(measurement, command="x"), verdict, False, "x.toml")

    _harmless(gate_forms.short(judged), MARKER)
    told = json.loads(gate_forms.as_json(judged))
    assert list(_schema("provenance-gate-1").iter_errors(told)) == []


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_every_world_can_be_judged(world: str) -> None:
    document = build(WORLDS[world](), command="x")
    judged = Judged(document, judge(of_report(document.measurement), examples()), False, "x")

    assert len(gate_forms.short(judged).splitlines()) <= 15


def test_the_schemas_refuse_what_must_not_be_there() -> None:
    """A float, a negative count, a lost key: none passes for a verdict."""
    figures = of_report(WORLDS["small"]())
    judged = Judged(build(WORLDS["small"](), command="x"), judge(figures, examples()), False, "x")
    told = json.loads(gate_forms.as_json(judged))
    schema = _schema("provenance-gate-1")
    for value in (0.5, -1, "1"):
        broken = json.loads(json.dumps(told))
        broken["checks"][0]["low"] = value
        assert not schema.is_valid(broken)
    for key in told:
        assert not schema.is_valid({word: item for word, item in told.items() if word != key})
