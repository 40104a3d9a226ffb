"""What moved between two reports: a chain of causes that leaves no line over."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from provenance.metrics.measurement import Definition, Measurement, StockPoint
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet
from provenance_reports import moves_forms
from provenance_reports.build import build
from provenance_reports.document import Document, Interval
from provenance_reports.moves import Moves, compare
from worlds.any_measurement import measurements
from worlds.measurements import WORLDS, commit_id, small


def paper(measurement: Measurement) -> Document:
    return build(measurement, command="provenance measure .")


def defined(measurement: Measurement, **changes: object) -> Measurement:
    definition: Definition = replace(measurement.definition, **changes)  # type: ignore[arg-type]
    return replace(measurement, definition=definition)


def at_head(measurement: Measurement, **changes: object) -> Measurement:
    head: StockPoint = replace(measurement.head, **changes)  # type: ignore[arg-type]
    repository = replace(measurement.repository, head=head.commit)
    return replace(
        measurement, stock=(*measurement.stock[:-1], head), repository=repository, files=()
    )


def _schema() -> Draft202012Validator:
    path = files("provenance_reports").joinpath("schema/provenance-moves-1.schema.json")
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def names(moves: Moves) -> list[str]:
    return [cause.name for cause in moves.causes]


def check_chain(moves: Moves) -> None:
    """Every cause starts where the one before ends; the ends are the two headlines."""
    assert moves.causes[0].before.ai == moves.before.headline
    assert moves.causes[-1].after.ai == moves.after.headline
    for one, other in zip(moves.causes, moves.causes[1:], strict=False):
        assert one.after.counts == other.before.counts
    moved = [sum(kind) for kind in zip(*(cause.counts for cause in moves.causes), strict=True)]
    assert sum(moved) == moves.after.headline.whole - moves.before.headline.whole


@settings(max_examples=60, deadline=None)
@given(measurements(), measurements())
def test_whatever_two_reports_hold_the_causes_add_up(old: Measurement, new: Measurement) -> None:
    """Nothing is lost, nothing is doubled, every form can be written."""
    moves = compare(paper(old), paper(new))
    told = json.loads(moves_forms.as_json(moves))

    check_chain(moves)
    assert not list(_schema().iter_errors(told))
    assert moves_forms.text(moves).encode("utf-8")
    assert moves_forms.markdown(moves).encode("utf-8")
    assert told["comparable"] is True
    assert [cause["cause"] for cause in told["causes"]] == names(moves)


@pytest.mark.parametrize("world", ["small", "no_marks", "not_a_pipeline", "hostile", "empty"])
def test_a_report_against_itself_has_not_moved(world: str) -> None:
    """No cause moves a line, and nothing of the definition differs."""
    document = paper(WORLDS[world]())
    moves = compare(document, document)

    check_chain(moves)
    assert moves.differences == ()
    assert all(not any(cause.counts) for cause in moves.causes)
    assert "Definition: the same." in moves_forms.text(moves)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"unit": "line"}, "unit"),
        ({"lens": "ignore-whitespace"}, "lens"),
        ({"facets": (Facet.SOURCE,)}, "facets"),
        ({"predates_cutoff": "2022-11-30"}, "predates cutoff"),
    ],
)
def test_figures_of_another_definition_are_named_and_not_subtracted(
    change: dict[str, object], word: str
) -> None:
    """The first line after the title says which word of the definition differs."""
    moves = compare(paper(small()), paper(defined(small(), **change)))
    text = moves_forms.text(moves)
    told = json.loads(moves_forms.as_json(moves))

    assert not moves.comparable
    assert moves.causes == ()
    assert text.splitlines()[2].startswith(f"Definition: {word} was ")
    assert "all figures cannot be compared" in text
    assert "points" not in text
    assert "%" not in text + moves_forms.markdown(moves)
    assert (told["comparable"], told["causes"]) == (False, [])
    assert not list(_schema().iter_errors(told))


def test_other_own_families_leave_the_figures_of_any_ai_comparable() -> None:
    """Only the own figures are left out."""
    old = defined(small(), own_families=("acme",))
    moves = compare(paper(old), paper(defined(small(), own_families=("acme", "else"))))

    assert moves.comparable
    assert all(cause.before.own is None for cause in moves.causes)
    assert "own models" not in moves_forms.text(moves)
    assert "own figures cannot be compared" in moves_forms.text(moves)


def later(old: Measurement, counts: Counts) -> Measurement:
    """Return a report that also takes stock of the old head, and of a new one."""
    known = replace(old.head, at="v9", kind="release")
    grown = replace(
        old.head, commit=commit_id("later"), counts=old.head.counts + counts, by_stage={}
    )
    new = replace(old, stock=(*old.stock[:-1], known, grown), files=())
    return replace(new, repository=replace(old.repository, head=grown.commit))


def test_what_follows_the_common_commit_is_new_code() -> None:
    """Where the same code has the same figures, nothing else can have moved them."""
    moves = compare(paper(small()), paper(later(small(), Counts(ai=30, unattested=12))))

    check_chain(moves)
    assert names(moves) == ["re-classification", "re-marking", "new code"]
    assert moves.causes[-1].counts == (30, 0, 0, 0, 0, 12)
    assert moves.anchored_at_start
    assert not any(moves.causes[0].counts + moves.causes[1].counts)


def remeasured(new: Measurement, shift: Counts, *, minus: int) -> Measurement:
    """Return the report with other marks at the commit that both hold."""
    known = new.stock[-2]
    counts = replace(known.counts + shift, unattested=known.counts.unattested - minus)
    head = replace(new.head.counts + shift, unattested=new.head.counts.unattested - minus)
    return replace(
        new,
        stock=(
            *new.stock[:-2], replace(known, counts=counts), replace(new.head, counts=head)
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("digests", "expected"),
    [
        (("catalogue_digest",), ["re-marking", "re-classification", "new code"]),
        (("scope_digest",), ["re-classification", "re-marking", "new code"]),
        (
            ("catalogue_digest", "scope_digest"),
            ["re-classification and re-marking", "new code"],
        ),
        ((), ["re-marking", "re-classification", "new code"]),
        (("git_version",), ["definition", "re-classification", "re-marking", "new code"]),
    ],
)
def test_other_figures_of_the_same_code_have_the_cause_that_its_rules_allow(
    digests: tuple[str, ...], expected: list[str]
) -> None:
    """What the two reports cannot tell apart stays under one name."""
    new = remeasured(later(small(), Counts(ai=5)), Counts(assisted=7), minus=7)
    new = defined(new, **dict.fromkeys(digests, "f" * 64))
    moves = compare(paper(small()), paper(new))

    check_chain(moves)
    assert names(moves) == expected
    assert moves.causes[0].counts == (0, 7, 0, 0, 0, -7)
    assert moves.causes[-1].counts == (5, 0, 0, 0, 0, 0)
    assert [d.name for d in moves.differences] == list(digests)


def test_without_a_common_commit_other_rules_cannot_be_told_from_new_code() -> None:
    """One cause with all names; the sum is still exact."""
    old = small()
    far = replace(
        later(old, Counts(ai=9)),
        stock=(replace(old.head, commit=commit_id("far"), counts=old.head.counts + Counts(ai=9)),),
    )
    same = compare(paper(old), paper(far))
    other = compare(paper(old), paper(defined(far, catalogue_digest="e" * 64)))

    check_chain(same)
    check_chain(other)
    assert names(same) == ["re-classification", "re-marking", "new code"]
    assert names(other) == ["re-marking and new code"]
    assert other.causes[0].why == "no commit is in both reports"


def test_a_step_below_zero_is_not_taken() -> None:
    """Where the anchor's step would leave fewer than no lines, the causes stay together."""
    old = small()
    known = old.stock[0]
    bare = replace(known, counts=Counts(unattested=known.counts.total))
    rich = replace(known, counts=Counts(ai=known.counts.total))
    old = at_head(old, counts=Counts(ai=3), own=Own())
    old = replace(old, stock=(rich, *old.stock[1:]))
    new = replace(
        old, stock=(bare, replace(old.head, commit=commit_id("new"), counts=Counts(ai=4)))
    )
    moves = compare(paper(old), paper(defined(new, catalogue_digest="e" * 64)))

    check_chain(moves)
    assert names(moves) == ["re-marking and new code"]


