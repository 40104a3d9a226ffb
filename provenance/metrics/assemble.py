"""Put the counted tables together into one measurement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from provenance.metrics.classes import (
    CLASSES,
    PathGroup,
    PathGroups,
    Table,
    counts_of,
    group_paths,
    own_of,
    owner_class,
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
from provenance.metrics.replacements import replacements
from provenance.metrics.spread import (
    expected_by_stage,
    expected_by_tier,
    expected_in_windows,
    expected_of,
    expected_stock,
    spread_of,
)
from provenance.metrics.summaries import Owners, generations, ladder
from provenance.metrics.tally import added_in_windows, alive_in_windows, stock
from provenance.stages.shares import UNSURE_BELOW, is_pipeline
from provenance.terms.counts import Counts
from provenance.terms.stages import Facet, LoopTier, Stage, loop_tier
from provenance.terms.unmeasured import Unmeasured

_Key = TypeVar("_Key", Stage, LoopTier)


class _Sums:
    """Tables that several parts of the measurement share."""

    def __init__(self, facts: Facts, definition: Definition) -> None:
        self.facts = facts
        self.definition = definition
        own = definition.own_families
        size = len(facts.ids)
        classes = np.array(
            [
                owner_class(owner, own, before_own=number < size and number in facts.before_own)
                for number, owner in enumerate(facts.owners)
            ],
            dtype=np.int64,
        )
        self.groups: PathGroups = group_paths(
            facts.paths, facets=facts.facets, stages=facts.stages, unsure_below=UNSURE_BELOW
        )
        rows = facts.rows
        self.row_class = classes[facts.owner(rows.commit, rows.voice)]
        self.hunk_class = classes[facts.owner(facts.hunks[:, 0], facts.hunks[:, 6])]
        self.row_group = self.groups.of_path[rows.path] if len(rows) else rows.path
        self.inside = [group.facet in definition.facets for group in self.groups.groups]
        self.size = len(self.groups.groups)
        self.spread = spread_of(
            facts.paths, facts.stages, inside=[self.inside[at] for at in self.groups.of_path]
        )

    def stock(self, unit: str, rows: Rows | None = None) -> Table:
        """Return counts [snapshot, group, class]."""
        return stock(
            rows or self.facts.rows,
            unit=unit,
            group=self.row_group,
            owner_class=self.row_class,
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
    stage_map: Sequence[tuple[str, str]] = (),
) -> Measurement:
    """Add everything up."""
    sums = _Sums(facts, definition)
    table = sums.stock(definition.unit)
    expected = expected_stock(
        facts.rows, sums.spread, unit=definition.unit, snapshots=len(facts.snapshot_of)
    )
    places = [facts.snapshot_of[point.commit] for point in facts.points]
    points = tuple(
        _stock_point(sums, point, _Counted(table[place], expected[place]))
        for point, place in zip(facts.points, places, strict=True)
    )
    points = tuple(sorted(points[:-1], key=lambda p: (p.date, p.kind, p.at))) + points[-1:]
    head = facts.snapshot_of[facts.points[-1].commit]
    lines = sums.stock("line") if definition.unit != "line" else table
    owners = Owners(facts, definition)
    return Measurement(
        tool_version=tool_version,
        repository=repository,
        definition=definition,
        stock=points,
        flow=_flow(sums),
        generations=generations(owners, definition, snapshot=head, points=facts.points),
        not_measured=tuple(not_measured),
        exclusions=_exclusions(sums, head),
        ladder=ladder(owners, snapshot=head),
        findings=tuple(findings),
        files=_files(sums, head),
        everything=counts_of(lines[head].sum(axis=0)),
        records=tuple(facts.records),
        record_pins=tuple(facts.record_pins),
        disputed_lines=facts.disputed_lines,
        replacements=replacements(facts, definition),
        is_ml_pipeline=_is_pipeline(points[-1]),
        stage_map=tuple(stage_map),
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one point or window holds."""

    table: Table
    """Counts [group, class]."""
    expected: Table
    """Parts of lines by column, spread by chance."""


def _stage_figures(sums: _Sums, counted: _Counted) -> dict[Stage, StageFigures]:
    """Figures per stage, inside the denominator."""
    return _figures(
        sums,
        counted.table,
        expected=expected_by_stage(counted.expected),
        first=lambda group: group.stage,
        second=lambda group: group.second,
    )


def _tier_figures(sums: _Sums, counted: _Counted) -> dict[LoopTier, StageFigures]:
    """Figures per loop tier, inside the denominator."""
    return _figures(
        sums,
        counted.table,
        expected=expected_by_tier(counted.expected),
        first=lambda group: loop_tier(group.stage, group.sub),
        second=lambda group: loop_tier(group.second, None) if group.second else None,
    )


