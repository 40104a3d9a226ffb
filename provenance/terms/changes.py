"""Changes of files between a commit and one parent, as git prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique


@unique
class Lens(StrEnum):
    """How edits are seen when ownership is decided."""

    PLAIN = "plain"
    IGNORE_WHITESPACE = "ignore-whitespace"


@dataclass(slots=True)
class Change:
    """One file changed by one commit, relative to one parent.

    Mutable only while the stream parser fills it: there are hundreds of thousands.
    """

    status: bytes
    """``A``, ``D``, ``M``, ``R`` or ``T``."""
    old_mode: bytes
    """Six octal digits; zeros for an added file."""
    new_mode: bytes
    """Six octal digits; zeros for a deleted file."""
    old_blob: bytes
    """Full hexadecimal id; zeros for an added file."""
    new_blob: bytes
    """Full hexadecimal id; zeros for a deleted file."""
    path: bytes
    """Path after the change, raw."""
    old_path: bytes
    """Path before the change; differs from ``path`` for renames only."""
    score: int = 0
    """Likeness of a rename in whole percent, 0..100."""
    binary: bool = False
    """Whether git calls one side binary and so printed no lines."""
    hunks: list[int] = field(default_factory=list)
    """Flat quadruples: old start, old lines, new start, new lines; half-open, zero-based."""


@dataclass(frozen=True, slots=True)
class Contested:
    """A path of a merge that equals no parent: what each parent can say about it."""

    path: bytes
    """Raw path in the merge."""
    sides: tuple[tuple[int, bytes, Change], ...]
    """(parent position, path there, difference from there), in the order of parents."""
    alone: Change | None
    """The whole file as an addition, where no parent has it under any name."""


@dataclass(frozen=True, slots=True)
class MergeStep:
    """What a merge does to its first parent's tree."""

    entries: tuple[tuple[bytes, bytes, bytes], ...]
    """(path, new blob, new mode) of every difference from the first parent."""
    contested: Mapping[bytes, Contested]
    """Those of them that equal no parent, by path."""
