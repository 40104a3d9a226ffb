"""The languages the scanner knows, and how a file is recognised as one of them."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from provenance.errors import CatalogueError
from provenance.scope.grammar import Grammar, compiled

NOTEBOOK = "notebook"
"""Id of the one language that is scanned as JSON around cells of another."""

_SHEBANG = re.compile(rb"#![ \t]*+([^\s]{1,200}+)[ \t]*+([^\n]{0,200})")
_LISTS = ("suffixes", "names", "shebangs", "aliases")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its id is all a caller needs to keep."""

    id: str
    """Id in the catalogue, for example ``python``."""


@dataclass(frozen=True, slots=True)
class _Atlas:
    """Everything the catalogue says, ready for look-ups."""

    grammars: dict[str, Grammar]
    by_suffix: dict[str, Language]
    by_name: dict[str, Language]
    by_shebang: dict[str, Language]
    by_alias: dict[str, Language]


def _grammar(fields: dict[str, object], name: str) -> Grammar:
    """Build the grammar of one entry; raises CatalogueError on unknown fields."""
    plain = {key: _frozen(value) for key, value in fields.items() if key not in _LISTS}
    try:
        return Grammar(**plain)  # type: ignore[arg-type]
    except TypeError as error:
        raise CatalogueError(
            f"language {name} has an unknown field: {error}",
            slug="language-field",
            hint="the fields are those of provenance.scope.grammar.Grammar",
        ) from error


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


@cache
def _atlas() -> _Atlas:
    """Read the catalogue once."""
    entries: dict[str, dict[str, object]] = tomllib.loads(_catalogue())
    grammars = {name: _grammar(fields, name) for name, fields in entries.items()}
    tables: dict[str, dict[str, Language]] = {key: {} for key in _LISTS}
    for name, fields in entries.items():
        tables["aliases"][name] = Language(name)
        for key in _LISTS:
            values = fields.get(key, [])
            assert isinstance(values, list)
            tables[key].update(dict.fromkeys(values, Language(name)))
    return _Atlas(
        grammars, tables["suffixes"], tables["names"], tables["shebangs"], tables["aliases"]
    )


@cache
def pattern(language_id: str) -> re.Pattern[bytes]:
    """Return the compiled pattern of a language."""
    return compiled(_atlas().grammars[language_id])


@cache
def has_docstrings(language_id: str) -> bool:
    """Return whether a string that is a whole statement is a comment in this language."""
    return _atlas().grammars[language_id].docstrings


def digest() -> str:
    """Return the SHA-256 of the catalogue of languages, in hexadecimal."""
    return hashlib.sha256(_catalogue().encode()).hexdigest()


def _catalogue() -> str:
    source = resources.files("provenance.scope").joinpath("catalogue/languages.toml")
    return source.read_text("utf-8")


def known() -> tuple[str, ...]:
    """Return the ids of all languages, sorted."""
    return tuple(sorted(_atlas().grammars))


def named(name: str) -> Language | None:
    """Return the language a notebook kernel calls ``name``."""
    return _atlas().by_alias.get(name.lower())


def language(path: str, head: bytes | None = None) -> Language | None:
    """Return the language of a file by name, suffix or, with its first bytes, by shebang."""
    atlas = _atlas()
    name = path.rsplit("/", 1)[-1]
    found = atlas.by_name.get(name)
    if found is not None:
        return found
    stem, dot, suffix = name.rpartition(".")
    if dot and stem:
        found = atlas.by_suffix.get("." + suffix) or atlas.by_suffix.get("." + suffix.lower())
        if found is not None:
            return found
    if name.startswith(("Dockerfile", "Containerfile")):
        return atlas.by_name["Dockerfile"]
    if name.startswith("Makefile"):
        return atlas.by_name["Makefile"]
    return _by_shebang(head, atlas) if head is not None and head.startswith(b"#!") else None


def _by_shebang(head: bytes, atlas: _Atlas) -> Language | None:
    """Return the language of an interpreter line; ``env`` and its options are seen through."""
    match = _SHEBANG.match(head)
    if match is None:
        return None
    program = match[1].rsplit(b"/", 1)[-1]
    if program == b"env":
        words = [w for w in match[2].split() if not w.startswith(b"-") and b"=" not in w]
        program = words[0].rsplit(b"/", 1)[-1] if words else b""
    word = program.decode("ascii", "replace")
    return atlas.by_shebang.get(word) or atlas.by_shebang.get(word.rstrip("0123456789."))
