"""Continuity: what an earlier measurement saw must still be there.

A rewritten history is a question, not a verdict: the finding says which commits and tags
of the earlier report are gone or point elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from provenance.metrics.measurement import Finding, Measurement

_PLACES = 50


@dataclass(frozen=True, slots=True)
class Now:
    """What a later look at the repository sees."""

    commits: Collection[str]
    """Ids of all commits reachable from the measured head."""
    tags: Mapping[str, str]
    """Tag names with the id of what each ref holds."""


def continuity(previous: Measurement, now: Now) -> tuple[Finding, ...]:
    """Return what is gone since an earlier measurement, severity A; nothing when all is there."""
    return tuple(_findings(previous, now))


def _findings(previous: Measurement, now: Now) -> Iterator[Finding]:
    head = previous.repository.head
    if head not in now.commits:
        yield _finding(
            "continuity-head",
            "The head of the earlier report is not in this history: it was rewritten.",
            [head],
        )
    gone = [commit for commit in _named(previous) if commit not in now.commits]
    if gone:
        yield _finding(
            "continuity-commits",
            "Commits that the earlier report measured are not in this history.",
            gone,
        )
    moved = [name for name, oid in previous.repository.tags if now.tags.get(name) != oid]
    if moved:
        yield _finding(
            "continuity-tags",
            "Tags of the earlier report are gone or point at something else.",
            moved,
        )


def _named(previous: Measurement) -> list[str]:
    """Return every commit an earlier report names but its head, sorted."""
    named = {point.commit for point in previous.stock}
    named |= {window.start_commit for window in previous.flow}
    named |= {window.end_commit for window in previous.flow}
    named |= {step.example for step in previous.ladder}
    return sorted(named - {"", previous.repository.head})


def _finding(id_: str, title: str, places: list[str]) -> Finding:
    return Finding(
        id=id_, severity="A", title=title, places=tuple(places[:_PLACES]), count=len(places)
    )
