from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from provenance.errors import LedgerError
from provenance.ledger.columns import Columns
from provenance.ledger.read import open_run
from provenance.ledger.schema import SCHEMA_VERSION, TABLES
from provenance.ledger.write import export, write_run
from worlds.stored_run import small_world


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _shuffled(columns: Columns, seed: int) -> dict[str, Any]:
    values: dict[str, Any] = dict(columns)
    order = list(range(len(next(iter(values.values())))))
    random.Random(seed).shuffle(order)
    names = list(values)
    random.Random(seed).shuffle(names)
    return {name: [values[name][place] for place in order] for name in names}


def _large(rows: int) -> dict[str, Columns]:
    """More rows than one Parquet row group holds."""
    number = np.random.default_rng(3)
    return {
        "unmeasured": {
            "snapshot": number.integers(0, 50, rows),
            "path": [f"d{place % 7}/f{place % 4001}" for place in range(rows)],
            "reason": [("binary", "symlink")[place % 2] for place in range(rows)],
            "lines": number.integers(0, 1000, rows),
        }
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_same_rows_give_the_same_bytes_in_any_order(tmp_path: Path, seed: int) -> None:
    """Tables, manifest and all: order of rows, columns and tables leaves no trace."""
    world = small_world()
    mixed = {name: _shuffled(world[name], seed) for name in reversed(world)}
    one = write_run(tmp_path / "one", "r", world, inputs={"a": "1", "b": "2"})
    two = write_run(tmp_path / "two", "r", mixed, inputs={"b": "2", "a": "1"})

    assert _bytes(one) == _bytes(two)


def test_same_rows_give_the_same_bytes_over_many_row_groups(tmp_path: Path) -> None:
    world = _large(600_000)
    mixed = {name: _shuffled(columns, 5) for name, columns in world.items()}
    one = write_run(tmp_path / "one", "r", world, inputs={})
    two = write_run(tmp_path / "two", "r", mixed, inputs={})

    assert _bytes(one) == _bytes(two)


def test_what_is_stored_can_be_read_by_any_parquet_reader(tmp_path: Path) -> None:
    """Types, nulls, lists and order are as the schema says, seen without our reader."""
    run = write_run(tmp_path, "r", small_world(), inputs={})
    with duckdb.connect() as con:
        for table in TABLES.values():
            found = con.read_parquet(str(run / f"{table.name}.parquet"))

            assert found.columns == [column.name for column in table.columns]
            assert [str(kind) for kind in found.types] == [c.sql_type for c in table.columns]
        commits = con.read_parquet(str(run / "commits.parquet")).fetchall()

    assert [row[1] for row in commits] == [[], ["a" * 40], ["a" * 40, "b" * 40]]
    assert commits[0][5:11] == (None,) * 6
    assert commits[2][3] == 2**60


def test_tables_say_what_they_are(tmp_path: Path) -> None:
    """An exported file names its table and schema version by itself."""
    run = write_run(tmp_path, "r", small_world(), inputs={})
    with duckdb.connect() as con:
        pairs = con.execute(
            "SELECT key, value FROM parquet_kv_metadata($file)", {"file": f"{run}/hunks.parquet"}
        ).fetchall()

    assert dict(pairs) == {
        b"provenance_table": b"hunks",
        b"provenance_schema": b"%d" % SCHEMA_VERSION,
    }


def test_empty_tables_are_stored_as_tables(tmp_path: Path) -> None:
    """Nothing found is a fact; it is not a missing table."""
    world: dict[str, Columns] = {
        table.name: {column.name: [] for column in table.columns} for table in TABLES.values()
    }
    with open_run(write_run(tmp_path, "r", world, inputs={})) as run:
        rows = [run.rows(f"SELECT count(*) FROM {name}") for name in TABLES]

        assert run.tables == dict.fromkeys(TABLES, 0)
        assert rows == [[(0,)]] * len(TABLES)


@pytest.mark.parametrize(
    ("change", "slug", "named"),
    [
        ({"run_id": "../up"}, "ledger-name", "'../up'"),
        ({"run_id": ".tmp-x"}, "ledger-name", "'.tmp-x'"),
        ({"run_id": ""}, "ledger-name", "''"),
        ({"run_id": "a\n"}, "ledger-name", "run id"),
        ({"tables": {"people": {}}}, "ledger-table", "'people'"),
        ({"tables": {"commits": {}}}, "ledger-column", "missing column 'authored_at'"),
        ({"blobs": {"a/b": b""}}, "ledger-name", "blob 'a/b'"),
        ({"inputs": {"head": 7}}, "ledger-inputs", "'head'"),
    ],
)
def test_wrong_words_are_refused_by_name_and_leave_nothing(
    tmp_path: Path, change: dict[str, Any], slug: str, named: str
) -> None:
    arguments: dict[str, Any] = {"run_id": "r", "tables": small_world(), "inputs": {}} | change
    with pytest.raises(LedgerError) as caught:
        write_run(
            tmp_path,
            arguments["run_id"],
            arguments["tables"],
            inputs=arguments["inputs"],
            blobs=arguments.get("blobs", {}),
        )

    assert caught.value.slug == slug
    assert named in caught.value.message
    assert [path for path in tmp_path.rglob("*") if path.name != "runs"] == []


def test_everything_is_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        run = write_run(tmp_path / "root", "r", small_world(), inputs={}, blobs={"s": b"x"})
    finally:
        os.umask(before)
    folders = [tmp_path / "root", run.parent, run]

    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}
    assert {file.stat().st_mode & 0o777 for file in run.iterdir()} == {0o600}


