"""A replay as arrays and back, so that a later run goes on where this one ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from provenance.ownership.births import Births
from provenance.ownership.departures import Departures
from provenance.ownership.replay import Comparer, Replay
from provenance.ownership.tree import Opaque, Tree, Version
from provenance.terms.unmeasured import Reason

Arrays = dict[str, NDArray[Any]]
_REASONS = tuple(Reason)


def freeze(replay: Replay, trees: Mapping[int, Tree]) -> Arrays:
    """Return births, departures, paths and the trees of the given commits as arrays.

    Trees are stored in the order of their commits, each as its difference from the one
    before; versions shared by several trees are stored once.
    """
    versions: list[Version] = []
    places: dict[int, int] = {}

    def place(version: Version) -> int:
        found = places.get(id(version))
        if found is None:
            if isinstance(version.lines, Opaque) and version.lines.before is not None:
                place(version.lines.before)
            found = places[id(version)] = len(versions)
            versions.append(version)
        return found

    steps: list[tuple[int, int, int]] = []
    before = Tree()
    for number in sorted(trees):
        for path, _, version in trees[number].changed_since(before):
            steps.append((number, path, -1 if version is None else place(version)))
        before = trees[number]
    opaque = [
        (
            i,
            _REASONS.index(version.lines.reason),
            version.lines.commit,
            -1 if version.lines.before is None else places[id(version.lines.before)],
        )
        for i, version in enumerate(versions)
        if isinstance(version.lines, Opaque)
    ]
    lines = [v.lines if isinstance(v.lines, bytes) else b"" for v in versions]
    return {
        "births": replay.births.table(),
        "departures": replay.departures.runs(),
        "blobs": _bytes(b"".join(version.blob for version in versions)),
        "lines": np.frombuffer(b"".join(lines), dtype=np.uint32),
        "line_counts": np.array([len(part) // 4 for part in lines], dtype=np.int64),
        "opaque": np.array(opaque, dtype=np.int64).reshape(-1, 4),
        "paths": _bytes(b"\0".join(replay.paths)),
        "steps": np.array(steps, dtype=np.int64).reshape(-1, 3),
        "trees": np.array(sorted(trees), dtype=np.int64),
    }


def thaw(arrays: Arrays, comparer: Comparer, *, digits: int) -> tuple[Replay, dict[int, Tree]]:
    """Return the replay and the trees that :func:`freeze` stored."""
    replay = Replay(comparer)
    replay.births = Births.restored(arrays["births"])
    replay.departures = Departures.restored(arrays["departures"])
    names = arrays["paths"].tobytes()
    for name in names.split(b"\0") if names else ():
        replay.number(name)
    versions = _versions(arrays, digits)
    changed: dict[int, list[tuple[int, int]]] = {}
    for number, path, version in arrays["steps"].tolist():
        changed.setdefault(number, []).append((path, version))
    trees: dict[int, Tree] = {}
    tree = Tree()
    for number in arrays["trees"].tolist():
        for path, version in changed.get(number, ()):
            if version < 0:
                tree.drop(path)
            else:
                tree.put(path, versions[version])
        trees[number] = tree.fork()
    return replay, trees


def _versions(arrays: Arrays, digits: int) -> list[Version]:
    blobs = arrays["blobs"].tobytes()
    lines = arrays["lines"].tobytes()
    ends = (np.cumsum(arrays["line_counts"]) * 4).tolist()
    special = {row[0]: row[1:] for row in arrays["opaque"].tolist()}
    versions: list[Version] = []
    start = 0
    for i, end in enumerate(ends):
        blob = blobs[i * digits : (i + 1) * digits]
        if i in special:
            reason, commit, before = special[i]
            known = versions[before] if before >= 0 else None
            versions.append(Version(blob, Opaque(_REASONS[reason], commit, known)))
        else:
            versions.append(Version(blob, lines[start:end]))
        start = end
    return versions


def _bytes(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, dtype=np.uint8)
