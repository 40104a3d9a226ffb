from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from provenance.terms.counts import Counts
from provenance_reports import words
from provenance_reports.build import build
from provenance_reports.document import Change, Interval
from worlds.measurements import HOSTILE, no_marks, pipeline

_SHARES = st.integers(0, 10**12).flatmap(
    lambda whole: st.tuples(st.integers(0, whole), st.just(whole))
)


@given(_SHARES, st.integers(0, 1))
def test_a_share_is_never_rounded_to_none_or_all(share: tuple[int, int], places: int) -> None:
    """0 % and 100 % are printed only when exactly true."""
    part, whole = share
    text = words.percent(part, whole, places)

    assert (text == "0 %") == (part == 0 and whole > 0)
    assert (text == "100 %") == (part == whole and whole > 0)
    assert not re.fullmatch(r"0\.0 %|100\.0 %", text)


@given(_SHARES, st.integers(0, 1))
def test_a_printed_share_is_near_the_true_one(share: tuple[int, int], places: int) -> None:
    part, whole = share
    text = words.percent(part, whole, places)
    if text == "n/a":
        assert whole == 0
        return
    shown = Fraction(text.removesuffix(" %").lstrip("<>"))
    error = abs(shown - Fraction(part * 100, whole))

    assert error <= (Fraction(1, 2) if places == 0 else Fraction(1, 10))


def test_precision_follows_the_width_of_the_interval() -> None:
    """A tenth of a point is printed only where the interval is narrower than ten points."""
    assert words.span(Interval(381, 500, 714, 700, 1000)) == "38–71 %"
    assert words.span(Interval(381, 390, 420, 900, 1000)) == "38.1–42.0 %"
    assert words.span(Interval(0, 0, 0, 10, 10)) == "none"
    assert words.span(Interval(0, 0, 0, 0, 0)) == "n/a"


def test_a_rise_that_comes_with_coverage_is_called_so() -> None:
    change = Change("2026-01-01", Interval(10, 10, 90, 20, 100), Interval(30, 30, 90, 40, 100))
    text = words.moved(change)

    assert "floor +20.0 points" in text
    assert "coverage +20.0 points" in text
    assert "part of the rise can be better marking" in text
    assert "need not have risen" in text


def test_a_rise_beyond_the_old_ceiling_is_called_real() -> None:
    change = Change("2026-01-01", Interval(10, 10, 20, 90, 100), Interval(30, 30, 35, 90, 100))
    text = words.moved(change)

    assert "better marking" not in text
    assert "the share itself rose" in text


def test_a_fall_is_no_rise() -> None:
    change = Change("2026-01-01", Interval(30, 30, 35, 50, 100), Interval(10, 10, 20, 90, 100))
    text = words.moved(change)

    assert "floor −20.0 points" in text
    assert "rise" not in text
    assert "rose" not in text


def test_no_marks_is_no_evidence_and_never_no_ai() -> None:
    """A repository that says nothing is not a repository without AI."""
    text = words.statement(build(no_marks(), command="x"))

    assert "none carries evidence" in text
    assert "at least 0 %, at most 100 %" in text
    assert "coverage 0 %" in text
    assert "0 % AI" not in text


def test_the_statement_carries_subject_unit_date_and_interval() -> None:
    document = build(pipeline(), command="x")
    text = words.statement(document)

    assert text.startswith("train at ")
    assert "(2026-11-20)" in text
    assert "live code lines (config, notebook, source)" in text
    assert re.search(r"at least \d+ %, \d+ % with assisted commits, at most \d+ %", text)
    assert re.search(r"evidence covers \d+ %", text)


@given(st.one_of(st.sampled_from(HOSTILE), st.text(st.characters())), st.integers(3, 200))
def test_visible_text_is_one_short_printable_line(text: str, limit: int) -> None:
    """No control, bidi, surrogate or private sign survives; the length is bounded."""
    shown = words.visible(text, limit)

    assert all(
        unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        for sign in shown
    )
    assert len(shown) <= limit
    shown.encode()


def test_ordinary_names_stay_as_they_are() -> None:
    assert words.visible("src/é/模型.py") == "src/é/模型.py"
    assert words.visible("caf\udce9.py") == "caf\\xe9.py"
    assert words.visible("a\u202eb") == "a\\u202eb"


def test_a_silent_interval_has_lines_and_no_evidence() -> None:
    assert words.silent(Interval.of(Counts(unattested=3)))
    assert not words.silent(Interval.of(Counts(unattested=3, predates_ai=1)))
    assert not words.silent(Interval.of(Counts()))
