"""What one pull request or release adds: integers with their definition, like a measurement.

Every list is sorted, no wall clock is read, and two runs on the same inputs give an equal
value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.metrics.measurement import Definition, Exclusion, Finding, StageFigures
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, Stage
from provenance.terms.unmeasured import Unmeasured


@dataclass(frozen=True, slots=True)
class End:
    """One end of the change."""

    name: str
    """As the caller named it (hostile text)."""
    commit: str
    """Full id."""
    date: str
    """Commit date, RFC 3339 UTC."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of the change inside the denominator."""

    counts: Counts
    """By author type."""
    own: Own
    """Self-written figures."""
    by_stage: Mapping[Stage, StageFigures]
    """Per stage; sums to ``counts``."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of the denominator, or a test, that the change adds lines to."""

    path: str
    """Path (hostile text)."""
    stage: Stage
    """First choice."""
    facet: Facet
    """Facet."""
    confidence: int
    """Confidence of the stage, in thousandths."""
    added: Counts
    """Lines added (unit ``line``)."""
    alive: Counts
    """Added and still alive at the head, in the unit of the definition."""


@dataclass(frozen=True, slots=True)
class MakerLines:
    """Lines added and still alive, by the model named as their maker."""

    vendor: str | None
    """Vendor of the model; ``None`` when unknown."""
    family: str | None
    """Model family; ``None`` when unknown."""
    model: str | None
    """Model version; ``None`` when unknown."""
    own: bool
    """Whether the family is one of the lab's own."""
    commits: int
    """Commits of the change that name it."""
    ai: int
    """``ai`` lines."""
    assisted: int
    """``assisted`` lines."""
    by_stage: Mapping[Stage, int]
    """``ai + assisted`` lines per stage."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that one change adds."""

    tool_version: str
    """Version of the meter."""
    name: str
    """Folder name of the repository (never a full path)."""
    definition: Definition
    """Under which definition."""
    base: End
    """Where the change starts from."""
    head: End
    """Where it ends."""
    merge_bases: tuple[str, ...]
    """Best common ancestors of both, sorted; what they reach is no part of the change."""
    stated: str
    """Full id of the commit whose ``provenance.toml`` and ``.gitattributes`` were obeyed."""
    commits: Counts
    """Commits of the change by author type, merges included."""
    merges: int
    """Of which merges."""
    added: Lines
    """Lines added by all commits of the change (unit ``line``)."""
    removed: int
    """Lines removed by them (unit ``line``)."""
    alive: Lines
    """Lines added and still alive at the head, in the unit of the definition."""
    tests: Counts
    """Test lines added and still alive, beside the denominator."""
    unclassified: Mapping[Stage, int]
    """Lines of ``alive`` in files whose stage is uncertain, by first choice."""
    makers: tuple[MakerLines, ...]
    """Sorted by lines, descending, then by name."""
    files: tuple[FileChange, ...]
    """Sorted by lines added, descending, then by path."""
    outside: tuple[Exclusion, ...]
    """Lines added outside the denominator, by rule (unit ``line``)."""
    not_measured: tuple[Unmeasured, ...]
    """Changed files that could not be measured, sorted by reason."""
    findings: tuple[Finding, ...]
    """Findings in commits or files of the change."""
    unplaced: int
    """Findings of the whole history that may lie in the change: not all places are listed."""
    is_ml_pipeline: bool
    """Whether the repository is a model pipeline, so that stages are shown."""
