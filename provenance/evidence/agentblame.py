"""Agent Blame: line ranges of an agent, matched by content, in ``refs/notes/agentblame``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from provenance.errors import EvidenceError
from provenance.evidence import shape
from provenance.evidence.annotated import NOTHING, Said, read_each
from provenance.evidence.dialect import Around, Entry, Reading, Source, Store
from provenance.evidence.spans import Claims
from provenance.evidence.tools import maker
from provenance.terms.authors import AuthorType, RuleId, Tier

EXACT: Final = frozenset({"exact_hash", "normalized_hash"})
"""Ways of matching that compare whole lines; the others guess."""


class AgentBlame:
    """Notes of Agent Blame."""

    id = RuleId("agentblame")
    sources = (Source(Store.NOTES, "refs/notes/agentblame"),)

    def read(self, entries: Iterable[Entry], around: Around) -> Reading:
        """Read every note, of both versions."""
        return read_each(self.id, entries, lambda entry, claims: _read(entry, claims, around))


def _read(entry: Entry, claims: Claims, around: Around) -> Said:
    data = shape.parse(entry.content)
    if not isinstance(data.get("attributions"), list):
        raise EvidenceError("no Agent Blame note", slug="unknown-format")
    if data.get("version") not in (1, 2):
        raise EvidenceError("version is not read", slug="unsupported-version")
    for item in shape.tables(data["attributions"]):
        if item.get("category") != "ai_generated":
            continue
        exact = shape.text(item.get("match_type", item.get("matchType"))) in EXACT
        claims.add(
            shape.text(item.get("path")),
            (_number(item, "start_line", "startLine"), _number(item, "end_line", "endLine")),
            AuthorType.AI,
            Tier.OBSERVED if exact else Tier.INFERRED,
            maker(shape.text(item.get("provider")), shape.text(item.get("model")), around),
        )
    return NOTHING


def _number(item: Mapping[str, Any], first: str, second: str) -> int:
    """Read a line number under its name in either version; 0 is none."""
    return shape.count(item.get(first, item.get(second))) or 0
