"""Why a file has its stage, in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from provenance.stages.around import Array
from provenance.stages.blend import AROUND, OWN, Tree
from provenance.stages.lexicon import STAGES, weights
from provenance.stages.signals import SOURCES

_NAMES = OWN + AROUND
_MOST = 5
_LEAST = 0.15
_SAID = {
    "name": "file name says",
    "folder": "folder says",
    "parent": "parent folder says",
    "upper": "path says",
    "imports": "imports",
    "symbols": "defines",
    "lead": "opening words say",
    "keys": "sets",
    "launches": "starts",
    "own": "uses own modules",
    "body": "text speaks of",
    "marks": "code bears the mark",
}
_PLAINLY = {
    "siblings": "files beside it are mostly {stage}",
    "branch": "files under the parent folder are mostly {stage}",
    "trunk": "files under the top folder are mostly {stage}",
    "whole": "files of the repository are mostly {stage}",
    "speaks": "files it uses are mostly {stage}",
    "tests": "files it tests are mostly {stage}",
    "spoken": "files that use it are mostly {stage}",
    "used_by_branch": "the parent folder makes use of such parts for {stage}",
    "within_branch": "{stage} is a subject of its own within the parent folder",
    "used_by_firm": "{stage} is a subject of its own within the repository",
    "within_purpose": "{stage} is a subject of its own within the repository",
    "used_by_path": "the package makes use of such parts for {stage}",
    "used_by_purpose": "the repository makes use of such parts for {stage}",
    "page": "the readme above it speaks of {stage}",
    "device": "holds accelerator device code",
    "product": "the repository is not about models",
    "mixed": "no stage dominates around it",
    "many": "it starts programs of three or more stages",
}


def pushes(own: Array, around: Array, *, best: NDArray[np.intp]) -> Array:
    """Return how much every feature speaks for the chosen stage of every file."""
    fitted: Mapping[str, float] = weights()["whole"]
    told = np.array([fitted[name] for name in _NAMES])
    made = [
        np.take_along_axis(features, best[:, None, None], axis=2)[:, :, 0] - features.mean(axis=2)
        for features in (own, around)
    ]
    return np.asarray(np.concatenate(made, axis=1) * told, dtype=np.float64)


def reasons(laid: Tree, at: int, *, push: Array, best: int) -> tuple[str, ...]:
    """Return what spoke for the chosen stage, strongest first."""
    rule = laid.signals[at].rule
    found = [f"path rule {rule.id}"] if rule is not None and rule.stage is STAGES[best] else []
    for feature in np.argsort(-push, kind="stable")[: _MOST + 3]:
        if len(found) >= _MOST or push[feature] < _LEAST:
            break
        text = _reason(laid, at, _NAMES[feature], best=best)
        if text and text not in found:
            found.append(text)
    reading = laid.files[at].reading
    if reading.lacks_grammar:
        found.append(f"imports and names not read: {reading.degraded}")
    elif reading.degraded:
        found.append(f"content not read: {reading.degraded}")
    elif not laid.files[at].present:
        found.append("content not read: not at this revision")
    return tuple(found) or ("nothing speaks for any stage",)


def _reason(laid: Tree, at: int, feature: str, *, best: int) -> str:
    stage = STAGES[best].value
    if feature in SOURCES:
        hits = laid.signals[at].hits[feature]
        telling = [
            (-value, word)
            for word, weights_ in hits.items()
            for column, value in weights_
            if column == best
        ]
        told = ", ".join(word for _, word in sorted(telling)[:4])
        return f"{_SAID[feature]} {told} ({stage})" if told else ""
    plain = _PLAINLY.get(feature)
    if plain is not None:
        return plain.format(stage=stage)
    if feature == "firm":
        named = [word for column, _, word in laid.signals[at].firm if column == best]
        return f"named by definition: {named[0]} ({stage})" if named else ""
    said = ", ".join(laid.repository.said[best][:4])
    return f"the repository is described by: {said} ({stage})" if said else ""
