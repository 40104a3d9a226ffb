"""The whole result of one measurement: integers with their definition.

This is all that reports, claims and statements may see.  Every list is sorted, no
wall clock is read, and two runs on the same inputs give an equal value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, LoopTier, Stage
from provenance.terms.unmeasured import Unmeasured


@dataclass(frozen=True, slots=True)
class Repository:
    """What was measured."""

    name: str
    """Folder name of the repository (never a full path)."""
    head: str
    """Full id of the measured commit."""
    head_date: str
    """Commit date of the head, RFC 3339 UTC."""
    commits: int
    """Commits reachable from the head."""
    merges: int
    """Of which merges."""
    first_date: str
    """Earliest commit date reachable, RFC 3339 UTC."""
    object_format: str
    """``sha1`` or ``sha256``."""
    refs_digest: str
    """SHA-256 over the sorted refs seen (name and id)."""
    tree: str = ""
    """Full id of the head's tree; empty in reports of earlier versions."""
    tags: tuple[tuple[str, str], ...] = ()
    """(name, full id of the commit it leads to) of every tag, sorted (hostile text)."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything that could change a figure."""

    unit: str
    """``line``, ``code_line`` or ``character``."""
    lens: str
    """``plain`` or ``ignore-whitespace``."""
    facets: tuple[Facet, ...]
    """Facets in the denominator, sorted."""
    own_families: tuple[str, ...]
    """Model families that count as the lab's own; empty when not configured."""
    every: tuple[str, ...]
    """Points of the series: ``month``, ``release``, ``week``."""
    catalogue_digest: str
    """Digest of the authorship rules."""
    classifier_digest: str
    """Digest of the stage rules and weights."""
    scope_digest: str
    """Digest of the facet rules."""
    config_digest: str
    """Digest of the effective configuration."""
    taxonomy_version: int
    """Version of the stage taxonomy."""
    git_version: str
    """Version of git that printed the history."""
    git_options: tuple[str, ...]
    """Options that could change a diff."""
    predates_cutoff: str | None
    """Date before which lines count as ``predates_ai``; ``None`` when switched off."""
    stage_map_digest: str = ""
    """Digest of the lab's own map of stages; empty without one."""
    own_predates_cutoff: str | None = None
    """Date before which no line can be by an own family; ``None`` when not known."""
    grammars: tuple[str, ...] = ()
    """Name and version of every parser that reads program text, sorted."""
    since: str | None = None
    """Points before this moment are left out, RFC 3339 UTC; ``None`` when none are."""


@dataclass(frozen=True, slots=True)
class StageFigures:
    """Figures of one stage at one point or in one window."""

    counts: Counts
    """By author type, in the unit of the definition."""
    own: Own
    """Self-written figures."""
    low: int = 0
    """Lines surely in this stage: files whose first choice is certain enough."""
    high: int = 0
    """Lines that could be in this stage: also files that have it as second choice."""
    expected: int = 0
    """Lines expected in this stage from the chances of every file; sums to the whole."""


@dataclass(frozen=True, slots=True)
class StockPoint:
    """Live lines at one revision."""

    at: str
    """``2026-03`` for a month end, the tag for a release, ``HEAD``."""
    kind: str
    """``month``, ``week``, ``release`` or ``head``."""
    commit: str
    """Full commit id."""
    date: str
    """Commit date, RFC 3339 UTC."""
    counts: Counts
    """Whole denominator."""
    own: Own
    """Self-written figures."""
    by_stage: Mapping[Stage, StageFigures]
    """Per stage that holds lines or might; sums to ``counts``."""
    by_tier: Mapping[LoopTier, StageFigures]
    """Per loop tier; sums to ``counts``."""
    tests: Counts
    """Test code, shown beside the denominator."""


@dataclass(frozen=True, slots=True)
class FlowWindow:
    """Lines added in a window."""

    kind: str
    """``month``, ``week`` or ``release``."""
    start: str
    """Label of the start: month, tag or ``root``."""
    end: str
    """Label of the end: month, tag or ``HEAD``."""
    start_commit: str
    """Full id, exclusive; empty for the root."""
    end_commit: str
    """Full id, inclusive."""
    commits: int
    """Commits in the window, merges included."""
    added: Counts
    """Lines added by all commits of the window (unit ``line``, facets of the definition)."""
    counts: Counts
    """Lines added in the window and still alive at its end, in the unit of the definition."""
    own: Own
    """Self-written figures of ``counts``."""
    by_stage: Mapping[Stage, StageFigures]
    """Per stage; sums to ``counts``."""
    added_own: Own | None = None
    """Self-written figures of ``added``; ``None`` in reports older than the field."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Live lines at the head by the model named as their maker."""

    vendor: str | None
    """Vendor of the model; ``None`` when unknown."""
    family: str | None
    """Model family; ``None`` when unknown."""
    model: str | None
    """Model version; ``None`` when unknown."""
    own: bool
    """Whether the family is one of the lab's own."""
    ai: int
    """Live ``ai`` lines."""
    assisted: int
    """Live ``assisted`` lines."""
    first_seen: str
    """Date of the earliest commit naming it, ``YYYY-MM-DD``."""
    by_stage: Mapping[Stage, int]
    """``ai + assisted`` lines per stage."""
    alive: tuple[tuple[str, int], ...] = ()
    """Live ``ai + assisted`` lines at each month end of the series, as (label, lines)."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Lines outside the denominator, by the rule that put them there."""

    rule: str
    """Rule id."""
    facet: Facet
    """Facet the rule assigns."""
    files: int
    """Files at the head."""
    lines: int
    """Lines at the head (as git counts)."""
    counts: Counts
    """Those lines by author type (unit ``line``)."""


