"""The mailmap, and the list of commits that blame is to skip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from provenance.terms.commits import Identity

_LINE = re.compile(
    r"^(?P<name>[^<>#\n]{0,200})<(?P<mail>[^<>\n]{0,200})>"
    r"(?:(?P<old_name>[^<>\n]{0,200})<(?P<old_mail>[^<>\n]{0,200})>)?",
)
_COMMIT = re.compile(r"^[0-9a-f]{7,64}\b", re.ASCII)
MOST_LINES = 2_000
"""Lines of a mailmap, or of a list of commits, that are read."""


def mapped(text: str) -> Iterator[tuple[int, Identity, Identity]]:
    """Yield (line, identity in the commits, identity shown instead) of a mailmap."""
    for number, line in enumerate(text.split("\n")[:MOST_LINES], start=1):
        found = _LINE.match(line)
        if found is None or found["old_mail"] is None:
            continue
        name = found["name"].strip()
        old = Identity(found["old_name"].strip() or name, found["old_mail"].strip())
        yield number, old, Identity(name or old.name, found["mail"].strip())


def tool_lines(text: str, tools: frozenset[str]) -> list[int]:
    """Return the mailmap lines that lead from a known tool to an identity that is none."""
    return [n for n, old, new in mapped(text) if str(old) in tools and str(new) not in tools]


def skipped_lines(text: str) -> list[int]:
    """Return the lines of ``.git-blame-ignore-revs`` that name a commit."""
    lines = text.split("\n")[:MOST_LINES]
    return [number for number, line in enumerate(lines, start=1) if _COMMIT.match(line)]
