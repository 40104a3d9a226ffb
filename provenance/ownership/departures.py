"""Departures of lines: which commit took away which line, and who had owned it.

A hunk of a commit with one parent takes away the lines it removes or replaces.  A merge
takes nothing away by itself: what one of its sides removed was removed there, as git blame
gives every line to the side that has it; lines that a merge leaves behind while it joins
its sides have no remover and are counted nowhere.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.ownership.births import UNKNOWN

_BLOCK: Final = 1 << 22
"""Bytes of line ids after which they are stored as runs."""
Ids = NDArray[np.uint32]


class Departures:
    """Line ids that hunks removed, in the order of the rows of the births."""

    def __init__(self) -> None:
        """Start with no line gone."""
        self._new = bytearray()
        self._runs: list[NDArray[np.uint32]] = []

    def add(self, line_ids: bytes) -> None:
        """Record the lines that the hunk just born has removed."""
        self._new += line_ids
        if len(self._new) > _BLOCK:
            self._close()

    def _close(self) -> None:
        """Store what came last as runs: neighbours mostly leave together."""
        if self._new:
            self._runs.append(_as_runs(np.frombuffer(bytes(self._new), dtype=np.uint32)))
            self._new.clear()

    @classmethod
    def restored(cls, runs: NDArray[np.uint32]) -> Departures:
        """Return departures that go on after the given runs."""
        departures = cls()
        departures._runs.append(runs)
        return departures

    def runs(self) -> NDArray[np.uint32]:
        """Return rows of first line id and count, in order."""
        self._close()
        empty = np.zeros((0, 2), dtype=np.uint32)
        return np.concatenate([empty, *self._runs])

    def line_ids(self) -> Ids:
        """Return every removed line id, one for each line that the births say was removed."""
        first, count = self.runs().T.astype(np.int64)
        ends = np.cumsum(count)
        total = int(ends[-1]) if ends.size else 0
        within = np.arange(total) - np.repeat(ends - count, count)
        ids: Ids = (np.repeat(first, count) + within).astype(np.uint32)
        return ids


def _as_runs(ids: Ids) -> NDArray[np.uint32]:
    wide = ids.astype(np.int64)
    starts = np.flatnonzero(np.concatenate([[True], np.diff(wide) != 1]))
    counts = np.diff(np.append(starts, ids.size))
    return np.stack([wide[starts], counts], axis=1).astype(np.uint32)


def departed(
    births: NDArray[np.uint32],
    removed: Ids,
    *,
    owner_of_line: NDArray[np.uint32],
    alive: bytes,
    order: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return rows of owner, commit, path and lines: whose lines a commit took away, and where.

    ``births`` and ``removed`` come from one replay.  ``owner_of_line`` gives whoever owns each
    line id, by any numbering.  Each line counts once: not at all while it is ``alive`` (line
    ids of the measured head: a merge kept it although one side had removed it), else for the
    first commit that removed it, in the ``order`` given by place of each commit number.
    """
    row = np.repeat(np.arange(len(births), dtype=np.uint32), births[:, 3])
    place = order[births[row, 0]]
    # the last of several values for one line id stays: so the first remover is written last
    late_to_early = np.argsort(-place, kind="stable")
    by_row = np.full(owner_of_line.size, UNKNOWN, dtype=np.uint32)
    by_row[removed[late_to_early]] = row[late_to_early]
    by_row[np.frombuffer(alive, dtype=np.uint32)] = UNKNOWN
    gone = np.flatnonzero(by_row != UNKNOWN)
    taken = births[by_row[gone]]
    owner = owner_of_line[gone].astype(np.int64)
    columns = np.stack([owner, taken[:, 0], taken[:, 1]], axis=1).astype(np.int64)
    return _added_up(columns)


def _added_up(columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each distinct row once, sorted, with how often it was there."""
    order = np.lexsort(columns.T[::-1])
    columns = columns[order]
    new = np.ones(len(columns), dtype=bool)
    new[1:] = (columns[1:] != columns[:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(columns)))
    return np.concatenate([columns[starts], counts[:, None]], axis=1)
