"""Read the story: one commit a line, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final

_HAND: Final = re.compile(r"(?P<name>[a-z]+(?:-\d)?)(?:\+(?P<with>[\w-]+)|\((?P<secret>[\w-]+)\))?")
_EDIT: Final = re.compile(r"(?P<path>[\w/.]+?)\+(?P<added>\d+)(?:-(?P<removed>\d+))?")
_PEOPLE: Final = ("ada", "ben", "cleo")
BOT: Final = "bot"
"""Word for the program that updates dependencies."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who commits, who wrote, and what is said of it."""

    name: str
    """Name under which it is committed: a person, a model or ``bot``."""
    model: str | None
    """Model that wrote, alone or together with the person."""
    said: bool
    """Whether the commit says so."""

    @property
    def is_person(self) -> bool:
        """Whether it is committed under a person's name."""
        return self.name in _PEOPLE

    @property
    def shared(self) -> bool:
        """Whether a person and a model wrote together."""
        return self.is_person and self.model is not None and self.said


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines written to a file and taken from it."""

    path: str
    """The file; it begins to exist with its first edit."""
    added: int
    """Lines written."""
    removed: int
    """Lines taken away."""


@dataclass(frozen=True, slots=True)
class Step:
    """One commit of the story."""

    second: int
    """Date, seconds since 1970."""
    hand: Hand
    """Who."""
    branch: str
    """Branch; ``main`` unless said."""
    subject: str
    """First line of the message."""
    edits: tuple[Edit, ...]
    """Lines written and removed."""
    moves: tuple[tuple[str, str], ...]
    """Files that get a new path."""
    merge: str | None
    """Branch that comes in whole."""
    squash: str | None
    """Branch that comes in as this one commit."""
    formats: bool
    """Whether all code is set anew."""
    tag: str | None
    """Release made of it."""
    noted: bool
    """Whether a recording tool was at work and left a note about every line."""


def read() -> tuple[Step, ...]:
    """Return the packaged story."""
    text = files("provenance.demo").joinpath("story.txt").read_text(encoding="utf-8")
    return tuple(_steps(text))


def _steps(text: str) -> Iterator[Step]:
    for line in text.splitlines():
        if not line.startswith("#"):
            who, changes, subject = (part.strip() for part in line.split("|"))
            yield _step(who.split(), changes.split(), subject)


def _step(who: list[str], changes: list[str], subject: str) -> Step:
    named = dict(word.split(":") for word in changes if ":" in word)
    moment = datetime.fromisoformat(f"{who[0]}T12:00:00").replace(tzinfo=UTC)
    return Step(
        second=int(moment.timestamp()),
        hand=_hand(who[1]),
        branch=who[2] if len(who) > 2 else "main",
        subject=subject,
        edits=tuple(_edits(changes)),
        moves=tuple((old, new) for old, _, new in (w.partition(">") for w in changes) if new),
        merge=named.get("merge"),
        squash=named.get("squash"),
        formats="format" in changes,
        tag=named.get("tag"),
        noted="noted" in changes,
    )


def _hand(word: str) -> Hand:
    found = _HAND.fullmatch(word)
    assert found, word
    name = found["name"]
    alone = None if name in _PEOPLE or name == BOT else name
    return Hand(name, found["with"] or found["secret"] or alone, said=not found["secret"])


def _edits(changes: list[str]) -> Iterator[Edit]:
    for word in changes:
        found = _EDIT.fullmatch(word)
        if found:
            yield Edit(found["path"], int(found["added"]), int(found["removed"] or 0))
