from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import UsageError
from provenance.gate.thresholds import (
    NUMBERS,
    Figure,
    Gate,
    Side,
    Threshold,
    overlaid,
    parse_flag,
    parse_gate,
)
from provenance.terms.stages import Stage


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("0%", 0, 1),
        ("100%", 1, 1),
        ("100.000 %", 1, 1),
        ("60%", 3, 5),
        ("99.5 %", 199, 200),
        ("33.333333333%", 33333333333, 100000000000),
        ("007%", 7, 100),
    ],
)
def test_a_percentage_is_read_as_an_exact_fraction(text: str, part: int, whole: int) -> None:
    """No float is made on the way, so 99.5 % is 199 of 200 and nothing near it."""
    found = parse_flag(f"coverage={text}", Side.MIN)

    assert (found.part, found.whole) == (part, whole)


@given(st.integers(0, 100), st.integers(0, 999_999_999))
def test_every_decimal_keeps_its_value(whole: int, rest: int) -> None:
    """Up to nine digits behind the point mean what they say; nothing exceeds the whole."""
    text = f"{whole}.{rest:09d}%"
    value = Fraction(whole) + Fraction(rest, 10**9)
    if value > 100:
        with pytest.raises(UsageError, match="more than 100%"):
            parse_flag(f"floor={text}", Side.MAX)
    else:
        found = parse_flag(f"floor={text}", Side.MAX)

        assert Fraction(found.part, found.whole) == value / 100


@pytest.mark.parametrize(
    "limit",
    ["60", "0.6", "-1%", "+1%", "1e1%", "1.%", ".5%", "60 percent", "NaN%", "%", "",
     "\uff16\uff10%", "1.1234567890%"],
)  # fmt: skip
def test_what_is_no_percentage_is_refused_with_the_way_to_write_it(limit: str) -> None:
    """A share without its sign could be a fraction or a percentage, so it is never guessed."""
    with pytest.raises(UsageError) as caught:
        parse_flag(f"coverage={limit}", Side.MIN)

    assert caught.value.slug == "config-value"
    assert '"60%"' in caught.value.hint


@pytest.mark.parametrize("limit", [0.6, 60, True, None, ["60%"], {"a": 1}])
def test_toml_numbers_are_no_shares(limit: Any) -> None:
    """A TOML float would already have lost digits."""
    with pytest.raises(UsageError):
        parse_gate({"report": {"min": {"coverage": limit}}}, place="x.toml")


@pytest.mark.parametrize("limit", [-1, 1.0, True, "1%", "-1", 10**15, "x"])
def test_what_is_no_number_is_refused(limit: Any) -> None:
    with pytest.raises(UsageError):
        parse_gate({"report": {"max": {"findings": limit}}}, place="x.toml")


def test_a_table_is_read_whole() -> None:
    """Sections, stages and the flag; in the order of stage, figure and side."""
    gate = parse_gate(
        {
            "informational": True,
            "report": {"max": {"findings_a": 0, "ai": "50%"}, "min": {"coverage": "60%"}},
            "change": {"stage": {"evaluation": {"min": {"coverage": "70%"}}}},
        },
        place="provenance.toml",
    )

    assert gate == Gate(
        report=(
            Threshold(Figure.AI, Side.MAX, None, 1, 2),
            Threshold(Figure.COVERAGE, Side.MIN, None, 3, 5),
            Threshold(Figure.FINDINGS_A, Side.MAX, None, 0, 1),
        ),
        change=(Threshold(Figure.COVERAGE, Side.MIN, Stage.EVALUATION, 7, 10),),
        informational=True,
    )
    assert gate.change[0].name == "evaluation.coverage"


@pytest.mark.parametrize(
    ("values", "message", "hint"),
    [
        ({"reprot": {}}, "unknown word 'reprot'", "did you mean 'report'?"),
        ({"report": {"mni": {}}}, "unknown word 'mni'", "did you mean 'min'?"),
        ({"report": {"min": {"cover": "1%"}}}, "unknown word 'cover'", "'coverage'"),
        ({"report": {"stage": {"evaluations": {}}}}, "unknown word 'evaluations'", "'evaluation'"),
        ({"report": {"stage": {"other": {"stage": {}}}}}, "unknown word 'stage'", "min, max"),
        ({"report": []}, "must be a table", "min = "),
        ([], "must be a table", "min = "),
        ({"informational": "yes"}, "must be true or false", "informational = true"),
        ({"report": {"min": {"findings": 1}}}, "has a maximum only", "max findings = 0"),
        ({"change": {"stage": {"other": {"max": {"findings": 1}}}}}, "maximum only", "max"),
        ({"change": {"stage": {"other": {"max": {"set_aside": "1%"}}}}}, "whole change", "max"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_named_with_the_nearest_word(
    values: Any, message: str, hint: str
) -> None:
    """A gate that silently demands nothing would be worse than none."""
    with pytest.raises(UsageError) as caught:
        parse_gate(values, place="provenance.toml")

    assert message in caught.value.message
    assert caught.value.message.startswith("provenance.toml: ")
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "stage", "figure"),
    [
        ("coverage=1%", None, Figure.COVERAGE),
        ("evaluation.coverage=1%", Stage.EVALUATION, Figure.COVERAGE),
        (" evaluation.coverage = 1% ", Stage.EVALUATION, Figure.COVERAGE),
    ],
)
def test_flags_name_stage_and_figure(text: str, stage: Stage | None, figure: Figure) -> None:
    found = parse_flag(text, Side.MAX)

    assert (found.stage, found.figure, found.side) == (stage, figure, Side.MAX)


@pytest.mark.parametrize(
    "text", ["coverage", "=1%", "x=1%", "a.coverage=1%", "a.b.coverage=1%", ""]
)
def test_a_flag_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--min"):
        parse_flag(text, Side.MIN)


def test_a_flag_takes_the_place_of_what_it_repeats_and_nothing_else() -> None:
    """Other sides, stages and figures stay as they are written."""
    written = tuple(
        parse_flag(text, side)
        for side in Side
        for text in ("coverage=60%", "evaluation.coverage=60%")
    )
    found = overlaid(written, [parse_flag("coverage=70%", Side.MIN)])

    assert len(found) == 4
    assert [t for t in found if t not in written] == [parse_flag("coverage=70%", Side.MIN)]
    assert found == overlaid(found[::-1], ())


def test_the_numbers_are_those_that_count_findings_and_files() -> None:
    assert {
        figure for figure in Figure if "findings" in figure or figure == "unmeasured"
    } == NUMBERS
