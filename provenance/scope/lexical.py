"""Line kinds of a text in one language: the stops of its pattern, laid over git's lines.

A line that holds code and comment is code.  In Python a string that is a whole statement
is a comment.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from provenance.scope.languages import Language, has_docstrings, pattern

BLANK, COMMENT, CODE, OUTSIDE = 0, 1, 2, 3

Kinds = npt.NDArray[np.uint8]
Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.intp]

_FEED, _RETURN, _SPACE = 10, 13, 32
_DOUBTFUL = np.arange(256) <= _SPACE
_DOUBTFUL[_FEED] = False
_LINE_END = frozenset({b"", b"\n"})
_SEEN = frozenset({"own", "tail"})

_WINDOW = 120
_LAST_LINE_NOISE = re.compile(
    rb"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|(#[^\n]*+)|[^\"'#]++|[\"']"
)
_GAP = rb"(?:\s++|#[^\n]*+)*+"
_VALUE_BEFORE = re.compile(
    rb"(?:[(\[{,=+\-*/%@&|^~<>!\\]|\b(?:and|or|not|in|is|if|else|for|lambda))\Z"
)
_STAR_IMPORT = re.compile(rb"import[ \t]++\*\Z")
_VALUE_AFTER = re.compile(
    _GAP
    + rb"(?:[)\]},.+\-*/%&|^<>=!:;\[\"']"
    + rb"|(?:and|or|in|is|else|not|rb?|br?|fr?|rf?|u)\b(?![ \t]*+[=(.,\[:]))"
)
_VALUE_AFTER_COLON = re.compile(_GAP + rb"[)\]},]")


@dataclass(frozen=True, slots=True)
class LineScan:
    """One element per line, in file order."""

    kinds: Kinds
    """0 blank, 1 comment, 2 code, 3 outside (a notebook line that holds no cell source)."""
    chars: npt.NDArray[np.uint32]
    """Characters without the line end; bytes where the line is no UTF-8; 0 outside."""
    problem: str = ""
    """Why the file could not be read as what its name says; empty when it could."""


def scan_text(content: bytes, language: Language | None) -> LineScan:
    """Return kind and length of every line of a text in one language."""
    text = b"\n" + content  # so that every line, the first too, stands behind a line feed
    data = np.frombuffer(text, np.uint8)
    feeds = np.flatnonzero(data == _FEED)
    if text[-1] != _FEED:
        feeds = np.append(feeds, data.size)
    sizes = feeds[1:] - feeds[:-1] - 1
    kinds = np.full(sizes.size, CODE, np.uint8)
    if language is not None:
        _mark(kinds, text, feeds, language.id)
    _clear(kinds, text, data, feeds, sizes)
    return LineScan(kinds, _chars(text, data, feeds, sizes))


def _mark(kinds: Kinds, text: bytes, feeds: Offsets, language_id: str) -> None:
    """Turn the lines that lie wholly inside comments into comments."""
    stops = pattern(language_id)
    read = _with_docstrings if has_docstrings(language_id) else _comments
    offsets: list[int] = feeds.tolist()
    line = 0
    for start, end in read(text, stops):
        first = bisect_left(offsets, start, line)
        line = bisect_left(offsets, end, first)
        # code behind a comment keeps the last line of the comment
        kinds[first : line - (text[end : end + 1] not in _LINE_END)] = COMMENT


def _clear(kinds: Kinds, text: bytes, data: Bytes, feeds: Offsets, sizes: Offsets) -> None:
    """Take carriage returns off the sizes and turn lines of white space only blank."""
    ends = feeds[1:]
    last = data[ends - 1]
    kinds[last == _FEED] = BLANK
    # a line that ends in a byte above the space is not blank; few lines end otherwise
    doubtful = np.flatnonzero(_DOUBTFUL[last])
    if not doubtful.size:
        return
    returns = doubtful[last[doubtful] == _RETURN]
    sizes[returns] -= ends[returns] < data.size
    starts = (feeds[doubtful] + 1).tolist()
    for row, start, end in zip(doubtful.tolist(), starts, ends[doubtful].tolist(), strict=True):
        if text[start:end].isspace():
            kinds[row] = BLANK


def _chars(text: bytes, data: Bytes, feeds: Offsets, sizes: Offsets) -> npt.NDArray[np.uint32]:
    """Count characters; a line that is no UTF-8 counts its bytes."""
    counted = sizes.astype(np.uint32)
    if text.isascii():
        return counted
    foreign = np.flatnonzero(data >= 0x80)
    rows = np.searchsorted(feeds, foreign) - 1
    try:
        text.decode()
    except UnicodeDecodeError:
        for row in np.unique(rows).tolist():
            start = int(feeds[row]) + 1
            counted[row] = _length(text[start : start + int(sizes[row])])
        return counted
    inner = rows[data[foreign] < 0xC0]
    return counted - np.bincount(inner, minlength=sizes.size).astype(np.uint32)


def _length(piece: bytes) -> int:
    try:
        return len(piece.decode())
    except UnicodeDecodeError:
        return len(piece)


def _comments(text: bytes, stops: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """Yield begin and end of every comment that may own a line."""
    for match in stops.finditer(text):
        group = match.lastgroup
        if group in _SEEN:
            yield match.start(group), match.end()


def _with_docstrings(text: bytes, stops: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """Yield comments, and lone strings that are statements."""
    gap = code_end = position = 0  # code stands between the first two, comments behind
    carried: bool | None = None
    for match in stops.finditer(text):
        group = match.lastgroup
        if group is None:
            continue
        start = match.start(group)
        if start > position:
            gap, code_end, carried = position, start, None
        position = match.end()
        if group == "lone":
            if carried is None:
                carried = _is_statement(text, _tail(text, gap, code_end), position)
            if not carried or text[position : position + 1] not in _LINE_END:
                continue
        yield start, position


def _tail(text: bytes, begin: int, end: int) -> bytes:
    """Return the last code before ``end``, without white space and a comment behind it."""
    window = text[max(begin, end - _WINDOW) : end].rstrip()
    if not window and end - begin > _WINDOW:
        window = text[begin:end].rstrip()[-_WINDOW:]
    line = window[window.rfind(b"\n") + 1 :]
    if b"#" in line:
        for match in _LAST_LINE_NOISE.finditer(line):
            if match.start(1) >= 0:
                return window[: len(window) - len(line) + match.start(1)].rstrip()
    return window


def _is_statement(text: bytes, before: bytes, end: int) -> bool:
    """Return whether a string alone on its lines is a statement, not part of an expression.

    ``before`` is the code in front of it.  Two operands never follow one another inside
    brackets, except strings; so only a colon or a string in front leaves a doubt, which
    the first token behind the string settles.
    """
    if not before:
        return True
    last = before[-1:]
    if last == b":":
        return _VALUE_AFTER_COLON.match(text, end) is None
    if last in b"\"'":
        return _VALUE_AFTER.match(text, end) is None
    return _VALUE_BEFORE.search(before) is None or _STAR_IMPORT.search(before) is not None
