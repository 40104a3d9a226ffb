r"""Any Python text as valid UTF-8 and back.

Paths come from git as bytes and travel as ``str`` with surrogate escapes; Parquet and
DuckDB accept valid UTF-8 only.  At this edge, and only here:

``\``            becomes ``\\``
a stray byte     becomes ``\xNN`` (U+DC80..U+DCFF, what surrogateescape makes of it)
NUL              becomes ``\x00``
other surrogates become ``\uNNNN`` (no path has one, foreign JSON may)

Everything else stays as it is.  The mapping is one to one, so ``unescape`` restores the
very same text and different texts never collide.
"""

from __future__ import annotations

import re

from provenance.errors import LedgerError

_UNSAFE = re.compile("[\\\\\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\(?:\\|x([0-9a-f]{2})|u(d[89a-f][0-9a-f]{2}))|(\\)")
_FIRST_STRAY, _LAST_STRAY = 0xDC80, 0xDCFF


def escape(text: str) -> str:
    """Return ``text`` as storable text."""
    return _UNSAFE.sub(_escape_one, text) if _UNSAFE.search(text) else text


def unescape(stored: str) -> str:
    """Return the text that ``escape`` was given; raises ``LedgerError`` (``ledger-escape``)."""
    return _ESCAPED.sub(_unescape_one, stored) if "\\" in stored else stored


def _escape_one(match: re.Match[str]) -> str:
    point = ord(match.group())
    if point == ord("\\"):
        return "\\\\"
    if point == 0:
        return "\\x00"
    if _FIRST_STRAY <= point <= _LAST_STRAY:
        return f"\\x{point - 0xDC00:02x}"
    return f"\\u{point:04x}"


def _unescape_one(match: re.Match[str]) -> str:
    byte, unit, wrong = match.groups()
    if wrong:
        raise LedgerError(
            "stored text has a backslash that escapes nothing",
            slug="ledger-escape",
            hint="the run was not written by this tool; delete the cache folder",
        )
    if byte:
        value = int(byte, 16)
        return chr(0xDC00 + value) if value else "\x00"
    return chr(int(unit, 16)) if unit else "\\"
