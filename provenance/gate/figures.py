"""What thresholds are held against: integers of a report, or of a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from provenance.metrics.difference import Difference
from provenance.metrics.measurement import Finding, Measurement
from provenance.stages.shares import UNSURE_BELOW
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, Stage

_SURE = round(UNSURE_BELOW * 1000)
_ASIDE = frozenset({Facet.GENERATED, Facet.VENDORED})


@dataclass(frozen=True, slots=True)
class Sample:
    """Lines of the whole, or of one stage."""

    counts: Counts = field(default_factory=Counts)
    """By author type."""
    own: Own = field(default_factory=Own)
    """Self-written figures."""
    unclassified: int = 0
    """Of which in files whose stage is uncertain."""
    named: int = 0
    """AI and assisted lines whose model is named."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a threshold can be held against."""

    is_change: bool
    """Whether it is what a change adds; else the live code of a report."""
    whole: Sample
    """Everything in the denominator."""
    stages: Mapping[Stage, Sample]
    """Stage by stage."""
    own_known: bool
    """Whether own families are configured."""
    aside: int
    """Lines added to files called generated or vendored (unit ``line``); changes only."""
    added: int
    """Lines added in all: counted, tests, and those set aside; changes only."""
    findings: Sequence[Finding]
    """Findings in it."""
    unplaced: int
    """Findings of which nobody can say whether they lie in it."""
    unmeasured: int
    """Files that could not be measured."""


def of_report(measurement: Measurement) -> Figures:
    """Return the figures of the head of a report."""
    head, facets = measurement.head, measurement.definition.facets
    unsure: dict[Stage, int] = {}
    for file in measurement.files:
        if file.facet in facets and file.confidence < _SURE:
            unsure[file.stage] = unsure.get(file.stage, 0) + file.counts.total
    named = [made for made in measurement.generations if made.model is not None]
    return Figures(
        is_change=False,
        whole=Sample(
            head.counts,
            head.own,
            unclassified=sum(unsure.values()),
            named=sum(made.ai + made.assisted for made in named),
        ),
        stages={
            stage: Sample(
                figures.counts,
                figures.own,
                unclassified=unsure.get(stage, 0),
                named=sum(made.by_stage.get(stage, 0) for made in named),
            )
            for stage, figures in head.by_stage.items()
        },
        own_known=bool(measurement.definition.own_families),
        aside=0,
        added=0,
        findings=measurement.findings,
        unplaced=0,
        unmeasured=sum(item.files for item in measurement.not_measured),
    )


def of_change(change: Difference) -> Figures:
    """Return the figures of what a change adds and what of it lives at its end."""
    named = [made for made in change.makers if made.model is not None]
    aside = sum(item.lines for item in change.outside if item.facet in _ASIDE)
    tests = sum(item.lines for item in change.outside if item.facet is Facet.TEST)
    return Figures(
        is_change=True,
        whole=Sample(
            change.alive.counts,
            change.alive.own,
            unclassified=sum(change.unclassified.values()),
            named=sum(made.ai + made.assisted for made in named),
        ),
        stages={
            stage: Sample(
                figures.counts,
                figures.own,
                unclassified=change.unclassified.get(stage, 0),
                named=sum(made.by_stage.get(stage, 0) for made in named),
            )
            for stage, figures in change.alive.by_stage.items()
        },
        own_known=bool(change.definition.own_families),
        aside=aside,
        added=change.added.counts.total + tests + aside,
        findings=change.findings,
        unplaced=change.unplaced,
        unmeasured=sum(item.files for item in change.not_measured),
    )
