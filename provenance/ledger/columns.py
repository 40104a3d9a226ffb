"""Columns of values checked, put into their stored order and made ready for DuckDB.

Text repeats heavily (three million rows name a few thousand paths), so it is worked on
as numbers: each distinct word is escaped and ranked once, rows are sorted by rank, and
the words come back as one gather per column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from provenance.errors import LedgerError
from provenance.ledger.escape import escape
from provenance.ledger.schema import Column, Table

Numbers: TypeAlias = NDArray[Any]
"""A numpy array of integers or truth values."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A text column as codes into a table of words (words may repeat or be unused)."""

    codes: Numbers
    """Place in ``words`` of each row's value; -1 means NULL."""
    words: Sequence[str]
    """The texts."""


Values: TypeAlias = "Coded | Numbers | Sequence[str | int | bool | None] | Sequence[Sequence[str]]"
"""What a caller may give for one column."""
Columns: TypeAlias = Mapping[str, Values]
"""One table's columns by name."""

_BITS = {"INTEGER": np.int32, "BIGINT": np.int64}
_ROOM = 2**62


@dataclass(frozen=True, slots=True)
class _Ranked:
    """One column as numbers that sort like its values."""

    ranks: Numbers
    """Sortable numbers, one per row."""
    words: NDArray[np.object_] | None
    """Words by rank with NULL at the end (found as -1); ``None`` for plain numbers."""


def arrange(table: Table, columns: Columns) -> dict[str, Numbers]:
    """Return the columns of ``table`` in stored order, rows sorted, text escaped.

    Raises ``LedgerError``: ``ledger-column`` (a name too many or too few), ``ledger-rows``
    (columns of different length), ``ledger-value`` (a value that the column cannot hold).
    """
    _check_names(table, columns)
    given = [column for column in table.columns if column.name in columns]
    ranked = {column.name: _rank(table, column, columns[column.name]) for column in given}
    lengths = {name: len(column.ranks) for name, column in ranked.items()}
    if len(set(lengths.values())) > 1:
        raise LedgerError(
            f"columns of {table.name} differ in length: {lengths}", slug="ledger-rows"
        )
    rest = [name for name in ranked if name not in table.order_by]
    order = _order(
        [ranked[name].ranks for name in table.order_by], ties=[ranked[name].ranks for name in rest]
    )
    return {column.name: _gather(ranked[column.name], order) for column in table.columns}


def _check_names(table: Table, columns: Columns) -> None:
    known = {column.name for column in table.columns}
    unknown, missing = sorted(set(columns) - known), sorted(known - set(columns))
    if unknown or missing:
        parts = [f"unknown column {name!r}" for name in unknown]
        parts += [f"missing column {name!r}" for name in missing]
        raise LedgerError(
            f"table {table.name}: {', '.join(parts)}",
            slug="ledger-column",
            hint=f"columns are {', '.join(column.name for column in table.columns)}",
        )


def _wrong(table: Table, column: Column, what: str) -> LedgerError:
    return LedgerError(f"{table.name}.{column.name} {what}", slug="ledger-value")


def _rank(table: Table, column: Column, values: Values) -> _Ranked:
    if column.sql_type in ("VARCHAR", "VARCHAR[]"):
        coded = values if isinstance(values, Coded) else _coded(table, column, values)
        if coded is values and column.sql_type == "VARCHAR[]":
            raise _wrong(table, column, "needs a list of words per row")
        return _rank_text(table, column, coded)
    if isinstance(values, Coded):
        raise _wrong(table, column, "is not text but was given as coded words")
    return _Ranked(_numbers(table, column, values), None)


def _numbers(table: Table, column: Column, values: Numbers | Sequence[Any]) -> Numbers:
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise _wrong(table, column, "needs one value per row") from error
    if array.ndim != 1:
        raise _wrong(table, column, "needs one value per row")
    wanted = _BITS.get(column.sql_type, np.bool_)
    if array.size == 0:
        return np.empty(0, dtype=wanted)
    if array.dtype.kind not in ("b" if wanted is np.bool_ else "iu"):
        raise _wrong(table, column, f"cannot hold values of type {array.dtype}")
    if wanted is not np.bool_:
        limits = np.iinfo(wanted)  # type: ignore[type-var]
        if int(array.min()) < limits.min or int(array.max()) > limits.max:
            raise _wrong(table, column, f"holds numbers outside {column.sql_type}")
    return array.astype(wanted, copy=False)


