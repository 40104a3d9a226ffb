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


class Owners:
    """Attributions by owner number, with the commits and the live lines of each."""

    def __init__(self, facts: Facts, definition: Definition) -> None:
        """Look at everything once; generations and ladder share it."""
        self.facts = facts
        self.attributions = facts.owners
        self._owner_of_row = facts.owner(facts.rows.commit, facts.rows.voice)
        self._weights = _weights(facts, definition)
        self.commits = self._commits()

    def _commits(self) -> list[list[int]]:
        """Return commits by owner; one all of whose lines have voices is not its own owner."""
        facts = self.facts
        size = len(facts.ids)
        hunks = facts.hunks[facts.hunks[:, 0] < size]
        commit, voice = hunks[:, 0], hunks[:, 6]
        adds = hunks[:, 5] > 0
        voiced = np.zeros(size, dtype=bool)
        voiced[commit[adds & (voice > 0)]] = True
        voiced[commit[adds & (voice == 0)]] = False
        commits = [[] if gone else [number] for number, gone in enumerate(voiced.tolist())]
        commits += [[] for _ in facts.voices]
        pairs = np.unique(hunks[adds & (voice > 0)][:, (6, 0)], axis=0)
        for number, of in pairs.tolist():
            commits[size + number].append(of)
        return commits

    def lines(self, snapshot: int) -> Table:
        """Return the live lines of every owner at a snapshot."""
        rows = self.facts.rows
        alive = (rows.first <= snapshot) & (snapshot <= rows.last)
        summed = np.bincount(
            self._owner_of_row[alive],
            weights=self._weights[alive].astype(np.float64),
            minlength=len(self.attributions),
        )
        return np.rint(summed).astype(np.int64)

    def lines_by_stage(self, snapshot: int) -> dict[Stage, Table]:
        """Return the live lines of every owner at a snapshot, stage by stage."""
        facts, rows = self.facts, self.facts.rows
        chosen = np.flatnonzero((rows.first <= snapshot) & (snapshot <= rows.last))
        order = {stage: place for place, stage in enumerate(Stage)}
        stage_of = np.array(
            [
                order[facts.stages[path].stage if path in facts.stages else Stage.OTHER]
                for path in facts.paths
            ],
            dtype=np.int64,
        )
        size = len(self.attributions)
        place = stage_of[rows.path[chosen]] * size + self._owner_of_row[chosen]
        summed = np.bincount(
            place,
            weights=self._weights[chosen].astype(np.float64),
            minlength=size * len(order),
        )
        table = np.rint(summed).astype(np.int64).reshape(len(order), size)
        return {stage: table[number] for stage, number in order.items()}


def _maker(attribution: Attribution) -> _Maker:
    maker = attribution.maker
    return maker.vendor, maker.family, maker.model


def generations(
    owners: Owners, definition: Definition, *, snapshot: int, points: Sequence[Point]
) -> tuple[Generation, ...]:
    """Live lines at the head by the model named as their maker, and over the months."""
    facts = owners.facts
    live = owners.lines(snapshot)
    makers: dict[_Maker, list[int]] = {}
    for number, attribution in enumerate(owners.attributions):
        if attribution.author_type in _MADE and owners.commits[number]:
            makers.setdefault(_maker(attribution), []).append(number)
    months = [point for point in points if point.kind in {"month", "head"}]
    history = {point.at: owners.lines(facts.snapshot_of[point.commit]) for point in months}
    stage_lines = owners.lines_by_stage(snapshot)
    found = []
    for (vendor, family, model), mine in makers.items():
        types = {n: owners.attributions[n].author_type for n in mine}
        ai = [n for n in mine if types[n] is AuthorType.AI]
        assisted = [n for n in mine if types[n] is AuthorType.ASSISTED]
        first = min(facts.dates[commit] for n in mine for commit in owners.commits[n])
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
                    if (total := int(lines[mine].sum()))
                },
                alive=tuple((at, int(lines[mine].sum())) for at, lines in history.items()),
            )
        )
    return tuple(
        sorted(
            found,
            key=lambda g: (-(g.ai + g.assisted), g.vendor or "~", g.family or "~", g.model or "~"),
        )
    )


_ORDER = {tier: place for place, tier in enumerate(Tier)}


def ladder(owners: Owners, *, snapshot: int) -> tuple[LadderStep, ...]:
    """Live lines at the head by deciding rule; the last steps are those nothing decided."""
    facts = owners.facts
    live = owners.lines(snapshot)
    steps: dict[tuple[AuthorType, Tier | None, str], list[int]] = {}
    for number, attribution in enumerate(owners.attributions):
        if owners.commits[number]:
            key = (attribution.author_type, attribution.tier, attribution.rule or "")
            steps.setdefault(key, []).append(number)
    found = []
    for (author_type, tier, rule), mine in steps.items():
        largest = max(mine, key=lambda n: (int(live[n]), facts.ids[owners.commits[n][0]]))
        found.append(
            (
                (len(_ORDER) if tier is None else _ORDER[tier], -int(live[mine].sum()), rule),
                LadderStep(
                    author_type=author_type.value,
                    tier=tier.value if tier else "",
                    rule=rule,
                    lines=int(live[mine].sum()),
                    commits=len({commit for n in mine for commit in owners.commits[n]}),
                    example=facts.ids[owners.commits[largest][0]],
                    first_seen=rfc3339(
                        min(facts.dates[commit] for n in mine for commit in owners.commits[n])
                    )[:10],
                ),
            )
        )
    return tuple(step for _, step in sorted(found, key=lambda item: item[0]))
