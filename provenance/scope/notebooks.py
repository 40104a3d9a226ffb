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

_TOKEN = re.compile(rb"[^\"{}\[\]]*+(?:(\"[^\"\\]*+(?:\\[\s\S][^\"\\]*+)*+\")(\s*+:)?+|[{}\[\]])")
_SOURCES = frozenset({"source", "input"})


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
        book = json.loads(content)
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
    stack: list[tuple[int, str]] = []
    key, cell = "", _Cell()
    depth_of_cell = -1
    for match in _TOKEN.finditer(content):
        text = match[1]
        if text is None:
            mark = content[match.end() - 1]
            if mark in b"{[":
                if mark == 123 and stack and stack[-1][1] == "cells" and depth_of_cell < 0:
                    cell, depth_of_cell = _Cell(), len(stack) + 1
                stack.append((mark, key))
                key = ""
            elif stack:
                if len(stack) == depth_of_cell:
                    depth_of_cell = -1
                    if cell.is_code and cell.pieces:
                        yield cell
                stack.pop()
                key = ""
            continue
        if match[2] is not None:
            key = _word(text)
            continue
        if depth_of_cell >= 0:
            level = len(stack) - depth_of_cell
            owner = key if level == 0 else stack[-1][1] if level == 1 else ""
            if level == 0 and owner == "cell_type":
                cell.is_code = _word(text) == "code"
            elif owner in _SOURCES and (level == 0 or stack[-1][0] == 91):
                cell.pieces.append((match.start(1), json.loads(text)))


def _word(text: bytes) -> str:
    """Return a short JSON string; long ones are no key."""
    return text[1:-1].decode("utf-8", "replace") if len(text) < 40 else ""


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
