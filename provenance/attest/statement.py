"""in-toto statements about a measurement: subjects by digest, and what is said of them.

Two predicate types, both of whole numbers and texts only:

``urn:provenance-measurement:0.1``
    One measurement: its figures at the head, its definition, and the sealed evidence.
``urn:provenance-claim-check:0.1``
    The verdicts of ``provenance check`` on one report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from provenance.attest.canonical import Words, checked, decode, encode
from provenance.attest.files import sha256_of
from provenance.attest.sums import COLUMNS, named
from provenance.errors import AttestationError
from provenance.metrics.measurement import Measurement, StageFigures
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts, Own

if TYPE_CHECKING:
    from provenance.attest.tree import Tree

STATEMENT: Final = "https://in-toto.io/Statement/v1"
"""Type of every statement."""
MEASUREMENT: Final = "urn:provenance-measurement:0.1"
"""Type of the predicate about a measurement."""
CLAIM_CHECK: Final = "urn:provenance-claim-check:0.1"
"""Type of the predicate about checked claims."""
_TOOL: Final = "provenance-meter"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement whose signature was good."""

    digest: str
    """SHA-256 of its payload, hexadecimal: how a later statement names it."""
    predicate_type: str
    """What kind of predicate it holds."""
    head: str
    """Id of the measured commit."""
    report: str
    """SHA-256 of the report it speaks of."""
    check: str
    """SHA-256 of the claim check it speaks of; empty for a measurement."""
    predicate: Mapping[str, Any]
    """What it says."""


def about_measurement(
    measurement: Measurement,
    *,
    report: bytes,
    command: str,
    evidence: Tree,
    previous: str | None = None,
) -> bytes:
    """Return the payload of a statement about a report; ``previous`` is an earlier one's digest.

    Raises:
        AttestationError: the report holds what a statement cannot.

    """
    predicate = figures(measurement) | {"command": command, "evidence": evidence_of(evidence)}
    if previous is not None:
        predicate["previous"] = {"sha256": previous}
    return _payload(MEASUREMENT, _subjects(measurement, report), predicate)


def about_check(
    measurement: Measurement, *, report: bytes, check: bytes, previous: str | None = None
) -> bytes:
    """Return the payload of a statement about the claims that were checked against a report.

    Raises:
        AttestationError: the check is none, or holds what a statement cannot.

    """
    held = decode(check, "the claim check")
    form = held.get("format")
    if not isinstance(form, str) or not form.startswith("provenance-check/"):
        raise AttestationError(
            "this is no claim check: its format is not provenance-check",
            slug="check-format",
            hint="give the file that provenance check -f json has written",
        )
    predicate: dict[str, Any] = {"tool": _tool(measurement), "check": _without_null(held)}
    if previous is not None:
        predicate["previous"] = {"sha256": previous}
    subjects = _subjects(measurement, report)
    subjects.append({"name": "check.json", "digest": {"sha256": sha256_of(check)}})
    return _payload(CLAIM_CHECK, subjects, predicate)


def _payload(kind: str, subjects: Sequence[object], predicate: Mapping[str, Any]) -> bytes:
    statement = {
        "_type": STATEMENT,
        "subject": subjects,
        "predicateType": kind,
        "predicate": predicate,
    }
    return encode(checked(statement))


def _subjects(measurement: Measurement, report: bytes) -> list[Words]:
    repository = measurement.repository
    subjects: list[Words] = [
        {"name": repository.name, "digest": {"gitCommit": repository.head}},
        {"name": "report.json", "digest": {"sha256": sha256_of(report)}},
    ]
    if repository.tree:
        subjects.insert(1, {"name": repository.name, "digest": {"gitTree": repository.tree}})
    return subjects