@pytest.mark.parametrize("form", [moves_forms.text, moves_forms.markdown])
def test_hostile_names_reach_no_reader_raw(form: Callable[[Moves], str]) -> None:
    """Names and tags of a repository are spelled out."""
    hostile = WORLDS["hostile"]()
    hostile = defined(hostile, own_families=("<script>\x1b[31m\u202e",))
    moves = compare(paper(hostile), paper(defined(hostile, own_families=("x|y\n::error::",))))
    written = form(moves)

    assert "\x1b" not in written
    assert "\u202e" not in written
    assert "\n::error::" not in written


def test_points_are_those_of_the_intervals() -> None:
    """From 1 in 4 to 2 in 4 is 25 points."""
    old = at_head(small(), counts=Counts(ai=1, unattested=3), own=Own(), by_stage={})
    new = at_head(
        old, commit=commit_id("next"), counts=Counts(ai=2, unattested=2), own=Own(), by_stage={}
    )
    new = replace(
        new, stock=(*new.stock[:-1], replace(old.head, at="v1", kind="release"), new.head)
    )
    moves = compare(paper(old), paper(new))
    row = next(line for line in moves_forms.text(moves).splitlines() if line.startswith("new code"))

    assert row.split()[2:] == ["+25.0", "+25.0", "±0.0", "+25.0", "±0"]
    assert moves.causes[-1].after.ai == Interval(2, 2, 4, 2, 4)
