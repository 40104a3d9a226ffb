"""From everything found to what one change adds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from provenance.metrics.assemble import Windows
from provenance.metrics.classes import Table, counts_of
from provenance.metrics.difference import Difference, End, FileChange, Lines, MakerLines
from provenance.metrics.facts import Facts
from provenance.metrics.measurement import (
    Exclusion,
    Finding,
    Measurement,
    StageFigures,
)
from provenance.metrics.points import rfc3339
from provenance.metrics.reach import commits_of_windows
from provenance.stages.shares import UNSURE_BELOW
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, Stage, StageCall
from provenance.terms.unmeasured import Unmeasured

_MADE = (AuthorType.AI, AuthorType.ASSISTED)


class _Change:
    """The tables of one change, and what several parts of it ask."""

    def __init__(self, facts: Facts, measurement: Measurement) -> None:
        self.facts = facts
        self.definition = measurement.definition
        point = facts.points[-1]
        self.commits: Table = commits_of_windows(facts.graph, [(point.starts, point.commit)])[0]
        self.windows = Windows(facts, self.definition)
        self.added = self.windows.added(self.commits)
        self.alive = self.windows.alive(self.commits)
        self.touched: list[int] = np.flatnonzero(
            self.added.sum(axis=1) + self.alive.sum(axis=1)
        ).tolist()

    def facet(self, path: int) -> Facet:
        call = self.facts.facets.get(self.facts.paths[path])
        return call.facet if call else Facet.SOURCE

    def call(self, path: int) -> StageCall | None:
        return self.facts.stages.get(self.facts.paths[path])

    def stage(self, path: int) -> Stage:
        call = self.call(path)
        return call.stage if call else Stage.OTHER

    def confidence(self, path: int) -> float:
        call = self.call(path)
        return call.confidence if call else 0.0

    def inside(self, path: int) -> bool:
        return self.facet(path) in self.definition.facets


def change(
    facts: Facts,
    measurement: Measurement,
    *,
    base: End,
    head: str,
    stated: str,
    not_measured: Sequence[Unmeasured],
    changed: Collection[str],
) -> Difference:
    """Say what the window of the head adds.

    ``head`` is how the caller names the head, ``stated`` the commit whose configuration was
    obeyed, ``changed`` the paths at which the two trees differ.
    """
    found = _Change(facts, measurement)
    point = facts.points[-1]
    kinds = [facts.attributions[commit].author_type for commit in found.commits.tolist()]
    findings, unplaced = _findings(found, measurement.findings, changed)
    return Difference(
        tool_version=measurement.tool_version,
        name=measurement.repository.name,
        definition=replace(measurement.definition, every=()),
        base=base,
        head=End(head, facts.ids[point.commit], rfc3339(facts.dates[point.commit])),
        merge_bases=tuple(sorted(facts.ids[commit] for commit in point.starts)),
        stated=stated,
        commits=Counts(**{kind.value: kinds.count(kind) for kind in AuthorType}),
        merges=sum(len(facts.graph[commit]) > 1 for commit in found.commits.tolist()),
        added=_lines(found, found.added),
        removed=_removed(found),
        alive=_lines(found, found.alive),
        tests=_sum(found.alive, [p for p in found.touched if found.facet(p) is Facet.TEST]),
        unclassified=_unclassified(found),
        makers=_makers(found),
        files=_files(found),
        outside=_outside(found),
        not_measured=tuple(not_measured),
        findings=findings,
        unplaced=unplaced,
        is_ml_pipeline=measurement.is_ml_pipeline,
    )


def _sum(table: Table, paths: Sequence[int]) -> Counts:
    return counts_of(table[list(paths)].sum(axis=0)) if paths else Counts()


def _lines(found: _Change, table: Table) -> Lines:
    by_stage = found.windows.by_stage(table)
    figures = list(by_stage.values()) or [StageFigures(Counts(), Own())]
    return Lines(
        counts=sum((figure.counts for figure in figures), Counts()),
        own=sum((figure.own for figure in figures), Own()),
        by_stage=by_stage,
    )


def _removed(found: _Change) -> int:
    """Count lines that commits of the change removed from files of the denominator."""
    commit, path, _, removed, *_ = found.facts.hunks.T
    inside = np.array([found.inside(number) for number in range(len(found.facts.paths))], bool)
    mask = np.isin(commit, found.commits) & inside[path] if path.size else np.zeros(0, bool)
    return int(removed[mask].sum())


def _unclassified(found: _Change) -> dict[Stage, int]:
    lines: dict[Stage, int] = {}
    for path in found.touched:
        if found.inside(path) and found.confidence(path) < UNSURE_BELOW:
            stage = found.stage(path)
            lines[stage] = lines.get(stage, 0) + int(found.alive[path].sum())
    return {stage: lines[stage] for stage in Stage if lines.get(stage)}


def _makers(found: _Change) -> tuple[MakerLines, ...]:
    """Live lines of the change by maker: of the commit, or of the record that speaks of them."""
    facts, own = found.facts, found.definition.own_families
    attributions = facts.owners
    hunks = facts.hunks[np.isin(facts.hunks[:, 0], found.commits) & (facts.hunks[:, 5] > 0)]
    pairs = np.stack([facts.owner(hunks[:, 0], hunks[:, 6]), hunks[:, 0]], axis=1)
    commits_of: dict[int, set[int]] = {commit: {commit} for commit in found.commits.tolist()}
    for owner, commit in np.unique(pairs, axis=0).tolist():
        commits_of.setdefault(owner, set()).add(commit)
    owners: dict[tuple[str | None, str | None, str | None], list[int]] = {}
    for owner in sorted(commits_of):
        attribution = attributions[owner]
        if attribution.author_type in _MADE:
            maker = attribution.maker
            owners.setdefault((maker.vendor, maker.family, maker.model), []).append(owner)
    made = []
    for (vendor, family, model), members in owners.items():
        alive = found.windows.alive(found.commits, owners=np.array(members, dtype=np.int64))
        stages = found.windows.by_stage(alive)
        counts = sum((figures.counts for figures in stages.values()), Counts())
        made.append(
            MakerLines(
                vendor=vendor,
                family=family,
                model=model,
                own=family in own if family else False,
                commits=len({commit for owner in members for commit in commits_of[owner]}),
                ai=counts.ai,
                assisted=counts.assisted,
                by_stage={
                    stage: figures.counts.declared
                    for stage, figures in stages.items()
                    if figures.counts.declared
                },
            )
        )
    return tuple(
        sorted(
            made,
            key=lambda m: (-(m.ai + m.assisted), m.vendor or "~", m.family or "~", m.model or "~"),
        )
    )


def _files(found: _Change) -> tuple[FileChange, ...]:
    shown = {*found.definition.facets, Facet.TEST}
    files = [
        FileChange(
            path=found.facts.paths[path],
            stage=found.stage(path),
            facet=found.facet(path),
            confidence=round(found.confidence(path) * 1000),
            added=counts_of(found.added[path]),
            alive=counts_of(found.alive[path]),
        )
        for path in found.touched
        if found.facet(path) in shown
    ]
    return tuple(sorted(files, key=lambda file: (-file.added.total, file.path)))


def _outside(found: _Change) -> tuple[Exclusion, ...]:
    by_rule: dict[tuple[str, Facet], list[int]] = {}
    for path in found.touched:
        call = found.facts.facets.get(found.facts.paths[path])
        if call is not None and call.facet not in found.definition.facets:
            by_rule.setdefault((call.rule, call.facet), []).append(path)
    items = [
        Exclusion(rule, facet, len(paths), counts.total, counts)
        for (rule, facet), paths in by_rule.items()
        if (counts := _sum(found.added, paths)).total
    ]
    return tuple(sorted(items, key=lambda item: (-item.lines, item.rule, item.facet)))


def _findings(
    found: _Change, findings: Sequence[Finding], changed: Collection[str]
) -> tuple[tuple[Finding, ...], int]:
    """Return the findings that lie in the change, and how many more may."""
    commits = {found.facts.ids[commit] for commit in found.commits.tolist()}
    inside, unplaced = [], 0
    for finding in findings:
        places = tuple(
            place
            for place in finding.places
            if place in commits or place in changed or place.rpartition(":")[0] in changed
        )
        if places:
            inside.append(replace(finding, places=places, count=len(places)))
        elif finding.count > len(finding.places):
            unplaced += _may_hide(found, finding)
    return tuple(inside), unplaced


def _may_hide(found: _Change, finding: Finding) -> bool:
    """Whether a place that is not listed may lie in the change.

    Commits are listed newest first: what is missing is as old as the last one, or older.
    """
    facts = found.facts
    dates = dict(zip(facts.ids, facts.dates, strict=True))
    listed = [dates.get(place) for place in finding.places]
    known = [date for date in listed if date is not None]
    if not known or len(known) < len(listed):
        return bool(found.commits.size)
    return any(facts.dates[commit] <= min(known) for commit in found.commits.tolist())
