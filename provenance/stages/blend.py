"""All evidence of a tree as numbers: files by features by stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from provenance.stages.around import (
    Array,
    Nearby,
    chances,
    folder_features,
    heard,
    nearby,
    upwards,
)
from provenance.stages.facts import FileFacts
from provenance.stages.lexicon import COLUMN, STAGES, lexicon
from provenance.stages.repository import CODE, RepositoryFacts, phrase_shares, purpose_shares
from provenance.stages.scene import Scene, is_test, scene
from provenance.stages.signals import SOURCES, Signals, points, signals
from provenance.terms.stages import Stage

OWN = (
    *SOURCES,
    "device",
    "firm",
    "purpose",
    "purpose_docs",
    "single",
    "product",
    "used_by_purpose",
    "used_by_path",
    "used_by_firm",
    "within_purpose",
    "page",
)
"""Features of a file by itself and of the repository's words."""
AROUND = (
    "siblings",
    "branch",
    "trunk",
    "whole",
    "speaks",
    "tests",
    "spoken",
    "used_by_branch",
    "within_branch",
    "mixed",
    "many",
)
"""Features of the neighbourhood: stage probabilities of files around a file."""
_A_FEW = 3
_SAID_CLEARLY = 1.2
"""Points of words that name a purpose clearly: one strong phrase, not a hint or two."""
_ONE_TOOL = 0.6
"""How far a tool of one stage takes away from the words of stages it makes use of."""
_HOME_SHARE = 0.5
"""Share of files below a folder name that makes it the home of the whole."""
_PLACING = 0.15
"""What is left of the words of placing in a launcher that names its program."""
_BY_NAME = 0.5
"""How far the name of the program it starts is a launcher's own."""
_SHARED = COLUMN[Stage.SHARED]
_OTHER = COLUMN[Stage.OTHER]
_INFRA = COLUMN[Stage.INFRA]
_KERNELS = COLUMN[Stage.KERNELS]
_MODEL = COLUMN[Stage.MODEL]
_TRAINING = COLUMN[Stage.TRAINING]
_POST_TRAINING = COLUMN[Stage.POST_TRAINING]
_CONFIGURED = frozenset({"yaml", "json", "toml", "shell"})
_A_RUN = 0.3
"""Share of the keys of a file that makes it the configuration of a run."""
_NO_LAUNCHERS = frozenset({"python", "docs", "notebook"})
"""Languages whose files name programs without being there to start them."""
_PLAIN = frozenset(
    {
        "__init__",
        "utils",
        "util",
        "common",
        "constants",
        "misc",
        "helpers",
        "readme",
        "base",
        "config",
        "configs",
        "settings",
        "types",
        "typing",
        "registry",
        "builders",
        "exceptions",
        "errors",
        "main",
        "cli",
        "args",
        "arguments",
        "conftest",
        "index",
        "lib",
        "mod",
    }
)
"""File names without a subject."""
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
    launchers: NDArray[np.bool_]
    """Which files are no program and name one to start."""
    docs: NDArray[np.bool_]
    """Which files are documents."""
    counted: NDArray[np.bool_]
    """Which files bear witness for their neighbours: present ones that no rule or page decides."""
    plain: NDArray[np.bool_]
    """Which files have a name without a subject."""
    near: Nearby
    """The neighbourhood of every file as arrays."""
    about_models: float
    """How far the repository is about models at all, 0..1."""


def tree(files: Sequence[FileFacts], *, repository: RepositoryFacts) -> Tree:
    """Lay out the files of one revision."""
    homes = _homes(files, repository)
    found = [signals(facts, packages=repository.packages, homes=homes) for facts in files]
    docs = np.array([facts.language == "docs" for facts in files], dtype=bool)
    ruled = np.array([item.rule is not None for item in found], dtype=bool)
    present = np.array([facts.present for facts in files], dtype=bool)
    counted = ~docs & ~ruled & (present | ~present.any())
    laid = scene(files)
    return Tree(
        files=files,
        repository=repository,
        scene=laid,
        signals=found,
        tests=np.array([is_test(facts.path) for facts in files], dtype=bool),
        launchers=np.array([_starts(facts) for facts in files], dtype=bool),
        docs=docs,
        counted=counted,
        plain=np.array([_stem(facts.path) in _PLAIN for facts in files], dtype=bool),
        near=nearby(laid, counted=counted),
        about_models=_about_models(repository),
    )


def _starts(facts: FileFacts) -> bool:
    return bool(facts.reading.launches) and facts.language not in _NO_LAUNCHERS


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].split(".", 1)[0].lower()


def _homes(files: Sequence[FileFacts], repository: RepositoryFacts) -> frozenset[str]:
    """Return folder names that most files or programs share: they say what the repository is."""
    present = [facts for facts in files if facts.present] or files
    programs = [facts for facts in present if facts.language in CODE and not is_test(facts.path)]
    most: set[str] = set()
    for group in (present, programs):
        counted: Counter[str] = Counter()
        for facts in group:
            counted.update(set(facts.path.split("/")[:-1]))
        most |= {name for name, count in counted.items() if count > _HOME_SHARE * len(group)}
    return frozenset(most | {repository.name, repository.name.replace("-", "_")})


def _about_models(repository: RepositoryFacts) -> float:
    """Return how far imports or a description speak of making models, 0..1."""
    imports = min(1.0, repository.model_share / _SURE_SHARE)
    purpose = repository.purpose
    stages = sum(purpose) - purpose[_OTHER]
    best = max(value for column, value in enumerate(purpose) if column != _OTHER)
    words = 0.0
    if best > 2.0 * purpose[_OTHER]:
        words = 1.0 if repository.names_models and best >= 1.0 else min(1.0, stages / 6.0)
    return max(imports, words)


def own_features(laid: Tree) -> Array:
    """Return files by ``OWN`` by stages."""
    made = np.zeros((len(laid.files), len(OWN), len(STAGES)))
    purpose = np.array(purpose_shares(laid.repository))
    purpose[_OTHER] *= 1.0 - laid.about_models
    apart = [_OTHER, _INFRA]
    meant = np.full(len(STAGES), laid.about_models)
    meant[apart] = 1.0
    single = _single(purpose, said=laid.repository.purpose) * meant
    purpose *= meant
    at_device, at_firm = OWN.index("device"), OWN.index("firm")
    for at, (facts, found) in enumerate(zip(laid.files, laid.signals, strict=True)):
        for source, name in enumerate(SOURCES):
            if found.hits[name]:
                for column, value in points(found.hits[name]).items():
                    made[at, source, column] = value
        for column, near, _ in found.firm:
            made[at, at_firm, column] = near
        if facts.reading.device:
            made[at, at_device, _KERNELS] = 1.0
    _launchers(laid, made)
    _configured(laid, made)
    _pages(laid, made)
    made[:, : len(SOURCES), :] *= _gate(laid.about_models)
    made[:, : len(SOURCES), :] *= 1.0 - _ONE_TOOL * (single @ _absorbing("repository"))
    made[:, at_firm, :] *= _gate(laid.about_models)
    made[:, OWN.index("purpose"), :] = purpose
    made[:, OWN.index("purpose_docs"), :] = purpose * laid.docs[:, None]
    made[:, OWN.index("product"), _OTHER] = 1.0 - laid.about_models
    made[:, OWN.index("single"), :] = single
    _used(made, 0.5 * (purpose + single))
    return made


def _single(purpose: Array, *, said: Sequence[float]) -> Array:
    """Return the leading purpose by its lead over the next: one tool, or many stages."""
    made = np.zeros(len(STAGES))
    first, second = (int(column) for column in np.argsort(-purpose, kind="stable")[:2])
    if purpose[first] > 0:
        lead = (purpose[first] - purpose[second]) / (purpose[first] + purpose[second])
        made[first] = lead * min(1.0, said[first] / _SAID_CLEARLY)
    return made


def _launchers(laid: Tree, made: Array) -> None:
    """Let the program decide, not the placing, where a launcher names its program."""
    launches = made[:, OWN.index("launches"), :].copy()
    launches[:, _INFRA] = 0.0
    launches[:, _SHARED] = 0.0
    placing = [OWN.index(name) for name in ("name", "folder", "parent", "keys", "body", "lead")]
    for at in np.flatnonzero(launches.sum(axis=1) > 0).tolist():
        if laid.launchers[at]:
            made[at, placing, _INFRA] *= _PLACING
            made[at, OWN.index("name")] += _BY_NAME * launches[at]


def _configured(laid: Tree, made: Array) -> None:
    """Keep shapes of a network for configurations of nothing else: a run has shapes too."""
    keys = made[:, OWN.index("keys"), :]
    runs = keys[:, [_TRAINING, _POST_TRAINING]].sum(axis=1)
    shapes = [OWN.index(name) for name in ("name", "folder", "parent", "keys", "body")]
    for at in np.flatnonzero(runs >= _A_RUN).tolist():
        if laid.files[at].language in _CONFIGURED:
            made[at, shapes, _MODEL] *= _PLACING