def _figures(
    sums: _Sums,
    table: Table,
    *,
    expected: Mapping[_Key, int],
    first: Callable[[PathGroup], _Key],
    second: Callable[[PathGroup], _Key | None],
) -> dict[_Key, StageFigures]:
    """Figures by what ``first`` says of each group of paths, with the doubt of ``second``."""
    empty = np.zeros(CLASSES, dtype=np.int64)
    held = dict.fromkeys(expected, empty)
    low = dict.fromkeys(expected, 0)
    high = dict.fromkeys(expected, 0)
    for place, group in enumerate(sums.groups.groups):
        total = int(table[place].sum())
        if not sums.inside[place] or not total:
            continue
        key, other = first(group), second(group)
        held[key] = held[key] + table[place]
        high[key] += total
        if other is None or other == key:
            low[key] += total
        else:
            high[other] += total
    return {
        key: StageFigures(
            counts=counts_of(held[key]),
            own=own_of(held[key]),
            low=low[key],
            high=high[key],
            expected=expected[key],
        )
        for key in expected
        if high[key] or expected[key]
    }


def _whole(sums: _Sums, table: Table) -> Table:
    inside = np.flatnonzero(np.array(sums.inside, dtype=bool))
    whole: Table = table[inside].sum(axis=0)
    return whole


def _stock_point(sums: _Sums, point: Point, counted: _Counted) -> StockPoint:
    tests = [i for i, group in enumerate(sums.groups.groups) if group.facet is Facet.TEST]
    whole = _whole(sums, counted.table)
    return StockPoint(
        at=point.at,
        kind=point.kind,
        commit=sums.facts.ids[point.commit],
        date=rfc3339(sums.facts.dates[point.commit]),
        counts=counts_of(whole),
        own=own_of(whole),
        by_stage=_stage_figures(sums, counted),
        by_tier=_tier_figures(sums, counted),
        tests=counts_of(counted.table[tests].sum(axis=0)) if tests else Counts(),
    )


def _flow(sums: _Sums) -> tuple[FlowWindow, ...]:
    facts = sums.facts
    windows = commits_of_windows(facts.graph, [(p.starts, p.commit) for p in facts.points])
    ends = np.array([facts.snapshot_of[point.commit] for point in facts.points], dtype=np.int64)
    alive = alive_in_windows(
        facts.rows,
        unit=sums.definition.unit,
        group=sums.row_group,
        owner_class=sums.row_class,
        groups=sums.size,
        windows=windows,
        snapshot_of_window=ends,
        commits=len(facts.ids),
    )
    expected = expected_in_windows(
        facts.rows,
        sums.spread,
        unit=sums.definition.unit,
        windows=windows,
        ends=ends,
        commits=len(facts.ids),
    )
    added = added_in_windows(
        facts.hunks,
        group_of_path=sums.groups.of_path,
        owner_class=sums.hunk_class,
        groups=sums.size,
        windows=windows,
        commits=len(facts.ids),
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
                by_stage=_stage_figures(sums, _Counted(alive[place], expected[place])),
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


def _is_pipeline(head: StockPoint) -> bool:
    return is_pipeline({stage: figures.counts.total for stage, figures in head.by_stage.items()})


class Windows:
    """Windows that end at the head, path by path: counted as every other window is."""

    def __init__(self, facts: Facts, definition: Definition) -> None:
        """Prepare the tables that all windows share."""
        self._sums = _Sums(facts, definition)
        self._paths = len(facts.paths)

    def added(self, window: Table) -> Table:
        """Return lines added by the commits of a window, [path, class], unit ``line``."""
        tables = added_in_windows(
            self._sums.facts.hunks,
            group_of_path=np.arange(self._paths, dtype=np.int64),
            owner_class=self._sums.hunk_class,
            groups=self._paths,
            windows=[window],
            commits=len(self._sums.facts.ids),
        )
        whole: Table = tables[0]
        return whole

    def alive(self, window: Table, *, owners: Table | None = None) -> Table:
        """Return lines of a window alive at the head, [path, class], in the unit.

        With ``owners`` only theirs are counted.
        """
        facts = self._sums.facts
        rows, classes = facts.rows, self._sums.row_class
        if owners is not None:
            chosen = np.isin(facts.owner(rows.commit, rows.voice), owners)
            rows, classes = rows.take(chosen), classes[chosen]
        head = facts.snapshot_of[facts.points[-1].commit]
        tables = alive_in_windows(
            rows,
            unit=self._sums.definition.unit,
            group=rows.path,
            owner_class=classes,
            groups=self._paths,
            windows=[window],
            snapshot_of_window=np.array([head], dtype=np.int64),
            commits=len(facts.ids),
        )
        whole: Table = tables[0]
        return whole

    def by_stage(self, table: Table) -> dict[Stage, StageFigures]:
        """Return the figures per stage of a table by path, inside the denominator."""
        grouped = np.zeros((self._sums.size, CLASSES), dtype=np.int64)
        np.add.at(grouped, self._sums.groups.of_path, table)
        expected = expected_of(self._sums.spread, table.sum(axis=1))
        return _stage_figures(self._sums, _Counted(grouped, expected))
