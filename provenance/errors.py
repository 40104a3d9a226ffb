"""One error family.

Every error a person may see has a slug (stable, searchable), a message (what is
wrong) and a hint (what to do next).  Foreign exceptions are translated into one of
these at the edge of the room where they arise.
"""

from __future__ import annotations

from typing import Self


class MeterError(Exception):
    """A failure the reader can act on."""

    def __init__(self, message: str, *, slug: str, hint: str = "") -> None:
        """Keep the message, the stable ``slug`` and the ``hint`` that says what to do next."""
        super().__init__(message)
        self.message = message
        self.slug = slug
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling between processes with slug and hint intact."""
        return (_rebuild, (type(self), self.message, self.slug, self.hint))

    @classmethod
    def of(cls, message: str, slug: str, hint: str) -> Self:
        """Build from positional parts (used when unpickling)."""
        return cls(message, slug=slug, hint=hint)


def _rebuild(kind: type[MeterError], message: str, slug: str, hint: str) -> MeterError:
    return kind.of(message, slug, hint)


class UsageError(MeterError):
    """Wrong words on the command line or in a configuration file (exit 2)."""


class InconclusiveError(MeterError):
    """The repository cannot answer the question as it stands (exit 3)."""


class IntegrityError(MeterError):
    """Something that must agree does not (exit 4)."""


class HistoryError(MeterError):
    """The git history could not be read."""


class EvidenceError(MeterError):
    """A line-level record could not be read."""


class CatalogueError(MeterError):
    """A rule file is wrong."""


class LedgerError(MeterError):
    """A stored run could not be written or read."""


class ClaimError(MeterError):
    """A disclosure file is wrong."""


class AttestationError(MeterError):
    """A statement could not be made or checked."""
