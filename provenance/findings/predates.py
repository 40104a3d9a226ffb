"""Which commits are older than any capable model, and which older than the lab's own.

Git dates are free text: whoever writes a commit can give it any.  So both dates must lie
before the cut-off, nothing in the commit may name an AI system, and one finding against the
dates of the history switches the whole question off.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.findings.find import against_dates
from provenance.findings.seen import Column, History, Seen, Trait
from provenance.terms.authors import Attribution, AuthorType, Maker, RuleId, Tier

ANY_MODEL = "2021-06-29"
"""First day on which the public could use a model that writes code well: the technical
preview of GitHub Copilot (github.blog/2021-06-29-introducing-github-copilot-ai-pair-programmer)."""

RULE = RuleId("predates-ai")
"""Rule that decides such a commit."""

PREDATES = Attribution(AuthorType.PREDATES_AI, Tier.INFERRED, RULE, Maker(), (), conflict=False)
"""What is said of a commit older than any capable model."""


@dataclass(frozen=True, slots=True)
class Ages:
    """What the dates of a history prove."""

    cutoff: str | None
    """Cut-off in effect; ``None`` when switched off."""
    own_cutoff: str | None
    """Release of the first of the lab's own models, in effect; ``None`` without one."""
    old: Column
    """Commits that count as older than any capable model."""
    before_own: Column
    """Commits older than the lab's first own model."""
    undated: Column | None
    """Commits that would count, if a finding did not speak against the dates."""


def ages(
    history: History, *, silent: NDArray[np.bool_], cutoff: str | None, own_cutoff: str | None
) -> Ages:
    """Judge the dates of a history; ``silent`` commits are those nothing else decides."""
    nothing: Column = np.zeros(0, dtype=np.int64)
    unnamed = silent & ((history.traits & int(Trait.NAMED)) == 0)
    old = np.flatnonzero(unnamed & _before(history, cutoff)) if cutoff else nothing
    if (cutoff or own_cutoff) and against_dates(Seen(history)):
        return Ages(None, None, nothing, nothing, old if cutoff else None)
    own = np.flatnonzero(_before(history, own_cutoff)) if own_cutoff else nothing
    return Ages(cutoff, own_cutoff, old, own, None)


def _before(history: History, date: str) -> NDArray[np.bool_]:
    """Whether both dates lie before a day; dates that git could not read do not."""
    moment = dt.datetime.fromisoformat(date).replace(tzinfo=dt.UTC)
    limit = int(moment.timestamp())
    later = np.maximum(history.committed, history.authored)
    earlier = np.minimum(history.committed, history.authored)
    found: NDArray[np.bool_] = (later < limit) & (earlier > 0)
    return found
