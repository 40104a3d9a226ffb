"""git-ai: ``authorship/3.0.0`` in ``refs/notes/ai``, and older blobs under ``refs/ai``.

A note lists line ranges per file under keys; the JSON below the divider says who a key is.
Lines without a key are unknown.  Numbers of lines in the JSON are counters of a session,
never of the commit, and are not read.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from provenance.errors import EvidenceError
from provenance.evidence import shape
from provenance.evidence.annotated import NOTHING, Said, read_each
from provenance.evidence.dialect import Around, Entry, Reading, Source, Store
from provenance.evidence.limits import LARGEST
from provenance.evidence.spans import Claims, pair, ranges
from provenance.evidence.tools import clean, maker, tools
from provenance.terms.authors import AuthorType, Maker, RuleId, Tier
from provenance.terms.commits import CommitId

VERSION: Final = "authorship/3.0.0"
FIRST: Final = "authorship/0.0.1"

GUESSES_FROM: Final = (1, 6, 20)
"""From this version git-ai calls lines human that nobody was seen to type."""

_DIVIDER = b"---\n"
_WRITER = re.compile(r"(?:development:)?(\d{1,6})\.(\d{1,6})\.(\d{1,6})")
_VERSION = re.compile(rb'"schema_version"\s{0,8}:\s{0,8}"([^"\\]{0,40})"')
_LONG: Final = 1 << 14
_TALK = re.compile(rb'^(( {2,40})"messages": )\[\n(?:\2 [^\n]*+\n)*+\2\]', re.MULTILINE)
"""A conversation as git-ai prints it: the lines inside stand deeper than its brackets."""
_NOBODY = frozenset({"human"})


class GitAi:
    """Notes of git-ai."""

    id = RuleId("git-ai")
    sources = (
        Source(Store.NOTES, "refs/notes/ai"),
        Source(Store.BLOBS, "refs/ai/authorship/*"),
    )

    def read(self, entries: Iterable[Entry], around: Around) -> Reading:
        """Read notes and old blobs; a note without lines proves nothing and gives no record."""
        return read_each(self.id, entries, lambda entry, claims: _read(entry, claims, around))


def _read(entry: Entry, claims: Claims, around: Around) -> Said:
    if len(entry.content) > LARGEST:
        raise EvidenceError(f"{len(entry.content)} bytes are too many", slug="too-large")
    if entry.content.lstrip()[:1] == b"{":
        _first_form(shape.parse(entry.content), claims, around)
        return NOTHING
    head, rest = _cut(entry.content)
    if head.strip():
        note = _Note(_metadata(rest), entry.commit, around)
        note.claim(head.decode("utf-8", "surrogateescape"), claims)
    else:
        _check(_version(rest))
    return NOTHING


def _cut(content: bytes) -> tuple[bytes, bytes]:
    """Split at the line of three dashes."""
    if content.startswith(_DIVIDER):
        return b"", content[len(_DIVIDER) :]
    head, divider, rest = content.partition(b"\n" + _DIVIDER)
    if not divider:
        raise EvidenceError("no divider between lines and metadata", slug="no-divider")
    return head, rest


def _metadata(rest: bytes) -> Mapping[str, Any]:
    """Parse the metadata without the conversations that make up most of it."""
    if len(rest) > _LONG:
        with contextlib.suppress(EvidenceError):  # cut wrongly: it is parsed whole
            return shape.parse(_TALK.sub(rb"\1[]", rest))
    return shape.parse(rest)


def _version(rest: bytes) -> str:
    """Return the version without reading the sessions below it."""
    found = _VERSION.search(rest)
    return found[1].decode("utf-8", "replace") if found else ""


def _check(version: str) -> None:
    if version == VERSION:
        return
    if version.startswith("authorship/"):
        raise EvidenceError(f"version {version!r} is not read", slug="unsupported-version")
    raise EvidenceError("no git-ai record", slug="unknown-format")


class _Note:
    """The metadata of one note, asked key by key."""

    def __init__(self, data: Mapping[str, Any], commit: CommitId | None, around: Around) -> None:
        _check(shape.text(data.get("schema_version")))
        self._prompts = shape.table(data.get("prompts"))
        self._sessions = shape.table(data.get("sessions"))
        self._humans = shape.table(data.get("humans"))
        self._seen_typing = is_observed(shape.text(data.get("git_ai_version")))
        self._commits = {commit, shape.text(data.get("base_commit_sha"))} - {None, ""}
        self._around = around
        self._known: dict[str, tuple[AuthorType, Tier, Maker] | str] = {}

    def claim(self, head: str, claims: Claims) -> None:
        """Read the lines above the divider."""
        path = ""
        for line in head.split("\n"):
            if not line.startswith("  "):
                path = line[1:-1] if len(line) > 1 and line[0] == line[-1] == '"' else line
                continue
            key, _, spans = line[2:].partition(" ")
            who = self._who(key)
            if isinstance(who, str):
                claims.refuse(who, _WHY[who])
                continue
            try:
                for span in ranges(spans.strip()):
                    claims.add(path, span, *who)
            except EvidenceError as error:
                claims.refuse(error.slug, error.message)

    def _who(self, key: str) -> tuple[AuthorType, Tier, Maker] | str:
        """Say whom a key means, or why it proves nothing."""
        name = key.split("::", 1)[0]  # what follows tells the checkpoints of a session apart
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._look(name)
        return known

    def _look(self, name: str) -> tuple[AuthorType, Tier, Maker] | str:
        if name in _NOBODY:
            return "inferred-human"
        if name.startswith("h_"):
            typed = self._seen_typing and name in self._humans
            return (AuthorType.HUMAN, Tier.OBSERVED, Maker()) if typed else "inferred-human"
        data = shape.table(self._sessions.get(name) or self._prompts.get(name))
        agent = shape.table(data.get("agent_id"))
        tool, model = shape.text(agent.get("tool")), shape.text(agent.get("model"))
        if clean(tool) in tools().test:
            return "test-tool"
        tier = Tier.INFERRED if self._is_made_up(name, agent) else Tier.OBSERVED
        return AuthorType.AI, tier, maker(tool, model, self._around)

    def _is_made_up(self, name: str, agent: Mapping[str, Any]) -> bool:
        """Whether the session was inferred: from the machine, an address or the message.

        Such sessions are named by their tool, by the commit or by their own key.
        """
        ident = shape.text(agent.get("id"))
        named_by_tool = clean(shape.text(agent.get("tool"))) in tools().background
        return named_by_tool or ident == name or ident in self._commits


_WHY = {
    "inferred-human": "lines called human that nobody was seen to type",
    "test-tool": "lines attested by test data",
}


def is_observed(version: str) -> bool:
    """Whether lines that this version of git-ai calls human were seen being typed."""
    found = _WRITER.match(version)
    return found is not None and tuple(map(int, found.groups())) < GUESSES_FROM


def _first_form(data: Mapping[str, Any], claims: Claims, around: Around) -> None:
    """Read the JSON of July to October 2025: free author names, no metadata."""
    version = data.get("schema_version", FIRST)
    if version != FIRST:
        _check(shape.text(version))
    if "files" not in data:
        raise EvidenceError("no git-ai record", slug="unknown-format")
    for path, author, lines in _authors(shape.table(data.get("files"))):
        who = _named(author, around)
        if who is None:
            continue
        for value in lines:
            try:
                claims.add(path, pair(value), AuthorType.AI, Tier.OBSERVED, who)
            except EvidenceError as error:
                claims.refuse(error.slug, error.message)


def _authors(files: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    for path, file in files.items():
        for author in shape.tables(shape.table(file).get("authors")):
            yield path, shape.text(author.get("author")), list(shape.items(author.get("lines")))


def _named(author: str, around: Around) -> Maker | None:
    """Return the tool or model that a free name means; ``None`` for anybody else.

    A person's name there is what was left over, not what was seen.
    """
    name = clean(author)
    if name in tools().test:
        return None
    who = maker(author, author, around)
    return who if who != Maker() or name in tools().unknown else None
