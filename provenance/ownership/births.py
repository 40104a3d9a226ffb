"""Births of lines: the table that leads from a line id back to its origin."""

from __future__ import annotations

from array import array
from typing import Final

import numpy as np
from numpy.typing import NDArray

from provenance.errors import HistoryError

WIDTH: Final = 4
"""Bytes of a line id."""
UNKNOWN: Final = 0xFFFFFFFF
"""Commit number of lines whose origin cannot be known."""
NOBODY: Final = b"\xff" * WIDTH
"""Line id of a line that has no owner yet."""
_BLOCK: Final = 1 << 18
_COLUMNS: Final = 6


class Births:
    """Hunks in the order of the replay; each gives its added lines the next line ids."""

    def __init__(self) -> None:
        """Start with no hunk."""
        self._rows = array("I")
        self._next = 0
        self._block_start = 0
        self._block = b""

    def __len__(self) -> int:
        """Lines born so far."""
        return self._next

    def add(self, commit: int, path: int, old: int, removed: int, new: int, added: int) -> bytes:
        """Record a hunk and return the line ids of its added lines.

        Raises:
            HistoryError: the history adds more than four thousand million lines.

        """
        self._rows.extend((commit, path, old, removed, new, added))
        start = self._next
        self._next = end = start + added
        if end > UNKNOWN - 1:
            raise HistoryError(
                "this history adds more than 4,294,967,294 lines",
                slug="too-many-lines",
                hint="measure a part of it with --since",
            )
        offset = (start - self._block_start) * WIDTH
        stop = offset + added * WIDTH
        if stop > len(self._block):
            size = max(_BLOCK, added)
            self._block_start = start
            self._block = np.arange(start, start + size, dtype=np.uint64).astype("=u4").tobytes()
            offset, stop = 0, added * WIDTH
        return self._block[offset:stop]

    @classmethod
    def restored(cls, table: NDArray[np.uint32]) -> Births:
        """Return births that go on after the given hunks."""
        births = cls()
        births._rows.frombytes(np.ascontiguousarray(table, dtype=np.uint32).tobytes())
        births._next = births._block_start = int(table[:, 5].sum(dtype=np.int64))
        return births

    def table(self) -> NDArray[np.uint32]:
        """Return the hunks as rows of commit, path, old start, removed, new start, added."""
        return np.array(self._rows, dtype=np.uint32).reshape(-1, _COLUMNS)

    def commits(self) -> NDArray[np.uint32]:
        """Return the commit number of every line id."""
        table = self.table()
        return np.repeat(table[:, 0], table[:, 5])

    def index(self) -> BirthIndex:
        """Return the births so far, to be asked by line id and by commit."""
        return BirthIndex(self.table().astype(np.int64))


class BirthIndex:
    """Births found by line id and by commit; later births are not in it."""

    def __init__(self, rows: NDArray[np.int64]) -> None:
        """Index rows of commit, path, old start, removed, new start, added, by line id."""
        self.rows = rows
        """The births, in the order of line ids."""
        self.ends = np.cumsum(rows[:, 5])
        """Line id after the last one of each birth."""
        self._order = np.argsort(rows[:, 0], kind="stable")
        self._commits = rows[self._order, 0]

    def births_of(self, commit: int) -> NDArray[np.int64]:
        """Return the numbers of the births of a commit, ascending."""
        low, high = np.searchsorted(self._commits, [commit, commit + 1])
        return np.sort(self._order[low:high])

    def lines_of(self, commit: int) -> NDArray[np.uint32]:
        """Return the line ids born in a commit."""
        births = self.births_of(commit)
        ends, added = self.ends[births].tolist(), self.rows[births, 5].tolist()
        runs = [
            np.arange(end - count, end, dtype=np.uint32)
            for end, count in zip(ends, added, strict=True)
        ]
        return np.concatenate([np.zeros(0, dtype=np.uint32), *runs])

    def commits(self, line_ids: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return the commit number of each line id."""
        found: NDArray[np.int64] = self.rows[self._births(line_ids), 0]
        return found

    def origins(self, line_ids: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return, per line id, a row of commit, path and zero-based line number at birth."""
        births = self._births(line_ids)
        born = self.rows[births]
        number = born[:, 4] + line_ids - (self.ends[births] - born[:, 5])
        return np.stack([born[:, 0], born[:, 1], number], axis=1).astype(np.uint32)

    def _births(self, line_ids: NDArray[np.uint32]) -> NDArray[np.int64]:
        return np.searchsorted(self.ends, line_ids, side="right")
