"""Read entries that each hold one record of one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from provenance.errors import EvidenceError
from provenance.evidence.dialect import Entry, Reading
from provenance.evidence.problems import Problems
from provenance.evidence.spans import Claims
from provenance.terms.authors import Maker, RuleId
from provenance.terms.records import Estimate, Record

Said = tuple[Estimate | None, tuple[Maker, ...]]
"""What a record says about its commit as a whole."""

NOTHING: Said = (None, ())
"""Nothing about the commit as a whole."""


def read_each(
    rule: RuleId, entries: Iterable[Entry], read: Callable[[Entry, Claims], Said]
) -> Reading:
    """Let ``read`` fill the claims of every entry; one that says nothing gives no record.

    An ``EvidenceError`` of ``read`` makes the entry a problem.
    """
    problems = Problems(rule)
    records: list[Record] = []
    seen = 0
    for entry in entries:
        seen += 1
        if entry.commit is None:
            continue
        claims = Claims(entry.place, problems)
        try:
            estimate, makers = read(entry, claims)
        except EvidenceError as error:
            problems.add(entry.place, error.slug, error.message)
            continue
        listed = claims.listed()
        if listed or estimate:
            records.append(Record(rule, entry.commit, entry.place, listed, estimate, makers))
    return Reading(tuple(records), problems.listed(), seen)
