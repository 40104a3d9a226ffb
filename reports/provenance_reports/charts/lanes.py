"""Events beneath a time chart, one lane a kind, and claims at their place inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from provenance_reports import words
from provenance_reports.charts.scale import WIDTH, down, hundredths, percent
from provenance_reports.document import Event

_LANES: Final = (("model", "models"), ("mark", "marks"), ("claim", "claims"))
_LETTER: Final = 85
"""Hundredths of a percent that a letter takes on a wide screen."""
_SPACE: Final = 250
_LONGEST: Final = 22


@dataclass(frozen=True, slots=True)
class Mark:
    """One event."""

    x: str
    """Place, percent."""
    y: str
    """Place in pixels, inside the chart; empty in a lane."""
    title: str
    """What happened, in words."""
    text: str
    """Short name, where there is room for it; else empty."""
    anchor: str
    """``start`` or ``end``: on which side of the mark the name stands."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Events of one kind."""

    kind: str
    """``model``, ``mark`` or ``claim``."""
    name: str
    """The word at the left."""
    marks: tuple[Mark, ...]
    """In order of time."""


def lanes(events: Sequence[Event], first: int, last: int) -> tuple[Lane, ...]:
    """Return the kinds of events that occur between two days, each with its marks."""
    found = []
    for kind, name in _LANES:
        inside = [event for event in events if event.kind == kind and first <= event.day <= last]
        if inside:
            found.append(Lane(kind, name, _marks(inside, first, last)))
    return tuple(found)


def targets(events: Sequence[Event], first: int, last: int, height: int) -> tuple[Mark, ...]:
    """Return the claims that name a share, at their date and height."""
    found = []
    for event in events:
        if event.target is None or not first <= event.day <= last:
            continue
        part, whole = event.target
        if 0 <= part <= whole and whole:
            place = down(part, whole, height)
            at = hundredths(event.day - first, last - first)
            text = f"{words.visible(event.name, _LONGEST)}: {words.percent(part, whole, 0)}"
            anchor = "end" if at * 2 > WIDTH else "start"
            found.append(
                Mark(percent(at), f"{place // 10}.{place % 10}", title(event), text, anchor)
            )
    return tuple(found)


def title(event: Event) -> str:
    """Return an event in words."""
    return f"{event.date}: {words.visible(event.name, 60)}, {event.text}"


def _marks(events: Sequence[Event], first: int, last: int) -> tuple[Mark, ...]:
    places = [hundredths(event.day - first, last - first) for event in events]
    marks = []
    taken = 0
    for at, (event, x) in enumerate(zip(events, places, strict=True)):
        name = words.visible(event.name, _LONGEST)
        needed = len(name) * _LETTER + _SPACE
        after = places[at + 1] if at + 1 < len(places) else WIDTH
        text, anchor = "", "start"
        if x + needed <= after:
            text, taken = name, x + needed
        elif x - needed >= taken:
            text, anchor, taken = name, "end", x + _SPACE
        else:
            taken = max(taken, x + _SPACE)
        marks.append(Mark(percent(x), "", title(event), text, anchor))
    return tuple(marks)
