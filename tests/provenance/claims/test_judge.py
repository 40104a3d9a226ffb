"""Gates, windows and whole disclosures."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.claims.disclosure import Disclosure
from provenance.claims.judge import judge
from provenance.claims.known import instruments, template
from provenance.claims.read import read
from provenance.claims.verdict import Word, together
from provenance.metrics.measurement import Finding, LadderStep, Measurement
from provenance.terms.counts import Counts, Share
from provenance.terms.stages import Facet
from worlds import claimed
from worlds.any_measurement import measurements
from worlds.measurements import WORLDS

S, C, N, M = Word.SUPPORTED, Word.CONTRADICTED, Word.NOT_DECIDABLE, Word.MIXED
SUPPORTED = claimed.measured(claimed.bounds(800, 800, 1000))
"""A measurement that supports about 80 %."""


@pytest.mark.parametrize(
    ("quantity", "more", "codes"),
    [
        ('unit = "line", basis = "stock"', "", {"unit_differs"}),
        ('unit = "effective_line", basis = "stock"', "", {"unit_not_measured"}),
        ('unit = "commit", basis = "stock"', "", {"unit_not_measured"}),
        (claimed.LEVEL, 'lens = "copies"', {"lens_differs"}),
        (claimed.LEVEL, 'lens = "plain"', set()),
        (claimed.LEVEL, 'scope = { repos = ["train"] }', set()),
        (claimed.LEVEL, 'scope = { repos = ["other"] }', {"scope_not_covered"}),
        (claimed.LEVEL, 'scope = { repos = ["train", "other"] }', {"scope_not_covered"}),
        (claimed.LEVEL, 'scope = { paths = ["a/**"] }', {"scope_not_measured"}),
        (claimed.LEVEL, 'scope = { languages = ["python"] }', {"scope_not_measured"}),
        (claimed.LEVEL, 'scope = { facets = ["source"] }', {"denominator_differs"}),
        (claimed.LEVEL, 'scope = { facets = ["source", "notebook", "config"] }', set()),
        (claimed.LEVEL, 'author = "self_family"', set()),
    ],
)
def test_gates_on_the_definition(quantity: str, more: str, codes: set[str]) -> None:
    """What does not fit is named; what fits is decided."""
    told = claimed.level("about", "80%", quantity=quantity, more=more)
    found = claimed.outcome(SUPPORTED, told)

    assert found.word is (N if codes else S)
    assert set(found.reasons) == (codes or {"inside"})


@pytest.mark.parametrize(
    ("own", "code"),
    [((), "own_not_configured"), (("acme", "quill"), "own_differs"), (("quill",), "own_differs")],
)
def test_own_models_must_be_those_of_the_discloser(own: tuple[str, ...], code: str) -> None:
    """Figures of other families say nothing about these, and are not shown."""
    definition = replace(SUPPORTED.definition, own_families=own)
    told = claimed.level("about", "80%", more='author = "self_family"')
    found = claimed.outcome(replace(SUPPORTED, definition=definition), told)

    assert (found.word, found.reasons, found.low) == (N, (code,), None)
    assert "--own" in found.needed[0]


@pytest.mark.parametrize(("severity", "word"), [("A", N), ("B", S), ("C", S)])
def test_a_finding_of_severity_a_blocks_every_verdict(severity: str, word: Word) -> None:
    """The figures stay visible, the verdict does not."""
    blocked = replace(SUPPORTED, findings=(Finding("rewritten", severity, "t", (), 1),))
    found = claimed.verdict(blocked, claimed.level("about", "80%"))

    assert found.outcome.word is word
    assert found.outcome.low == Share(800, 1000)
    if word is N:
        assert found.outcome.reasons == ("integrity",)
        assert found.assumptions == ()


def _dated() -> Measurement:
    full, part = claimed.bounds(800, 800, 1000), claimed.bounds(100, 100, 1000)
    stock = [
        claimed.point(part, at="2026-03", kind="month", day="2026-03-30"),
        claimed.point(part, at="2026-W20", kind="week", day="2026-05-16"),
        claimed.point(part, at="v1", kind="release", day="2026-05-20"),
    ]
    flow = [
        claimed.window(part, end="2026-03", kind="month"),
        claimed.window(part, end="2026-04", kind="month"),
        claimed.window(part, end="2026-W20", kind="week"),
        claimed.window(part, start="v1", end="v2", kind="release"),
        claimed.window(part, start="2026-05", end="HEAD", kind="head"),
    ]
    return claimed.measured(full, stock=stock, flow=flow)


@pytest.mark.parametrize(
    ("basis", "window", "reason"),
    [
        ('basis = "stock"', "HEAD", "understates"),
        ('basis = "stock"', "2026-06-04", "understates"),
        ('basis = "stock"', "2026-03-31", "inside"),
        ('basis = "stock"', "2026-03", "inside"),
        ('basis = "stock"', "2026-05-17", "inside"),
        ('basis = "stock"', "2026-W20", "inside"),
        ('basis = "stock"', "tag:v1", "inside"),
        ('basis = "stock"', "2026-03-30", "window_not_measured"),
        ('basis = "stock"', "2026-04", "window_not_measured"),
        ('basis = "stock"', "tag:v9", "window_not_measured"),
        ('basis = "stock"', "2026-06-05", "after_head"),
        ('basis = "stock"', "2026-06", "after_head"),
        ('basis = "flow", event = "surviving"', "2026-03", "inside"),
        ('basis = "flow", event = "surviving"', "2026-03-01/2026-03-31", "inside"),
        ('basis = "flow", event = "surviving"', "2026-W20", "inside"),
        ('basis = "flow", event = "surviving"', "v1..v2", "inside"),
        ('basis = "flow", event = "surviving"', "tag:v2", "inside"),
        ('basis = "flow", event = "surviving"', "2026-05..HEAD", "inside"),
        ('basis = "flow", event = "surviving"', "v0..v2", "window_not_measured"),
        ('basis = "flow", event = "surviving"', "2026-03/2026-04", "window_not_measured"),
        ('basis = "flow", event = "surviving"', "2026-03-02/2026-03-31", "window_not_measured"),
        ('basis = "flow", event = "surviving"', "2026-02", "window_not_measured"),
        ('basis = "flow", event = "surviving"', "2026-06", "after_head"),
        ('basis = "flow", event = "accepted"', "2026-03", "not_in_history"),
    ],
)
def test_a_window_is_met_exactly_or_not_at_all(basis: str, window: str, reason: str) -> None:
    """No nearest point, no part of a month, no sum of what survived months."""
    told = claimed.level(
        "about", "10%", quantity=f'unit = "code_line", {basis}', window=window
    )  # fmt: skip

    assert claimed.outcome(_dated(), told).reasons == (reason,)


def test_stages_of_all_added_lines_are_not_known() -> None:
    """Merged lines are counted as a whole."""
    told = claimed.level(
        "about", "10%", quantity='unit = "line", basis = "flow", event = "merged"',
        window="2026-03", more='scope = { stages = ["infra"] }',
    )  # fmt: skip
    found = claimed.outcome(_dated(), told)

    assert (found.reasons, found.low) == (("merged_not_split",), None)


def test_a_report_from_before_the_figure_says_so() -> None:
    """Own models among all added lines are not in older reports."""
    told = claimed.level(
        "about", "10%", quantity='unit = "line", basis = "flow", event = "merged"',
        window="2026-03", more='author = "self_family"',
    )  # fmt: skip
    now = _dated()
    old = replace(now, flow=tuple(replace(window, added_own=None) for window in now.flow))

    assert claimed.outcome(now, told).word is S
    assert claimed.outcome(old, told).reasons == ("own_not_counted",)


@pytest.mark.parametrize(
    ("words", "word"),
    [((S, S), S), ((C, C), C), ((N, N), N), ((S, C), M), ((S, N), M), ((C, N), M), ((S,), S)],
)
def test_readings_are_put_together(words: tuple[Word, ...], word: Word) -> None:
    """Unanimous, mixed as soon as any is decided, else undecided."""
    assert together(list(words)) is word


@pytest.mark.parametrize("kind", ["volume", "people", "prediction", "target"])
def test_what_is_no_measurement_is_answered_so(kind: str) -> None:
    """Accepted, kept, and not judged."""
    verdict = judge(SUPPORTED, claimed.claim(kind, "")).claims[0]

    assert (verdict.word, verdict.reasons) == (Word.NOT_A_MEASUREMENT, (f"is_{kind}",))


def test_a_decided_reading_states_its_assumptions() -> None:
    """Supported never means true."""
    told = claimed.level("about", "80%")
    marked = claimed.level("about", "80%", more='attribution = "marked", author = "self_family"')

    assert claimed.verdict(SUPPORTED, told).assumptions == (
        "marked_ai_is_ai", "not_ai_is_not_ai", "scope_complete",
    )  # fmt: skip
    assert claimed.verdict(SUPPORTED, marked).assumptions == (
        "marked_ai_is_ai", "marks_are_meant", "models_named_rightly", "scope_complete",
    )  # fmt: skip


def test_the_conflict_of_an_event_is_told_apart() -> None:
    """Claimed and resolved dates stand beside each other."""
    told = claimed.claim("acceleration", 'event = "e"', f"quantity = {{ {claimed.LEVEL} }}")
    verdict = judge(SUPPORTED, told).claims[0]

    assert verdict.conflict == "e: claimed 2026-04, records say 2025-12-24"


def _with_event(day: str, *, author: str = "any_ai") -> Disclosure:
    return claimed.disclosure(
        f'[[event]]\nid = "x"\nresolved = "{day}"\nresolved_by = ["r"]\n'
        '[[claim]]\nid = "c"\nkind = "acceleration"\nsources = ["s"]\nwording = "w"\n'
        f'event = "x"\nauthor = "{author}"\n'
        '[[claim.reading]]\nid = "r"\nquantity = { unit = "code_line", basis = "flow" '
        ', event = "surviving" }\n'
    )


@pytest.mark.parametrize(
    ("day", "rule", "refused"),
    [
        ("2025-12-06", "claude-co-author", True),
        ("2026-01-06", "claude-co-author", True),  # 28 days after 2.0.62
        ("2025-11-08", "claude-co-author", True),
        ("2025-11-07", "claude-co-author", False),
        ("2025-11-17", "claude-co-author", True),
        ("2025-08-20", "claude-co-author", False),
        ("2025-12-06", "aider-author", False),
        ("2025-06-26", "aider-author", True),
    ],
)
def test_no_event_near_a_change_of_the_instrument(day: str, rule: str, *, refused: bool) -> None:
    """28 days on both sides, for tools whose marks are in the figures."""
    series = [(100 + at, 100 + at, 1000) for at in range(60)]
    measurement = replace(
        claimed.weeks(series, first="2025-W01"),
        ladder=(LadderStep("assisted", "declared", rule, 1, 1, "x"),),
    )
    found = claimed.outcome(measurement, _with_event(day))

    assert ("instrument_change" in found.reasons) is refused
    if refused:
        assert any("@" in text or "tag" in text for text in found.needed)


def test_own_families_are_touched_by_their_own_tool() -> None:
    """Claude's marks changed; a family of another vendor does not care."""
    assert {family for item in instruments() for family in item.families} == {"claude", "gpt"}
    series = [(100 + at, 100 + at, 1000) for at in range(60)]
    measurement = claimed.weeks(series, first="2025-W01")
    found = claimed.outcome(measurement, _with_event("2025-12-06", author="self_family"))

    assert "instrument_change" not in found.reasons


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_every_world_gets_verdicts(world: str) -> None:
    """The template against invented repositories: no failure, twice the same."""
    told = read(template().encode(), name="claims.toml")
    first, second = (judge(WORLDS[world](), told) for _ in range(2))

    assert first == second
    assert pickle.loads(pickle.dumps(first)) == first
    assert {claim.word for claim in first.claims} <= set(Word)


