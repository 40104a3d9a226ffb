"""Signature, digests and reproduction are facts of their own, and each tampering breaks one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provenance.attest import statement
from provenance.attest.envelope import Envelope
from provenance.attest.statement import evidence_of
from provenance.attest.tree import build
from provenance.attest.verify import (
    Fact,
    State,
    check_continuity,
    check_digests,
    check_reproduced,
    check_signature,
    row_flaws,
)
from worlds.evidence_rows import SECRET
from worlds.signed import COMMAND, Signed

Held = dict[str, Any]


def _digests(signed: Signed, change: Callable[[Held], object], *, report: bool = False) -> Fact:
    given = (signed.report, signed.measurement, COMMAND) if report else None
    return check_digests(signed.spoilt(change), report=given)


def _nothing(_: Held) -> None:
    """Change nothing."""


def test_what_a_lab_signs_holds(signed: Signed) -> None:
    """Signature, digests, and the same measurement made again."""
    sealed = signed.sealed()
    said = statement.read(sealed.payload)
    again = check_reproduced(
        said,
        signed.measurement,
        evidence_of(signed.tree),
        report=signed.measurement,
        salted=True,
    )

    assert check_signature(sealed, signed.verifier).state is State.GOOD
    assert _digests(signed, _nothing).state is State.GOOD
    assert _digests(signed, _nothing, report=True).state is State.GOOD
    assert again.state is State.GOOD


def test_the_rows_add_up_to_every_figure_of_the_report(signed: Signed, earlier: Signed) -> None:
    """Head, stages, tests, own models and the whole, at two revisions."""
    for one in (signed, earlier):
        assert row_flaws(one.measurement, evidence_of(one.tree)) == []
        for at in range(len(one.rows)):
            fewer = build(one.rows[:at] + one.rows[at + 1 :], one.header, secret=SECRET)
            assert row_flaws(one.measurement, evidence_of(fewer))


def _part(held: Held) -> Held:
    parts = held["predicate"]["evidence"]["parts"]
    assert isinstance(parts, list)
    found: Held = next(part for part in parts if part["stage"] == "training")
    return found


def _evidence(held: Held) -> Held:
    found: Held = held["predicate"]["evidence"]
    return found


TAMPERED: dict[str, Callable[[Held], object]] = {
    "the root": lambda s: _evidence(s).update(root="00" * 32),
    "a root that is no digest": lambda s: _evidence(s).update(root="00"),
    "the root of a part": lambda s: _part(s).update(root="00" * 32),
    "a spaced root of a part": lambda s: _part(s).update(root=" " * 64),
    "a sum of a part": lambda s: _part(s)["sums"].__setitem__(2, 1),
    "a sum too few": lambda s: _part(s)["sums"].pop(),
    "sums moved between parts": lambda s: [
        part["sums"].__setitem__(1, part["sums"][1] + by)
        for part, by in zip(_evidence(s)["parts"][:2], (1, -1), strict=True)
    ],
    "a part left out": lambda s: _evidence(s)["parts"].pop(),
    "a part twice": lambda s: _evidence(s)["parts"].append(_evidence(s)["parts"][-1]),
    "parts in another order": lambda s: _evidence(s)["parts"].reverse(),
    "a part under another stage": lambda s: _part(s).update(stage="safety"),
    "a part out of the denominator": lambda s: _part(s).update(facet="docs"),
    "the totals": lambda s: _evidence(s)["inside"].update(ai=17),
    "the totals outside": lambda s: _evidence(s)["outside"].update(rows=0),
    "the unit": lambda s: _evidence(s)["header"].update(unit="line"),
    "own families": lambda s: _evidence(s)["header"].update(own_families=[]),
    "the scheme": lambda s: _evidence(s)["header"].update(scheme="provenance-runs/0"),
    "no evidence": lambda s: s["predicate"].pop("evidence"),
    "evidence of another kind": lambda s: s["predicate"].update(evidence="x"),
    "the head's counts": lambda s: s["predicate"]["head"]["counts"].update(ai=17),
    "own figures": lambda s: s["predicate"]["head"]["own"].update(floor=10),
    "a stage's counts": lambda s: s["predicate"]["stages"]["training"]["counts"].update(ai=1),
    "a stage left out": lambda s: s["predicate"]["stages"].pop("training"),
    "stages of another kind": lambda s: s["predicate"].update(stages=1),
    "tests": lambda s: s["predicate"]["tests"].update(assisted=6),
    "everything": lambda s: s["predicate"]["everything"].update(ai=1),
    "the definition's unit": lambda s: s["predicate"]["definition"].update(unit="line"),
    "no definition": lambda s: s["predicate"].pop("definition"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_statement_that_contradicts_itself_is_found_without_the_report(
    signed: Signed, name: str
) -> None:
    """Root, parts and figures hold one another; even the right key cannot sign them apart."""
    assert _digests(signed, TAMPERED[name]).state is State.BAD


AGAINST_THE_REPORT: dict[str, Callable[[Held], object]] = {
    "the report's digest": lambda s: s["subject"][-1]["digest"].update(sha256="00" * 32),
    "the commit": lambda s: s["subject"][0]["digest"].update(gitCommit="00" * 20),
    "the tool": lambda s: s["predicate"]["tool"].update(version="9"),
    "the catalogue": lambda s: s["predicate"]["definition"].update(catalogueDigest="x"),
    "the configuration": lambda s: s["predicate"]["definition"].update(configDigest="x"),
    "the grammars": lambda s: s["predicate"]["definition"].update(grammars=[]),
    "git": lambda s: s["predicate"]["definition"].update(gitVersion="1"),
    "the command": lambda s: s["predicate"].update(command="provenance measure"),
    "the tags": lambda s: s["predicate"]["repository"]["tags"].pop(),
    "findings": lambda s: s["predicate"].update(findings=[{"id": "x"}]),
    "what was not measured": lambda s: s["predicate"].update(notMeasured=[{"reason": "x"}]),
    "loop tiers": lambda s: s["predicate"].update(loopTiers={}),
}


@pytest.mark.parametrize("name", AGAINST_THE_REPORT)
def test_a_statement_that_contradicts_its_report_is_found(signed: Signed, name: str) -> None:
    """What the sums cannot show, the report does."""
    assert _digests(signed, AGAINST_THE_REPORT[name]).state is State.GOOD or name == "the commit"
    assert _digests(signed, AGAINST_THE_REPORT[name], report=True).state is State.BAD


def test_a_changed_report_is_found(signed: Signed) -> None:
    """One byte is enough, and so is one that spoils it."""
    said = statement.read(signed.payload())
    for data in (signed.report + b" ", signed.report.replace(b'"ai":16', b'"ai":61')):
        fact = check_digests(said, report=(data, signed.measurement, COMMAND))
        assert fact.state is State.BAD
    spoilt = check_digests(said, report=(b"{", None, ""))

    assert spoilt.state is State.BAD
    assert "the report cannot be read" in spoilt.notes


def test_a_replayed_statement_of_another_head_is_found(signed: Signed, earlier: Signed) -> None:
    """A good signature over an older state says nothing about this report or this head."""
    old = statement.read(earlier.sealed().payload)
    by_report = check_digests(old, report=(signed.report, signed.measurement, COMMAND))
    by_repo = check_reproduced(
        old, signed.measurement, evidence_of(signed.tree), report=None, salted=True
    )

    assert check_signature(earlier.sealed(), signed.verifier).state is State.GOOD
    assert by_report.state is State.BAD
    assert any("is about commit" in note for note in by_report.notes)
    assert by_repo.state is State.BAD


def test_a_swapped_envelope_is_found(signed: Signed, earlier: Signed) -> None:
    """The payload of one statement under the signature of another is not signed."""
    swapped = Envelope(earlier.payload(), signed.sealed().payload_type, signed.sealed().signatures)

    assert check_signature(swapped, signed.verifier).state is State.BAD


def test_another_payload_type_is_no_statement(signed: Signed, tmp_path: Path) -> None:
    """A key may sign other things; they are not read as statements."""
    from provenance.attest.envelope import Signature
    from provenance.attest.keys import signer

    bare = Envelope(signed.payload(), "application/json", ())
    other = replace(bare, signatures=(Signature("", signer(str(signed.key)).sign(bare.signed)),))

    assert check_signature(other, signed.verifier).state is State.BAD


def test_other_rows_with_the_same_totals_are_found_with_the_secret(signed: Signed) -> None:
    """Two commits exchanged change no sum, and still another root."""
    first, second = signed.rows[0], signed.rows[1]
    rows = [first._replace(commit=second.commit), *signed.rows[1:]]
    other = build(rows, signed.header, secret=SECRET)
    said = statement.read(signed.payload())

    def again(*, salted: bool) -> State:
        return check_reproduced(
            said, signed.measurement, evidence_of(other), report=None, salted=salted
        ).state

    assert again(salted=True) is State.BAD
    assert again(salted=False) is State.GOOD


def test_a_difference_is_told_with_what_could_have_made_it(signed: Signed) -> None:
    """Another git, other rules: the reader sees it beside the figure that differs."""
    measured = signed.measurement
    head = replace(measured.head, counts=replace(measured.head.counts, ai=1))
    other = replace(
        measured,
        tool_version="9.9",
        stock=(*measured.stock[:-1], head),
        definition=replace(measured.definition, git_version="1.2.3", catalogue_digest="x"),
    )
    fact = check_reproduced(
        statement.read(signed.payload()),
        other,
        evidence_of(signed.tree),
        report=measured,
        salted=False,
    )

    assert fact.state is State.BAD
    assert "this measurement differs in head" in fact.notes
    assert "the report and this measurement differ in stock" in fact.notes
    assert any("9.9" in note for note in fact.notes)
    assert "made under another gitVersion" in fact.notes
    assert "made under another catalogueDigest" in fact.notes


def test_a_claim_check_is_compared_with_its_file(signed: Signed) -> None:
    """Its verdicts are signed; another file under the name is found."""
    check = json.dumps({"format": "provenance-check/1", "verdicts": []}).encode()
    said = statement.read(
        statement.about_check(signed.measurement, report=signed.report, check=check)
    )

    assert check_digests(said, report=None, check=check).state is State.GOOD
    assert check_digests(said, report=None, check=check + b" ").state is State.BAD
    assert check_digests(said, report=None).state is State.NOT_CHECKED


def _next(signed: Signed, earlier: Signed, **known: Any) -> Fact:
    before = statement.read(earlier.payload())
    said = statement.read(signed.payload(before.digest))
    return check_continuity(said, before, **({"reachable": None, "tags": None} | known))


def test_a_statement_names_the_one_before_it(signed: Signed, earlier: Signed) -> None:
    """With and without a repository; the chain cannot be joined to another one."""
    tags = dict(signed.measurement.repository.tags)
    unchained = check_continuity(
        statement.read(signed.payload()),
        statement.read(earlier.payload()),
        reachable=None,
        tags=None,
    )

    assert _next(signed, earlier).state is State.GOOD
    assert _next(signed, earlier, reachable=True, tags=tags).state is State.GOOD
    assert unchained.state is State.BAD


@pytest.mark.parametrize(
    "known",
    [
        {"reachable": False},
        {"tags": {}},
        {"tags": {"v0.1.0": "00" * 20, "v0.2.0": "00" * 20}},
    ],
    ids=["head gone", "tags gone", "tags moved"],
)
def test_a_rewritten_history_breaks_continuity(
    signed: Signed, earlier: Signed, known: dict[str, Any]
) -> None:
    """A head that is no ancestor, a tag that is gone or points elsewhere."""
    assert _next(signed, earlier, **known).state is State.BAD
