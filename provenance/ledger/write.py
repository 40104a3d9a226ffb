"""A run written so that it is either whole or not there."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

from provenance.errors import LedgerError
from provenance.ledger.columns import Columns, arrange
from provenance.ledger.connection import connect, quoted, translated
from provenance.ledger.manifest import (
    MANIFEST,
    Manifest,
    Stored,
    blob_file,
    broken,
    check_files,
    checked_name,
    measure_file,
    read_manifest,
    table_file,
)
from provenance.ledger.schema import SCHEMA_VERSION, Table, table_named
from provenance.ledger.upkeep import discard, half_name, next_sequence, runs_folder, sweep_folder

_LOG = logging.getLogger(__name__)
_ROWS_PER_GROUP = 491_520
"""Four times the default: ids repeat far apart, and a repeated id costs two bytes, not forty."""
_NO_BLOBS: Mapping[str, bytes] = {}


def write_run(
    root: Path,
    run_id: str,
    tables: Mapping[str, Columns],
    *,
    inputs: Mapping[str, str],
    blobs: Mapping[str, bytes] = _NO_BLOBS,
) -> Path:
    """Store a run under ``root/runs/run_id`` and return its folder.

    The same rows in any order give the same bytes.  When it returns, the run is on the
    disk; a reader sees all of it or nothing.  Writing the same content under the same id
    again changes nothing; a damaged run of that id is replaced.

    Raises ``LedgerError``: ``ledger-name``, ``ledger-table``, ``ledger-column``,
    ``ledger-rows``, ``ledger-value``, ``ledger-inputs`` for wrong words;
    ``ledger-run-exists`` when the id holds other content; ``ledger-io`` or
    ``ledger-database`` when storing failed.
    """
    checked_name(run_id, "run id")
    chosen = [(table_named(name), tables[name]) for name in sorted(tables)]
    for name in blobs:
        checked_name(name, "blob")
    _check_inputs(inputs)
    with translated("write the run"):
        runs = runs_folder(root)
        _make_private(root, runs)
        sweep_folder(runs)
        half = runs / half_name()
        half.mkdir(mode=0o700)
        try:
            manifest = Manifest(
                run=run_id,
                sequence=next_sequence(root),
                inputs=dict(sorted(inputs.items())),
                tables=_write_tables(half, chosen),
                blobs={name: _write_blob(half, name, blobs[name]) for name in sorted(blobs)},
            )
            return _publish(half, manifest)
        finally:
            shutil.rmtree(half, ignore_errors=True)


def export(run: Path, folder: Path) -> Mapping[str, Stored]:
    """Copy the tables of a run into ``folder``, byte for byte; return what was copied.

    Each file appears whole or not at all and replaces a file of the same name.  Raises
    ``LedgerError`` (``ledger-manifest``) when the run is damaged.
    """
    manifest = read_manifest(run)
    with translated("export the tables"):
        folder.mkdir(parents=True, exist_ok=True)
        sweep_folder(folder)
        for name, stored in manifest.tables.items():
            part = folder / half_name()
            try:
                shutil.copyfile(run / table_file(name), part)
                if measure_file(part, rows=stored.rows) != stored:
                    raise broken(run, f"{table_file(name)} does not fit its digest")
                part.replace(folder / table_file(name))
            finally:
                part.unlink(missing_ok=True)
    return manifest.tables


def _check_inputs(inputs: Mapping[str, str]) -> None:
    for key, value in inputs.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise LedgerError(f"input {key!r} is not text", slug="ledger-inputs")


def _make_private(root: Path, runs: Path) -> None:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    runs.mkdir(exist_ok=True, mode=0o700)
    for folder in (root, runs):
        folder.chmod(0o700)


def _write_tables(half: Path, chosen: list[tuple[Table, Columns]]) -> dict[str, Stored]:
    stored = {}
    with connect(threads=1, folders=[half]) as con:
        for table, columns in chosen:
            stored[table.name] = _write_table(con, half, table, columns)
    return stored


def _write_table(
    con: duckdb.DuckDBPyConnection, half: Path, table: Table, columns: Columns
) -> Stored:
    arranged = arrange(table, columns)
    rows = len(next(iter(arranged.values())))
    path = half / table_file(table.name)
    con.register("given", arranged)
    try:
        con.execute(_copy_sql(table, path))
    finally:
        con.unregister("given")
    return _seal(path, rows)


def _copy_sql(table: Table, path: Path) -> str:
    columns = ", ".join(
        f"CASE WHEN \"{column.name}\" = '' THEN [] ELSE string_split(\"{column.name}\", ' ') END"
        f'::VARCHAR[] AS "{column.name}"'
        if column.sql_type == "VARCHAR[]"
        else f'"{column.name}"::{column.sql_type} AS "{column.name}"'
        for column in table.columns
    )
    return (
        f"COPY (SELECT {columns} FROM given) TO {quoted(path.as_posix())} "  # noqa: S608 - schema words
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_PER_GROUP}, "
        "USE_TMP_FILE false, KV_METADATA {"
        f"provenance_table: {quoted(table.name)}, provenance_schema: '{SCHEMA_VERSION}'}})"
    )


def _write_blob(half: Path, name: str, data: bytes) -> Stored:
    path = half / blob_file(name)
    path.write_bytes(data)
    return _seal(path, None)


def _seal(path: Path, rows: int | None) -> Stored:
    """Make a finished file private and durable; return what the manifest says of it."""
    path.chmod(0o600)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return measure_file(path, rows=rows)


def _publish(half: Path, manifest: Manifest) -> Path:
    (half / MANIFEST).write_bytes(manifest.encode())
    _seal(half / MANIFEST, None)
    _fsync_folder(half)
    run = half.with_name(manifest.run)
    if run.exists() and _is_there(run, manifest):
        return run
    try:
        half.rename(run)
    except OSError:
        if not run.exists():
            raise
        return _publish(half, manifest)
    _fsync_folder(run.parent)
    return run


def _is_there(run: Path, manifest: Manifest) -> bool:
    """Whether ``run`` already holds this content; a damaged run is taken away."""
    try:
        present = read_manifest(run)
        check_files(run, present)
    except LedgerError as error:
        _LOG.debug("replacing %s: %s", run.name, error.message)
        discard(run)
        return False
    if present.same_content(manifest):
        return True
    raise LedgerError(
        f"run {run.name} exists with other content",
        slug="ledger-run-exists",
        hint="a run is never rewritten: give the run id every input that can change a row",
    )


def _fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable (only POSIX systems can)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
