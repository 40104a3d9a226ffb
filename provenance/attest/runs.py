"""Attribution runs: the rows of the evidence ledger, each with one form as bytes.

A row is a run of consecutive lines of one file at the measured commit that one commit
wrote and one rule decided.  Rows come in the order of stage, facet, path and start.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring_ascii as _quoted
from typing import Final, NamedTuple

from provenance.attest.sums import Header, Sums, row_sums
from provenance.errors import IntegrityError
from provenance.ledger.escape import escape

SALTED: Final = b"provenance-runs/1 salt\0"
"""What goes before the record when its salt is made."""


class Row(NamedTuple):
    """One attribution run."""

    stage: str
    """Stage of the file."""
    facet: str
    """Facet of the file."""
    path: str
    """Path (hostile text)."""
    start: int
    """First line, counted from 1 as git does."""
    lines: int
    """How many lines."""
    counted: int
    """Of which count as lines: in notebooks the source of cells, elsewhere all."""
    code_lines: int
    """Of which neither blank nor comment."""
    characters: int
    """Characters in the code lines."""
    commit: str
    """The commit git would blame, or ``unknown``."""
    author_type: str
    """Who wrote them."""
    tier: str | None
    """Tier of the deciding evidence."""
    rule: str | None
    """Deciding rule."""
    agent: str | None
    """Harness named by the evidence."""
    vendor: str | None
    """Vendor of the model."""
    family: str | None
    """Model family."""
    model: str | None
    """Model version."""


FIELDS: Final = Row._fields
"""Columns of a row, in order."""


def record(row: Row) -> bytes:
    """Return the row as one canonical JSON object, keys sorted."""
    return (
        f'{{"agent":{_word(row.agent)},"author_type":{_quoted(row.author_type)},'
        f'"characters":{row.characters},"code_lines":{row.code_lines},'
        f'"commit":{_quoted(row.commit)},"counted":{row.counted},"facet":{_quoted(row.facet)},'
        f'"family":{_word(row.family)},"lines":{row.lines},"model":{_word(row.model)},'
        f'"path":{_quoted(row.path)},"rule":{_word(row.rule)},"stage":{_quoted(row.stage)},'
        f'"start":{row.start},"tier":{_word(row.tier)},"vendor":{_word(row.vendor)}}}'
    ).encode("ascii")


def _word(word: str | None) -> str:
    return "null" if word is None else _quoted(word)


def salt(secret: bytes, text: bytes) -> bytes:
    """Return the salt of a record: it cannot be guessed without the secret."""
    return hmac.digest(secret, SALTED + text, "sha256")


def sums_of_row(row: Row, header: Header) -> Sums:
    """Return what a row adds to the totals."""
    amount = row.counted
    if header.unit != "line":
        amount = row.code_lines if header.unit == "code_line" else row.characters
    return row_sums(row.counted, amount, row.author_type, row.family, header.own_families)


def ordered(rows: Iterable[Row]) -> Iterator[Row]:
    """Pass rows on that are in order, each line of a file at most once.

    Raises:
        IntegrityError: they are not.

    """
    last: tuple[str, str, str] | None = None
    path, after = "", 1
    paths: set[str] = set()
    for row in rows:
        if last is None or row.path != path or row[:2] != last[:2]:
            place = (row.stage, row.facet, escape(row.path))
            if (last is not None and place < last) or row.path in paths:
                raise _disorder(row)
            last, path, after = place, row.path, 1
            paths.add(path)
        if row.start < after or row.lines < 1:
            raise _disorder(row)
        after = row.start + row.lines
        yield row


def _disorder(row: Row) -> IntegrityError:
    return IntegrityError(
        f"the rows of the evidence ledger overlap or are out of order at {row.path!r}:{row.start}",
        slug="runs-order",
        hint="give evidence/runs.parquet as provenance measure wrote it",
    )
