"""Shares of stages with their doubt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provenance.stages.shares import WHOLE, apportion, bands, chances_of, is_pipeline
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
    assert sum(band.expected for band in found.values()) == sum(
        units.get(path, 0) for path in calls
    )
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


@given(st.lists(st.integers(0, 10**6), max_size=20), st.integers(0, 10**9))
def test_what_is_shared_out_is_neither_more_nor_less(weights: list[int], total: int) -> None:
    """Rounded shares sum to the whole, each within one of its exact value."""
    made = apportion(weights, total)

    assert sum(made) == (total if any(weights) else 0)
    for weight, share in zip(weights, made, strict=True):
        assert not any(weights) or abs(share - total * weight / sum(weights)) < 1 + 1e-6


@given(CALLS)
def test_chances_are_shared_out_whole(call: StageCall) -> None:
    """What is left of a probability for unlikely stages goes to the likely ones."""
    assert sum(part for _, part in chances_of(call)) == WHOLE


def test_a_pinned_file_is_all_its_stage() -> None:
    assert chances_of(StageCall(Stage.MODEL, None, 1.0, None, ())) == ((Stage.MODEL, WHOLE),)


def test_a_product_with_a_little_model_code_is_no_pipeline() -> None:
    """One file in twenty may be misplaced; that makes no pipeline of a product."""
    assert not is_pipeline({Stage.OTHER: 900, Stage.INFRA: 50, Stage.SERVING: 50})
    assert is_pipeline({Stage.OTHER: 900, Stage.INFRA: 40, Stage.SERVING: 60})
    assert not is_pipeline({})