def test_writing_the_same_run_again_changes_nothing(tmp_path: Path) -> None:
    first = write_run(tmp_path, "r", small_world(), inputs={"head": "h"})
    before = _bytes(first), first.stat().st_ino
    again = write_run(tmp_path, "r", small_world(), inputs={"head": "h"})

    assert again == first
    assert (_bytes(again), again.stat().st_ino) == before
    assert [path.name for path in first.parent.iterdir()] == ["r"]


def test_a_run_is_never_rewritten_with_other_content(tmp_path: Path) -> None:
    """The same id with other rows means that an input is missing from the id."""
    run = write_run(tmp_path, "r", small_world(), inputs={"head": "h"})
    before = _bytes(run)
    with pytest.raises(LedgerError) as caught:
        write_run(tmp_path, "r", _large(10), inputs={"head": "h"})

    assert caught.value.slug == "ledger-run-exists"
    assert _bytes(run) == before
    assert [path.name for path in run.parent.iterdir()] == ["r"]


def test_a_damaged_run_is_replaced_by_a_whole_one(tmp_path: Path) -> None:
    run = write_run(tmp_path, "r", small_world(), inputs={"head": "h"})
    whole = _bytes(run)
    (run / "hunks.parquet").write_bytes(b"")
    write_run(tmp_path, "r", small_world(), inputs={"head": "h"})

    assert {name: data for name, data in _bytes(run).items() if name != "manifest.json"} == {
        name: data for name, data in whole.items() if name != "manifest.json"
    }
    assert [path.name for path in run.parent.iterdir()] == ["r"]


@pytest.mark.parametrize(
    "name",
    [
        "it's",
        'quo"te',
        "glob*[a-z]?",
        "per%cent {x}",
        "[!g]**",
        "back\\slash",
        "a[b",
        "spa ce",
        "数据",
    ],
)
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    """Quotes and wildcards in the cache folder neither break nor widen anything."""
    decoy = write_run(tmp_path / "glob_ab", "r", _large(3), inputs={})
    run = write_run(tmp_path / name, "r", small_world(), inputs={})
    with open_run(run) as opened:
        assert opened.rows("SELECT count(*) FROM unmeasured") == [(1,)]
    assert decoy.is_dir()


def test_a_folder_name_that_is_not_text_is_a_clear_error(tmp_path: Path) -> None:
    """DuckDB opens names in UTF-8 only."""
    with pytest.raises(LedgerError) as caught:
        write_run(tmp_path / "caf\udce9", "r", small_world(), inputs={})

    assert caught.value.slug == "ledger-database"


def test_a_place_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(LedgerError) as caught:
        write_run(tmp_path / "file" / "root", "r", small_world(), inputs={})

    assert caught.value.slug == "ledger-io"
    assert "PROVENANCE_CACHE" in caught.value.hint


def test_export_copies_the_tables_byte_for_byte(tmp_path: Path) -> None:
    """What the user is handed is what the manifest signed for; state stays in the cache."""
    run = write_run(tmp_path, "r", small_world(), inputs={}, blobs={"state": b"secret"})
    out = tmp_path / "report" / "evidence"
    out.mkdir(parents=True)
    (out / "hunks.parquet").write_text("from an earlier report")
    (out / "notes.txt").write_text("the user's own")
    copied = export(run, out)

    assert sorted(path.name for path in out.iterdir()) == [
        *(f"{name}.parquet" for name in TABLES if name <= "hunks"),
        "notes.txt",
        *(f"{name}.parquet" for name in TABLES if name > "hunks"),
    ]
    for name, stored in copied.items():
        assert (out / f"{name}.parquet").read_bytes() == (run / f"{name}.parquet").read_bytes()
        assert stored.bytes == (out / f"{name}.parquet").stat().st_size


def test_a_damaged_table_is_not_exported(tmp_path: Path) -> None:
    run = write_run(tmp_path, "r", small_world(), inputs={})
    data = (run / "files.parquet").read_bytes()
    (run / "files.parquet").write_bytes(data[:-1] + b"?")
    with pytest.raises(LedgerError) as caught:
        export(run, tmp_path / "out")

    assert caught.value.slug == "ledger-manifest"
    assert not (tmp_path / "out" / "files.parquet").exists()
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]


def test_the_manifest_says_what_was_stored(tmp_path: Path) -> None:
    run = write_run(tmp_path, "r", small_world(), inputs={"head": "x\udc80"}, blobs={"s": b"ab"})
    manifest = json.loads((run / "manifest.json").read_bytes())

    assert manifest["schema_version"] == SCHEMA_VERSION
    assert manifest["inputs"] == {"head": "x\udc80"}
    assert manifest["tables"]["ownership"]["rows"] == 6
    assert manifest["tables"]["ownership"]["bytes"] == (run / "ownership.parquet").stat().st_size
    assert manifest["blobs"]["s"]["bytes"] == 2
