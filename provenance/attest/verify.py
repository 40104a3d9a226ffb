"""What can be checked about a signed statement, as separate facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum, unique
from typing import Any, Final

from provenance.attest.canonical import LARGEST, is_digest
from provenance.attest.envelope import PAYLOAD_TYPE, Envelope, Verifier, is_signed
from provenance.attest.files import sha256_of
from provenance.attest.statement import MEASUREMENT, Statement, figures, tag_digests
from provenance.attest.sums import (
    COLUMNS,
    NOTHING,
    SCHEME,
    WIDTH,
    Branch,
    Header,
    Sums,
    add,
    counts_of,
    fold,
    named,
    own_of,
    part,
    seal,
)
from provenance.errors import AttestationError, IntegrityError
from provenance.metrics.measurement import Measurement

_PLACE: Final = frozenset({"name", "refs_digest", "tags"})
"""Facts about a clone, not about the history that was measured."""
_CLONE: Final = frozenset({"name", "refsDigest", "tags"})
_MADE_WITH: Final = ("gitVersion", "gitOptions", "grammars", "catalogueDigest",
                     "classifierDigest", "scopeDigest", "configDigest")  # fmt: skip


@unique
class State(StrEnum):
    """How a fact stands."""

    GOOD = "good"
    BAD = "bad"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was checked, or could not be."""

    name: str
    """``signature``, ``digests``, ``measurement``, ``continuity`` or ``timestamp``."""
    state: State
    """How it stands."""
    notes: tuple[str, ...]
    """What was compared and what differs, in sentences (hostile text)."""


def judged(name: str, good: Sequence[str], bad: Sequence[str]) -> Fact:
    """Return a fact: bad with any difference, good otherwise."""
    return Fact(name, State.BAD if bad else State.GOOD, tuple(bad or good))


def not_checked(name: str, why: str) -> Fact:
    """Return a fact that nobody asked about, or that cannot be known."""
    return Fact(name, State.NOT_CHECKED, (why,))


def check_signature(envelope: Envelope, key: Verifier) -> Fact:
    """Whether the key signed these bytes as a statement; the payload is not looked at."""
    if not is_signed(envelope, key):
        return judged("signature", (), (f"the {key.kind} key did not sign these bytes",))
    if envelope.payload_type != PAYLOAD_TYPE:
        return judged("signature", (), (f"what was signed is said to be {envelope.payload_type}",))
    return judged("signature", (f"good, by this {key.kind} key",), ())


def check_digests(
    statement: Statement,
    *,
    report: tuple[bytes, Measurement | None, str] | None,
    check: bytes | None = None,
) -> Fact:
    """Recompute every digest and sum that the statement and the given files allow.

    ``report`` is the file with what is in it: the measurement (``None`` when it cannot be
    read) and its command.
    """
    bad: list[str] = []
    good: list[str] = []
    if statement.predicate_type == MEASUREMENT:
        bad += _evidence_flaws(statement.predicate)
        good.append("the root follows from the parts, and the parts add up to the figures")
    if report is not None:
        bad += _report_flaws(statement, *report)
        good.append("the report is the one that was signed, and says the same")
    if check is not None:
        if sha256_of(check) != statement.check:
            bad.append("the claim check is not the one that was signed")
        good.append("the claim check is the one that was signed")
    if not good and not bad:
        return not_checked("digests", "give the report, and the claim check, to compare with")
    return judged("digests", good, bad)


def _report_flaws(
    statement: Statement, data: bytes, measurement: Measurement | None, command: str
) -> Iterator[str]:
    if sha256_of(data) != statement.report:
        yield "the report is not the one that was signed (its SHA-256 differs)"
    if measurement is None:
        yield "the report cannot be read"
        return
    if measurement.repository.head != statement.head:
        yield f"the report is about commit {measurement.repository.head}, not {statement.head}"
    if statement.predicate_type == MEASUREMENT:
        expected = figures(measurement) | {"command": command}
        for name in _different(expected, statement.predicate):
            yield f"the report and the statement differ in {name}"


