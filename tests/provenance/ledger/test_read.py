from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provenance.errors import LedgerError
from provenance.ledger.manifest import Manifest
from provenance.ledger.read import Run, find, latest, open_run
from provenance.ledger.schema import SCHEMA_VERSION
from provenance.ledger.write import write_run
from worlds.stored_run import HELPED, ROBOT, WEIRD, small_world


def test_a_run_gives_back_inputs_rows_and_blobs(tmp_path: Path) -> None:
    inputs = {"head": "h", "odd": "\udcff\n\"'"}
    blobs = {"replay.npz": b"\x00\xff", "empty": b""}
    write_run(tmp_path, "r", small_world(), inputs=inputs, blobs=blobs)
    run = latest(tmp_path)

    assert run is not None
    assert run.inputs == inputs
    assert run.tables["hunks"] == 4
    assert {name: run.blob(name) for name in blobs} == blobs


def test_nothing_stored_is_none(tmp_path: Path) -> None:
    assert latest(tmp_path / "never made") is None
    assert find(tmp_path, "r") is None


def test_the_latest_run_is_the_one_written_last(tmp_path: Path) -> None:
    """Neither names nor clocks decide, only the order of writing."""
    for name in ("b", "c", "a"):
        write_run(tmp_path, name, small_world(), inputs={"name": name})
    newest, named = latest(tmp_path), find(tmp_path, "c")

    assert newest is not None
    assert newest.inputs == {"name": "a"}
    assert named is not None
    assert named.inputs == {"name": "c"}
    assert find(tmp_path, "d") is None


def test_the_spelt_out_view_has_one_row_per_snapshot(run: Run) -> None:
    """Two names of one point do not double its lines."""
    rows = run.rows(
        'SELECT snapshot, "commit", lines FROM ownership_at WHERE path LIKE $path ORDER BY ALL',
        {"path": "we%"},
    )

    assert rows == [(0, ROBOT, 20), (1, ROBOT, 18), (1, HELPED, 3)]


def test_text_in_rows_is_escaped_text(run: Run) -> None:
    from provenance.ledger.escape import escape

    rows = run.rows("SELECT path FROM files WHERE stage = 'evaluation'")

    assert rows == [(escape(WEIRD),)]


