"""Events beneath the chart, and what claims name as frames inside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from provenance_reports.build import build
from provenance_reports.charts import lanes
from provenance_reports.charts.scale import WIDTH
from provenance_reports.document import Event, Verdict
from provenance_reports.events import events
from worlds.measurements import claims, pipeline

_FIRST, _LAST = date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
_CLAIM = replace(claims()[0], subject="ai")
_LETTER = 8


def _event(day: int, name: str, kind: str = "model") -> Event:
    return Event(kind, day, date.fromordinal(day).isoformat(), name, "first named")


def _place(percent: str) -> int:
    return round(float(percent.removesuffix("%")) * 100)


@given(st.lists(st.tuples(st.integers(_FIRST, _LAST), st.text("ab-", max_size=30)), max_size=12))
def test_names_never_lie_on_each_other_or_outside(drawn: list[tuple[int, str]]) -> None:
    """A name is written only where there is room for it at 900 pixels; the title always is."""
    events = [_event(day, name) for day, name in sorted(drawn)]
    found = lanes.lanes(events, _FIRST, _LAST)
    marks = found[0].marks if found else ()
    spans = []
    for mark in marks:
        if mark.text:
            width = len(mark.text) * _LETTER * WIDTH // 1000
            left = _place(mark.x) if mark.anchor == "start" else _place(mark.x) - width
            spans.append((left, left + width))

    assert len(marks) == len(events)
    assert all(mark.title for mark in marks)
    assert all(left >= 0 and right <= WIDTH for left, right in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_each_kind_has_its_lane_and_nothing_outside_the_axis() -> None:
    events = [_event(_FIRST - 1, "early"), _event(_FIRST, "m"), _event(_LAST, "r", "mark")]
    found = lanes.lanes(events, _FIRST, _LAST)

    assert [(lane.kind, len(lane.marks)) for lane in found] == [("model", 1), ("mark", 1)]
    assert lanes.lanes([], _FIRST, _LAST) == ()


def _targets(*verdicts: Verdict, basis: str = "stock") -> tuple[lanes.Target, ...]:
    place = lanes.between_days(_FIRST, _LAST)
    return lanes.targets(verdicts, basis=basis, subject="ai", place=place, height=100)


def test_a_claim_is_framed_over_its_time_and_its_share() -> None:
    (target,) = _targets(_CLAIM)

    assert (target.y, target.height) == ("18.0", "4.0")
    assert (target.x, target.width) == ("32.97%", "8.24%")
    assert target.text == "c1: 78 % to 82 %"


def test_open_ends_reach_the_edge_of_the_plot() -> None:
    least = replace(_CLAIM, target_high=None)
    most = replace(_CLAIM, target_low=None)
    (high,), (low,) = _targets(least), _targets(most)

    assert (high.y, high.height, high.text) == ("0.0", "22.0", "c1: at least 78 %")
    assert (low.y, low.height, low.text) == ("18.0", "82.0", "c1: at most 82 %")


def test_what_has_no_place_is_not_framed() -> None:
    """Another series, another subject, no share, no day, a wrong share, outside the axis."""
    others = (
        replace(_CLAIM, basis="flow"),
        replace(_CLAIM, subject="own"),
        replace(_CLAIM, target_low=None, target_high=None),
        replace(_CLAIM, begins=""),
        replace(_CLAIM, begins="2026-06-30"),
        replace(_CLAIM, ends="soon"),
        replace(_CLAIM, target_low=(2, 1)),
        replace(_CLAIM, begins="2030-01-01", ends="2030-01-02"),
    )

    assert _targets(*others) == ()
    assert len(_targets(replace(_CLAIM, basis="flow"), basis="flow")) == 1


def test_a_claim_about_added_code_lies_over_the_windows_of_its_time() -> None:
    """Columns are equally wide whatever their days; a missing window stays a gap."""
    ends = [date(2026, month, 28).toordinal() if month != 4 else None for month in range(1, 9)]
    place = lanes.among_windows(ends)
    may = (date(2026, 5, 1).toordinal(), date(2026, 5, 28).toordinal())

    assert place(*may) == (WIDTH * 4 // 8, WIDTH * 5 // 8)
    assert place(1, 2) == (0, WIDTH // 8)
    assert place(_LAST, _LAST) is None
    assert lanes.among_windows([])(1, 2) is None


def test_one_share_on_one_day_can_be_seen() -> None:
    """A frame without height or width would not be drawn."""
    half = (1, 2)
    day = replace(_CLAIM, target_low=half, target_high=half, ends=_CLAIM.begins)
    (target,) = _targets(day)

    assert (target.height, target.width, target.text) == ("4.0", "0.2%", "c1: 50 %")


def test_claims_that_come_to_a_finished_report_are_events_too() -> None:
    """``provenance check`` adds them to a report that was read from a file."""
    document = replace(build(pipeline(), command="x"), verdicts=claims())

    assert [event.name for event in events(document) if event.kind == "claim"] == ["c1", "c2"]


def test_events_are_taken_from_models_marks_and_claims() -> None:
    """In order of date; bots begin no mark of AI, claims without a day are no events."""
    document = build(pipeline(), command="x", verdicts=claims())
    found = events(document)
    names = {kind: [e.name for e in found if e.kind == kind] for kind in lanes.KINDS}

    assert [event.day for event in found] == sorted(event.day for event in found)
    assert names["claim"] == ["c1", "c2"]
    assert "acme-4.5" in names["model"]
    assert "claude.co-author" in names["mark"]
    assert "dependabot.author" not in names["mark"]
