"""The catalogue of stage evidence: keywords, imports, keys, purposes, path rules, weights."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from provenance.errors import CatalogueError
from provenance.terms.stages import TAXONOMY_VERSION, Stage

STAGES: tuple[Stage, ...] = tuple(Stage)
"""Column order of every score vector."""
COLUMN: Mapping[Stage, int] = MappingProxyType({stage: at for at, stage in enumerate(STAGES)})
"""Column of a stage."""
TABLES = (
    "absorbs.tsv",
    "body.tsv",
    "imports.tsv",
    "keys.tsv",
    "keywords.tsv",
    "marks.tsv",
    "purpose.tsv",
    "rules.tsv",
    "subs.tsv",
)
"""The tables of the catalogue."""
_POINTS = {1: 0.35, 2: 0.7, 3: 1.2, 4: 1.8}
_FIRM = "4"

Weights = tuple[tuple[int, float], ...]
"""Columns with their points."""


@dataclass(frozen=True, slots=True)
class PathRule:
    """A path pattern that decides alone."""

    id: str
    """Id shown as evidence."""
    pattern: re.Pattern[str]
    """Searched in the path."""
    stage: Stage
    """The stage it gives."""
    sub: str | None
    """The part of ``infra`` it gives."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Phrases of program text that together tell what a file does."""

    id: str
    """Id shown as evidence."""
    all: tuple[bytes, ...]
    """Every one of these occurs."""
    any: tuple[bytes, ...]
    """At least one of these occurs, if there are any."""
    none: tuple[bytes, ...]
    """None of these occurs."""
    weights: Weights
    """The stage it speaks for."""
    firm: bool
    """Whether it tells the stage by definition of the taxonomy."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The whole catalogue, ready to be asked."""

    keywords: Mapping[str, Weights]
    """Words and word runs of paths and names."""
    firm: Mapping[str, int]
    """Words that name a stage by definition of the taxonomy, with their column."""
    body: Mapping[str, Weights]
    """Single words of the text of a file."""
    absorbs: frozenset[tuple[int, int, str]]
    """Pairs of columns and where: work of the first makes use of the technology of the second."""
    endings: Mapping[str, Weights]
    """File name endings."""
    imports: Mapping[tuple[str, str], Weights]
    """Modules by (language, name)."""
    keys: Mapping[str, Weights]
    """Configuration keys and flags."""
    purpose: Mapping[str, Weights]
    """Phrases of a description."""
    subs: Mapping[str, str]
    """Words that place a file within ``infra``."""
    marks: Mapping[str, Mark]
    """Marks by id."""
    rules: tuple[PathRule, ...]
    """Path rules in order of id."""


def _text(name: str) -> str:
    return (files("provenance.stages") / "catalogue" / name).read_text(encoding="utf-8")


def _rows(name: str) -> list[list[str]]:
    lines = _text(name).splitlines()
    width = len(lines[0].split("\t"))
    rows = [line.split("\t") for line in lines[1:] if line and not line.startswith("#")]
    if any(len(row) != width for row in rows):
        raise CatalogueError(f"{name} has a row of a wrong width", slug="stage-catalogue")
    return rows


def _grouped(rows: list[tuple[str, str, str]]) -> dict[str, Weights]:
    found: dict[str, dict[int, float]] = {}
    for word, stage, strength in rows:
        found.setdefault(word, {})[COLUMN[Stage(stage)]] = _POINTS[int(strength)]
    return {word: tuple(points.items()) for word, points in found.items()}


def _imports() -> dict[tuple[str, str], Weights]:
    found: dict[tuple[str, str], Weights] = {}
    for module, language, weights, strength in _rows("imports.tsv"):
        points = _POINTS[int(strength)]
        pairs = [item.split("=") for item in weights.split(";")]
        found[language, module] = tuple(
            (COLUMN[Stage(stage)], float(share) * points) for stage, share in pairs
        )
    return found


def _mark(row: list[str]) -> Mark:
    every, some, never = (
        tuple(word.replace("\x00", " ").encode() for word in cell.split(" ") if word)
        for cell in _phrases(row)
    )
    weights_ = ((COLUMN[Stage(row[4])], _POINTS[int(row[5])]),)
    return Mark(row[0], all=every, any=some, none=never, weights=weights_, firm=row[5] == _FIRM)


def _phrases(row: list[str]) -> list[str]:
    """Return the cells of phrases; a phrase that starts a definition keeps its blank."""
    return [cell.replace("def ", "def\x00") for cell in row[1:4]]


@cache
def lexicon() -> Lexicon:
    """Load the catalogue shipped with the package, once."""
    keywords = _rows("keywords.tsv")
    return Lexicon(
        keywords=_grouped(
            [(word, stage, power) for word, at, stage, power in keywords if at == "any"]
        ),
        firm={word: COLUMN[Stage(stage)] for word, _, stage, power in keywords if power == _FIRM},
        body=_grouped([(row[0], row[1], row[2]) for row in _rows("body.tsv")]),
        absorbs=frozenset(
            (COLUMN[Stage(stage)], COLUMN[Stage(used)], where)
            for stage, used, where in _rows("absorbs.tsv")
        ),
        endings=_grouped(
            [(word, stage, power) for word, at, stage, power in keywords if at == "ext"]
        ),
        imports=_imports(),
        keys=_grouped([(row[0].lower(), row[1], row[2]) for row in _rows("keys.tsv")]),
        purpose=_grouped([(row[0], row[1], row[2]) for row in _rows("purpose.tsv")]),
        subs={row[0]: row[1] for row in _rows("subs.tsv")},
        marks={row[0]: _mark(row) for row in _rows("marks.tsv")},
        rules=tuple(
            PathRule(rule, re.compile(pattern), Stage(stage), sub or None)
            for rule, pattern, stage, sub in _rows("rules.tsv")
        ),
    )


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """Load the fitted weights."""
    loaded: Mapping[str, Mapping[str, float]] = json.loads(_text("weights.json"))
    return loaded


@cache
def digest() -> str:
    """Return the SHA-256 of every table and weight, with the taxonomy version."""
    made = hashlib.sha256(f"stages taxonomy {TAXONOMY_VERSION}\n".encode())
    for name in (*TABLES, "weights.json"):
        text = _text(name).encode()
        made.update(f"{name} {len(text)}\n".encode())
        made.update(text)
    return "sha256:" + made.hexdigest()
