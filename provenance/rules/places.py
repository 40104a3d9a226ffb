"""The parts of a commit in which signs stand, read leniently and in bounded time."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

MOST_VALUES = 1000
"""Distinct co-author values read from one message; more exist only in hostile ones."""

_LONGEST_SUBJECT = 600
_CO_AUTHOR = re.compile(
    r"[ \t]{0,3}(?:[*-][ \t]{1,3})?co-?authored-by[ \t]{0,8}:[ \t]{0,8}(?P<value>[^\r\n]{1,400})",
    re.IGNORECASE | re.ASCII,
)
_REVERT = re.compile(r"(?:revert|reapply|reland|back(?:ed)? ?out)\b", re.IGNORECASE | re.ASCII)
_QUOTED = re.compile(
    r"^[ \t#*_-]{0,4}original (?:commit message|commit|change|description|pr|pull request"
    r"|phabricator diff)[^\n]{0,80}$",
    re.IGNORECASE | re.ASCII | re.MULTILINE,
)
_MERGED = re.compile(
    r"Merge pull request #\d{1,9} from [^\s/]{1,100}/(?P<pull>\S{1,200})"
    r"|Merge (?:remote-tracking )?branch '(?P<branch>[^']{1,200})'",
    re.ASCII,
)


_SQUASHED = "Squashed commit of the following:"
_INDENT = re.compile(r"^ {4}", re.MULTILINE)
_SQUASHED_AUTHOR = re.compile(r"^Author: {1,8}(?P<value>[^\r\n]{1,400})", re.MULTILINE)


def own_text(message: str) -> str:
    r"""Return the part of a message that speaks for this commit.

    A message typed on one line with literal ``\n`` is unfolded, the log that ``git merge
    --squash`` indents is put back to the margin, and what a revert quotes of the original
    message is cut off.
    """
    if "\\n" in message and "\n" not in message.strip():
        message = message.replace("\\n", "\n")
    if _SQUASHED in message:
        message = _INDENT.sub("", message)
    if _REVERT.match(message):
        quoted = _QUOTED.search(message)
        if quoted:
            return message[: quoted.start()]
    return message


def co_authors(message: str, lowered: str) -> Sequence[str]:
    """Return the distinct values of co-author lines anywhere in ``message``, in order.

    ``lowered`` is the message in lower case.  Lines must begin with the key: text about
    trailers is no trailer.  The authors listed by ``git merge --squash`` count as
    co-authors.  Empty identities (``unknown <>``) are dropped.
    """
    values: dict[str, None] = {}
    if _SQUASHED in message:
        values.update((found["value"].strip(), None) for found in _listed(message))
    if "authored-by" not in lowered:
        return tuple(values)
    for line, low in zip(message.split("\n"), lowered.split("\n"), strict=False):
        if "authored-by" not in low or not (found := _CO_AUTHOR.match(line)):
            continue
        value = found["value"].strip()
        if value and not value.endswith("<>"):
            values[value] = None
            if len(values) >= MOST_VALUES:
                break
    return tuple(values)


def _listed(message: str) -> Iterator[re.Match[str]]:
    return itertools.islice(_SQUASHED_AUTHOR.finditer(message), MOST_VALUES)


def merged_branch(subject: str) -> str:
    """Return the branch a merge subject names, or an empty string."""
    found = _MERGED.match(subject[:_LONGEST_SUBJECT])
    return (found["pull"] or found["branch"] or "") if found else ""
