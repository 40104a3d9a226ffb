"""Which lines of a notebook hold source of code cells."""

from __future__ import annotations

import bisect
import json
from collections.abc import Iterator
from json import scanner
from typing import Any


class _Placed(str):
    """A string of the document with the place where it stands, in characters."""

    __slots__ = ("at",)
    at: int


class _Decoder(json.JSONDecoder):
    """Python's own decoder, in the form that lets each string be seen."""

    def __init__(self) -> None:
        super().__init__()
        scan = json.decoder.scanstring  # type: ignore[attr-defined]

        def placed(text: str, end: int, strict: bool = True) -> tuple[_Placed, int]:  # noqa: FBT001, FBT002 - the decoder's own signature
            value, after = scan(text, end, strict)
            found = _Placed(value)
            found.at = end
            return found, after

        self.parse_string = placed
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]


def cell_lines(raw: bytes) -> frozenset[int]:
    """Return the numbers, from 1, of the lines with source of code cells; none if it is no JSON."""
    try:
        text = raw.decode("utf-8-sig")
        book = _Decoder().decode(text)
    except (ValueError, RecursionError):
        return frozenset()
    starts = [0]
    starts.extend(place + 1 for place, char in enumerate(text) if char == "\n")
    return frozenset(bisect.bisect_right(starts, piece.at) for piece in _sources(book))


def _sources(book: Any) -> Iterator[_Placed]:
    """Yield the source strings of code cells, in today's form and in that of version 3."""
    if not isinstance(book, dict):
        return
    sheets = [book, *_of(book, "worksheets")]
    for cell in (cell for sheet in sheets for cell in _of(sheet, "cells")):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            for key in ("source", "input"):
                found = cell.get(key)
                pieces = found if isinstance(found, list) else [found]
                yield from (piece for piece in pieces if isinstance(piece, _Placed))


def _of(holder: Any, key: str) -> list[Any]:
    found = holder.get(key) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []
