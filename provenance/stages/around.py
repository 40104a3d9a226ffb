"""What the files around a file say: features made of stage probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.stages.lexicon import STAGES
from provenance.stages.scene import Scene

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

FLOOR = 0.01
"""Smallest probability that a logarithm sees."""
_NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of files, one speaking of the other."""

    source: Positions
    """Position of the file that hears."""
    target: Positions
    """Position of the file that is heard."""
    count: Array
    """How many each file hears, by position."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """The neighbourhood of every file as arrays, independent of any probability."""

    folder: Positions
    """Folder of every file."""
    parents: Positions
    """Folder above every folder; the root has none (-1)."""
    deepest_first: Positions
    """Folders without the root, children before parents."""
    branch: Positions
    """Folder above the folder of every file, unless it is the root (-1)."""
    trunk: Positions
    """Top folder of every file (-1 at the root)."""
    root: int
    """The root folder."""
    counted: Array
    """1 for files that bear witness, else 0."""
    speaks: Edges
    """Files heard because they are imported, launched or tested."""
    spoken: Edges
    """Files heard because they import or launch."""


def nearby(scene: Scene, *, counted: NDArray[np.bool_]) -> Nearby:
    """Lay out the neighbourhood of every file."""
    names = sorted({above for folder in scene.folders for above in upwards(folder)} | {""})
    known = {name: at for at, name in enumerate(names)}
    parents = np.array(
        [known[name.rpartition("/")[0]] if name else _NOWHERE for name in names], dtype=np.intp
    )
    tops = np.array(
        [known[name.split("/", 1)[0]] if name else _NOWHERE for name in names], dtype=np.intp
    )
    folder = np.zeros(len(counted), dtype=np.intp)
    for name, members in scene.folders.items():
        folder[list(members)] = known[name]
    depth = [name.count("/") for name in names]
    order = sorted((at for at, name in enumerate(names) if name), key=lambda at: (-depth[at], at))
    root = known[""]
    branch = parents[folder]
    return Nearby(
        folder=folder,
        parents=parents,
        deepest_first=np.array(order, dtype=np.intp),
        branch=np.where(branch == root, _NOWHERE, branch),
        trunk=tops[folder],
        root=root,
        counted=counted.astype(np.float64),
        speaks=_edges(scene.speaks_of),
        spoken=_edges(scene.spoken_of),
    )


def _edges(heard: Sequence[Sequence[int]]) -> Edges:
    count = np.array([len(others) for others in heard], dtype=np.float64)
    return Edges(
        source=np.repeat(np.arange(len(heard), dtype=np.intp), count.astype(np.intp)),
        target=np.array([other for others in heard for other in others], dtype=np.intp),
        count=count,
    )


def upwards(folder: str) -> list[str]:
    """Return a folder and all above it, nearest first, the root (``""``) last."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:size]) for size in range(len(parts), -1, -1)]


def heard(edges: Edges, probability: Array) -> Array:
    """Return centred log probabilities of the files that each file hears."""
    total = np.zeros((len(edges.count), len(STAGES)))
    np.add.at(total, edges.source, probability[edges.target])
    return centred(total / np.maximum(edges.count, 1.0)[:, None], edges.count)


def centred(mean: Array, count: Array) -> Array:
    """Return centred log probabilities; few witnesses pull less, none not at all."""
    logged = np.log(np.maximum(mean, 0.0) + FLOOR)
    logged -= logged.mean(axis=-1, keepdims=True)
    pull = count / (count + 1.0)
    return np.asarray(logged * np.where(count > 0, pull, 0.0)[:, None], dtype=np.float64)


def chances(logged: Array) -> Array:
    """Return probabilities from centred log probabilities; nothing known gives none."""
    known = np.abs(logged).sum(axis=1, keepdims=True) > 0
    made = np.exp(logged)
    return np.asarray(made / made.sum(axis=1, keepdims=True) * known, dtype=np.float64)


def folder_features(near: Nearby, probability: Array) -> tuple[Array, Array, Array, Array]:
    """Return siblings, the branch above, the top folder and the whole, without the file itself.

    Large folders are damped by the square root of their size: a thousand like files say
    little more about the rest of a repository than thirty.
    """
    mine = probability * near.counted[:, None]
    size = len(near.parents)
    direct = np.zeros((size, len(STAGES)))
    np.add.at(direct, near.folder, mine)
    number = np.zeros(size)
    np.add.at(number, near.folder, near.counted)
    damp = np.maximum(number, 1.0) ** -0.5
    total, count = direct * damp[:, None], number * damp
    for at in near.deepest_first:
        total[near.parents[at]] += total[at]
        count[near.parents[at]] += count[at]
    others = number[near.folder] - near.counted
    siblings = centred((direct[near.folder] - mine) / np.maximum(others, 1.0)[:, None], others)
    own = (mine * damp[near.folder][:, None], near.counted * damp[near.folder])

    def above(where: Positions) -> Array:
        rest = np.where(where >= 0, count[where] - own[1], 0.0)
        rest = np.where(rest > 1e-9, rest, 0.0)
        mean = (total[where] - own[0]) / np.where(rest > 0, rest, 1.0)[:, None]
        return centred(mean, rest)

    whole = np.full(len(near.folder), near.root, dtype=np.intp)
    return siblings, above(near.branch), above(near.trunk), above(whole)
