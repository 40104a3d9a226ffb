"""Shares of stages with their doubt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provenance.stages.shares import bands
from provenance.terms.stages import Stage, StageCall

CALLS = st.builds(
    lambda stage, second, confidence: StageCall(
        stage, None, confidence, None if second is stage else second, (),
        ((stage, confidence),) if second is stage
        else ((stage, confidence), (second, (1 - confidence) / 2)),
    ),
    st.sampled_from(Stage), st.sampled_from(Stage), st.floats(0.1, 1.0),
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=5), st.tuples(CALLS, st.integers(0, 10_000)), max_size=20))
def test_bands_hold_their_point_and_points_add_up(
    files: dict[str, tuple[StageCall, int]],
) -> None:
    """Doubt widens a figure, it never loses a line."""
    calls = {path: call for path, (call, _) in files.items()}
    units = {path: count for path, (_, count) in files.items()}
    found = bands(calls, units)

    assert sum(band.point for band in found.values()) == sum(units.values())
    assert abs(sum(band.expected for band in found.values()) - sum(units.values())) <= len(Stage)
    for band in found.values():
        assert 0 <= band.low <= band.point <= band.high


def test_unsure_files_move_to_their_second_choice() -> None:
    """A coin toss between two stages shows in both bands."""
    calls = {
        "a": StageCall(Stage.MODEL, None, 0.9, Stage.TRAINING, ()),
        "b": StageCall(Stage.MODEL, None, 0.4, Stage.TRAINING, ()),
    }
    found = bands(calls, {"a": 10, "b": 5})

    assert (found[Stage.MODEL].low, found[Stage.MODEL].point, found[Stage.MODEL].high) == (
        10,
        15,
        15,
    )
    assert (found[Stage.TRAINING].low, found[Stage.TRAINING].high) == (0, 5)
