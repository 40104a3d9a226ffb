"""Entire: an estimate per commit, in metadata on a branch of its own.

A commit names checkpoints in ``Entire-Checkpoint`` lines; the metadata of a checkpoint's
sessions say how many of the committed lines the agent is reckoned to have written.  Files
are named, lines are not.  The mark alone is a session without a share.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from provenance.errors import EvidenceError
from provenance.evidence import shape
from provenance.evidence.dialect import Around, Entry, Reading, Source, Store
from provenance.evidence.problems import Problems
from provenance.evidence.tools import maker
from provenance.terms.authors import Maker, RuleId
from provenance.terms.commits import CommitId
from provenance.terms.records import Estimate, Record

MARK = "Entire-Checkpoint"
"""Key of the line in a commit message."""

_NAMED = re.compile(rf"{MARK}:[ \t]{{0,8}}([0-9a-f]{{12}})(?![0-9a-f])", re.ASCII)
_PLACE = re.compile(r"([0-9a-f]{2})/([0-9a-f]{10})/(?:(\d{1,6})/)?metadata\.json\Z", re.ASCII)
_MOST_SESSIONS = 1000


@dataclass(slots=True)
class _Checkpoint:
    """What the sessions of one checkpoint say."""

    place: str
    """Where it was met first."""
    shares: dict[str, Estimate] = field(default_factory=dict)
    """By the whole attribution object: sessions of one checkpoint repeat it."""
    makers: dict[Maker, None] = field(default_factory=dict)
    """Harnesses named."""

    def estimate(self) -> Estimate | None:
        """Put the sessions together; they may count the same lines."""
        if not self.shares:
            return None
        shares = list(self.shares.values())
        whole = max(share.whole for share in shares)
        low = max(share.low for share in shares)
        return Estimate(low, min(whole, sum(share.high for share in shares)), whole)


class Entire:
    """Checkpoints of the Entire CLI."""

    id = RuleId("entire")
    sources = (
        Source(Store.FOLDER, "refs/heads/entire/checkpoints/v1", "metadata.json"),
        Source(Store.FOLDER, "refs/remotes/*/entire/checkpoints/v1", "metadata.json"),
    )

    def read(self, entries: Iterable[Entry], around: Around) -> Reading:
        """Read every checkpoint, then the commits that name one."""
        problems = Problems(self.id)
        known: dict[str, _Checkpoint] = {}
        read: set[str] = set()
        for entry in entries:
            found = _PLACE.match(entry.path)
            if found is None or entry.path in read:
                continue
            read.add(entry.path)
            checkpoint = known.setdefault(found[1] + found[2], _Checkpoint(entry.place))
            if found[3] is not None:
                try:
                    _session(entry, checkpoint, around)
                except EvidenceError as error:
                    problems.add(entry.place, error.slug, error.message)
        named = _commits(around) if known else {}
        times = Counter(mark for marks in named.values() for mark in marks)
        records = []
        for commit, marks in named.items():
            shared = any(times[mark] > 1 for mark in marks)
            record = _record(self.id, commit, [known.get(mark) for mark in marks], shared=shared)
            if isinstance(record, Record):
                records.append(record)
            elif record:
                problems.add(str(commit), record, "a checkpoint it names has no share")
        return Reading(tuple(records), problems.listed(), len(known))


def checkpoints(message: str) -> tuple[str, ...]:
    """Return the checkpoints a message names, wherever they stand in it."""
    return tuple(dict.fromkeys(_NAMED.findall(message)))


def _commits(around: Around) -> Mapping[CommitId, Sequence[str]]:
    return {
        commit: marks for commit, message in around.saying(MARK) if (marks := checkpoints(message))
    }


def _session(entry: Entry, checkpoint: _Checkpoint, around: Around) -> None:
    data = shape.parse(entry.content)
    named = maker(shape.text(data.get("agent")), "", around)
    if named != Maker():
        checkpoint.makers[named] = None
    share = shape.table(data.get("initial_attribution"))
    if not share:
        return
    agent, whole = shape.count(share.get("agent_lines")), shape.count(share.get("total_committed"))
    if agent is None or whole is None or agent > whole:
        raise EvidenceError("the share is no share", slug="bad-share")
    if len(checkpoint.shares) < _MOST_SESSIONS:
        checkpoint.shares[json.dumps(share, sort_keys=True)] = Estimate(agent, agent, whole)


def _record(
    rule: RuleId, commit: CommitId, named: Sequence[_Checkpoint | None], *, shared: bool
) -> Record | str:
    """Add the checkpoints of a commit up, or say why that cannot be done.

    Several checkpoints are a squash, and what survived of each is not known.  Where other
    commits name the same checkpoint (a rebase, a split), nobody knows which of them holds
    the agent's lines.
    """
    estimates = [checkpoint.estimate() if checkpoint else None for checkpoint in named]
    given = [estimate for estimate in estimates if estimate is not None]
    whole = sum(estimate.whole for estimate in given)
    if not whole:
        return ""
    if len(given) < len(estimates):
        return "incomplete-share"
    low = 0 if shared or len(given) > 1 else given[0].low
    makers = dict.fromkeys(m for checkpoint in named if checkpoint for m in checkpoint.makers)
    high = sum(estimate.high for estimate in given)
    place = next(checkpoint.place for checkpoint in named if checkpoint)
    return Record(rule, commit, place, (), Estimate(low, high, whole), tuple(makers))
