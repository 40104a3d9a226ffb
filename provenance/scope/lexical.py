"""Line kinds of a text in one language: the stops of its pattern, laid over git's lines.

A line that holds code and comment is code.  In Python a string that is a whole statement
is a comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from provenance.scope.languages import Language, has_docstrings, pattern

BLANK, COMMENT, CODE, OUTSIDE = 0, 1, 2, 3

Kinds = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.intp]

_SPACE = np.zeros(256, dtype=bool)
_SPACE[[9, 10, 11, 12, 13, 32]] = True
_NEWLINE, _RETURN = 10, 13

_WINDOW = 120
_LAST_LINE_NOISE = re.compile(
    rb"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|(#[^\n]*+)|[^\"'#]++|[\"']"
)
_GAP = re.compile(rb"(?:\s++|#[^\n]*+)*+")
_VALUE_BEFORE = re.compile(
    rb"(?:[(\[{,=+\-*/%@&|^~<>!\\]|\b(?:and|or|not|in|is|if|else|for|lambda))\Z"
)
_STAR_IMPORT = re.compile(rb"import[ \t]++\*\Z")
_VALUE_AFTER = re.compile(
    rb"[)\]},.+\-*/%&|^<>=!:;\[\"']|(?:and|or|in|is|else|not|rb?|br?|fr?|rf?|u)\b(?![ \t]*[=(.,\[:])"
)
_VALUE_AFTER_COLON = re.compile(rb"[)\]},]")


@dataclass(frozen=True, slots=True)
class LineScan:
    """One element per line, in file order."""

    kinds: Kinds
    """0 blank, 1 comment, 2 code, 3 outside (a notebook line that holds no cell source)."""
    chars: npt.NDArray[np.uint32]
    """Characters without the line end; bytes where the line is no UTF-8; 0 outside."""
    problem: str = ""
    """Why the file could not be read as what its name says; empty when it could."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the lines of a file begin and end."""

    data: npt.NDArray[np.uint8]
    """The bytes."""
    newlines: Offsets
    """Offsets of the line feeds."""
    starts: Offsets
    """First byte of each line."""
    ends: Offsets
    """Byte behind the last byte of each line, without its line end."""


def scan_text(content: bytes, language: Language | None) -> LineScan:
    """Return kind and length of every line of a text in one language."""
    frame = _frame(content)
    return LineScan(_kinds(content, frame, language), _chars(content, frame))


def _frame(content: bytes) -> _Frame:
    data = np.frombuffer(content, np.uint8)
    newlines = np.flatnonzero(data == _NEWLINE)
    complete = newlines.size
    count = complete + (not content.endswith(b"\n") and bool(content))
    starts = np.zeros(count, np.intp)
    ends = np.empty(count, np.intp)
    ends[:complete] = newlines
    if count > complete:
        ends[complete] = data.size
    starts[1:] = newlines[: count - 1] + 1 if count else newlines
    if b"\r\n" in content:
        ends[:complete] -= (newlines > starts[:complete]) & (data[newlines - 1] == _RETURN)
    return _Frame(data, newlines, starts, ends)


def _chars(content: bytes, frame: _Frame) -> npt.NDArray[np.uint32]:
    """Count characters; a line that is no UTF-8 counts its bytes."""
    sizes = (frame.ends - frame.starts).astype(np.uint32)
    if content.isascii():
        return sizes
    foreign = np.flatnonzero(frame.data >= 0x80)
    rows = np.unique(np.searchsorted(frame.newlines, foreign))
    try:
        content.decode()
    except UnicodeDecodeError:
        for row in rows.tolist():
            piece = content[frame.starts[row] : frame.ends[row]]
            sizes[row] = _length(piece)
        return sizes
    inner = foreign[frame.data[foreign] < 0xC0]
    extra = np.bincount(np.searchsorted(frame.newlines, inner), minlength=sizes.size)
    return sizes - extra.astype(np.uint32)


def _length(piece: bytes) -> int:
    try:
        return len(piece.decode())
    except UnicodeDecodeError:
        return len(piece)


def _kinds(content: bytes, frame: _Frame, language: Language | None) -> Kinds:
    """Mark comments by the stops of the language's pattern, then blank lines."""
    kinds = np.full(frame.starts.size, CODE, np.uint8)
    if language is not None:
        spans = _comments(content, language.id)
        if spans:
            _mark(kinds, frame, spans)
    kinds[_blank(content, frame)] = BLANK
    return kinds


def _blank(content: bytes, frame: _Frame) -> Offsets | npt.NDArray[np.bool_]:
    """Return the lines of white space only."""
    starts, ends, data = frame.starts, frame.ends, frame.data
    if not starts.size:
        return starts
    last = data.size - 1
    empty = starts == ends
    doubtful = _SPACE[data[np.minimum(starts, last)]] & _SPACE[data[np.maximum(ends - 1, 0)]]
    doubtful &= ~empty
    if doubtful.any():
        rows = np.flatnonzero(doubtful)
        for row, start, end in zip(
            rows.tolist(), starts[rows].tolist(), ends[rows].tolist(), strict=True
        ):
            if content[start:end].isspace():
                empty[row] = True
    return empty


def _mark(kinds: Kinds, frame: _Frame, spans: list[int]) -> None:
    """Turn the lines wholly inside comment spans into comments.

    Offsets count from an extra newline in front of the content.
    """
    bounds = np.array(spans, np.intp).reshape(-1, 2)
    lines = np.searchsorted(frame.newlines, bounds - 1)
    first = lines[:, 0] + (bounds[:, 0] > 0)
    ends = bounds[:, 1] - 1
    size = frame.data.size
    whole = (ends >= size) | (frame.data[np.minimum(ends, size - 1)] == _NEWLINE)
    behind = np.minimum(lines[:, 1] + whole, kinds.size)
    real = first < behind
    delta = np.zeros(kinds.size + 1, np.int8)
    delta[first[real]] += 1
    delta[behind[real]] -= 1
    kinds[np.cumsum(delta[:-1], dtype=np.int8).view(bool)] = COMMENT


def _comments(content: bytes, language_id: str) -> list[int]:
    """Return begin and end of every comment that may own a line, one after the other."""
    text = b"\n" + content
    found = pattern(language_id).finditer(text)
    if has_docstrings(language_id):
        return _with_docstrings(text, found)
    return [
        bound
        for match in found
        if match.lastgroup in _SEEN
        for bound in (match.start(match.lastgroup), match.end())
    ]


_SEEN = frozenset({"own", "tail"})


def _with_docstrings(text: bytes, found: object) -> list[int]:
    """Keep comments, and lone strings that are statements."""
    spans: list[int] = []
    before, position = b"", 0
    carried: bool | None = None
    for match in found:  # type: ignore[attr-defined]
        group = match.lastgroup
        if group is None:
            continue
        start, end = match.span(group)
        if start > position:
            before, carried = _tail(text, position, start), None
        position = match.end()
        if group == "lone":
            if carried is None:
                carried = _is_statement(text, before, position)
            if not carried:
                continue
        spans += (start, position)
    return spans


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
        return not _VALUE_AFTER_COLON.match(text, _GAP.match(text, end).end())  # type: ignore[union-attr]
    if last in b"\"'":
        return not _VALUE_AFTER.match(text, _GAP.match(text, end).end())  # type: ignore[union-attr]
    return not _VALUE_BEFORE.search(before) or bool(_STAR_IMPORT.search(before))
