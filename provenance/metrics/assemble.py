"""Put the counted tables together into one measurement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from provenance.metrics.classes import (
    CLASSES,
    UNKNOWN_CLASS,
    PathGroups,
    Table,
    commit_class,
    counts_of,
    group_paths,
    own_of,
)
from provenance.metrics.facts import Facts
from provenance.metrics.holdings import Rows
from provenance.metrics.measurement import (
    Definition,
    Exclusion,
    FileFigures,
    Finding,
    FlowWindow,
    Measurement,
    Repository,
    StageFigures,
    StockPoint,
)
from provenance.metrics.points import Point, rfc3339
from provenance.metrics.reach import commits_of_windows
from provenance.metrics.summaries import generations, ladder
from provenance.metrics.tally import added_in_windows, alive_in_windows, stock
from provenance.terms.counts import Counts
from provenance.terms.stages import Facet, LoopTier, Stage, loop_tier
from provenance.terms.unmeasured import Unmeasured

UNSURE_BELOW = 0.5
"""Confidence below which a file may as well belong to its second choice."""
_NOTICEABLE = 0.15
"""Share of lines in model-making stages that makes a repository an ML pipeline."""


class _Sums:
    """Tables that several parts of the measurement share."""

    def __init__(self, facts: Facts, definition: Definition) -> None:
        self.facts = facts
        self.definition = definition
        own = definition.own_families
        kinds = [commit_class(attribution, own) for attribution in facts.attributions]
        self.class_of_commit = np.array([*kinds, UNKNOWN_CLASS], dtype=np.int64)
        self.groups: PathGroups = group_paths(
            facts.paths, facets=facts.facets, stages=facts.stages, unsure_below=UNSURE_BELOW
        )
        rows = facts.rows
        commit = np.minimum(rows.commit, len(facts.ids))
        self.row_class = self.class_of_commit[commit]
        self.row_group = self.groups.of_path[rows.path] if len(rows) else rows.path
        self.inside = [group.facet in definition.facets for group in self.groups.groups]
        self.size = len(self.groups.groups)

    def stock(self, unit: str, rows: Rows | None = None) -> Table:
        """Return counts [snapshot, group, class]."""
        return stock(
            rows or self.facts.rows,
            unit=unit,
            group=self.row_group,
            commit_class=self.row_class,
            snapshots=len(self.facts.snapshot_of),
            groups=self.size,
        )


def assemble(
    facts: Facts,
    *,
    repository: Repository,
    definition: Definition,
    not_measured: Sequence[Unmeasured],
    findings: Sequence[Finding],
    tool_version: str,
) -> Measurement:
    """Add everything up."""
    sums = _Sums(facts, definition)
    table = sums.stock(definition.unit)
    points = tuple(
        _stock_point(sums, point, table[facts.snapshot_of[point.commit]]) for point in facts.points
    )
    points = tuple(sorted(points[:-1], key=lambda p: (p.date, p.kind, p.at))) + points[-1:]
    head = facts.snapshot_of[facts.points[-1].commit]
    lines = sums.stock("line") if definition.unit != "line" else table
    return Measurement(
        tool_version=tool_version,
        repository=repository,
        definition=definition,
        stock=points,
        flow=_flow(sums),
        generations=generations(facts, definition, snapshot=head, points=facts.points),
        not_measured=tuple(not_measured),
        exclusions=_exclusions(sums, head),
        ladder=ladder(facts, definition, snapshot=head),
        findings=tuple(findings),
        files=_files(sums, head),
        everything=counts_of(lines[head].sum(axis=0)),
        is_ml_pipeline=_is_ml(points[-1]),
    )


def _stage_figures(sums: _Sums, table: Table) -> dict[Stage, StageFigures]:
    """Figures per stage of one [group, class] table, inside the denominator."""
    by_stage: dict[Stage, Table] = {}
    low: dict[Stage, int] = {}
    high: dict[Stage, int] = {}
    for place, group in enumerate(sums.groups.groups):
        total = int(table[place].sum())
        if not sums.inside[place] or not total:
            continue
        empty = np.zeros(CLASSES, dtype=np.int64)
        by_stage[group.stage] = by_stage.get(group.stage, empty) + table[place]
        high[group.stage] = high.get(group.stage, 0) + total
        if group.second is None:
            low[group.stage] = low.get(group.stage, 0) + total
        else:
            high[group.second] = high.get(group.second, 0) + total
    return {
        stage: StageFigures(
            counts=counts_of(by_stage[stage]),
            own=own_of(by_stage[stage]),
            low=low.get(stage, 0),
            high=high.get(stage, 0),
        )
        for stage in Stage
        if stage in by_stage
    }


def _tier_figures(sums: _Sums, table: Table) -> dict[LoopTier, StageFigures]:
    by_tier: dict[LoopTier, Table] = {}
    for place, group in enumerate(sums.groups.groups):
        if sums.inside[place]:
            tier = loop_tier(group.stage, group.sub)
            empty = np.zeros(CLASSES, dtype=np.int64)
            by_tier[tier] = by_tier.get(tier, empty) + table[place]
    return {
        tier: StageFigures(counts_of(by_tier[tier]), own_of(by_tier[tier]))
        for tier in LoopTier
        if tier in by_tier
    }


def _whole(sums: _Sums, table: Table) -> Table:
    inside = np.flatnonzero(np.array(sums.inside, dtype=bool))
    whole: Table = table[inside].sum(axis=0)
    return whole


def _stock_point(sums: _Sums, point: Point, table: Table) -> StockPoint:
    tests = [i for i, group in enumerate(sums.groups.groups) if group.facet is Facet.TEST]
    whole = _whole(sums, table)
    return StockPoint(
        at=point.at,
        kind=point.kind,
        commit=sums.facts.ids[point.commit],
        date=rfc3339(sums.facts.dates[point.commit]),
        counts=counts_of(whole),
        own=own_of(whole),
        by_stage=_stage_figures(sums, table),
        by_tier=_tier_figures(sums, table),
        tests=counts_of(table[tests].sum(axis=0)) if tests else Counts(),
    )


def _flow(sums: _Sums) -> tuple[FlowWindow, ...]:
    facts = sums.facts
    windows = commits_of_windows(facts.graph, [(p.start, p.commit) for p in facts.points])
    ends = np.array([facts.snapshot_of[point.commit] for point in facts.points], dtype=np.int64)
    alive = alive_in_windows(
        facts.rows,
        unit=sums.definition.unit,
        group=sums.row_group,
        commit_class=sums.row_class,
        groups=sums.size,
        windows=windows,
        snapshot_of_window=ends,
        commits=len(facts.ids),
    )
    added = added_in_windows(
        facts.hunks,
        group_of_path=sums.groups.of_path,
        class_of_commit=sums.class_of_commit[:-1],
        groups=sums.size,
        windows=windows,
    )
    flow = []
    for place, point in enumerate(facts.points):
        whole = _whole(sums, alive[place])
        flow.append(
            FlowWindow(
                kind=point.kind,
                start=point.start_at,
                end=point.at,
                start_commit="" if point.start is None else facts.ids[point.start],
                end_commit=facts.ids[point.commit],
                commits=int(windows[place].size),
                added=counts_of(_whole(sums, added[place])),
                added_own=own_of(_whole(sums, added[place])),
                counts=counts_of(whole),
                own=own_of(whole),
                by_stage=_stage_figures(sums, alive[place]),
            )
        )
    order = sorted(
        range(len(flow) - 1),
        key=lambda i: (facts.dates[facts.points[i].commit], flow[i].kind, flow[i].end),
    )
    return tuple(flow[i] for i in [*order, len(flow) - 1])


def _at(rows: Rows, snapshot: int) -> Table:
    """Return the places of the rows alive at a snapshot."""
    return np.flatnonzero((rows.first <= snapshot) & (snapshot <= rows.last))


def _by_path(sums: _Sums, head: int, unit: str) -> Table:
    """Return counts [path, class] at the head."""
    alive = _at(sums.facts.rows, head)
    size = len(sums.facts.paths)
    place = sums.facts.rows.path[alive] * CLASSES + sums.row_class[alive]
    values = sums.facts.rows.of(unit)[alive].astype(np.float64)
    summed = np.bincount(place, weights=values, minlength=size * CLASSES)
    return np.rint(summed).astype(np.int64).reshape(size, CLASSES)


def _exclusions(sums: _Sums, head: int) -> tuple[Exclusion, ...]:
    table = _by_path(sums, head, "line")
    by_rule: dict[tuple[str, Facet], list[int]] = {}
    for number in np.flatnonzero(table.sum(axis=1)).tolist():
        call = sums.facts.facets.get(sums.facts.paths[number])
        if call is not None and call.facet not in sums.definition.facets:
            by_rule.setdefault((call.rule, call.facet), []).append(number)
    found = [
        Exclusion(
            rule=rule,
            facet=facet,
            files=len(numbers),
            lines=int(table[numbers].sum()),
            counts=counts_of(table[numbers].sum(axis=0)),
        )
        for (rule, facet), numbers in by_rule.items()
    ]
    return tuple(sorted(found, key=lambda item: (-item.lines, item.rule, item.facet)))


def _files(sums: _Sums, head: int) -> tuple[FileFigures, ...]:
    facts = sums.facts
    table = _by_path(sums, head, sums.definition.unit)
    lines = table if sums.definition.unit == "line" else _by_path(sums, head, "line")
    shown = {*sums.definition.facets, Facet.TEST}
    files = []
    for number in np.flatnonzero(lines.sum(axis=1)).tolist():
        path = facts.paths[number]
        facet = facts.facets[path].facet if path in facts.facets else Facet.SOURCE
        call = facts.stages.get(path)
        if facet in shown:
            files.append(
                FileFigures(
                    path=path,
                    stage=call.stage if call else Stage.OTHER,
                    facet=facet,
                    confidence=round(call.confidence * 1000) if call else 0,
                    second=call.second if call else None,
                    lines=int(lines[number].sum()),
                    counts=counts_of(table[number]),
                )
            )
    return tuple(sorted(files, key=lambda item: (-item.lines, item.path)))


def _is_ml(head: StockPoint) -> bool:
    outside = {Stage.OTHER, Stage.INFRA}
    made = sum(f.counts.total for stage, f in head.by_stage.items() if stage not in outside)
    return made > _NOTICEABLE * head.counts.total
