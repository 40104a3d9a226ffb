"""Attribution runs of every file at the measured head: the rows of the evidence ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.ledger.columns import Coded, Columns
from provenance.metrics.facts import Facts
from provenance.metrics.holdings import Holding, Ints, weights
from provenance.ownership.births import UNKNOWN
from provenance.ownership.tree import Version
from provenance.scope.lines import LineScan
from provenance.terms.authors import UNATTESTED, Attribution
from provenance.terms.stages import Facet, Stage


@dataclass(frozen=True, slots=True)
class HeadRuns:
    """Columns of equal length, one row per run of consecutive lines."""

    paths: Sequence[str]
    """Paths by their place."""
    path: Ints
    """Place of the path."""
    start: Ints
    """First line, counted from 1 as git does."""
    lines: Ints
    """How many lines."""
    counted: Ints
    """Of which count as lines (notebooks: cell source)."""
    code: Ints
    """Of which neither blank nor comment."""
    chars: Ints
    """Characters in the code lines."""
    commit: Ints
    """Number of the commit; 4,294,967,295 where it cannot be known."""
    decision: Ints
    """Place in ``decisions``; -1 where the commit cannot be known."""
    decisions: Sequence[Attribution]
    """What the evidence says."""


def head_runs(
    head: Mapping[str, Version],
    *,
    commit_of_line: NDArray[np.uint32],
    decision_of_line: NDArray[np.uint32],
    decisions: Sequence[Attribution],
    scans: Mapping[tuple[bytes, str], LineScan],
) -> HeadRuns:
    """Cut every readable file where the commit or what is decided about its lines changes."""
    files: list[tuple[str, Holding]] = []
    for path, version in sorted(head.items()):
        if isinstance(version.lines, bytes) and version.lines:
            scan = scans.get((version.blob, path))
            kinds, chars = (scan.kinds, scan.chars) if scan else (None, None)
            files.append((path, Holding(len(files), version.lines, 0, 0, kinds, chars)))
    block = [holding for _, holding in files]
    ids = np.frombuffer(b"".join(holding.line_ids for holding in block), dtype=np.uint32)
    sizes = np.array([len(holding.line_ids) // 4 for holding in block], dtype=np.int64)
    place = np.repeat(np.arange(len(block), dtype=np.int64), sizes)
    commit = commit_of_line[ids].astype(np.int64)
    decision = np.where(commit == UNKNOWN, -1, decision_of_line[ids].astype(np.int64))
    starts = _starts(place, commit, decision)
    counted, code, chars_of_line = weights(block, sizes)
    first = np.cumsum(sizes) - sizes

    def total(values: Ints) -> Ints:
        return np.add.reduceat(values, starts) if starts.size else values

    return HeadRuns(
        paths=[path for path, _ in files],
        path=place[starts],
        start=starts - first[place[starts]] + 1,
        lines=np.diff(np.append(starts, ids.size)),
        counted=total(counted),
        code=total(code),
        chars=total(chars_of_line),
        commit=commit[starts],
        decision=decision[starts],
        decisions=decisions,
    )


def _starts(*columns: Ints) -> Ints:
    """Return the places at which any column changes, the first one included."""
    size = columns[0].size
    new = np.zeros(size, dtype=bool)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def columns(runs: HeadRuns, facts: Facts, *, unknown: str) -> Columns:
    """Return the runs as the table of the ledger; ``unknown`` stands for a commit nobody knows."""
    said = [*runs.decisions, UNATTESTED]
    stages = [
        facts.stages[path].stage.value if path in facts.stages else Stage.OTHER.value
        for path in runs.paths
    ]
    facets = [
        (facts.facets[path].facet if path in facts.facets else Facet.SOURCE).value
        for path in runs.paths
    ]
    commit = np.where(runs.commit == UNKNOWN, len(facts.ids), runs.commit)

    def decided(words: Sequence[str | None]) -> Coded:
        known = np.array([word is not None for word in words], dtype=bool)
        place = np.where(runs.decision < 0, len(words) - 1, runs.decision)
        return Coded(np.where(known[place], place, -1), [word or "" for word in words])

    return {
        "stage": Coded(runs.path, stages),
        "facet": Coded(runs.path, facets),
        "path": Coded(runs.path, runs.paths),
        "start": runs.start,
        "lines": runs.lines,
        "counted": runs.counted,
        "code_lines": runs.code,
        "characters": runs.chars,
        "commit": Coded(commit, [*facts.ids, unknown]),
        "author_type": decided([one.author_type.value for one in said]),
        "tier": decided([one.tier.value if one.tier else None for one in said]),
        "rule": decided([one.rule for one in said]),
        "agent": decided([one.maker.agent for one in said]),
        "vendor": decided([one.maker.vendor for one in said]),
        "family": decided([one.maker.family for one in said]),
        "model": decided([one.maker.model for one in said]),
    }
