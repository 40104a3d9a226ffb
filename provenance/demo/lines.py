"""Lines that occur once, each with its owner and its true maker."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from provenance.demo.files import FILES
from provenance.demo.story import BOT, Edit, Hand

PERSON: Final = "person"
"""Maker of a line that a person wrote."""
PROGRAM: Final = BOT
"""Maker of a line that a program wrote."""
_FUNCTION: Final = 7
_SHARED: Final = 3
"""One line in so many is the person's own, where a person and a model wrote together."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one file."""

    text: str
    """The line without its end; no other line of the history is equal to it in its file."""
    owner: int
    """Number of the commit that put these bytes there."""
    maker: str
    """Who thought it out: a model, ``person`` or ``bot``; no commit can change that."""

    @property
    def is_code(self) -> bool:
        """Whether it is neither blank nor comment."""
        return bool(self.text.strip()) and not self.text.lstrip().startswith("#")


Lines = tuple[Line, ...]
"""A file."""


class Pen:
    """Writes lines; its counter makes each of them new."""

    def __init__(self) -> None:
        """Begin with the first number."""
        self.indent = "  "
        self._number = 0

    def edit(self, lines: Lines, edit: Edit, *, owner: int, hand: Hand) -> Lines:
        """Return a file with some lines gone and others written by a hand."""
        fresh = () if lines else FILES[edit.path].head
        written = [*fresh, *self._written(edit)]
        left = self._without(lines, edit.removed)
        at = self._place(left, edit, whole=not lines)
        made = tuple(Line(text, owner, _maker(hand, number)) for number, text in enumerate(written))
        return left[:at] + made + left[at:]

    def _written(self, edit: Edit) -> list[str]:
        noun = FILES[edit.path].noun
        if edit.path.endswith(".py"):
            return self._functions(noun, edit.added)
        form = _FORMS[edit.path.rpartition(".")[2]]
        return [form.format(noun=noun, number=self._next()) for _ in range(edit.added)]

    def _functions(self, noun: str, count: int) -> list[str]:
        """Return so many lines of short functions; the last one may be longer."""
        texts: list[str] = []
        while len(texts) < count:
            left = count - len(texts)
            size = left if left < 2 * _FUNCTION else _FUNCTION
            first = self._next()
            texts.append(f"def {noun}_{first}(batch):")
            texts += [self._body(noun, first, place) for place in range(size - 2)]
            texts.append(f"{self.indent}return batch.{noun}({first}, {self._next()})")
        return texts

    def _body(self, noun: str, first: int, place: int) -> str:
        number = self._next()
        if place == 0:
            return f"{self.indent}# {noun} {number}: see the run book"
        return f"{self.indent}{noun}_{number} = weigh(batch, {first}, {number})"

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _without(self, lines: Lines, count: int) -> Lines:
        """Take away a run of lines that no function needs to stay a function."""
        loose = [n for n, line in enumerate(lines) if _is_loose(line.text)]
        assert len(loose) >= count
        start = self._number * 7 % max(1, len(loose) - count + 1)
        gone = set(loose[start : start + count])
        return tuple(line for number, line in enumerate(lines) if number not in gone)

    def _place(self, lines: Lines, edit: Edit, *, whole: bool) -> int:
        """Return where new lines go: before a function, or at the end."""
        if whole or not edit.path.endswith(".py"):
            return len(lines)
        starts = [n for n, line in enumerate(lines) if line.text.startswith("def ")]
        return [*starts, len(lines)][self._number * 5 % (len(starts) + 1)]


_FORMS: Final = {
    "yaml": "{noun}_{number}: {number}",
    "txt": "{noun}-{number}=={number}.0",
    "md": "{noun}, remark {number}.",
    "toml": "",
}


def _is_loose(text: str) -> bool:
    if text.startswith((" ", "def ", "import ", "from ")):
        return " = " in text
    return bool(re.search(r"\d", text))


def _maker(hand: Hand, number: int) -> str:
    if hand.model is None:
        return PERSON if hand.is_person else PROGRAM
    return PERSON if hand.shared and number % _SHARED == 0 else hand.model


def formatted(lines: Lines, *, owner: int, indent: str) -> Lines:
    """Return a file with every indented line set anew: other bytes, the same maker."""
    return tuple(
        replace(line, text=indent + line.text.lstrip(), owner=owner)
        if line.text.startswith(" ")
        else line
        for line in lines
    )


def joined(ours: Lines, theirs: Lines, base: Lines) -> Lines:
    """Bring what a branch did to a file since ``base`` into ours."""
    gone = set(base) - set(theirs)
    result = [line for line in ours if line not in gone]
    before: Line | None = None
    for line in theirs:
        if line not in result and line not in set(base):
            result.insert(result.index(before) + 1 if before in result else 0, line)
        before = line
    return tuple(result)
