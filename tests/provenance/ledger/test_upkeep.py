from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.errors import LedgerError
from provenance.ledger.read import latest
from provenance.ledger.upkeep import half_name, prune, sweep
from provenance.ledger.write import export, write_run
from worlds.stored_run import small_world

_HOUR = 3600


def _gone_name() -> str:
    """Name a half-written folder as a process that has ended would have."""
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "from provenance.ledger.upkeep import half_name as n; print(n())",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return ended.stdout.strip()


def _half(runs: Path, name: str, *, age: float = 0) -> Path:
    folder = runs / name
    folder.mkdir(parents=True)
    (folder / "hunks.parquet").write_bytes(b"PAR1 half")
    now = folder.stat().st_mtime
    for path in (folder / "hunks.parquet", folder):
        os.utime(path, (now - age, now - age))
    return folder


def test_leftovers_of_ended_processes_are_swept(tmp_path: Path) -> None:
    left = _half(tmp_path / "runs", _gone_name())

    assert sweep(tmp_path) == 1
    assert not left.exists()


def test_work_of_living_processes_is_left_alone(tmp_path: Path) -> None:
    mine = _half(tmp_path / "runs", half_name())

    assert sweep(tmp_path) == 0
    assert mine.exists()


def test_work_on_another_machine_is_left_alone_until_it_is_old(tmp_path: Path) -> None:
    """On a shared disk a process number says nothing; only the age does."""
    host, pid, token = _gone_name().removeprefix(".tmp-").split("-")
    foreign = "0" * 8 if host != "0" * 8 else "1" * 8
    fresh = _half(tmp_path / "runs", f".tmp-{foreign}-{pid}-{token}", age=_HOUR - 60)
    stale = _half(tmp_path / "runs", f".tmp-{foreign}-{pid}-{'a' * 16}", age=_HOUR + 60)

    assert sweep(tmp_path) == 1
    assert fresh.exists()
    assert not stale.exists()


def test_an_old_folder_in_which_something_moves_is_left_alone(tmp_path: Path) -> None:
    busy = _half(tmp_path / "runs", half_name(), age=2 * _HOUR)
    (busy / "hunks.parquet").write_bytes(b"more")

    assert sweep(tmp_path) == 0
    assert busy.exists()


@pytest.mark.parametrize("name", [".tmp-notes", ".tmp-zz-1-2", "tmp", ".git"])
def test_foreign_folders_are_never_swept(tmp_path: Path, name: str) -> None:
    foreign = _half(tmp_path / "runs", name, age=9 * _HOUR)

    assert sweep(tmp_path) == 0
    assert foreign.exists()


def test_writing_and_exporting_sweep_first(tmp_path: Path) -> None:
    left = _half(tmp_path / "root" / "runs", _gone_name())
    run = write_run(tmp_path / "root", "r", small_world(), inputs={})
    (tmp_path / "out").mkdir()
    part = tmp_path / "out" / _gone_name()
    part.write_bytes(b"half a table")
    export(run, tmp_path / "out")

    assert not left.exists()
    assert not part.exists()


def test_half_written_folders_are_invisible_to_readers(tmp_path: Path) -> None:
    _half(tmp_path / "runs", half_name())

    assert latest(tmp_path) is None


def test_pruning_keeps_the_newest(tmp_path: Path) -> None:
    for name in ("d", "a", "c", "b"):
        write_run(tmp_path, name, small_world(), inputs={})

    assert prune(tmp_path) == 2
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["b", "c"]
    assert prune(tmp_path) == 0
    assert prune(tmp_path, keep=1) == 1
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["b"]


def test_pruning_everything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        prune(tmp_path, keep=0)

    assert caught.value.slug == "ledger-keep"


def test_pruning_a_damaged_store_deletes_nothing(tmp_path: Path) -> None:
    """Which run is newest is unknown then, so none may go."""
    for name in ("a", "b", "c"):
        write_run(tmp_path, name, small_world(), inputs={})
    (tmp_path / "runs" / "c" / "manifest.json").write_text("{}")
    with pytest.raises(LedgerError):
        prune(tmp_path)

    assert len(list((tmp_path / "runs").iterdir())) == 3
