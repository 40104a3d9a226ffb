"""Small measurements and disclosures for claims: integers in, verdicts out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from provenance.claims.disclosure import SCHEMA, Disclosure
from provenance.claims.judge import judge
from provenance.claims.read import read
from provenance.claims.verdict import Outcome, ReadingVerdict
from provenance.metrics.measurement import FlowWindow, Measurement, StageFigures, StockPoint
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Stage
from worlds.measurements import commit_id, empty

HEAD = """
[discloser]
name = "Lab"
model_family = ["acme"]
[[source]]
id = "s"
tier = "primary"
title = "Title"
[[event]]
id = "e"
claimed = "2026-04"
resolved = "2025-12-24"
resolved_by = ["release notes"]
[[event]]
id = "unknown"
"""
LEVEL = 'unit = "code_line", basis = "stock"'
"""The simplest quantity."""
NOTHING = Counts(unattested=1)
"""One line that nothing speaks of."""


def disclosure(claims: str, *, families: Sequence[str] = ("acme",)) -> Disclosure:
    """Read ``claims`` behind an ordinary beginning."""
    head = HEAD.replace('["acme"]', json.dumps(list(families)))
    return read(f'schema = "{SCHEMA}"\n{head}\n{claims}'.encode(), name="claims.toml")


def claim(kind: str, fields: str, *readings: str) -> Disclosure:
    """Return a disclosure of one claim; each reading is TOML of an inline table."""
    inside = ", ".join(f'{{ id = "r{at}", {text} }}' for at, text in enumerate(readings))
    return disclosure(
        f'[[claim]]\nid = "c"\nkind = "{kind}"\nsources = ["s"]\nwording = "w"\n{fields}\n'
        + (f"reading = [{inside}]\n" if readings else "")
    )


def level(
    comparator: str, value: str, *, extra: str = "", quantity: str = LEVEL, window: str = "HEAD",
    more: str = "",
) -> Disclosure:  # fmt: skip
    """Return a disclosure of one level with one reading."""
    reading = f'window = "{window}", quantity = {{ {quantity} }}' + (f", {more}" if more else "")
    return claim("level", f'comparator = "{comparator}"\nvalue = "{value}"\n{extra}', reading)


def verdict(measurement: Measurement, told: Disclosure) -> ReadingVerdict:
    """Return the verdict on the first reading of the first claim."""
    return judge(measurement, told).claims[0].readings[0]


def outcome(measurement: Measurement, told: Disclosure) -> Outcome:
    """Return what was found for the first reading of the first claim."""
    return verdict(measurement, told).outcome


def own_of(counts: Counts) -> Own:
    """Return figures of own models as if every mark named one."""
    return Own(counts.floor, counts.declared, counts.ceiling)


def point(
    counts: Counts, *, at: str = "HEAD", kind: str = "head", day: str = "2026-06-04",
    stages: Mapping[Stage, StageFigures] | None = None,
) -> StockPoint:  # fmt: skip
    """Return live lines at a day."""
    return StockPoint(
        at=at, kind=kind, commit=commit_id(at), date=f"{day}T12:00:00Z", counts=counts,
        own=own_of(counts), by_stage=stages or {}, by_tier={}, tests=Counts(),
    )  # fmt: skip


def window(
    counts: Counts, *, end: str, kind: str, start: str = "before", added: Counts | None = None,
    stages: Mapping[Stage, StageFigures] | None = None,
) -> FlowWindow:  # fmt: skip
    """Return lines added in a window."""
    gross = counts if added is None else added
    return FlowWindow(
        kind=kind, start=start, end=end, start_commit="", end_commit=commit_id(end), commits=1,
        added=gross, counts=counts, own=own_of(counts), by_stage=stages or {},
        added_own=own_of(gross),
    )  # fmt: skip


def measured(
    counts: Counts = NOTHING, *, stock: Sequence[StockPoint] = (),
    flow: Sequence[FlowWindow] = (), day: str = "2026-06-04",
    stages: Mapping[Stage, StageFigures] | None = None,
) -> Measurement:  # fmt: skip
    """Return a measurement whose head has these counts."""
    plain = empty()
    return replace(
        plain,
        repository=replace(plain.repository, name="train", head_date=f"{day}T12:00:00Z"),
        definition=replace(plain.definition, own_families=("acme",)),
        stock=(*stock, point(counts, day=day, stages=stages)),
        flow=tuple(flow),
    )


def bounds(low: int, high: int, whole: int) -> Counts:
    """Return counts whose floor and ceiling are the given ones."""
    return Counts(ai=low, unattested=high - low, human=whole - high)


def weeks(series: Sequence[tuple[int, int, int]], *, first: str = "2025-W30") -> Measurement:
    """Return a measurement with one flow window per (low, high, whole), week after week."""
    year, week = first.split("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    flow = []
    for at, numbers in enumerate(series):
        iso = (monday + timedelta(weeks=at)).isocalendar()
        label = f"{iso.year:04}-W{iso.week:02}"
        flow.append(window(bounds(*numbers), end=label, kind="week"))
    return measured(flow=flow, day=(monday + timedelta(weeks=len(series))).isoformat())


def months(series: Sequence[tuple[int, int, int]], *, first: str = "2025-07") -> Measurement:
    """Return a measurement with one stock point per (low, high, whole), month after month."""
    year, month = map(int, first.split("-"))
    stock = []
    for at, numbers in enumerate(series):
        number = year * 12 + month - 1 + at
        label = f"{number // 12:04}-{number % 12 + 1:02}"
        stock.append(point(bounds(*numbers), at=label, kind="month", day=f"{label}-20"))
    number = year * 12 + month - 1 + len(series)
    return measured(stock=stock, day=f"{number // 12:04}-{number % 12 + 1:02}-01")
