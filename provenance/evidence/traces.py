"""The shape of Agent Trace records: files, conversations, ranges and contributors."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from provenance.errors import EvidenceError
from provenance.evidence import shape
from provenance.evidence.dialect import Around, Entry
from provenance.evidence.limits import LARGEST_FILE, MOST_BROKEN, MOST_CLAIMS
from provenance.evidence.problems import Problems
from provenance.evidence.tools import maker
from provenance.terms.authors import AuthorType, Maker

TYPES: Final = {
    "ai": AuthorType.AI,
    "human": AuthorType.HUMAN,
    "mixed": AuthorType.ASSISTED,
}
"""Author type by contributor type; ``unknown`` and every other word say nothing."""

EVENTS: Final = frozenset({".sessions", ".shell-history", ".unknown"})
"""Names that stand for events, not for files."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One record."""

    id: str
    """Its own id, empty when it has none."""
    revision: str
    """The recorded revision, empty when there is none."""
    written_at: int | None
    """Seconds; ``None`` when the time cannot be read."""
    tool: str
    """The harness as named."""
    files: Mapping[str, tuple[Run, ...]]
    """Attributed ranges by path (hostile text, slashes forward)."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines with their contributor."""

    span: tuple[int, int]
    """First and last line, counted from one."""
    author_type: AuthorType
    """Who."""
    maker: Maker
    """Harness and model."""
    named: bool
    """Whether a model was named at all."""


def traces(entry: Entry, around: Around, problems: Problems) -> Iterator[Trace | None]:
    """Yield each line of a ``.jsonl`` file as a record; ``None`` for one that is none."""
    if len(entry.content) > LARGEST_FILE:
        problems.add(entry.place, "too-large", f"{len(entry.content)} bytes are too many")
        return
    broken = 0
    for line in io.BytesIO(entry.content):
        if not line.strip():
            continue
        try:
            yield _trace(shape.parse(line), around)
        except EvidenceError as error:
            problems.add(entry.place, error.slug, error.message)
            yield None
            broken += 1
        if broken >= MOST_BROKEN:
            problems.add(entry.place, "too-broken", f"{broken} lines are no records")
            return


def _trace(data: Mapping[str, Any], around: Around) -> Trace:
    if not isinstance(data.get("files"), list):
        raise EvidenceError("no Agent Trace record", slug="unknown-format")
    tool = shape.text(shape.table(data.get("tool")).get("name"))
    files: dict[str, tuple[Run, ...]] = {}
    for file in shape.tables(data["files"]):
        path = shape.text(file.get("path")).replace("\\", "/")
        if path in EVENTS:
            continue
        files[path] = (*files.get(path, ()), *_runs(file, tool, around))
        if sum(map(len, files.values())) > MOST_CLAIMS:
            raise EvidenceError(f"more than {MOST_CLAIMS} runs of lines", slug="too-many-lines")
    return Trace(
        id=shape.text(data.get("id")),
        revision=shape.text(shape.table(data.get("vcs")).get("revision")),
        written_at=seconds(shape.text(data.get("timestamp"))),
        tool=tool,
        files=files,
    )


def _runs(file: Mapping[str, Any], tool: str, around: Around) -> Iterator[Run]:
    for conversation in shape.tables(file.get("conversations")):
        common = shape.table(conversation.get("contributor"))
        for span in shape.tables(conversation.get("ranges")):
            first, last = span.get("start_line"), span.get("end_line")
            if type(first) is not int or type(last) is not int or (first, last) == (1, 1):
                continue  # one to one stands where no place was known
            who = shape.table(span.get("contributor")) or common
            author_type = TYPES.get(shape.text(who.get("type")))
            if author_type is not None:
                model = shape.text(who.get("model_id"))
                yield Run((first, last), author_type, maker(tool, model, around), bool(model))


def seconds(moment: str) -> int | None:
    """Read an RFC 3339 time; one without an offset counts as UTC."""
    try:
        read = datetime.fromisoformat(moment)
        return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
