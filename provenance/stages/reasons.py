"""Why a file has its stage, in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from provenance.stages.blend import AROUND, OWN, Array, Tree
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
_NEAR = {
    "siblings": "files beside it are mostly",
    "branch": "files under the parent folder are mostly",
    "trunk": "files under the top folder are mostly",
    "whole": "files of the repository are mostly",
    "speaks": "files it uses are mostly",
    "tests": "files it tests are mostly",
    "spoken": "files that use it are mostly",
    "used_by_branch": "the parent folder makes use of such parts for",
}


def pushes(features: Array, best: NDArray[np.intp]) -> Array:
    """Return how much every feature speaks for the chosen stage of every file."""
    fitted: Mapping[str, float] = weights()["whole"]
    chosen = np.take_along_axis(features, best[:, None, None], axis=2)[:, :, 0]
    told = np.array([fitted[name] for name in OWN + AROUND])
    return np.asarray((chosen - features.mean(axis=2)) * told, dtype=np.float64)


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
    if laid.files[at].reading.degraded:
        found.append(f"content not read: {laid.files[at].reading.degraded}")
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
        words = ", ".join(word for _, word in sorted(telling)[:4])
        return f"{_SAID[feature]} {words} ({stage})" if words else ""
    if feature in _NEAR:
        return f"{_NEAR[feature]} {stage}"
    match feature:
        case "firm":
            words = [word for column, _, word in laid.signals[at].firm if column == best]
            return f"path names {words[0]} ({stage})" if words else ""
        case "page":
            return f"the readme above it speaks of {stage}"
        case "used_by_purpose":
            return f"the repository makes use of such parts for {stage}"
        case "used_by_firm" | "within_purpose":
            return f"{stage} is a subject of its own within the repository"
        case "used_by_path":
            return f"the package makes use of such parts for {stage}"
        case "used_by_program":
            return f"the program it starts is for {stage}"
        case "mixed":
            return "no stage dominates around it"
        case "many":
            return "it starts programs of three or more stages"
        case "device":
            return "holds accelerator device code"
        case "product":
            return "the repository is not about models"
        case _:
            said = ", ".join(laid.repository.said[best][:4])
            return f"the repository is described by: {said} ({stage})" if said else ""
