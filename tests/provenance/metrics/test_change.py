"""Which findings of a whole history lie in one change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provenance.history.repository import open_repository
from provenance.meter.measure import Base, measure_at, read_settings
from provenance.meter.progress import Silent
from provenance.meter.run import Run
from provenance.meter.settings import Options
from provenance.metrics.change import change
from provenance.metrics.difference import Difference, End
from provenance.metrics.measurement import Finding
from provenance.terms.commits import CommitId
from worlds.world import Built, World, lines


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """Return ten commits in a row; the last three are the change."""
    world = World(tmp_path / "world")
    last = world.commit(edit={"a.py": lines("a0")})
    for number in range(1, 10):
        last = world.commit(last, edit={f"f{number}.py": lines(f"a{number} b{number}")})
    return world.build()


def _run(built: Built) -> Run:
    with open_repository(built.path) as repository:
        head = CommitId(built.ids[-1])
        return measure_at(
            repository, head, Options(every=()), read_settings(repository, head, None, ()),
            kept=None, progress=Silent(), base=Base("b", (CommitId(built.ids[6]),)),
        )  # fmt: skip


def _with(built: Built, *findings: Finding) -> Difference:
    run = _run(built)
    return change(
        run.facts,
        replace(run.measurement, findings=findings),
        base=End("b", built.ids[6], "2023-11-14T22:13:20Z"),
        head="HEAD",
        stated=built.ids[6],
        not_measured=(),
        changed={"f7.py", "f8.py", "f9.py"},
    )


@pytest.mark.parametrize(
    ("places", "kept"),
    [
        ("9 3", "9"),
        ("f8.py:3 a.py:1", "f8.py:3"),
        ("f8.py a.py", "f8.py"),
        ("6 a.py:1 f80.py", ""),
        ("", ""),
    ],
)
def test_places_outside_the_change_are_left_out(built: Built, places: str, kept: str) -> None:
    """Commits (given by number), files and lines of files; those that stay are counted."""
    listed, expected = (
        tuple(built.ids[int(word)] if word.isdigit() else word for word in text.split())
        for text in (places, kept)
    )
    found = _with(built, Finding("x", "B", "t", listed, len(listed)))

    assert [(f.places, f.count) for f in found.findings] == (
        [(expected, len(expected))] if expected else []
    )
    assert found.unplaced == 0


@pytest.mark.parametrize(("oldest", "unplaced"), [(5, 0), (6, 0), (7, 1), (9, 1)], ids=str)
def test_what_is_not_listed_may_hide_in_the_change_only_where_it_is_old_enough(
    built: Built, oldest: int, unplaced: int
) -> None:
    """Commits are listed newest first, and here none of the change is among them."""
    ids = [oid if number < 7 else f"{number:040x}" for number, oid in enumerate(built.ids)]
    listed = tuple(ids[number] for number in range(oldest, oldest - 1, -1))
    found = _with(built, Finding("x", "B", "t", listed, 50))

    assert (found.findings, found.unplaced) == ((), unplaced)


def test_a_list_of_other_places_may_always_hide_one(built: Built) -> None:
    found = _with(built, Finding("x", "B", "t", ("a.py:1",), 50), Finding("y", "B", "t", (), 2))

    assert found.unplaced == 2
