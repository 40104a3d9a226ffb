"""Jupyter notebooks: the lines of the JSON that hold the source of code cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from provenance.scope.languages import NOTEBOOK, Language, named
from provenance.scope.lexical import BLANK, OUTSIDE, LineScan, scan_text

_TOKEN = re.compile(
    rb"[^\"{}\[\]]*+(?:(?P<text>\"[^\"\\]*+(?:\\[\s\S][^\"\\]*+)*+\")(?P<key>\s*+:)?"
    rb"|(?P<opened>[{\[])|(?P<closed>[}\]])|\Z)"
)
_SOURCES = frozenset({"source", "input"})
_LONGEST_KEY = 40


@dataclass(slots=True)
class _Cell:
    """A code cell while it is read: its source strings and where they stand."""

    is_code: bool = False
    pieces: list[tuple[int, str]] = field(default_factory=list)


def scan_notebook(content: bytes) -> LineScan:
    """Count the source strings of code cells by the kernel's language; the rest is outside."""
    size = content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
    kinds = np.full(size, OUTSIDE, np.uint8)
    chars = np.zeros(size, np.uint32)
    try:
        book = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return LineScan(kinds, chars, f"not JSON: {type(error).__name__}")
    if not isinstance(book, dict):
        return LineScan(kinds, chars, "not a notebook: no object at the top")
    kernel = _kernel(book)
    newlines = np.flatnonzero(np.frombuffer(content, np.uint8) == 10)
    for cell in _cells(content):
        _count(cell, kernel, newlines, kinds, chars)
    return LineScan(kinds, chars)


def _kernel(book: dict[str, Any]) -> Language | None:
    """Return the language of the kernel; a notebook that names none is Python."""
    metadata = book.get("metadata")
    named_by = metadata if isinstance(metadata, dict) else {}
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        part = named_by.get(section)
        name = part.get(key) if isinstance(part, dict) else None
        if isinstance(name, str):
            found = named(name)
            return None if found is not None and found.id == NOTEBOOK else found
    return named("python")


def _cells(content: bytes) -> Iterator[_Cell]:
    """Walk the JSON once and yield code cells; strings of outputs are passed over unread."""
    walk = _Walk()
    for match in _TOKEN.finditer(content):
        seen = match.lastgroup
        if seen == "text":
            walk.value(match["text"], match.start("text"))
        elif seen == "key":
            walk.key = _word(match["text"])
        elif seen == "opened":
            walk.enter(is_list=match["opened"] == b"[")
        elif seen == "closed":
            cell = walk.leave()
            if cell is not None and cell.is_code:
                yield cell


@dataclass(slots=True)
class _Walk:
    """Where in the JSON we are, and the cell we are in."""

    key: str = ""
    """Last key read in the object we are in; the object's own key before that."""
    path: list[tuple[str, bool]] = field(default_factory=list)
    """Keys of the open objects and lists, and which of them are lists."""
    cell: _Cell | None = None
    """The cell we are in."""
    depth: int = 0
    """Length of the path inside the cell."""

    def enter(self, *, is_list: bool) -> None:
        """Step into an object or list."""
        within_cells = self.path[1:] == [("cells", True)] or (
            len(self.path) == 4
            and self.path[1] == ("worksheets", True)
            and self.path[3] == ("cells", True)
        )
        self.path.append((self.key, is_list))
        self.key = ""
        if self.cell is None and within_cells and not is_list:
            self.cell, self.depth = _Cell(), len(self.path)

    def leave(self) -> _Cell | None:
        """Step out; return the cell if this was its end."""
        cell = self.cell if len(self.path) == self.depth else None
        if cell is not None:
            self.cell = None
        self.key = ""
        self.path.pop()
        return cell

    def value(self, text: bytes, offset: int) -> None:
        """Keep a string if it is the type of a cell or a piece of its source."""
        if self.cell is None:
            return
        level = len(self.path) - self.depth
        if level == 0 and self.key == "cell_type":
            self.cell.is_code = _word(text) == "code"
        elif (level == 0 and self.key in _SOURCES) or (
            level == 1 and self.path[-1][1] and self.path[-1][0] in _SOURCES
        ):
            self.cell.pieces.append((offset, json.loads(text)))


def _word(text: bytes) -> str:
    """Return a short JSON string; long ones are no key."""
    return text[1:-1].decode("utf-8", "replace") if len(text) < _LONGEST_KEY else ""


def _count(
    cell: _Cell,
    kernel: Language | None,
    newlines: np.typing.NDArray[np.intp],
    kinds: np.typing.NDArray[np.uint8],
    chars: np.typing.NDArray[np.uint32],
) -> None:
    """Give each file line the strongest kind and the characters of the source it holds."""
    source = scan_text(
        "".join(text for _, text in cell.pieces).encode("utf-8", "surrogatepass"), kernel
    )
    rows = np.searchsorted(newlines, [offset for offset, _ in cell.pieces])
    line = 0
    for row, (_, text) in zip(rows.tolist(), cell.pieces, strict=True):
        last = line + text.count("\n")
        held = source.kinds[line : last + (not text.endswith("\n"))]
        kind = max(held.tolist(), default=BLANK)
        old = int(kinds[row])
        kinds[row] = kind if old == OUTSIDE else max(kind, old)
        chars[row] += len(text) - text.count("\n") - text.count("\r\n")
        line = last
