from __future__ import annotations

import pytest

from provenance.gate.judge import Check, Result
from provenance.gate.thresholds import Side, parse_flag
from provenance_reports.gate_forms import said, told


def _check(limit: str, part: int, whole: int, *, high: int | None = None) -> Check:
    threshold = parse_flag(f"coverage={limit}", Side.MIN)
    return Check(threshold, part, part if high is None else high, whole, Result.FAILS)


@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        ("60%", "60 %"),
        ("0%", "0 %"),
        ("100%", "100 %"),
        ("99.5%", "99.5 %"),
        ("33.333333333%", "33.333333333 %"),
        ("0.000000001 %", "0.000000001 %"),
        ("10.10%", "10.1 %"),
    ],
)
def test_a_limit_is_printed_as_it_was_demanded(limit: str, shown: str) -> None:
    """Never rounded: a reader sees the very number that decided."""
    assert told(_check(limit, 1, 2)) == f"coverage at least {shown}"


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (600, 1000, "60.0 % (600 of 1,000)"),
        (5999, 10000, "59.99 % (5,999 of 10,000)"),
        (599999, 1000000, "59.9999 % (599,999 of 1,000,000)"),
        (45, 100, "45.0 % (45 of 100)"),
        (0, 100, "0 % (0 of 100)"),
        (100, 100, "100 % (100 of 100)"),
        (1, 3_000_000, "0.1 % (1 of 3,000,000)"),
    ],
)
def test_what_was_measured_is_told_from_the_limit(part: int, whole: int, shown: str) -> None:
    """59.99 % never prints as the 60 % it has missed; the integers are beside it."""
    assert said(_check("60%", part, whole)) == shown


def test_an_interval_shows_both_ends() -> None:
    assert said(_check("60%", 20, 100, high=65)) == "20.0 % to 65.0 % (20 to 65 of 100)"
