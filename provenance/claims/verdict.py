"""What the measurement says about each claim."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from fractions import Fraction

from provenance.claims.disclosure import Claim, Disclosure, Reading
from provenance.terms.counts import Share


@unique
class Word(StrEnum):
    """The verdict itself."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    MIXED = "mixed"
    NOT_DECIDABLE = "not_decidable"
    NOT_A_MEASUREMENT = "not_a_measurement"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one comparison gave, before it is named after its reading or stage."""

    word: Word
    """The verdict."""
    reasons: tuple[str, ...] = ()
    """Reason codes, sorted."""
    low: Share | None = None
    """Least share that the evidence allows; ``None`` where none was measured."""
    high: Share | None = None
    """Greatest share that the evidence allows."""
    measured: str = ""
    """Where the figure was taken, in words (hostile text)."""
    needed: tuple[str, ...] = ()
    """What would decide it, in sentences."""
    change: tuple[Fraction, Fraction] | None = None
    """Least and greatest change at an event, per week; only for accelerations."""
    between: tuple[str, str] | None = None
    """Bins between which a threshold is crossed (the second empty where never surely)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stage of a reading that speaks of several."""

    name: str
    """The stage."""
    outcome: Outcome
    """What was found."""


@dataclass(frozen=True, slots=True)
class ReadingVerdict:
    """One reading, judged."""

    reading: Reading
    """The reading."""
    definition: str
    """The reading in words (hostile text)."""
    outcome: Outcome
    """What was found."""
    parts: tuple[Part, ...]
    """Stages one by one, where the reading speaks of each or any of them."""
    assumptions: tuple[str, ...]
    """Codes of what a support or contradiction assumes, sorted; empty when undecided."""


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """One claim over all its readings."""

    claim: Claim
    """The claim."""
    word: Word
    """The verdict over all readings."""
    readings: tuple[ReadingVerdict, ...]
    """In the order of the file; empty for claims that are not measured."""
    reasons: tuple[str, ...]
    """Codes of all readings, sorted."""
    conflict: str = ""
    """What the records say against the date of the claim's event, in words."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A whole disclosure, judged."""

    disclosure: Disclosure
    """What was disclosed."""
    claims: tuple[ClaimVerdict, ...]
    """In the order of the file."""

    @property
    def contradicted(self) -> bool:
        """Whether a claim is contradicted under every reading that decides."""
        return any(claim.word is Word.CONTRADICTED for claim in self.claims)

    @property
    def undecided(self) -> bool:
        """Whether a claim that could be measured is not decided, or only in part."""
        return any(claim.word in {Word.NOT_DECIDABLE, Word.MIXED} for claim in self.claims)


def together(words: list[Word]) -> Word:
    """Return one verdict over several: unanimous, else mixed where any is decided."""
    if len(set(words)) == 1:
        return words[0]
    undecided = {Word.NOT_DECIDABLE, Word.NOT_A_MEASUREMENT}
    return Word.NOT_DECIDABLE if set(words) <= undecided else Word.MIXED
