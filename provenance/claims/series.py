"""The weeks or months of a measurement, as a reading counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from provenance.claims import exact
from provenance.claims.disclosure import Reading
from provenance.claims.figures import Figure, of_point, of_windows
from provenance.claims.vocabulary import Basis
from provenance.metrics.measurement import Measurement
from provenance.terms.stages import Stage

_LONGEST = timedelta(weeks=6000)
"""How far before its end a series is looked at."""


@dataclass(frozen=True, slots=True)
class Step:
    """One week or month."""

    label: str
    """``2026-W07`` or ``2026-03``."""
    first: date
    """First day."""
    last: date
    """Last day."""
    figure: Figure | None
    """The interval; ``None`` where nothing was counted."""


def series(measurement: Measurement, reading: Reading, stages: Sequence[Stage]) -> list[Step]:
    """Return every step in order; steps between two that nobody measured have no figure."""
    kind = reading.bin.value
    found: dict[str, Figure | None] = {}
    if reading.quantity.basis is Basis.STOCK:
        for point in measurement.stock:
            if point.kind == kind:
                found[point.at] = of_point(point, reading, stages)
    else:
        for window in measurement.flow:
            if window.kind == kind:
                found[window.end] = of_windows((window,), reading, stages)
    return _regular({label: figure for label, figure in found.items() if _readable(label)})


def _readable(label: str) -> bool:
    try:
        exact.days(label)
    except ValueError:
        return False
    return True


def _regular(found: dict[str, Figure | None]) -> list[Step]:
    if not found:
        return []
    known = {exact.days(label).first: (label, figure) for label, figure in found.items()}
    weekly = "W" in next(iter(found))
    steps: list[Step] = []
    end = max(known)
    day = min(first for first in known if end - first <= _LONGEST)
    while day <= end:
        label, figure = known.get(day, (label_of(day, weekly=weekly), None))
        span = exact.days(label_of(day, weekly=weekly))
        steps.append(Step(label, span.first, span.last, figure))
        day = span.last + timedelta(days=1)
    return steps


def label_of(day: date, *, weekly: bool) -> str:
    """Return the label of the week or month of a day."""
    if weekly:
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return f"{day.year:04}-{day.month:02}"
