"""What a repository says about its own files in ``.gitattributes`` (linguist's words)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from provenance.scope.globs import Glob, glob

_WORDS = ("vendored", "generated", "documentation", "detectable")
_PREFIX = "linguist-"
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"(.*)')
_ESCAPE = re.compile(r"\\([0-3][0-7]{2}|.)")
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_FALSE = frozenset({"false", "0", "no", "off"})
_LONGEST = 2048  # git refuses longer lines

States = dict[str, bool | None]


@dataclass(frozen=True, slots=True)
class Said:
    """What the attributes say about one file: yes, no, or nothing (``None``)."""

    vendored: bool | None = None
    generated: bool | None = None
    documentation: bool | None = None
    detectable: bool | None = None


NOTHING = Said()
"""No attribute speaks of the file."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of one attributes file that uses a linguist word."""

    glob: Glob
    states: tuple[tuple[str, bool | None], ...]


@dataclass(frozen=True, slots=True)
class Attributes:
    """All attributes of one tree; the last matching line of the deepest folder decides."""

    lines: tuple[_Line, ...]
    """Lines in rising order of precedence."""

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Attributes:
        """Read the attributes files of a tree, by folder (``""`` is the top)."""
        macros: dict[str, States] = {}
        lines: list[_Line] = []
        for folder in sorted(files, key=lambda name: (name.count("/") + bool(name), name)):
            text = files[folder].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
            for line in text.split("\n"):
                if len(line) < _LONGEST:
                    _read(line.strip(" \t\r"), folder.strip("/"), macros, lines)
        return cls(tuple(lines))

    def about(self, path: str) -> Said:
        """Return what is said about a file."""
        states: States = {}
        for line in self.lines:
            if line.glob.matches(path):
                states.update(line.states)
        return Said(**states) if states else NOTHING


def _read(line: str, folder: str, macros: dict[str, States], lines: list[_Line]) -> None:
    """Read one line into ``lines``, or into ``macros`` if it defines one."""
    if not line or line.startswith("#"):
        return
    pattern, words = _split(line)
    states = _states(words, macros)
    if pattern.startswith("[attr]"):
        if not folder:  # git accepts macros at the top only
            macros[pattern.removeprefix("[attr]")] = states
        return
    compiled = glob(pattern, folder) if states and not pattern.startswith("!") else None
    if compiled is not None:
        lines.append(_Line(compiled, tuple(states.items())))


def _split(line: str) -> tuple[str, list[str]]:
    """Return the pattern, its quotes taken off, and the attributes behind it."""
    quoted = _QUOTED.fullmatch(line)
    if quoted is not None:
        return _ESCAPE.sub(_unescape, quoted[1]), quoted[2].split()
    pattern, *words = line.split()
    return pattern, words


def _unescape(match: re.Match[str]) -> str:
    text = match[1]
    if len(text) == 3:
        return bytes([int(text, 8)]).decode("utf-8", "surrogateescape")
    return _LETTERS.get(text, text)


def _states(words: list[str], macros: dict[str, States]) -> States:
    """Return the linguist words among some attributes."""
    states: States = {}
    for word in words:
        name, equals, value = word.lstrip("-!").partition("=")
        state = None if word.startswith("!") else not word.startswith("-")
        if equals:
            state = value.lower() not in _FALSE
        if name in macros and state:
            states.update(macros[name])
        elif name.startswith(_PREFIX) and name.removeprefix(_PREFIX) in _WORDS:
            states[name.removeprefix(_PREFIX)] = state
    return states
