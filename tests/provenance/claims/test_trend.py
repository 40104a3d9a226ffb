"""A change of pace: the identified set is exact, and noise does not pass."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.claims import noise
from provenance.claims.trend import Bounded, coefficients, identified
from provenance.claims.verdict import Word
from provenance.claims.vocabulary import Effect
from worlds import claimed

S, C, N = Word.SUPPORTED, Word.CONTRADICTED, Word.NOT_DECIDABLE
_SLOPE, _STEP = Effect.SLOPE_INCREASE, Effect.LEVEL_STEP
_FLOW = 'quantity = { unit = "code_line", basis = "flow", event = "surviving" }, bin = "week"'


def judged(
    series: list[tuple[int, int, int]], *, more: str = "", effect: str = "slope_increase"
) -> tuple[Word, tuple[str, ...]]:
    """Judge weeks from 2025-W30 against the event of 24 December 2025 (2025-W52)."""
    told = claimed.claim(
        "acceleration", f'event = "e"\neffect = "{effect}"', f"{_FLOW}{', ' if more else ''}{more}"
    )
    found = claimed.outcome(claimed.weeks(series), told)
    return found.word, found.reasons


def line(
    *, before: int, after: int, weeks: int = 40, width: int = 0, rough: int = 1
) -> list[tuple[int, int, int]]:
    """Shares in ten thousandths that rise by so much a week before and after the event."""
    series = []
    for at in range(weeks):
        share = (
            2000 + before * (at - 22) + (after - before) * max(0, at - 22) + (at * 37) % 11 * rough
        )
        series.append((share - width, share + width, 10_000))
    return series


@pytest.mark.parametrize("effect", [_SLOPE, _STEP])
@pytest.mark.parametrize(("before", "after"), [(2, 2), (12, 12), (20, 13), (12, 40)])
def test_the_coefficients_are_those_of_least_squares(
    effect: Effect, before: int, after: int
) -> None:
    """Sum of c_i y_i is what a numerical solver finds for the change."""
    times = list(range(-before, after + 1))
    shape = [noise.hinge(time, effect) for time in times]
    design = np.array([[1, time, bend] for time, bend in zip(times, shape, strict=True)], float)
    heights = np.random.default_rng(7).normal(size=len(times))
    expected = np.linalg.lstsq(design, heights, rcond=None)[0][2]
    weights = coefficients(times, effect)

    assert float(sum(float(c) * y for c, y in zip(weights, heights, strict=True))) == pytest.approx(
        expected
    )
    assert sum(weights) == 0
    assert sum(c * time for c, time in zip(weights, times, strict=True)) == 0


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=7),
    st.sampled_from(Effect),
)
def test_the_identified_set_is_that_of_all_series(
    ends: list[tuple[int, int]], effect: Effect
) -> None:
    """Over every series of whole numbers inside the bounds: the same least and greatest."""
    times = list(range(-2, len(ends) - 2))
    weeks = [
        Bounded(time, Fraction(min(pair)), Fraction(max(pair)))
        for time, pair in zip(times, ends, strict=True)
    ]
    weights = coefficients(times, effect)
    corners = product(*[{week.low, week.high} for week in weeks])
    changes = [sum(c * y for c, y in zip(weights, series, strict=True)) for series in corners]

    assert identified(weeks, weights) == (min(changes), max(changes))


@pytest.mark.parametrize(
    ("series", "word", "reason"),
    [
        (line(before=10, after=60), S, "inside"),
        (line(before=60, after=10), C, "no_increase"),
        (line(before=10, after=60, width=1000), N, "bounds_too_wide"),
        (line(before=30, after=34, rough=40), N, "noise"),
    ],
)
def test_what_a_series_shows(series: list[tuple[int, int, int]], word: Word, reason: str) -> None:
    """Clearly faster, clearly slower, too wide, and neither."""
    assert judged(series) == (word, (reason,))


@pytest.mark.parametrize("scale", ["share", "logit_share", "ai_lines_per_week"])
def test_every_scale_sees_a_clear_rise(scale: str) -> None:
    """Shares, their logits and volumes."""
    assert judged(line(before=5, after=60, rough=8), more=f'scale = "{scale}"')[0] is S


def test_none_and_all_are_infinitely_far_on_the_logit_scale() -> None:
    """A single week without any mark is enough to say nothing."""
    series = [*line(before=10, after=60)[:-1], (0, 10, 10_000)]

    assert judged(series, more='scale = "logit_share"') == (N, ("scale_unbounded",))


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [(10, 35, S), (11, 35, N), (10, 34, N), (10, 40, S), (0, 35, S), (11, 40, N)],
)
def test_twelve_weeks_are_needed_on_both_sides(first: int, last: int, word: Word) -> None:
    """The event's own week, number 22, counts on neither side."""
    series = line(before=5, after=60)
    rest = [(0, 0, 0)] * first + series[first:last] + [(0, 0, 0)] * (40 - last)
    found = judged(rest)

    assert found[0] is word
    if word is N:
        assert found[1] == ("insufficient_periods",)


