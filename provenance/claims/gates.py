"""What must fit before a figure may be compared; everything that does not is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from provenance.claims.disclosure import Days, Disclosure, Event, Reading
from provenance.claims.known import Instrument, instruments
from provenance.claims.vocabulary import Author, Bin, EventDate, Moment, Unit
from provenance.metrics.measurement import Measurement

_MEASURED_UNITS: Final = frozenset({Unit.LINE, Unit.CODE_LINE, Unit.CHARACTER})
NEAR: Final = timedelta(days=28)
"""An event so near to a change of the instrument cannot be told from it."""


def general(reading: Reading, disclosure: Disclosure, measurement: Measurement) -> set[str]:
    """Return codes of what keeps a reading from being compared at all."""
    codes = set()
    if any(finding.severity == "A" for finding in measurement.findings):
        codes.add("integrity")
    codes |= _quantity(reading, measurement) | _scope(reading, measurement)
    if reading.author is Author.SELF_FAMILY:
        configured = measurement.definition.own_families
        if not configured:
            codes.add("own_not_configured")
        elif tuple(sorted(configured)) != disclosure.families:
            codes.add("own_differs")
        elif reading.quantity.moment is Moment.MERGED and not _own_of_added(measurement):
            codes.add("own_not_counted")
    return codes


def _quantity(reading: Reading, measurement: Measurement) -> set[str]:
    codes = set()
    unit, moment = reading.quantity.unit, reading.quantity.moment
    merged = moment is Moment.MERGED
    if moment is Moment.ACCEPTED:
        codes.add("not_in_history")
    if unit not in _MEASURED_UNITS:
        codes.add("unit_not_measured")
    elif unit.value != ("line" if merged else measurement.definition.unit):
        codes.add("unit_differs")
    if reading.lens and reading.lens.value != measurement.definition.lens:
        codes.add("lens_differs")
    if merged and reading.scope.stages:
        codes.add("merged_not_split")
    return codes


def _own_of_added(measurement: Measurement) -> bool:
    return all(window.added_own is not None for window in measurement.flow)


def _scope(reading: Reading, measurement: Measurement) -> set[str]:
    codes = set()
    scope = reading.scope
    if scope.repositories and scope.repositories != (measurement.repository.name,):
        codes.add("scope_not_covered")
    if scope.paths or scope.languages:
        codes.add("scope_not_measured")
    if scope.facets and scope.facets != tuple(sorted(measurement.definition.facets)):
        codes.add("denominator_differs")
    return codes


def dated(reading: Reading, event: Event) -> tuple[Days | None, set[str]]:
    """Return the date of the event that a reading takes, and codes against it."""
    codes = set()
    if event.resolved is None:
        codes.add("event_unresolved")
    if reading.event_date is EventDate.CLAIMED:
        if event.conflict:
            codes.add("event_conflict")
        return event.claimed, codes
    return event.resolved, codes


def trend(
    reading: Reading, disclosure: Disclosure, measurement: Measurement, when: Days
) -> tuple[set[str], tuple[Instrument, ...]]:
    """Return codes against looking for a change of pace at a date, and changes near it."""
    codes = set()
    if reading.bin is Bin.MONTH:
        codes.add("monthly_refused")
    near = tuple(
        item
        for item in instruments()
        if item.first - NEAR <= when.last
        and when.first <= item.last + NEAR
        and _touches(item, reading, disclosure, measurement)
    )
    if near:
        codes.add("instrument_change")
    return codes, near


def _touches(
    item: Instrument, reading: Reading, disclosure: Disclosure, measurement: Measurement
) -> bool:
    """Return whether marks that a tool changed can be in the figure."""
    marked = any(step.rule.startswith(item.rules) for step in measurement.ladder)
    if reading.author is Author.SELF_FAMILY:
        return bool(set(item.families) & set(disclosure.families)) or (marked and not item.families)
    return marked or any(one.family in item.families for one in measurement.generations)
