"""File to stage: the whole tree of one revision at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from provenance.stages.around import Array
from provenance.stages.blend import (
    AROUND,
    OWN,
    Tree,
    around_features,
    own_features,
    scores,
    softmax,
    tree,
)
from provenance.stages.facts import FileFacts
from provenance.stages.lexicon import COLUMN, STAGES, lexicon, weights
from provenance.stages.pins import StagePin, pin_of
from provenance.stages.reasons import pushes, reasons
from provenance.stages.repository import RepositoryFacts
from provenance.stages.words import split
from provenance.terms.stages import Stage, StageCall

RULE_DOUBT = 0.03
"""Share of files that a path rule places wrongly, about as seen on the labelled files."""
_WORTH_A_SECOND = 0.02
_MOST_CHANCES = 5
_UPKEEP = frozenset({"scripts", "tools", "dev", "ci", "hack", "utils", "maintenance", "release"})


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted weights as arrays."""

    own: Array
    """Weight of every feature of ``OWN`` in the first pass."""
    own_bias: Array
    """Bias of every stage in the first pass."""
    whole: Array
    """Weight of every feature of ``OWN`` and ``AROUND`` in the second pass."""
    whole_bias: Array
    """Bias of every stage in the second pass."""
    temperature: float
    """Divisor of the scores that makes the probabilities honest."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A tree with its probabilities, before choices are made."""

    laid: Tree
    """The tree."""
    own: Array
    """Features of files by themselves: files by ``OWN`` by stages."""
    around: Array
    """Features of their neighbourhood: files by ``AROUND`` by stages."""
    probability: Array
    """Calibrated probabilities, files by stages."""
    pins: Sequence[StagePin | None]
    """The pin of every file."""


@cache
def fitted() -> Model:
    """Return the weights shipped with the package."""
    loaded = weights()

    def row(table: str, names: Sequence[str]) -> Array:
        return np.array([loaded[table][name] for name in names], dtype=np.float64)

    stages = [stage.value for stage in STAGES]
    return Model(
        own=row("own", OWN),
        own_bias=row("own_bias", stages),
        whole=row("whole", OWN + AROUND),
        whole_bias=row("whole_bias", stages),
        temperature=float(loaded["calibration"]["temperature"]),
    )


def classify(
    files: Sequence[FileFacts],
    *,
    repository: RepositoryFacts,
    pins: Sequence[StagePin] = (),
    model: Model | None = None,
) -> dict[str, StageCall]:
    """Return the stage of every file, decided in the light of the whole tree.

    Files without content (known only from history) are classified from their path and
    from the present files around them, and bear no witness themselves.  Order of files
    does not matter; a pinned file always has its pinned stage.  ``model`` stands in for the
    weights that are shipped.
    """
    ordered = sorted({facts.path: facts for facts in files}.values(), key=lambda item: item.path)
    if not ordered:
        return {}
    scored = score(ordered, repository=repository, pins=pins, model=model or fitted())
    order = np.argsort(-scored.probability, axis=1, kind="stable")
    push = pushes(scored.own, scored.around, best=order[:, 0])
    return {
        facts.path: _call(scored, at, order=order[at], push=push[at])
        for at, facts in enumerate(ordered)
    }


def score(
    files: Sequence[FileFacts],
    *,
    repository: RepositoryFacts,
    pins: Sequence[StagePin],
    model: Model,
) -> Scored:
    """Return calibrated probabilities of all stages for every file."""
    laid = tree(files, repository=repository)
    pinned = [pin_of(facts.path, pins) for facts in files]
    own = own_features(laid)
    first = softmax(scores(own, model.own) + model.own_bias)
    for at, pin in enumerate(pinned):
        if pin is not None:
            first[at] = 0.0
            first[at, COLUMN[pin.stage]] = 1.0
    around = around_features(laid, own, first)
    told = scores(own, model.whole[: len(OWN)]) + scores(around, model.whole[len(OWN) :])
    return Scored(
        laid=laid,
        own=own,
        around=around,
        probability=ruled(laid, softmax((told + model.whole_bias) / model.temperature)),
        pins=pinned,
    )


def ruled(laid: Tree, probability: Array) -> Array:
    """Let path rules decide; what they leave open follows the evidence."""
    made = probability.copy()
    for at, found in enumerate(laid.signals):
        if found.rule is not None:
            made[at] *= RULE_DOUBT
            made[at, COLUMN[found.rule.stage]] += 1.0 - RULE_DOUBT
    return made


def _call(scored: Scored, at: int, *, order: NDArray[np.intp], push: Array) -> StageCall:
    pin = scored.pins[at]
    if pin is not None:
        return StageCall(pin.stage, pin.sub, 1.0, None, (f"pinned by {pin.glob}",))
    row = scored.probability[at]
    best, second = int(order[0]), int(order[1])
    stage = STAGES[best]
    return StageCall(
        stage=stage,
        sub=_sub(scored.laid, at) if stage is Stage.INFRA else None,
        confidence=round(float(row[best]), 4),
        second=STAGES[second] if row[second] >= _WORTH_A_SECOND else None,
        evidence=reasons(scored.laid, at, push=push, best=best),
        chances=tuple(
            (STAGES[column], round(float(row[column]), 4))
            for column in order[:_MOST_CHANCES]
            if row[column] >= _WORTH_A_SECOND
        ),
    )


def _sub(laid: Tree, at: int) -> str:
    """Return the part of ``infra``: by rule, else by the nearest telling word of the path.

    A repository that is infrastructure itself computes unless a word says otherwise; in
    any other one the scripts of its own upkeep are the repository's.
    """
    rule = laid.signals[at].rule
    if rule is not None and rule.stage is Stage.INFRA and rule.sub is not None:
        return rule.sub
    known = lexicon().subs
    path = laid.files[at].path
    for part in reversed(path.split("/")):
        words = split(part)
        runs = ["_".join(words[i : i + 2]) for i in range(len(words) - 1)]
        for word in (*runs, *words):
            if word in known:
                return known[word]
    purpose = laid.repository.purpose
    if max(purpose) > purpose[COLUMN[Stage.INFRA]] and path.split("/", 1)[0] in _UPKEEP:
        return "repo"
    return "compute"
