"""Prove that a gate can fail: hold each threshold against figures at its edge and beyond."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from provenance.gate.figures import Figures, Sample
from provenance.gate.judge import Verdict, Word, judge
from provenance.gate.thresholds import NUMBERS, Figure, Side, Threshold
from provenance.metrics.measurement import Finding
from provenance.terms.counts import Counts, Own

_LEAST: Final = 1000
_SEVERITY: Final = {Figure.FINDINGS_A: "A", Figure.FINDINGS_B: "B", Figure.FINDINGS_C: "C"}


@dataclass(frozen=True, slots=True)
class Trial:
    """One threshold at its edge."""

    threshold: Threshold
    """The threshold."""
    edge: int
    """Part that just keeps it."""
    whole: int
    """Of so many; 1 for a number."""
    kept: Verdict
    """What the gate says at the edge."""
    broken: Verdict | None
    """What it says one line beyond; ``None`` where there is no beyond."""

    @property
    def succeeds(self) -> bool:
        """Whether the gate lets the edge pass and stops what lies beyond."""
        passed = self.kept.word is Word.PASS
        return passed and self.broken is not None and self.broken.word is not Word.PASS


def examples() -> tuple[Threshold, ...]:
    """Return one threshold of each kind, for a gate that has none of its own."""
    shares = [
        Threshold(figure, side, None, 1, 2)
        for figure in Figure
        if figure not in NUMBERS
        for side in Side
    ]
    numbers = [Threshold(figure, Side.MAX, None, 0, 1) for figure in Figure if figure in NUMBERS]
    return (*shares, *numbers)


def attempt(threshold: Threshold, *, is_change: bool) -> Trial:
    """Judge made-up figures just at the threshold, and one line beyond it."""
    if threshold.is_number:
        edge, whole, most = threshold.part, 1, threshold.part + 1
    else:
        times = -(-_LEAST // threshold.whole)
        edge, whole, most = threshold.part * times, threshold.whole * times, threshold.whole * times
    beyond = edge - 1 if threshold.side is Side.MIN else edge + 1
    possible = 0 <= beyond <= most
    return Trial(
        threshold,
        edge,
        whole,
        kept=judge(_made(threshold, edge, whole, is_change=is_change), [threshold]),
        broken=judge(_made(threshold, beyond, whole, is_change=is_change), [threshold])
        if possible
        else None,
    )


_Maker = Callable[[int, int], Sample]
_SAMPLES: Final[Mapping[Figure, _Maker]] = {
    Figure.AI: lambda part, rest: Sample(Counts(ai=part, human=rest)),
    Figure.FLOOR: lambda part, rest: Sample(Counts(ai=part, human=rest)),
    Figure.DECLARED: lambda part, rest: Sample(Counts(assisted=part, human=rest)),
    Figure.CEILING: lambda part, rest: Sample(Counts(unattested=part, human=rest)),
    Figure.COVERAGE: lambda part, rest: Sample(Counts(human=part, unattested=rest)),
    Figure.OWN: lambda part, rest: Sample(Counts(ai=part, human=rest), Own(part, part, part)),
    Figure.OWN_FLOOR: lambda part, rest: Sample(Counts(ai=part, human=rest), Own(part, part, part)),
    Figure.OWN_DECLARED: lambda part, rest: Sample(
        Counts(assisted=part, human=rest), Own(0, part, part)
    ),
    Figure.OWN_CEILING: lambda part, rest: Sample(
        Counts(unattested=part, human=rest), Own(0, 0, part)
    ),
    Figure.NAMED_MODEL: lambda part, rest: Sample(Counts(ai=part + rest), named=part),
    Figure.UNCLASSIFIED: lambda part, rest: Sample(Counts(human=part + rest), unclassified=part),
    Figure.SET_ASIDE: lambda part, rest: Sample(Counts(human=part + rest)),
}


def _made(threshold: Threshold, part: int, whole: int, *, is_change: bool) -> Figures:
    """Return figures in which the one of the threshold has the given value, and nothing else."""
    figure = threshold.figure
    sample = Sample(Counts(human=_LEAST))
    findings: tuple[Finding, ...] = ()
    if not threshold.is_number:
        sample = _SAMPLES[figure](part, whole - part)
    elif figure is not Figure.UNMEASURED:
        severity = _SEVERITY.get(figure, "C")
        findings = (Finding("trial", severity, "A finding of the self-test", (), 0),) * part
    return Figures(
        is_change=is_change,
        whole=sample,
        stages={threshold.stage: sample} if threshold.stage else {},
        own_known=True,
        aside=part if figure is Figure.SET_ASIDE else 0,
        added=whole if figure is Figure.SET_ASIDE else 0,
        findings=findings,
        unplaced=0,
        unmeasured=part if figure is Figure.UNMEASURED else 0,
    )
