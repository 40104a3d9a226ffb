"""Every named world against git blame: every file, every commit, both lenses, both hashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.history.repository import open_repository
from worlds.oracle import blame, check, replay
from worlds.shapes import SHAPES
from worlds.world import World


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize("name", sorted(SHAPES))
def test_ownership_equals_git_blame(name: str, object_format: str, tmp_path: Path) -> None:
    """Commit, original path and original line agree with git blame, line by line."""
    world = World(tmp_path / "repo", bare=object_format == "sha1", object_format=object_format)
    SHAPES[name](world)

    check(world.build())


def test_a_file_that_was_binary_for_thousands_of_commits(tmp_path: Path) -> None:
    """Reading it as text again needs no recursion."""
    world = World(tmp_path / "repo")
    tip = world.commit(edit={"a": "start\n"})
    for number in range(1100):
        tip = world.commit(tip, edit={"a": f"start\n\0\n{number}\n"})
    world.commit(tip, edit={"a": "start\n1099\nend\n"})
    built = world.build()

    with open_repository(built.path) as repository:
        result = replay(repository, built.tips, at=built.tips)

    assert result.owners(built.ids[-1])[b"a"] == blame(built.git_dir, built.ids[-1], b"a")
