"""Thresholds: what is demanded, read from exact decimal text into whole numbers."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from fractions import Fraction
from math import gcd
from typing import Any

from provenance.errors import UsageError
from provenance.terms.stages import Stage

_SHARE = re.compile(r"(?P<whole>\d{1,3})(?:\.(?P<rest>\d{1,9}))? ?%\Z", re.ASCII)
_NUMBER = re.compile(r"\d{1,15}\Z", re.ASCII)
_SECTIONS = ("report", "change")
_KEYS = ("min", "max", "stage")


@unique
class Figure(StrEnum):
    """What a threshold can be set on."""

    AI = "ai"
    """The true share of AI, known to lie between floor and ceiling."""
    FLOOR = "floor"
    """Share an AI system is known to have written."""
    DECLARED = "declared"
    """Floor and what declares AI assistance."""
    CEILING = "ceiling"
    """All that is not positively somebody or something else's."""
    COVERAGE = "coverage"
    """Share about which the history says something."""
    OWN = "own"
    """The true share of the own models, known to lie between their floor and ceiling."""
    OWN_FLOOR = "own_floor"
    """Share an own model is known to have written."""
    OWN_DECLARED = "own_declared"
    """The same with assisted lines."""
    OWN_CEILING = "own_ceiling"
    """The same with AI of unknown model and lines without evidence."""
    NAMED_MODEL = "named_model"
    """Share of AI and assisted lines whose model is named."""
    UNCLASSIFIED = "unclassified"
    """Share in files whose stage is uncertain."""
    SET_ASIDE = "set_aside"
    """Share of added lines that lie in files called generated or vendored; changes only."""
    FINDINGS = "findings"
    """Findings in the report, or in the change."""
    FINDINGS_A = "findings_a"
    """Of which block verdicts."""
    FINDINGS_B = "findings_b"
    """Of which widen the bounds."""
    FINDINGS_C = "findings_c"
    """Of which are for information."""
    UNMEASURED = "unmeasured"
    """Files that could not be measured."""


NUMBERS = frozenset(
    {
        Figure.FINDINGS,
        Figure.FINDINGS_A,
        Figure.FINDINGS_B,
        Figure.FINDINGS_C,
        Figure.UNMEASURED,
    }
)
"""Figures that are numbers, not shares; they have a maximum, and no stage."""
OWN = frozenset({Figure.OWN, Figure.OWN_FLOOR, Figure.OWN_DECLARED, Figure.OWN_CEILING})
"""Figures that need own families."""


@unique
class Side(StrEnum):
    """Which way a threshold holds; the threshold itself is allowed on both sides."""

    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One demand."""

    figure: Figure
    """On what."""
    side: Side
    """Least or most."""
    stage: Stage | None
    """Of one stage; ``None`` for the whole."""
    part: int
    """Numerator of the share in lowest terms, or the number."""
    whole: int
    """Its denominator; 1 for a number."""

    @property
    def name(self) -> str:
        """Return how the threshold is written, as in ``evaluation.coverage``."""
        return f"{self.stage.value}.{self.figure.value}" if self.stage else self.figure.value

    @property
    def is_number(self) -> bool:
        """Whether it limits a number instead of a share."""
        return self.figure in NUMBERS

    @property
    def limit(self) -> str:
        """Return the limit exactly, as a number or as a percentage of all its digits."""
        if self.is_number:
            return f"{self.part:,}"
        points = Fraction(self.part * 100, self.whole)
        digits = next(n for n in range(12) if (points * 10**n).denominator == 1)
        whole, rest = divmod(int(points * 10**digits), 10**digits)
        return f"{whole}.{rest:0{digits}d} %" if digits else f"{whole} %"

    @property
    def order(self) -> tuple[int, int, int]:
        """Return where it stands among others: the whole first, then stage by stage."""
        stage = list(Stage).index(self.stage) + 1 if self.stage else 0
        return stage, list(Figure).index(self.figure), list(Side).index(self.side)


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that is demanded."""

    report: tuple[Threshold, ...] = ()
    """Of the live code of a report, in order."""
    change: tuple[Threshold, ...] = ()
    """Of what a change adds, in order."""
    informational: bool = False
    """Whether a verdict is only said, and never fails a build."""


def parse_gate(values: Any, *, place: str) -> Gate:
    """Read the table ``[gate]`` of a configuration.

    Raises:
        UsageError: it holds a word that is not known or a value that is no threshold.

    """
    inside = f"{place}: [gate]"
    _table(values, ("informational", *_SECTIONS), inside)
    informational = values.get("informational", False)
    if not isinstance(informational, bool):
        raise _wrong(f"{inside}: informational must be true or false", "informational = true")
    report, change = (
        tuple(sorted(_section(values.get(name, {}), f"{place}: [gate.{name}]"), key=_order))
        for name in _SECTIONS
    )
    return Gate(report=report, change=change, informational=informational)


