"""What a rule is: one sign, one place, one assertion."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique

from provenance.terms.authors import RuleId, Strength, Tier, Where


@unique
class RuleKind(StrEnum):
    """What sort of writer a rule recognises."""

    AGENT = "agent"
    """A tool driven by a language model, or a disclosure that one was used."""
    BOT = "bot"
    """A program that is known not to be a language model."""
    UNDISCLOSED = "undisclosed"
    """A machine account of which nobody has said what it is; reports list such accounts."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact about a rule was read."""

    at: str
    """``owner/name@commit``, a URL, or a package with its version."""
    seen: str
    """Date on which it was read, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Example:
    """Part of one commit that a rule must, or must not, match."""

    at: str
    """``owner/name@commit``, or ``documented: SOURCE`` where no public commit is known."""
    author: str = ""
    """Raw author as ``Name <email>``; empty means a neutral person."""
    committer: str = ""
    """Raw committer as ``Name <email>``; empty means the author."""
    message: str = ""
    """The lines of the message that matter."""
    model: str = ""
    """Normalised model the rule must read; only for matches."""
    also: tuple[RuleId, ...] = ()
    """Other rules that match the same example on purpose."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A second place that must (or must not) match for a rule to apply."""

    where: Where
    """The place looked at."""
    pattern: str
    """Regular expression searched there."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One sign, the place it is looked for, and what it asserts."""

    id: RuleId
    """Stable id: file name, heading in ``docs/rules.md`` and the word in ``explain``."""
    title: str
    """One line for people."""
    since: str
    """Version of the catalogue in which the rule appeared."""
    kind: RuleKind
    """What sort of writer is recognised."""
    where: Where
    """The part of the commit in which the patterns are searched."""
    patterns: tuple[str, ...]
    """Regular expressions; any of them suffices."""
    strength: Strength
    """What the sign asserts about the change."""
    tier: Tier
    """How directly it was recorded."""
    sources: tuple[Source, ...]
    """Where the facts were read."""
    matches: tuple[Example, ...]
    """Commits the rule must match."""
    non_matches: tuple[Example, ...]
    """Near misses the rule must leave alone."""
    agent: str | None = None
    """Id of the harness, for example ``claude-code``."""
    product: str | None = None
    """Product name of the harness."""
    harness_vendor: str | None = None
    """Maker of the harness (says nothing about the maker of the model)."""
    model_from: tuple[str, ...] = ()
    """Expressions whose group ``model`` reads a model name out of the matched text."""
    model: str | None = None
    """Model text assumed when none was read; only where the sign itself implies it."""
    needles: tuple[str, ...] = ()
    """Lower-case words of which the searched text must contain one (speed only)."""
    also: tuple[Condition, ...] = ()
    """Conditions that must all hold."""
    unless: tuple[Condition, ...] = ()
    """Conditions of which none may hold."""
    case: bool = False
    """Whether upper and lower case differ."""
    fallback: bool = False
    """Whether the rule speaks only when no other rule matched the same text."""
    quotes: bool = False
    """Whether this writer's messages quote other people's text and must not be read."""
    note: str = ""
    """What a reader should know before trusting the sign."""
