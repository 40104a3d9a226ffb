"""Tables for spreadsheets and data frames: files, stock, flow, records, replacements.

Integers only; one header line; ``stage`` is ``all`` for the whole denominator.  Hostile
text is made visible, and a cell that a spreadsheet would compute gets an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from provenance.metrics.measurement import StageFigures
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Stage
from provenance_reports import words
from provenance_reports.document import Document

_COUNTS: Final = tuple(author_type.value for author_type in AuthorType)
_OWN: Final = ("own_floor", "own_declared", "own_ceiling")
_BAND: Final = ("low", "high", "expected")
_RECORDS: Final = (
    "rule",
    "total",
    "unusable",
    "reachable",
    "recovered",
    "commits",
    "named_lines",
    "added_lines",
    "estimated",
)
_COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LONGEST_CELL: Final = 32_000
_WHOLE: Final = "all"


def files(document: Document) -> str:
    """Return every file at the head, largest first."""
    header = ("path", "stage", "facet", "confidence_permille", "second", "lines", *_COUNTS)
    rows = (
        (
            file.path,
            file.stage,
            file.facet,
            file.confidence,
            file.second or "",
            file.lines,
            *_numbers(file.counts),
        )
        for file in document.measurement.files
    )
    return _table(header, rows)


def stock(document: Document) -> str:
    """Return live lines at every point, whole and per stage."""
    header = ("at", "kind", "commit", "date", "stage", *_COUNTS, *_OWN, *_BAND)
    rows = (
        (point.at, point.kind, point.commit, point.date, *row)
        for point in document.measurement.stock
        for row in _stages(point.counts, point.own, point.by_stage)
    )
    return _table(header, rows)


def flow(document: Document) -> str:
    """Return lines added per window and still alive at its end, whole and per stage."""
    header = (
        "kind",
        "from",
        "to",
        "to_commit",
        "commits",
        "added",
        "stage",
        *_COUNTS,
        *_OWN,
        *_BAND,
    )
    rows = (
        (
            window.kind,
            window.start,
            window.end,
            window.end_commit,
            window.commits,
            window.added.total,
            *row,
        )
        for window in document.measurement.flow
        for row in _stages(window.counts, window.own, window.by_stage)
    )
    return _table(header, rows)


def records(document: Document) -> str:
    """Return what the line-level records gave, one dialect a row."""
    header = (*_RECORDS, "estimate_low", "estimate_high", "estimate_lines")
    rows = (
        (*(getattr(figures, name) for name in _RECORDS), *figures.estimate)
        for figures in document.measurement.records
    )
    return _table(header, rows)


def replacements(document: Document) -> str:
    """Return who replaces whom: author type of the lines and of the commits that took them."""
    rows = ((item.old, item.new, item.lines) for item in document.measurement.replacements)
    return _table(("old", "new", "lines"), rows)


def _stages(
    counts: Counts, own: Own, by_stage: Mapping[Stage, StageFigures]
) -> Iterable[tuple[str | int, ...]]:
    yield (_WHOLE, *_numbers(counts), own.floor, own.declared, own.ceiling, "", "", "")
    for stage in Stage:
        figures = by_stage.get(stage)
        if figures is not None:
            own = figures.own
            yield (
                stage.value,
                *_numbers(figures.counts),
                own.floor,
                own.declared,
                own.ceiling,
                figures.low,
                figures.high,
                figures.expected,
            )


def _numbers(counts: Counts) -> tuple[int, ...]:
    return tuple(counts.of(author_type) for author_type in AuthorType)


def _table(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell if isinstance(cell, int) else _cell(cell) for cell in row])
    return out.getvalue()


def _cell(text: str) -> str:
    shown = words.visible(text, _LONGEST_CELL)
    return f"'{shown}" if shown.startswith(_COMPUTED) else shown


TABLES: Final[Mapping[str, Callable[[Document], str]]] = {
    "stock": stock,
    "flow": flow,
    "files": files,
    "records": records,
    "replacements": replacements,
}
"""Every table by its name."""
