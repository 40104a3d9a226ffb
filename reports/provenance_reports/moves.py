"""What moved between two reports, and why: a chain of causes from the first to the second.

Both reports take stock at the same commit somewhere (the *anchor*).  There the code is the
same, so whatever differs is another definition, another classification or other marks; the
rest is new code.  What the two reports do not tell apart stays together under one name, and
figures of different definitions are not subtracted at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from provenance.metrics.measurement import Measurement, StockPoint
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, Stage
from provenance_reports.document import Document, Interval

DEFINITION: Final = "definition"
"""Cause: the meter or git itself is another version."""
CLASSIFICATION: Final = "re-classification"
"""Cause: other files are in the denominator."""
MARKING: Final = "re-marking"
"""Cause: other rules, or other evidence, about the same lines."""
NEW_CODE: Final = "new code"
"""Cause: lines written, rewritten and taken away."""
BETWEEN: Final = " and "
"""Stands between the names of causes that cannot be told apart."""
EVERYTHING, OWN, STAGES, NOTHING = "all figures", "own figures", "stages", "nothing"
"""What a change of definition makes incomparable."""

_BREAKS: Final = {
    "unit": EVERYTHING,
    "lens": EVERYTHING,
    "facets": EVERYTHING,
    "predates_cutoff": EVERYTHING,
    "own_families": OWN,
    "own_predates_cutoff": OWN,
    "taxonomy_version": STAGES,
}

_SAME: Final = "the same commit in both"

Signed = tuple[int, ...]
"""Change of the counts by author type, in the order of the author types."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the definition that is not the same."""

    name: str
    """Field of the definition, ``tool_version`` or ``repository``."""
    before: str
    """Value in the first report (hostile text)."""
    after: str
    """Value in the second report (hostile text)."""
    breaks: str
    """What cannot be compared because of it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures between two causes."""

    counts: Signed
    """By author type."""
    own: Own | None
    """Own models; ``None`` when not comparable or not known here."""

    @property
    def ai(self) -> Interval:
        """The figures of any AI."""
        return Interval.of(Counts(*self.counts))

    @property
    def mine(self) -> Interval | None:
        """The figures of the own models."""
        return Interval.of_own(self.own, Counts(*self.counts)) if self.own else None


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason and what it did to the figures."""

    name: str
    """One cause, or several with ``and`` between them where they cannot be told apart."""
    why: str
    """What shows it, in one sentence."""
    before: Figures
    """The figures without it."""
    after: Figures
    """The figures with it."""

    @property
    def counts(self) -> Signed:
        """Lines that it brought or took, by author type."""
        return tuple(b - a for a, b in zip(self.before.counts, self.after.counts, strict=True))


@dataclass(frozen=True, slots=True)
class StageMove:
    """One stage in both reports."""

    stage: Stage
    """The stage."""
    before: Interval
    """In the first report."""
    after: Interval
    """In the second report."""
    reclassified: int | None
    """Lines more (or less) in it at the anchor, where no code is new; ``None`` if unknown."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Everything that moved."""

    before: Document
    """The first report."""
    after: Document
    """The second report."""
    differences: tuple[Difference, ...]
    """Changes of definition; those that make most incomparable first."""
    anchor: StockPoint | None
    """The commit of which both take stock, as the second report sees it."""
    causes: tuple[Cause, ...]
    """From the first report's figures to the second's; empty when not comparable."""
    stages: tuple[StageMove, ...]
    """Stages in pipeline order; empty when not comparable."""

    @property
    def comparable(self) -> bool:
        """Whether the figures mean the same thing."""
        return all(item.breaks != EVERYTHING for item in self.differences)

    @property
    def anchored_at_start(self) -> bool:
        """Whether the second report takes stock of the very head of the first."""
        return self.anchor is not None and (
            self.anchor.commit == self.before.measurement.head.commit
        )


def compare(before: Document, after: Document) -> Moves:
    """Say what moved from one report to another."""
    old, new = before.measurement, after.measurement
    differences = _differences(old, new)
    broken = {item.breaks for item in differences}
    pair = _anchor(old, new)
    return Moves(
        before=before,
        after=after,
        differences=differences,
        anchor=pair[1] if pair else None,
        causes=() if EVERYTHING in broken else _causes(old, new, pair, own=OWN not in broken),
        stages=() if broken & {EVERYTHING, STAGES} else _stages(old, new, pair),
    )


def _differences(old: Measurement, new: Measurement) -> tuple[Difference, ...]:
    found = [
        Difference(
            field.name,
            _said(getattr(old.definition, field.name)),
            _said(getattr(new.definition, field.name)),
            _BREAKS.get(field.name, NOTHING),
        )
        for field in fields(old.definition)
        if getattr(old.definition, field.name) != getattr(new.definition, field.name)
    ]
    for name, was, now in (
        ("tool_version", old.tool_version, new.tool_version),
        ("repository", old.repository.name, new.repository.name),
    ):
        if was != now:
            found.append(Difference(name, was, now, NOTHING))
    order = (EVERYTHING, OWN, STAGES, NOTHING)
    return tuple(sorted(found, key=lambda item: order.index(item.breaks)))


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


def _anchor(old: Measurement, new: Measurement) -> tuple[StockPoint, StockPoint] | None:
    """Return the newest commit of which both take stock, the first report's head if possible."""
    known = {point.commit: point for point in new.stock}
    for point in reversed(old.stock):
        if point.commit in known:
            return point, known[point.commit]
    return None


def _counts(counts: Counts) -> Signed:
    return tuple(counts.of(kind) for kind in AuthorType)


