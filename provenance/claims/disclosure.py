"""What somebody disclosed, as values: sources, events, claims and every reading of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from provenance.claims.vocabulary import (
    Assisted,
    Attribution,
    Author,
    Basis,
    Bin,
    Comparator,
    Direction,
    Effect,
    EventDate,
    Kind,
    Moment,
    Owner,
    Quantifier,
    Scale,
    SourceTier,
    Unit,
)
from provenance.terms.stages import Stage

SCHEMA: Final = "provenance-disclosure/1"
"""The version of the file format that this release reads."""


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of whole days in UTC, both ends included."""

    first: date
    """First day."""
    last: date
    """Last day."""
    text: str
    """As it was written."""


@dataclass(frozen=True, slots=True)
class Releases:
    """From one release to the next, or one release alone."""

    start: str
    """Tag at the start (hostile text); empty where only a state is meant."""
    end: str
    """Tag at the end (hostile text), or ``HEAD``."""
    text: str
    """As it was written."""


Window = Days | Releases


@dataclass(frozen=True, slots=True)
class Source:
    """A text that says it."""

    id: str
    """Word that claims refer to."""
    tier: SourceTier
    """How near it stands to who said it."""
    title: str
    """Title (hostile text)."""
    published: Days | None
    """When; ``None`` when nobody knows."""
    locator: str
    """Where it is found (hostile text)."""
    sha256: str
    """Digest of the text that was read; empty when none was kept."""
    read_via: str = ""
    """Where it was read, if not there (hostile text)."""
    note: str = ""
    """What a reader should know (hostile text)."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that claims refer to, with its claimed and its real date apart."""

    id: str
    """Word that claims refer to."""
    claimed: Days | None
    """When the claim says it was."""
    resolved: Days | None
    """When independent records say it was."""
    resolved_by: tuple[str, ...]
    """Those records (hostile text)."""
    claimed_in: str = ""
    """Id of the source that claims the date; empty when it is not named."""

    @property
    def conflict(self) -> bool:
        """Whether the claimed and the resolved date exclude each other."""
        if self.claimed is None or self.resolved is None:
            return False
        return self.claimed.last < self.resolved.first or self.resolved.last < self.claimed.first


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is divided by what."""

    unit: Unit
    """What is counted."""
    basis: Basis
    """Code that is there, or code that came."""
    moment: Moment
    """Which lines of it."""
    numerator: str = ""
    """The numerator in words (hostile text)."""
    denominator: str = ""
    """The denominator in words (hostile text)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which code is spoken of; what is empty stands for the measured repository as it is."""

    repositories: tuple[str, ...] = ()
    """Names of the repositories that are meant, or one sentence (hostile text)."""
    stages: tuple[Stage, ...] = ()
    """Stages, in the order of the file."""
    paths: tuple[str, ...] = ()
    """Globs of paths (hostile text)."""
    languages: tuple[str, ...] = ()
    """Languages (hostile text)."""
    facets: tuple[str, ...] = ()
    """Facets of the denominator, sorted."""
    quantifier: Quantifier = Quantifier.UNION
    """How several stages are put together."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading that the wording allows, with nothing left open."""

    id: str
    """Word for it, unique within the claim."""
    quantity: Quantity
    """What is divided by what."""
    scope: Scope
    """Which code."""
    window: Window | None
    """When; ``None`` for claims about a series."""
    author: Author
    """Whose lines."""
    attribution: Attribution = Attribution.WRITTEN
    """What makes a line AI's."""
    assisted: Assisted = Assisted.OPEN
    """How lines of assisted commits count."""
    lens: Owner | None = None
    """Whose a line is after edits; ``None`` takes the lens of the measurement."""
    bin: Bin = Bin.WEEK
    """Points of the series."""
    sustain: int = 1
    """Bins in a row that must hold the threshold."""
    scale: Scale = Scale.SHARE
    """Scale of an acceleration."""
    event_date: EventDate = EventDate.RESOLVED
    """Which date of the event."""
    before: int = 12
    """Bins needed before the event."""
    after: int = 12
    """Bins needed after the event."""
    evidence_class: str = "unstated"
    """What stands behind the discloser's own figure."""


@dataclass(frozen=True, slots=True)
class Region:
    """The shares that make a level true."""

    low: Fraction
    """Smallest share."""
    high: Fraction
    """Largest share."""
    low_open: bool = False
    """Whether the smallest itself is outside."""
    high_open: bool = False
    """Whether the largest itself is outside."""


@dataclass(frozen=True, slots=True)
class Level:
    """A disclosed share."""

    comparator: Comparator
    """How it is worded."""
    value: Fraction
    """The figure, 0..1."""
    region: Region
    """The shares that make it true."""
    tolerance: Fraction
    """Half the width of ``about``; 0 otherwise."""
    tolerance_source: str
    """Where the tolerance comes from (hostile text)."""
    text: str
    """The figure in words, as ``about 80 % (±5)``."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A disclosed date of passing a share."""

    threshold: Fraction
    """The share, 0..1."""
    direction: Direction
    """Which way."""
    window: Days
    """When it is said to have happened."""
    text: str
    """In words."""


@dataclass(frozen=True, slots=True)
class Acceleration:
    """A disclosed change of pace at an event."""

    event: str
    """Id of the event."""
    effect: Effect
    """What changes."""
    text: str
    """In words."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One disclosed sentence and every reading of it."""

    id: str
    """Word for it."""
    kind: Kind
    """What it states."""
    sources: tuple[str, ...]
    """Ids of the texts that say it."""
    wording: str
    """The sentence, verbatim (hostile text)."""
    what: Level | Crossing | Acceleration | None
    """What is stated; ``None`` for kinds that are not measured."""
    readings: tuple[Reading, ...]
    """In the order of the file."""
    note: str = ""
    """What a reader should know (hostile text)."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A whole file."""

    name: str
    """Who disclosed (hostile text)."""
    role: str
    """What they are (hostile text)."""
    families: tuple[str, ...]
    """Model families that are their own, lower case, sorted."""
    sources: tuple[Source, ...]
    """In the order of the file."""
    events: tuple[Event, ...]
    """In the order of the file."""
    claims: tuple[Claim, ...]
    """In the order of the file."""
    digest: str
    """SHA-256 of the file's bytes."""

    def source(self, name: str) -> Source:
        """Return a source by its id."""
        return next(source for source in self.sources if source.id == name)

    def event(self, name: str) -> Event:
        """Return an event by its id."""
        return next(event for event in self.events if event.id == name)
