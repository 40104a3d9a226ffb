"""Files shared out among stages by their chances: columns that add up like lines do."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from provenance.metrics.classes import Table
from provenance.metrics.holdings import Rows
from provenance.metrics.tally import parts, rows_of_windows
from provenance.stages.shares import WHOLE, apportion, chances_of
from provenance.terms.stages import LoopTier, Stage, StageCall, loop_tier

_PLACES = (
    *((stage, loop_tier(stage, None)) for stage in Stage),
    (Stage.INFRA, loop_tier(Stage.INFRA, "repo")),
)
COLUMNS = len(_PLACES)
"""Number of columns: the stages, and ``infra`` at repository level apart from the rest."""
_COLUMN = {place: at for at, place in enumerate(_PLACES)}
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Spread:
    """For every path the columns it may belong to, with its chance for each."""

    start: Table
    """Where the entries of each path begin."""
    count: Table
    """How many entries each path has; none for paths outside the denominator."""
    column: Table
    """Column of each entry."""
    part: Table
    """Chance of each entry; those of one path sum to ``WHOLE``."""

    def over(self, path: Table) -> tuple[Table, Table, Table]:
        """Return position in ``path``, column and part of every entry of these paths."""
        times = self.count[path]
        row = np.repeat(np.arange(path.size), times)
        entry = np.arange(row.size) - np.repeat(np.cumsum(times) - times, times)
        entry += np.repeat(self.start[path], times)
        return row, self.column[entry], self.part[entry]


def spread_of(
    paths: Sequence[str], stages: Mapping[str, StageCall], *, inside: Sequence[bool]
) -> Spread:
    """Return where the lines of every path are expected; ``inside`` says which ones count."""
    count: list[int] = []
    column: list[int] = []
    part: list[int] = []
    for path, counts in zip(paths, inside, strict=True):
        call = stages.get(path)
        shared = _entries(call) if counts else ()
        count.append(len(shared))
        column.extend(at for at, _ in shared)
        part.extend(share for _, share in shared)
    counted = np.array(count, dtype=np.int64)
    return Spread(
        start=np.cumsum(counted) - counted,
        count=counted,
        column=np.array(column, dtype=np.int64),
        part=np.array(part, dtype=np.int64),
    )


def _entries(call: StageCall | None) -> tuple[tuple[int, int], ...]:
    """Return columns with parts; files nobody classified are ``other``, as in the counts."""
    if call is None:
        return ((_COLUMN[Stage.OTHER, LoopTier.L0], WHOLE),)
    sub = call.sub if call.stage is Stage.INFRA else None
    return tuple((_COLUMN[stage, loop_tier(stage, sub)], part) for stage, part in chances_of(call))


def expected_stock(rows: Rows, spread: Spread, *, unit: str, snapshots: int) -> Table:
    """Return parts [snapshot, column] of all rows alive at each snapshot."""
    size = (snapshots + 1) * COLUMNS
    steps = np.zeros(size, dtype=np.int64)
    values = rows.of(unit)
    for chunk in parts(np.arange(len(rows)), spread.count[rows.path]):
        at, column, part = spread.over(rows.path[chunk])
        row = chunk[at]
        for sign, snapshot in ((1, rows.first[row]), (-1, rows.last[row] + 1)):
            steps += sign * _summed(snapshot * COLUMNS + column, values[row] * part, size)
    return np.cumsum(steps.reshape(snapshots + 1, COLUMNS), axis=0)[:snapshots]


def expected_in_windows(
    rows: Rows,
    spread: Spread,
    *,
    unit: str,
    windows: list[Table],
    ends: Table,
    commits: int,
) -> Table:
    """Return parts [window, column] of lines born in a window and alive at its end."""
    size = len(windows) * COLUMNS
    result = np.zeros(size, dtype=np.int64)
    values = rows.of(unit)
    for found, joined in rows_of_windows(rows, windows, ends=ends, commits=commits):
        for chunk in parts(np.arange(found.size), spread.count[rows.path[found]]):
            row = found[chunk]
            at, column, part = spread.over(rows.path[row])
            place = joined[chunk][at] * COLUMNS + column
            result += _summed(place, values[row[at]] * part, size)
    return result.reshape(len(windows), COLUMNS)


def expected_of(spread: Spread, lines: Table) -> Table:
    """Return parts [column] of so many lines of every path."""
    at, column, part = spread.over(np.arange(lines.size, dtype=np.int64))
    return _summed(column, lines[at] * part, COLUMNS)


def _summed(place: Table, values: Table, size: int) -> Table:
    """Return sums by place; exact, since parts of lines stay far below 2**53."""
    weights = values.astype(np.float64)
    summed = np.bincount(place, weights=weights, minlength=size)
    return np.rint(summed).astype(np.int64)


def expected_by_stage(row: Table) -> dict[Stage, int]:
    """Return the expected units of every stage; they sum to the units that were spread."""
    return _expected(row, {stage: [place[0] is stage for place in _PLACES] for stage in Stage})


def expected_by_tier(row: Table) -> dict[LoopTier, int]:
    """Return the expected units of every loop tier; they sum to the units that were spread."""
    return _expected(row, {tier: [place[1] is tier for place in _PLACES] for tier in LoopTier})


def _expected(row: Table, members: Mapping[_Key, Sequence[bool]]) -> dict[_Key, int]:
    weights = [int(row[np.flatnonzero(columns)].sum()) for columns in members.values()]
    return dict(zip(members, apportion(weights, int(row.sum()) // WHOLE), strict=True))
