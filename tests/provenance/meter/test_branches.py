"""Branches beside the history: found where they are whole, left out where they are not."""

from __future__ import annotations

from pathlib import Path

from provenance.meter.measure import measure
from provenance.meter.settings import Options
from worlds.records import agent, git_ai
from worlds.world import World

_OPTIONS = Options(unit="line", predates="off")
_ANN = "Ann Author <ann@example.org>"


def _note(path: str, lines: str) -> str:
    session = {"s_0a1b2c3d4e5f60": agent("claude", "claude-opus-4-5-20251101")}
    return git_ai({path: [f"s_0a1b2c3d4e5f60::t_99aa88bb77cc66 {lines}"]}, sessions=session)


def test_an_orphan_without_its_parent_stops_nothing(tmp_path: Path) -> None:
    """A note may name a commit whose ancestors are long gone."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"train.py": "a = 1\n"}, author=_ANN)
    world.commit(first, edit={"train.py": "a = 1\nb = 2\n"}, author=_ANN, message="Add b")
    built = world.build()
    raw = built.git("cat-file", "commit", "HEAD").decode().replace(built.ids[0], "1" * 40)
    orphan = built.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.encode())
    built.git(
        "-c", "user.name=n", "-c", "user.email=n@example.org",
        "notes", "--ref=ai", "add", "-m", _note("train.py", "2"), orphan.decode().strip(),
    )  # fmt: skip
    run = measure(built.path, _OPTIONS)

    assert run.measurement.everything.unattested == 2
    assert run.measurement.records[0].total == 1
    assert run.measurement.records[0].reachable == 0


def test_a_reworded_commit_is_known_by_its_patch(tmp_path: Path) -> None:
    """The subject changed on the way, author and author date did not."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"train.py": "a = 1\n"})
    old = world.commit(first, edit={"train.py": "a = 1\nb = 2\n"}, message="Add b")
    world.note(old, _note("train.py", "2"))
    world.ref("refs/heads/old", old)
    between = world.commit(first, edit={"eval.py": "c = 3\n"})
    world.commit(
        between, edit={"train.py": "a = 1\nb = 2\n"}, message="Add b, told better", authored=-2
    )
    run = measure(world.build().path, _OPTIONS)

    assert run.measurement.everything.ai == 1
    assert run.measurement.everything.unattested == 2
    assert run.measurement.records[0].recovered == 1
