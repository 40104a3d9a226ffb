"""Every threshold at its edge, every way to be inconclusive, and what may never happen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.gate.figures import Figures, Sample
from provenance.gate.judge import Result, Word, check, judge
from provenance.gate.thresholds import NUMBERS, OWN, Figure, Side, Threshold, parse_flag
from provenance.metrics.measurement import Finding
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Stage

_COUNTS = Counts(ai=20, assisted=15, automation=5, human=10, predates_ai=20, unattested=30)
_WHOLE = Sample(_COUNTS, Own(10, 20, 60), unclassified=25, named=28)
_FIGURES = Figures(
    is_change=True,
    whole=_WHOLE,
    stages={Stage.EVALUATION: Sample(Counts(ai=1, unattested=1), Own(1, 1, 2))},
    own_known=True,
    aside=7,
    added=100,
    findings=(
        Finding("a", "A", "One", ("x.py:1",), 1),
        Finding("b", "B", "Two", ("x.py:1",), 1),
        Finding("c", "C", "Three", ("x.py:1",), 1),
        Finding("c", "C", "Four", ("x.py:1",), 1),
    ),
    unplaced=0,
    unmeasured=3,
)
"""One hundred lines, so that lines are percents."""

_EXACT = {
    Figure.FLOOR: 20,
    Figure.DECLARED: 35,
    Figure.CEILING: 65,
    Figure.OWN_FLOOR: 10,
    Figure.OWN_DECLARED: 20,
    Figure.OWN_CEILING: 60,
    Figure.NAMED_MODEL: 80,
    Figure.UNCLASSIFIED: 25,
    Figure.SET_ASIDE: 7,
}
"""Figures that are one number of percent."""


def _result(text: str, side: Side, figures: Figures = _FIGURES) -> Result:
    return check(figures, parse_flag(text, side)).result


@pytest.mark.parametrize("figure", _EXACT, ids=str)
def test_a_share_holds_at_its_limit_and_fails_a_millionth_of_a_percent_beyond(
    figure: Figure,
) -> None:
    """Both sides include the limit; nothing is rounded."""
    at = _EXACT[figure]

    assert _result(f"{figure}={at}%", Side.MIN) is Result.HOLDS
    assert _result(f"{figure}={at}%", Side.MAX) is Result.HOLDS
    assert _result(f"{figure}={at}.000001%", Side.MIN) is Result.FAILS
    assert _result(f"{figure}={at - 1}.999999%", Side.MAX) is Result.FAILS
    assert _result(f"{figure}={at - 1}.999999%", Side.MIN) is Result.HOLDS
    assert _result(f"{figure}={at}.000001%", Side.MAX) is Result.HOLDS


def test_every_figure_has_a_test_of_its_edge() -> None:
    assert {*_EXACT, *NUMBERS, Figure.AI, Figure.OWN, Figure.COVERAGE} == set(Figure)


def test_coverage_below_what_is_demanded_is_not_decided() -> None:
    """Exit 3, not 1: what is not known breaks no rule.  Too much of it is a plain failure."""
    assert _result("coverage=70%", Side.MIN) is Result.HOLDS
    assert _result("coverage=70.000001%", Side.MIN) is Result.OPEN
    assert _result("coverage=70%", Side.MAX) is Result.HOLDS
    assert _result("coverage=69.999999%", Side.MAX) is Result.FAILS


@pytest.mark.parametrize(
    ("figure", "low", "high"), [(Figure.AI, 20, 65), (Figure.OWN, 10, 60)], ids=str
)
def test_an_interval_is_decided_only_where_all_of_it_lies_on_one_side(
    figure: Figure, low: int, high: int
) -> None:
    """At most: the ceiling must not pass the limit.  At least: the floor must reach it."""
    assert _result(f"{figure}={high}%", Side.MAX) is Result.HOLDS
    assert _result(f"{figure}={high - 1}.999999%", Side.MAX) is Result.OPEN
    assert _result(f"{figure}={low}%", Side.MAX) is Result.OPEN
    assert _result(f"{figure}={low - 1}.999999%", Side.MAX) is Result.FAILS
    assert _result(f"{figure}={low}%", Side.MIN) is Result.HOLDS
    assert _result(f"{figure}={low}.000001%", Side.MIN) is Result.OPEN
    assert _result(f"{figure}={high}%", Side.MIN) is Result.OPEN
    assert _result(f"{figure}={high}.000001%", Side.MIN) is Result.FAILS


@pytest.mark.parametrize(
    ("figure", "number"),
    [("findings", 4), ("findings_a", 1), ("findings_b", 1), ("findings_c", 2), ("unmeasured", 3)],
)
def test_numbers_hold_at_their_limit_and_fail_one_beyond(figure: str, number: int) -> None:
    assert _result(f"{figure}={number}", Side.MAX) is Result.HOLDS
    assert _result(f"{figure}={number - 1}", Side.MAX) is Result.FAILS


def test_findings_that_may_lie_in_a_change_leave_their_number_open() -> None:
    """They could be too many, so neither word is said."""
    figures = replace(_FIGURES, unplaced=2)

    assert _result("findings=4", Side.MAX, figures) is Result.OPEN
    assert _result("findings=6", Side.MAX, figures) is Result.HOLDS
    assert _result("findings=3", Side.MAX, figures) is Result.FAILS


@pytest.mark.parametrize("figure", sorted(OWN))
def test_own_models_are_open_while_no_family_is_configured(figure: Figure) -> None:
    """Nobody said which models are the lab's own: no figure of them means anything."""
    figures = replace(_FIGURES, own_known=False)

    for side in Side:
        assert _result(f"{figure}=50%", side, figures) is Result.OPEN


