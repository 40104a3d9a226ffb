from __future__ import annotations

from pathlib import Path

from provenance.ledger.document import document
from provenance.ledger.schema import CHANGES, SCHEMA_VERSION, TABLES, VIEWS

_PAGE = Path(__file__).parents[3] / "docs" / "ledger.md"


def test_the_page_is_fresh() -> None:
    """docs/ledger.md is what the schema says today."""
    assert _PAGE.read_text(encoding="utf-8") == document(), (
        "write provenance.ledger.document.document() to docs/ledger.md"
    )


def test_every_table_column_and_view_is_described() -> None:
    text = document()

    for table in TABLES.values():
        assert f"### {table.name}\n" in text
        assert all(f"-- {column.meaning}\n" in text for column in table.columns)
    assert all(f"### {view.name}\n" in text for view in VIEWS)


def test_the_newest_change_is_the_schema_version() -> None:
    """A version without a line that says what changed cannot exist."""
    versions = [version for version, _ in CHANGES]

    assert versions == list(range(1, SCHEMA_VERSION + 1))


def test_the_described_tables_are_legal_sql() -> None:
    """What the page shows can be pasted into DuckDB and the views work on it."""
    import duckdb

    with duckdb.connect() as con:
        for table in TABLES.values():
            con.execute(table.sql)
        for view in VIEWS:
            con.execute(f"CREATE VIEW {view.name} AS {view.sql}")
            rows = con.execute(f"SELECT * FROM {view.name}").fetchall()

            assert rows == []
