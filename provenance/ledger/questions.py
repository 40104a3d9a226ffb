"""Typed questions to a stored run.

The figures here are summed by the database from stored facts: a second road to the
numbers that the streaming arithmetic gave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from provenance.ledger.escape import escape, unescape
from provenance.ledger.read import Run
from provenance.terms.authors import AuthorType
from provenance.terms.commits import CommitId
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, Stage
from provenance.terms.unmeasured import Reason, Unmeasured

Unit = Literal["line", "code_line", "character"]
"""What is counted."""

_COLUMN: Mapping[Unit, str] = {
    "line": "lines",
    "code_line": "code_lines",
    "character": "characters",
}

_EXAMPLES = 5
"""Paths shown for one reason."""

# Intervals are summed first (a few hundred groups), then spread over snapshots.
_STOCK = """
WITH spans AS (
    SELECT f.stage, o.author_type, o.family, o.first_snapshot, o.last_snapshot,
           sum(o.{unit}) AS amount
    FROM owned_by AS o LEFT JOIN files AS f ON f.path = o.path
    WHERE $facets IS NULL OR list_contains($facets::VARCHAR[], f.facet)
    GROUP BY ALL
), points AS (SELECT DISTINCT snapshot FROM snapshots)
SELECT p.snapshot, {part} AS part, s.author_type, coalesce(sum(s.amount), 0)::BIGINT
FROM points AS p LEFT JOIN spans AS s
  ON p.snapshot BETWEEN s.first_snapshot AND s.last_snapshot
GROUP BY ALL ORDER BY ALL
"""

_HUNKS = """
SELECT path, old_start, old_lines, new_start, new_lines, author_type, stage, facet
FROM hunks WHERE "commit" = $commit ORDER BY path, old_start, new_start
"""

_OWNERS = """
SELECT "commit", sum(lines)::BIGINT FROM ownership_at
WHERE path = $path AND snapshot = $snapshot GROUP BY ALL ORDER BY ALL
"""

_ADDED = """
SELECT author_type, sum(new_lines)::BIGINT FROM hunks
WHERE $facets IS NULL OR list_contains($facets::VARCHAR[], facet)
GROUP BY ALL ORDER BY ALL
"""

_UNMEASURED = """
SELECT reason, count(*), sum(lines)::BIGINT, list(path ORDER BY path)[1:$examples] FROM unmeasured
WHERE snapshot = $snapshot GROUP BY reason ORDER BY reason
"""

_COMMITS = "SELECT author_type, count(*) FROM commits GROUP BY ALL ORDER BY ALL"

_FLAWS: tuple[tuple[str, frozenset[str], str], ...] = (
    (
        "commit stored twice",
        frozenset({"commits"}),
        'SELECT count(*) - count(DISTINCT "commit") FROM commits',
    ),
    (
        "path stored twice",
        frozenset({"files"}),
        "SELECT count(*) - count(DISTINCT path) FROM files",
    ),
    (
        "hunk of an unknown commit",
        frozenset({"commits", "hunks"}),
        'SELECT count(*) FROM hunks ANTI JOIN commits USING ("commit")',
    ),
    (
        "lines owned by an unknown commit",
        frozenset({"commits", "ownership"}),
        'SELECT count(*) FROM ownership ANTI JOIN commits USING ("commit")',
    ),
    (
        "lines owned by an unknown voice",
        frozenset({"ownership", "voices"}),
        "SELECT count(*) FROM ownership ANTI JOIN voices USING (voice) WHERE voice <> 0",
    ),
    (
        "owned lines in an unknown path",
        frozenset({"files", "ownership"}),
        "SELECT count(*) FROM ownership ANTI JOIN files USING (path)",
    ),
    (
        "ownership outside the snapshots",
        frozenset({"ownership", "snapshots"}),
        """
        SELECT count(*) FROM ownership
        WHERE first_snapshot NOT IN (SELECT snapshot FROM snapshots)
           OR last_snapshot NOT IN (SELECT snapshot FROM snapshots)
        """,
    ),
    (
        "ownership that ends before it begins",
        frozenset({"ownership"}),
        "SELECT count(*) FROM ownership WHERE last_snapshot < first_snapshot",
    ),
    (
        "ownership that overlaps itself",
        frozenset({"ownership"}),
        """
        SELECT count(*) FROM (
            SELECT last_snapshot >= lead(first_snapshot) OVER (
                PARTITION BY path, "commit", voice ORDER BY first_snapshot
            ) AS clash FROM ownership
        ) WHERE clash
        """,
    ),
    (
        "runs that do not add up to what is owned at the head",
        frozenset({"ownership", "runs", "snapshots"}),
        """
        SELECT count(*) FROM (
            SELECT path, "commit", sum(counted) AS a, sum(code_lines) AS b, sum(characters) AS c
            FROM runs GROUP BY ALL
        ) AS r FULL JOIN (
            SELECT path, "commit", sum(lines) AS a, sum(code_lines) AS b, sum(characters) AS c
            FROM ownership_at
            WHERE snapshot IN (SELECT snapshot FROM snapshots WHERE kind = 'head')
            GROUP BY ALL
        ) AS o USING (path, "commit")
        WHERE (r.a, r.b, r.c) IS DISTINCT FROM (o.a, o.b, o.c)
        """,
    ),
    (
        "runs of a file that overlap",
        frozenset({"runs"}),
        """
        SELECT count(*) FROM (
            SELECT start + lines > lead(start) OVER (PARTITION BY path ORDER BY start) AS clash
            FROM runs
        ) WHERE clash
        """,
    ),
    (
        "negative amount of lines",
        frozenset({"ownership"}),
        "SELECT count(*) FROM ownership WHERE least(lines, code_lines, characters) < 0",
    ),
    (
        "more code lines than lines",
        frozenset({"ownership"}),
        "SELECT count(*) FROM ownership WHERE code_lines > lines",
    ),
)


@dataclass(frozen=True, slots=True)
class StoredHunk:
    """One hunk as stored; ranges as git prints them (one-based)."""

    path: str
    """Path (hostile text)."""
    old_start: int
    """First line replaced."""
    old_lines: int
    """Lines replaced."""
    new_start: int
    """First line added."""
    new_lines: int
    """Lines added."""
    author_type: AuthorType
    """Who wrote the added lines."""
    stage: Stage | None
    """Stage of the path; ``None`` when it was not classified."""
    facet: Facet | None
    """Facet of the path; ``None`` when it was not classified."""


def stock_by_author_type(
    run: Run, *, unit: Unit = "line", facets: Collection[Facet] | None = None
) -> dict[int, Counts]:
    """Live lines by author type at every snapshot; ``facets=None`` leaves nothing out.

    Needs the tables commits, files, ownership and snapshots.
    """
    rows = run.rows(_STOCK.format(unit=_COLUMN[unit], part="NULL"), {"facets": _words(facets)})
    return {snapshot: counts for (snapshot, _), counts in _gathered(rows).items()}


def stock_by_stage(
    run: Run, *, unit: Unit = "line", facets: Collection[Facet] | None = None
) -> dict[tuple[int, Stage], Counts]:
    """Live lines by author type for every snapshot and stage that has any.

    Lines in paths that ``files`` does not know are in no stage (see ``flaws``).
    """
    rows = run.rows(_STOCK.format(unit=_COLUMN[unit], part="s.stage"), {"facets": _words(facets)})
    return {
        (snapshot, Stage(stage)): counts
        for (snapshot, stage), counts in _gathered(rows).items()
        if stage is not None
    }


def own_stock(
    run: Run,
    *,
    families: Collection[str],
    unit: Unit = "line",
    facets: Collection[Facet] | None = None,
) -> dict[int, Own]:
    """Live lines of the lab's own model families at every snapshot, as floor to ceiling."""
    rows = run.rows(_STOCK.format(unit=_COLUMN[unit], part="s.family"), {"facets": _words(facets)})
    own = set(families)
    figures: dict[int, Own] = {}
    for (snapshot, family), counts in _gathered(rows).items():
        mine, doubtful = family in own, family is None
        one = Own(
            floor=counts.ai if mine else 0,
            declared=counts.declared if mine else 0,
            ceiling=counts.unattested + (counts.declared if mine or doubtful else 0),
        )
        figures[snapshot] = figures.get(snapshot, Own()) + one
    return figures


