"""The tables of a run, and the views over them.

Everything that is stored is described here and nowhere else; ``docs/ledger.md`` is
generated from it.  A change of any column raises ``SCHEMA_VERSION`` and adds a line
to ``CHANGES``.  A run of another version is never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from provenance.errors import LedgerError
from provenance.terms.authors import AuthorType, Tier
from provenance.terms.stages import Facet, Stage
from provenance.terms.unmeasured import Reason

SCHEMA_VERSION = 3
"""Version of the tables written by this code."""

CHANGES: tuple[tuple[int, str], ...] = (
    (1, "First tables."),
    (2, "Line-level records: table voices, ownership.voice; hunks are cut where authors change."),
    (3, "New table runs: attribution runs at the measured head."),
)
"""What each version changed, oldest first."""

SqlType = Literal["VARCHAR", "VARCHAR[]", "BIGINT", "INTEGER", "BOOLEAN"]
"""Types in use; ``VARCHAR[]`` holds words without spaces (commit ids)."""

_AUTHOR_TYPES = frozenset(map(str, AuthorType))
_TIERS = frozenset(map(str, Tier))
_STAGES = frozenset(map(str, Stage))
_FACETS = frozenset(map(str, Facet))
_REASONS = frozenset(map(str, Reason))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    """Name in SQL and in Parquet."""
    sql_type: SqlType
    """DuckDB type."""
    meaning: str
    """What a value says, with its unit."""
    nullable: bool = False
    """Whether NULL is a legal value (text columns only)."""
    words: frozenset[str] = frozenset()
    """The legal values; empty when any text will do."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a run, stored as ``<name>.parquet``."""

    name: str
    """Name in SQL; the file is called after it."""
    meaning: str
    """What one row says."""
    columns: tuple[Column, ...]
    """Columns in stored order."""
    order_by: tuple[str, ...]
    """Stored order of the rows; the other columns break ties, so the order is total."""

    @property
    def sql(self) -> str:
        """The table as a commented SQL statement (for reading; runs are Parquet files)."""
        last = len(self.columns) - 1
        lines = [f"-- {self.meaning}", f"CREATE TABLE {self.name} ("]
        for place, column in enumerate(self.columns):
            rest = "" if column.nullable else " NOT NULL"
            comma = "" if place == last else ","
            lines.append(f"    {_quoted(column.name)} {column.sql_type}{rest}{comma}")
            lines[-1] += f" -- {column.meaning}"
        return "\n".join([*lines, f");  -- sorted by {', '.join(self.order_by)}"])


@dataclass(frozen=True, slots=True)
class View:
    """One question asked so often that it has a name."""

    name: str
    """Name in SQL."""
    meaning: str
    """What one row says."""
    needs: tuple[str, ...]
    """Tables it is made from."""
    sql: str
    """Its SELECT."""


def _quoted(name: str) -> str:
    return f'"{name}"' if name in {"commit", "at"} else name


_DECIDED = (
    Column("tier", "VARCHAR", "tier of the deciding evidence", nullable=True, words=_TIERS),
    Column("rule", "VARCHAR", "deciding rule; NULL when nothing decided", nullable=True),
    Column("agent", "VARCHAR", "harness named by the evidence", nullable=True),
    Column("vendor", "VARCHAR", "vendor of the model", nullable=True),
    Column("family", "VARCHAR", "model family", nullable=True),
    Column("model", "VARCHAR", "model version", nullable=True),
)
"""What decided about an author type, and who is named by it."""

COMMITS = Table(
    "commits",
    "One commit reachable from the measured head, and what the evidence says about it.",
    (
        Column("commit", "VARCHAR", "full object id"),
        Column("parents", "VARCHAR[]", "full ids of the parents, in git's order"),
        Column("committed_at", "BIGINT", "commit date, seconds since 1970-01-01 UTC"),
        Column("authored_at", "BIGINT", "author date, seconds since 1970-01-01 UTC"),
        Column("author_type", "VARCHAR", "who wrote it", words=_AUTHOR_TYPES),
        *_DECIDED,
        Column("conflict", "BOOLEAN", "whether signs disagree"),
        Column("is_merge", "BOOLEAN", "whether it has more than one parent"),
        Column("on_first_parent", "BOOLEAN", "whether it is on the head's first-parent chain"),
    ),
    ("committed_at", "commit"),
)

HUNKS = Table(
    "hunks",
    "One hunk of one commit's diff, cut where its lines have several authors; "
    "ranges as git prints them (one-based).",
    (
        Column("commit", "VARCHAR", "full id of the commit that made the change"),
        Column("path", "VARCHAR", "path after the change (before it, for a deletion)"),
        Column("old_start", "INTEGER", "first line replaced, before the change"),
        Column("old_lines", "INTEGER", "lines replaced"),
        Column("new_start", "INTEGER", "first line added, after the change"),
        Column("new_lines", "INTEGER", "lines added"),
        Column("author_type", "VARCHAR", "who wrote the added lines", words=_AUTHOR_TYPES),
        Column("stage", "VARCHAR", "stage of the path", nullable=True, words=_STAGES),
        Column("facet", "VARCHAR", "facet of the path", nullable=True, words=_FACETS),
    ),
    ("commit", "path", "old_start", "new_start"),
)

