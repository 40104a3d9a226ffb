"""Line-level records of git-ai (``authorship/3.0.0``), read minimally.

A record speaks only about lines that its commit added.  Of two entries on one line the later
holds.  An entry called human counts only where the tool saw somebody type; an entry that the
tool itself inferred decides nothing where the commit's own marks are declared.

Records in other forms are not read.  Where one is found, nothing is said about the lines of
its commit: they are doubtful, and never counted as a difference.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provenance.recount.scratch import Scratch
from provenance.recount.weigh import Weighed
from provenance.terms.authors import AuthorType, Tier

DIALECT = "git-ai"
"""Id of the one dialect that is read here."""

_NOTES = "refs/notes/"
_OWN = "refs/notes/ai"
_FREE = "refs/notes/commits"
_NO_RECORDS = frozenset({_OWN, _FREE, "refs/notes/ai-stash"})
_NAMES_A_WRITER = re.compile(
    rb"^[ \t]*(?:(?:co-?)?authored|assisted|generated)-by[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_BLOBS = "refs/ai/authorship/"
_VERSION = "authorship/3.0.0"
_LARGEST = 8 << 20
_SPAN = re.compile(r"(\d{1,8})(?:-(\d{1,8}))?", re.ASCII)
_WRITER = re.compile(r"(?:development:)?(\d{1,6})\.(\d{1,6})\.(\d{1,6})", re.ASCII)
_GUESSES_FROM = (1, 6, 20)
_TESTS = frozenset({"mock-ai", "test-agent"})
_GUESSED = frozenset({"cloud-agent", "codex-cloud", "devin", "git-ai-cloud-agent"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What a record says of some lines."""

    author_type: AuthorType
    """``ai`` or ``human``."""
    inferred: bool
    """Whether the tool inferred it."""


Record = Sequence[tuple[str, int, int, Entry]]
"""Path, first and last line from 1, as the commit has them, and what is said; in order."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the records of one commit decide."""

    weighed: Weighed
    """The commit's own author type, its records considered."""
    rest: AuthorType
    """Author type of the lines that no record speaks of."""
    said: Mapping[str, Sequence[tuple[int, int, AuthorType | None]]] = field(default_factory=dict)
    """First and last line, and who wrote them (``None``: not decided), in order, by path."""

    def of(self, path: str, first: int, count: int) -> list[AuthorType | None]:
        """Return what is said of consecutive lines of this commit's version of a file.

        They are lines that git blame gives to the commit: lines that it added.
        """
        kinds: list[AuthorType | None] = [None] * count
        for start, last, kind in self.said.get(path, ()):
            low, high = max(start - first, 0), min(last + 1 - first, count)
            if low < high:
                kinds[low:high] = [kind] * (high - low)
        return kinds


def read_records(
    scratch: Scratch, commits: Container[str]
) -> tuple[dict[str, Record], frozenset[str]]:
    """Return the records about some commits, and the commits with records of another form."""
    records: dict[str, Record] = {}
    doubtful = {commit for commit in _others(scratch) if commit in commits}
    places = [(commit, blob) for commit, blob in _places(scratch) if commit in commits]
    contents = scratch.contents([blob for _, blob in places])
    for (commit, _), (size, pieces) in zip(places, contents, strict=True):
        raw = b"".join(pieces) if size <= _LARGEST else b""
        if raw.lstrip()[:1] == b"{":
            doubtful.add(commit)
        elif record := read_record(raw, commit):
            records[commit] = (*records.get(commit, ()), *record)
    return records, frozenset(doubtful)


def annotated(scratch: Scratch) -> frozenset[str]:
    """Return the commits that any record annotates, whether they are in the clone or not."""
    return frozenset({*(commit for commit, _ in _places(scratch)), *_others(scratch)})


def _places(scratch: Scratch) -> Iterator[tuple[str, str]]:
    """Yield every commit that git-ai annotates, with the content that does."""
    yield from _annotated(scratch, _OWN)
    for name, blob in _refs(scratch, _BLOBS):
        yield name.removeprefix(_BLOBS), blob


def _others(scratch: Scratch) -> Iterator[str]:
    """Yield every commit that other notes annotate; free ones if they name a writer."""
    for name, _ in _refs(scratch, _NOTES):
        if name not in _NO_RECORDS:
            for commit, _ in _annotated(scratch, name):
                yield commit
    free = list(_annotated(scratch, _FREE))
    contents = scratch.contents([blob for _, blob in free])
    for (commit, _), (_, pieces) in zip(free, contents, strict=True):
        if _NAMES_A_WRITER.search(next(pieces, b"")):
            yield commit


def _refs(scratch: Scratch, below: str) -> list[tuple[str, str]]:
    shown = scratch.run("for-each-ref", "--format=%(objectname) %(refname)", below)
    rows = (line.partition(" ") for line in os.fsdecode(shown).splitlines())
    return [(name, oid) for oid, _, name in rows]


