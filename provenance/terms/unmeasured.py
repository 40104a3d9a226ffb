"""A value with a reason, where a number cannot be given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Reason(StrEnum):
    """Why something could not be measured."""

    MISSING_BLOB = "missing_blob"
    SUBMODULE = "submodule"
    LFS_POINTER = "lfs_pointer"
    SHALLOW_BOUNDARY = "shallow_boundary"
    UNDECODABLE = "undecodable"
    BINARY = "binary"
    SYMLINK = "symlink"
    TOO_LARGE = "too_large"
    UNREADABLE_RECORD = "unreadable_record"
    INCONSISTENT_DIFF = "inconsistent_diff"
    NO_GRAMMAR = "no_grammar"


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Files that could not be measured for one reason."""

    reason: Reason
    """Why."""
    files: int
    """How many files."""
    lines: int
    """How many lines stand behind them where git knows (counted as unattested); 0 if unknowable."""
    examples: tuple[str, ...] = ()
    """A few paths (hostile text: escape before showing)."""
