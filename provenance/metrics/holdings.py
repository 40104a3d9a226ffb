"""Live lines by path, commit and voice, over runs of snapshots: what all figures come from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_BLOCK = 4_000_000
_CODE, _OUTSIDE, _UNREAD = 2, 3, 4
# an owner in one number: 19 bits of place in the block, 12 of voice, 32 of commit
_VOICE, _PLACE = 32, 44
_COMMIT, _LARGEST_VOICE = (1 << 32) - 1, (1 << 12) - 1
_HOLDINGS = 1 << 19


@dataclass(frozen=True, slots=True)
class Holding:
    """One version of a file, ready to be counted."""

    path: int
    """Path number."""
    line_ids: bytes
    """Line ids, four bytes each."""
    first: int
    """First snapshot."""
    last: int
    """Last snapshot, inclusive."""
    kinds: NDArray[np.uint8] | None
    """0 blank, 1 comment, 2 code, 3 outside, per line; ``None`` where it was not read."""
    chars: NDArray[np.uint32] | None
    """Characters per line; ``None`` where it was not read."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of equal length, one row per (version, commit, voice)."""

    path: Ints
    """Path number."""
    commit: Ints
    """Commit number; 4,294,967,295 where the origin cannot be known."""
    voice: Ints
    """Number of the record's attribution that holds for these lines; 0: the commit's own."""
    lines: Ints
    """Lines as git counts (notebooks: lines of cell source)."""
    code: Ints
    """Of which neither blank nor comment."""
    chars: Ints
    """Characters in the code lines."""
    first: Ints
    """First snapshot."""
    last: Ints
    """Last snapshot, inclusive."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.path.size)

    def take(self, chosen: NDArray[np.bool_] | Ints) -> Rows:
        """Return the chosen rows."""
        return Rows(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def of(self, unit: str) -> Ints:
        """Return the counts in a unit: ``line``, ``code_line`` or ``character``."""
        return {"line": self.lines, "code_line": self.code, "character": self.chars}[unit]


_NO_ROWS = Rows(*(np.zeros(0, dtype=np.int64) for _ in fields(Rows)))


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owns each line ever born."""

    commit: NDArray[np.uint32]
    """Commit number by line id."""
    voice: NDArray[np.uint16] | None = None
    """Voice by line id, each below 4,096; ``None`` where no record speaks."""


def canonical(rows: Rows) -> Rows:
    """Return the rows sorted, with neighbours in time that say the same joined into one."""
    order = np.lexsort((rows.first, rows.voice, rows.commit, rows.path))
    rows = rows.take(order)
    if not len(rows):
        return rows
    joins = (
        (rows.path[1:] == rows.path[:-1])
        & (rows.commit[1:] == rows.commit[:-1])
        & (rows.voice[1:] == rows.voice[:-1])
        & (rows.lines[1:] == rows.lines[:-1])
        & (rows.code[1:] == rows.code[:-1])
        & (rows.chars[1:] == rows.chars[:-1])
        & (rows.first[1:] == rows.last[:-1] + 1)
    )
    starts = np.flatnonzero(np.concatenate([[True], ~joins]))
    ends = np.append(starts[1:], len(rows)) - 1
    return dataclasses.replace(rows.take(starts), last=rows.last[ends])


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of all parts, one after the other."""
    return Rows(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Rows))
    )


def count(holdings: Iterable[Holding], owners: Owners) -> Rows:
    """Count the lines of each holding by owner, many holdings at a time."""
    # holdings come by path, so most neighbours meet in one block: joining there saves memory
    parts = [canonical(_count(block, owners)) for block in _blocks(holdings)]
    return joined(parts) if parts else _NO_ROWS


def _blocks(holdings: Iterable[Holding]) -> Iterator[list[Holding]]:
    block: list[Holding] = []
    size = 0
    for holding in holdings:
        block.append(holding)
        size += len(holding.line_ids)
        if size > _BLOCK or len(block) >= _HOLDINGS:
            yield block
            block, size = [], 0
    if block:
        yield block


def _count(block: Sequence[Holding], owners: Owners) -> Rows:
    ids = np.frombuffer(b"".join(holding.line_ids for holding in block), dtype=np.uint32)
    sizes = np.array([len(holding.line_ids) // 4 for holding in block], dtype=np.int64)
    owner = owners.commit[ids].astype(np.int64)
    if owners.voice is not None:
        owner |= owners.voice[ids].astype(np.int64) << _VOICE
    place = np.repeat(np.arange(len(block), dtype=np.int64), sizes)
    counted, code, chars = weights(block, sizes)
    # neighbouring lines mostly share an owner: add runs first, then sort the few that remain
    new = np.empty(ids.size, dtype=bool)
    if ids.size:
        new[0] = True
        new[1:] = (owner[1:] != owner[:-1]) | (place[1:] != place[:-1])
    starts = np.flatnonzero(new)
    if not starts.size:
        return _NO_ROWS
    key = place[starts] << _PLACE | owner[starts]
    distinct, inverse = np.unique(key, return_inverse=True)

    def total(values: Ints) -> Ints:
        runs = np.add.reduceat(values, starts)
        return np.bincount(inverse, weights=runs, minlength=distinct.size).astype(np.int64)

    which = distinct >> _PLACE
    first = np.array([holding.first for holding in block], dtype=np.int64)
    last = np.array([holding.last for holding in block], dtype=np.int64)
    path = np.array([holding.path for holding in block], dtype=np.int64)
    return Rows(
        path=path[which],
        commit=distinct & _COMMIT,
        voice=distinct >> _VOICE & _LARGEST_VOICE,
        lines=total(counted),
        code=total(code),
        chars=total(chars),
        first=first[which],
        last=last[which],
    )


def weights(block: Sequence[Holding], sizes: Ints) -> tuple[Ints, Ints, Ints]:
    """Say per line whether it counts as a line, as a code line, and with how many characters."""
    kinds: list[NDArray[np.uint8]] = []
    chars: list[NDArray[np.uint32]] = []
    for holding, size in zip(block, sizes.tolist(), strict=True):
        if holding.kinds is None or holding.chars is None or holding.kinds.size != size:
            kinds.append(np.full(size, _UNREAD, dtype=np.uint8))
            chars.append(np.zeros(size, dtype=np.uint32))
        else:
            kinds.append(holding.kinds)
            chars.append(holding.chars)
    kind = np.concatenate(kinds) if kinds else np.zeros(0, dtype=np.uint8)
    char = np.concatenate(chars) if chars else np.zeros(0, dtype=np.uint32)
    code = kind == _CODE
    return (
        (kind != _OUTSIDE).astype(np.int64),
        code.astype(np.int64),
        np.where(code, char, 0).astype(np.int64),
    )