def test_more_weeks_can_be_asked_for() -> None:
    """A reading may be stricter, never laxer."""
    assert judged(line(before=5, after=60), more="min_bins = { after = 30 }") == (
        N,
        ("insufficient_periods",),
    )


def test_months_are_refused() -> None:
    """However clear they look."""
    told = claimed.claim("acceleration", 'event = "e"', _FLOW.replace("week", "month"))
    found = claimed.outcome(claimed.weeks(line(before=5, after=60)), told)

    assert found.word is N
    assert "monthly_refused" in found.reasons


def test_live_code_never_supports_a_change_of_pace() -> None:
    """Stock is the sum of its past; only new code shows pace."""
    monthly = claimed.weeks(line(before=5, after=60))
    stock = [
        claimed.point(item.counts, at=item.end, kind="week", day="2025-01-01")
        for item in monthly.flow
    ]
    told = claimed.claim(
        "acceleration", 'event = "e"',
        'quantity = { unit = "code_line", basis = "stock" }, bin = "week"',
    )  # fmt: skip
    found = claimed.outcome(claimed.measured(stock=stock, day="2026-06-30"), told)

    assert (found.word, found.reasons) == (N, ("stock_remembers",))


@pytest.mark.parametrize(
    ("event", "reading", "reasons"),
    [
        ("e", 'event_date = "claimed"', ("event_conflict", "event_vague")),
        ("unknown", "", ("event_unresolved",)),
        ("unknown", 'event_date = "claimed"', ("event_unresolved",)),
    ],
)
def test_an_event_must_be_dated(event: str, reading: str, reasons: tuple[str, ...]) -> None:
    """A claimed date that records contradict, or no date at all."""
    told = claimed.claim(
        "acceleration", f'event = "{event}"', f"{_FLOW}{', ' if reading else ''}{reading}"
    )
    found = claimed.outcome(claimed.weeks(line(before=5, after=60, weeks=80)), told)

    assert found.word is N
    assert found.reasons == reasons


