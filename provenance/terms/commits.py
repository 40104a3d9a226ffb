"""Commits and the people, programs and models named in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

CommitId = NewType("CommitId", str)
"""Full hexadecimal object id of a commit (40 digits for SHA-1, 64 for SHA-256)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A raw git identity, never rewritten by a mailmap."""

    name: str
    """Display name as stored (undecodable bytes as surrogate escapes)."""
    email: str
    """Address between the angle brackets as stored."""

    def __str__(self) -> str:
        """Return ``Name <email>``, the form identity rules match on."""
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as git stores it."""

    id: CommitId
    """Full object id."""
    parents: tuple[CommitId, ...]
    """Parents in order; empty for a root."""
    author: Identity
    """Raw author."""
    committer: Identity
    """Raw committer."""
    authored_at: int
    """Author date, seconds since 1970-01-01 UTC."""
    committed_at: int
    """Commit date, seconds since 1970-01-01 UTC."""
    message: str
    """Whole raw message (undecodable bytes as surrogate escapes)."""

    @property
    def subject(self) -> str:
        """First line of the message."""
        return self.message.split("\n", 1)[0]

    @property
    def is_merge(self) -> bool:
        """Whether the commit has more than one parent."""
        return len(self.parents) > 1
