"""Shares of stages with their doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.terms.stages import Stage, StageCall

_PIPELINE_SHARE = 0.05
UNSURE_BELOW = 0.5
"""Confidence below which a file may as well belong to its second choice."""


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
    """Units expected from the probabilities, rounded."""


def bands(calls: Mapping[str, StageCall], units: Mapping[str, int]) -> dict[Stage, StageBand]:
    """Return a band for every stage that any file may have; units of unknown paths are ignored."""
    low = dict.fromkeys(Stage, 0)
    point = dict.fromkeys(Stage, 0)
    high = dict.fromkeys(Stage, 0)
    expected = dict.fromkeys(Stage, 0.0)
    for path in sorted(calls):
        call, count = calls[path], units.get(path, 0)
        point[call.stage] += count
        high[call.stage] += count
        if call.second is not None and call.confidence < UNSURE_BELOW:
            high[call.second] += count
        else:
            low[call.stage] += count
        for stage, share in _shares(call):
            expected[stage] += share * count
    return {
        stage: StageBand(low[stage], point[stage], high[stage], round(expected[stage]))
        for stage in Stage
        if high[stage] or round(expected[stage])
    }


def _shares(call: StageCall) -> list[tuple[Stage, float]]:
    """Return the chances of a call, made to add up to one."""
    if not call.chances:
        return [(call.stage, 1.0)]
    total = sum(share for _, share in call.chances)
    return [(stage, share / total) for stage, share in call.chances]


def is_pipeline(found: Mapping[Stage, StageBand]) -> bool:
    """Whether enough of a repository makes models for stage figures to mean anything."""
    total = sum(band.point for band in found.values())
    outside = sum(found[stage].point for stage in (Stage.OTHER, Stage.INFRA) if stage in found)
    return total - outside > _PIPELINE_SHARE * total