def _edit(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def damage(run: Path) -> None:
        manifest = json.loads((run / "manifest.json").read_bytes())
        change(manifest)
        (run / "manifest.json").write_text(json.dumps(manifest))

    return damage


def _flip(name: str) -> Callable[[Path], None]:
    def damage(run: Path) -> None:
        data = bytearray((run / name).read_bytes())
        data[len(data) // 2] ^= 1
        (run / name).write_bytes(data)

    return damage


def _swap(run: Path) -> None:
    (run / "hunks.parquet").rename(run / "x")
    (run / "files.parquet").rename(run / "hunks.parquet")
    (run / "x").rename(run / "files.parquet")


def _write(name: str, data: bytes) -> Callable[[Path], None]:
    def damage(run: Path) -> None:
        (run / name).write_bytes(data)

    return damage


def _lengthen(run: Path) -> None:
    table = run / "hunks.parquet"
    table.write_bytes(table.read_bytes() + b"!")


_DAMAGE: dict[str, Callable[[Path], None]] = {
    "one bit of a table": _flip("ownership.parquet"),
    "one bit of a blob": _flip("state.blob"),
    "one bit of the manifest": _flip("manifest.json"),
    "no manifest": lambda run: (run / "manifest.json").unlink(),
    "empty manifest": _write("manifest.json", b""),
    "manifest is a list": _write("manifest.json", b"[]"),
    "manifest is deep": _write("manifest.json", b"[" * 100_000),
    "manifest is binary": _write("manifest.json", b"\xff\xfe{"),
    "no table": lambda run: (run / "commits.parquet").unlink(),
    "longer table": _lengthen,
    "shorter table": _write("hunks.parquet", b"PAR1"),
    "swapped tables": _swap,
    "other inputs": _edit(lambda manifest: manifest["inputs"].update(head="another")),
    "more inputs": _edit(lambda manifest: manifest["inputs"].update(more="x")),
    "fewer tables": _edit(lambda manifest: manifest["tables"].pop("unmeasured")),
    "other rows": _edit(lambda manifest: manifest["tables"]["hunks"].update(rows=5)),
    "other place": _edit(lambda manifest: manifest.update(sequence=9)),
    "other version": _edit(lambda manifest: manifest.update(schema_version=SCHEMA_VERSION + 1)),
    "no digest": _edit(lambda manifest: manifest.pop("digest")),
}


@pytest.mark.parametrize("damage", _DAMAGE.values(), ids=_DAMAGE.keys())
def test_a_run_that_does_not_fit_is_refused(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """Never used and never skipped in silence; the hint says what to delete."""
    folder = write_run(tmp_path, "r", small_world(), inputs={"head": "h"}, blobs={"state": b"abc"})
    damage(folder)
    with pytest.raises(LedgerError) as opening:
        open_run(folder)
    with pytest.raises(LedgerError) as choosing:
        latest(tmp_path)

    assert (opening.value.slug, choosing.value.slug) == ("ledger-manifest", "ledger-manifest")
    assert str(tmp_path) in choosing.value.hint


def test_a_run_under_another_name_is_refused(tmp_path: Path) -> None:
    """A copied run cannot pass for another one."""
    folder = write_run(tmp_path, "r", small_world(), inputs={})
    shutil.copytree(folder, folder.with_name("s"))
    with pytest.raises(LedgerError) as caught:
        open_run(folder.with_name("s"))

    assert caught.value.slug == "ledger-manifest"


def test_a_run_of_another_version_is_not_read_and_does_not_count(tmp_path: Path) -> None:
    """An upgrade of the meter measures again instead of failing."""
    write_run(tmp_path, "known", small_world(), inputs={})
    foreign = tmp_path / "runs" / "foreign"
    foreign.mkdir()
    manifest = Manifest("foreign", 99, {}, {}, {}, schema_version=SCHEMA_VERSION + 1)
    (foreign / "manifest.json").write_bytes(manifest.encode())
    newest = latest(tmp_path)
    with pytest.raises(LedgerError) as caught:
        open_run(foreign)

    assert caught.value.slug == "ledger-schema"
    assert newest is not None
    assert newest.folder.name == "known"


@pytest.mark.parametrize(
    "sql",
    [
        "COPY commits TO '{run}/commits.parquet'",
        "COPY (SELECT 1) TO '{run}/x.csv'",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW commits",
        "SELECT 1; SELECT 2",
        "SET threads = 9",
        "INSTALL httpfs",
        "LOAD httpfs",
        "ATTACH '{run}/x.db'",
        "EXPLAIN SELECT 1",
        "",
    ],
)
def test_a_run_answers_selects_only(run: Run, sql: str) -> None:
    with pytest.raises(LedgerError) as caught:
        run.rows(sql.replace("{run}", str(run.folder)))

    assert caught.value.slug == "ledger-select"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_csv('{run}/manifest.json')",
        "SELECT * FROM 'manifest.json'",
        "SELECT * FROM read_parquet('https://example.org/x.parquet')",
        "SELECT * FROM nothing",
        "SELEC",
    ],
)
def test_a_question_reaches_the_tables_of_its_run_and_nothing_else(run: Run, sql: str) -> None:
    with pytest.raises(LedgerError) as caught:
        run.rows(sql.replace("{run}", str(run.folder)))

    assert caught.value.slug == "ledger-database"


def test_an_unknown_blob_is_an_error(run: Run) -> None:
    with pytest.raises(LedgerError) as caught:
        run.blob("../manifest")

    assert caught.value.slug == "ledger-blob"


def test_reading_leaves_no_file_behind(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The current folder may be the measured repository: nothing is spilled into it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    before = sorted(run.folder.rglob("*"))
    run.rows("SELECT count(*) FROM range(3000000) a(i) GROUP BY hash(i) % 1000 ORDER BY ALL")

    assert list(here.iterdir()) == []
    assert sorted(run.folder.rglob("*")) == before
