"""Stored runs: the evidence of each, and what a later run needs to go on from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

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
from provenance.meter.branches import Branches
from provenance.meter.evidence import Evidence, tables
from provenance.meter.mining import Keys, Mined
from provenance.meter.reading import which_are_read
from provenance.meter.records import Spoken, Sums, digest
from provenance.meter.run import Run
from provenance.meter.settings import Options
from provenance.meter.tracing import Before, is_passing
from provenance.metrics.holdings import Rows
from provenance.metrics.measurement import Definition
from provenance.metrics.points import Point, first_parents
from provenance.ownership.state import Arrays
from provenance.terms.authors import UNATTESTED, Attribution, AuthorType, Maker, RuleId, Tier
from provenance.terms.commits import CommitId
from provenance.terms.records import Gathered

_STATE = "resume"
_STATE_FORM = 3
"""Raised when a later run needs more of a stored one: authors, traits, records, departures."""
_ROWS = ("path", "commit", "voice", "lines", "code", "chars", "first", "last")
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
    said: str
    """Digest over the line-level records of its commits."""
    before: Before
    """What to go on from."""

    def usable(
        self, mined: Mined, points: list[Point], gathered: Gathered, branches: Branches
    ) -> Before | None:
        """Return what to go on from, or ``None`` when this history did not just grow.

        It fits when the stored head is on the new first-parent chain, every older point
        is the same, every new branch leaves from a commit whose tree is stored, and records
        and branches say of older commits what they said.
        """
        if digest(gathered, branches, self.before.commits) != self.said:
            return None
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
        landed = branches.landed(self.before.commits, len(mined.ids))
        needed |= {number for number in landed.wanted if number < self.before.commits}
        return self.before if needed | {self.head} <= self.recent else None


def _key(point: Point) -> tuple[str, str, int, int | None, str]:
    return point.kind, point.at, point.commit, point.start, point.start_at


class Store:
    """The stored runs of one repository under one definition."""

    def __init__(
        self, cache: Path, definition: Definition, options: Options, *, stated: str = ""
    ) -> None:
        """Derive the place from everything but the head that could change the evidence.

        ``stated`` names the attributes that are obeyed, when they are not the head's.
        """
        words = asdict(definition) | {"unit": "", "since": options.since, "tool": __version__}
        words |= {"state": _STATE_FORM} | ({"stated": stated} if stated else {})
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
    kept = (arrays[name].tolist() for name in ("authors", "traits", "twins"))
    for oid, keys in zip(ids, map(Keys, *kept), strict=True):
        parents, committed, authored, kind, tier, rule, agent, vendor, family, model, conflict = (
            rows[oid]
        )
        named = (tier, rule, agent, vendor, family, model)
        words = [unescape(word) if word is not None else None for word in named]
        # what was older than any model then is judged anew, with the dates of now
        older = kind == AuthorType.PREDATES_AI
        mined.add(
            oid,
            tuple(number[p] for p in parents),
            committed,
            authored,
            UNATTESTED if older else _attribution((kind, *words, conflict)),
            keys,
        )
    about = _about(arrays)
    mined.requests = dict(about["requests"])
    return mined


def _about(arrays: Arrays) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(arrays["about"].tobytes().decode("utf-8", "surrogateescape"))
    return about


_Words = tuple[Any, ...]
"""Author type, tier, rule, agent, vendor, family, model and conflict."""


def _attribution(words: _Words) -> Attribution:
    kind, tier, rule, agent, vendor, family, model, conflict = words
    return Attribution(
        author_type=AuthorType(kind),
        tier=Tier(tier) if tier else None,
        rule=RuleId(rule) if rule else None,
        maker=Maker(agent, vendor, family, model),
        evidence=(),
        conflict=conflict,
    )


def _voice_words(voice: Attribution) -> _Words:
    maker = (voice.maker.agent, voice.maker.vendor, voice.maker.family, voice.maker.model)
    return (voice.author_type.value, voice.tier, voice.rule, *maker, voice.conflict)


def _spoken(arrays: Arrays, about: dict[str, Any]) -> Spoken:
    """Rebuild what the records said, but for the commits: those are in the tables."""
    voices = arrays["line_voices"]
    return Spoken(
        attributions=[],
        voices=[_attribution(tuple(words)) for words in about["voices"]],
        voice_of_line=voices if voices.size else None,
        sums={RuleId(rule): Sums(*sums) for rule, sums in about["sums"].items()},
        disputed=about["disputed"],
    )


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
            "said": run.said,
            "requests": sorted(run.mined.requests.items()),
            "disputed": run.spoken.disputed,
            "sums": {rule: astuple(sums) for rule, sums in sorted(run.spoken.sums.items())},
            "voices": [_voice_words(voice) for voice in run.spoken.voices],
        }
    )
    rows = {f"rows_{name}": getattr(facts.rows, name) for name in _ROWS}
    voices = run.spoken.voice_of_line
    if voices is not None:  # contents read late are read again by a later run
        voices = voices[: int(traced.hunks[:, 5].sum())]
    return {
        **traced.state,
        **rows,
        "line_voices": np.zeros(0, dtype=np.uint16) if voices is None else voices,
        "authors": np.array(run.mined.authors, dtype=np.int64),
        "traits": np.array(run.mined.traits, dtype=np.int64),
        "twins": np.array(run.mined.twins, dtype=np.int64),
        "ids": np.frombuffer("".join(facts.ids).encode(), dtype=np.uint8),
        "about": np.frombuffer(named.encode("utf-8", "surrogateescape"), dtype=np.uint8),
        "seen": np.array([(path, last) for path, (last, _) in seen], dtype=np.int64).reshape(-1, 2),
        "counted": np.array(which_are_read(facts.paths, facts.facets), dtype=np.uint8),
        "seen_blobs": np.frombuffer(b"".join(blob for _, (_, blob) in seen), dtype=np.uint8),
    }


def _resumable(arrays: Arrays, mined: Mined, digits: int) -> Resumable:
    about = _about(arrays)
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
        spoken=_spoken(arrays, about),
        counted=arrays["counted"].astype(bool).tolist(),
    )
    return Resumable(
        head=head,
        said=about["said"],
        points=tuple((k, a, c, s, n) for k, a, c, s, n in about["points"]),
        recent=frozenset(arrays["trees"].tolist()),
        before=before,
    )
