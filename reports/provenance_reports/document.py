"""All that a renderer may see: integers first, words later.

A document is the measurement plus what follows from it by arithmetic (intervals,
changes, rows in reading order).  Every renderer prints from it, so HTML, JSON, CSV,
Markdown, badge and terminal cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

from provenance.metrics.measurement import Exclusion, Measurement
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import LoopTier, Stage


@dataclass(frozen=True, slots=True)
class Interval:
    """Floor, declared, ceiling and coverage over one denominator."""

    floor: int
    """Lines an AI system is known to have written."""
    declared: int
    """Floor plus lines of commits that declare AI assistance."""
    ceiling: int
    """Everything that is not positively somebody or something else's."""
    covered: int
    """Lines about which the history says something."""
    whole: int
    """The denominator."""

    @classmethod
    def of(cls, counts: Counts) -> Interval:
        """Figures of any AI."""
        return cls(counts.floor, counts.declared, counts.ceiling, counts.covered, counts.total)

    @classmethod
    def of_own(cls, own: Own, counts: Counts) -> Interval:
        """Figures of the own model families, over the same denominator."""
        return cls(own.floor, own.declared, own.ceiling, counts.covered, counts.total)


@dataclass(frozen=True, slots=True)
class Point:
    """One place on the time axis."""

    label: str
    """Month, week or tag (hostile text), or ``HEAD``."""
    kind: str
    """``month``, ``week``, ``release`` or ``head``."""
    day: int
    """Proleptic ordinal of the day in UTC."""
    commit: str
    """Full commit id."""
    ai: Interval
    """Any AI."""
    own: Interval | None
    """Own models; ``None`` when no family is configured."""
    joined: bool
    """Whether the point follows the one before without a missing month or week."""


