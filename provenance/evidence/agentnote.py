"""Agent Note: counts per commit, or files, in ``refs/notes/agentnote``.

With the method ``line`` the note counts added lines; with the method ``file`` it only says
which files an agent edited, and their lines are a mixture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from provenance.errors import EvidenceError
from provenance.evidence import shape
from provenance.evidence.annotated import Said, read_each
from provenance.evidence.dialect import Around, Entry, Reading, Source, Store
from provenance.evidence.spans import WHOLE_FILE, Claims
from provenance.evidence.tools import maker
from provenance.terms.authors import AuthorType, Maker, RuleId, Tier
from provenance.terms.records import Estimate, Record


class AgentNote:
    """Notes of Agent Note."""

    id = RuleId("agentnote")
    sources = (Source(Store.NOTES, "refs/notes/agentnote"),)

    def read(self, entries: Iterable[Entry], around: Around) -> Reading:
        """Read every note; a file is claimed from its first line to its last."""
        read = read_each(self.id, entries, lambda entry, claims: _read(entry, claims, around))
        return replace(read, records=tuple(_measured(read.records, around)))


def _measured(records: Sequence[Record], around: Around) -> Iterator[Record]:
    """End the claims on whole files where the files end; drop those whose end is not known."""
    wanted = [(record.commit, claim.path) for record in records for claim in record.claims]
    lines = around.lines(wanted) if wanted else {}
    for record in records:
        claims = tuple(
            replace(claim, stop=length)
            for claim in record.claims
            if (length := lines.get((record.commit, claim.path), 0))
        )
        if claims or record.estimate:
            yield replace(record, claims=claims)


def _read(entry: Entry, claims: Claims, around: Around) -> Said:
    data = shape.parse(entry.content)
    if "session_id" not in data or "v" not in data:
        raise EvidenceError("no Agent Note", slug="unknown-format")
    if data["v"] != 1:
        raise EvidenceError("version is not read", slug="unsupported-version")
    who = maker(shape.text(data.get("agent")), shape.text(data.get("model")), around)
    estimate = _estimate(data)
    if estimate is None:
        for path in _files(data):
            claims.add(path, WHOLE_FILE, AuthorType.ASSISTED, Tier.INFERRED, who)
    return estimate, (who,) if who != Maker() else ()


def _estimate(data: Mapping[str, Any]) -> Estimate | None:
    """Read the counted lines; the first versions kept them at the top."""
    attribution = shape.table(data.get("attribution"))
    lines = shape.table(attribution.get("lines"))
    counted = attribution.get("method") == "line"
    if not counted and "attribution" not in data and "ai_added_lines" in data:
        lines = {"ai_added": data["ai_added_lines"], "total_added": data.get("total_added_lines")}
        counted = True
    if not counted:
        return None
    written, whole = shape.count(lines.get("ai_added")), shape.count(lines.get("total_added"))
    if written is None or whole is None or written > whole:
        raise EvidenceError("the share is no share", slug="bad-share")
    return Estimate(written, written, whole)


def _files(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files that an agent edited."""
    for file in shape.tables(data.get("files")):
        if file.get("by_ai") is True and (path := shape.text(file.get("path"))):
            yield path
    for path in shape.items(data.get("files_by_ai")):
        if isinstance(path, str) and path:
            yield path
