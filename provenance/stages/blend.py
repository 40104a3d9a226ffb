"""All evidence of a tree as numbers: files by features by stages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.stages.facts import FileFacts
from provenance.stages.lexicon import COLUMN, STAGES
from provenance.stages.repository import RepositoryFacts, purpose_shares
from provenance.stages.scene import Scene, is_test, scene
from provenance.stages.signals import SOURCES, Signals, points, signals
from provenance.terms.stages import Stage

Array = NDArray[np.float64]

OWN = (*SOURCES, "rule", "device", "purpose", "purpose_docs", "product")
"""Features of a file by itself and of the repository's words."""
AROUND = ("siblings", "branch", "trunk", "whole", "speaks", "tests", "spoken")
"""Features of the neighbourhood: stage probabilities of files around a file."""
_FLOOR = 0.01
_SHARED = COLUMN[Stage.SHARED]
_OTHER = COLUMN[Stage.OTHER]
_INFRA = COLUMN[Stage.INFRA]
_KERNELS = COLUMN[Stage.KERNELS]
_SURE_SHARE = 0.06
"""Share of code files importing model libraries above which a repository is about models."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One revision of a repository, laid out for scoring."""

    files: Sequence[FileFacts]
    """The files."""
    repository: RepositoryFacts
    """The repository."""
    scene: Scene
    """Who is near whom."""
    signals: Sequence[Signals]
    """Catalogue words of every file."""
    tests: NDArray[np.bool_]
    """Which files are tests."""
    docs: NDArray[np.bool_]
    """Which files are documents."""
    counted: NDArray[np.bool_]
    """Which files bear witness for their neighbours: present ones that no rule or page decides."""
    about_models: float
    """How far the repository is about models at all, 0..1."""


def tree(files: Sequence[FileFacts], *, repository: RepositoryFacts) -> Tree:
    """Lay out the files of one revision."""
    found = [signals(facts, packages=repository.packages) for facts in files]
    docs = np.array([facts.language == "docs" for facts in files], dtype=bool)
    ruled = np.array([item.rule is not None for item in found], dtype=bool)
    present = np.array([facts.present for facts in files], dtype=bool)
    return Tree(
        files=files,
        repository=repository,
        scene=scene(files),
        signals=found,
        tests=np.array([is_test(facts.path) for facts in files], dtype=bool),
        docs=docs,
        counted=~docs & ~ruled & (present | ~present.any()),
        about_models=_about_models(repository),
    )


def _about_models(repository: RepositoryFacts) -> float:
    """Imports of model libraries, or a description that names stages of model making."""
    imports = min(1.0, repository.model_share / _SURE_SHARE)
    purpose = repository.purpose
    stages = sum(purpose) - purpose[_OTHER]
    best = max(value for column, value in enumerate(purpose) if column != _OTHER)
    words = 0.0
    if best > 2.0 * purpose[_OTHER]:
        words = min(1.0, stages / 6.0)
    return max(imports, words)


def own_features(laid: Tree) -> Array:
    """Return files by ``OWN`` by stages."""
    made = np.zeros((len(laid.files), len(OWN), len(STAGES)))
    purpose = np.array(purpose_shares(laid.repository))
    at_rule, at_device = OWN.index("rule"), OWN.index("device")
    for at, (facts, found) in enumerate(zip(laid.files, laid.signals, strict=True)):
        for source, name in enumerate(SOURCES):
            for column, value in points(found.hits[name]).items():
                made[at, source, column] = value
        if found.rule is not None:
            made[at, at_rule, COLUMN[found.rule.stage]] = 1.0
        if facts.reading.device:
            made[at, at_device, _KERNELS] = 1.0
    made[:, : len(SOURCES), :] *= _gate(laid.about_models)
    made[:, OWN.index("purpose"), :] = purpose
    made[:, OWN.index("purpose_docs"), :] = purpose * laid.docs[:, None]
    made[:, OWN.index("product"), _OTHER] = 1.0 - laid.about_models
    return made


def _gate(about_models: float) -> Array:
    """Words of model making mean little in a repository that is not about models."""
    gate = np.full(len(STAGES), about_models)
    gate[_OTHER] = 1.0
    gate[_INFRA] = 1.0
    return gate


def around_features(laid: Tree, probability: Array) -> Array:
    """Return files by ``AROUND`` by stages, from first probabilities."""
    made = np.zeros((len(laid.files), len(AROUND), len(STAGES)))
    _folders(laid, probability, made)
    for name, edges in (("speaks", laid.scene.speaks_of), ("spoken", laid.scene.spoken_of)):
        column = AROUND.index(name)
        for at, others in enumerate(edges):
            if others:
                made[at, column] = _log(probability[list(others)].mean(axis=0), len(others))
    tests = made[:, AROUND.index("speaks")] * laid.tests[:, None]
    made[:, AROUND.index("tests")] = tests
    return made


def _log(mean: Array, count: float) -> Array:
    """Centred log probability; few witnesses pull less."""
    logged = np.log(mean + _FLOOR)
    centred: Array = (logged - logged.mean(axis=-1, keepdims=True)) * (count / (count + 1.0))
    return centred


def _folders(laid: Tree, probability: Array, made: Array) -> None:
    """Fill in siblings, the folder above with all below it, the top folder and the whole."""
    count: dict[str, float] = defaultdict(float)
    total: dict[str, Array] = defaultdict(lambda: np.zeros(len(STAGES)))
    for folder, members in laid.scene.folders.items():
        counted = [at for at in members if laid.counted[at]]
        if not counted:
            continue
        damp = len(counted) ** -0.5
        summed = probability[counted].sum(axis=0)
        for above in _upwards(folder):
            total[above] += summed * damp
            count[above] += len(counted) * damp
    for folder, members in laid.scene.folders.items():
        counted = [at for at in members if laid.counted[at]]
        inside = set(counted)
        summed = probability[counted].sum(axis=0) if counted else np.zeros(len(STAGES))
        chain = list(_upwards(folder))
        for at in members:
            mine = probability[at] if at in inside else 0.0
            one = 1.0 if at in inside else 0.0
            damp = max(len(counted), 1) ** -0.5
            if len(counted) > one:
                made[at, 0] = _log((summed - mine) / (len(counted) - one), len(counted) - one)
            for column, above in ((1, _at(chain, 1)), (2, _at(chain, len(chain) - 2)), (3, "")):
                if above is None:
                    continue
                rest = count[above] - one * damp
                if rest > 1e-9:
                    made[at, column] = _log((total[above] - mine * damp) / rest, rest)


def _upwards(folder: str) -> list[str]:
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:size]) for size in range(len(parts), -1, -1)]


def _at(chain: list[str], position: int) -> str | None:
    return chain[position] if 0 <= position < len(chain) and chain[position] else None


def probabilities(features: Array, weights: Array, bias: Array) -> Array:
    """Return the stage probabilities of every file."""
    scores = np.einsum("nks,k->ns", features, weights) + bias
    scores -= scores.max(axis=1, keepdims=True)
    made = np.exp(scores)
    made /= made.sum(axis=1, keepdims=True)
    return np.asarray(made, dtype=np.float64)
