"""A level is decided by interval against region, at every boundary."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.claims.disclosure import Region
from provenance.claims.level import compare, tenths
from provenance.claims.verdict import Word
from provenance.terms.counts import Counts, Share
from worlds import claimed

S, C, N = Word.SUPPORTED, Word.CONTRADICTED, Word.NOT_DECIDABLE


@pytest.mark.parametrize(
    ("comparator", "value", "low", "high", "word", "reason"),
    [
        # about 80 % is 75 to 85, both ends inside
        ("about", "80%", 750, 850, S, "inside"),
        ("about", "80%", 800, 800, S, "inside"),
        ("about", "80%", 749, 850, N, "bounds_too_wide"),
        ("about", "80%", 750, 851, N, "bounds_too_wide"),
        ("about", "80%", 850, 1000, N, "bounds_too_wide"),
        ("about", "80%", 0, 750, N, "bounds_too_wide"),
        ("about", "80%", 851, 1000, C, "understates"),
        ("about", "80%", 0, 749, C, "overstates"),
        # at least holds at its value, more than does not
        ("at_least", "80%", 800, 1000, S, "inside"),
        ("at_least", "80%", 799, 1000, N, "bounds_too_wide"),
        ("at_least", "80%", 0, 800, N, "bounds_too_wide"),
        ("at_least", "80%", 0, 799, C, "overstates"),
        ("more_than", "80%", 801, 1000, S, "inside"),
        ("more_than", "80%", 800, 1000, N, "bounds_too_wide"),
        ("more_than", "80%", 0, 801, N, "bounds_too_wide"),
        ("more_than", "80%", 0, 800, C, "overstates"),
        ("at_most", "4%", 0, 40, S, "inside"),
        ("at_most", "4%", 0, 41, N, "bounds_too_wide"),
        ("at_most", "4%", 40, 1000, N, "bounds_too_wide"),
        ("at_most", "4%", 41, 1000, C, "understates"),
        ("less_than", "4%", 0, 39, S, "inside"),
        ("less_than", "4%", 0, 40, N, "bounds_too_wide"),
        ("less_than", "4%", 39, 1000, N, "bounds_too_wide"),
        ("less_than", "4%", 40, 1000, C, "understates"),
        ("between", "70%", 700, 900, S, "inside"),
        ("between", "70%", 699, 900, N, "bounds_too_wide"),
        ("between", "70%", 901, 1000, C, "understates"),
        ("between", "70%", 0, 699, C, "overstates"),
        # the whole
        ("about", "100%", 950, 1000, S, "inside"),
        ("about", "100%", 0, 949, C, "overstates"),
        ("at_least", "0%", 0, 1000, S, "inside"),
        ("more_than", "100%", 1000, 1000, C, "overstates"),
    ],
)
def test_every_boundary(
    comparator: str, value: str, low: int, high: int, word: Word, reason: str
) -> None:
    """One line in a thousand more or less decides at the edge, and only there."""
    extra = 'value_to = "90%"' if comparator == "between" else ""
    measurement = claimed.measured(claimed.bounds(low, high, 1000))
    found = claimed.outcome(measurement, claimed.level(comparator, value, extra=extra))

    assert (found.word, found.reasons) == (word, (reason,))
    assert (found.low, found.high) == (Share(low, 1000), Share(high, 1000))


def test_a_claim_of_94_with_8_marked_is_open() -> None:
    """10,199 of 121,634 added lines carry a mark, the rest says nothing: not contradicted."""
    added = Counts(ai=10_199, unattested=121_634 - 10_199)
    measurement = claimed.measured(
        flow=[claimed.window(Counts(), end="2026-03", kind="month", added=added)]
    )
    told = claimed.level(
        "about", "94%", quantity='unit = "line", basis = "flow", event = "merged"',
        window="2026-03", more='author = "any_ai"',
    )  # fmt: skip
    found = claimed.outcome(measurement, told)

    assert found.word is N
    assert found.reasons == ("bounds_too_wide",)
    assert found.needed[0].startswith("to support it, raise the floor by 85.2 points")
    assert "review" in found.needed[-1]


def test_the_same_claim_about_marks_is_contradicted() -> None:
    """Whoever says 94 % of lines are marked says something that marks can refute."""
    measurement = claimed.measured(Counts(ai=84, unattested=916))
    told = claimed.level("about", "94%", more='attribution = "marked"')
    found = claimed.outcome(measurement, told)

    assert (found.word, found.reasons) == (C, ("overstates",))
    assert found.needed == ("the nearest share that evidence allows is 85.1 points away",)


@pytest.mark.parametrize(
    ("attribution", "assisted", "low", "high"),
    [
        ("written", "open", 100, 900),
        ("written", "counted", 300, 900),
        ("written", "left_out", 100, 700),
        ("marked", "open", 100, 300),
        ("marked", "counted", 300, 300),
        ("marked", "left_out", 100, 100),
    ],
)
@pytest.mark.parametrize("author", ["any_ai", "self_family"])
def test_what_counts(attribution: str, assisted: str, author: str, low: int, high: int) -> None:
    """100 lines by AI, 200 assisted, 600 without evidence, 100 by people."""
    counts = Counts(ai=100, assisted=200, unattested=600, human=100)
    more = f'attribution = "{attribution}", assisted = "{assisted}", author = "{author}"'
    told = claimed.level("about", "80%", more=more)
    found = claimed.outcome(claimed.measured(counts), told)

    assert (found.low, found.high) == (Share(low, 1000), Share(high, 1000))


def test_automation_counts_among_whatever_is_no_person() -> None:
    """Bots are in both ends."""
    counts = Counts(ai=100, automation=50, unattested=50, human=800)
    told = claimed.level("about", "80%", more='author = "any_nonhuman"')
    found = claimed.outcome(claimed.measured(counts), told)

    assert (found.low, found.high) == (Share(150, 1000), Share(200, 1000))


_shares = st.fractions(0, 1, max_denominator=1000)
_intervals = st.tuples(_shares, _shares).map(lambda ends: (min(ends), max(ends)))
_regions = st.builds(
    lambda ends, low, high: Region(ends[0], ends[1], low_open=low, high_open=high),
    _intervals,
    st.booleans(),
    st.booleans(),
)


@given(st.tuples(_shares, _shares, _shares, _shares).map(sorted), _regions)
def test_narrowing_never_flips(ends: list[Fraction], region: Region) -> None:
    """What a wide interval decides, every interval inside it decides alike."""
    wide, narrow = compare(ends[0], ends[3], region), compare(ends[1], ends[2], region)

    assert wide is N or wide is narrow


@given(_intervals, _regions)
def test_a_verdict_is_about_every_share_inside(
    interval: tuple[Fraction, Fraction], region: Region
) -> None:
    """Supported: each share inside is in the region; contradicted: none is."""
    word = compare(*interval, region)
    shares = [interval[0] + (interval[1] - interval[0]) * part / 8 for part in range(9)]
    points = {compare(share, share, region) for share in shares}

    assert points <= {S, C}
    if word is not N:
        assert points == {word}


@given(_regions, st.lists(_intervals, max_size=20))
def test_more_evidence_never_turns_a_verdict_round(
    region: Region, steps: list[tuple[Fraction, Fraction]]
) -> None:
    """Along any chain of narrowing intervals a decision, once made, stays."""
    low, high = Fraction(0), Fraction(1)
    words = []
    for first, last in steps:
        low, high = low + (high - low) * first, low + (high - low) * last
        words.append(compare(low, high, region))

    assert all(before is N or before is after for before, after in pairwise(words))


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (Fraction(17, 100), "17.0"),
        (Fraction(1, 10**9), "0.1"),
        (Fraction(0), "0.1"),
        (Fraction(1), "100.0"),
        (Fraction(1701, 10_000), "17.1"),
    ],
)
def test_a_distance_is_rounded_up(gap: Fraction, text: str) -> None:
    """Whoever moves by the printed number has moved far enough."""
    assert tenths(gap) == text
