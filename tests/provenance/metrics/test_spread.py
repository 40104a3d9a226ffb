"""Expected lines per stage: the fast arithmetic against a slow and obvious one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.metrics.holdings import Rows
from provenance.metrics.spread import (
    expected_by_stage,
    expected_by_tier,
    expected_in_windows,
    expected_stock,
    spread_of,
)
from provenance.stages.shares import WHOLE, chances_of
from provenance.terms.stages import LoopTier, Stage, StageCall, loop_tier

_PATHS = ("a", "b", "c", "d")
_SNAPSHOTS = 4
_COMMITS = 3

_calls = st.builds(
    lambda stages, weights: StageCall(
        stages[0], "repo" if stages[0] is Stage.INFRA else None, weights[0] / sum(weights), None,
        (), tuple((s, w / sum(weights)) for s, w in zip(stages, weights, strict=False)),
    ),
    st.lists(st.sampled_from(Stage), min_size=1, max_size=4, unique=True),
    st.lists(st.integers(1, 50), min_size=4, max_size=4),
)  # fmt: skip
_tables = st.lists(
    st.tuples(
        st.integers(0, len(_PATHS) - 1),
        st.integers(0, _COMMITS - 1),
        st.integers(0, 900),
        st.integers(0, _SNAPSHOTS - 1),
        st.integers(0, 3),
    ),
    max_size=9,
)


def _rows(table: list[tuple[int, int, int, int, int]]) -> Rows:
    path, commit, lines, first, length = np.array(table, dtype=np.int64).reshape(-1, 5).T
    last = np.minimum(first + length, _SNAPSHOTS - 1)
    return Rows(path, commit, 0 * lines, lines, lines, lines, first, last)


@given(_tables, st.dictionaries(st.sampled_from(_PATHS), _calls), st.sets(st.integers(0, 3)))
def test_expected_lines_are_the_chances_times_the_lines(
    table: list[tuple[int, int, int, int, int]], calls: dict[str, StageCall], outside: set[int]
) -> None:
    """Every point and window: within one line of the exact share, and summing to the whole."""
    rows = _rows(table)
    inside = [at not in outside for at in range(len(_PATHS))]
    spread = spread_of(_PATHS, calls, inside=inside)
    stock = expected_stock(rows, spread, unit="line", snapshots=_SNAPSHOTS)
    window = np.array([0, 2], dtype=np.int64)
    alive = expected_in_windows(
        rows, spread, unit="line", windows=[window], ends=np.array([2]), commits=_COMMITS
    )

    for got, snapshot, born in [(stock[1], 1, {0, 1, 2}), (alive[0], 2, {0, 2})]:
        exact = dict.fromkeys(Stage, Fraction(0))
        critical = Fraction(0)
        for path, commit, lines, first, length in table:
            if inside[path] and commit in born and first <= snapshot <= first + length:
                call = calls.get(_PATHS[path])
                shared = chances_of(call) if call else ((Stage.OTHER, WHOLE),)
                for stage, part in shared:
                    sub = call.sub if call and stage is call.stage else None
                    exact[stage] += Fraction(part, WHOLE) * lines
                    if loop_tier(stage, sub) is LoopTier.L1:
                        critical += Fraction(part, WHOLE) * lines
        by_stage, by_tier = expected_by_stage(got), expected_by_tier(got)

        assert sum(by_stage.values()) == sum(by_tier.values()) == sum(exact.values())
        assert all(abs(by_stage[stage] - exact[stage]) < 1 for stage in Stage)
        assert abs(by_tier[LoopTier.L1] - critical) < 1
