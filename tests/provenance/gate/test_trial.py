from __future__ import annotations

import pytest

from provenance.gate.judge import Word
from provenance.gate.thresholds import Figure, Side, Threshold, parse_flag
from provenance.gate.trial import attempt, examples


@pytest.mark.parametrize("is_change", [True, False])
def test_every_kind_of_threshold_can_fail(is_change: bool) -> None:
    """The gate is shown to fail for each figure and side, and to pass one line earlier."""
    tried = [attempt(one, is_change=is_change) for one in examples()]

    assert {trial.threshold.figure for trial in tried} == set(Figure)
    for trial in tried:
        if trial.threshold.figure is Figure.SET_ASIDE and not is_change:
            continue
        assert trial.succeeds, trial.threshold
        assert trial.kept.word is Word.PASS
        assert trial.broken is not None
        low = trial.threshold.figure is Figure.COVERAGE and trial.threshold.side is Side.MIN
        assert trial.broken.word is (Word.INCONCLUSIVE if low else Word.FAIL)


@pytest.mark.parametrize(
    ("text", "side"),
    [("floor=0%", Side.MIN), ("ceiling=100%", Side.MAX), ("coverage=0%", Side.MIN)],
)
def test_a_threshold_that_nothing_can_break_is_found(text: str, side: Side) -> None:
    trial = attempt(parse_flag(text, side), is_change=True)

    assert trial.broken is None
    assert not trial.succeeds


@pytest.mark.parametrize("text", ["coverage=33.333333333%", "evaluation.ai=99.9%", "floor=100%"])
def test_the_edge_is_a_whole_number_of_lines(text: str) -> None:
    """However fine the limit, the figures made up for it lie on it exactly."""
    trial = attempt(parse_flag(text, Side.MIN), is_change=False)

    assert trial.edge * trial.threshold.whole == trial.whole * trial.threshold.part
    assert trial.succeeds


def test_a_large_number_of_findings_is_tried_at_its_own_edge() -> None:
    trial = attempt(Threshold(Figure.FINDINGS, Side.MAX, None, 12, 1), is_change=True)

    assert (trial.edge, trial.succeeds) == (12, True)
