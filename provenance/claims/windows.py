"""The point or windows of a measurement that a reading's time names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from provenance.claims import exact
from provenance.claims.disclosure import Days, Reading, Releases, Window
from provenance.claims.series import label_of
from provenance.claims.vocabulary import Moment
from provenance.errors import ClaimError
from provenance.metrics.measurement import FlowWindow, Measurement, StockPoint

_DAY = timedelta(days=1)


def point(measurement: Measurement, window: Window) -> tuple[StockPoint | None, str]:
    """Return the revision a window ends with, or the code of why there is none."""
    if isinstance(window, Releases):
        kinds = {"head"} if window.end == exact.HEAD else {"release"}
        wanted = {window.end}
    else:
        last = window.last
        head = head_day(measurement)
        if last > head:
            return None, "after_head"
        if last == head:
            return measurement.head, ""
        kinds, wanted = {"month", "week"}, set()
        if (last + _DAY).day == 1:
            wanted.add(label_of(last, weekly=False))
        if last.isoweekday() == 7:
            wanted.add(label_of(last, weekly=True))
    for found in measurement.stock:
        if found.kind in kinds and found.at in wanted:
            return found, ""
    return None, "window_not_measured"


def flow(
    measurement: Measurement, window: Window, reading: Reading
) -> tuple[Sequence[FlowWindow], str]:
    """Return the windows that make up a stretch of time, or the code of why there are none."""
    if isinstance(window, Releases):
        found = [item for item in measurement.flow if _between(item, window)][:1]
        return (found, "") if found else ((), "window_not_measured")
    if window.last > head_day(measurement):
        return (), "after_head"
    for weekly in (False, True):
        tiles = _tiles(measurement, window, weekly=weekly)
        if len(tiles) == 1 or (tiles and reading.quantity.moment is Moment.MERGED):
            return tiles, ""
    return (), "window_not_measured"


def _between(item: FlowWindow, window: Releases) -> bool:
    kind = "head" if window.end == exact.HEAD else "release"
    return item.kind == kind and item.end == window.end and window.start in {"", item.start}


def _tiles(measurement: Measurement, window: Days, *, weekly: bool) -> Sequence[FlowWindow]:
    """Return the months or weeks that fill the stretch without rest, or none."""
    kind = "week" if weekly else "month"
    known = {item.end: item for item in measurement.flow if item.kind == kind}
    found: list[FlowWindow] = []
    day: date = window.first
    while day <= window.last:
        label = label_of(day, weekly=weekly)
        span = exact.days(label)
        if span.first != day or span.last > window.last or label not in known:
            return ()
        found.append(known[label])
        day = span.last + _DAY
    return found


def head_day(measurement: Measurement) -> date:
    """Return the day of the measured revision.

    Raises:
        ClaimError: the report gives none.

    """
    text = measurement.repository.head_date[:10]
    try:
        return exact.days(text).last
    except ValueError:
        raise ClaimError(
            f"the report gives no readable day for its head: {text!a}",
            slug="claims-report",
            hint="give the report.json that provenance measure wrote, unchanged",
        ) from None
