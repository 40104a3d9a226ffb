"""Weights from labelled files: a conditional logit fitted by Newton's method.

Every feature has one weight for all stages, so that some thirty numbers are learned from
the labelled files, not one per word and stage: the catalogue says what words mean, the
fit only says how far each place where a word stands can be trusted.  Figures are given
with whole repositories left out, never on the files that were fitted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from provenance.stages.around import Array
from provenance.stages.blend import (
    AROUND,
    OWN,
    Tree,
    around_features,
    own_features,
    probabilities,
    tree,
)
from provenance.stages.classify import Model, ruled
from provenance.stages.facts import FileFacts
from provenance.stages.lexicon import COLUMN, STAGES
from provenance.stages.repository import RepositoryFacts
from provenance.terms.stages import Stage

RIDGE = 2.0
"""Pull of every weight to its prior."""
BIAS_RIDGE = 5.0
"""Pull of every stage's bias to nothing."""
PRIORS: Mapping[str, float] = {
    **dict.fromkeys(OWN, 1.0),
    **dict.fromkeys(AROUND, 0.3),
    "used_by_branch": 1.0,
    "used_by_firm": 2.0,
    "used_by_path": 2.0,
    "used_by_purpose": 2.0,
    "within_branch": 2.0,
    "within_purpose": 2.0,
}
"""Weights before any file is seen."""
SURE, TORN = 1.0, 0.8
"""Share of the target that the first choice of a sure and of a debatable label gets."""
_TYPICAL_ROWS = 110
_STEPS = 40
_HEATS = tuple(step / 50 for step in range(30, 151))


@dataclass(frozen=True, slots=True)
class Label:
    """A file with its stage as a person decided it."""

    path: str
    """Path in the repository."""
    stage: Stage
    """The stage."""
    second: Stage | None
    """The other stage it might have; ``None`` when the person was sure."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One repository with its labelled files."""

    name: str
    """Name of the repository."""
    laid: Tree
    """Its tree."""
    own: Array
    """Features of all files by themselves."""
    at: NDArray[np.intp]
    """Positions of the labelled files."""
    column: NDArray[np.intp]
    """Columns of their stages."""
    target: Array
    """Their stages as shares."""
    trust: Array
    """Their weights; files that a path rule decides teach nothing."""


def sample(
    files: Sequence[FileFacts], *, repository: RepositoryFacts, labels: Sequence[Label]
) -> Sample:
    """Lay out one labelled repository."""
    ordered = sorted(files, key=lambda facts: facts.path)
    laid = tree(ordered, repository=repository)
    known = {facts.path: at for at, facts in enumerate(ordered)}
    found = [label for label in labels if label.path in known]
    at = np.array([known[label.path] for label in found], dtype=np.intp)
    target = np.zeros((len(found), len(STAGES)))
    for row, label in enumerate(found):
        share = SURE if label.second is None else TORN
        target[row, COLUMN[label.stage]] += share
        target[row, COLUMN[label.second or label.stage]] += 1.0 - share
    free = np.array([laid.signals[position].rule is None for position in at], dtype=np.float64)
    return Sample(
        name=repository.name,
        laid=laid,
        own=own_features(laid),
        at=at,
        column=np.array([COLUMN[label.stage] for label in found], dtype=np.intp),
        target=target,
        trust=free * (_TYPICAL_ROWS / max(len(found), 1)) ** 0.5,
    )


def fit(samples: Sequence[Sample]) -> Model:
    """Return weights fitted to all labelled files; probabilities are not yet calibrated."""
    target = np.concatenate([item.target for item in samples])
    trust = np.concatenate([item.trust for item in samples])
    own = np.concatenate([item.own[item.at] for item in samples])
    own_prior = np.array([PRIORS[name] for name in OWN])
    first, first_bias = _newton(own, target, trust, own_prior)
    around = np.concatenate([_around(item, first, first_bias)[item.at] for item in samples])
    prior = np.concatenate([first, [PRIORS[name] for name in AROUND]])
    whole, bias = _newton(np.concatenate([own, around], axis=1), target, trust, prior)
    return Model(first, own_bias=first_bias, whole=whole, whole_bias=bias, temperature=1.0)


def _around(item: Sample, weights: Array, bias: Array) -> Array:
    return around_features(item.laid, item.own, probabilities(item.own, weights, bias))


