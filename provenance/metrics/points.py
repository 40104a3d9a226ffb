"""Choose the revisions at which stock is taken: month ends, releases and the head."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

_RELEASE = re.compile(r"(?:[A-Za-z][\w.-]*?[-_/])?[vr]?\d+(?:[._]\d+)*(?:\.post\d+)?\Z")
_LONGEST_TAG = 200
_LONGEST_SILENCE = 1200
"""Periods between two commits above which dates are taken for wrong, and not filled in."""
_PREVIEW = re.compile(r"(?:rc|alpha|beta|dev|pre|nightly|snapshot)|\d[ab]\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """One name of one measured revision."""

    kind: str
    """``month``, ``week``, ``release`` or ``head``."""
    at: str
    """``2026-03``, ``2026-W07``, a tag name, or ``HEAD``."""
    commit: int
    """Number of the commit."""
    start: int | None
    """Number of the commit at which its window of flow starts; ``None`` for the root."""
    start_at: str
    """Name of that start; ``root`` where there is none."""
    also: tuple[int, ...] = ()
    """Further commits at which it starts: a crossed merge has several common ancestors."""

    @property
    def starts(self) -> tuple[int, ...]:
        """Every commit at which the window starts."""
        return self.also if self.start is None else (self.start, *self.also)


def is_release(tag: str) -> bool:
    """Whether a tag names a release: a version number, no preview."""
    return len(tag) <= _LONGEST_TAG and bool(_RELEASE.match(tag)) and not _PREVIEW.search(tag)


def first_parents(graph: Sequence[Sequence[int]], head: int) -> list[int]:
    """Return the first-parent chain of the head, oldest first."""
    chain = [head]
    while graph[chain[-1]]:
        chain.append(graph[chain[-1]][0])
    return chain[::-1]


def _month(seconds: int) -> int:
    moment = _moment(seconds)
    return moment.year * 12 + moment.month - 1


def _month_label(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _week(seconds: int) -> int:
    return (_moment(seconds).toordinal() - 1) // 7


def _week_label(number: int) -> str:
    year, week, _ = date.fromordinal(number * 7 + 1).isocalendar()
    return f"{year:04}-W{week:02}"


def rfc3339(seconds: int) -> str:
    """Return a date in seconds since 1970 as RFC 3339 in UTC."""
    moment = _moment(seconds)
    return f"{moment.year:04}-{moment:%m-%dT%H:%M:%SZ}"


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(max(-62135596800, min(seconds, 253402300799)), UTC)


def choose(
    graph: Sequence[Sequence[int]],
    dates: Sequence[int],
    *,
    head: int,
    tags: Mapping[str, int],
    every: Sequence[str],
    since: int | None = None,
) -> list[Point]:
    """Return the points in the order in which they are measured, the head last.

    A period end is the last commit on the first-parent chain dated in the period or
    before.  A date later than that of a newer commit on the chain counts as the newer
    one's, so periods never run backwards.  The period of the head is not over: the head
    itself stands for it.  A release's window starts at the newest release that is among
    its ancestors.
    """
    chain = first_parents(graph, head)
    calm = [dates[commit] for commit in chain]
    for i in range(len(calm) - 2, -1, -1):
        calm[i] = min(calm[i], calm[i + 1])
    points: list[Point] = []
    for kind in ("month", "week"):
        if kind in every:
            points += _periods(chain, calm, kind, since=since)
    if "release" in every:
        points += _releases(graph, dates, tags, since)
    last = next((p for p in reversed(points) if p.kind != "release"), None)
    points.append(
        Point("head", "HEAD", head, last.commit if last else None, last.at if last else "root")
    )
    return points


def _periods(
    chain: Sequence[int],
    dates: Sequence[int],
    kind: str,
    *,
    since: int | None,
) -> list[Point]:
    """Period ends along the chain; a period without commits keeps the code of the one before."""
    number, label = _PERIODS[kind]
    points: list[Point] = []
    start: int | None = None
    start_at = "root"
    for i in range(len(chain) - 1):
        here, following = number(dates[i]), number(dates[i + 1])
        if following - here > _LONGEST_SILENCE:
            following = here + 1
        for period in range(here, following):
            if since is None or dates[i] >= since:
                points.append(Point(kind, label(period), chain[i], start, start_at))
            start, start_at = chain[i], label(period)
    return points


_PERIODS: Mapping[str, tuple[Callable[[int], int], Callable[[int], str]]] = {
    "month": (_month, _month_label),
    "week": (_week, _week_label),
}


def _releases(
    graph: Sequence[Sequence[int]],
    dates: Sequence[int],
    tags: Mapping[str, int],
    since: int | None,
) -> list[Point]:
    """Releases in topological order, each with the nearest release before it.

    Several releases of one commit are one point under the first name.
    """
    names: dict[int, str] = {}
    for tag, commit in sorted(tags.items(), key=lambda item: _version(item[0])):
        if is_release(tag):
            names.setdefault(commit, tag)
    # the newest release among the ancestors of each commit, by its number
    before: list[int] = []
    points = []

    def age(commit: int) -> tuple[bool, int, str]:
        return commit >= 0, dates[commit], names.get(commit, "")

    for number, parents in enumerate(graph):
        reached = max(
            (parent if parent in names else before[parent] for parent in parents),
            key=age,
            default=-1,
        )
        before.append(reached)
        if number in names and (since is None or dates[number] >= since):
            start = reached if reached >= 0 else None
            label = names[reached] if reached >= 0 else "root"
            points.append(Point("release", names[number], number, start, label))
    return points


def _version(tag: str) -> tuple[list[int], str]:
    return [int(part) for part in re.findall(r"\d{1,9}", tag)], tag
