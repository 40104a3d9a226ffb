"""Who replaces whom: author types on both sides, the denominator, and the once-only rule."""

from __future__ import annotations

from pathlib import Path

from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance.metrics.measurement import Replacement
from worlds.marked import history
from worlds.world import World, lines

_AIDER = "Ann Author (aider) <ann@example.org>"
_CLAUDE = "Change it\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>\n"


def test_lines_go_from_their_author_type_to_that_of_the_commit(tmp_path: Path) -> None:
    """Replaced and removed lines count alike; documents are outside the denominator."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"train/loop.py": lines("a b c d e"), "README.md": lines("one two")})
    second = world.commit(
        first,
        edit={"train/loop.py": lines("a B C d e"), "README.md": lines("one 2")},
        author=_AIDER,
    )
    third = world.commit(second, edit={"train/loop.py": lines("a D e")}, message=_CLAUDE)
    world.commit(third, remove=["train/loop.py"], edit={"x.py": lines("x")})
    found = measure(world.build().path, Options()).measurement.replacements

    assert found == (
        Replacement("ai", "assisted", 2),
        Replacement("assisted", "unattested", 1),
        Replacement("unattested", "ai", 2),
        Replacement("unattested", "assisted", 1),
        Replacement("unattested", "unattested", 2),
    )


def test_what_is_alive_and_what_went_is_what_was_born(tmp_path: Path) -> None:
    """Without merges nothing is lost on the way: births = live lines + departed lines."""
    world = World(tmp_path / "world")
    tip = world.commit(edit={"a.py": lines("a b c")})
    for step in range(8):
        words = " ".join(f"w{i}" for i in range(step, step + 5))
        tip = world.commit(
            tip, edit={"a.py": lines(words)}, author=_AIDER if step % 2 else "A <a@b>"
        )
    run = measure(world.build().path, Options(unit="line"))
    born = int(run.facts.hunks[:, 5].sum())
    gone = sum(item.lines for item in run.measurement.replacements)

    assert born == run.measurement.head.counts.total + gone


def test_the_unit_of_the_headline_changes_nothing(tmp_path: Path) -> None:
    """Replacements are lines as git counts, whatever the unit."""
    built = history(tmp_path / "world", 5)
    by_line = measure(built.path, Options(unit="line")).measurement.replacements
    by_character = measure(built.path, Options(unit="character")).measurement.replacements

    assert by_line
    assert by_line == by_character
