"""Events beneath a time chart, one lane a kind, and what claims name as frames inside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from provenance_reports import words
from provenance_reports.charts.scale import WIDTH, down, hundredths, percent
from provenance_reports.days import ordinal
from provenance_reports.document import Event, Verdict

_LANES: Final = (("model", "models"), ("mark", "marks"), ("claim", "claims"))
KINDS: Final = tuple(kind for kind, _ in _LANES)
"""Kinds of events, in the order of their lanes."""
_LETTER: Final = 85
"""Hundredths of a percent that a letter takes on a wide screen."""
_SPACE: Final = 250
_THIN: Final = 20
"""Tenths of a pixel between the edges of a frame at least: a line alone is not drawn."""
_NARROW: Final = 20
"""Hundredths of a percent that it is wide at least."""
_LONGEST: Final = 22


@dataclass(frozen=True, slots=True)
class Target:
    """The share that a claim names, over the time it speaks of."""

    x: str
    """Left edge, percent."""
    width: str
    """Width, percent."""
    y: str
    """Upper edge in pixels."""
    height: str
    """Height in pixels."""
    text: str
    """Claim and share."""
    anchor: str
    """``start`` or ``end``: on which side the text stands."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One event."""

    x: str
    """Place, percent."""
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


def targets(
    verdicts: Sequence[Verdict],
    *,
    basis: str,
    subject: str,
    place: Callable[[int, int], tuple[int, int] | None],
    height: int,
) -> tuple[Target, ...]:
    """Return what claims about ``stock`` or ``flow`` of ``ai`` or ``own`` would have to hold.

    ``place`` turns the first and last day of a claim into horizontal places, or ``None``
    where the chart does not reach.
    """
    found = []
    for verdict in verdicts:
        if (verdict.basis, verdict.subject) != (basis, subject):
            continue
        low, high = verdict.target_low or (0, 1), verdict.target_high or (1, 1)
        days = ordinal("", "day", verdict.begins), ordinal("", "day", verdict.ends)
        reach = place(*days) if all(days) and days[0] <= days[1] else None
        asks = verdict.target_low or verdict.target_high
        if not reach or not asks or not _is_share(low) or not _is_share(high):
            continue
        if low[0] * high[1] > high[0] * low[1]:
            continue
        top, bottom = down(*high, height), down(*low, height)
        top, bottom = min(top, bottom - _THIN), max(bottom, top + _THIN)
        found.append(
            Target(
                x=percent(reach[0]),
                width=percent(max(_NARROW, reach[1] - reach[0])),
                y=f"{top // 10}.{top % 10}",
                height=f"{(bottom - top) // 10}.{(bottom - top) % 10}",
                text=f"{words.visible(verdict.claim, _LONGEST)}: {_asked(low, high)}",
                anchor="end" if reach[0] * 2 > WIDTH else "start",
            )
        )
    return tuple(found)


def _is_share(share: tuple[int, int]) -> bool:
    return 0 <= share[0] <= share[1] and share[1] > 0


def _asked(low: tuple[int, int], high: tuple[int, int]) -> str:
    least, most = words.percent(*low, 0), words.percent(*high, 0)
    if least == most:
        return least
    if high[0] == high[1]:
        return f"at least {least}"
    return f"at most {most}" if not low[0] else f"{least} to {most}"


def between_days(first: int, last: int) -> Callable[[int, int], tuple[int, int] | None]:
    """Return the places of days on an axis from one day to another."""

    def place(begin: int, end: int) -> tuple[int, int] | None:
        if end < first or begin > last or first == last:
            return None
        ends = (max(begin, first) - first, min(end, last) - first)
        return hundredths(ends[0], last - first), hundredths(ends[1], last - first)

    return place


def among_windows(
    ends: Sequence[int | None],
) -> Callable[[int, int], tuple[int, int] | None]:
    """Return the places of days among equal columns, given by their last days."""

    def place(begin: int, end: int) -> tuple[int, int] | None:
        before = 0
        inside = []
        for at, last in enumerate(ends):
            if last and begin <= last and end > before:
                inside.append(at)
            before = last or before
        if not inside:
            return None
        count = len(ends)
        return WIDTH * inside[0] // count, WIDTH * (inside[-1] + 1) // count

    return place


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
        marks.append(Mark(percent(x), title(event), text, anchor))
    return tuple(marks)
