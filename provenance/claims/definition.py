"""A reading in words: what is divided by what, where, when and by which rule."""

from __future__ import annotations

from typing import Final

from provenance.claims.disclosure import Acceleration, Claim, Crossing, Reading
from provenance.claims.vocabulary import (
    Assisted,
    Attribution,
    Author,
    Basis,
    Moment,
    Quantifier,
    Unit,
)
from provenance.metrics.measurement import Measurement

_AUTHORS: Final = {
    Author.SELF_FAMILY: "by the discloser's own models",
    Author.ANY_AI: "by any AI",
    Author.ANY_NONHUMAN: "by AI or automation",
}
_MOMENTS: Final = {
    Moment.ALIVE_AT_SNAPSHOT: "alive",
    Moment.MERGED: "added, whether or not they last,",
    Moment.SURVIVING: "added and still alive at the end",
    Moment.ACCEPTED: "accepted in an editor",
}
_ASSISTED: Final = {
    Assisted.OPEN: "assisted commits may be either",
    Assisted.COUNTED: "assisted commits count as AI",
    Assisted.LEFT_OUT: "assisted commits count as not AI",
}


def define(claim: Claim, reading: Reading, measurement: Measurement) -> str:
    """Return the definition of a reading as one sentence without a full stop."""
    quantity = reading.quantity
    things = _things(quantity.unit)
    verb = "marked" if reading.attribution is Attribution.MARKED else "written"
    lens = reading.lens.value if reading.lens else measurement.definition.lens
    parts = [
        f"share of {things} {_MOMENTS[quantity.moment]} {_when(claim, reading)}".strip(),
        f"{verb} {_AUTHORS[reading.author]}",
        _ASSISTED[reading.assisted],
        _where(reading, measurement),
        f"owned under lens {lens}",
    ]
    if isinstance(claim.what, Crossing):
        several = "s" if reading.sustain > 1 else ""
        parts.append(f"held for {reading.sustain} {reading.bin.value}{several} running")
    if isinstance(claim.what, Acceleration):
        parts.append(f"on the scale {reading.scale.value}, by {reading.bin.value}")
    return "; ".join(parts)


def _things(unit: Unit) -> str:
    return f"{unit.value.replace('_', ' ')}s"


def _when(claim: Claim, reading: Reading) -> str:
    if reading.window is not None:
        at = "at" if reading.quantity.basis is Basis.STOCK else "in"
        return f"{at} {reading.window.text}"
    if isinstance(claim.what, Acceleration):
        return f"around {claim.what.event} ({reading.event_date.value} date)"
    return f"per {reading.bin.value}"


def _where(reading: Reading, measurement: Measurement) -> str:
    scope = reading.scope
    said = ", ".join(scope.repositories) or "the measured repository"
    if scope.stages:
        stages = [stage.value for stage in scope.stages]
        match scope.quantifier:
            case Quantifier.UNION:
                said += f", {' and '.join(stages)} together"
            case Quantifier.EACH:
                said += f", each of {', '.join(stages)} by itself"
            case Quantifier.ANY:
                said += f", any of {', '.join(stages)}"
    for name, words in (("paths", scope.paths), ("languages", scope.languages)):
        if words:
            said += f", {name} {', '.join(words)}"
    kinds = scope.facets or tuple(sorted(measurement.definition.facets))
    return f"{said}, files of kind {', '.join(kinds)}"