@dataclass(frozen=True, slots=True)
class LadderStep:
    """Lines at the head decided by one rule."""

    author_type: str
    """Author type decided."""
    tier: str
    """Tier of the evidence."""
    rule: str
    """Deciding rule."""
    lines: int
    """Live lines, in the unit of the definition."""
    commits: int
    """Commits decided by it, whole history."""
    example: str
    """One commit id as example."""
    first_seen: str = ""
    """Date of the earliest commit it decides, ``YYYY-MM-DD``; empty when not told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A question with a place, never an accusation."""

    id: str
    """Finding id."""
    severity: str
    """``A`` blocks verdicts, ``B`` widens bounds, ``C`` is printed."""
    title: str
    """One sentence."""
    places: tuple[str, ...]
    """Commit ids or ``path:line`` (hostile text)."""
    count: int
    """How many places in all."""
    meaning: str = ""
    """When it is made: its definition."""
    base_rate: str = ""
    """How often it is made in public histories."""
    effect: str = ""
    """What it does, and the usual answers."""


@dataclass(frozen=True, slots=True)
class FileFigures:
    """One file at the head."""

    path: str
    """Path (hostile text)."""
    stage: Stage
    """First choice."""
    facet: Facet
    """Facet."""
    confidence: int
    """Confidence of the stage, in thousandths."""
    second: Stage | None
    """Second choice."""
    lines: int
    """Lines as git counts."""
    counts: Counts
    """In the unit of the definition."""


@dataclass(frozen=True, slots=True)
class RecordFigures:
    """What the line-level records of one dialect gave."""

    rule: str
    """Id of the dialect, for example ``git-ai``."""
    total: int
    """Records in the clone, readable or not."""
    unusable: int
    """Of which could not be read, or are of an unknown version."""
    reachable: int
    """Of which belong to commits of the measured history."""
    recovered: int
    """Of which belong to other commits and were led back to a landed one."""
    commits: int
    """Commits of the measured history to which they give at least one AI line."""
    named_lines: int
    """AI lines they name for commits of the measured history."""
    added_lines: int
    """Of which the annotated commit really added."""
    estimate: tuple[int, int, int] = (0, 0, 0)
    """Pooled estimates: at least, at most, of so many lines."""
    estimated: int = 0
    """Commits with an estimate."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Lines of one author type that commits of another replaced or removed."""

    old: str
    """Author type of the lines that went."""
    new: str
    """Author type of the commits that took them away."""
    lines: int
    """How many (unit ``line``, paths in the denominator, whole history)."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Everything one run found."""

    tool_version: str
    """Version of the meter."""
    repository: Repository
    """What was measured."""
    definition: Definition
    """Under which definition."""
    stock: tuple[StockPoint, ...]
    """In order of date; the last one is ``HEAD``."""
    flow: tuple[FlowWindow, ...]
    """In order of their end."""
    generations: tuple[Generation, ...]
    """Sorted by live lines, descending, then by name."""
    not_measured: tuple[Unmeasured, ...]
    """Sorted by reason."""
    exclusions: tuple[Exclusion, ...]
    """Sorted by lines, descending, then by rule."""
    ladder: tuple[LadderStep, ...]
    """Sorted by tier, then lines."""
    findings: tuple[Finding, ...]
    """Sorted by severity, then id."""
    files: tuple[FileFigures, ...]
    """Files in the denominator and tests, by lines descending, then by path."""
    everything: Counts
    """The head with nothing excluded (unit ``line``), for comparison with the headline."""
    is_ml_pipeline: bool
    """Whether stages other than ``infra`` and ``other`` hold a noticeable share."""
    records: tuple[RecordFigures, ...] = ()
    """Line-level records by dialect, sorted by its id."""
    record_pins: tuple[tuple[str, str], ...] = ()
    """(ref, tip id) of every ref records were read from."""
    disputed_lines: int = 0
    """Added lines on which line-level records disagree with each other."""
    replacements: tuple[Replacement, ...] = ()
    """Who replaces whom, sorted by old, then new."""
    stage_map: tuple[tuple[str, str], ...] = ()
    """The lab's own map of stages, in order: (glob, ``stage`` or ``stage:sub``)."""

    @property
    def head(self) -> StockPoint:
        """The figures at the measured commit."""
        return self.stock[-1]