def _figures(point: StockPoint, *, own: bool) -> Figures:
    return Figures(_counts(point.counts), point.own if own else None)


def _moved(start: Figures, was: Figures, now: Figures) -> Figures | None:
    """Return the figures of ``start`` after the step from one to another; ``None`` below zero."""
    counts = tuple(
        here + after - before
        for here, before, after in zip(start.counts, was.counts, now.counts, strict=True)
    )
    own = _own_moved(start.own, was.own, now.own)
    possible = own is None or 0 <= own.floor <= own.declared <= own.ceiling
    return Figures(counts, own) if min(counts) >= 0 and possible else None


def _own_moved(start: Own | None, was: Own | None, now: Own | None) -> Own | None:
    if not (start and was and now):
        return None
    return Own(
        start.floor + now.floor - was.floor,
        start.declared + now.declared - was.declared,
        start.ceiling + now.ceiling - was.ceiling,
    )


def _causes(
    old: Measurement,
    new: Measurement,
    pair: tuple[StockPoint, StockPoint] | None,
    *,
    own: bool,
) -> tuple[Cause, ...]:
    start, end = _figures(old.head, own=own), _figures(new.head, own=own)
    names = _remeasured(old, new)
    if pair is None:
        if names:
            every = BETWEEN.join([*names, NEW_CODE])
            return (Cause(every, "no commit is in both reports", start, end),)
        return (*_nothing(start), Cause(NEW_CODE, "the definition is the same", start, end))
    was, now = (_figures(point, own=own) for point in pair)
    again = _moved(start, was, now)
    if again is None:
        every = BETWEEN.join([*(names or (MARKING,)), NEW_CODE])
        return (Cause(every, "the code has changed too much since the anchor", start, end),)
    if old.head.commit == new.head.commit:
        return _same_head(old, new, start, end)
    place = f"{pair[1].commit[:12]} ({pair[1].date[:10]})"
    anchor = f"measured by both at {place}"
    if pair[0].commit != old.head.commit:
        anchor += " and carried forward from there"
    fresh = Cause(NEW_CODE, f"since {old.head.commit[:12]}", again, end)
    if was == now:
        return (*_nothing(start), fresh)
    return (*_named(names or (MARKING,), anchor, start, again), fresh)


def _remeasured(old: Measurement, new: Measurement) -> tuple[str, ...]:
    """Return the causes that the definitions leave open for code that is the same."""
    before, after = old.definition, new.definition
    open_to = []
    if (old.tool_version, before.git_version, before.git_options) != (
        new.tool_version, after.git_version, after.git_options
    ):  # fmt: skip
        open_to.append(DEFINITION)
    if before.scope_digest != after.scope_digest:
        open_to.append(CLASSIFICATION)
    if before.catalogue_digest != after.catalogue_digest:
        open_to.append(MARKING)
    return tuple(open_to)


def _nothing(start: Figures) -> tuple[Cause, Cause]:
    why = "the same code has the same figures in both"
    return Cause(CLASSIFICATION, why, start, start), Cause(MARKING, why, start, start)


def _named(names: Sequence[str], why: str, start: Figures, again: Figures) -> tuple[Cause, ...]:
    """Return the step under its name or names, and the other causes as nothing."""
    others = [name for name in (CLASSIFICATION, MARKING) if name not in names]
    idle = [Cause(name, "its rules are the same", again, again) for name in others]
    return (Cause(BETWEEN.join(names), why, start, again), *idle)


def _same_head(
    old: Measurement, new: Measurement, start: Figures, end: Figures
) -> tuple[Cause, ...]:
    """Split file by file: the same file in another place, or other marks in the same place."""
    inside = set(old.definition.facets)
    was, now = _files(old, inside), _files(new, inside)
    names = _remeasured(old, new)
    whole = sum(was.values(), Counts()) == old.head.counts
    if not whole or sum(now.values(), Counts()) != new.head.counts:
        return (*_named(names or (MARKING,), _SAME, start, end), Cause(NEW_CODE, _SAME, end, end))
    into = sum((now[path] for path in now.keys() - was.keys()), Counts())
    out = sum((was[path] for path in was.keys() - now.keys()), Counts())
    counts = tuple(
        here + more - less
        for here, more, less in zip(start.counts, _counts(into), _counts(out), strict=True)
    )
    own = start.own if counts == start.counts else end.own if counts == end.counts else None
    middle = Figures(counts, own)
    marks = BETWEEN.join((DEFINITION, MARKING)) if DEFINITION in names else MARKING
    return (
        Cause(CLASSIFICATION, "files that only one report counts", start, middle),
        Cause(marks, "files that both reports count", middle, end),
        Cause(NEW_CODE, _SAME, end, end),
    )


def _files(measurement: Measurement, inside: set[Facet]) -> dict[str, Counts]:
    return {file.path: file.counts for file in measurement.files if file.facet in inside}


def _stages(
    old: Measurement, new: Measurement, pair: tuple[StockPoint, StockPoint] | None
) -> tuple[StageMove, ...]:
    moves = []
    for stage in Stage:
        before, after = _stage(old.head, stage), _stage(new.head, stage)
        if before.whole or after.whole:
            again = _stage(pair[1], stage).whole - _stage(pair[0], stage).whole if pair else None
            moves.append(StageMove(stage, before, after, again))
    return tuple(moves)


def _stage(point: StockPoint, stage: Stage) -> Interval:
    figures = point.by_stage.get(stage)
    return Interval.of(figures.counts if figures else Counts())
