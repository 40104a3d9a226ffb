"""Qwen Code: characters per file in ``refs/notes/ai-attribution``.

The note counts characters of tracked edits, cut off at a size it reckons as forty characters
for every changed line, added or removed.  Divided by forty its sizes are lines again, but
its characters are none: a line has fewer or more, and an edit may be made twice.  What does
follow: of a file without a tracked edit the agent wrote nothing that was seen, of a file
with one anything from nothing to all.  The estimate is that interval, in changed lines.
Other tools use the same ref with other contents; those are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from provenance.errors import EvidenceError
from provenance.evidence import shape
from provenance.evidence.annotated import NOTHING, Said, read_each
from provenance.evidence.dialect import Around, Entry, Reading, Source, Store
from provenance.evidence.tools import maker
from provenance.terms.authors import RuleId
from provenance.terms.records import Estimate

CHARACTERS: Final = 40
"""Characters for which the note takes a changed line."""

_TOOL = "qwen-code"


class Qwen:
    """Notes of Qwen Code."""

    id = RuleId("qwen-note")
    sources = (Source(Store.NOTES, "refs/notes/ai-attribution"),)

    def read(self, entries: Iterable[Entry], around: Around) -> Reading:
        """Read every note."""
        return read_each(self.id, entries, lambda entry, _: _read(entry, around))


def _read(entry: Entry, around: Around) -> Said:
    data = shape.parse(entry.content)
    estimate = _estimate(data)
    if not estimate.whole:
        return NOTHING
    return estimate, (maker(_TOOL, shape.text(data.get("generator")), around),)


def _estimate(data: Mapping[str, Any]) -> Estimate:
    if not isinstance(data.get("files"), dict) or "generator" not in data:
        raise EvidenceError("no note of Qwen Code", slug="unknown-format")
    if data.get("version") != 1:
        raise EvidenceError("version is not read", slug="unsupported-version")
    high = whole = 0
    for file in data["files"].values():
        written = shape.count(shape.table(file).get("aiChars"))
        rest = shape.count(shape.table(file).get("humanChars"))
        if written is None or rest is None:
            raise EvidenceError("a file without its characters", slug="bad-share")
        lines = -(-(written + rest) // CHARACTERS)
        whole += lines
        high += lines if written else 0
    return Estimate(0, high, whole)
