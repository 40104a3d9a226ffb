"""Integer counts by author type, and the figures made from them."""

from __future__ import annotations

from dataclasses import dataclass

from provenance.terms.authors import AuthorType


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction of two integers; rounded once, when printed."""

    part: int
    """Numerator."""
    whole: int
    """Denominator."""

    def percent(self, digits: int = 1) -> str:
        """Return a percentage that never shows 0 or 100 unless exact; ``n/a`` over nothing."""
        if self.whole == 0:
            return "n/a"
        scale = 10**digits
        tenths = (self.part * 100 * scale * 2 + self.whole) // (self.whole * 2)
        if tenths == 0 and self.part > 0:
            tenths = 1
        if tenths >= 100 * scale and self.part < self.whole:
            tenths = 100 * scale - 1
        whole, rest = divmod(tenths, scale)
        return f"{whole}.{rest:0{digits}d} %" if digits else f"{whole} %"


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines (or other units) by author type, over one denominator."""

    ai: int = 0
    assisted: int = 0
    automation: int = 0
    human: int = 0
    predates_ai: int = 0
    unattested: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add type by type."""
        return Counts(
            self.ai + other.ai,
            self.assisted + other.assisted,
            self.automation + other.automation,
            self.human + other.human,
            self.predates_ai + other.predates_ai,
            self.unattested + other.unattested,
        )

    def of(self, author_type: AuthorType) -> int:
        """Count of one author type."""
        value: int = getattr(self, author_type.value)
        return value

    @property
    def total(self) -> int:
        """The denominator."""
        return (
            self.ai
            + self.assisted
            + self.automation
            + self.human
            + self.predates_ai
            + self.unattested
        )

    @property
    def floor(self) -> int:
        """Lines an AI system is known to have written."""
        return self.ai

    @property
    def declared(self) -> int:
        """Floor plus lines of commits that declare AI assistance."""
        return self.ai + self.assisted

    @property
    def ceiling(self) -> int:
        """Everything not positively somebody or something else's."""
        return self.ai + self.assisted + self.unattested

    @property
    def covered(self) -> int:
        """Lines about which the history says something."""
        return self.total - self.unattested


@dataclass(frozen=True, slots=True)
class Own:
    """The three figures for the lab's own model families, over the same denominator."""

    floor: int = 0
    """``ai`` lines whose model resolves to an own family."""
    declared: int = 0
    """Floor plus ``assisted`` lines of an own family."""
    ceiling: int = 0
    """Declared plus AI lines of unknown model plus ``unattested`` lines, as far as an own
    model existed when they were committed."""

    def __add__(self, other: Own) -> Own:
        """Add figure by figure."""
        return Own(
            self.floor + other.floor,
            self.declared + other.declared,
            self.ceiling + other.ceiling,
        )
