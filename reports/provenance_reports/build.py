"""Measurement to document: order, intervals, changes; no words and no rounding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from provenance.metrics.measurement import FlowWindow, Measurement, StageFigures, StockPoint
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import LoopTier, Stage, loop_tier
from provenance_reports.days import ordinal
from provenance_reports.document import (
    Change,
    Document,
    Excluded,
    FamilyLine,
    Interval,
    Point,
    StageLine,
    Taken,
    TierLine,
    Variant,
    Verdict,
    Window,
)

_RECENT_DAYS = 90
_LONGEST_WEEK = 14


def build(measurement: Measurement, *, command: str, verdicts: Sequence[Verdict] = ()) -> Document:
    """Arrange a measurement for reading; ``command`` is printed as the way to redo it."""
    configured = bool(measurement.definition.own_families)
    head = measurement.head
    step = "week" if any(point.kind == "week" for point in measurement.stock) else "month"
    series = [point for point in measurement.stock if point.kind in {step, "head"}]
    points = _points(series, configured=configured)
    earlier = _earlier(measurement.stock)
    counted = _counted(measurement)
    return Document(
        measurement=measurement,
        command=command,
        verdicts=tuple(verdicts),
        headline=Interval.of(head.counts),
        own=_own(head.own, head.counts, configured=configured),
        change=_change(earlier, Interval.of(head.counts), earlier.counts if earlier else None),
        points=points,
        releases=_points(
            [point for point in measurement.stock if point.kind == "release"],
            configured=configured,
        ),
        windows=_windows(measurement.flow, kind=step, configured=configured),
        release_windows=_windows(measurement.flow, kind="release", configured=configured),
        stages=_stages(measurement, series, earlier, configured=configured),
        tiers=_tiers(head, configured=configured),
        families=_families(measurement),
        variants=_variants(measurement),
        counted=Interval.of(counted) if counted else None,
        excluded=_excluded(measurement, counted) if counted else (),
        taken=_taken(measurement),
    )


def _own(own: Own, counts: Counts, *, configured: bool) -> Interval | None:
    return Interval.of_own(own, counts) if configured else None


def _joined(before: StockPoint, point: StockPoint, *, days: int) -> bool:
    if before.kind == "month" and point.kind in {"month", "head"}:
        return days <= 31
    return days <= _LONGEST_WEEK


def _points(series: Sequence[StockPoint], *, configured: bool) -> tuple[Point, ...]:
    points: list[Point] = []
    before: StockPoint | None = None
    for point in series:
        day = ordinal(point.at, point.kind, point.date)
        if points:
            day = max(day, points[-1].day)
        joined = (
            before is not None
            and _joined(before, point, days=day - points[-1].day)
            and before.counts.total > 0
        )
        points.append(
            Point(
                label=point.at,
                kind=point.kind,
                day=day,
                commit=point.commit,
                ai=Interval.of(point.counts),
                own=_own(point.own, point.counts, configured=configured),
                joined=joined,
            )
        )
        before = point
    return tuple(points)


def _windows(flow: Iterable[FlowWindow], *, kind: str, configured: bool) -> tuple[Window, ...]:
    return tuple(
        Window(
            kind=window.kind,
            label=window.end,
            start=window.start,
            day=ordinal(window.end, window.kind, ""),
            commits=window.commits,
            added=Interval.of(window.added),
            alive=Interval.of(window.counts),
            own=_own(window.own, window.counts, configured=configured),
        )
        for window in flow
        if window.kind == kind
    )


def _earlier(stock: Sequence[StockPoint]) -> StockPoint | None:
    limit = ordinal("", "head", stock[-1].date) - _RECENT_DAYS
    old = [point for point in stock[:-1] if 0 < ordinal(point.at, point.kind, point.date) <= limit]
    return old[-1] if old else None


def _change(earlier: StockPoint | None, now: Interval, before: Counts | None) -> Change | None:
    if earlier is None or before is None or before.total == 0 or now.whole == 0:
        return None
    if before.covered == now.covered == 0:
        return None
    day = date.fromordinal(ordinal(earlier.at, earlier.kind, earlier.date))
    return Change(since=day.isoformat(), before=Interval.of(before), now=now)


def _stages(
    measurement: Measurement,
    series: Sequence[StockPoint],
    earlier: StockPoint | None,
    *,
    configured: bool,
) -> tuple[StageLine, ...]:
    lines: list[StageLine] = []
    for stage in Stage:
        figures = measurement.head.by_stage.get(stage)
        if figures is None or (figures.counts.total == 0 and figures.high == 0):
            continue
        before = earlier.by_stage.get(stage) if earlier else None
        lines.append(
            StageLine(
                stage=stage,
                tier=loop_tier(stage, None),
                ai=Interval.of(figures.counts),
                own=_own(figures.own, figures.counts, configured=configured),
                low=figures.low,
                high=max(figures.high, figures.low),
                expected=figures.expected,
                change=_change(
                    earlier, Interval.of(figures.counts), before.counts if before else None
                ),
                series=_stage_points(series, stage, configured=configured),
            )
        )
    return tuple(lines)


def _stage_points(
    series: Sequence[StockPoint], stage: Stage, *, configured: bool
) -> tuple[Point, ...]:
    nothing = StageFigures(Counts(), Own())
    narrowed = [
        StockPoint(
            at=point.at,
            kind=point.kind,
            commit=point.commit,
            date=point.date,
            counts=point.by_stage.get(stage, nothing).counts,
            own=point.by_stage.get(stage, nothing).own,
            by_stage={},
            by_tier={},
            tests=Counts(),
        )
        for point in series
    ]
    return _points(narrowed, configured=configured)


def _tiers(head: StockPoint, *, configured: bool) -> tuple[TierLine, ...]:
    groups = (
        ("L1", (LoopTier.L1,)),
        ("L1 + L2", (LoopTier.L1, LoopTier.L2)),
        ("L0", (LoopTier.L0,)),
    )
    lines: list[TierLine] = []
    for name, members in groups:
        figures = [head.by_tier[tier] for tier in members if tier in head.by_tier]
        counts = sum((figure.counts for figure in figures), Counts())
        own = sum((figure.own for figure in figures), Own())
        if counts.total:
            lines.append(
                TierLine(
                    name,
                    Interval.of(counts),
                    _own(own, counts, configured=configured),
                    expected=sum(figure.expected for figure in figures),
                )
            )
    return tuple(lines)


def _families(measurement: Measurement) -> tuple[FamilyLine, ...]:
    sums: dict[tuple[str, str], FamilyLine] = {}
    for generation in measurement.generations:
        key = (generation.vendor or "", generation.family or "")
        line = sums.get(key) or FamilyLine(
            generation.vendor, generation.family, generation.own, 0, 0
        )
        sums[key] = FamilyLine(
            line.vendor,
            line.family,
            line.own or generation.own,
            line.ai + generation.ai,
            line.assisted + generation.assisted,
        )
    order = sorted(sums.items(), key=lambda item: (-item[1].ai - item[1].assisted, item[0]))
    return tuple(line for _, line in order)


def _variants(measurement: Measurement) -> tuple[Variant, ...]:
    head, unit = measurement.head, measurement.definition.unit
    return (
        Variant(
            "Headline: " + ", ".join(sorted(measurement.definition.facets)),
            unit,
            Interval.of(head.counts),
        ),
        Variant("Headline and tests", unit, Interval.of(head.counts + head.tests)),
        Variant(
            "Everything in the tree, nothing excluded", "line", Interval.of(measurement.everything)
        ),
    )


def _counted(measurement: Measurement) -> Counts | None:
    """Return the denominator in lines: everything in the tree without what is excluded.

    ``None`` where the two do not fit, which a measurement of ours never shows.
    """
    outside = sum((item.counts for item in measurement.exclusions), Counts())
    rest = [measurement.everything.of(kind) - outside.of(kind) for kind in AuthorType]
    if min(rest) < 0:
        return None
    return Counts(**{kind.value: lines for kind, lines in zip(AuthorType, rest, strict=True)})


def _excluded(measurement: Measurement, counted: Counts) -> tuple[Excluded, ...]:
    return tuple(
        Excluded(item, Interval.of(item.counts), Interval.of(counted + item.counts))
        for item in measurement.exclusions
    )


def _taken(measurement: Measurement) -> tuple[Taken, ...]:
    """Return who replaces whom; a word that is no author type counts as no evidence."""
    order = [kind.value for kind in AuthorType]
    gone: dict[str, Counts] = {}
    for item in measurement.replacements:
        kind = item.new if item.new in order else AuthorType.UNATTESTED.value
        gone[item.old] = gone.get(item.old, Counts()) + Counts(**{kind: item.lines})
    place = {old: order.index(old) if old in order else len(order) for old in gone}
    return tuple(Taken(old, gone[old]) for old in sorted(gone, key=lambda old: (place[old], old)))
