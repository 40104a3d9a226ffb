from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.metrics.measurement import Measurement
from provenance_reports.build import build
from provenance_reports.charts import bands, columns, heat, scale
from provenance_reports.charts.bands import Look
from provenance_reports.document import Interval, Point
from worlds.any_measurement import measurements
from worlds.measurements import pipeline

_TODAY = date(2026, 11, 20).toordinal()


def _point(day: int, interval: Interval, *, joined: bool = True) -> tuple[Point, Interval]:
    return Point(str(day), "month", day, "", interval, None, joined), interval


def _parts(draw: tuple[int, int, int, int]) -> Interval:
    ai, assisted, unattested, _ = draw
    whole = sum(draw)
    return Interval(ai, ai + assisted, ai + assisted + unattested, whole - unattested, whole)


_intervals = st.tuples(*[st.integers(0, 10**9)] * 4).map(_parts)


@given(_intervals)
def test_a_bar_fills_its_width_once(interval: Interval) -> None:
    """The stretches of a bar lie side by side from 0 to 100 % and never overlap."""
    segments = scale.bar(interval)
    place = 0
    for segment in segments:
        left, width = (
            round(float(value.removesuffix("%")) * 100) for value in (segment.x, segment.width)
        )
        assert left == place
        place += width

    assert place == (scale.WIDTH if interval.whole else 0)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_percentages_are_exact_to_two_decimals(part: int, whole: int) -> None:
    part = min(part, whole)
    text = scale.percent(scale.hundredths(part, whole))

    assert abs(float(text.removesuffix("%")) - 100 * part / whole) <= 0.00501
    assert re.fullmatch(r"\d+(\.\d{1,2})?%", text)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_every_place_lies_inside_the_plot(measurement: Measurement) -> None:
    """Nothing is drawn above 100 %, below 0 %, or outside the time shown."""
    document = build(measurement, command="x")
    pairs = [(point, point.ai) for point in document.points]
    chart = bands.band(pairs, document.releases, look=Look(280))
    if chart is None:
        return
    for path in (chart.ai, chart.assisted, chart.rest):
        for run in filter(None, path.split("M")):
            x, y = 0, 0
            steps = re.findall(r"(-?\d+)[ ]?(-?\d+)", run)
            for at, (across, along) in enumerate(steps):
                x, y = (int(across), int(along)) if at == 0 else (x + int(across), y + int(along))
                assert 0 <= x <= scale.WIDTH
                assert 0 <= y <= 2800


def test_a_gap_is_blank_and_not_bridged() -> None:
    half = _parts((50, 0, 0, 50))
    chart = bands.band(
        [
            _point(_TODAY - 100, half, joined=False),
            _point(_TODAY - 70, half),
            _point(_TODAY - 30, half, joined=False),
            _point(_TODAY, half),
        ],
        look=Look(100),
    )

    assert chart is not None
    assert chart.ai.count("M") == 2
    assert chart.blank == "M3000 0h4000v1000h-4000z"


def test_a_time_without_lines_is_blank() -> None:
    half, nothing = _parts((50, 0, 0, 50)), _parts((0, 0, 0, 0))
    chart = bands.band(
        [_point(_TODAY - 60, half), _point(_TODAY - 30, nothing), _point(_TODAY, half)],
        look=Look(100),
    )

    assert chart is not None
    assert chart.ai.count("M") == 2
    assert chart.blank.count("M") == 1


def test_one_point_is_no_chart() -> None:
    assert bands.band([_point(_TODAY, _parts((1, 1, 1, 1)))], look=Look(100)) is None
    assert bands.band([], look=Look(100)) is None


def test_the_scale_is_always_nought_to_a_hundred() -> None:
    """A tiny share stays tiny: the axis does not stretch to the data."""
    small = _parts((1, 0, 0, 99))
    chart = bands.band([_point(_TODAY - 30, small), _point(_TODAY, small)], look=Look(100))

    assert chart is not None
    assert chart.ai == "M0 990l10000 0l0 10l-10000 0z"


@given(_intervals.filter(lambda interval: interval.whole > 0))
def test_direct_labels_never_overlap(interval: Interval) -> None:
    chart = bands.band([_point(_TODAY - 30, interval), _point(_TODAY, interval)], look=Look(280))
    assert chart is not None
    heights = [float(label.y) for label in chart.labels]

    assert all(below - above >= 14.9 for above, below in pairwise(heights))
    assert heights[0] > 0
    assert heights[-1] <= 284


def test_names_of_many_releases_give_way_to_ticks() -> None:
    document = build(pipeline(releases=60), command="x")
    pairs = [(point, point.ai) for point in document.points]
    chart = bands.band(pairs, document.releases, look=Look(280))

    assert chart is not None
    assert chart.names == ()
    assert chart.marks.count("M") > 30


def test_columns_stand_side_by_side_and_leave_missing_windows_blank() -> None:
    half, nothing = _parts((50, 0, 0, 50)), _parts((0, 0, 0, 0))
    chart = columns.draw([("a", "", half), ("b", "", nothing), ("c", "", half)], height=100)

    assert chart.ai.count("M") == 2
    assert [column.x for column in chart.columns] == ["0%", "33.33%", "66.66%"]


def test_missing_months_keep_their_place_in_a_row() -> None:
    days = [("month", date(2026, month, 28).toordinal()) for month in (1, 2, 5)]

    assert columns.slots(days) == (0, 1, None, None, 2)


def test_long_series_are_thinned_not_averaged() -> None:
    row = tuple(range(241))
    chosen = columns.sampled(row)

    assert len(chosen) <= 84
    assert chosen[-1] == 240
    assert set(chosen) <= set(row)


def test_the_map_has_five_classes() -> None:
    shares = (0, 1, 99, 100, 249, 250, 499, 500, 1000)
    classes = [heat.class_of(share, 1000) for share in shares]

    assert classes == [0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_thinning_keeps_the_ends_and_the_gaps() -> None:
    half = _parts((50, 0, 0, 50))
    points = [_point(day, half, joined=day != 700)[0] for day in range(1, 1041)]
    chosen = bands.thinned(points)

    assert len(chosen) == 260
    assert chosen[-1] == points[-1]
    assert [point.joined for point in chosen].count(False) == 1
    assert bands.thinned(points[:10]) == points[:10]
    assert bands.thinned([]) == []
