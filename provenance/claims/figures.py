"""The measured interval that a reading speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from provenance.claims.disclosure import Reading
from provenance.claims.vocabulary import Assisted, Attribution, Author, Moment
from provenance.metrics.measurement import FlowWindow, StageFigures, StockPoint
from provenance.terms.counts import Counts, Own, Share
from provenance.terms.stages import Stage

_NOTHING = StageFigures(Counts(), Own())


@dataclass(frozen=True, slots=True)
class Figure:
    """An interval over one denominator, and how far doubt about stages widens it."""

    low: Share
    """Least share that the evidence allows."""
    high: Share
    """Greatest share that the evidence allows."""
    near: tuple[Share, Share]
    """The same if every file is in the stage of its first choice."""
    open: int
    """Lines that the evidence leaves open."""
    unsure: int
    """Lines whose stage is not sure."""
    whole: int
    """The denominator by first choice of stage."""

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """Least and greatest share as fractions."""
        return fraction(self.low), fraction(self.high)

    @property
    def near_bounds(self) -> tuple[Fraction, Fraction]:
        """The same without doubt about stages."""
        return fraction(self.near[0]), fraction(self.near[1])


def fraction(share: Share) -> Fraction:
    """Return a share as a fraction."""
    return Fraction(share.part, share.whole)


def of_point(point: StockPoint, reading: Reading, stages: Sequence[Stage]) -> Figure | None:
    """Return the figure at a revision; ``None`` where nothing is counted."""
    return _figure(point.counts, point.own, point.by_stage, reading, stages)


def of_windows(
    windows: Sequence[FlowWindow], reading: Reading, stages: Sequence[Stage]
) -> Figure | None:
    """Return the figure of windows together; ``None`` where nothing is counted."""
    if reading.quantity.moment is Moment.MERGED:
        counts = sum((window.added for window in windows), Counts())
        own = sum((window.added_own or Own() for window in windows), Own())
        return _figure(counts, own, {}, reading, ())
    (window,) = windows
    return _figure(window.counts, window.own, window.by_stage, reading, stages)


def _figure(
    counts: Counts,
    own: Own,
    by_stage: Mapping[Stage, StageFigures],
    reading: Reading,
    stages: Sequence[Stage],
) -> Figure | None:
    if not stages:
        low, high = _counted(counts, own, reading)
        return _interval(low, high, counts.total, sure=counts.total, could=counts.total)
    chosen = [by_stage.get(stage, _NOTHING) for stage in stages]
    whole = sum((figures.counts for figures in chosen), Counts())
    low, high = _counted(whole, sum((figures.own for figures in chosen), Own()), reading)
    return _interval(
        low,
        high,
        whole.total,
        sure=min(whole.total, _total(figures.low for figures in chosen)),
        could=max(whole.total, _total(figures.high for figures in chosen)),
    )


def _total(numbers: Iterable[int]) -> int:
    return sum(numbers)


def _counted(counts: Counts, own: Own, reading: Reading) -> tuple[int, int]:
    """Return the lines that surely count and those that may."""
    mine = reading.author is Author.SELF_FAMILY
    floor, declared, ceiling = (
        (own.floor, own.declared, own.ceiling)
        if mine
        else (counts.floor, counts.declared, counts.ceiling)
    )
    if reading.attribution is Attribution.MARKED:
        ceiling = declared
    low = declared if reading.assisted is Assisted.COUNTED else floor
    high = ceiling
    if reading.assisted is Assisted.LEFT_OUT:
        high -= declared - floor
    if reading.author is Author.ANY_NONHUMAN:
        low, high = low + counts.automation, high + counts.automation
    return low, high


def _interval(low: int, high: int, whole: int, *, sure: int, could: int) -> Figure | None:
    """Return the interval, widened by lines that may leave the stage or come to it."""
    if not whole:
        return None
    leave, come = whole - sure, could - whole
    lost, others = min(leave, low), min(leave, whole - high)
    least = whole - lost + come
    return Figure(
        low=Share(low - lost, least) if least else Share(0, whole),
        high=Share(high + come, whole + come - others) if high + come else Share(0, whole),
        near=(Share(low, whole), Share(high, whole)),
        open=high - low,
        unsure=leave + come,
        whole=whole,
    )
