from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from provenance.metrics.measurement import Measurement
from provenance.terms.counts import Counts
from provenance_reports.build import build
from provenance_reports.days import ordinal
from provenance_reports.document import Interval
from worlds.any_measurement import measurements
from worlds.measurements import empty, no_own, pipeline, small


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_every_interval_is_ordered_and_stages_add_up(measurement: Measurement) -> None:
    """Floor <= declared <= ceiling <= whole, and no line is lost between stages."""
    document = build(measurement, command="x")
    intervals = [document.headline, *(line.ai for line in document.stages)]
    intervals += [point.ai for point in (*document.points, *document.releases)]

    for interval in intervals:
        assert 0 <= interval.floor <= interval.declared <= interval.ceiling <= interval.whole
        assert interval.whole - interval.covered == interval.ceiling - interval.declared
    assert sum(line.ai.whole for line in document.stages) == document.headline.whole
    if document.own:
        assert document.own.floor <= document.headline.floor
        assert document.own.ceiling <= document.headline.ceiling


def test_own_figures_are_not_stated_without_configuration() -> None:
    document = build(no_own(), command="x")

    assert document.own is None
    assert all(line.own is None for line in document.stages)
    assert document.families
    assert not any(line.own for line in document.families)


def test_a_missing_month_breaks_the_series() -> None:
    """Missing months are gaps, not lines drawn across them."""
    document = build(pipeline(), command="x")
    broken = [point.label for point in document.points[1:] if not point.joined]

    assert broken == ["2024-07"]


def test_a_month_without_lines_breaks_the_series() -> None:
    measurement = small()
    stock = list(measurement.stock)
    at = next(at for at, point in enumerate(stock) if point.kind == "month" and at > 1)
    stock[at] = replace(stock[at], counts=Counts(), by_stage={})
    document = build(replace(measurement, stock=tuple(stock)), command="x")
    points = {point.label: point for point in document.points}
    following = document.points[list(points).index(stock[at].at) + 1]

    assert not following.joined


def test_change_is_taken_from_at_least_ninety_days_before() -> None:
    document = build(pipeline(), command="x")

    assert document.change is not None
    assert document.change.since <= "2026-08-22"
    assert document.change.since >= "2026-07-01"
    assert document.change.now == document.headline


def test_a_young_history_has_no_change() -> None:
    assert build(pipeline(months=2, releases=0), command="x").change is None
    assert build(empty(), command="x").change is None


def test_loop_totals_are_sums_of_stages() -> None:
    document = build(pipeline(), command="x")
    sums = {line.name: line.ai.whole for line in document.tiers}

    assert sums["L1 + L2"] + sums["L0"] == document.headline.whole
    assert sums["L1"] < sums["L1 + L2"]


def test_the_headline_is_repeated_with_tests_and_with_everything() -> None:
    measurement = pipeline()
    document = build(measurement, command="x")

    assert [variant.ai for variant in document.variants] == [
        Interval.of(measurement.head.counts),
        Interval.of(measurement.head.counts + measurement.head.tests),
        Interval.of(measurement.everything),
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_each_exclusion_is_added_to_the_same_rest(measurement: Measurement) -> None:
    """All of them together with the rest are the whole tree; one alone is the rest and itself."""
    document = build(measurement, command="x")
    if document.counted is None:
        assert document.excluded == ()
        return
    outside = sum(item.inside.whole for item in document.excluded)

    assert document.counted.whole + outside == measurement.everything.total
    for item in document.excluded:
        for part in ("floor", "declared", "ceiling", "covered", "whole"):
            alone = getattr(document.counted, part) + getattr(item.inside, part)
            assert getattr(item.counted, part) == alone


def test_a_rest_that_does_not_fit_is_not_guessed() -> None:
    measurement = replace(pipeline(), everything=Counts(ai=1))

    assert build(measurement, command="x").counted is None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_no_replaced_line_is_lost(measurement: Measurement) -> None:
    taken = build(measurement, command="x").taken
    lines = sum(item.lines for item in measurement.replacements)

    assert sum(item.by.total for item in taken) == lines
    assert len({item.old for item in taken}) == len(taken)


def test_lines_by_ai_are_told_first() -> None:
    taken = build(pipeline(), command="x").taken

    assert [item.old for item in taken] == ["ai", "assisted", "predates_ai", "unattested"]
    assert taken[0].by.human == 17


def test_a_point_stands_at_the_end_of_its_month_or_week() -> None:
    assert ordinal("2026-02", "month", "") - ordinal("2026-01", "month", "") == 28
    assert ordinal("2025-12", "month", "") + 31 == ordinal("2026-01", "month", "")
    assert ordinal("2026-W02", "week", "") - ordinal("2026-W01", "week", "") == 7
    assert ordinal("2026-01-11", "week", "") == ordinal("2026-W02", "week", "")
    assert ordinal("v1", "release", "2026-01-05T00:00:00Z") > 0
    assert ordinal("v1", "month", "") == 0
    assert ordinal("2026-99", "month", "") == 0


def test_weeks_take_the_place_of_months() -> None:
    """Asked for both, the series has the finer step and no double columns."""
    measurement = small()
    week = replace(measurement.stock[0], at="2026-W40", kind="week", date="2026-10-04T00:00:00Z")
    stock = (*measurement.stock[:-1], week, measurement.head)
    document = build(replace(measurement, stock=stock), command="x")

    assert [point.kind for point in document.points] == ["week", "head"]
    assert document.windows == ()