def _different(expected: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
    return [name for name in expected if expected[name] != said.get(name)]


def sealed(predicate: Mapping[str, Any]) -> tuple[Header, Sequence[tuple[str, str, Branch]], str]:
    """Return header, parts (stage, facet, tree of rows) and root of a statement's evidence.

    Raises:
        AttestationError: they are not what a statement holds.

    """
    try:
        held = predicate["evidence"]
        raw = held["header"]
        header = Header(str(raw["unit"]), tuple(raw["facets"]), tuple(raw["own_families"]))
        parts = [
            (str(one["stage"]), str(one["facet"]), _branch(one["root"], one["sums"]))
            for one in held["parts"]
        ]
        root = held["root"]
    except (KeyError, TypeError, ValueError) as error:
        raise _no_evidence() from error
    if raw != header.as_json() or raw["scheme"] != SCHEME or held.get("columns") != list(COLUMNS):
        raise _no_evidence()
    return header, parts, str(root)


def _branch(root: str, sums: list[int]) -> Branch:
    if not is_digest(root) or len(sums) != WIDTH:
        raise _no_evidence()
    if not all(isinstance(number, int) and 0 <= number <= LARGEST for number in sums):
        raise _no_evidence()
    return Branch(bytes.fromhex(root), tuple(sums))


def _no_evidence() -> AttestationError:
    return AttestationError(
        "the evidence of the statement cannot be read",
        slug="statement-evidence",
        hint="ask its signer for a statement of this version",
    )


def _evidence_flaws(predicate: Mapping[str, Any]) -> Iterator[str]:
    """Compare root, parts and figures with one another; no row is needed."""
    try:
        header, parts, root = sealed(predicate)
        inside = [part(s, f, rows) for s, f, rows in parts if f in header.facets]
        outside = [part(s, f, rows) for s, f, rows in parts if f not in header.facets]
        tops = fold(inside), fold(outside)
        if seal(header, *tops).hex() != root:
            yield "the root does not follow from the parts"
        if sorted({(s, f) for s, f, _ in parts}) != [(s, f) for s, f, _ in parts]:
            yield "a part of the evidence is named twice or out of order"
        held = predicate["evidence"]
        if held.get("inside") != named(tops[0].sums) or held.get("outside") != named(tops[1].sums):
            yield "the totals of the evidence are not those of its parts"
        yield from _sum_flaws(predicate, header, parts)
    except (AttestationError, IntegrityError) as error:
        yield error.message


def _sum_flaws(
    predicate: Mapping[str, Any], header: Header, parts: Sequence[tuple[str, str, Branch]]
) -> Iterator[str]:
    """Compare what the rows add up to with the figures of the same statement."""
    said = predicate.get("definition")
    own = {
        "unit": header.unit,
        "facets": list(header.facets),
        "ownFamilies": list(header.own_families),
    }
    if not isinstance(said, dict) or _different(own, said):
        yield "the evidence was added up under another definition"
    whole, every, tests = NOTHING, NOTHING, NOTHING
    stages: dict[str, Sums] = {}
    for stage, facet, rows in parts:
        every = add(every, rows.sums)
        if facet == "test":
            tests = add(tests, rows.sums)
        if facet in header.facets:
            whole = add(whole, rows.sums)
            stages[stage] = add(stages.get(stage, NOTHING), rows.sums)
    for name, found, expected in (
        ("the head", _figures_of(whole), predicate.get("head")),
        ("tests", _figures_of(tests)["counts"], predicate.get("tests")),
        ("stages", _stages_of(stages), _stages_said(predicate.get("stages"))),
        ("everything", every[1], _total(predicate.get("everything"))),
    ):
        if found != expected:
            yield f"the rows do not add up to the figures of {name}"


def _figures_of(sums: Sums) -> dict[str, dict[str, int]]:
    counts, own = counts_of(sums), own_of(sums)
    return {
        "counts": {f.name: getattr(counts, f.name) for f in fields(counts)},
        "own": {f.name: getattr(own, f.name) for f in fields(own)},
    }


def _stages_of(stages: Mapping[str, Sums]) -> dict[str, object]:
    found = {stage: _figures_of(sums) for stage, sums in sorted(stages.items())}
    return {stage: one for stage, one in found.items() if sum(one["counts"].values())}


def _stages_said(said: Any) -> object:
    if not isinstance(said, dict) or not all(isinstance(one, dict) for one in said.values()):
        return None
    return {
        stage: {"counts": said[stage].get("counts"), "own": said[stage].get("own")}
        for stage in sorted(said)
    }


def _total(counts: Any) -> int | None:
    if not isinstance(counts, dict) or not all(isinstance(n, int) for n in counts.values()):
        return None
    return sum(counts.values())


def row_flaws(measurement: Measurement, evidence: Mapping[str, Any]) -> list[str]:
    """Return where a report's figures are not what its rows add up to; empty when they are."""
    return list(_evidence_flaws(figures(measurement) | {"evidence": evidence}))


def check_reproduced(
    statement: Statement,
    again: Measurement,
    evidence: Mapping[str, Any],
    *,
    report: Measurement | None,
    salted: bool,
) -> Fact:
    """Compare a second measurement of the same commit with what was signed.

    ``evidence`` is what ``evidence_of`` says of its rows; the root can be compared only
    when they were ``salted`` with the signer's secret.
    """
    predicate = statement.predicate
    bad = list(_other_figures(figures(again), predicate))
    good = [f"measured again at {again.repository.head[:12]}: every figure is the same"]
    if report is not None:
        bad += [
            f"the report and this measurement differ in {name}" for name in _unlike(report, again)
        ]
        good.append("the whole report is the same")
    held = predicate.get("evidence")
    if isinstance(held, dict):
        if _sums_of_parts(held) != _sums_of_parts(evidence):
            bad.append("the rows of this measurement add up otherwise")
        if salted:
            if held.get("root") != evidence["root"]:
                bad.append("the rows of this measurement lead to another root")
            good.append("its rows lead to the signed root")
    if bad:
        bad += _made_otherwise(figures(again), predicate)
    return judged("measurement", good, bad)


def _other_figures(mine: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    for name in ("asOf", "head", "stages", "loopTiers", "tests", "everything", "notMeasured"):
        if mine[name] != said.get(name):
            yield f"this measurement differs in {name}"
    there = said.get("repository")
    here = {word: value for word, value in mine["repository"].items() if word not in _CLONE}
    if not isinstance(there, dict) or _different(here, there):
        yield "this measurement differs in repository"


def _made_otherwise(mine: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    """Say what could be the cause of a difference."""
    if mine["tool"] != said.get("tool"):
        version = _word(said, "tool", "version")
        yield f"made with version {version}, this is {mine['tool']['version']}"
    there = said.get("definition")
    for name in _MADE_WITH:
        if isinstance(there, dict) and there.get(name) != mine["definition"][name]:
            yield f"made under another {name}"
    if mine["records"] != said.get("records"):
        yield "made from other line-level records"


def _word(value: Mapping[str, Any], *names: str) -> str:
    found: Any = value
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return str(found)


def _sums_of_parts(evidence: Mapping[str, Any]) -> list[object]:
    parts = evidence.get("parts")
    if not isinstance(parts, list):
        return []
    return [
        [one.get(word) for word in ("stage", "facet", "sums")]
        for one in parts
        if isinstance(one, dict)
    ]


def _unlike(report: Measurement, again: Measurement) -> list[str]:
    """Return the parts of two measurements that differ, facts about the clone left out."""
    found = [
        field.name
        for field in fields(Measurement)
        if field.name not in ("repository", "definition", "tool_version", "findings")
        and getattr(report, field.name) != getattr(again, field.name)
    ]
    mine, theirs = again.repository, report.repository
    return found + [
        f"repository.{field.name}"
        for field in fields(mine)
        if field.name not in _PLACE and getattr(mine, field.name) != getattr(theirs, field.name)
    ]


def check_continuity(
    statement: Statement,
    previous: Statement,
    *,
    reachable: bool | None,
    tags: Mapping[str, str] | None,
) -> Fact:
    """Compare a statement with the one it names as previous.

    ``reachable`` says whether the earlier head is an ancestor of this one, ``tags`` what
    the repository has now; both are ``None`` without a repository.
    """
    bad: list[str] = []
    good = ["this statement names the previous one"]
    if _word(statement.predicate, "previous", "sha256") != previous.digest:
        bad.append("this statement does not name that one as the previous")
    before = _tags(previous)
    known = set(_tags(statement)) if tags is None else set(tag_digests(tags))
    gone = sum(digest not in known for digest in before)
    if gone:
        bad.append(f"{gone} of {len(before)} tags of then are gone or point at something else")
    elif before:
        good.append(f"all {len(before)} tags of then are as they were")
    if reachable is not None:
        if not reachable:
            bad.append(f"commit {previous.head} of then is not in this history: it was rewritten")
        good.append("the commit measured then is an ancestor of this one")
    return judged("continuity", good, bad)


def _tags(statement: Statement) -> list[str]:
    repository = statement.predicate.get("repository")
    tags = repository.get("tags") if isinstance(repository, dict) else None
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