@dataclass(frozen=True, slots=True)
class Window:
    """Lines added in one window."""

    kind: str
    """``month``, ``week`` or ``release``."""
    label: str
    """Label of the end (hostile text)."""
    start: str
    """Label of the start (hostile text)."""
    day: int
    """Proleptic ordinal of the end in UTC; 0 when unknown."""
    commits: int
    """Commits in the window."""
    added: Interval
    """Lines added by all commits of the window (unit ``line``)."""
    alive: Interval
    """Lines added and still alive at the end."""
    own: Interval | None
    """Own models in ``alive``."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure then and now."""

    since: str
    """Date of the earlier point, ``YYYY-MM-DD``."""
    before: Interval
    """The figures then."""
    now: Interval
    """The figures now."""


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage at the head."""

    stage: Stage
    """The stage."""
    tier: LoopTier
    """Usual loop tier of the stage."""
    ai: Interval
    """Any AI."""
    own: Interval | None
    """Own models."""
    low: int
    """Lines surely in this stage."""
    high: int
    """Lines that could be in this stage."""
    expected: int
    """Lines that the chances of every file give."""
    change: Change | None
    """Against about 90 days before the head; ``None`` without an earlier point."""
    series: tuple[Point, ...]
    """The stage over time."""


@dataclass(frozen=True, slots=True)
class TierLine:
    """Stages of one or more loop tiers together."""

    name: str
    """``L1``, ``L1 + L2`` or ``L0``."""
    ai: Interval
    """Any AI."""
    own: Interval | None
    """Own models."""
    expected: int
    """Lines that the chances of every file give."""


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """Live lines whose evidence names one vendor and family."""

    vendor: str | None
    """Vendor (hostile text); ``None`` when unknown."""
    family: str | None
    """Family (hostile text); ``None`` when unknown."""
    own: bool
    """Whether it counts as the lab's own."""
    ai: int
    """Live ``ai`` lines."""
    assisted: int
    """Live ``assisted`` lines."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The headline under another choice of what counts."""

    name: str
    """What is counted, in words."""
    unit: str
    """Unit of the counts."""
    ai: Interval
    """Any AI."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """Lines outside the denominator by one rule, and the headline with them inside."""

    exclusion: Exclusion
    """The rule and its lines."""
    inside: Interval
    """Any AI among these lines alone."""
    counted: Interval
    """The headline in lines, if these lines were inside."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Lines of one author type that went, by the commits that took them away."""

    old: str
    """Author type of the lines (hostile text)."""
    by: Counts
    """Lines by author type of the commits (unit ``line``, whole history)."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something with a date that can explain a step on the time chart."""

    kind: str
    """``model``: first named; ``mark``: a kind of evidence begins; ``claim``: what it
    speaks of ends."""
    day: int
    """Proleptic ordinal of the day in UTC."""
    date: str
    """``YYYY-MM-DD``."""
    name: str
    """Model, rule or claim (hostile text)."""
    text: str
    """What happened, in words without hostile text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One fully specified reading of a claim, judged."""

    name: str
    """The reading in words."""
    low: int
    """Lower bound, numerator."""
    high: int
    """Upper bound, numerator."""
    whole: int
    """Denominator; 0 when the reading is not a share."""
    verdict: str
    """Verdict word."""
    reason: str
    """Why, in one sentence."""
    defined: str = ""
    """What is divided by what, where, when and by which rule (hostile text)."""
    needed: tuple[str, ...] = ()
    """What would decide it, in sentences."""
    assumes: tuple[str, ...] = ()
    """What the verdict takes for granted, in words; empty when undecided."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One disclosed claim and what the measurement says about it."""

    claim: str
    """Id of the claim."""
    text: str
    """The disclosed wording, verbatim (hostile text)."""
    source: str
    """Where it was said (hostile text)."""
    verdict: str
    """Verdict word over all readings."""
    readings: tuple[Reading, ...]
    """Every reading that was judged."""
    states: str = ""
    """Kind of the claim: ``level``, ``crossing``, ``acceleration`` ...; empty when unknown."""
    conflict: str = ""
    """What records say against the date of the claim's event (hostile text)."""
    begins: str = ""
    """First day the claim speaks of, ``YYYY-MM-DD``; empty where it names no day."""
    ends: str = ""
    """Last day the claim speaks of."""
    target_low: tuple[int, int] | None = None
    """Least share that makes it true, as (part, whole); a crossing's threshold."""
    target_high: tuple[int, int] | None = None
    """Greatest share that makes it true, as (part, whole)."""
    basis: str = ""
    """Series of the first reading: ``stock`` or ``flow``."""
    subject: str = ""
    """Whose lines the first reading counts: ``ai`` or ``own``."""
    disclosed: str = ""
    """SHA-256 of the disclosure file."""


@dataclass(frozen=True, slots=True)
class Document:
    """One finished report, before it meets paper."""

    measurement: Measurement
    """The integers and their definition."""
    command: str
    """The exact command that measured (hostile text)."""
    verdicts: tuple[Verdict, ...]
    """Claims that were checked; empty when none were."""
    headline: Interval
    """Any AI at the head."""
    own: Interval | None
    """Own models at the head; ``None`` when no family is configured."""
    change: Change | None
    """The headline against about 90 days before."""
    points: tuple[Point, ...]
    """Months or weeks in order, ending at the head."""
    releases: tuple[Point, ...]
    """Live lines at each release, in order of date."""
    windows: tuple[Window, ...]
    """Lines added per month or week, in order."""
    release_windows: tuple[Window, ...]
    """Lines added per release, in order."""
    stages: tuple[StageLine, ...]
    """Stages that hold lines, in pipeline order; ``other`` last."""
    tiers: tuple[TierLine, ...]
    """Loop-critical totals."""
    families: tuple[FamilyLine, ...]
    """By vendor and family, most lines first."""
    variants: tuple[Variant, ...]
    """The headline under other choices of what counts."""
    counted: Interval | None
    """The headline in lines, what the exclusions are added to; ``None`` if it cannot be told."""
    excluded: tuple[Excluded, ...]
    """What lies outside the denominator, by rule, most lines first."""
    taken: tuple[Taken, ...]
    """Who replaces whom: lines of AI first, then assisted, then the rest."""
