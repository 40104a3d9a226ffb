"""What could not be measured, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from provenance.history.repository import Repository
from provenance.meter.reading import COUNTED, Placed
from provenance.metrics.facts import Facts
from provenance.ownership.births import UNKNOWN
from provenance.ownership.tree import Opaque, Version
from provenance.terms.unmeasured import Reason, Unmeasured

_EXAMPLES = 5


def find_flaws(
    repository: Repository, facts: Facts, head: Mapping[str, Version], placed: Placed
) -> list[tuple[str, Reason, int]]:
    """List what could not be measured at the head: (path, reason, lines behind it), sorted."""
    snapshot = facts.snapshot_of[facts.points[-1].commit]
    found: dict[tuple[Reason, str], int] = {}
    opaque = [v.blob.decode() for v in head.values() if isinstance(v.lines, Opaque)]
    missing = repository.missing | repository.absent(opaque)
    for path, version in head.items():
        lines = version.lines
        if not isinstance(lines, Opaque):
            continue
        if version.blob.decode() in missing and lines.reason is not Reason.SUBMODULE:
            found[Reason.MISSING_BLOB, path] = 0
        elif lines.reason is not Reason.BINARY or placed.facets[path].facet in COUNTED:
            found[lines.reason, path] = 0  # pictures and the like are no code
    for reason, paths in (
        (Reason.LFS_POINTER, placed.lfs),
        (Reason.UNDECODABLE, placed.undecodable),
        (Reason.NO_GRAMMAR, placed.ungrammared),
    ):
        found |= {(reason, path): 0 for path in paths if path in head}
    for reason, lines_by_path in _unknown_origin(repository, facts, snapshot).items():
        for path, count in lines_by_path.items():
            found[reason, path] = count
    return [(path, reason, count) for (reason, path), count in sorted(found.items())]


def not_measured(flaws: Sequence[tuple[str, Reason, int]]) -> tuple[Unmeasured, ...]:
    """Sum the flaws up by reason, with a few examples each."""
    return tuple(
        Unmeasured(
            reason=reason,
            files=len(several),
            lines=sum(lines for _, lines in several),
            examples=tuple(path for path, _ in several[:_EXAMPLES]),
        )
        for reason in sorted({reason for _, reason, _ in flaws})
        if (several := [(path, lines) for path, why, lines in flaws if why is reason])
    )


def _unknown_origin(
    repository: Repository, facts: Facts, snapshot: int
) -> dict[Reason, dict[str, int]]:
    """Lines whose origin lies behind a missing content or the edge of a shallow clone."""
    rows = facts.rows
    number = {oid: place for place, oid in enumerate(facts.ids)}
    edge = [number[oid] for oid in repository.location.shallow if oid in number]
    alive = (rows.first <= snapshot) & (snapshot <= rows.last)
    found: dict[Reason, dict[str, int]] = {}
    for reason, mask in (
        (Reason.MISSING_BLOB, rows.commit == UNKNOWN),
        (Reason.SHALLOW_BOUNDARY, np.isin(rows.commit, edge)),
    ):
        for row in np.flatnonzero(alive & mask).tolist():
            lines = found.setdefault(reason, {})
            path = facts.paths[int(rows.path[row])]
            lines[path] = lines.get(path, 0) + int(rows.lines[row])
    return found
