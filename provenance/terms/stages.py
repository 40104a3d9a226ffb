"""Pipeline stages, facets and loop tiers (taxonomy version 1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique

TAXONOMY_VERSION = 1


@unique
class Stage(StrEnum):
    """What part of making a model a file serves."""

    DATA_ACQUISITION = "data_acquisition"
    DATA_CURATION = "data_curation"
    TOKENIZATION = "tokenization"
    MODEL = "model"
    KERNELS = "kernels"
    TRAINING = "training"
    POST_TRAINING = "post_training"
    REWARDS_ENVS = "rewards_envs"
    EVALUATION = "evaluation"
    SAFETY = "safety"
    SERVING = "serving"
    TRACKING = "tracking"
    INFRA = "infra"
    SHARED = "shared"
    OTHER = "other"


@unique
class Facet(StrEnum):
    """What kind of file it is."""

    SOURCE = "source"
    CONFIG = "config"
    NOTEBOOK = "notebook"
    TEST = "test"
    DOCS = "docs"
    DATA = "data"
    GENERATED = "generated"
    VENDORED = "vendored"


DEFAULT_FACETS = frozenset({Facet.SOURCE, Facet.CONFIG, Facet.NOTEBOOK})
"""The default denominator: pipeline code."""


@unique
class LoopTier(StrEnum):
    """How directly a stage shapes the next model."""

    L1 = "L1"
    L2 = "L2"
    L0 = "L0"


_L2 = frozenset({Stage.TRACKING, Stage.SAFETY, Stage.SERVING})


def loop_tier(stage: Stage, sub: str | None) -> LoopTier:
    """Loop tier of a stage; ``infra`` at repository level (``sub="repo"``) is outside the loop."""
    if stage is Stage.OTHER or (stage is Stage.INFRA and sub == "repo"):
        return LoopTier.L0
    return LoopTier.L2 if stage in _L2 else LoopTier.L1


@dataclass(frozen=True, slots=True)
class StageCall:
    """The stage of one file, with its doubt and its reasons."""

    stage: Stage
    """First choice."""
    sub: str | None
    """``compute``, ``storage`` or ``repo`` for ``infra``; otherwise ``None``."""
    confidence: float
    """Calibrated probability of the first choice, 0..1."""
    second: Stage | None
    """Second choice; ``None`` when nothing else was plausible."""
    evidence: tuple[str, ...]
    """What carried the decision, strongest first."""
    chances: tuple[tuple[Stage, float], ...] = ()
    """Calibrated probabilities worth naming, largest first; empty when the stage was pinned."""


@dataclass(frozen=True, slots=True)
class FacetCall:
    """The facet of one file and the rule that placed it."""

    facet: Facet
    """The facet."""
    rule: str
    """Rule id; every exclusion is counted by it."""
