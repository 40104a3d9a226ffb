"""Detectors over dates, on planted columns."""

from __future__ import annotations

from provenance.findings import dates
from provenance.findings.questions import question
from worlds.columns import DAY, HOUR, START, chain


def test_a_commit_dated_a_day_before_its_parent_is_found() -> None:
    """Twenty-four hours are not enough, one second more is."""
    numbers = question("backdating").numbers
    quiet = chain(committed=[START, START - 24 * HOUR, START])
    loud = chain(committed=[START, START - 24 * HOUR - 1, START])

    assert dates.backdating(quiet, numbers).tolist() == []
    assert dates.backdating(loud, numbers).tolist() == [1]


def test_a_merge_is_held_against_every_parent() -> None:
    history = chain(committed=[START, START + 9 * DAY, START], parents=[(), (0,), (0, 1)])

    assert dates.backdating(history, question("backdating").numbers).tolist() == [2]


def test_authoring_after_committing_is_found() -> None:
    history = chain(committed=[START] * 3, authored=[START, START + HOUR, START + HOUR + 1])

    assert dates.future_authoring(history, question("future-authoring").numbers).tolist() == [2]


def test_dates_far_apart_either_way_are_found() -> None:
    authored = [START - 30 * DAY, START - 31 * DAY, START + 31 * DAY]
    history = chain(committed=[START] * 3, authored=authored)

    assert dates.skewed_dates(history, question("skewed-dates").numbers).tolist() == [1, 2]


def test_twenty_late_commits_of_one_minute_are_a_burst() -> None:
    """Nineteen are not, and neither are fresh ones."""
    numbers = question("rewrite-burst").numbers
    minute = START - START % 60
    late = minute - 8 * DAY

    def burst(size: int, authored: int) -> list[int]:
        history = chain(committed=[minute + n for n in range(size)], authored=[authored] * size)
        return [int(n) for n in dates.rewrite_burst(history, numbers)]

    assert burst(19, late) == []
    assert burst(20, late) == list(range(20))
    assert burst(40, minute - 6 * DAY) == []


def test_bursts_of_several_minutes_are_counted_apart() -> None:
    minute = START - START % 60
    committed = [minute + 60 * (n // 10) for n in range(40)]
    history = chain(committed=committed, authored=[minute - 30 * DAY] * 40)

    assert dates.rewrite_burst(history, question("rewrite-burst").numbers).tolist() == []


def test_an_empty_history_asks_nothing() -> None:
    history = chain(committed=[])

    assert dates.backdating(history, question("backdating").numbers).tolist() == []
    assert dates.rewrite_burst(history, question("rewrite-burst").numbers).tolist() == []
