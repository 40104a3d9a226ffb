"""A map proposed for a person to edit."""

from __future__ import annotations

from provenance.stages.pins import pin_of
from provenance.stages.proposal import propose_map
from provenance.terms.stages import Stage, StageCall


def _call(stage: Stage, confidence: float = 0.9, sub: str | None = None) -> StageCall:
    return StageCall(stage, sub, confidence, None, ())


def test_one_line_per_folder_of_one_stage() -> None:
    """A folder of one stage is one line; a mixed one is taken apart."""
    calls = {f"a/eval/{i}.py": _call(Stage.EVALUATION) for i in range(4)}
    calls |= {f"a/model/{i}.py": _call(Stage.MODEL, 0.5) for i in range(5)}
    calls |= {f".github/{i}.yml": _call(Stage.INFRA, sub="repo") for i in range(5)}
    lines = propose_map(calls)

    assert [(line.pin.glob, line.pin.stage, line.files) for line in lines] == [
        ("a/eval/**", Stage.EVALUATION, 4),
        ("a/model/**", Stage.MODEL, 5),
    ]
    assert lines[1].confidence == 0.5


def test_a_proposed_map_says_what_the_calls_say() -> None:
    """Taking the proposal unedited moves only the odd files of a folder."""
    calls = {f"x/{i}.py": _call(Stage.SERVING) for i in range(9)}
    calls["x/odd.py"] = _call(Stage.TRACKING)
    lines = propose_map(calls)
    pin = pin_of("x/odd.py", [line.pin for line in lines])

    assert pin is not None
    assert pin.stage is Stage.SERVING
    assert (lines[0].files, lines[0].agreeing) == (10, 9)


def test_no_more_lines_than_asked() -> None:
    """A map must stay readable."""
    stages = list(Stage)
    calls = {f"{i}/{j}.py": _call(stages[i % 14]) for i in range(30) for j in range(3)}

    assert len(propose_map(calls, most=10)) == 10
