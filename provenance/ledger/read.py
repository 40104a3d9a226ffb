"""A stored run, checked against its manifest and open for questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from provenance.errors import LedgerError
from provenance.ledger.connection import connect, exactly, quoted, select, translated
from provenance.ledger.manifest import (
    Manifest,
    blob_file,
    broken,
    check_files,
    read_manifest,
    table_file,
)
from provenance.ledger.schema import VIEWS
from provenance.ledger.upkeep import finished

_THREADS = 2


class Run:
    """One stored run; use it in a ``with`` statement or call ``close``."""

    __slots__ = ("_con", "folder", "manifest")

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Wrap a run folder that fits ``manifest``; the database is opened when needed."""
        self.folder = folder
        self.manifest = manifest
        self._con: duckdb.DuckDBPyConnection | None = None

    @property
    def inputs(self) -> Mapping[str, str]:
        """What the run was made from."""
        return self.manifest.inputs

    @property
    def tables(self) -> Mapping[str, int]:
        """Rows by table."""
        return {name: stored.rows or 0 for name, stored in self.manifest.tables.items()}

    def blob(self, name: str) -> bytes:
        """Return the bytes stored as ``name``; raises ``LedgerError`` (``ledger-blob``)."""
        if name not in self.manifest.blobs:
            raise LedgerError(f"run {self.folder.name} has no blob {name!r}", slug="ledger-blob")
        try:
            return (self.folder / blob_file(name)).read_bytes()
        except OSError as error:
            raise broken(self.folder, f"{blob_file(name)} cannot be read") from error

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one SELECT over tables and views; text comes back escaped (``escape.py``).

        Raises ``LedgerError``: ``ledger-select`` for any other statement,
        ``ledger-database`` when it fails.
        """
        with translated("read the run"):
            if self._con is None:
                self._con = _open_views(self.folder, self.manifest)
            return select(self._con, sql, parameters or {})

    def close(self) -> None:
        """Let the database go."""
        if self._con is not None:
            self._con.close()
            self._con = None

    def __enter__(self) -> Self:
        """Return the run itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def open_run(folder: Path) -> Run:
    """Open a run folder after checking every byte of it against its manifest.

    Raises ``LedgerError``: ``ledger-manifest`` (damaged) or ``ledger-schema`` (other version).
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    return Run(folder, manifest)


def latest(root: Path) -> Run | None:
    """Open the newest run stored under ``root``; ``None`` when there is none to use.

    Runs of another schema version do not count.  Raises ``LedgerError``
    (``ledger-manifest``) when a run is damaged: it is never skipped in silence.
    """
    return _open_first(root, lambda _: True)


def find(root: Path, run_id: str) -> Run | None:
    """Open the run called ``run_id``; ``None`` when it is not stored in this version."""
    return _open_first(root, lambda name: name == run_id)


def _open_first(root: Path, wanted: Callable[[str], bool]) -> Run | None:
    """Open the newest wanted run; look again when a pruning process took it meanwhile."""
    while True:
        folder = next((path for path in finished(root) if wanted(path.name)), None)
        if folder is None:
            return None
        try:
            return open_run(folder)
        except LedgerError:
            if folder.exists():
                raise


def _open_views(folder: Path, manifest: Manifest) -> duckdb.DuckDBPyConnection:
    paths = {name: folder / table_file(name) for name in manifest.tables}
    con = connect(threads=_THREADS, files=list(paths.values()))
    for name, path in paths.items():
        source = quoted(exactly(path))
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({source})")  # noqa: S608
    for view in VIEWS:
        if set(view.needs) <= set(manifest.tables):
            con.execute(f"CREATE VIEW {view.name} AS {view.sql}")
    return con
