"""Every named world against git blame: every file, every commit, both lenses, both hashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from worlds.oracle import check
from worlds.shapes import SHAPES
from worlds.world import World

@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize("name", sorted(SHAPES))
def test_ownership_equals_git_blame(name: str, object_format: str, tmp_path: Path) -> None:
    """Commit, original path and original line agree with git blame, line by line."""
    world = World(tmp_path / "repo", bare=object_format == "sha1", object_format=object_format)
    SHAPES[name](world)

    check(world.build())