def _pages(laid: Tree, made: Array) -> None:
    """Give every file what the nearest readme above it (not the topmost one) says."""
    said: dict[str, Array] = {}
    for facts in laid.files:
        folder, _, name = facts.path.rpartition("/")
        if folder and name.lower().startswith("readme") and facts.language == "docs":
            shares = np.array(phrase_shares(facts.reading.lead))
            if shares.any():
                said[folder] = shares
    if not said:
        return
    column = OWN.index("page")
    for folder, members in laid.scene.folders.items():
        for above in upwards(folder):
            if above in said:
                made[list(members), column] = said[above]
                break


def _used(made: Array, purpose: Array) -> None:
    """Let a purpose take the technology it makes use of: a model client in a trainer trains."""
    whole, path = _absorbing("repository"), _absorbing("path")
    column = {name: made[:, OWN.index(name), :] for name in SOURCES}
    inner = (
        column["name"]
        + 0.5 * column["folder"]
        + 0.5 * (column["symbols"] + column["imports"] + column["keys"])
    )
    outer = np.maximum(column["parent"], column["upper"])
    named = np.maximum(outer, column["folder"])
    made[:, OWN.index("used_by_purpose"), :] = purpose * (
        (inner + 0.5 * (column["body"] + column["marks"])) @ whole.T
    )
    made[:, OWN.index("used_by_path"), :] = outer * (inner @ path.T) + named * (
        column["name"] @ path.T
    )
    everything = inner + 0.5 * (column["body"] + column["lead"]) + 2.0 * purpose
    firm = made[:, OWN.index("firm"), :]
    made[:, OWN.index("used_by_firm"), :] = firm * (everything @ path.T)
    made[:, OWN.index("within_purpose"), :] = column["folder"] * (
        purpose @ (whole * (1.0 - whole.T)).T
    )


@cache
def _absorbing(where: str) -> Array:
    """Return who makes use of what: a ``repository`` or a ``path`` in it."""
    made = np.zeros((len(STAGES), len(STAGES)))
    for stage, used, told in lexicon().absorbs:
        if told == where:
            made[stage, used] = 1.0
    return made


def _gate(about_models: float) -> Array:
    """Words of model making mean little in a repository that is not about models."""
    gate = np.full(len(STAGES), about_models)
    gate[_OTHER] = 1.0 - 0.7 * about_models
    gate[_INFRA] = 1.0
    return gate


def around_features(laid: Tree, own: Array, probability: Array) -> Array:
    """Return files by ``AROUND`` by stages, from first probabilities."""
    made = np.zeros((len(laid.files), len(AROUND), len(STAGES)))
    folders = folder_features(laid.near, probability)
    for name, values in zip(("siblings", "branch", "trunk", "whole"), folders, strict=True):
        made[:, AROUND.index(name)] = values
    speaks = heard(laid.near.speaks, probability)
    made[:, AROUND.index("speaks")] = speaks
    made[:, AROUND.index("tests")] = speaks * laid.tests[:, None]
    made[:, AROUND.index("spoken")] = heard(laid.near.spoken, probability)
    siblings, branch = chances(folders[0]), chances(folders[1])
    column = {name: own[:, OWN.index(name), :] for name in ("name", "symbols", "imports", "folder")}
    inner = column["name"] + 0.5 * (column["symbols"] + column["imports"] + column["folder"])
    matrix = _absorbing("path").T
    made[:, AROUND.index("used_by_branch")] = branch * (inner @ matrix)
    made[:, AROUND.index("within_branch")] = own[:, OWN.index("firm")] * (branch @ matrix)
    spread = 1.0 - np.maximum(siblings.max(axis=1), branch.max(axis=1))
    made[:, AROUND.index("mixed"), _SHARED] = np.where(laid.plain, spread, 0.0)
    _many(laid, probability, made)
    return made


def _many(laid: Tree, probability: Array, made: Array) -> None:
    """Mark programs that run three or more stages."""
    best = probability.argmax(axis=1)
    for at in np.flatnonzero(laid.near.speaks.count >= _A_FEW).tolist():
        if laid.files[at].reading.launches:
            stages = {int(best[other]) for other in laid.scene.speaks_of[at]}
            made[at, AROUND.index("many"), _SHARED] = float(
                len(stages - {_INFRA, _SHARED}) >= _A_FEW
            )


def scores(features: Array, told: Array) -> Array:
    """Return the weighted sum of the features of every file, by stages."""
    return np.asarray(np.einsum("nks,k->ns", features, told), dtype=np.float64)


def softmax(summed: Array) -> Array:
    """Return stage probabilities from scores."""
    made = np.exp(summed - summed.max(axis=1, keepdims=True))
    made /= made.sum(axis=1, keepdims=True)
    return np.asarray(made, dtype=np.float64)


def probabilities(features: Array, told: Array, bias: Array) -> Array:
    """Return the stage probabilities of every file."""
    return softmax(scores(features, told) + bias)
