"""Entire: an estimate per commit, in metadata on a branch of its own.

A commit names checkpoints in ``Entire-Checkpoint`` lines; the metadata of a checkpoint's
sessions say how many of the committed lines the agent is reckoned to have written.  Files
are named, lines are not.  The mark alone is a session without a share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class _Share:
    """Lines reckoned to the agent, of the lines committed."""

    agent: int
    whole: int
    rest: str
    """The whole attribution object: sessions of one checkpoint repeat it."""


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
        checkpoints: set[str] = set()
        shares: dict[str, dict[str, _Share]] = {}
        makers: dict[str, dict[Maker, None]] = {}
        places: dict[str, str] = {}
        read: set[str] = set()
        for entry in entries:
            found = _PLACE.match(entry.path)
            if found is None or entry.path in read:
                continue
            read.add(entry.path)
            checkpoint = found[1] + found[2]
            checkpoints.add(checkpoint)
            places.setdefault(checkpoint, entry.place)
            if found[3] is None:
                continue
            try:
                data = shape.parse(entry.content)
                share = _share(shape.table(data.get("initial_attribution")))
            except EvidenceError as error:
                problems.add(entry.place, error.slug, error.message)
                continue
            if share and len(shares.setdefault(checkpoint, {})) < _MOST_SESSIONS:
                shares[checkpoint][share.rest] = share
            named = maker(shape.text(data.get("agent")), "", around)
            makers.setdefault(checkpoint, {})[named] = None
        named_by = _commits(around) if checkpoints else {}
        records = []
        for commit, ids in named_by.items():
            once = [i for i in ids if i in shares]
            if not once:
                continue
            shared = any(len([c for c in named_by.values() if i in c]) > 1 for i in once)
            records.append(
                Record(
                    self.id,
                    commit,
                    places[once[0]],
                    estimate=_estimate(
                        [s for i in once for s in shares[i].values()], shared=shared
                    ),
                    makers=tuple(dict.fromkeys(m for i in once for m in makers[i] if m != Maker())),
                )
            )
        return Reading(tuple(records), problems.listed(), len(checkpoints))


def checkpoints(message: str) -> tuple[str, ...]:
    """Return the checkpoints a message names, wherever they stand in it."""
    return tuple(dict.fromkeys(_NAMED.findall(message)))


def _commits(around: Around) -> Mapping[CommitId, Sequence[str]]:
    return {commit: ids for commit, message in around.saying(MARK) if (ids := checkpoints(message))}


def _share(data: Mapping[str, Any]) -> _Share | None:
    if not data:
        return None
    agent, whole = shape.count(data.get("agent_lines")), shape.count(data.get("total_committed"))
    if agent is None or whole is None or agent > whole:
        raise EvidenceError("the share is no share", slug="bad-share")
    return _Share(agent, whole, repr(sorted(data.items(), key=lambda item: item[0])))


def _estimate(shares: Sequence[_Share], *, shared: bool) -> Estimate:
    """Put the shares of several sessions together; they may count the same lines.

    Where other commits name the same checkpoint (a rebase, a split), nobody knows which of
    them holds the agent's lines.
    """
    whole = max(share.whole for share in shares)
    high = min(whole, sum(share.agent for share in shares))
    low = 0 if shared else max(share.agent for share in shares)
    return Estimate(low, high, whole)