def _coded(table: Table, column: Column, values: Any) -> Coded:
    """Give each distinct text of a plain column its code."""
    if isinstance(values, str):
        raise _wrong(table, column, "needs one value per row")
    texts = list(values)
    if column.sql_type == "VARCHAR[]":
        texts = [_joined(table, column, words) for words in texts]
    try:
        words = list(dict.fromkeys(text for text in texts if text is not None))
    except TypeError as error:  # not even hashable
        raise _wrong(table, column, "cannot hold values that are not text") from error
    places: dict[str | None, int] = {word: place for place, word in enumerate(words)}
    places[None] = -1
    return Coded(np.fromiter((places[text] for text in texts), np.int64, len(texts)), words)


def _joined(table: Table, column: Column, words: Any) -> str:
    """Write a list as one text; ids have no spaces, so a space parts them."""
    if words is None or isinstance(words, str):
        raise _wrong(table, column, "needs a list of words per row")
    if any(not isinstance(word, str) or not word or " " in word for word in words):
        raise _wrong(table, column, "holds words that are empty or have spaces")
    return " ".join(words)


def _rank_text(table: Table, column: Column, coded: Coded) -> _Ranked:
    codes = np.asarray(coded.codes)
    if codes.size == 0:
        codes = codes.astype(np.int64)
    if codes.ndim != 1 or codes.dtype.kind not in "iu":
        raise _wrong(table, column, "needs one whole number per row as code")
    if codes.size and (codes.min() < -1 or int(codes.max()) >= len(coded.words)):
        raise _wrong(table, column, "has codes without a word")
    if not all(isinstance(word, str) for word in coded.words):
        raise _wrong(table, column, "cannot hold values that are not text")
    stored = [escape(str.__str__(word)) for word in coded.words]
    seen = np.bincount(codes.astype(np.int64, copy=False) + 1, minlength=len(stored) + 1)
    if seen[0] and not column.nullable:
        raise _wrong(table, column, "must not be NULL")
    distinct = sorted({stored[code] for code in np.flatnonzero(seen[1:]).tolist()})
    strange = sorted(set(distinct) - column.words) if column.words else []
    if strange:
        raise _wrong(table, column, f"cannot hold {strange[0]!r}")
    rank = {word: place for place, word in enumerate(distinct)}
    by_code = np.array([rank.get(word, -1) for word in stored] + [-1], dtype=np.int64)
    words = np.array([*distinct, None], dtype=object)
    return _Ranked(by_code[codes], words)


def _gather(column: _Ranked, order: NDArray[np.int64] | None) -> Numbers:
    ranks = column.ranks if order is None else column.ranks[order]
    return ranks if column.words is None else column.words[ranks]


def _order(keys: Sequence[Numbers], *, ties: Sequence[Numbers]) -> NDArray[np.int64] | None:
    """Return the permutation that sorts by ``keys``, then ``ties``; ``None`` if they are sorted.

    Most tables have no ties, and then one fast sort of one packed key will do.
    """
    packed = _pack(keys)
    if len(packed) == 1:
        key = packed[0]
        if _rises(key):
            return None
        order = np.argsort(key)
        if _rises(key[order]):
            return order
    return np.lexsort(_pack([*keys, *ties])[::-1])


def _rises(key: NDArray[np.int64]) -> bool:
    return bool(np.all(key[1:] > key[:-1]))


def _pack(keys: Sequence[Numbers]) -> list[NDArray[np.int64]]:
    """Join neighbouring keys into one number while it fits 62 bits: fewer passes to sort."""
    packed: list[NDArray[np.int64]] = []
    span = _ROOM
    for key in keys:
        if not key.size:
            return [np.empty(0, dtype=np.int64)]
        low = int(key.min())
        width = int(key.max()) - low + 1
        if width > _ROOM:
            packed.append(key.astype(np.int64))
            span = _ROOM
        elif not packed or span * width > _ROOM:
            packed.append(key.astype(np.int64) - low)
            span = width
        else:
            packed[-1] = packed[-1] * width + (key.astype(np.int64) - low)
            span *= width
    return packed
