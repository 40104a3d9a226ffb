"""Detectors over marks: who left them, where they stop, and what they stand on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from provenance.findings.seen import Additions, Column, History, Trait

_NOTHING: Column = np.zeros(0, dtype=np.int64)
_PACE = 4


def attribution_collapse(history: History, numbers: Mapping[str, int]) -> Column:
    """Return, for every fall of a contributor's share of marks, the first commit after it."""
    chosen = np.flatnonzero(~history.merged() & (history.automated == 0))
    rank = np.argsort(np.array([history.ids[number] for number in chosen.tolist()]), kind="stable")
    chosen = chosen[rank]
    chosen = chosen[np.lexsort((history.committed[chosen], history.authors[chosen]))]
    starts = np.flatnonzero(np.diff(history.authors[chosen], prepend=np.int64(-1)))
    falls: list[int] = []
    for own in np.split(chosen, starts[1:] if starts.size else []):
        if own.size >= numbers["before"] + numbers["least"]:
            found = _falls(history.marked[own], history.committed[own], numbers)
            falls += own[found].tolist()
    return np.array(sorted(falls), dtype=np.int64)


def _falls(marked: Column, dates: Column, numbers: Mapping[str, int]) -> list[int]:
    """Return the places in one contributor's commits at which the share falls."""
    before, least = numbers["before"], numbers["least"]
    total = np.concatenate([[0], np.cumsum(marked)])
    at = np.arange(before, marked.size - least + 1)
    behind = np.minimum(at + numbers["after"], marked.size)
    high = total[at] - total[at - before]
    low = total[behind] - total[at]
    fell = (high * 100 >= numbers["high"] * before) & (low * 100 <= numbers["low"] * (behind - at))
    earlier = (dates[at - 1] - dates[at - before]) * (least - 1)
    later = (dates[at + least - 1] - dates[at]) * (before - 1)
    fell &= later <= _PACE * np.maximum(earlier, 1)
    found: list[int] = []
    free = 0
    for place in at[fell].tolist():
        if place >= free:
            found.append(place)
            free = place + before
    return found


def squash_loss(history: History, numbers: Mapping[str, int]) -> Column:
    """Return the squashed requests since the first mark, where there are many."""
    marked = np.flatnonzero(history.marked)
    if not marked.size:
        return _NOTHING
    since = history.committed[marked].min()
    single = history.single() & (history.committed >= since)
    squashed = np.flatnonzero(single & ((history.traits & int(Trait.SQUASHED)) != 0))
    few = squashed.size < numbers["least"]
    if few or squashed.size * 100 < numbers["share"] * int(single.sum()):
        return _NOTHING
    return squashed


def oversized_marked_commit(
    history: History, additions: Additions | None, numbers: Mapping[str, int]
) -> Column:
    """Return the marked commits that add or touch far more than others."""
    if additions is None:
        return _NOTHING
    adding = np.flatnonzero((additions.lines > 0) & ~history.merged())
    marked = adding[history.marked[adding] > 0]
    wide = additions.files[marked] > numbers["files"]
    if adding.size < numbers["least"]:
        return marked[wide]
    sizes = np.sort(additions.lines[adding])
    usual = sizes[(sizes.size * numbers["percentile"] + 99) // 100 - 1]
    lines = additions.lines[marked]
    large: Column = marked[wide | ((lines > usual) & (lines >= numbers["lines"]))]
    return large