def parse_flag(text: str, side: Side) -> Threshold:
    """Read a threshold written ``FIGURE=LIMIT`` or ``STAGE.FIGURE=LIMIT``.

    Raises:
        UsageError: it is none.

    """
    option = f"--{side.value}"
    name, equals, limit = text.partition("=")
    if not equals:
        raise _wrong(f"{option}: not a threshold: {text[:80]!r}", f"{option} coverage=60%")
    stage, dot, figure = name.strip().rpartition(".")
    return _threshold(
        figure, limit.strip(), side, _stage(stage, option) if dot else None, place=option
    )


def overlaid(written: Sequence[Threshold], added: Sequence[Threshold]) -> tuple[Threshold, ...]:
    """Return both together, in order; what is added takes the place of what it repeats."""
    together = {threshold.order: threshold for threshold in (*written, *added)}
    return tuple(together[order] for order in sorted(together))


def _order(threshold: Threshold) -> tuple[int, int, int]:
    return threshold.order


def _section(values: Any, inside: str) -> Iterator[Threshold]:
    _table(values, _KEYS, inside)
    yield from _sides(values, None, inside)
    stages = values.get("stage", {})
    _table(stages, [stage.value for stage in Stage], f"{inside}: stage")
    for name, limits in stages.items():
        place = f"{inside}: stage.{name}"
        _table(limits, [side.value for side in Side], place)
        yield from _sides(limits, Stage(name), place)


def _sides(values: Mapping[str, Any], stage: Stage | None, inside: str) -> Iterator[Threshold]:
    for side in Side:
        limits = values.get(side.value, {})
        place = f"{inside}: {side.value}"
        _table(limits, [figure.value for figure in Figure], place)
        for figure, limit in limits.items():
            yield _threshold(figure, limit, side, stage, place=place)


def _threshold(word: str, limit: Any, side: Side, stage: Stage | None, *, place: str) -> Threshold:
    known = [figure.value for figure in Figure]
    if word not in known:
        raise _unknown(word, known, place)
    figure = Figure(word)
    if figure is Figure.SET_ASIDE and stage is not None:
        raise _wrong(f"{place}: {word} is a share of the whole change", f"max {word} of no stage")
    if figure not in NUMBERS:
        return Threshold(figure, side, stage, *_share(limit, f"{place}: {word}"))
    if side is Side.MIN or stage is not None:
        raise _wrong(
            f"{place}: {word} is a number of the whole and has a maximum only", f"max {word} = 0"
        )
    return Threshold(figure, side, None, _count(limit, f"{place}: {word}"), 1)


def _share(limit: Any, place: str) -> tuple[int, int]:
    """Read ``60%`` or ``99.5 %`` as a fraction; no float is ever made."""
    if not isinstance(limit, str) or not (found := _SHARE.match(limit)):
        shown = str(limit)[:40]
        raise _wrong(f"{place}: {shown!r} is no percentage", 'write it as text: "60%" or "99.5%"')
    rest = found["rest"] or ""
    part, whole = int(found["whole"] + rest), 10 ** len(rest) * 100
    if part > whole:
        raise _wrong(f"{place}: {limit!r} is more than 100%", 'write "0%" to "100%"')
    shared = gcd(part, whole)
    return part // shared, whole // shared


def _count(limit: Any, place: str) -> int:
    if isinstance(limit, str) and _NUMBER.match(limit):
        return int(limit)
    if isinstance(limit, int) and not isinstance(limit, bool) and 0 <= limit < 10**15:
        return limit
    raise _wrong(f"{place}: {str(limit)[:40]!r} is no number", "write a whole number: 0")


def _stage(word: str, place: str) -> Stage:
    known = [stage.value for stage in Stage]
    if word not in known:
        raise _unknown(word, known, place)
    return Stage(word)


def _table(values: Any, known: Sequence[str], place: str) -> None:
    if not isinstance(values, dict):
        raise _wrong(f"{place} must be a table", 'min = { coverage = "60%" }')
    for word in values:
        if word not in known:
            raise _unknown(word, known, place)


def _unknown(word: str, known: Sequence[str], place: str) -> UsageError:
    near = difflib.get_close_matches(word, known, 1)
    return UsageError(
        f"{place}: unknown word {word[:80]!r}",
        slug="config-key",
        hint=f"did you mean {near[0]!r}?" if near else f"known words: {', '.join(known)}",
    )


def _wrong(message: str, hint: str) -> UsageError:
    return UsageError(message, slug="config-value", hint=hint)
