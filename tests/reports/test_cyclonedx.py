"""Declarations that other tools can read: validated against the published schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from provenance.claims.disclosure import Disclosure
from provenance.claims.judge import judge
from provenance.claims.known import template
from provenance.claims.read import read
from provenance.metrics.measurement import Measurement
from provenance_reports import cyclonedx
from provenance_reports.build import build
from worlds import claimed
from worlds.measurements import WORLDS

_DATA = Path(__file__).parents[1] / "data" / "cyclonedx" / "declarations-1.6.schema.json"
_SCHEMA = json.loads(_DATA.read_text(encoding="utf-8"))


def declared(measurement: Measurement, told: Disclosure) -> dict[str, Any]:
    """Return the declarations, valid by the schema and whole in their references."""
    text = cyclonedx.render(judge(measurement, told), build(measurement, command="x"))
    found: dict[str, Any] = json.loads(text)
    jsonschema.Draft7Validator(_SCHEMA).validate(found)
    known = _references(found, key="bom-ref")
    assert len(known) == len(set(known))
    named = [
        name
        for key in ("claims", "counterClaims", "evidence", "counterEvidence", "requirement",
                    "assessor", "target")
        for name in _references(found, key=key)
    ]  # fmt: skip
    assert set(named) <= set(known)
    return found


def _references(value: Any, *, key: str) -> list[str]:
    """Return every text under a key, however deep; lists of objects are not texts."""
    if isinstance(value, list):
        return [name for item in value for name in _references(item, key=key)]
    if not isinstance(value, dict):
        return []
    here = value.get(key, [])
    texts = [here] if isinstance(here, str) else [item for item in here if isinstance(item, str)]
    return texts + [name for item in value.values() for name in _references(item, key=key)]


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_every_world_is_valid(world: str) -> None:
    """The template against invented repositories, hostile names too."""
    declared(WORLDS[world](), read(template().encode(), name="claims.toml"))


@pytest.mark.parametrize(
    ("comparator", "place", "score"),
    [("at_least", "evidence", 1), ("at_most", "counterEvidence", 0)],
)
def test_a_decided_claim_has_evidence_on_its_side(comparator: str, place: str, score: int) -> None:
    """Evidence for, or counter-evidence against, and the conformance that follows."""
    measurement = claimed.measured(claimed.bounds(800, 800, 1000))
    told = claimed.level(comparator, "70%" if score else "4%")
    found = declared(measurement, told)["declarations"]
    (entry,) = found["claims"]
    (mapped,) = found["attestations"][0]["map"]

    assert entry[place] == ["evidence/c/r0"]
    assert ("evidence" in entry) is bool(score)
    assert mapped["conformance"]["score"] == score
    assert mapped["claims" if score else "counterClaims"] == ["claim/c/r0"]
    figures = json.loads(found["evidence"][0]["data"][0]["contents"]["attachment"]["content"])
    assert figures["low"] == [800, 1000]


def test_an_open_claim_has_neither_evidence_nor_conformance() -> None:
    """What is not decided is not scored."""
    measurement = claimed.measured(claimed.bounds(10, 990, 1000))
    found = declared(measurement, claimed.level("about", "50%"))["declarations"]

    assert found["evidence"] == []
    assert set(found["claims"][0]) == {"bom-ref", "target", "predicate", "reasoning"}
    assert "conformance" not in found["attestations"][0]["map"][0]
    assert "would" in found["claims"][0]["reasoning"] or "raise" in found["claims"][0]["reasoning"]


def test_a_sentence_that_is_no_measurement_is_kept() -> None:
    """It stands as a requirement with a claim that says why it is not judged."""
    found = declared(claimed.measured(), claimed.claim("prediction", ""))["declarations"]

    assert found["claims"][0]["reasoning"].startswith("The sentence predicts")


def test_the_same_verdicts_have_the_same_serial_number() -> None:
    """It is made from the content, not drawn."""
    told = claimed.level("about", "50%")
    one, two = (declared(claimed.measured(claimed.bounds(1, n, 9)), told) for n in (2, 3))

    assert one["serialNumber"] != two["serialNumber"]
    assert one == declared(claimed.measured(claimed.bounds(1, 2, 9)), told)
