"""How the use cases tell how far they are; the command line draws it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives steps and counts; never changes a result."""

    def step(self, title: str, total: int | None) -> None:
        """Start a step; ``total`` is how many units it has, where known."""

    def advance(self, done: int) -> None:
        """Say how many units of the current step are done."""


class Silent:
    """Tells nobody."""

    def step(self, title: str, total: int | None) -> None:
        """Do nothing."""

    def advance(self, done: int) -> None:
        """Do nothing."""
