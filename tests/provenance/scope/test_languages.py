"""How files are recognised, and the order of the catalogue."""

from __future__ import annotations

import hashlib
import pickle
import tomllib
from importlib import resources

import pytest

from provenance.errors import CatalogueError
from provenance.scope import grammar
from provenance.scope.languages import digest, known, named, pattern
from provenance.scope.lines import Language, language


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("a/b.py", None, "python"),
        ("a/b.PY", None, "python"),
        ("kernels/x.cuh", None, "cuda"),
        ("Dockerfile.dev", None, "dockerfile"),
        ("deep/CMakeLists.txt", None, "cmake"),
        ("Makefile", None, "makefile"),
        ("run.R", None, "r"),
        ("x.ipynb", None, "notebook"),
        ("bin/tool", b"#!/usr/bin/env -S python3.11 -u\n", "python"),
        ("bin/tool", b"#! /bin/bash -e\n", "shell"),
        ("bin/tool", b"#!/usr/bin/env VAR=1 node", "javascript"),
        ("bin/tool", b"#!/opt/unknown\n", None),
        ("bin/tool", b"#!\n", None),
        ("bin/tool", b"\x7fELF", None),
        ("bin/tool", None, None),
        ("notes.txt", None, None),
        (".py", None, None),
        ("", None, None),
        ("bad\udcff/\udcff.rs", None, "rust"),
    ],
)
def test_language_by_name_suffix_and_shebang(
    path: str, head: bytes | None, expected: str | None
) -> None:
    """The name decides first, then the suffix, then the interpreter line."""
    found = language(path, head)

    assert (found.id if found else None) == expected


def test_kernels_name_languages() -> None:
    """Notebooks name their language in their own words."""
    assert named("Python") == named("ipython") == Language("python")
    assert named("bash") == Language("shell")
    assert named("klingon") is None


def test_every_language_compiles_and_has_an_own_way_in() -> None:
    """No entry is dead: each has a pattern and a name or suffix that no other has."""
    text = (
        resources.files("provenance.scope").joinpath("catalogue/languages.toml").read_text("utf-8")
    )
    entries = tomllib.loads(text)
    ways = [
        way
        for entry in entries.values()
        for key in ("suffixes", "names")
        for way in entry.get(key, ())
    ]

    assert all(pattern(name).groupindex for name in known())
    assert len(ways) == len(set(ways))
    assert all(entry.get("suffixes") or entry.get("names") for entry in entries.values())
    assert [name for name in entries if name != "notebook"] == sorted(set(entries) - {"notebook"})
    assert all(
        entry.get("suffixes", []) == sorted(entry.get("suffixes", [])) for entry in entries.values()
    )


def test_a_language_is_a_small_value() -> None:
    """A language crosses process borders as its id."""
    assert pickle.loads(pickle.dumps(Language("c"))) == Language("c")


def test_an_unknown_string_form_is_a_catalogue_error() -> None:
    """A misspelt form does not silently turn strings into code."""
    with pytest.raises(CatalogueError, match="no string form"):
        grammar.compiled(grammar.Grammar(strings=("duoble",)))


def test_the_digest_is_that_of_the_catalogue() -> None:
    """What counts as a comment is named by a digest, as the facets are."""
    source = resources.files("provenance.scope").joinpath("catalogue/languages.toml")

    assert digest() == hashlib.sha256(source.read_bytes()).hexdigest()
