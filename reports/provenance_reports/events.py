"""What happened when: models and kinds of evidence begin, claims are made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from provenance_reports.days import ordinal
from provenance_reports.document import Document, Event

_MADE: Final = ("ai", "assisted")
_MOST_EVENTS: Final = 12


def events(document: Document) -> tuple[Event, ...]:
    """Return what can explain a step: models and kinds of evidence begin, claims are made.

    Of models and of kinds of evidence the largest are taken, each once.
    """
    measurement = document.measurement
    models: dict[str, str] = {}
    for generation in measurement.generations:
        if generation.model:
            known = models.get(generation.model, generation.first_seen)
            models[generation.model] = min(known, generation.first_seen)
    rules: dict[str, str] = {}
    for step in sorted(measurement.ladder, key=lambda step: (-step.lines, step.rule)):
        if step.author_type in _MADE and step.rule and step.first_seen:
            rules[step.rule] = min(rules.get(step.rule, step.first_seen), step.first_seen)
    claims = [(verdict.claim, verdict.ends) for verdict in document.verdicts]
    found = [
        *_dated("model", list(models.items())[:_MOST_EVENTS], "first named by the evidence"),
        *_dated("mark", list(rules.items())[:_MOST_EVENTS], "first commit with this kind of mark"),
        *_dated("claim", claims, "claimed"),
    ]
    return tuple(sorted(found, key=lambda event: (event.day, event.kind, event.name)))


def _dated(kind: str, named: Iterable[tuple[str, str]], text: str) -> Iterable[Event]:
    """Yield an event for every (name, date) whose date can be read."""
    for name, moment in named:
        day = ordinal("", "day", moment)
        if day:
            yield Event(kind, day, date.fromordinal(day).isoformat(), name, text)
