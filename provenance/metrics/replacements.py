"""Who replaces whom: lines of one author type that commits of another took away."""

from __future__ import annotations

import numpy as np

from provenance.metrics.facts import Facts
from provenance.metrics.measurement import Definition, Replacement
from provenance.terms.authors import AuthorType
from provenance.terms.stages import Facet

_TYPES = tuple(AuthorType)


def replacements(facts: Facts, definition: Definition) -> tuple[Replacement, ...]:
    """Add up the departed lines of paths in the denominator, by both author types.

    Lines of unknown origin are unattested.
    """
    if not len(facts.departed):
        return ()
    owner, commit, path, lines = facts.departed.T
    kinds = np.array([_TYPES.index(a.author_type) for a in facts.owners])
    inside = np.array(
        [
            (facts.facets[name].facet if name in facts.facets else Facet.SOURCE)
            in definition.facets
            for name in facts.paths
        ],
        dtype=bool,
    )
    old, new = kinds[owner], kinds[np.minimum(commit, len(facts.ids))]
    place = (old * len(_TYPES) + new)[inside[path]]
    weights = lines[inside[path]].astype(np.float64)
    summed = np.bincount(place, weights=weights, minlength=len(_TYPES) ** 2)
    found = [
        Replacement(_TYPES[i // len(_TYPES)].value, _TYPES[i % len(_TYPES)].value, int(count))
        for i, count in enumerate(summed.tolist())
        if count
    ]
    return tuple(sorted(found, key=lambda item: (item.old, item.new)))
