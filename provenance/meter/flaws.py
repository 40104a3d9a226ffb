"""What could not be measured, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from provenance.history.repository import Repository
from provenance.meter.reading import COUNTED, Placed
from provenance.metrics.facts import Facts
from provenance.ownership.births import UNKNOWN
from provenance.ownership.lives import Life
from provenance.ownership.tree import Opaque
from provenance.scope.covered import FacetRules
from provenance.terms.unmeasured import Reason, Unmeasured

_EXAMPLES = 5


def not_measured(
    repository: Repository,
    facts: Facts,
    lives: Sequence[Life],
    placed: Placed,
    *,
    snapshot: int,
) -> tuple[Unmeasured, ...]:
    """List the files at the head that could not be measured, by reason."""
    found: dict[Reason, dict[str, int]] = {}
    rules = FacetRules.load()
    for life in lives:
        lines = life.version.lines
        if not life.first <= snapshot <= life.last or not isinstance(lines, Opaque):
            continue
        path = facts.paths[life.path]
        reason = lines.reason
        if life.version.blob.decode() in repository.missing:
            reason = Reason.MISSING_BLOB
        elif reason is Reason.BINARY and rules.facet(path).facet not in COUNTED:
            continue  # pictures and the like are no code
        found.setdefault(reason, {})[path] = 0
    if placed.lfs:
        found[Reason.LFS_POINTER] = dict.fromkeys(placed.lfs, 0)
    for reason, lines_by_path in _unknown_origin(repository, facts, snapshot).items():
        found.setdefault(reason, {}).update(lines_by_path)
    return tuple(
        Unmeasured(
            reason=reason,
            files=len(paths),
            lines=sum(paths.values()),
            examples=tuple(sorted(paths)[:_EXAMPLES]),
        )
        for reason, paths in sorted(found.items())
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
