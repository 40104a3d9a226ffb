"""What people add to commits in git's default notes: lines that name a writer."""

from __future__ import annotations

import re
from typing import Final

REF: Final = "refs/notes/commits"
"""Where ``git notes`` keeps them unless told otherwise."""

_NAMED = re.compile(
    r"^[ \t]{0,3}(?P<key>(?:co-?)?authored-by|assisted-by|generated-by)[ \t]{0,8}:"
    r"[ \t]{0,8}(?P<value>[^\r\n]{1,400})\r?$",
    re.IGNORECASE | re.ASCII | re.MULTILINE,
)
_CO_AUTHOR = frozenset({"authored-by", "coauthored-by", "co-authored-by"})
_LARGEST = 1 << 16
_MOST = 100


def naming_lines(content: bytes) -> str:
    """Return the lines of a note that name a writer, as trailers of a message.

    A note is written after the fact by somebody, so ``authored-by`` says no more there than
    ``Co-authored-by`` does in a message.  Everything else in a note is left out: notes hold
    test results, reviews and logs, which mention tools without meaning authorship.
    """
    text = content[:_LARGEST].decode("utf-8", "surrogateescape")
    lines = []
    for number, found in enumerate(_NAMED.finditer(text)):
        if number >= _MOST:
            break
        key = found["key"]
        key = "Co-authored-by" if key.lower() in _CO_AUTHOR else key.capitalize()
        lines.append(f"{key}: {found['value'].strip()}")
    return "\n".join(lines)
