"""Rows of text as aligned columns, or as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Row = tuple[str, ...]
"""Cells of one row; the first one is its name."""


def columns(heads: Row, rows: Iterable[Row]) -> list[str]:
    """Return aligned columns, the first to the left; nothing when there is no row."""
    table = [heads, *rows]
    if len(table) == 1:
        return []
    widths = [max(len(row[place]) for row in table) for place in range(len(heads))]
    return [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        ).rstrip()
        for row in table
    ]


def ruled(heads: Sequence[str], rows: Iterable[Sequence[str]], *, text: int = 1) -> list[str]:
    """Return a Markdown table; the first ``text`` columns are words, the rest numbers."""
    rule = ["---"] * text + ["---:"] * (len(heads) - text)
    return [piped(heads), piped(rule), *(piped(row) for row in rows)]


def piped(cells: Iterable[str]) -> str:
    """Return one row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def worded(rows: Sequence[Row]) -> list[str]:
    """Return rows of words without a head, every column to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
