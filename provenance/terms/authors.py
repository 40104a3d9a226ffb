"""Author types, evidence tiers and the attribution of a commit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import NewType

RuleId = NewType("RuleId", str)
"""Id of a catalogue rule: the same word in the file name, docs, ``explain`` and the ledger."""


@unique
class AuthorType(StrEnum):
    """Who wrote a line or a commit, as far as evidence says."""

    AI = "ai"
    ASSISTED = "assisted"
    AUTOMATION = "automation"
    HUMAN = "human"
    PREDATES_AI = "predates_ai"
    UNATTESTED = "unattested"


@unique
class Tier(StrEnum):
    """How directly the evidence was recorded, strongest first."""

    OBSERVED = "observed"
    DECLARED = "declared"
    STAMPED = "stamped"
    RECOVERED = "recovered"
    INFERRED = "inferred"


@unique
class Strength(StrEnum):
    """What a sign asserts about a change, strongest first."""

    WROTE = "wrote"
    CO_WROTE = "co-wrote"
    ASSISTED = "assisted"
    SESSION = "session"
    SUGGESTED = "suggested"
    PROCESS = "process"
    HINT = "hint"
    AUTOMATION = "automation"
    NONE = "none"


@unique
class Where(StrEnum):
    """The part of a commit in which a sign was seen."""

    AUTHOR = "author"
    COMMITTER = "committer"
    CO_AUTHOR = "co-author"
    TRAILER = "trailer"
    FOOTER = "footer"
    SUBJECT = "subject"
    PROSE = "prose"
    NOTE = "note"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class Maker:
    """Harness and model are separate facts; unknown stays ``None``."""

    agent: str | None = None
    """Catalogue id of the harness, for example ``claude-code``."""
    vendor: str | None = None
    """Vendor of the *model* (not of the harness), for example ``Anthropic``."""
    family: str | None = None
    """Model family in lower case, for example ``claude``."""
    model: str | None = None
    """Normalised model version, for example ``claude-opus-4.5``."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign seen in a commit: the rule, the place and the bytes."""

    rule: RuleId
    """The rule that matched."""
    where: Where
    """The part of the commit."""
    text: str
    """The matched text, as stored (hostile: escape before showing)."""
    strength: Strength
    """What the sign asserts."""
    tier: Tier
    """How directly it was recorded."""
    maker: Maker = Maker()
    """Harness and model named by the sign."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The author type of one commit, with what decided it."""

    author_type: AuthorType
    """The decision."""
    tier: Tier | None
    """Tier of the deciding evidence; ``None`` when nothing decided."""
    rule: RuleId | None
    """Deciding rule; ``None`` when nothing decided."""
    maker: Maker
    """Harness and model as far as the evidence names them."""
    evidence: tuple[Evidence, ...]
    """Everything that was seen, deciding sign first."""
    conflict: bool
    """Whether signs disagree (two vendors, automation and AI, ...)."""


UNATTESTED = Attribution(AuthorType.UNATTESTED, None, None, Maker(), (), conflict=False)
"""Nothing was seen."""
