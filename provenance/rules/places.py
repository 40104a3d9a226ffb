"""The parts of a commit in which signs stand, read leniently and in bounded time."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_VALUES = 2000
"""Distinct co-author values read from one message; more exist only in hostile ones."""

_CO_AUTHOR = re.compile(
    r"[ \t]{0,3}(?:[*-][ \t]{1,3})?co-?authored-by[ \t]{0,8}:[ \t]{0,8}(?P<value>[^\r\n]{1,400})",
    re.IGNORECASE | re.ASCII,
)
_REVERT = re.compile(r"(?:revert|reapply|reland|back(?:ed)? ?out)\b", re.IGNORECASE | re.ASCII)
_QUOTED = re.compile(
    r"^[ \t#*_-]{0,4}original (?:commit message|commit|change|description|pr|pull request|phabricator diff)"
    r"[^\n]{0,80}$",
    re.IGNORECASE | re.ASCII | re.MULTILINE,
)
_MERGED = re.compile(
    r"Merge pull request #\d{1,9} from [^\s/]{1,100}/(?P<pull>\S{1,200})"
    r"|Merge (?:remote-tracking )?branch '(?P<branch>[^']{1,200})'",
    re.ASCII,
)


def own_text(message: str) -> str:
    """Return the part of a message that speaks for this commit.

    A message typed on one line with literal ``\\n`` is unfolded; what a revert quotes of
    the original message is cut off.
    """
    if "\\n" in message and "\n" not in message.strip():
        message = message.replace("\\n", "\n")
    if _REVERT.match(message):
        quoted = _QUOTED.search(message)
        if quoted:
            return message[: quoted.start()]
    return message


def co_authors(message: str, lowered: str) -> Sequence[str]:
    """Return the distinct values of co-author lines anywhere in ``message``, in order.

    ``lowered`` is the message in lower case.  Lines must begin with the key: text about
    trailers is no trailer.  Empty identities (``unknown <>``) are dropped.
    """
    if "authored-by" not in lowered:
        return ()
    values: dict[str, None] = {}
    for line, low in zip(message.split("\n"), lowered.split("\n"), strict=False):
        if "authored-by" not in low:
            continue
        found = _CO_AUTHOR.match(line)
        if found is None:
            continue
        value = found["value"].strip()
        if value and not value.endswith("<>"):
            values[value] = None
            if len(values) >= MOST_VALUES:
                break
    return tuple(values)


def merged_branch(subject: str) -> str:
    """Return the branch a merge subject names, or an empty string."""
    found = _MERGED.match(subject)
    return (found["pull"] or found["branch"] or "") if found else ""
