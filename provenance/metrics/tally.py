"""Add rows up: by snapshot or window, group of paths and class of owners."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from provenance.metrics.classes import CLASSES, Table
from provenance.metrics.holdings import Rows

_AT_ONCE = 2_000_000


def stock(
    rows: Rows, *, unit: str, group: Table, owner_class: Table, snapshots: int, groups: int
) -> Table:
    """Return counts [snapshot, group, class] of all rows alive at each snapshot.

    Each row opens at its first snapshot and closes after its last; a running sum does
    the rest.
    """
    place = group * CLASSES + owner_class
    width = groups * CLASSES
    values = rows.of(unit).astype(np.float64)
    size = (snapshots + 1) * width
    opened = np.bincount(rows.first * width + place, weights=values, minlength=size)
    closed = np.bincount((rows.last + 1) * width + place, weights=values, minlength=size)
    steps = (opened[:size] - closed[:size]).reshape(snapshots + 1, groups, CLASSES)
    return np.rint(np.cumsum(steps, axis=0)[:snapshots]).astype(np.int64)


def alive_in_windows(  # noqa: PLR0913 - the rows, how they are grouped, and the windows
    rows: Rows,
    *,
    unit: str,
    group: Table,
    owner_class: Table,
    groups: int,
    windows: list[NDArray[np.int64]],
    snapshot_of_window: Table,
    commits: int,
) -> Table:
    """Return counts [window, group, class]: lines born in a window and alive at its end."""
    size = len(windows) * groups * CLASSES
    result = np.zeros(size, dtype=np.int64)
    values = rows.of(unit)
    for row, joined in rows_of_windows(rows, windows, ends=snapshot_of_window, commits=commits):
        place = (joined * groups + group[row]) * CLASSES + owner_class[row]
        summed = np.bincount(place, weights=values[row].astype(np.float64), minlength=size)
        result += np.rint(summed).astype(np.int64)
    return result.reshape(len(windows), groups, CLASSES)


def rows_of_windows(
    rows: Rows, windows: list[NDArray[np.int64]], *, ends: Table, commits: int
) -> Iterator[tuple[Table, Table]]:
    """Yield pairs of rows and the windows they are born in and survive, in parts.

    ``ends`` has the snapshot at the end of each window; a row may stand in many windows.
    """
    # pairs of (commit, window), sorted by commit, joined to the rows of that commit
    commit = np.concatenate(windows) if windows else np.zeros(0, dtype=np.int64)
    window = np.repeat(np.arange(len(windows)), [len(w) for w in windows])
    order = np.argsort(commit, kind="stable")
    commit, window = commit[order], window[order]
    starts = np.searchsorted(commit, np.arange(commits + 1))
    known = np.flatnonzero(rows.commit < commits)
    for part in parts(known, (starts[1:] - starts[:-1])[rows.commit[known]]):
        owner = rows.commit[part]
        times = starts[owner + 1] - starts[owner]
        row = np.repeat(part, times)
        offset = np.arange(row.size) - np.repeat(np.cumsum(times) - times, times)
        joined = window[np.repeat(starts[owner], times) + offset]
        snapshot = ends[joined]
        alive = (rows.first[row] <= snapshot) & (snapshot <= rows.last[row])
        yield row[alive], joined[alive]


def parts(rows: Table, times: Table) -> Iterator[Table]:
    """Cut rows into parts that stay small when each is repeated so many times."""
    if not rows.size:
        return
    part = np.cumsum(times) // _AT_ONCE
    yield from np.split(rows, np.flatnonzero(np.diff(part)) + 1)


def added_in_windows(
    hunks: Table,
    *,
    group_of_path: Table,
    owner_class: Table,
    groups: int,
    windows: list[NDArray[np.int64]],
    commits: int,
) -> Table:
    """Return counts [window, group, class] of lines added by the commits of each window.

    ``hunks`` has the columns commit, path, old start, removed, new start, added.
    """
    inside = hunks[:, 0] < commits
    known = hunks[inside]
    width = groups * CLASSES
    place = group_of_path[known[:, 1]] * CLASSES + owner_class[inside]
    order = np.argsort(known[:, 0], kind="stable")
    sorted_commit, place = known[order, 0], place[order]
    added = known[order, 5].astype(np.float64)
    starts = np.searchsorted(sorted_commit, np.arange(commits + 1))
    result = np.zeros((len(windows), width), dtype=np.int64)
    for number, members in enumerate(windows):
        sizes = starts[members + 1] - starts[members]
        offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        which = np.repeat(starts[members], sizes) + offset
        summed = np.bincount(place[which], weights=added[which], minlength=width)
        result[number] = np.rint(summed).astype(np.int64)
    return result.reshape(len(windows), groups, CLASSES)
