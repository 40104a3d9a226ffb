"""``docs/ledger.md``, written from the schema so that it cannot go stale."""

from __future__ import annotations

from provenance.ledger.schema import CHANGES, SCHEMA_VERSION, TABLES, VIEWS

_HEAD = r"""# The ledger

Generated from `provenance/ledger/schema.py`; do not edit.

Every measurement keeps its facts as one run folder, `<cache>/<repository>/runs/<run>/`:
one Parquet file per table, opaque `.blob` files that let a later run continue, and
`manifest.json` with size, rows and SHA-256 of each file, what the run was made from, and
a digest of itself. A run appears whole or not at all, is never changed, and is refused
when a single byte does not fit. The same rows give the same bytes. The tables are also
copied to `provenance-report/evidence/`, where any Parquet reader can open them.

The cache is the user's cache folder or the one named by `PROVENANCE_CACHE`; it is private
(0700), never inside the measured repository, and may be deleted at any time.

Text is valid UTF-8. A path with stray bytes is written with `\xNN` for each of them, and
a backslash as `\\`; everything else stands for itself.

Every column is NOT NULL unless it says otherwise. Ids are full object ids.
"""


def document() -> str:
    """Return the whole page as Markdown."""
    parts = [_HEAD, f"## Version {SCHEMA_VERSION}\n"]
    parts += [f"- Version {version}: {text}\n" for version, text in CHANGES]
    parts.append("\n## Tables\n")
    for table in TABLES.values():
        parts.append(f"\n### {table.name}\n\n{table.meaning}\n\n```sql\n{table.sql}\n```\n")
    parts.append("\n## Views\n")
    parts += [f"\n### {view.name}\n\n{view.meaning}\n\n```sql\n{view.sql}\n```\n" for view in VIEWS]
    return "".join(parts)
