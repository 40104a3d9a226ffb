"""Which revisions are measured, and where their windows start."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from provenance.metrics.points import choose, is_release, rfc3339


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def _named(dates: list[str], **rest: object) -> list[tuple[str, str, int, int | None, str]]:
    graph = [(number - 1,) if number else () for number in range(len(dates))]
    points = choose(
        graph,
        [_at(date) for date in dates],
        head=len(dates) - 1,
        tags=rest.get("tags", {}),  # type: ignore[arg-type]
        every=rest.get("every", ("month", "release")),  # type: ignore[arg-type]
        since=rest.get("since"),  # type: ignore[arg-type]
    )
    return [(p.kind, p.at, p.commit, p.start, p.start_at) for p in points]


def test_a_month_ends_with_its_last_commit_and_the_head_stands_for_the_running_month() -> None:
    found = _named(["2026-01-03", "2026-01-30", "2026-02-02", "2026-03-01"])

    assert found == [
        ("month", "2026-01", 1, None, "root"),
        ("month", "2026-02", 2, 1, "2026-01"),
        ("head", "HEAD", 3, 2, "2026-02"),
    ]


def test_a_month_without_commits_keeps_the_code_of_the_month_before() -> None:
    found = _named(["2025-11-03", "2026-02-02"])

    assert [(at, commit, start) for _, at, commit, start, _ in found] == [
        ("2025-11", 0, None),
        ("2025-12", 0, 0),
        ("2026-01", 0, 0),
        ("HEAD", 1, 0),
    ]


def test_dates_that_run_backwards_do_not_make_months_run_backwards() -> None:
    found = _named(["2026-01-03", "2026-04-01", "2026-02-02", "2026-03-01"])

    assert [(at, commit) for _, at, commit, _, _ in found] == [
        ("2026-01", 0),
        ("2026-02", 2),
        ("HEAD", 3),
    ]


def test_absurd_dates_do_not_make_a_hundred_thousand_months() -> None:
    graph = [(), (0,)]
    points = choose(
        graph, [-(10**17), 10**17], head=1, tags={}, every=("month", "week"), since=None
    )

    assert len(points) < 10


def test_weeks_are_iso_weeks() -> None:
    found = _named(["2020-12-31", "2021-01-04"], every=("week",))

    assert found[0][:2] == ("week", "2020-W53")


def test_a_release_starts_at_the_newest_release_among_its_ancestors() -> None:
    found = _named(
        ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"],
        tags={"v1.0": 0, "v1.1": 2, "v1.1-rc1": 1},
        every=("release",),
    )

    assert found[:2] == [
        ("release", "v1.0", 0, None, "root"),
        ("release", "v1.1", 2, 0, "v1.0"),
    ]


@pytest.mark.parametrize(
    "tag", ["v1.2.3", "1.0", "release-2024.1", "core_r0.9.0", "v2", "pkg/v1.0.1"]
)
def test_version_tags_are_releases(tag: str) -> None:
    assert is_release(tag)


@pytest.mark.parametrize(
    "tag", ["v1.0-rc1", "v1.0rc2", "nightly-20240101", "v0.1.dev", "1.0b2", "main", "x"]
)
def test_previews_and_words_are_no_releases(tag: str) -> None:
    assert not is_release(tag)


def test_times_are_printed_in_utc_whatever_the_year() -> None:
    assert rfc3339(0) == "1970-01-01T00:00:00Z"
    assert rfc3339(-(10**18)) == "0001-01-01T00:00:00Z"
    assert rfc3339(10**18) == "9999-12-31T23:59:59Z"
