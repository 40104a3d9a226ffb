"""A crossing lies between that of the ceiling and that of the floor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.claims.verdict import Word
from worlds import claimed

S, C, N = Word.SUPPORTED, Word.CONTRADICTED, Word.NOT_DECIDABLE
CLAIM = 'threshold = "50%"\nclaimed_window = "{}"\ndirection = "{}"'
_QUANTITY = 'quantity = { unit = "code_line", basis = "stock" }, bin = "month"'


def judged(
    series: list[tuple[int, int]], *, window: str = "2026-01/2026-03", sustain: int = 1,
    direction: str = "up",
) -> tuple[Word, tuple[str, ...]]:  # fmt: skip
    """Judge monthly (floor, ceiling) percentages from July 2025."""
    told = claimed.claim(
        "crossing", CLAIM.format(window, direction), f"{_QUANTITY}, sustain = {sustain}"
    )
    measurement = claimed.months([(low, high, 100) for low, high in series])
    found = claimed.outcome(measurement, told)
    return found.word, found.reasons


def flat(before: int, *after: int) -> list[tuple[int, int]]:
    """Six months below, then exact shares."""
    return [(before, before)] * 6 + [(share, share) for share in after]


@pytest.mark.parametrize(
    ("series", "word", "reason"),
    [
        (flat(10, 50, 60, 70), S, "inside"),
        (flat(10, 49, 49, 50), S, "inside"),
        (flat(10, 49, 49, 49), C, "never_crossed"),
        (flat(10, 49, 49, 49, 50), C, "crossed_later"),
        ([(10, 10)] * 5 + [(50, 50)] * 4, C, "crossed_earlier"),
        # December may or may not have been above: the ceiling touches it
        ([(10, 10)] * 5 + [(10, 50)] + [(50, 60)] * 3, N, "bounds_too_wide"),
        # the floor comes too late to be sure
        (flat(10) + [(40, 60)] * 3, N, "bounds_too_wide"),
        (flat(10) + [(40, 60)] * 3 + [(50, 60)], N, "bounds_too_wide"),
        # ceiling of all from the beginning: only the floor can speak, and only against
        ([(10, 100)] * 9, N, "bounds_too_wide"),
        ([(50, 100)] + [(50, 100)] * 8, C, "crossed_earlier"),
        (flat(10, 60, 10, 10), S, "inside"),
    ],
)
def test_where_the_crossing_can_lie(series: list[tuple[int, int]], word: Word, reason: str) -> None:
    """Inside the claimed quarter, surely outside it, or neither."""
    assert judged(series) == (word, (reason,))


@pytest.mark.parametrize(
    ("shares", "sustain", "word"),
    [
        ((50, 50, 10, 10), 2, S),
        ((50, 10, 50, 50), 2, S),
        ((50, 10, 50, 10), 2, C),
        ((10, 10, 50, 50), 2, S),
        ((10, 10, 50, 10), 2, C),
        ((50, 50, 50, 10), 3, S),
        ((10, 50, 50, 10), 3, C),
        # the last month holds; whether the next one did is unknown
        ((10, 10, 50), 2, N),
        ((10, 50, 50), 3, N),
    ],
)
def test_a_run_must_hold(shares: tuple[int, ...], sustain: int, word: Word) -> None:
    """Sustained k months: the first month of the first run of k."""
    assert judged(flat(10, *shares), sustain=sustain)[0] is word


def test_downwards_is_upwards_of_the_rest() -> None:
    """Falling to half mirrors rising to half."""
    assert judged(flat(90, 60, 50, 40), direction="down")[0] is S
    assert judged(flat(90, 60, 51, 51), direction="down")[0] is C


@pytest.mark.parametrize(
    ("series", "window", "reasons"),
    [
        (flat(10, 50, 60), "2026-01/2026-03", ("series_ends_early",)),
        (flat(10, 50, 60, 70), "2025-07/2025-09", ("series_starts_late",)),
        (flat(10, 50), "2025-07/2026-03", ("series_ends_early", "series_starts_late")),
        ([], "2026-01/2026-03", ("series_not_measured",)),
    ],
)
def test_a_series_must_span_the_window(
    series: list[tuple[int, int]], window: str, reasons: tuple[str, ...]
) -> None:
    """A series that begins in the window cannot say that it was below before."""
    assert judged(series, window=window) == (N, reasons)


def test_a_month_that_straddles_the_window_is_not_inside() -> None:
    """A claimed window of half a month cannot be confirmed by months."""
    assert judged(flat(10, 50, 60, 70), window="2026-01-15/2026-02-28")[0] is N


def test_an_empty_month_may_be_anything() -> None:
    """Where nothing was counted, the share is unknown, not zero."""
    told = claimed.claim("crossing", CLAIM.format("2026-01/2026-03", "up"), _QUANTITY)
    series = [(10, 10, 100)] * 5 + [(0, 0, 0)] + [(50, 50, 100)] * 3
    found = claimed.outcome(claimed.months(series), told)

    assert found.word is N
    assert found.between == ("2025-12", "2026-01")


_series = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=9, max_size=14)


@given(_series, st.data(), st.integers(1, 3))
def test_narrowing_never_flips(
    ends: list[tuple[int, int]], data: st.DataObject, sustain: int
) -> None:
    """A series inside the bounds of another gets its verdict, or a decision where it had none."""
    wide = [(min(pair), max(pair)) for pair in ends]
    narrow = []
    for low, high in wide:
        first = data.draw(st.integers(low, high))
        narrow.append((first, data.draw(st.integers(first, high))))
    before, after = judged(wide, sustain=sustain)[0], judged(narrow, sustain=sustain)[0]

    assert before is N or before is after
