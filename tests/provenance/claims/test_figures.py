"""The interval of a reading holds every share that is possible."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from provenance.claims.figures import Figure, _interval
from provenance.claims.verdict import Word
from provenance.metrics.measurement import StageFigures
from provenance.terms.counts import Counts, Own, Share
from provenance.terms.stages import Stage
from worlds import claimed


def _possible(low: int, high: int, whole: int, sure: int, could: int) -> set[Fraction]:
    """Return every share over all choices of which lines are AI's and which are in the stage."""
    shares = set()
    leave, come = whole - sure, could - whole
    for lines in range(low, high + 1):
        for ai_gone, other_gone in product(range(leave + 1), repeat=2):
            if ai_gone + other_gone > leave or ai_gone > lines or other_gone > whole - lines:
                continue
            for ai_came, other_came in product(range(come + 1), repeat=2):
                left = whole - ai_gone - other_gone + ai_came + other_came
                if ai_came + other_came <= come and left:
                    shares.add(Fraction(lines - ai_gone + ai_came, left))
    return shares


@given(st.lists(st.integers(0, 6), min_size=3, max_size=3).map(sorted), st.data())
def test_doubt_about_stages_widens_exactly(ends: list[int], data: st.DataObject) -> None:
    """Both ends are reached by some choice, and no choice lies outside."""
    low, high, whole = ends
    sure = data.draw(st.integers(0, whole))
    could = data.draw(st.integers(whole, whole + 3))
    figure = _interval(low, high, whole, sure=sure, could=could)
    if not whole:
        assert figure is None
        return
    assert figure is not None
    possible = _possible(low, high, whole, sure, could)

    assert all(figure.bounds[0] <= share <= figure.bounds[1] for share in possible)
    assert figure.bounds[1] in possible or figure.bounds[1] == 0
    assert figure.bounds[0] in possible or figure.bounds[0] == 0
    assert figure.near == (Share(low, whole), Share(high, whole))


def _stages(**lines: tuple[Counts, int, int]) -> dict[Stage, StageFigures]:
    return {
        Stage(name): StageFigures(counts, Own(), low, high)
        for name, (counts, low, high) in lines.items()
    }


def test_a_union_of_stages_is_one_denominator() -> None:
    """80 % of 100 and 20 % of 300 are 35 % of 400."""
    stages = _stages(
        infra=(claimed.bounds(80, 80, 100), 100, 100),
        evaluation=(claimed.bounds(60, 60, 300), 300, 300),
    )
    scope = 'scope = {{ stages = ["infra", "evaluation"], quantifier = "{}" }}'
    measurement = claimed.measured(stages=stages)
    union = claimed.outcome(measurement, claimed.level("about", "35%", more=scope.format("union")))
    each = claimed.verdict(measurement, claimed.level("about", "80%", more=scope.format("each")))
    some = claimed.outcome(measurement, claimed.level("about", "80%", more=scope.format("any")))

    assert (union.word, union.low) == (Word.SUPPORTED, Share(140, 400))
    assert each.outcome.word is Word.MIXED
    assert [part.outcome.word for part in each.parts] == [Word.SUPPORTED, Word.CONTRADICTED]
    assert some.word is Word.SUPPORTED


def test_a_stage_that_files_may_leave_decides_less() -> None:
    """Ten lines that may belong elsewhere: the verdict waits for a pin."""
    sure = _stages(infra=(claimed.bounds(78, 78, 100), 100, 100))
    unsure = _stages(infra=(claimed.bounds(78, 78, 100), 90, 100))
    told = claimed.level("about", "80%", more='scope = { stages = ["infra"] }')
    found = claimed.outcome(claimed.measured(stages=unsure), told)

    assert claimed.outcome(claimed.measured(stages=sure), told).word is Word.SUPPORTED
    assert found.word is Word.NOT_DECIDABLE
    assert found.reasons == ("stage_unsure",)
    assert found.needed == ("pin the stage of 10 lines in provenance.toml",)
    assert (found.low, found.high) == (Share(68, 90), Share(78, 90))


def test_a_stage_nobody_has_counts_nothing() -> None:
    """No line, no share."""
    told = claimed.level("about", "80%", more='scope = { stages = ["kernels"] }')
    found = claimed.outcome(claimed.measured(), told)

    assert found.reasons == ("nothing_counted",)
    assert found.low is None


def test_merged_lines_are_summed_over_months() -> None:
    """All lines added in a quarter, unit line; own models from figures of their own."""
    flow = [
        claimed.window(
            Counts(), end=f"2026-0{month}", kind="month", added=Counts(ai=month, human=1)
        )
        for month in (1, 2, 3)
    ]
    quantity = 'unit = "line", basis = "flow", event = "merged"'
    for author in ("any_ai", "self_family"):
        told = claimed.level(
            "about", "70%", quantity=quantity, window="2026-Q1", more=f'author = "{author}"'
        )
        found = claimed.outcome(claimed.measured(flow=flow), told)

        assert (found.low, found.high) == (Share(6, 9), Share(6, 9))


def test_an_interval_is_a_figure() -> None:
    """Open lines are those between the ends."""
    figure = _interval(2, 5, 10, sure=9, could=12)

    assert isinstance(figure, Figure)
    assert (figure.open, figure.unsure, figure.whole) == (3, 3, 10)
