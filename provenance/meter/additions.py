"""The lines that single commits add, without a replay."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing

from provenance.attribution.voices import Addition
from provenance.history.changes import stream_changes
from provenance.history.merges import stream_merges
from provenance.history.repository import Repository
from provenance.terms.changes import Change, Lens, MergeStep
from provenance.terms.commits import Commit, CommitId

_Ranges = list[tuple[int, int]]


def additions(
    repository: Repository, commits: Sequence[Commit]
) -> dict[CommitId, tuple[Addition, ...]]:
    """Return what each commit adds; a merge adds only what none of its parents has.

    Raises:
        HistoryError: a commit cannot be read.

    """
    plain = [commit for commit in commits if not commit.is_merge]
    merges = [commit for commit in commits if commit.is_merge]
    found: dict[CommitId, tuple[Addition, ...]] = {}
    with closing(
        stream_changes(repository, [c.id.encode() for c in plain], lens=Lens.PLAIN, jobs=1)
    ) as changes:
        for commit, changed in zip(plain, changes, strict=True):
            found[commit.id] = tuple(
                addition for change in changed for addition in _added(change.path, _ranges(change))
            )
    asked = [(c.id.encode(), [parent.encode() for parent in c.parents]) for c in merges]
    with closing(stream_merges(repository, asked, lens=Lens.PLAIN)) as steps:
        for commit, step in zip(merges, steps, strict=True):
            found[commit.id] = tuple(_merged(step))
    return found


def _ranges(change: Change) -> _Ranges:
    flat = iter(change.hunks)
    return [
        (new, new + added) for _, _, new, added in zip(flat, flat, flat, flat, strict=True) if added
    ]


def _added(path: bytes, ranges: _Ranges) -> Iterator[Addition]:
    for start, stop in ranges:
        yield Addition(os.fsdecode(path), start, stop - start)


def _merged(step: MergeStep) -> Iterator[Addition]:
    for path, contested in sorted(step.contested.items()):
        alone = [contested.alone] if contested.alone else []
        ranges = [_ranges(change) for _, _, change in contested.sides] or [
            _ranges(change) for change in alone
        ]
        if ranges:
            common = ranges[0]
            for other in ranges[1:]:
                common = _common(common, other)
            yield from _added(path, common)


def _common(one: _Ranges, other: _Ranges) -> _Ranges:
    """Return the lines that are in both."""
    return [(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d)]
