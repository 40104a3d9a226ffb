"""A table that was copied out of its run, read again row by row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from provenance.errors import LedgerError
from provenance.ledger.connection import connect, exactly, quoted, translated
from provenance.ledger.escape import unescape
from provenance.ledger.schema import table_named

_AT_ONCE = 50_000


def exported_rows(file: Path, name: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an exported table in their stored order, text as it was.

    Raises ``LedgerError``: ``ledger-exported`` when the file is missing or has other
    columns, ``ledger-database`` when it is damaged.
    """
    table = table_named(name)
    file = file.absolute()
    if not file.is_file():
        raise LedgerError(
            f"there is no {file.name} at {file.parent}",
            slug="ledger-exported",
            hint="keep the folder evidence beside report.json, or measure again",
        )
    texts = [at for at, column in enumerate(table.columns) if column.sql_type == "VARCHAR"]
    plain = lru_cache(maxsize=1 << 16)(unescape)
    with connect(threads=1, files=[file]) as con, translated(f"read {file.name}"):
        source = f"read_parquet({quoted(exactly(file))})"
        described = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608
        if [(row[0], row[1]) for row in described] != [(c.name, c.sql_type) for c in table.columns]:
            raise LedgerError(
                f"{file.name} does not have the columns of the table {name}",
                slug="ledger-exported",
                hint="measure again with this version",
            )
        found = con.execute(f"SELECT * FROM {source}")  # noqa: S608 - a quoted file name
        while rows := found.fetchmany(_AT_ONCE):
            for row in rows:
                values = list(row)
                for at in texts:
                    if values[at] is not None:
                        values[at] = plain(values[at])
                yield tuple(values)