def predict(model: Model, item: Sample) -> Array:
    """Return probabilities of the labelled files of a repository."""
    around = _around(item, model.own, model.own_bias)
    features = np.concatenate([item.own, around], axis=1)
    heat = model.temperature
    made = ruled(item.laid, probabilities(features, model.whole / heat, model.whole_bias / heat))
    return np.asarray(made[item.at], dtype=np.float64)


def leave_one_out(samples: Sequence[Sample], *, temperature: float = 1.0) -> list[Array]:
    """Return probabilities of every repository's labelled files, fitted without it."""
    return [
        predict(
            replace(
                fit([other for other in samples if other is not item]), temperature=temperature
            ),
            item,
        )
        for item in samples
    ]


def errors(samples: Sequence[Sample], predicted: Sequence[Array]) -> int:
    """Return the number of labelled files whose first choice is another stage."""
    return sum(
        int((found.argmax(axis=1) != item.column).sum())
        for item, found in zip(samples, predicted, strict=True)
    )


def calibrate(samples: Sequence[Sample], left_out: Sequence[Array]) -> float:
    """Return the temperature at which left-out probabilities fit the labels best."""
    free = [item.trust > 0 for item in samples]
    rows = np.concatenate([found[keep] for found, keep in zip(left_out, free, strict=True)])
    columns = np.concatenate([s.column[keep] for s, keep in zip(samples, free, strict=True)])
    scores = np.log(rows + 1e-12)

    def surprise(heat: float) -> float:
        hot = scores / heat
        hot -= hot.max(axis=1, keepdims=True)
        hot -= np.log(np.exp(hot).sum(axis=1, keepdims=True))
        return float(-hot[np.arange(len(columns)), columns].sum())

    return min(_HEATS, key=surprise)


def as_table(model: Model) -> dict[str, dict[str, float]]:
    """Return a model as the table kept in the catalogue."""

    def rounded(names: Sequence[str], values: Array) -> dict[str, float]:
        return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}

    stages = [stage.value for stage in STAGES]
    return {
        "own": rounded(OWN, model.own),
        "own_bias": rounded(stages, model.own_bias),
        "whole": rounded(OWN + AROUND, model.whole),
        "whole_bias": rounded(stages, model.whole_bias),
        "calibration": {"temperature": round(model.temperature, 4)},
    }


def _newton(features: Array, target: Array, trust: Array, prior: Array) -> tuple[Array, Array]:
    """Return weights and biases of greatest penalised likelihood; halves steps that overshoot."""
    size = features.shape[1]
    both = np.concatenate([prior, np.zeros(len(STAGES))])
    centre = both.copy()
    ridge = np.concatenate([np.full(size, RIDGE), np.full(len(STAGES), BIAS_RIDGE)])

    def loss(at: Array) -> float:
        chance = probabilities(features, at[:size], at[size:])
        fit_ = -float((target * np.log(chance + 1e-300) * trust[:, None]).sum())
        return fit_ + 0.5 * float((ridge * (at - centre) ** 2).sum())

    before = loss(both)
    for _ in range(_STEPS):
        gradient, curvature = _slopes(features, target, trust, both)
        gradient += ridge * (both - centre)
        step = np.linalg.solve(curvature + np.diag(ridge), gradient)
        share = 1.0
        while share > 1e-4 and loss(both - share * step) > before:
            share /= 2
        both = both - share * step
        after = loss(both)
        if before - after < 1e-7 * max(before, 1.0):
            break
        before = after
    return both[:size], both[size:]


def _slopes(features: Array, target: Array, trust: Array, both: Array) -> tuple[Array, Array]:
    """Return gradient and curvature of the likelihood."""
    files, size, stages = features.shape
    chance = probabilities(features, both[:size], both[size:])
    miss = (chance - target) * trust[:, None]
    held = chance * trust[:, None]
    flat = features.transpose(0, 2, 1).reshape(files * stages, size)
    pulled = flat * held.reshape(-1, 1)
    mean = (flat * chance.reshape(-1, 1)).reshape(files, stages, size).sum(axis=1)
    gradient = np.concatenate([flat.T @ miss.reshape(-1), miss.sum(axis=0)])
    curvature = np.zeros((len(both), len(both)))
    curvature[:size, :size] = flat.T @ pulled - (mean * trust[:, None]).T @ mean
    across = pulled.reshape(files, stages, size).sum(axis=0).T - mean.T @ held
    curvature[:size, size:] = across
    curvature[size:, :size] = across.T
    curvature[size:, size:] = np.diag(held.sum(axis=0)) - held.T @ chance
    return gradient, curvature
