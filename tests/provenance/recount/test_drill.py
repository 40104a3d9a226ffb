"""PyDriller says what the world was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.errors import HistoryError
from provenance.recount.additions import additions
from provenance.recount.drill import driller
from provenance.recount.scratch import borrow
from worlds.world import World, lines, numbered


def test_commits_come_with_raw_identities_and_messages(tmp_path: Path) -> None:
    """Identities are as stored, dates are seconds, the mailmap is not asked."""
    world = World(tmp_path / "world")
    first = world.commit(edit={".mailmap": "Other <o@example.org> <ann@example.org>\n"})
    world.commit(first, edit={"a": "1\n"}, message="Title\n\nBody: é\n", author="B[bot] <b@x>")
    built = world.build()

    with borrow(built.path) as scratch, driller(scratch) as drill:
        one, two = drill.commits(built.ids[1])

    assert (one.id, two.id) == built.ids
    assert (one.parents, two.parents) == ((), (one.id,))
    assert str(one.author) == "Ann Author <ann@example.org>"
    assert str(two.author) == "B[bot] <b@x>"
    assert str(two.committer) == "Carl Committer <carl@example.org>"
    assert two.message == "Title\n\nBody: é"
    assert two.committed_at - one.committed_at == 3600


def test_added_lines_are_those_that_no_parent_has(tmp_path: Path) -> None:
    """Numbers are of the new version; a rename adds nothing; a merge only what it wrote itself."""
    world = World(tmp_path / "world")
    text = numbered(9)
    first = world.commit(edit={"a.py": "".join(text), "old.py": lines("x y z")})
    left = world.commit(
        first, edit={"a.py": "".join(["left\n", *text])}, rename={"old.py": "new.py"}
    )
    right = world.commit(first, edit={"a.py": "".join([*text, "right\n"])})
    world.commit(
        left, right, edit={"a.py": "".join(["left\n", *text[:4], "merge\n", *text[4:], "right\n"])}
    )
    built = world.build()

    with borrow(built.path) as scratch, driller(scratch) as drill:
        commits = {commit.id: commit for commit in drill.commits(built.ids[-1])}
        found = [additions(scratch, drill, commits[oid]) for oid in map(str, built.ids)]  # type: ignore[index]
        changed = [drill.files_changed(oid) for oid in built.ids]

    assert found[0] == {"a.py": set(range(1, 10)), "old.py": {1, 2, 3}}
    assert {path: numbers for path, numbers in found[1].items() if numbers} == {"a.py": {1}}
    assert found[2] == {"a.py": {10}}
    assert found[3] == {"a.py": {6}}
    assert changed == [2, 2, 1, 0]


def test_a_missing_content_does_not_end_a_difference(tmp_path: Path) -> None:
    """Git dies on a film that is missing; the lines of the other files are told all the same."""
    world = World(tmp_path / "world", loose=True)
    first = world.commit(edit={"a.py": "1\n", "film.mp4": b"\0one\n"})
    world.commit(first, edit={"a.py": "1\n2\n", "film.mp4": b"\0two\n"})
    built = world.build()
    oid = built.git("rev-parse", f"{built.ids[0]}:film.mp4").decode().strip()
    (built.git_dir / "objects" / oid[:2] / oid[2:]).unlink()

    with borrow(built.path) as scratch, driller(scratch) as drill:
        assert drill.added_lines(built.ids[1])["a.py"] == {2}
        assert drill.files_changed(built.ids[1]) == 2
        assert scratch.absent == {oid}


def test_what_pydriller_cannot_read_is_told(tmp_path: Path) -> None:
    """Its exceptions are of many kinds; one leaves this room."""
    world = World(tmp_path / "world")
    world.commit(edit={"a.py": "1\n"})
    built = world.build()

    with borrow(built.path) as scratch, driller(scratch) as drill:
        with pytest.raises(HistoryError, match="PyDriller cannot read"):
            drill.added_lines("f" * 40)
        with pytest.raises(HistoryError, match="PyDriller cannot read"):
            list(drill.commits("missing"))