FILES = Table(
    "files",
    "One path that is alive at a snapshot, with its place in the pipeline.",
    (
        Column("path", "VARCHAR", "path"),
        Column("stage", "VARCHAR", "most likely stage", words=_STAGES),
        Column("sub", "VARCHAR", "compute, storage or repo, for infra", nullable=True),
        Column("facet", "VARCHAR", "kind of file", words=_FACETS),
        Column("facet_rule", "VARCHAR", "rule that decided the facet", nullable=True),
        Column("confidence", "INTEGER", "confidence of the stage, in thousandths"),
        Column("second", "VARCHAR", "second most likely stage", nullable=True, words=_STAGES),
        Column("lines", "INTEGER", "lines as git counts, at the head (0 when gone)"),
        Column("code_lines", "INTEGER", "neither blank nor comment, at the head"),
        Column("characters", "BIGINT", "characters at the head"),
        Column("blob", "VARCHAR", "object id at the head; NULL when gone", nullable=True),
    ),
    ("path",),
)

SNAPSHOTS = Table(
    "snapshots",
    "One name of one measured point; a point may have several names (month end and release).",
    (
        Column("snapshot", "INTEGER", "number of the point, ascending in time"),
        Column("kind", "VARCHAR", "month, week, release or head"),
        Column("at", "VARCHAR", "label: 2026-03, a tag, HEAD"),
        Column("commit", "VARCHAR", "full id of the measured commit"),
        Column("committed_at", "BIGINT", "its commit date, seconds since 1970-01-01 UTC"),
    ),
    ("snapshot", "kind", "at"),
)

OWNERSHIP = Table(
    "ownership",
    "Live lines of one commit in one path, unchanged from one snapshot to another.",
    (
        Column("path", "VARCHAR", "path"),
        Column("commit", "VARCHAR", "full id of the commit that git would blame"),
        Column("lines", "INTEGER", "live lines as git counts"),
        Column("code_lines", "INTEGER", "of which neither blank nor comment"),
        Column("characters", "BIGINT", "characters in these lines"),
        Column("first_snapshot", "INTEGER", "first snapshot for which this row holds"),
        Column("last_snapshot", "INTEGER", "last snapshot for which it holds, inclusive"),
        Column("voice", "INTEGER", "voice of the record that decides; 0: the commit's own"),
    ),
    ("path", "commit", "voice", "first_snapshot"),
)

VOICES = Table(
    "voices",
    "One attribution that line-level records give to single lines, whatever their commit says.",
    (
        Column("voice", "INTEGER", "number, from 1"),
        Column("author_type", "VARCHAR", "who wrote the lines", words=_AUTHOR_TYPES),
        *_DECIDED,
        Column("conflict", "BOOLEAN", "whether records, or record and commit, disagree"),
    ),
    ("voice",),
)

RUNS = Table(
    "runs",
    "One attribution run: consecutive lines of a file at the head, of one commit and one decision.",
    (
        Column("stage", "VARCHAR", "stage of the file", words=_STAGES),
        Column("facet", "VARCHAR", "facet of the file", words=_FACETS),
        Column("path", "VARCHAR", "path"),
        Column("start", "INTEGER", "first line, one-based"),
        Column("lines", "INTEGER", "how many lines"),
        Column("counted", "INTEGER", "of which count as lines (notebooks: cell source)"),
        Column("code_lines", "INTEGER", "of which neither blank nor comment"),
        Column("characters", "BIGINT", "characters in the code lines"),
        Column("commit", "VARCHAR", "full id of the commit that git would blame, or unknown"),
        Column("author_type", "VARCHAR", "who wrote them", words=_AUTHOR_TYPES),
        *_DECIDED,
    ),
    ("stage", "facet", "path", "start"),
)

UNMEASURED = Table(
    "unmeasured",
    "One path that could not be measured at one snapshot.",
    (
        Column("snapshot", "INTEGER", "number of the point"),
        Column("path", "VARCHAR", "path"),
        Column("reason", "VARCHAR", "why", words=_REASONS),
        Column("lines", "INTEGER", "lines behind it where git knows; 0 if unknowable"),
    ),
    ("snapshot", "path", "reason"),
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (COMMITS, FILES, HUNKS, OWNERSHIP, RUNS, SNAPSHOTS, UNMEASURED, VOICES)
    }
)
"""Every table by name, sorted."""

OWNERSHIP_AT = View(
    "ownership_at",
    "Live lines of one commit in one path at one snapshot (ownership, spelt out).",
    ("ownership", "snapshots"),
    """\
SELECT s.snapshot, o.path, o."commit", o.lines, o.code_lines, o.characters, o.voice
FROM ownership AS o
JOIN (SELECT DISTINCT snapshot FROM snapshots) AS s
  ON s.snapshot BETWEEN o.first_snapshot AND o.last_snapshot""",
)

OWNED_BY = View(
    "owned_by",
    "Ownership with the author that counts: line-level records before the commit's; "
    "a commit nobody described is unattested.",
    ("ownership", "commits", "voices"),
    """\
SELECT o.path, o."commit", o.lines, o.code_lines, o.characters,
       o.first_snapshot, o.last_snapshot,
       CASE WHEN v.voice IS NULL THEN c.family ELSE v.family END AS family,
       coalesce(v.author_type, c.author_type, 'unattested') AS author_type
FROM ownership AS o
LEFT JOIN commits AS c ON c."commit" = o."commit"
LEFT JOIN voices AS v ON v.voice = o.voice""",
)

VIEWS: tuple[View, ...] = (OWNED_BY, OWNERSHIP_AT)
"""Every view, sorted by name."""


def table_named(name: str) -> Table:
    """Return the table called ``name``; raises ``LedgerError`` (``ledger-table``)."""
    try:
        return TABLES[name]
    except KeyError:
        raise LedgerError(
            f"the ledger has no table {name!r}",
            slug="ledger-table",
            hint=f"tables are {', '.join(TABLES)}",
        ) from None
