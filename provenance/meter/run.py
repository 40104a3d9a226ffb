"""A measurement with everything it was added up from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from provenance.meter.headruns import HeadRuns
from provenance.meter.mining import Mined
from provenance.meter.records import Spoken
from provenance.meter.tracing import Traced
from provenance.metrics.facts import Facts
from provenance.metrics.measurement import Measurement
from provenance.terms.unmeasured import Reason


@dataclass(frozen=True, slots=True)
class Run:
    """A measurement with the facts it was added up from."""

    measurement: Measurement
    """The figures."""
    facts: Facts
    """What they were made from."""
    mined: Mined
    """The commits."""
    traced: Traced
    """Who owns which line."""
    flaws: Sequence[tuple[str, Reason, int]]
    """(path, reason, lines) of what could not be measured at the head, sorted."""
    spoken: Spoken
    """What line-level records say."""
    said: str
    """Digest over the records of these commits."""
    runs: HeadRuns | None = None
    """Attribution runs at the head; only where the evidence is stored."""
    folder: Path | None = None
    """Where the evidence is stored; ``None`` without a cache."""
