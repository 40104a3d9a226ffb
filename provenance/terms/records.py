"""What line-level records say: who wrote which lines of one commit's version of a file."""

from __future__ import annotations

from dataclasses import dataclass, field

from provenance.terms.authors import AuthorType, Maker, RuleId, Tier
from provenance.terms.commits import CommitId


@dataclass(frozen=True, slots=True)
class LineClaim:
    """A run of lines of one file, as the annotated commit has it, and who wrote them.

    Records often name lines that the commit did not add; whoever joins claims to lines
    clips them to the commit's additions.
    """

    path: str
    """Path in the annotated commit (hostile text)."""
    start: int
    """First line, counted from zero."""
    stop: int
    """Line after the last."""
    author_type: AuthorType
    """``ai``, ``assisted`` (mixed) or ``human``."""
    tier: Tier
    """``observed``; ``inferred`` where the writer guessed."""
    maker: Maker = field(default_factory=Maker)
    """Harness and model named for these lines."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many of a commit's added lines an agent wrote, without saying which."""

    low: int
    """At least so many lines."""
    high: int
    """At most so many lines."""
    whole: int
    """Of so many, by the record's own count."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line-level record of one commit in one dialect."""

    rule: RuleId
    """Id of the dialect, for example ``git-ai``; shown wherever the record decides."""
    commit: CommitId
    """The annotated commit."""
    place: str
    """Where it was read: ref and path, or trailer (hostile text)."""
    claims: tuple[LineClaim, ...] = ()
    """In the record's order: a later claim on the same line replaces an earlier one."""
    estimate: Estimate | None = None
    """A share of the whole commit, where no lines are named."""
    makers: tuple[Maker, ...] = ()
    """Harnesses and models named for the commit as a whole."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A record, or a part of one, that could not be used."""

    rule: RuleId
    """Id of the dialect."""
    place: str
    """Where: ref and path (hostile text)."""
    slug: str
    """Why, in one stable word: ``unsupported-version``, ``too-large``, ``not-json`` ..."""
    detail: str
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every record found in a clone."""

    records: tuple[Record, ...]
    """Sorted by commit, then rule, then place."""
    problems: tuple[Problem, ...]
    """Sorted by rule, then place, then slug."""
    totals: tuple[tuple[RuleId, int], ...]
    """Records seen per dialect, readable or not, sorted."""
    pins: tuple[tuple[str, str], ...]
    """(ref, tip id) of every ref read, sorted: notes can be changed later."""
    reachable: tuple[tuple[RuleId, int], ...] = ()
    """Those of them that belong to a commit asked about, sorted."""
