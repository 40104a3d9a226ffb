"""Judged claims as CycloneDX 1.6 declarations.

Each disclosed sentence is a requirement, each reading of it a claim about the repository.
The measured interval is evidence where it supports a claim and counter-evidence where it
contradicts one; a sentence gets a conformance only where all its readings agree.  What is
not decided has neither: the reasoning says what would decide it.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from typing import Any, Final

from provenance.claims.disclosure import SCHEMA
from provenance.claims.known import assumptions
from provenance.claims.verdict import ClaimVerdict, Judgement, Outcome, ReadingVerdict, Word
from provenance_reports import checked_forms, words
from provenance_reports.checked import WORDS, span, why
from provenance_reports.document import Document

_SCORES: Final = {Word.SUPPORTED: 1, Word.CONTRADICTED: 0}
_REPOSITORY: Final = "repository"
_METER: Final = "meter"
_STANDARD: Final = "disclosure"


def render(judgement: Judgement, document: Document) -> str:
    """Return the declarations as JSON; the same input gives the same bytes."""
    declared = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "definitions": {"standards": [_standard(judgement)]},
        "declarations": {
            "assessors": [{"bom-ref": _METER, "organization": {"name": _tool(document)}}],
            "attestations": [
                {
                    "summary": checked_forms.summary(judgement),
                    "assessor": _METER,
                    "map": [_mapped(claim) for claim in judgement.claims],
                }
            ],
            "claims": [entry for claim in judgement.claims for entry in _claims(claim)],
            "evidence": [entry for claim in judgement.claims for entry in _evidence(claim)],
            "targets": {"components": [_component(document)]},
        },
    }
    digest = hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()
    number = uuid.uuid5(uuid.NAMESPACE_OID, digest)
    return json.dumps({**declared, "serialNumber": f"urn:uuid:{number}"}, indent=1) + "\n"


def _tool(document: Document) -> str:
    return f"provenance-meter {words.visible(document.measurement.tool_version, 40)}"


def _component(document: Document) -> dict[str, Any]:
    repository = document.measurement.repository
    return {
        "bom-ref": _REPOSITORY,
        "type": "application",
        "name": words.visible(repository.name, 200),
        "version": repository.head,
    }


def _standard(judgement: Judgement) -> dict[str, Any]:
    disclosure = judgement.disclosure
    return {
        "bom-ref": _STANDARD,
        "name": f"Figures disclosed by {words.visible(disclosure.name, 200)}",
        "version": SCHEMA,
        "requirements": [
            {
                "bom-ref": _requirement(claim),
                "identifier": claim.claim.id,
                "text": words.visible(claim.claim.wording, 4000),
            }
            for claim in judgement.claims
        ],
    }


def _requirement(claim: ClaimVerdict) -> str:
    return f"{_STANDARD}/{claim.claim.id}"


def _reference(kind: str, claim: ClaimVerdict, reading: str) -> str:
    return f"{kind}/{claim.claim.id}/{reading}" if reading else f"{kind}/{claim.claim.id}"


def _mapped(claim: ClaimVerdict) -> dict[str, Any]:
    ids: dict[bool, list[str]] = {True: [], False: []}
    for found in claim.readings:
        against = found.outcome.word is Word.CONTRADICTED
        ids[against].append(_reference("claim", claim, found.reading.id))
    if not claim.readings:
        ids[False].append(_reference("claim", claim, ""))
    entry: dict[str, Any] = {"requirement": _requirement(claim)}
    if ids[False]:
        entry["claims"] = ids[False]
    if ids[True]:
        entry["counterClaims"] = ids[True]
    if claim.word in _SCORES:
        entry["conformance"] = {"score": _SCORES[claim.word], "rationale": WORDS[claim.word]}
    return entry


def _claims(claim: ClaimVerdict) -> Iterator[dict[str, Any]]:
    if not claim.readings:
        yield {
            "bom-ref": _reference("claim", claim, ""),
            "target": _REPOSITORY,
            "predicate": words.visible(claim.claim.wording, 4000),
            "reasoning": why(Outcome(claim.word, claim.reasons)),
        }
    for found in claim.readings:
        entry = {
            "bom-ref": _reference("claim", claim, found.reading.id),
            "target": _REPOSITORY,
            "predicate": words.visible(f"{_stated(claim)}: {found.definition}", 4000),
            "reasoning": words.visible(_reasoning(claim, found), 4000),
        }
        places = {Word.SUPPORTED: "evidence", Word.CONTRADICTED: "counterEvidence"}
        place = places.get(found.outcome.word)
        if place:
            reference = _reference("evidence", claim, found.reading.id)
            yield {**entry, place: [reference]}
        else:
            yield entry


def _stated(claim: ClaimVerdict) -> str:
    return claim.claim.what.text if claim.claim.what else claim.claim.kind.value


def _reasoning(claim: ClaimVerdict, found: ReadingVerdict) -> str:
    outcome = found.outcome
    said = [
        f"{WORDS[outcome.word]}: measured {span(outcome.low, outcome.high)}",
        why(outcome),
        *([f"dates disagree: {claim.conflict}"] if claim.conflict else []),
    ]
    if outcome.word is not Word.SUPPORTED:
        said += outcome.needed
    if found.assumptions:
        said.append("assuming: " + "; ".join(assumptions()[code] for code in found.assumptions))
    return ". ".join(said)


def _evidence(claim: ClaimVerdict) -> Iterator[dict[str, Any]]:
    for found in claim.readings:
        outcome = found.outcome
        if outcome.word not in _SCORES:
            continue
        figures = checked_forms.outcome_entry(outcome)
        yield {
            "bom-ref": _reference("evidence", claim, found.reading.id),
            "propertyName": "provenance:interval",
            "description": words.visible(
                f"Measured {span(outcome.low, outcome.high)}, {outcome.measured}", 400
            ),
            "data": [
                {
                    "name": "interval",
                    "contents": {
                        "attachment": {
                            "contentType": "application/json",
                            "content": json.dumps(figures, sort_keys=True),
                        }
                    },
                }
            ],
        }
