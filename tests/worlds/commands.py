"""What a command of the command line did, for tests that run one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Said:
    """What one command did."""

    code: int
    """Exit code."""
    out: str
    """What went to stdout."""
    err: str
    """What went to stderr."""


class Provenance(Protocol):
    """Runs one command line in this process."""

    def __call__(self, *words: str | Path, stdin: str = "") -> Said:
        """Run ``provenance WORDS``; ``stdin`` is what it reads."""
