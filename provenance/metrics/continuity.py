"""Whether the history that an earlier report saw is still there: no rewriting, no moved tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from provenance.metrics.measurement import Finding, Measurement

COMMITS_GONE = "continuity-commits-gone"
"""Commits of an earlier report are reachable from no ref of this clone."""
COMMITS_ELSEWHERE = "continuity-commits-elsewhere"
"""They are here, but not in the measured history: another line of development."""
TAGS_GONE = "continuity-tags-gone"
"""Tags of an earlier report are not in this clone."""
TAGS_MOVED = "continuity-tags-moved"
"""They lead to another commit now."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a report says was there."""

    head: str
    """Full id of the commit it measured."""
    commits: frozenset[str]
    """Full ids of all commits it names, the head among them."""
    tags: Mapping[str, str]
    """Tag name to the full id of the commit it led to."""


def remembered(measurement: Measurement) -> Remembered:
    """Return every commit and tag that a report names."""
    named = {measurement.repository.head}
    named |= {point.commit for point in measurement.stock}
    for window in measurement.flow:
        named |= {window.start_commit, window.end_commit}
    named |= {step.example for step in measurement.ladder}
    return Remembered(
        head=measurement.repository.head,
        commits=frozenset(named - {""}),
        tags=dict(measurement.repository.tags),
    )


def continuity(
    before: Remembered,
    *,
    reachable: Collection[str],
    kept: Collection[str],
    tags: Mapping[str, str],
) -> tuple[Finding, ...]:
    """Return what an earlier report saw and is no more: nothing when history only grew.

    ``reachable`` are the commits of the measured history, ``kept`` those that any ref of
    the clone reaches, ``tags`` the tags of the clone.  Sorted by severity, then id.
    """
    beside = sorted(commit for commit in before.commits if commit not in reachable)
    gone = [commit for commit in beside if commit not in kept]
    elsewhere = [commit for commit in beside if commit in kept]
    lost = [name for name in sorted(before.tags) if name not in tags]
    moved = [
        name for name in sorted(before.tags) if name in tags and tags[name] != before.tags[name]
    ]
    report = f"the report at {before.head[:12]}"
    outside = f"Commits of {report} lie outside the measured history, on another branch or tag"
    found = (
        (COMMITS_GONE, "A", f"Commits of {report} are reachable from no ref of this clone", gone),
        (TAGS_GONE, "A", f"Tags of {report} are not in this clone", lost),
        (TAGS_MOVED, "A", f"Tags of {report} lead to another commit now", moved),
        (COMMITS_ELSEWHERE, "C", outside, elsewhere),
    )
    return tuple(
        Finding(id_, severity, title, tuple(places[:_SHOWN]), len(places))
        for id_, severity, title, places in found
        if places
    )


def is_broken(findings: Iterable[Finding]) -> bool:
    """Whether something of an earlier report is no more."""
    return any(finding.id in {COMMITS_GONE, TAGS_GONE, TAGS_MOVED} for finding in findings)


def with_findings(measurement: Measurement, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of a measurement and these, by severity, then id."""
    together = (*measurement.findings, *found)
    return tuple(sorted(together, key=lambda one: (one.severity, one.id, one.title)))
