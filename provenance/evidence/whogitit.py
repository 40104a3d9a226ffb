"""whogitit: a source for every line of every touched file, in ``refs/notes/whogitit``.

``Human`` there means that a line is neither the file's nor the agent's: what was left over,
not what was seen.  ``AIModified`` is an agent's line that somebody changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from provenance.errors import EvidenceError
from provenance.evidence import shape
from provenance.evidence.annotated import NOTHING, Said, read_each
from provenance.evidence.dialect import Around, Entry, Reading, Source, Store
from provenance.evidence.spans import Claims, runs
from provenance.evidence.tools import maker
from provenance.terms.authors import AuthorType, RuleId, Tier

KINDS: Final = {"AI": AuthorType.AI, "AIModified": AuthorType.ASSISTED}
"""Author type by source; the others say nothing."""

_TOOL = "claude-code"
"""The only harness it hooks into."""


class Whogitit:
    """Notes of whogitit, also under its first name."""

    id = RuleId("whogitit")
    sources = (
        Source(Store.NOTES, "refs/notes/whogitit"),
        Source(Store.NOTES, "refs/notes/ai-blame"),
    )

    def read(self, entries: Iterable[Entry], around: Around) -> Reading:
        """Read every note, of versions 2 and 3."""
        return read_each(self.id, entries, lambda entry, claims: _read(entry, claims, around))


def _read(entry: Entry, claims: Claims, around: Around) -> Said:
    data = shape.parse(entry.content)
    if not isinstance(data.get("files"), list) or "session" not in data:
        raise EvidenceError("no whogitit note", slug="unknown-format")
    if data.get("version") not in (2, 3):
        raise EvidenceError("version is not read", slug="unsupported-version")
    model = shape.table(shape.table(data["session"]).get("model"))
    who = maker(_TOOL, shape.text(model.get("id")), around)
    for file in shape.tables(data["files"]):
        path = shape.text(file.get("path"))
        for kind, tier, numbers in _sources(file):
            for span in runs(numbers):
                claims.add(path, span, kind, tier, who)
    return NOTHING


def _sources(file: Mapping[str, Any]) -> Iterator[tuple[AuthorType, Tier, list[int]]]:
    """Yield neighbouring lines of one source together."""
    last: tuple[AuthorType, Tier] | None = None
    numbers: list[int] = []
    for line in shape.tables(file.get("lines")):
        kind = KINDS.get(shape.text(shape.table(line.get("source")).get("type")))
        number = shape.count(line.get("line_number"))
        if kind is None or not number:
            continue
        sure = kind is AuthorType.ASSISTED or line.get("confidence") == 1
        now = (kind, Tier.OBSERVED if sure else Tier.INFERRED)
        if last is not None and now != last:
            yield *last, numbers
            numbers = []
        last = now
        numbers.append(number)
    if last is not None:
        yield *last, numbers
