"""What one file says on its own: points per source and stage."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from provenance.stages.facts import FileFacts
from provenance.stages.lexicon import PathRule, Weights, lexicon
from provenance.stages.words import split

SOURCES = (
    "name",
    "folder",
    "parent",
    "upper",
    "imports",
    "symbols",
    "lead",
    "keys",
    "launches",
    "own",
    "body",
    "marks",
)
"""Where a word was seen."""
_HALF = 0.8
_NEARNESS = (1.0, 0.9, 0.7, 0.5)
_FAMILY = {
    "typescript": "javascript",
    "notebook": "python",
    "yaml": "python",
    "toml": "python",
    "json": "python",
    "cpp": "c",
    "cuda": "c",
}
_PACKING = frozenset({"setuptools", "distutils", "skbuild", "numpy", "Cython"})
_TEST_WORDS = frozenset(
    {"test", "tests", "testing", "unit", "integration", "functional", "e2e", "spec"}
)

Hits = dict[str, Weights]
"""Catalogue words with their points."""


@dataclass(frozen=True, slots=True)
class Signals:
    """The catalogue words found in one file, by source."""

    hits: Mapping[str, Hits]
    """Source to words."""
    firm: tuple[tuple[int, float, str], ...]
    """Columns that a word of the path names by definition, how close it stands, and the word."""
    rule: PathRule | None
    """The path rule that decides, if one does."""


@lru_cache(maxsize=131072)
def _named(name: str) -> tuple[tuple[str, Weights], ...]:
    """Catalogue words of a name; a longer run of words hides the shorter ones inside it."""
    words = split(name)
    known = lexicon().keywords
    covered = [False] * len(words)
    found: list[tuple[str, Weights]] = []
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            if any(covered[at : at + size]):
                continue
            term = "_".join(words[at : at + size])
            weights = known.get(term)
            if weights is None and size == 1 and len(term) > 4 and term.endswith("s"):
                weights = known.get(term[:-1])
            if weights is not None:
                covered[at : at + size] = [True] * size
                found.append((term, weights))
    return tuple(found)


@lru_cache(maxsize=131072)
def _imported(language: str, name: str) -> tuple[str, Weights] | None:
    known = lexicon().imports
    at = name
    while at:
        weights = known.get((language, at)) or known.get((language, at.replace("-", "_")))
        if weights is not None:
            return at, weights
        cut = max(at.rfind("."), at.rfind("/"))
        if cut < 0:
            return None
        if language == "c" and (language, at[: cut + 1]) in known:
            return at[: cut + 1], known[language, at[: cut + 1]]
        at = at[:cut]
    return None


@lru_cache(maxsize=65536)
def _keyed(key: str) -> tuple[str, Weights] | None:
    plain = key.lower().replace("-", "_").replace(" ", "_").replace(".", "_").replace("/", "_")
    weights = lexicon().keys.get(plain)
    return None if weights is None else (plain, weights)


@lru_cache(maxsize=65536)
def _ruled(path: str) -> PathRule | None:
    for rule in lexicon().rules:
        if rule.pattern.search(path):
            return rule
    return None


def signals(
    facts: FileFacts, *, packages: frozenset[str], homes: frozenset[str] = frozenset()
) -> Signals:
    """Return the catalogue words of one file."""
    folders = ["" if part in homes else part for part in facts.path.split("/")[:-1]]
    stem, _, ending = facts.path.rsplit("/", 1)[-1].rpartition(".")
    reading = facts.reading
    language = _FAMILY.get(facts.language, facts.language)
    outside, inside = _sorted_imports(
        reading.imports, language=language, packages=packages, homes=homes
    )
    hits: dict[str, Hits] = {
        "name": _words((stem or ending,)),
        "folder": _words(folders[-1:]),
        "parent": _words(folders[-2:-1]),
        "upper": _words(folders[:-2]),
        "imports": outside,
        "symbols": _words(reading.symbols),
        "lead": _running(reading.lead),
        "keys": dict(found for key in reading.keys if (found := _keyed(key)) is not None),
        "launches": _words(_tail(name) for name in reading.launches),
        "own": inside,
        "body": _body(reading.body),
        "marks": {mark: lexicon().marks[mark].weights for mark in reading.marks},
    }
    weights = lexicon().endings.get(ending.lower())
    if weights is not None:
        hits["name"]["." + ending.lower()] = weights
    rule = _ruled(facts.path)
    if rule is not None and folders and not _packs(facts, outside):
        rule = None
    return Signals(
        hits=hits, firm=_firm((*folders, stem or ending)) + _firm_marks(reading.marks), rule=rule
    )


def _packs(facts: FileFacts, outside: Hits) -> bool:
    """Whether a file is what its name says: a ``setup.py`` of a package may set up a model."""
    if not facts.present or not facts.path.endswith("/setup.py"):
        return True
    packing = any(name.split(".", 1)[0] in _PACKING for name in facts.reading.imports)
    return packing and "torch.utils.cpp_extension" not in outside


def _firm(parts: tuple[str, ...]) -> tuple[tuple[int, float, str], ...]:
    """Return words of the path that name a stage by definition; nearer ones stand first."""
    known = lexicon().firm
    found: dict[int, tuple[float, str]] = {}
    for depth, part in enumerate(reversed(parts)):
        for word, _ in _named(part):
            if word in known:
                found.setdefault(known[word], (_NEARNESS[min(depth, 3)], word))
    return tuple((column, near, word) for column, (near, word) in found.items())


def _firm_marks(marks: tuple[str, ...]) -> tuple[tuple[int, float, str], ...]:
    """Return marks that tell by definition what a file makes."""
    known = lexicon().marks
    return tuple(
        (column, 1.0, mark)
        for mark in marks
        if known[mark].firm
        for column, _ in known[mark].weights
    )


def _body(counted: tuple[tuple[str, int], ...]) -> Hits:
    """Return body words; a word counts by the logarithm of how often it occurs."""
    known = lexicon().body
    return {
        word: tuple((column, value * math.log1p(count)) for column, value in known[word])
        for word, count in counted
        if word in known
    }


def _words(names: Iterable[str]) -> Hits:
    found: Hits = {}
    for name in names:
        for word, weights in _named(name):
            found.setdefault(word, weights)
    return found


def _running(words: tuple[str, ...]) -> Hits:
    return dict(_named(" ".join(words)[:200])) if words else {}


def _tail(name: str) -> str:
    """Return the telling end of a program path or module name."""
    return "/".join(name.replace(".", "/").split("/")[-3:])


def _sorted_imports(
    names: Iterable[str], *, language: str, packages: frozenset[str], homes: frozenset[str]
) -> tuple[Hits, Hits]:
    outside: Hits = {}
    inside: Hits = {}
    for name in names:
        first = name.split(".", 1)[0] if language == "python" else name.split("/", 1)[0]
        if name.startswith(".") or first in packages:
            parts = [part for part in name.split(".")[-3:] if part not in homes]
            for word, weights in _named("/".join(parts)):
                inside.setdefault(word, weights)
        elif (found := _imported(language, name)) is not None:
            outside.setdefault(*found)
    return outside, inside


def points(hits: Hits) -> dict[int, float]:
    """Add the points of words and let them saturate: many words are no more than sure."""
    summed: dict[int, float] = {}
    for weights in hits.values():
        for column, value in weights:
            summed[column] = summed.get(column, 0.0) + value
    total = sum(summed.values())
    return {column: value / (_HALF + total) for column, value in summed.items()}
