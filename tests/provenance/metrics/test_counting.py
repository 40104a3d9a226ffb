"""The fast arithmetic against a slow and obvious one."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.metrics.classes import CLASSES
from provenance.metrics.holdings import Holding, Owners, Rows, canonical, count
from provenance.metrics.reach import commits_of_windows
from provenance.metrics.tally import alive_in_windows, stock

_SNAPSHOTS = 6
_COMMITS = 5
_Row = tuple[int, int, int, int, int]


def _rows(rows: list[_Row]) -> Rows:
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    path, commit, lines, first, length = table.T
    last = np.minimum(first + length, _SNAPSHOTS - 1)
    return Rows(path, commit, 0 * lines, lines, lines // 2, lines * 3, first, last)


rows_of = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, _COMMITS - 1),
        st.integers(1, 9),
        st.integers(0, _SNAPSHOTS - 1),
        st.integers(0, 3),
    ),
    max_size=12,
).map(_rows)


def _spelt_out(rows: Rows) -> Counter[tuple[int, int, int]]:
    """Lines by (snapshot, path, commit), one row at a time."""
    total: Counter[tuple[int, int, int]] = Counter()
    for i in range(len(rows)):
        for snapshot in range(int(rows.first[i]), int(rows.last[i]) + 1):
            total[snapshot, int(rows.path[i]), int(rows.commit[i])] += int(rows.lines[i])
    return total


@given(rows_of)
def test_stock_is_the_sum_over_the_rows_alive_at_each_snapshot(rows: Rows) -> None:
    table = stock(
        rows,
        unit="line",
        group=rows.path,
        owner_class=rows.commit,
        snapshots=_SNAPSHOTS,
        groups=4,
    )

    for (snapshot, path, commit), lines in _spelt_out(rows).items():
        assert table[snapshot, path, commit] == lines
    assert table.sum() == sum(_spelt_out(rows).values())
    assert table.shape == (_SNAPSHOTS, 4, CLASSES)


@given(rows_of)
def test_joining_neighbours_changes_no_figure(rows: Rows) -> None:
    once = canonical(rows)

    assert _spelt_out(once) == _spelt_out(rows)
    assert len(once) <= len(rows)


@given(rows_of, st.lists(st.sets(st.integers(0, _COMMITS - 1)), min_size=1, max_size=3))
def test_flow_counts_lines_born_in_the_window_and_alive_at_its_end(
    rows: Rows, windows: list[set[int]]
) -> None:
    ends = [(3 * place + 1) % _SNAPSHOTS for place in range(len(windows))]
    table = alive_in_windows(
        rows,
        unit="line",
        group=rows.path,
        owner_class=rows.commit,
        groups=4,
        windows=[np.array(sorted(window), dtype=np.int64) for window in windows],
        snapshot_of_window=np.array(ends, dtype=np.int64),
        commits=_COMMITS,
    )
    alive = _spelt_out(rows)

    for place, window in enumerate(windows):
        for path in range(4):
            for commit in range(_COMMITS):
                expected = alive[ends[place], path, commit] if commit in window else 0
                assert table[place, path, commit] == expected


@given(st.data())
def test_windows_hold_what_their_end_reaches_and_none_of_their_starts(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 9))
    graph = [
        tuple(data.draw(st.sets(st.integers(0, number - 1), max_size=2))) if number else ()
        for number in range(size)
    ]
    commit = st.integers(0, size - 1)
    windows = data.draw(st.lists(st.tuples(st.lists(commit, max_size=3), commit), max_size=4))

    def reached(start: int) -> set[int]:
        found = {start}
        for parent in graph[start]:
            found |= reached(parent)
        return found

    for (starts, end), members in zip(windows, commits_of_windows(graph, windows), strict=True):
        expected = reached(end).difference(*map(reached, starts))
        assert set(members.tolist()) == expected


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=8),
        min_size=1,
        max_size=5,
    )
)
def test_lines_are_counted_by_the_commit_and_the_voice_that_own_them(
    files: list[list[tuple[int, int]]],
) -> None:
    commit_of_line = np.array([0, 0, 1, 2, 2, 2, 3, 4, 4, 1], dtype=np.uint32)
    holdings = [
        Holding(
            path=number,
            line_ids=np.array([line for line, _ in file], dtype=np.uint32).tobytes(),
            first=0,
            last=number,
            kinds=np.array([kind for _, kind in file], dtype=np.uint8),
            chars=np.array([line + 1 for line, _ in file], dtype=np.uint32),
        )
        for number, file in enumerate(files)
    ]
    voice_of_line = np.array([0, 7, 0, 4095, 0, 0, 0, 0, 7, 1], dtype=np.uint16)
    rows = count(holdings, Owners(commit_of_line, voice_of_line))
    expected: Counter[tuple[int, int, int]] = Counter()
    code: Counter[tuple[int, int, int]] = Counter()
    chars: Counter[tuple[int, int, int]] = Counter()
    for number, file in enumerate(files):
        for line, kind in file:
            key = number, int(commit_of_line[line]), int(voice_of_line[line])
            expected[key] += kind != 3
            code[key] += kind == 2
            chars[key] += (line + 1) * (kind == 2)

    got = list(zip(rows.path.tolist(), rows.commit.tolist(), rows.voice.tolist(), strict=True))
    assert dict(zip(got, rows.lines.tolist(), strict=True)) == dict(expected)
    assert dict(zip(got, rows.code.tolist(), strict=True)) == dict(code)
    assert dict(zip(got, rows.chars.tolist(), strict=True)) == dict(chars)