def added_by_author_type(run: Run, *, facets: Collection[Facet] | None = None) -> Counts:
    """Count the lines added by all stored hunks, alive or not."""
    return Counts(**dict(run.rows(_ADDED, {"facets": _words(facets)})))


def unmeasured_at(run: Run, *, snapshot: int) -> tuple[Unmeasured, ...]:
    """Return what could not be measured at a snapshot, one value per reason, sorted."""
    rows = run.rows(_UNMEASURED, {"snapshot": snapshot, "examples": _EXAMPLES})
    return tuple(
        Unmeasured(Reason(reason), files, lines, tuple(map(unescape, examples)))
        for reason, files, lines, examples in rows
    )


def hunks_of(run: Run, commit: CommitId) -> tuple[StoredHunk, ...]:
    """Every hunk of one commit, by path and place; empty for an unknown commit."""
    return tuple(
        StoredHunk(
            path=unescape(path),
            old_start=old_start,
            old_lines=old_lines,
            new_start=new_start,
            new_lines=new_lines,
            author_type=AuthorType(author_type),
            stage=None if stage is None else Stage(stage),
            facet=None if facet is None else Facet(facet),
        )
        for (
            path,
            old_start,
            old_lines,
            new_start,
            new_lines,
            author_type,
            stage,
            facet,
        ) in run.rows(_HUNKS, {"commit": commit})
    )


def owners_of(run: Run, path: str, *, snapshot: int) -> dict[CommitId, int]:
    """Live lines of one path by owning commit at one snapshot, sorted by commit."""
    rows = run.rows(_OWNERS, {"path": escape(path), "snapshot": snapshot})
    return {CommitId(commit): lines for commit, lines in rows}


def commits_by_author_type(run: Run) -> Counts:
    """Count the commits of the whole history by author type."""
    return Counts(**dict(run.rows(_COMMITS)))


def flaws(run: Run) -> dict[str, int]:
    """Return what contradicts itself in the stored facts, with its rows; empty when sound."""
    found = {name: run.rows(sql)[0][0] for name, needs, sql in _FLAWS if needs <= run.tables.keys()}
    return {name: count for name, count in found.items() if count}


def _words(facets: Collection[Facet] | None) -> list[str] | None:
    return None if facets is None else sorted(map(str, facets))


def _gathered(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[int, str | None], Counts]:
    amounts: dict[tuple[int, str | None], dict[str, int]] = {}
    for snapshot, part, author_type, amount in rows:
        group = amounts.setdefault((snapshot, part), {})
        if author_type is not None:
            group[author_type] = amount
    return {key: Counts(**group) for key, group in amounts.items()}
