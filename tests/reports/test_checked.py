"""Judged claims on paper: the same integers, no false percent."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.claims.judge import judge
from provenance.claims.known import template
from provenance.claims.read import read
from provenance.claims.verdict import Outcome, Word
from provenance.metrics.measurement import Finding
from provenance.terms.counts import Counts, Share
from provenance_reports import checked, checked_forms, html, json_v1, words
from provenance_reports.build import build
from worlds import claimed
from worlds.measurements import WORLDS, pipeline


def _schema(name: str) -> dict[str, Any]:
    folder = files("provenance_reports").joinpath("schema")
    text = folder.joinpath(f"provenance-{name}-1.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_the_json_of_verdicts_keeps_its_form(world: str) -> None:
    """The template, and a sentence that is no measurement, against invented repositories."""
    text = template() + '[[claim]]\nid = "v"\nkind = "volume"\nsources = ["post"]\nwording = "w"\n'
    judgement = judge(WORLDS[world](), read(text.encode(), name="claims.toml"))

    jsonschema.validate(json.loads(checked_forms.as_json(judgement)), _schema("check"))


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_a_report_with_claims_keeps_its_form(world: str) -> None:
    """It validates, and comes back from JSON as it was."""
    measurement = WORLDS[world]()
    told = read(template().encode(), name="claims.toml")
    verdicts = checked.verdicts(judge(measurement, told))
    document = build(measurement, command="x", verdicts=verdicts)
    text = json_v1.render(document)

    jsonschema.validate(json.loads(text), _schema("report"))
    assert json_v1.parse(text) == document
    assert verdicts[0].target_low == (3, 4)
    assert verdicts[0].target_high == (17, 20)
    assert (verdicts[0].begins, verdicts[0].ends) == ("2026-06-04", "2026-06-04")
    assert [verdict.states for verdict in verdicts] == ["level", "crossing", "acceleration"]
    assert [verdict.subject for verdict in verdicts] == ["own", "ai", "ai"]
    assert (verdicts[1].begins, verdicts[1].ends) == ("2026-01-01", "2026-03-31")
    assert verdicts[2].begins == "2026-02-17"


def test_a_report_from_before_these_fields_is_still_read() -> None:
    """What an older meter wrote has neither definitions nor dates of claims."""
    verdicts = checked.verdicts(judge(pipeline(), read(template().encode(), name="c")))
    raw = json.loads(json_v1.render(build(pipeline(), command="x", verdicts=verdicts)))
    for verdict in raw["verdicts"]:
        for key in ("states", "conflict", "begins", "ends", "target_low", "target_high", "basis"):
            del verdict[key]
        for reading in verdict["readings"]:
            del reading["defined"], reading["needed"], reading["assumes"]
    for window in raw["flow"]:
        del window["added_own"]
    old = json_v1.parse(json.dumps(raw))

    assert [verdict.verdict for verdict in old.verdicts] == [v.verdict for v in verdicts]
    assert old.verdicts[0].target_low is None
    assert old.measurement.flow[0].added_own is None


_shares = st.integers(1, 2**45).flatmap(
    lambda whole: st.builds(Share, st.integers(0, whole), st.just(whole))
)


@given(_shares, _shares)
def test_two_denominators_become_one(one: Share, other: Share) -> None:
    """Exactly where it fits, outwards where it does not."""
    low, high = sorted((one, other), key=lambda share: Fraction(share.part, share.whole))
    first, last, whole = checked._common(Outcome(Word.MIXED, (), low, high))

    assert 0 <= first <= last <= whole < 2**63
    assert Fraction(first, whole) <= Fraction(low.part, low.whole)
    assert Fraction(last, whole) >= Fraction(high.part, high.whole)
    if low.whole * high.whole < 2**62:
        assert Fraction(first, whole) == Fraction(low.part, low.whole)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ((38, 100), (71, 100), "38–71 %"),
        ((4700, 15000), (4700, 15000), "31.33 %"),
        ((0, 10), (10, 10), "0–100 %"),
        ((1, 100_000), (99_999, 100_000), "<0.1–>99.9 %"),
    ],
)
def test_an_interval_is_one_figure_where_it_is_a_point(
    low: tuple[int, int], high: tuple[int, int], text: str
) -> None:
    """A point gets two decimals, an interval what it deserves."""
    assert checked.span(Share(*low), Share(*high)) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Fraction(1, 3), "+0.333333"),
        (Fraction(-1, 3), "−0.333334"),
        (Fraction(0), "+0.000000"),
        (Fraction(-5, 2), "−2.500000"),
    ],
)
def test_a_change_is_rounded_downwards(change: Fraction, text: str) -> None:
    """Six decimals, towards the lesser."""
    assert checked.signed(change) == text


def test_figures_of_another_rule_are_called_so() -> None:
    """Whoever reads the interval must not take it for the claimed quantity."""
    measurement = claimed.measured(claimed.bounds(800, 800, 1000))
    lens = claimed.outcome(measurement, claimed.level("about", "80%", more='lens = "copies"'))
    repos = claimed.outcome(
        measurement, claimed.level("about", "80%", more='scope = { repos = ["x"] }')
    )

    assert checked.figures(lens) == "80.00 % by another rule"
    assert checked.figures(repos) == "80.00 % of other code"


def test_blocking_findings_come_first() -> None:
    """Before any verdict the reader hears why there is none."""
    measurement = claimed.measured(Counts(ai=1))
    told = claimed.level("about", "80%")
    blocked = replace(measurement, findings=(Finding("x", "A", "t", (), 1),))
    text = checked_forms.text(judge(blocked, told), build(blocked, command="x"))

    assert text.split("\n")[2] == "Blocked: 1 finding of severity A in the report"


def test_many_claims_of_the_same_readings_are_summed_per_reading() -> None:
    """81 releases under one rule: the reader sees the sum first."""
    part = (
        '[[claim]]\nid = "c{0}"\nkind = "level"\nsources = ["s"]\nwording = "w"\n'
        'comparator = "at_least"\nvalue = "{0}%"\n[[claim.reading]]\nid = "r"\n'
        'window = "HEAD"\nquantity = {{ unit = "code_line", basis = "stock" }}\n'
    )
    told = claimed.disclosure("".join(part.format(number) for number in range(40, 60)))
    measurement = claimed.measured(claimed.bounds(50, 50, 100))
    text = checked_forms.text(judge(measurement, told), build(measurement, command="x"))

    assert "20 claims: 11 supported, 9 contradicted" in text
    assert "Reading r: 11 supported, 9 contradicted" in text


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_page_and_json_show_the_same_verdict(ai: int, open_lines: int, human: int) -> None:
    """The word, and the integers behind it."""
    measurement = claimed.measured(Counts(ai=ai, unattested=open_lines, human=human + 1))
    judgement = judge(measurement, claimed.level("about", "50%"))
    row = json.loads(checked_forms.as_json(judgement))["verdicts"][0]
    (verdict,) = checked.verdicts(judgement)
    page = html.render(build(measurement, command="x", verdicts=[verdict]))
    reading = verdict.readings[0]

    assert row["verdict"] == reading.verdict
    assert row["low"] == [reading.low, reading.whole]
    assert row["high"] == [reading.high, reading.whole]
    assert f">{row['verdict'].replace('_', ' ')}</span>" in page
    shown = words.between(reading.low, reading.high, reading.whole).replace(" %", "\u00a0%")
    assert shown.replace("<", "&lt;").replace(">", "&gt;") in page
