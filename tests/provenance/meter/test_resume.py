"""A run that goes on from a stored one gives the bytes of a full run."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from provenance.meter.measure import measure
from provenance.meter.run import Run
from provenance.meter.settings import Options
from provenance.ownership.replay import Replay
from worlds.marked import history
from worlds.world import World


def _bytes(run: Run) -> dict[str, str]:
    assert run.folder is not None
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(run.folder.glob("*.parquet"))
    }


@pytest.mark.parametrize("seed", range(8))
def test_a_resumed_run_equals_a_full_one_byte_for_byte(tmp_path: Path, seed: int) -> None:
    built = history(tmp_path / "world", seed, commits=30)
    chain = built.git("rev-list", "--first-parent", "--reverse", "HEAD").decode().split()
    stops = sorted(random.Random(seed).sample(range(len(chain) - 1), min(3, len(chain) - 1)))
    for stop in stops:
        measure(built.path, Options(at=chain[stop]), cache=tmp_path / "grown")
    resumed = measure(built.path, Options(), cache=tmp_path / "grown")
    full = measure(built.path, Options(), cache=tmp_path / "fresh")

    assert resumed.measurement == full.measurement
    assert _bytes(resumed) == _bytes(full)


def test_only_new_commits_are_replayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = history(tmp_path / "world", 3, commits=30, tags=False)
    chain = built.git("rev-list", "--first-parent", "--reverse", "HEAD").decode().split()
    measure(built.path, Options(at=chain[-3]), cache=tmp_path / "cache")
    new = built.git("rev-list", "--count", f"{chain[-3]}..{chain[-1]}").decode().strip()
    seen: list[int] = []
    whole = Replay.run

    def counting(self: Replay, graph: list[tuple[int, ...]], **rest: object) -> None:
        seen.append(len(graph) - int(str(rest.get("first", 0))))
        whole(self, graph, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Replay, "run", counting)
    measure(built.path, Options(), cache=tmp_path / "cache")

    assert seen == [int(new)]


def test_a_rewritten_history_is_measured_anew(tmp_path: Path) -> None:
    one = history(tmp_path / "one", 1)
    other = history(tmp_path / "other", 2)
    measure(one.path, Options(), cache=tmp_path / "cache")
    after = measure(other.path, Options(), cache=tmp_path / "cache")

    assert after.measurement == measure(other.path, Options()).measurement


@pytest.mark.parametrize("first", ["gen.py linguist-generated\n", "# nothing\n"])
def test_files_that_begin_or_cease_to_count_are_read_again(tmp_path: Path, first: str) -> None:
    """Rows of a file that was not read hold lines alone, so they are of no use when it counts."""
    world = World(tmp_path / "world")
    code = {"gen.py": "x = 1\n# remark\ny = 2\n", "b.py": "z = 1\n"}
    root = world.commit(edit=code | {".gitattributes": first})
    other = "# nothing\n" if "linguist" in first else "gen.py linguist-generated\n"
    world.commit(root, edit={".gitattributes": other, "b.py": "z = 1\nq = 3\n"})
    built = world.build()
    measure(built.path, Options(at=built.ids[0]), cache=tmp_path / "cache")
    resumed = measure(built.path, Options(), cache=tmp_path / "cache")
    full = measure(built.path, Options(), cache=tmp_path / "fresh")

    assert resumed.measurement == full.measurement
    assert _bytes(resumed) == _bytes(full)
