"""Percentages and dates are read exactly or not at all."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.claims import exact
from provenance.claims.disclosure import Releases


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("80%", Fraction(4, 5)),
        ("80 %", Fraction(4, 5)),
        ("0%", Fraction(0)),
        ("100%", Fraction(1)),
        ("87.75%", Fraction(351, 400)),
        ("0.000000001%", Fraction(1, 10**11)),
    ],
)
def test_a_percentage_is_a_fraction(text: str, value: Fraction) -> None:
    """No float on the way: 87.75 % is 351/400."""
    assert exact.percent(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "80",
        "80 percent",
        "-1%",
        "101%",
        "100.1%",
        "8e1%",
        "1_0%",
        ".5%",
        "80%%",
        "٨٠%",
        "80 \n%",
    ],
)
def test_what_is_no_percentage_is_refused(text: str) -> None:
    """Signs of other scripts, exponents and shares above all are refused."""
    with pytest.raises(ValueError, match="no percentage"):
        exact.percent(text)


@given(st.integers(0, 10**6))
def test_every_percentage_of_four_decimals_returns(number: int) -> None:
    """What is written with four decimals is read as that fraction."""
    text = f"{number // 10**4}.{number % 10**4:04d}%"

    assert exact.percent(text) == Fraction(number, 10**6)


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("80%", Fraction(5, 100)),
        ("100%", Fraction(5, 100)),
        ("75%", Fraction(5, 1000)),
        ("0%", Fraction(5, 1000)),
        ("87.75%", Fraction(5, 100_000)),
        ("80.0%", Fraction(5, 10_000)),
    ],
)
def test_the_default_tolerance_is_half_the_rounding_unit(text: str, half: Fraction) -> None:
    """80 % is rounded to the ten, 87.75 % to the hundredth."""
    assert exact.rounding(text) == half


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-05-31", date(2026, 5, 31), date(2026, 5, 31)),
        ("2026-01/2026-03", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-05-01/2026-05-31", date(2026, 5, 1), date(2026, 5, 31)),
    ],
)
def test_dates_are_stretches_of_days(text: str, first: date, last: date) -> None:
    """A month is all its days; a stretch goes from first to last."""
    found = exact.days(text)

    assert (found.first, found.last, found.text) == (first, last, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-13",
        "2026-00",
        "2026-02-30",
        "2025-W54",
        "2026-Q5",
        "2026-03/2026-01",
        "0000",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """Days that do not exist and stretches that run backwards are refused."""
    with pytest.raises(ValueError, match="no date"):
        exact.days(text)


def test_releases_are_told_from_dates() -> None:
    """Two dots join tags; tag: names one; HEAD is the measured revision."""
    assert exact.window("v1.0..v1.1") == Releases("v1.0", "v1.1", "v1.0..v1.1")
    assert exact.window("tag:2026") == Releases("", "2026", "tag:2026")
    assert exact.window("HEAD") == Releases("", "HEAD", "HEAD")
    for text in ("..", "v1..", "..v1", "tag:", "x" * 300):
        with pytest.raises(ValueError, match="no date"):
            exact.window(text)
