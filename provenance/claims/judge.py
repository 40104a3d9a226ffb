"""Every claim and reading of a disclosure, held against one measurement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from provenance.claims import crossing, gates, level, trend, windows
from provenance.claims.definition import define
from provenance.claims.disclosure import Acceleration, Claim, Crossing, Disclosure, Level, Reading
from provenance.claims.figures import of_point, of_windows
from provenance.claims.known import remedies
from provenance.claims.series import Step, series
from provenance.claims.verdict import (
    ClaimVerdict,
    Judgement,
    Outcome,
    Part,
    ReadingVerdict,
    Word,
    together,
)
from provenance.claims.vocabulary import MEASURED, Attribution, Author, Basis, Quantifier
from provenance.metrics.measurement import Measurement
from provenance.terms.counts import Share
from provenance.terms.stages import Stage

_OTHER_QUANTITY: Final = frozenset(
    {"merged_not_split", "not_in_history", "own_differs", "own_not_configured", "own_not_counted"}
    | {"unit_differs", "unit_not_measured"}
)
"""Reasons under which the measured figure is none of what the claim speaks of."""
_OF_FIGURES: Final = frozenset({"bounds_too_wide", "noise", "scale_unbounded", "stage_unsure"})
"""Reasons that say nothing more where a gate is shut."""


def judge(measurement: Measurement, disclosure: Disclosure) -> Judgement:
    """Return the verdict on every claim; the same integers give the same verdicts."""
    return Judgement(
        disclosure,
        tuple(_claim(measurement, disclosure, claim) for claim in disclosure.claims),
    )


def _claim(measurement: Measurement, disclosure: Disclosure, claim: Claim) -> ClaimVerdict:
    if claim.kind not in MEASURED:
        return ClaimVerdict(claim, Word.NOT_A_MEASUREMENT, (), (f"is_{claim.kind.value}",))
    readings = tuple(
        _reading(measurement, disclosure, claim, reading) for reading in claim.readings
    )
    return ClaimVerdict(
        claim=claim,
        word=together([verdict.outcome.word for verdict in readings]),
        readings=readings,
        reasons=tuple(sorted({code for v in readings for code in v.outcome.reasons})),
        conflict=_conflict(disclosure, claim),
    )


def _conflict(disclosure: Disclosure, claim: Claim) -> str:
    if not isinstance(claim.what, Acceleration):
        return ""
    event = disclosure.event(claim.what.event)
    if not event.conflict or event.claimed is None or event.resolved is None:
        return ""
    return f"{event.id}: claimed {event.claimed.text}, records say {event.resolved.text}"


def _reading(
    measurement: Measurement, disclosure: Disclosure, claim: Claim, reading: Reading
) -> ReadingVerdict:
    refused = gates.general(reading, disclosure, measurement)
    parts: list[Part] = []
    for name, stages in _parts(reading):
        found = _outcome(measurement, disclosure, claim, reading, stages)
        parts.append(Part(name, _refuse(found, refused)))
    outcome = parts[0].outcome if len(parts) == 1 else _combined(parts, reading)
    decided = outcome.word is not Word.NOT_DECIDABLE
    return ReadingVerdict(
        reading=reading,
        definition=define(claim, reading, measurement),
        outcome=outcome,
        parts=tuple(parts) if len(parts) > 1 else (),
        assumptions=_assumptions(reading) if decided else (),
    )


def _parts(reading: Reading) -> list[tuple[str, tuple[Stage, ...]]]:
    stages = reading.scope.stages
    if reading.scope.quantifier is Quantifier.UNION or len(stages) < 2:
        return [("", stages)]
    return [(stage.value, (stage,)) for stage in stages]


def _refuse(outcome: Outcome, codes: set[str]) -> Outcome:
    """Return the outcome, undecided where a gate is shut.

    Figures of the same quantity stay visible; what they say about the claim does not.
    """
    if not codes:
        return outcome
    kept = set(outcome.reasons) if outcome.word is Word.NOT_DECIDABLE else set()
    reasons = tuple(sorted(codes | (kept - _OF_FIGURES)))
    same = not codes & _OTHER_QUANTITY
    return Outcome(
        word=Word.NOT_DECIDABLE,
        reasons=reasons,
        low=outcome.low if same else None,
        high=outcome.high if same else None,
        measured=outcome.measured if same else "",
        needed=_remedies(reasons),
    )


def _remedies(codes: Iterable[str]) -> tuple[str, ...]:
    """Return what would help, each remedy once."""
    known = remedies()
    return tuple(dict.fromkeys(known[code] for code in codes if code in known))


def _combined(parts: list[Part], reading: Reading) -> Outcome:
    """Return one outcome over stages: all of them, or at least one where any is enough."""
    words = [part.outcome.word for part in parts]
    if reading.scope.quantifier is Quantifier.ANY and Word.SUPPORTED in words:
        word = Word.SUPPORTED
    elif reading.scope.quantifier is Quantifier.ANY:
        word = Word.CONTRADICTED if set(words) == {Word.CONTRADICTED} else Word.NOT_DECIDABLE
    else:
        word = together(words)
    lows = [part.outcome.low for part in parts if part.outcome.low]
    highs = [part.outcome.high for part in parts if part.outcome.high]
    return Outcome(
        word=word,
        reasons=tuple(sorted({code for part in parts for code in part.outcome.reasons})),
        low=min(lows, key=_size) if lows else None,
        high=max(highs, key=_size) if highs else None,
        measured=parts[0].outcome.measured,
        needed=_needed(parts),
    )


def _needed(parts: list[Part]) -> tuple[str, ...]:
    """Return what every stage needs, or stage by stage what each needs."""
    if len({part.outcome.needed for part in parts}) == 1:
        return parts[0].outcome.needed
    return tuple(
        f"{part.name}: {' and '.join(part.outcome.needed)}" for part in parts if part.outcome.needed
    )


def _size(share: Share) -> tuple[int, int]:
    """Order shares of different denominators; equal ones by the denominator."""
    return share.part * 10**40 // share.whole, share.whole


def _outcome(
    measurement: Measurement,
    disclosure: Disclosure,
    claim: Claim,
    reading: Reading,
    stages: tuple[Stage, ...],
) -> Outcome:
    what = claim.what
    if isinstance(what, Level):
        return _level(measurement, what, reading, stages)
    if isinstance(what, Crossing):
        steps = series(measurement, reading, stages)
        found = crossing.judge(steps, what, sustain=reading.sustain)
        return _named(replace(found, measured=_span(steps, found.measured)))
    assert what is not None
    return _acceleration(measurement, disclosure, what, reading, stages)


def _level(
    measurement: Measurement, what: Level, reading: Reading, stages: tuple[Stage, ...]
) -> Outcome:
    assert reading.window is not None
    if reading.quantity.basis is Basis.STOCK:
        point, code = windows.point(measurement, reading.window)
        figure = of_point(point, reading, stages) if point else None
        measured = f"live at {point.at} ({point.date[:10]})" if point else ""
    else:
        found, code = windows.flow(measurement, reading.window, reading)
        figure = of_windows(found, reading, stages) if found else None
        measured = f"added from {found[0].start} to {found[-1].end}" if found else ""
    if figure is None:
        return _named(Outcome(Word.NOT_DECIDABLE, (code or "nothing_counted",)))
    return replace(level.judge(figure, what.region), measured=measured)


def _named(outcome: Outcome) -> Outcome:
    """Say what would help against every reason that has a remedy."""
    if outcome.word is not Word.NOT_DECIDABLE or outcome.needed:
        return outcome
    return replace(outcome, needed=_remedies(outcome.reasons))


def _acceleration(
    measurement: Measurement,
    disclosure: Disclosure,
    what: Acceleration,
    reading: Reading,
    stages: tuple[Stage, ...],
) -> Outcome:
    when, codes = gates.dated(reading, disclosure.event(what.event))
    if when is None:
        return _named(Outcome(Word.NOT_DECIDABLE, tuple(sorted(codes | {"event_unresolved"}))))
    more, changes = gates.trend(reading, disclosure, measurement, when)
    codes |= more
    steps = series(measurement, reading, stages)
    places = [at for at, step in enumerate(steps) if step.first <= when.last <= step.last]
    if not steps:
        codes.add("series_not_measured")
    elif not places or steps[places[0]].first > when.first:
        codes.add("event_vague" if places else "insufficient_periods")
    weeks = trend.around(steps, places[0]) if places else []
    span = _span(steps, steps[places[0] + weeks[-1][0]].label if weeks else "")
    before = sum(time < 0 for time, _ in weeks)
    after = sum(time > 0 for time, _ in weeks)
    if steps and (before < reading.before or after < reading.after):
        codes.add("insufficient_periods")
    if codes:
        shown = weeks[-1][1] if weeks else None
        refused = Outcome(
            Word.NOT_DECIDABLE,
            tuple(sorted(codes)),
            shown.low if shown else None,
            shown.high if shown else None,
            measured=span,
        )
        told = tuple(f"{item.what} ({item.when}; {item.source})" for item in changes)
        return replace(refused, needed=(*_remedies(refused.reasons), *told))
    return replace(trend.judge(weeks, reading, what.effect), measured=span)


def _span(steps: Sequence[Step], shown: str) -> str:
    """Say which series was looked at, and whose figure of it is shown."""
    if not steps:
        return ""
    whole = f"{steps[0].label} to {steps[-1].label}"
    return f"{shown} (series {whole})" if shown else f"series {whole}"


def _assumptions(reading: Reading) -> tuple[str, ...]:
    codes = {"marked_ai_is_ai", "scope_complete"}
    if reading.attribution is Attribution.MARKED:
        codes.add("marks_are_meant")
    else:
        codes.add("not_ai_is_not_ai")
    if reading.author is Author.SELF_FAMILY:
        codes.add("models_named_rightly")
    if reading.scope.stages:
        codes.add("stages_right")
    return tuple(sorted(codes))
