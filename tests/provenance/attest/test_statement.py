"""A statement holds whole numbers and texts only, and everything a reader must know."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings

from provenance.attest import statement
from provenance.attest.canonical import checked, encode
from provenance.attest.files import sha256_of
from provenance.attest.statement import CLAIM_CHECK, MEASUREMENT
from provenance.errors import AttestationError
from provenance.metrics.measurement import Definition
from worlds.any_measurement import measurements
from worlds.evidence_rows import ROWS, SECRET
from worlds.signed import Signed

CHECK = {
    "format": "provenance-check/1",
    "verdicts": [
        {
            "claim": "c1", "reading": "stock", "verdict": "not_decidable", "reasons": [],
            "low": [16, 92], "high": [91, 92], "decides": None, "sustained": True,
        }
    ],
}  # fmt: skip


def _kinds(value: Any) -> set[type]:
    if isinstance(value, dict):
        return set().union(*map(_kinds, value.values()))
    if isinstance(value, list):
        return set().union(*map(_kinds, value)) if value else set()
    return {type(value)}


def test_subjects_are_the_commit_its_tree_and_the_report(signed: Signed) -> None:
    """By digest, so that nobody can put another thing under the same name."""
    held = json.loads(signed.payload())
    repository = signed.measurement.repository

    assert held["_type"] == "https://in-toto.io/Statement/v1"
    assert held["predicateType"] == MEASUREMENT
    assert held["subject"] == [
        {"name": "trainwright", "digest": {"gitCommit": repository.head}},
        {"name": "trainwright", "digest": {"gitTree": repository.tree}},
        {"name": "report.json", "digest": {"sha256": sha256_of(signed.report)}},
    ]
    assert len(repository.tree) == 40


def test_every_value_is_a_whole_number_or_a_text(signed: Signed) -> None:
    """No float, no null, no truth value: every reader sees the same."""
    assert _kinds(json.loads(signed.payload())) == {str, int}


def test_the_definition_is_told_in_full(signed: Signed) -> None:
    """Every field of it is in the statement, or is not set."""
    said = statement.definition(signed.measurement)
    held = signed.measurement.definition
    set_here = [f.name for f in fields(Definition) if getattr(held, f.name) not in (None, "")]

    assert len(said) == len(set_here)
    assert any(word.startswith("tree-sitter-python ") for word in said["grammars"])
    assert said["gitVersion"]
    full = replace(
        signed.measurement,
        definition=replace(
            signed.measurement.definition,
            since="2025-01-01T00:00:00Z",
            predates_cutoff="2021-06-29",
            own_predates_cutoff="2023-03-14",
            stage_map_digest="d" * 64,
        ),
    )
    assert len(statement.definition(full)) == len(fields(Definition))


def test_the_same_measurement_gives_the_same_payload(signed: Signed) -> None:
    """Nothing of the moment or the machine gets in; the payload is its own canonical form."""
    payload = signed.payload()

    assert payload == signed.payload()
    assert encode(json.loads(payload)) == payload


@settings(max_examples=25, deadline=None)
@given(measurements())
def test_any_measurement_can_be_stated(drawn: Any) -> None:
    """Hostile names and numbers of any size pass through, or are refused in words."""
    from provenance.attest.sums import Header
    from provenance.attest.tree import build

    tree = build(ROWS, Header("line", ("source",), ()), secret=SECRET)
    payload = statement.about_measurement(drawn, report=b"{}", command="x", evidence=tree)
    read = statement.read(payload)

    assert read.head == drawn.repository.head
    assert _kinds(read.predicate) == {str, int}


@pytest.mark.parametrize("value", [1.0, None, True, -1, 2**63, b"x", {"a": [0.5]}])
def test_what_is_no_text_and_no_whole_number_is_refused(value: object) -> None:
    """Before anything is signed."""
    with pytest.raises(AttestationError) as caught:
        checked({"key": value})

    assert caught.value.slug == "attest-value"


def test_a_claim_check_is_stated_with_its_verdicts(signed: Signed) -> None:
    """Its bytes are a subject; null is left out, truth values become words."""
    check = json.dumps(CHECK).encode()
    payload = statement.about_check(signed.measurement, report=signed.report, check=check)
    read = statement.read(payload)
    (verdict,) = read.predicate["check"]["verdicts"]

    assert read.predicate_type == CLAIM_CHECK
    assert read.check == sha256_of(check)
    assert read.report == sha256_of(signed.report)
    assert verdict["verdict"] == "not_decidable"
    assert verdict["low"] == [16, 92]
    assert verdict["sustained"] == "true"
    assert "decides" not in verdict


@pytest.mark.parametrize(
    ("check", "slug"),
    [
        (b"{}", "check-format"),
        (b'{"format": "provenance-report/1"}', "check-format"),
        (b'{"format": "provenance-check/1", "share": 0.4}', "attest-json"),
        (b"[]", "attest-json"),
        (b'{"format": "provenance-check/1", "a": ' + b"[" * 300 + b"]" * 300 + b"}", "attest-json"),
    ],
)
def test_what_is_no_claim_check_is_refused(signed: Signed, check: bytes, slug: str) -> None:
    """A report, a percentage, or nothing of the kind."""
    with pytest.raises(AttestationError) as caught:
        statement.about_check(signed.measurement, report=signed.report, check=check)

    assert caught.value.slug == slug


SPOILT = {
    "another type": lambda s: s.update(_type="https://in-toto.io/Statement/v0.1"),
    "another predicate": lambda s: s.update(predicateType="https://slsa.dev/provenance/v1"),
    "no predicate": lambda s: s.pop("predicate"),
    "no subject": lambda s: s.update(subject=[]),
    "no commit": lambda s: s["subject"].pop(0),
    "a subject twice": lambda s: s["subject"].append(s["subject"][0]),
    "two digests": lambda s: s["subject"][0]["digest"].update(sha256="x"),
    "a claim check without its file": lambda s: s.update(predicateType=CLAIM_CHECK),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_payload_of_another_kind_is_refused(signed: Signed, name: str) -> None:
    """A good signature over something else is no statement about a measurement."""
    with pytest.raises(AttestationError):
        signed.spoilt(SPOILT[name])
