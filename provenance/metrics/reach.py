"""Which commits lie in which window of flow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Window = tuple[Sequence[int], int]
"""(start commits, exclusive; end commit, inclusive), by number."""


def commits_of_windows(
    graph: Sequence[Sequence[int]], windows: Sequence[Window]
) -> list[NDArray[np.int64]]:
    """Return, per window, the numbers of commits that its end reaches and none of its starts.

    One sweep from the newest commit to the oldest: each commit carries one bit for every
    window end and start that reaches it.
    """
    size = len(windows)
    marks = [0] * len(graph)
    for place, (starts, end) in enumerate(windows):
        marks[end] |= 1 << place
        for start in starts:
            marks[start] |= 1 << (size + place)
    for number in range(len(graph) - 1, -1, -1):
        mark = marks[number]
        if mark:
            for parent in graph[number]:
                marks[parent] |= mark
    width = (2 * size + 7) // 8 or 1
    bits = np.frombuffer(
        b"".join(mark.to_bytes(width, "little") for mark in marks), dtype=np.uint8
    ).reshape(-1, width)

    def column(place: int) -> NDArray[np.bool_]:
        bit = np.uint8(1 << (place & 7))
        return np.asarray(bits[:, place >> 3] & bit, dtype=np.bool_)

    return [np.flatnonzero(column(place) & ~column(size + place)) for place in range(size)]