def _annotated(scratch: Scratch, ref: str) -> Iterator[tuple[str, str]]:
    listed = scratch.attempt("ls-tree", "-r", "-z", "--full-tree", ref)
    for row in listed.stdout.split(b"\0")[:-1]:
        about, _, path = row.decode("utf-8", "replace").partition("\t")
        yield path.replace("/", ""), about.split()[2]


def read_record(raw: bytes, commit: str) -> Record:
    """Read one record of version 3.0.0; anything else says nothing."""
    head, divider, rest = (b"\n" + raw).partition(b"\n---\n")
    try:
        about = json.loads(rest)
    except (ValueError, RecursionError):
        return ()
    if not divider or not isinstance(about, dict) or about.get("schema_version") != _VERSION:
        return ()
    keys = _Keys(about, commit)
    record = []
    path = ""
    for line in head.decode("utf-8", "surrogateescape").split("\n"):
        if line.startswith("  "):
            key, _, spans = line[2:].partition(" ")
            entry = keys.entry(key)
            if entry is not None:
                record += [(path, first, last, entry) for first, last in _spans(spans)]
        else:
            path = line[1:-1] if len(line) > 1 and line[0] == line[-1] == '"' else line
    return record


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for part in text.strip().split(","):
        found = _SPAN.fullmatch(part)
        if found is None:
            return
        first, last = int(found[1]), int(found[2] or found[1])
        if 1 <= first <= last:
            yield first, last


class _Keys:
    """Says whom the keys of one record mean."""

    def __init__(self, about: Mapping[str, Any], commit: str) -> None:
        self._about = about
        self._commits = {commit, about.get("base_commit_sha")}
        writer = _WRITER.match(str(about.get("git_ai_version", "")))
        self._saw = writer is not None and tuple(map(int, writer.groups())) < _GUESSES_FROM

    def entry(self, key: str) -> Entry | None:
        """Return what lines under a key are; ``None`` where that proves nothing."""
        if key.startswith("h_"):
            seen = self._saw and key in self._table("humans")
            return Entry(AuthorType.HUMAN, inferred=False) if seen else None
        if key == "human":
            return None
        data = self._table("sessions").get(key.split("::", 1)[0]) or self._table("prompts").get(key)
        agent = data.get("agent_id") if isinstance(data, dict) else None
        agent = agent if isinstance(agent, dict) else {}
        tool = re.sub(r"[\s_]+", "-", str(agent.get("tool", "")).strip().lower())
        if tool in _TESTS:
            return None
        named = agent.get("id")
        guessed = tool in _GUESSED or (isinstance(named, str) and named in self._commits)
        return Entry(AuthorType.AI, inferred=guessed)

    def _table(self, name: str) -> Mapping[str, Any]:
        found = self._about.get(name)
        return found if isinstance(found, dict) else {}


def hear(own: Weighed, record: Record, added: Callable[[], Mapping[str, set[int]]]) -> Spoken:
    """Let a record speak about the lines that its commit added.

    Once it names AI lines of a commit that is only declared to be assisted, or of which
    nothing was known, the other lines are ``unattested``.
    """
    entries = _clipped(record, added())
    ai = {entry for entry in entries if entry.author_type is AuthorType.AI}
    firm = own.tier not in (None, Tier.INFERRED)
    weighed = own
    if ai and own.author_type is not AuthorType.AI:
        tier = Tier.INFERRED if all(entry.inferred for entry in ai) else Tier.OBSERVED
        weighed = Weighed(AuthorType.ASSISTED, tier)
    deciding = {entry for entry in ai if not (entry.inferred and firm)}
    rest = weighed.author_type
    if deciding and weighed.author_type is AuthorType.ASSISTED:
        rest = _rest(own.author_type, recorded=any(not entry.inferred for entry in deciding))
    said: dict[str, list[tuple[int, int, AuthorType | None]]] = {}
    for path, first, last, entry in record:
        kind = None if entry.inferred and firm else entry.author_type
        said.setdefault(path, []).append((first, last, kind))
    return Spoken(weighed, rest, said)


def _clipped(record: Record, added: Mapping[str, set[int]]) -> set[Entry]:
    """Return what is said, by the last entry on each, of the lines that the commit added."""
    there = {path: sorted(lines) for path, lines in added.items()}
    said: dict[tuple[str, int], Entry] = {}
    for path, first, last, entry in record:
        lines = there.get(path, [])
        for line in lines[bisect_left(lines, first) : bisect_right(lines, last)]:
            said[path, line] = entry
    return set(said.values())


def _rest(own: AuthorType, *, recorded: bool) -> AuthorType:
    if own is AuthorType.ASSISTED:
        return AuthorType.UNATTESTED if recorded else own
    return own
