"""The evidence of a run as tables: what the ledger stores and a reader can query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from provenance.ledger.columns import Coded, Columns
from provenance.meter.headruns import HeadRuns, columns
from provenance.metrics.classes import Table
from provenance.metrics.facts import Facts
from provenance.metrics.holdings import Rows
from provenance.ownership.births import UNKNOWN
from provenance.terms.authors import Attribution, AuthorType
from provenance.terms.stages import Facet, Stage

UNKNOWN_COMMIT = "unknown"
"""What stands in place of a commit id where the origin of a line cannot be known."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the tables are made from."""

    facts: Facts
    """Everything found."""
    authored: Sequence[int]
    """Author dates by commit number, seconds."""
    first_parents: frozenset[int]
    """Commits on the first-parent chain of the head."""
    blobs: Mapping[str, str]
    """Blob of every file at the head."""
    unmeasured: Sequence[tuple[str, str, int]]
    """(path, reason, lines) at the head."""
    runs: HeadRuns
    """Attribution runs at the head."""


def tables(evidence: Evidence) -> dict[str, Columns]:
    """Return every table of the ledger, by name."""
    facts = evidence.facts
    head = facts.snapshot_of[facts.points[-1].commit]
    return {
        "commits": _commits(evidence),
        "files": _files(evidence, head),
        "hunks": _hunks(facts),
        "ownership": _ownership(facts),
        "runs": columns(evidence.runs, facts, unknown=UNKNOWN_COMMIT),
        "snapshots": _snapshots(facts),
        "voices": _voices(facts),
        "unmeasured": {
            "snapshot": [head] * len(evidence.unmeasured),
            "path": [path for path, _, _ in evidence.unmeasured],
            "reason": [reason for _, reason, _ in evidence.unmeasured],
            "lines": [lines for _, _, lines in evidence.unmeasured],
        },
    }


def _commits(evidence: Evidence) -> Columns:
    facts = evidence.facts
    return {
        "commit": list(facts.ids),
        "parents": [[facts.ids[parent] for parent in parents] for parents in facts.graph],
        "committed_at": np.array(facts.dates, dtype=np.int64),
        "authored_at": np.array(evidence.authored, dtype=np.int64),
        **_described(facts.attributions),
        "is_merge": [len(parents) > 1 for parents in facts.graph],
        "on_first_parent": [number in evidence.first_parents for number in range(len(facts.ids))],
    }


def _described(found: Sequence[Attribution]) -> Columns:
    return {
        "author_type": [a.author_type.value for a in found],
        "tier": [a.tier.value if a.tier else None for a in found],
        "rule": [a.rule for a in found],
        "agent": [a.maker.agent for a in found],
        "vendor": [a.maker.vendor for a in found],
        "family": [a.maker.family for a in found],
        "model": [a.maker.model for a in found],
        "conflict": [a.conflict for a in found],
    }


def _files(evidence: Evidence, head: int) -> Columns:
    facts = evidence.facts
    used = sorted(
        {int(number) for number in np.unique(facts.rows.path)}, key=facts.paths.__getitem__
    )
    alive = (facts.rows.first <= head) & (head <= facts.rows.last)
    size = len(facts.paths)

    def total(values: Table) -> list[int]:
        summed = np.bincount(
            facts.rows.path[alive], weights=values[alive].astype(np.float64), minlength=size
        )
        return [int(summed[number]) for number in used]

    paths = [facts.paths[number] for number in used]
    calls = [facts.stages.get(path) for path in paths]
    facets = [facts.facets.get(path) for path in paths]
    return {
        "path": paths,
        "stage": [call.stage.value if call else Stage.OTHER.value for call in calls],
        "sub": [call.sub if call else None for call in calls],
        "facet": [call.facet.value if call else Facet.SOURCE.value for call in facets],
        "facet_rule": [call.rule if call else None for call in facets],
        "confidence": [round(call.confidence * 1000) if call else 0 for call in calls],
        "second": [call.second.value if call and call.second else None for call in calls],
        "lines": total(facts.rows.lines),
        "code_lines": total(facts.rows.code),
        "characters": total(facts.rows.chars),
        "blob": [evidence.blobs.get(path) for path in paths],
    }


def _hunks(facts: Facts) -> Columns:
    """Hunks as git prints them: one-based, an empty side given by the line before it."""
    known = facts.hunks[facts.hunks[:, 0] != UNKNOWN]
    commit, path, old, removed, new, added, voice = known.T
    types = list(AuthorType)
    place = {kind: number for number, kind in enumerate(types)}
    type_of = np.array([place[owner.author_type] for owner in facts.owners], dtype=np.int64)
    stages, facets = list(Stage), list(Facet)
    stage_of = np.array(
        [
            stages.index(facts.stages[name].stage) if name in facts.stages else -1
            for name in facts.paths
        ],
        dtype=np.int64,
    )
    facet_of = np.array(
        [
            facets.index(facts.facets[name].facet) if name in facts.facets else -1
            for name in facts.paths
        ],
        dtype=np.int64,
    )
    return {
        "commit": Coded(commit, facts.ids),
        "path": Coded(path, facts.paths),
        "old_start": old + (removed > 0),
        "old_lines": removed,
        "new_start": new + (added > 0),
        "new_lines": added,
        "author_type": Coded(type_of[facts.owner(commit, voice)], [kind.value for kind in types]),
        "stage": Coded(stage_of[path], [stage.value for stage in stages]),
        "facet": Coded(facet_of[path], [facet.value for facet in facets]),
    }


def _ownership(facts: Facts) -> Columns:
    rows: Rows = facts.rows
    commit = np.where(rows.commit == UNKNOWN, len(facts.ids), rows.commit)
    return {
        "path": Coded(rows.path, facts.paths),
        "commit": Coded(commit, [*facts.ids, UNKNOWN_COMMIT]),
        "lines": rows.lines,
        "code_lines": rows.code,
        "characters": rows.chars,
        "first_snapshot": rows.first,
        "last_snapshot": rows.last,
        "voice": _ranks(facts)[rows.voice],
    }


def _ranks(facts: Facts) -> Table:
    """Return numbers for voices by what they say, not by when a run met them."""
    order = sorted(range(1, len(facts.voices)), key=lambda voice: repr(facts.voices[voice]))
    ranks = np.zeros(len(facts.voices), dtype=np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    return ranks


def _voices(facts: Facts) -> Columns:
    ranks = _ranks(facts)
    found = [facts.voices[voice] for voice in np.argsort(ranks).tolist() if voice]
    return {"voice": list(range(1, len(found) + 1)), **_described(found)}


def _snapshots(facts: Facts) -> Columns:
    points = facts.points
    return {
        "snapshot": [facts.snapshot_of[point.commit] for point in points],
        "kind": [point.kind for point in points],
        "at": [point.at for point in points],
        "commit": [facts.ids[point.commit] for point in points],
        "committed_at": [facts.dates[point.commit] for point in points],
    }