def test_a_stage_is_judged_alone() -> None:
    assert _result("evaluation.floor=50%", Side.MAX) is Result.HOLDS
    assert _result("evaluation.floor=49%", Side.MAX) is Result.FAILS
    assert _result("evaluation.coverage=51%", Side.MIN) is Result.OPEN


@pytest.mark.parametrize(
    ("is_change", "result"), [(True, Result.HOLDS), (False, Result.OPEN)], ids=["change", "report"]
)
@pytest.mark.parametrize("name", ["safety.floor", "floor", "safety.coverage", "coverage"])
def test_a_share_of_nothing(is_change: bool, result: Result, name: str) -> None:
    """A change may leave a stage alone; a report that holds nothing proves nothing."""
    empty = replace(_FIGURES, is_change=is_change, whole=Sample(), added=0)

    for side in Side:
        assert _result(f"{name}=50%", side, empty) is result


def test_models_are_not_demanded_where_no_ai_wrote() -> None:
    """All of no lines name their model."""
    human = replace(_FIGURES, is_change=False, whole=Sample(Counts(human=3)))

    assert _result("named_model=100%", Side.MIN, human) is Result.HOLDS


def test_what_is_set_aside_is_asked_of_changes_only() -> None:
    report = replace(_FIGURES, is_change=False, aside=0, added=0)

    assert _result("set_aside=5%", Side.MAX, report) is Result.OPEN


_PASS, _FAIL, _OPEN = "floor=20%", "floor=19%", "ai=50%"


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        ([], Word.NO_GATE),
        ([_PASS], Word.PASS),
        ([_PASS, _FAIL], Word.FAIL),
        ([_PASS, _OPEN], Word.INCONCLUSIVE),
        ([_PASS, _OPEN, _FAIL], Word.FAIL),
    ],
)
def test_failing_weighs_more_than_not_decided(texts: list[str], word: Word) -> None:
    figures = replace(_FIGURES, findings=())
    verdict = judge(figures, [parse_flag(text, Side.MAX) for text in texts])

    assert verdict.word is word
    assert len(verdict.checks) == len(texts)


def test_a_finding_that_blocks_verdicts_blocks_a_pass_unless_it_is_asked_about() -> None:
    """Severity A forbids PASS, does not excuse FAIL, and gives way to a number of its own."""
    kept, broken = parse_flag(_PASS, Side.MAX), parse_flag(_FAIL, Side.MAX)
    one, all_ = parse_flag("findings_a=1", Side.MAX), parse_flag("findings=4", Side.MAX)

    assert judge(_FIGURES, [kept]).word is Word.INCONCLUSIVE
    assert judge(_FIGURES, [kept]).blocked == "1 finding of severity A"
    assert judge(_FIGURES, [kept, broken]).word is Word.FAIL
    assert judge(_FIGURES, [kept, one]).word is Word.PASS
    assert judge(_FIGURES, [kept, all_]).word is Word.PASS


counts = st.builds(Counts, *(st.integers(0, 50) for _ in range(6)))
shares = st.tuples(st.integers(0, 1000), st.just(1000))


@given(counts, shares, st.sampled_from(list(Side)))
def test_more_evidence_never_turns_a_verdict_round(
    known: Counts, limit: tuple[int, int], side: Side
) -> None:
    """Learning who wrote a line settles what was open; it never turns HOLDS into FAILS."""
    threshold = Threshold(Figure.AI, side, None, *limit)
    before = check(_of(known), threshold).result
    if known.unattested:
        rest = known.unattested - 1
        for learnt in (
            replace(known, unattested=rest, ai=known.ai + 1),
            replace(known, unattested=rest, human=known.human + 1),
        ):
            after = check(_of(learnt), threshold).result

            assert after is before or before is Result.OPEN


@given(counts, shares, st.sampled_from(list(Side)), st.sampled_from(sorted(_EXACT)))
def test_the_result_is_the_one_of_exact_fractions(
    known: Counts, limit: tuple[int, int], side: Side, figure: Figure
) -> None:
    """Integers multiplied crosswise decide as fractions do."""
    found = check(_of(known), Threshold(figure, side, None, *limit))
    if found.whole:
        share, edge = Fraction(found.low, found.whole), Fraction(*limit)
        holds = share >= edge if side is Side.MIN else share <= edge

        assert found.result is (Result.HOLDS if holds else Result.FAILS)


def _of(known: Counts) -> Figures:
    sample = Sample(known, Own(known.ai, known.declared, known.ceiling))
    return replace(_FIGURES, whole=sample, findings=())
