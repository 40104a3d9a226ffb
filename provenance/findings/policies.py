"""Sentences that ask to leave marks of AI authorship out: wordings are data."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from provenance.errors import CatalogueError

_WORDS = re.compile(
    r"author|generated[ -](?:with|by)|assisted-by|attribution|signature|footer|trailer"
    r"|mention|referenc|referring|credit",
    re.IGNORECASE,
)
_KEEPS = re.compile(r"\b(?:forget|remove|strip|drop|delete|omit)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:do not|never|\w{2,6}n\Wt|\w{2,6} not|cannot|avoid)\b", re.IGNORECASE)
_COMMITS = re.compile(r"\bcommit|\bpull request|\bPRs?\b|\bgit\b|\btrailer", re.IGNORECASE)
_BEFORE = 8
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of saying so."""

    id: str
    """Stable word."""
    pattern: str
    """Expression searched in a line and its continuation."""
    matches: tuple[str, ...]
    """Sentences it must find."""
    non_matches: tuple[str, ...]
    """Near misses it must leave alone."""
    about_commits: bool = False
    """Whether the line, or one of the few before it, must speak of commits."""


@functools.cache
def wordings() -> tuple[Wording, ...]:
    """Return the known wordings, sorted; raises ``CatalogueError`` when the file is wrong."""
    file = resources.files("provenance.findings") / "wordings.toml"
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    found = tuple(
        Wording(
            item["id"],
            item["pattern"].replace("{mark}", values["mark"]),
            tuple(item["matches"]),
            tuple(item["non_matches"]),
            item.get("about_commits", False),
        )
        for item in values["wording"]
    )
    if [wording.id for wording in found] != sorted({wording.id for wording in found}):
        raise CatalogueError("wordings.toml is not sorted by id", slug="catalogue-id")
    return found


@functools.cache
def _compiled() -> Sequence[tuple[re.Pattern[str], bool]]:
    return [(re.compile(w.pattern, re.IGNORECASE), w.about_commits) for w in wordings()]


def forbidding_lines(text: str) -> list[int]:
    """Return the lines (from one) on which a sentence that forbids marks begins.

    Very long lines are cut.
    """
    lines = [line[:_LONGEST].strip() for line in text.split("\n")]
    found = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _WORDS.search(line) or _WORDS.search(following):
            joined = f"{line} {following}"
            around = (joined, *lines[max(0, number - _BEFORE) : number])
            about = any(_COMMITS.search(row) for row in around)
            if any(
                (about or not asked) and _forbids(pattern, joined, len(line))
                for pattern, asked in _compiled()
            ):
                found.append(number + 1)
    return found


def _forbids(pattern: re.Pattern[str], text: str, begins_before: int) -> bool:
    """Whether a sentence that begins early enough forbids, and does not say "do not remove"."""
    for found in pattern.finditer(text):
        if found.start() < begins_before:
            before = text[max(0, found.start() - 40) : found.start()].rsplit(".", 1)[-1]
            if not _NEGATION.search(before) and not _twice_negated(found[0]):
                return True
    return False


def _twice_negated(text: str) -> bool:
    """Whether the sentence forbids to take a mark away."""
    first = _NEGATION.match(text)
    return first is not None and _KEEPS.search(text, first.end()) is not None
