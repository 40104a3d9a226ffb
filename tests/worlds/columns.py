"""Histories as columns: what the findings look at, without a repository."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from provenance.findings.seen import History

START = 1_767_225_600
"""The first second of 2026."""
HOUR = 3600
DAY = 24 * HOUR


def chain(
    *,
    committed: Sequence[int],
    authored: Sequence[int] | None = None,
    parents: Sequence[Sequence[int]] | None = None,
    authors: Sequence[int] | None = None,
    traits: Sequence[int] | None = None,
    marked: Sequence[int] | None = None,
    automated: Sequence[int] | None = None,
) -> History:
    """Return a history in which every commit builds on the one before, unless said otherwise."""
    size = len(committed)
    line = [(number - 1,) if number else () for number in range(size)]
    return History(
        ids=[f"{number:040x}" for number in range(size)],
        parents=parents if parents is not None else line,
        committed=_column(committed, size),
        authored=_column(committed if authored is None else authored, size),
        authors=_column(authors, size),
        traits=_column(traits, size),
        marked=_column(marked, size),
        automated=_column(automated, size),
    )


def _column(values: Sequence[int] | None, size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values if values is not None else [0] * size, dtype=np.int64)