@settings(max_examples=40, deadline=None)
@given(
    st.integers(-40, 60),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=40, max_size=40),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=40, max_size=40),
    st.sampled_from(["slope_increase", "level_step"]),
)
def test_narrowing_never_flips(
    after: int, widths: list[tuple[int, int]], kept: list[tuple[int, int]], effect: str
) -> None:
    """Inside narrower bounds a contradiction stays, and a support is never contradicted."""
    wide, narrow = [], []
    line_of = line(before=10, after=after, rough=8)
    for (share, _, whole), (down, up), (low, high) in zip(line_of, widths, kept, strict=True):
        wide.append((share - down, share + up, whole))
        narrow.append((share - down * low // 100, share + up * high // 100, whole))
    words = judged(wide, effect=effect)[0], judged(narrow, effect=effect)[0]

    assert words[0] is not C or words[1] is C
    assert words[0] is not S or words[1] is not C


def _noise(phi: float, weeks: int, source: random.Random) -> list[Fraction]:
    """Return a series that remembers and does not change, to a millionth."""
    value = source.gauss(0, 1) / sqrt(1 - phi * phi)
    series = []
    for _ in range(weeks):
        series.append(Fraction(round(value * 10**6), 10**6))
        value = phi * value + source.gauss(0, 1)
    return series


@pytest.mark.parametrize("phi", [0.0, 0.4, 0.7])
@pytest.mark.parametrize(("before", "after"), [(12, 12), (40, 12)])
@pytest.mark.parametrize("effect", [_SLOPE, _STEP])
def test_noise_seldom_passes(phi: float, before: int, after: int, effect: Effect) -> None:
    """At most 5 % of unchanging series pass, whatever they remember up to 0.7."""
    source, runs = random.Random(20260604), 500
    times = list(range(-before, after + 1))
    passed = sum(
        noise.stands_out(times, _noise(phi, len(times), source), effect) for _ in range(runs)
    )

    assert passed / runs <= 0.05


def test_a_real_change_is_seen() -> None:
    """A doubling of the slope, ten times the noise over twenty weeks, passes nearly always."""
    source, times = random.Random(1), list(range(-40, 21))
    passed = 0
    for _ in range(40):
        series = _noise(0.4, len(times), source)
        rising = [y + Fraction(max(0, t), 2) for t, y in zip(times, series, strict=True)]
        passed += noise.stands_out(times, rising, _SLOPE)

    assert passed >= 36


@given(st.lists(st.integers(0, 1000), min_size=25, max_size=25), st.integers(1, 10**6))
def test_the_test_knows_no_scale(numbers: list[int], factor: int) -> None:
    """Whole numbers in, the same answer out for every multiple."""
    times = list(range(-12, 13))
    values = [Fraction(number) for number in numbers]
    scaled = [value * factor / 7 + 3 for value in values]

    assert noise.stands_out(times, values, _SLOPE) is noise.stands_out(times, scaled, _SLOPE)


def _reference(times: list[int], values: list[Fraction], effect: Effect) -> tuple[float, float]:
    """Return change and variance by matrix algebra in floats."""
    shape = [noise.hinge(time, effect) for time in times]
    design = np.array([[1, time, bend] for time, bend in zip(times, shape, strict=True)], float)
    heights = np.array([float(value) for value in values])
    rest = heights - design @ np.linalg.lstsq(design, heights, rcond=None)[0]
    seen = float(rest[1:] @ rest[:-1] / (rest @ rest))
    phi = max(0.0, min(0.85, seen + (3 + 5 * seen) / len(times)))
    lags = np.abs(np.subtract.outer(np.arange(len(times)), np.arange(len(times))))
    inverse = np.linalg.inv(phi**lags / (1 - phi * phi))
    gram = np.linalg.inv(design.T @ inverse @ design)
    found = gram @ design.T @ inverse @ heights
    left = heights - design @ found
    return float(found[2]), float(left @ inverse @ left / (len(times) - 3) * gram[2, 2])


@pytest.mark.parametrize("effect", [_SLOPE, _STEP])
@pytest.mark.parametrize("seed", range(5))
def test_it_is_generalised_least_squares(seed: int, effect: Effect) -> None:
    """Change and variance are those of the whole covariance matrix."""
    times = list(range(-20, 16))
    values = _noise(0.5, len(times), random.Random(seed))
    seen = noise.fitted(times, values, effect)
    size, variance = _reference(times, values, effect)

    assert float(seen.size) == pytest.approx(size)
    assert float(seen.variance) == pytest.approx(variance)


def test_every_machine_gets_these_digits() -> None:
    """Fifty decimal digits, each operation rounded as the standard of decimal arithmetic says."""
    values = [Fraction(at * at % 17, 19) for at in range(25)]
    seen = noise.fitted(list(range(-12, 13)), values, _SLOPE)

    assert [str(value) for value in (seen.memory, seen.size, seen.variance)] == [
        "0.43945314761988360583530341520982685456927292317856",
        "-0.022239653345093607410662547023860963565833672299044",
        "0.0028951610216571174223624828570276076874120947648912",
    ]


def test_a_falling_series_never_stands_out() -> None:
    """Only an increase is looked for."""
    times = list(range(-12, 13))

    assert not noise.stands_out(times, [Fraction(-max(0, time)) for time in times], _SLOPE)
    assert noise.stands_out(times, [Fraction(max(0, time)) for time in times], _SLOPE)
    assert not noise.stands_out(times, [Fraction(1)] * 25, _SLOPE)
