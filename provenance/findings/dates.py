"""Detectors over dates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from provenance.findings.seen import Column, History

_HOUR = 3600
_DAY = 86_400
_MINUTE = 60


def backdating(history: History, numbers: Mapping[str, int]) -> Column:
    """Return the commits dated well before a parent."""
    child = np.repeat(np.arange(len(history.ids)), [len(parents) for parents in history.parents])
    parent = np.fromiter(
        (number for parents in history.parents for number in parents), dtype=np.int64
    )
    early = history.committed[parent] - history.committed[child] > numbers["hours"] * _HOUR
    return np.unique(child[early])


def future_authoring(history: History, numbers: Mapping[str, int]) -> Column:
    """Return the commits authored after they were committed."""
    return np.flatnonzero(history.authored - history.committed > numbers["hours"] * _HOUR)


def skewed_dates(history: History, numbers: Mapping[str, int]) -> Column:
    """Return the commits whose two dates are far apart."""
    apart = np.abs(history.committed - history.authored)
    return np.flatnonzero(apart > numbers["days"] * _DAY)


def rewrite_burst(history: History, numbers: Mapping[str, int]) -> Column:
    """Return the commits written down with many others in one minute, long after authoring."""
    late = np.flatnonzero(history.committed - history.authored > numbers["days"] * _DAY)
    minute = history.committed[late] // _MINUTE
    _, place, counts = np.unique(minute, return_inverse=True, return_counts=True)
    return late[counts[place] >= numbers["commits"]] if late.size else late
