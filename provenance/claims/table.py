"""Reading a TOML table key by key: every refusal names line, field and nearest word."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, Self, TypeVar

from provenance.claims.places import Path, Places
from provenance.errors import ClaimError

LARGEST: Final = 1 << 20
"""Bytes of a disclosure file."""
_LONGEST_TEXT: Final = 4000
_MOST_ITEMS: Final = 2000
_DEEPEST: Final = 200
_DOTTED: Final = re.compile(r"[\w.\"' \t-]+")
"""What a key can be made of: the standard reader takes quadratic time for dotted ones."""
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")


def parse(raw: bytes, *, name: str) -> Table:
    """Return the outermost table of a file called ``name``.

    Raises:
        ClaimError: it is too large, no UTF-8 or no TOML.

    """
    if len(raw) > LARGEST:
        raise ClaimError(
            f"{name} is larger than 1 MiB", slug="claims-too-large", hint="split it in several"
        )
    try:
        text = _shallow(raw.decode("utf-8"))
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ClaimError(
            f"{name} is not readable as TOML: {str(error)[:200]}",
            slug="claims-syntax",
            hint="provenance claims init writes a file that parses",
        ) from None
    return Table(values, path=(), places=Places(text), name=name)


def _shallow(text: str) -> str:
    """Return a text whose keys are not too deep for the standard reader."""
    if any(found[0].count(".") > _DEEPEST for found in _DOTTED.finditer(text)):
        raise ValueError(f"more than {_DEEPEST} dots in a row of words")
    return text


class Table:
    """One table; ``path`` leads to it from the root."""

    def __init__(self, values: Mapping[str, Any], *, path: Path, places: Places, name: str) -> None:
        """Hold ``values``."""
        self._values = values
        self._path = path
        self._places = places
        self._name = name

    def wrong(self, key: str, message: str, *, slug: str, hint: str) -> ClaimError:
        """Return the error that names file, line and field."""
        path: Path = (*self._path, key) if key else self._path
        line = self._places.line(path)
        return ClaimError(
            f"{self._name}, line {line}, {_field(path)}: {message}", slug=slug, hint=hint
        )

    def only(self, allowed: Sequence[str]) -> Self:
        """Refuse keys that are not in ``allowed``."""
        for key in self._values:
            if key not in allowed:
                raise self.wrong(
                    key, "unknown key", slug="claims-unknown-key", hint=_near(key, allowed)
                )
        return self

    def has(self, key: str) -> bool:
        """Whether a key is given."""
        return key in self._values

    def text(self, key: str, *, default: str | None = None, most: int = _LONGEST_TEXT) -> str:
        """Return a text; without a default the key is needed and may not be empty."""
        if key not in self._values:
            if default is None:
                raise self._missing(key)
            return default
        value = self._values[key]
        if not isinstance(value, str):
            raise self._kind(key, 'a text in quotes, such as "80%" or "2026-05"')
        if default is None and not value.strip():
            raise self.wrong(key, "is empty", slug="claims-value", hint="fill it in")
        if len(value) > most:
            raise self.wrong(
                key, f"is longer than {most} signs", slug="claims-value", hint="shorten it"
            )
        return value

    def word(self, key: str) -> str:
        """Return an id: letters, digits, dots, dashes."""
        value = self.text(key)
        if not _WORD.fullmatch(value):
            raise self.wrong(
                key,
                f"{_shown(value)} is no id",
                slug="claims-value",
                hint="up to 100 letters, digits, dots, dashes and underscores",
            )
        return value

    def number(self, key: str, *, default: int, least: int, most: int) -> int:
        """Return a whole number in a range."""
        value = self._values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._kind(key, f"a whole number from {least} to {most}")
        return value

    def choice(self, key: str, kind: type[Choice], *, default: Choice | None = None) -> Choice:
        """Return one of the words of ``kind``."""
        if key not in self._values and default is not None:
            return default
        value = self.text(key)
        words = [word.value for word in kind]
        if value not in words:
            raise self.wrong(
                key,
                f"{_shown(value)} is not known",
                slug="claims-word",
                hint=_near(value, words),
            )
        return kind(value)

    def exact(self, key: str, read: Callable[[str], Value], form: str) -> Value:
        """Return a text read by ``read``; ``form`` shows how it is written."""
        value = self.text(key)
        try:
            return read(value)
        except ValueError:
            raise self.wrong(
                key, f"cannot read {_shown(value)}", slug="claims-value", hint=f"write it as {form}"
            ) from None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when absent."""
        items = self._values.get(key, [])
        if (
            not isinstance(items, list)
            or len(items) > _MOST_ITEMS
            or not all(isinstance(item, str) and len(item) <= _LONGEST_TEXT for item in items)
        ):
            raise self._kind(key, f'a list of at most {_MOST_ITEMS} texts, such as ["..."]')
        return tuple(items)

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """Return a list of words of ``kind``, each once."""
        words = [word.value for word in kind]
        found = self.texts(key)
        for value in found:
            if value not in words:
                raise self.wrong(
                    key, f"{_shown(value)} is not known", slug="claims-word",
                    hint=_near(value, words),
                )  # fmt: skip
        return tuple(kind(value) for value in dict.fromkeys(found))

    def one_of(self, key: str, known: Iterable[str], what: str) -> str:
        """Return a text that names something of this file."""
        value, words = self.text(key), sorted(known)
        if value not in words:
            raise self.wrong(
                key, f"no {what} is called {_shown(value)}", slug="claims-reference",
                hint=_near(value, words),
            )  # fmt: skip
        return value

    def table(self, key: str, *, required: bool = False) -> Table:
        """Return a table inside; an empty one when absent."""
        value = self._values.get(key, {})
        if required and key not in self._values:
            raise self._missing(key)
        if not isinstance(value, dict):
            raise self._kind(key, f"a table, such as [{key}]")
        return Table(value, path=(*self._path, key), places=self._places, name=self._name)

    def tables(self, key: str, *, most: int = _MOST_ITEMS) -> list[Table]:
        """Return a list of tables; empty when absent."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._kind(key, f"a list of tables, such as [[{key}]]")
        if len(value) > most:
            raise self.wrong(
                key, f"more than {most} of them", slug="claims-too-large", hint="split the file"
            )
        return [
            Table(item, path=(*self._path, key, at), places=self._places, name=self._name)
            for at, item in enumerate(value)
        ]

    def _missing(self, key: str) -> ClaimError:
        line = self._places.line(self._path)
        return ClaimError(
            f"{self._name}, line {line}, {_field(self._path)}: {key} is missing",
            slug="claims-missing-key",
            hint=f"add {key} = ...",
        )

    def _kind(self, key: str, wanted: str) -> ClaimError:
        return self.wrong(
            key, f"is not {wanted}", slug="claims-type", hint="numbers and dates stand in quotes"
        )


def _field(path: Path) -> str:
    """Return ``claim[2].reading[0].window``, counted from 1 as readers do."""
    said = ""
    for part in path:
        if isinstance(part, int):
            said += f"[{part + 1}]"
        else:
            word = part if _WORD.fullmatch(part) else _shown(part)
            said += f".{word}" if said else word
    return said or "the file"


def _near(value: str, words: Sequence[str]) -> str:
    near = difflib.get_close_matches(value[:100].lower(), words, n=1, cutoff=0.4)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known words: {', '.join(words[:30])}" if words else "none is listed in this file"


def _shown(value: str) -> str:
    return ascii(value[:60])
