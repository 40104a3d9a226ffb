"""Where in a TOML text a key stands: the standard reader does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

Path = tuple[str | int, ...]
"""Keys and numbers of list items from the root, as ``("claim", 2, "reading", 0, "window")``."""

_HEADER: Final = re.compile(r"(\[\[?)([^\[\]\n]{1,300})\]\]?")
_KEY: Final = re.compile(r"([A-Za-z0-9_.\"' -]{1,300}?)\s*=")
_LONGEST_KEY: Final = 400
"""Signs of a statement that are looked at: patterns stay fast on whatever follows."""
_SKIP: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""|'
    r"'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'|#[^\n]*|[\[\]{}]|\n",
    re.DOTALL,
)


class Places:
    """The line of every key of one text that parses."""

    def __init__(self, text: str) -> None:
        """Read the text once."""
        self._lines: Mapping[Path, int] = _lines(text)

    def line(self, path: Path) -> int:
        """Return the line (from 1) of a key, or of the nearest table around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                return self._lines[path[:end]]
        return 1


def _lines(text: str) -> dict[Path, int]:
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, statement in _statements(text):
        line = statement.lstrip()[:_LONGEST_KEY]
        if header := _HEADER.match(line):
            table = _table(_words(header[2]), listed=header[1] == "[[", counts=counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            path: Path = table
            for word in _words(key[1]):
                path = (*path, word)
                found.setdefault(path, number)
    return found


def _words(dotted: str) -> list[str]:
    return [word.strip().strip("\"'") for word in dotted.split(".")]


def _table(words: list[str], *, listed: bool, counts: dict[Path, int]) -> Path:
    """Return the path of a header; lists of tables are numbered."""
    path: Path = ()
    for at, word in enumerate(words):
        path = (*path, word)
        last = at == len(words) - 1
        if last and listed:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line number, first line) of every statement, however many lines it takes."""
    number, start, depth, begin = 1, 0, 0, 1
    for found in _SKIP.finditer(text):
        sign = found[0]
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        elif sign == "\n":
            number += 1
            if depth <= 0:
                yield begin, text[start : found.start()]
                start, begin, depth = found.end(), number, 0
        else:
            number += sign.count("\n")
    yield begin, text[start:]
