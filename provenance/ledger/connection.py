"""DuckDB shut in: one folder, no network, no extensions, no spill files, bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from provenance.errors import LedgerError

_MEMORY = "2GB"


def exactly(file: Path) -> str:
    """Return the pattern that names ``file`` alone: DuckDB reads every name as a wildcard."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in file.as_posix())


def quoted(text: str) -> str:
    """Return ``text`` as an SQL string; raises ``UnicodeError`` when it is not valid UTF-8."""
    text.encode("utf-8")  # DuckDB would fail on it with an unspecific RuntimeError
    return "'" + text.replace("'", "''") + "'"


def connect(
    *, threads: int, folders: Sequence[Path] = (), files: Sequence[Path] = ()
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database that can touch these ``folders`` and ``files``, nothing else.

    It never writes a temporary file (the default place would be the current folder, which
    may be the measured repository).  Raises ``LedgerError`` (``ledger-database``).
    """
    with translated("open the database"):
        con = duckdb.connect(
            config={
                "threads": threads,
                "memory_limit": _MEMORY,
                "temp_directory": "",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "allow_unsigned_extensions": False,
                "python_enable_replacements": False,
                "pandas_analyze_sample": 0,
            }
        )
        con.execute(f"SET allowed_directories = {_list(folder.as_posix() for folder in folders)}")
        names = {name for file in files for name in (file.as_posix(), exactly(file))}
        con.execute(f"SET allowed_paths = {_list(sorted(names))}")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
    return con


def select(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Run one SELECT; anything that could write or configure is refused (``ledger-select``)."""
    statements = con.extract_statements(sql)
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise LedgerError("a stored run answers one SELECT at a time", slug="ledger-select")
    return con.execute(statements[0], dict(parameters)).fetchall()


def _list(names: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, names))}]"


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn failures of DuckDB and of the file system into ``LedgerError``."""
    try:
        yield
    except (duckdb.Error, UnicodeError) as error:
        raise LedgerError(
            f"cannot {what}: {error}",
            slug="ledger-database",
            hint="if it persists, delete the cache folder and measure again",
        ) from error
    except OSError as error:
        raise LedgerError(
            f"cannot {what}: {error.strerror or error}",
            slug="ledger-io",
            hint="check free space and permissions, or choose another PROVENANCE_CACHE",
        ) from error
