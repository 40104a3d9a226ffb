"""Shares of stages with their doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provenance.terms.stages import Stage, StageCall

WHOLE = 10_000
"""Parts into which a file is cut when its chances are shared out among stages."""
UNSURE_BELOW = 0.5
"""Confidence below which a file may as well belong to its second choice."""
_PIPELINE_PERCENT = 5


@dataclass(frozen=True, slots=True)
class StageBand:
    """Units (lines, code lines ...) of one stage, with the doubt of the classifier."""

    low: int
    """Units left when every unsure file goes to its second choice."""
    point: int
    """Units of files whose first choice is the stage."""
    high: int
    """Units when every unsure file whose second choice is the stage comes to it."""
    expected: int
    """Units expected from the probabilities; sums exactly to all units over the stages."""


def bands(calls: Mapping[str, StageCall], units: Mapping[str, int]) -> dict[Stage, StageBand]:
    """Return a band for every stage that any file may have; units of unknown paths are ignored."""
    low = dict.fromkeys(Stage, 0)
    point = dict.fromkeys(Stage, 0)
    high = dict.fromkeys(Stage, 0)
    spread = dict.fromkeys(Stage, 0)
    for path in sorted(calls):
        call, count = calls[path], units.get(path, 0)
        point[call.stage] += count
        high[call.stage] += count
        other = doubtful(call)
        if other is None:
            low[call.stage] += count
        else:
            high[other] += count
        for stage, part in chances_of(call):
            spread[stage] += part * count
    expected = dict(zip(spread, apportion(list(spread.values()), sum(point.values())), strict=True))
    return {
        stage: StageBand(low[stage], point[stage], high[stage], expected[stage])
        for stage in Stage
        if high[stage] or expected[stage]
    }


def doubtful(call: StageCall) -> Stage | None:
    """Return the second choice of a file that may as well belong to it."""
    return call.second if call.confidence < UNSURE_BELOW else None


def chances_of(call: StageCall) -> tuple[tuple[Stage, int], ...]:
    """Return the chances of a call in parts that sum to ``WHOLE``; a pinned file is all one's."""
    if not call.chances:
        return ((call.stage, WHOLE),)
    weights = [round(share * WHOLE) for _, share in call.chances]
    shared = apportion(weights, WHOLE)
    return tuple((stage, part) for (stage, _), part in zip(call.chances, shared, strict=True))


def apportion(weights: Sequence[int], total: int) -> list[int]:
    """Share a total out by weight in whole numbers: largest remainders first, then in order."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    made = [total * weight // whole for weight in weights]
    rest = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in rest[: total - sum(made)]:
        made[at] += 1
    return made


def is_pipeline(units: Mapping[Stage, int]) -> bool:
    """Whether enough of a repository makes models for stage figures to mean anything."""
    total = sum(units.values())
    outside = units.get(Stage.OTHER, 0) + units.get(Stage.INFRA, 0)
    return 100 * (total - outside) > _PIPELINE_PERCENT * total
