"""Which commit took away which line, against git diff and git blame."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.history.repository import open_repository
from provenance.ownership import departures as module
from provenance.ownership.births import UNKNOWN
from provenance.ownership.departures import Departures, departed
from provenance.ownership.tree import Opaque
from worlds.marked import history
from worlds.oracle import Line, Replayed, blame, replay
from worlds.world import Built, World, lines

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? ")
Taken = Counter[tuple[str, str, bytes]]
"""Lines by (owner, commit that took them away, path there)."""


@given(
    st.lists(st.lists(st.integers(0, 30), max_size=6), max_size=30),
    st.sampled_from([1, 9, 1 << 20]),
)
def test_line_ids_come_back_as_they_went(parts: list[list[int]], block: int) -> None:
    """Runs, blocks and a later start change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        log = Departures()
        for number, part in enumerate(parts):
            log.add(np.array(part, dtype=np.uint32).tobytes())
            if number == 10:
                log = Departures.restored(log.runs())

    assert log.line_ids().tolist() == [line for part in parts for line in part]


@pytest.mark.parametrize("seed", range(6))
def test_departures_are_what_git_shows(tmp_path: Path, seed: int) -> None:
    """Every removed line has the owner of git blame and the remover of git diff, once."""
    built = history(tmp_path / "world", seed, commits=24)

    shown = _shown(built)

    assert shown
    assert _counted(built) == shown


def test_a_line_removed_on_two_branches_goes_once_to_the_earlier(tmp_path: Path) -> None:
    """The earlier date decides, whichever branch is replayed first."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a": lines("one two three")}, hours=0)
    late = world.commit(first, edit={"a": lines("one three")}, hours=9)
    early = world.commit(first, edit={"a": lines("one three"), "b": lines("x")}, hours=3)
    world.commit(late, early, edit={"a": lines("one three"), "b": lines("x")}, hours=10)
    built = world.build()

    assert _counted(built) == {(built.ids[first], built.ids[early], b"a"): 1}


def test_a_line_that_a_merge_keeps_is_not_gone(tmp_path: Path) -> None:
    """One side removed it, the merge took the other side."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a": lines("one two three")})
    gone = world.commit(first, edit={"a": lines("one three")})
    kept = world.commit(first, edit={"b": lines("x")})
    world.commit(kept, gone, edit={"a": lines("one two three"), "b": lines("x")})
    built = world.build()

    assert _counted(built) == {}


def test_what_a_merge_leaves_behind_has_no_remover(tmp_path: Path) -> None:
    """The side's own line never reached the merge; nobody removed it."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a": lines("one")})
    side = world.commit(first, edit={"a": lines("one more")})
    other = world.commit(first, edit={"b": lines("x")})
    world.commit(other, side, edit={"a": lines("one"), "b": lines("x")})
    built = world.build()

    assert _counted(built) == {}


def test_a_deleted_file_takes_its_lines_along(tmp_path: Path) -> None:
    """The path is the one under which they went."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a": lines("one two three")})
    moved = world.commit(first, rename={"a": "b"})
    last = world.commit(moved, remove=["b"], edit={"c": lines("x")})
    built = world.build()

    assert _counted(built) == {(built.ids[first], built.ids[last], b"b"): 3}


def _counted(built: Built) -> Taken:
    """Return what the replay says."""
    with open_repository(built.path) as repository:
        result = replay(repository, [built.ids[-1]], at=[built.ids[-1]])
    births = result.replay.births
    order = _order(built)
    rows = departed(
        births.table(),
        result.replay.departures.line_ids(),
        owner_of_line=births.commits(),
        alive=_alive(result, built.ids[-1]),
        order=np.array([order[oid] for oid in result.ids], dtype=np.int64),
    )
    assert (rows[:, 0] != UNKNOWN).all()
    found: Taken = Counter()
    for owner, commit, path, count in rows.tolist():
        found[result.ids[owner], result.ids[commit], result.replay.paths[path]] += count
    return found


def _alive(result: Replayed, head: str) -> bytes:
    parts = [version.lines for version in result.versions[head].values()]
    return b"".join(part for part in parts if not isinstance(part, Opaque))


def _order(built: Built) -> dict[str, int]:
    """Return the place of each commit by date, then by id."""
    printed = built.git("log", "--format=%ct %H", *built.tips).decode().splitlines()
    dated = sorted((int(date), oid) for date, oid in (row.split() for row in printed))
    return {oid: place for place, (_, oid) in enumerate(dated)}


def _shown(built: Built) -> Taken:
    """Return what git diff and git blame say, one line at a time."""
    order = _order(built)
    alive: set[Line] = set()
    for path in built.git("ls-tree", "-r", "-z", "--name-only", built.ids[-1]).split(b"\0")[:-1]:
        alive |= set(blame(built.git_dir, built.ids[-1], path))
    removers: dict[Line, list[tuple[int, str, bytes]]] = defaultdict(list)
    for row in built.git("rev-list", "--parents", built.ids[-1]).decode().splitlines():
        oid, *parents = row.split()
        if len(parents) == 1:
            for line, path in _removed(built, parents[0], oid):
                removers[line].append((order[oid], oid, path))
    found: Taken = Counter()
    for line, several in removers.items():
        if line not in alive:
            _, oid, path = min(several)
            found[line[0], oid, path] += 1
    return found


def _removed(built: Built, parent: str, commit: str) -> list[tuple[Line, bytes]]:
    """Return each line that a commit removed, with the path after the change."""
    diff = built.git("diff", "-U0", "-M", "--diff-algorithm=myers", parent, commit)
    found: list[tuple[Line, bytes]] = []
    old = new = b""
    owners: list[Line] = []
    for row in diff.split(b"\n"):
        if row.startswith(b"--- "):
            old = row[6:]
            owners = [] if row == b"--- /dev/null" else blame(built.git_dir, parent, old)
        elif row.startswith(b"+++ "):
            new = old if row == b"+++ /dev/null" else row[6:]
        elif hunk := _HUNK.match(row):
            start, count = int(hunk[1]), int(hunk[2] or 1)
            found += [(line, new) for line in owners[start - 1 : start - 1 + count] if count]
    return found
