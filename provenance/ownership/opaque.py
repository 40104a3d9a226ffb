"""Files whose lines are not known: not text, or behind content that git would not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.terms.unmeasured import Reason

if TYPE_CHECKING:
    from provenance.ownership.tree import Version


@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """Why a version has no line ids, and what would be needed to find them."""

    reason: Reason
    """``binary``, ``symlink``, ``submodule`` or ``inconsistent_diff``."""
    commit: int = -1
    """Number of the commit that made this version."""
    before: Version | None = None
    """The version it was made from, where git called one of the two binary."""

    @property
    def may_be_text(self) -> bool:
        """Whether the file may be text again: it was made from a file that was not."""
        return self.before is not None and isinstance(self.before.lines, Opaque)
