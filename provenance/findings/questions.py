"""The findings as data: definition, base rate, severity, wording and thresholds."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from provenance.errors import CatalogueError
from provenance.metrics.measurement import Finding

MOST_PLACES = 100
"""Places that are listed of one finding; the count tells how many there are."""

SEVERITIES = ("A", "B", "C")
"""``A`` blocks verdicts, ``B`` widens bounds or asks for a sample, ``C`` is printed."""

_TEXTS = ("id", "severity", "title", "definition", "base_rate", "effect")
_KEYS = (*_TEXTS, "numbers", "rules", "against_dates")


@dataclass(frozen=True, slots=True)
class Question:
    """What one finding means."""

    id: str
    """Stable word: key of the detector, heading in ``docs/findings.md``, word in the report."""
    severity: str
    """``A``, ``B`` or ``C``."""
    title: str
    """What was seen, as a question, in one sentence."""
    definition: str
    """When it is made."""
    base_rate: str
    """How often it is made in public histories."""
    effect: str
    """What it does, and the usual answers."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Thresholds by name."""
    rules: tuple[str, ...] = ()
    """Authorship rules of which a match makes it."""
    against_dates: bool = False
    """Whether dates of this history then prove nothing (``predates_ai`` is switched off)."""

    def asked(self, places: tuple[str, ...], count: int) -> Finding:
        """Return the finding with its first places."""
        return Finding(
            id=self.id,
            severity=self.severity,
            title=self.title,
            places=places[:MOST_PLACES],
            count=count,
            meaning=self.definition,
            base_rate=self.base_rate,
            effect=self.effect,
        )


def parse_questions(values: Mapping[str, Any], *, place: str) -> tuple[Question, ...]:
    """Build the questions from a parsed file; raises ``CatalogueError`` naming ``place``."""
    found = tuple(_question(item, place) for item in values.get("finding", ()))
    ids = [question.id for question in found]
    if not ids or ids != sorted(set(ids)):
        raise CatalogueError(f"{place} is not sorted by id", slug="catalogue-id")
    return found


@functools.cache
def questions() -> tuple[Question, ...]:
    """Return every question, sorted by id."""
    file = resources.files("provenance.findings") / "questions.toml"
    return parse_questions(tomllib.loads(file.read_text(encoding="utf-8")), place="questions.toml")


def question(name: str) -> Question:
    """Return one question; raises ``CatalogueError`` when there is none."""
    for known in questions():
        if known.id == name:
            return known
    raise CatalogueError(f"no finding '{name}'", slug="catalogue-no-finding")


def _question(item: Mapping[str, Any], place: str) -> Question:
    name = str(item.get("id", "?"))
    unknown = [key for key in item if key not in _KEYS]
    missing = [key for key in _TEXTS if not isinstance(item.get(key), str) or not item[key]]
    if unknown or missing or item["severity"] not in SEVERITIES:
        wrong = ", ".join([*unknown, *missing]) or "severity"
        raise CatalogueError(f"finding '{name}' in {place}: {wrong}", slug="catalogue-value")
    return Question(
        **{key: item[key] for key in _TEXTS},
        numbers=dict(item.get("numbers", {})),
        rules=tuple(item.get("rules", ())),
        against_dates=bool(item.get("against_dates", False)),
    )
