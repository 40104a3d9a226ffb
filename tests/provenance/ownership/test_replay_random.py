"""Random histories against git blame: every file at every commit.

``PROVENANCE_EXAMPLES`` sets how many histories are tried (40 by default).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from worlds.histories import Step, histories, write
from worlds.oracle import check
from worlds.world import World


@settings(
    max_examples=int(os.environ.get("PROVENANCE_EXAMPLES", "40")),
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
@given(history=histories, object_format=st.sampled_from(["sha1", "sha256"]))
def test_any_history_has_the_owners_of_git_blame(history: list[Step], object_format: str) -> None:
    """Forks, merges, renames, whitespace, binary and link: the owners are git blame's."""
    for number, step in enumerate(history, 1):
        note(f"commit {number}: {step}")

    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "repo", object_format=object_format)
        write(world, history)

        check(world.build())
