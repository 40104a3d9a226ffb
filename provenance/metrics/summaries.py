"""Which model made the live lines, and which rule decided them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from provenance.metrics.classes import Table
from provenance.metrics.facts import Facts
from provenance.metrics.measurement import Definition, Generation, LadderStep
from provenance.metrics.points import Point, rfc3339
from provenance.terms.authors import Attribution, AuthorType, Tier
from provenance.terms.stages import Facet, Stage

_MADE = (AuthorType.AI, AuthorType.ASSISTED)
_Maker = tuple[str | None, str | None, str | None]


def _weights(facts: Facts, definition: Definition) -> Table:
    """Return the counts of each row in the unit; zero for paths outside the denominator."""
    inside = np.array(
        [
            (facts.facets[path].facet if path in facts.facets else Facet.SOURCE)
            in definition.facets
            for path in facts.paths
        ],
        dtype=np.int64,
    )
    values: Table = facts.rows.of(definition.unit)
    return values * inside[facts.rows.path] if len(facts.rows) else values


def _lines_by_commit(facts: Facts, weights: Table, snapshot: int) -> Table:
    rows = facts.rows
    alive = (rows.first <= snapshot) & (snapshot <= rows.last) & (rows.commit < len(facts.ids))
    summed = np.bincount(
        rows.commit[alive], weights=weights[alive].astype(np.float64), minlength=len(facts.ids)
    )
    return np.rint(summed).astype(np.int64)


def _maker(attribution: Attribution) -> _Maker:
    maker = attribution.maker
    return maker.vendor, maker.family, maker.model


def generations(
    facts: Facts, definition: Definition, *, snapshot: int, points: Sequence[Point]
) -> tuple[Generation, ...]:
    """Live lines at the head by the model named as their maker, and over the months."""
    weights = _weights(facts, definition)
    live = _lines_by_commit(facts, weights, snapshot)
    makers: dict[_Maker, list[int]] = {}
    for number, attribution in enumerate(facts.attributions):
        if attribution.author_type in _MADE:
            makers.setdefault(_maker(attribution), []).append(number)
    months = [point for point in points if point.kind in {"month", "head"}]
    history = {
        point.at: _lines_by_commit(facts, weights, facts.snapshot_of[point.commit])
        for point in months
    }
    stage_lines = _by_stage(facts, weights, snapshot)
    found = []
    for (vendor, family, model), commits in makers.items():
        ai = [c for c in commits if facts.attributions[c].author_type is AuthorType.AI]
        assisted = [c for c in commits if facts.attributions[c].author_type is AuthorType.ASSISTED]
        first = min(facts.dates[c] for c in commits)
        found.append(
            Generation(
                vendor=vendor,
                family=family,
                model=model,
                own=family in definition.own_families if family else False,
                ai=int(live[ai].sum()),
                assisted=int(live[assisted].sum()),
                first_seen=rfc3339(first)[:10],
                by_stage={
                    stage: total
                    for stage, lines in stage_lines.items()
                    if (total := int(lines[commits].sum()))
                },
                alive=tuple((at, int(lines[commits].sum())) for at, lines in history.items()),
            )
        )
    return tuple(
        sorted(
            found,
            key=lambda g: (-(g.ai + g.assisted), g.vendor or "~", g.family or "~", g.model or "~"),
        )
    )


def _by_stage(facts: Facts, weights: Table, snapshot: int) -> dict[Stage, Table]:
    rows = facts.rows
    alive = (rows.first <= snapshot) & (snapshot <= rows.last) & (rows.commit < len(facts.ids))
    order = {stage: place for place, stage in enumerate(Stage)}
    stage_of = np.array(
        [
            order[facts.stages[path].stage if path in facts.stages else Stage.OTHER]
            for path in facts.paths
        ],
        dtype=np.int64,
    )
    size = len(facts.ids)
    chosen = np.flatnonzero(alive)
    place = stage_of[rows.path[chosen]] * size + rows.commit[chosen]
    summed = np.bincount(
        place, weights=weights[chosen].astype(np.float64), minlength=size * len(order)
    )
    table = np.rint(summed).astype(np.int64).reshape(len(order), size)
    return {stage: table[number] for stage, number in order.items()}


_ORDER = {tier: place for place, tier in enumerate(Tier)}


def ladder(facts: Facts, definition: Definition, *, snapshot: int) -> tuple[LadderStep, ...]:
    """Live lines at the head by deciding rule; the last steps are those nothing decided."""
    live = _lines_by_commit(facts, _weights(facts, definition), snapshot)
    steps: dict[tuple[AuthorType, Tier | None, str], list[int]] = {}
    for number, attribution in enumerate(facts.attributions):
        key = (attribution.author_type, attribution.tier, attribution.rule or "")
        steps.setdefault(key, []).append(number)
    found = []
    for (author_type, tier, rule), commits in steps.items():
        largest = max(commits, key=lambda c: (int(live[c]), facts.ids[c]))
        found.append(
            (
                (len(_ORDER) if tier is None else _ORDER[tier], -int(live[commits].sum()), rule),
                LadderStep(
                    author_type=author_type.value,
                    tier=tier.value if tier else "",
                    rule=rule,
                    lines=int(live[commits].sum()),
                    commits=len(commits),
                    example=facts.ids[largest],
                    first_seen=rfc3339(min(facts.dates[c] for c in commits))[:10],
                ),
            )
        )
    return tuple(step for _, step in sorted(found, key=lambda item: item[0]))
