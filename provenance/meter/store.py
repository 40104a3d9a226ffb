"""Stored runs: the evidence of each, and what a later run needs to go on from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from provenance import __version__
from provenance.errors import LedgerError
from provenance.history.repository import Repository
from provenance.history.walk import is_ancestor
from provenance.ledger.escape import unescape
from provenance.ledger.read import Run as Stored
from provenance.ledger.read import latest
from provenance.ledger.state import pack, unpack
from provenance.ledger.upkeep import prune
from provenance.ledger.write import write_run
from provenance.meter.evidence import Evidence, tables
from provenance.meter.mining import Mined
from provenance.meter.run import Run
from provenance.meter.settings import Options
from provenance.meter.tracing import Before, is_passing
from provenance.metrics.holdings import Rows
from provenance.metrics.measurement import Definition
from provenance.metrics.points import Point, first_parents
from provenance.ownership.state import Arrays
from provenance.terms.authors import Attribution, AuthorType, Maker, RuleId, Tier
from provenance.terms.commits import CommitId

_STATE = "resume"
_ROWS = ("path", "commit", "lines", "code", "chars", "first", "last")
_COMMITS = """
SELECT "commit", parents, committed_at, authored_at, author_type, tier, rule,
       agent, vendor, family, model, conflict
FROM commits
"""


@dataclass(frozen=True, slots=True)
class Resumable:
    """A stored run, not yet known to fit."""

    head: int
    """Number of its head."""
    points: tuple[tuple[str, str, int, int | None, str], ...]
    """Its points, the head left out."""
    recent: frozenset[int]
    """Commits whose trees are stored."""
    before: Before
    """What to go on from."""

    def usable(self, mined: Mined, points: list[Point]) -> Before | None:
        """Return what to go on from, or ``None`` when this history did not just grow.

        It fits when the stored head is on the new first-parent chain, every older point
        is the same, and every new branch leaves from a commit whose tree is stored.
        """
        if self.head not in first_parents(mined.graph, points[-1].commit):
            return None
        older = {_key(point) for point in points[:-1] if point.commit < self.before.commits}
        stored = set(self.points)
        if stored - older or any(key[2] != self.head for key in older - stored):
            return None
        needed = {
            parent
            for parents in mined.graph[self.before.commits :]
            for parent in parents
            if parent < self.before.commits
        }
        return self.before if needed | {self.head} <= self.recent else None


def _key(point: Point) -> tuple[str, str, int, int | None, str]:
    return point.kind, point.at, point.commit, point.start, point.start_at


class Store:
    """The stored runs of one repository under one definition."""

    def __init__(self, cache: Path, definition: Definition, options: Options) -> None:
        """Derive the place from everything but the head that could change the evidence."""
        words = asdict(definition) | {"unit": "", "since": options.since, "tool": __version__}
        text = json.dumps(words, sort_keys=True, default=str)
        self._definition = hashlib.sha256(text.encode()).hexdigest()
        self._root = cache / self._definition[:20]

    def find(self, repository: Repository, head: str) -> tuple[Mined | None, Resumable | None]:
        """Return the commits and the state of the newest stored run, if there is one."""
        self._root.mkdir(parents=True, exist_ok=True)
        stored = latest(self._root)
        if stored is None or stored.inputs.get("definition") != self._definition:
            return None, None
        with stored:
            arrays = unpack(stored.blob(_STATE))
            mined = _commits(stored, arrays, repository.location.digits)
        if not is_ancestor(repository, mined.ids[-1], head):
            return None, None
        return mined, _resumable(arrays, mined, repository.location.digits)

    def keep(self, repository: Repository, run: Run, *, resumable: bool) -> Path:
        """Store a run and return its folder; older ones are removed.

        Only a ``resumable`` run can be gone on with later.

        Raises:
            LedgerError: it could not be stored.

        """
        facts = run.facts
        points = facts.points
        assert run.runs is not None
        evidence = Evidence(
            facts=facts,
            authored=run.mined.authored,
            first_parents=frozenset(first_parents(facts.graph, points[-1].commit)),
            blobs={path: version.blob.decode() for path, version in run.traced.head.items()},
            unmeasured=[(path, reason.value, lines) for path, reason, lines in run.flaws],
            runs=run.runs,
        )
        inputs = {
            "definition": self._definition,
            "head": facts.ids[points[-1].commit],
            "refs": repository.refs.digest,
            "tool": __version__,
        }
        name = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:24]
        state = {_STATE: pack(_arrays(run))} if resumable else {}
        try:
            folder = write_run(self._root, name, tables(evidence), inputs=inputs, blobs=state)
        except LedgerError as error:
            if error.slug != "ledger-run-exists":
                raise
            # the same refs, but another order of replay: the figures are equal, keep the first
            folder = self._root / "runs" / name
        prune(self._root, keep=2)
        return folder


def _commits(stored: Stored, arrays: Arrays, digits: int) -> Mined:
    """Rebuild the commits of a stored run in the order of their numbers."""
    text = arrays["ids"].tobytes().decode()
    ids = [CommitId(text[i : i + digits]) for i in range(0, len(text), digits)]
    rows = {row[0]: row[1:] for row in stored.rows(_COMMITS)}
    mined = Mined()
    number = {oid: place for place, oid in enumerate(ids)}
    for oid in ids:
        parents, committed, authored, kind, tier, rule, agent, vendor, family, model, conflict = (
            rows[oid]
        )
        words = [
            unescape(word) if word is not None else None for word in (agent, vendor, family, model)
        ]
        attribution = Attribution(
            author_type=AuthorType(kind),
            tier=Tier(tier) if tier else None,
            rule=RuleId(unescape(rule)) if rule else None,
            maker=Maker(*words),
            evidence=(),
            conflict=conflict,
        )
        mined.add(oid, tuple(number[p] for p in parents), committed, authored, attribution)
    return mined


def _arrays(run: Run) -> Arrays:
    """Everything a later run needs besides the tables."""
    facts, traced = run.facts, run.traced
    points = [_key(point) for point in facts.points[:-1]]
    seen = sorted(traced.seen.items())
    named = json.dumps(
        {
            "points": points,
            "snapshot": facts.snapshot_of[facts.points[-1].commit],
            "passing": is_passing(facts.points),
        }
    )
    rows = {f"rows_{name}": getattr(facts.rows, name) for name in _ROWS}
    return {
        **traced.state,
        **rows,
        "ids": np.frombuffer("".join(facts.ids).encode(), dtype=np.uint8),
        "about": np.frombuffer(named.encode("utf-8", "surrogateescape"), dtype=np.uint8),
        "seen": np.array([(path, last) for path, (last, _) in seen], dtype=np.int64).reshape(-1, 2),
        "seen_blobs": np.frombuffer(b"".join(blob for _, (_, blob) in seen), dtype=np.uint8),
    }


def _resumable(arrays: Arrays, mined: Mined, digits: int) -> Resumable:
    about = json.loads(arrays["about"].tobytes().decode("utf-8", "surrogateescape"))
    blobs = arrays["seen_blobs"].tobytes()
    seen = {
        path: (last, blobs[i * digits : (i + 1) * digits])
        for i, (path, last) in enumerate(arrays["seen"].tolist())
    }
    head = len(mined.ids) - 1
    before = Before(
        commits=len(mined.ids),
        head=head,
        snapshot=about["snapshot"],
        state=arrays,
        rows=Rows(*(arrays[f"rows_{name}"] for name in _ROWS)),
        seen=seen,
    )
    return Resumable(
        head=head,
        points=tuple((k, a, c, s, n) for k, a, c, s, n in about["points"]),
        recent=frozenset(arrays["trees"].tolist()),
        before=before,
    )
