"""One release: its measurement, and whether earlier reports still hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from provenance.errors import UsageError
from provenance.history.repository import open_repository
from provenance.history.walk import reachable_from_refs, tags
from provenance.meter.run import Run
from provenance.metrics.continuity import continuity, remembered, with_findings
from provenance.metrics.measurement import Finding, Measurement


def tag_of(path: Path, name: str) -> str:
    """Return the ref of a tag of the repository that holds ``path``.

    Raises:
        UsageError: there is no such tag, or it leads to no commit.

    """
    with open_repository(path) as repository:
        known = tags(repository)
    if name.removeprefix("refs/tags/") not in known:
        raise UsageError(
            f"no tag named {name!r} in this repository",
            slug="unknown-tag",
            hint="fetch tags with: git fetch --tags, or measure any revision with: "
            "provenance measure --at REV",
        )
    return f"refs/tags/{name.removeprefix('refs/tags/')}"


def held_against(path: Path, run: Run, previous: Sequence[Measurement]) -> Run:
    """Add a finding for every commit and tag of earlier reports that is no more.

    Raises:
        HistoryError: git could not read the refs.

    """
    found: list[Finding] = []
    with open_repository(path) as repository:
        here = tags(repository)
        kept = reachable_from_refs(repository) if previous else frozenset()
    for measurement in previous:
        found += continuity(
            remembered(measurement), reachable=run.mined.number, kept=kept, tags=here
        )
    findings = with_findings(run.measurement, found)
    return replace(run, measurement=replace(run.measurement, findings=findings))