@given(measurements())
def test_any_measurement_gets_verdicts(measurement: Measurement) -> None:
    """Whatever the integers and labels."""
    told = read(template().encode(), name="claims.toml")

    assert len(judge(measurement, told).claims) == 3


_COMPARATORS = ("about", "at_least", "more_than", "at_most")


@given(
    st.lists(st.integers(0, 50), min_size=6, max_size=6),
    st.integers(0, 50),
    st.integers(0, 50),
    st.sampled_from(_COMPARATORS),
    st.integers(0, 100),
)
def test_more_evidence_never_turns_a_verdict_round(
    numbers: list[int], found: int, cleared: int, comparator: str, value: int
) -> None:
    """Unattested lines turn out to be AI's or a person's: a decision stays."""
    before = Counts(*numbers)
    found = min(found, before.unattested)
    cleared = min(cleared, before.unattested - found)
    after = replace(
        before,
        ai=before.ai + found,
        human=before.human + cleared,
        unattested=before.unattested - found - cleared,
    )
    told = claimed.level(comparator, f"{value}%")
    words = [claimed.outcome(claimed.measured(counts), told).word for counts in (before, after)]

    assert words[0] is N or words[0] is words[1]


def test_only_integers_matter() -> None:
    """Names, places and findings of lesser severity change no verdict."""
    told = claimed.disclosure(
        "".join(
            f'[[claim]]\nid = "{comparator}{value}"\nkind = "level"\nsources = ["s"]\n'
            f'wording = "w"\ncomparator = "{comparator}"\nvalue = "{value}%"\n'
            f'[[claim.reading]]\nid = "r"\nwindow = "HEAD"\nquantity = {{ {claimed.LEVEL} }}\n'
            for comparator, value in product(_COMPARATORS, (0, 4, 50, 80, 100))
        )
    )
    other = replace(
        SUPPORTED,
        tool_version="9",
        findings=(Finding("x", "B", "y", ("z",), 3),),
        repository=replace(SUPPORTED.repository, name="elsewhere", head="0" * 40),
        definition=replace(SUPPORTED.definition, facets=(Facet.SOURCE,), git_version="9"),
    )

    assert [claim.word for claim in judge(other, told).claims] == [
        claim.word for claim in judge(SUPPORTED, told).claims
    ]