def _without_null(value: Any) -> Any:
    """Leave members out that are null, and write truth values as words."""
    if isinstance(value, dict):
        return {key: _without_null(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_null(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _tool(measurement: Measurement) -> dict[str, Words]:
    return {"name": _TOOL, "version": measurement.tool_version}


def figures(measurement: Measurement) -> dict[str, Any]:
    """Return what a statement says of a measurement, the sealed evidence and command left out."""
    repository, head = measurement.repository, measurement.head
    return {
        "tool": _tool(measurement),
        "asOf": repository.head_date,
        "repository": {
            "name": repository.name,
            "head": repository.head,
            "tree": repository.tree,
            "commits": repository.commits,
            "merges": repository.merges,
            "firstDate": repository.first_date,
            "objectFormat": repository.object_format,
            "refsDigest": repository.refs_digest,
            "tags": tag_digests(dict(repository.tags)),
        },
        "definition": definition(measurement),
        "records": [list(pin) for pin in measurement.record_pins],
        "head": {"counts": _counts(head.counts), "own": _own(head.own)},
        "stages": {
            stage.value: _stage(found)
            for stage, found in head.by_stage.items()
            if found.counts.total  # others are only possible: by a second choice or by chance
        },
        "loopTiers": {
            tier.value: _stage(found) for tier, found in head.by_tier.items() if found.counts.total
        },
        "tests": _counts(head.tests),
        "everything": _counts(measurement.everything),
        "notMeasured": [
            {"reason": one.reason.value, "files": one.files, "lines": one.lines}
            for one in measurement.not_measured
        ],
        "findings": [
            {
                "id": one.id,
                "severity": one.severity,
                "count": one.count,
                "places": sha256_of(encode(list(one.places))),
            }
            for one in measurement.findings
        ],
    }


def definition(measurement: Measurement) -> dict[str, Any]:
    """Return everything that could change a figure, what is not set left out."""
    d = measurement.definition
    held: dict[str, Any] = {
        "unit": d.unit,
        "lens": d.lens,
        "facets": sorted(facet.value for facet in d.facets),
        "ownFamilies": list(d.own_families),
        "every": list(d.every),
        "catalogueDigest": d.catalogue_digest,
        "classifierDigest": d.classifier_digest,
        "scopeDigest": d.scope_digest,
        "configDigest": d.config_digest,
        "taxonomyVersion": d.taxonomy_version,
        "gitVersion": d.git_version,
        "gitOptions": list(d.git_options),
        "grammars": list(d.grammars),
    }
    cutoffs = {
        "predatesCutoff": d.predates_cutoff,
        "ownPredatesCutoff": d.own_predates_cutoff,
        "since": d.since,
        "stageMapDigest": d.stage_map_digest or None,
    }
    return held | {word: value for word, value in cutoffs.items() if value is not None}


def evidence_of(tree: Tree) -> dict[str, Any]:
    """Return the sealed evidence as a statement holds it."""
    return {
        "header": tree.header.as_json(),
        "root": tree.root.hex(),
        "inside": named(tree.inside.sums),
        "outside": named(tree.outside.sums),
        "columns": list(COLUMNS),
        "parts": [
            {
                "stage": part.stage,
                "facet": part.facet,
                "root": part.rows.hash.hex(),
                "sums": list(part.rows.sums),
            }
            for part in tree.parts
        ],
    }


def tag_digests(tags: Mapping[str, str]) -> list[str]:
    """Return one digest for each tag and what it points at, sorted: names stay private."""
    return sorted(
        hashlib.sha256(f"{name}\0{oid}".encode("utf-8", "surrogateescape")).hexdigest()
        for name, oid in tags.items()
    )


def _counts(counts: Counts) -> dict[str, int]:
    return {kind.value: counts.of(kind) for kind in AuthorType}


def _own(own: Own) -> dict[str, int]:
    return {"floor": own.floor, "declared": own.declared, "ceiling": own.ceiling}


def _stage(found: StageFigures) -> dict[str, Any]:
    return {
        "counts": _counts(found.counts),
        "own": _own(found.own),
        "low": found.low,
        "high": found.high,
    }


def read(payload: bytes) -> Statement:
    """Read the payload of an envelope whose signature is good.

    Raises:
        AttestationError: it is no statement of ours.

    """
    raw = decode(payload, "the signed statement")
    kind, predicate = raw.get("predicateType"), raw.get("predicate")
    if raw.get("_type") != STATEMENT or kind not in (MEASUREMENT, CLAIM_CHECK):
        raise AttestationError(
            "the signed payload is no statement about a measurement",
            slug="statement-type",
            hint=f"predicate types that can be read: {MEASUREMENT}, {CLAIM_CHECK}",
        )
    if not isinstance(predicate, dict):
        raise _malformed("it has no predicate")
    checked(predicate)
    subjects = _digests(raw.get("subject"))
    if "gitCommit" not in subjects or "report.json" not in subjects:
        raise _malformed("it names no commit or no report")
    if (kind == CLAIM_CHECK) != ("check.json" in subjects):
        raise _malformed("its subjects do not fit its type")
    return Statement(
        digest=sha256_of(payload),
        predicate_type=kind,
        head=subjects["gitCommit"],
        report=subjects["report.json"],
        check=subjects.get("check.json", ""),
        predicate=predicate,
    )


def _digests(subjects: Any) -> dict[str, str]:
    """Return the digests of the subjects by file name, or by algorithm for git objects."""
    found: dict[str, str] = {}
    if not isinstance(subjects, list):
        raise _malformed("it has no subject")
    for subject in subjects:
        name, digest = (
            (subject.get("name"), subject.get("digest")) if isinstance(subject, dict) else ("", "")
        )
        if not isinstance(name, str) or not isinstance(digest, dict) or len(digest) != 1:
            raise _malformed("a subject is not one name with one digest")
        ((algorithm, value),) = digest.items()
        key = name if algorithm == "sha256" else algorithm
        if key in found or not isinstance(value, str):
            raise _malformed("a subject is named twice")
        found[key] = value
    return found


def _malformed(what: str) -> AttestationError:
    return AttestationError(
        f"the signed statement cannot be understood: {what}",
        slug="statement-malformed",
        hint="ask its signer for a statement of this version",
    )
