"""Which kind of file a path is, and by which rule: what counts and what does not."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Self

import numpy as np

from provenance.errors import CatalogueError, UsageError
from provenance.scope.attributes import NOTHING, Attributes, Said
from provenance.scope.globs import Glob, glob
from provenance.scope.languages import language
from provenance.scope.lexical import CODE, scan_text
from provenance.terms.stages import Facet, FacetCall

PRECEDENCE = (
    Facet.VENDORED,
    Facet.GENERATED,
    Facet.TEST,
    Facet.DOCS,
    Facet.NOTEBOOK,
    Facet.DATA,
    Facet.CONFIG,
    Facet.SOURCE,
)
"""The first facet that fits is the facet of a file."""

_RANK = {facet: rank for rank, facet in enumerate(PRECEDENCE)}
_LFS = b"version https://git-lfs.github.com/spec/"
_LFS_OLD = b"version https://hawser.github.com/spec/"
_HEAD = 4096
_FIRST_LINES = 6
_ANY = "*"  # no suffix contains it without a dot in front
_ORDINARY = FacetCall(Facet.SOURCE, "source/ordinary")
_FIELDS = frozenset(
    {
        *("id", "facet", "title", "segments", "names", "suffixes", "like", "folders"),
        *("head", "needs", "among", "unless"),
    }
)


def is_lfs_pointer(head: bytes) -> bool:
    """Return whether the first bytes are those of a Git LFS pointer, so the file is elsewhere."""
    return head.startswith((_LFS, _LFS_OLD)) and b"\noid " in head[:400]


@dataclass(frozen=True, slots=True)
class ScopeConfig:
    """What a lab states about its own files; patterns are those of ``.gitattributes``."""

    include: tuple[str, ...] = ()
    """Files that are the lab's own work: never vendored or generated, whatever is said of them."""
    exclude: tuple[str, ...] = ()
    """Files that are not the lab's own work: vendored, by the rule ``config/exclude``."""
    facets: tuple[tuple[str, Facet], ...] = ()
    """Pattern and facet, for files of which the lab knows better; the last match decides."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule of the catalogue."""

    rank: int
    """Place of the facet in the order of precedence."""
    order: tuple[int, str]
    """Rank and id; the lowest that fits decides."""
    call: FacetCall
    among: frozenset[str]
    """Suffixes the rule is limited to; empty for all."""
    unless: re.Pattern[str] | None
    """Paths the rule does not speak of."""


@dataclass(slots=True)
class _Index:
    """Rules by the thing that is looked up."""

    segments: dict[str, list[_Rule]] = field(default_factory=dict)
    names: dict[str, list[_Rule]] = field(default_factory=dict)
    suffixes: dict[str, list[_Rule]] = field(default_factory=dict)
    like: dict[str, list[tuple[re.Pattern[str], _Rule]]] = field(default_factory=dict)
    folders: list[tuple[re.Pattern[str], _Rule]] = field(default_factory=list)
    heads: list[tuple[re.Pattern[bytes], tuple[bytes, ...], _Rule]] = field(default_factory=list)


class FacetRules:
    """The compiled catalogue; build it once and ask it for every path."""

    def __init__(self, text: str, config: ScopeConfig) -> None:
        """Compile a catalogue; raises CatalogueError, and UsageError on a lab's patterns."""
        self._index = _indexed(text)
        self._folders: dict[str, tuple[_Rule, ...]] = {}
        self._include = [_stated_glob(text) for text in config.include]
        self._exclude = [_stated_glob(text) for text in config.exclude]
        self._facets = [(_stated_glob(text), facet) for text, facet in reversed(config.facets)]
        self._digest = hashlib.sha256(f"{text}\0{config!r}".encode()).hexdigest()

    @classmethod
    def load(cls, config: ScopeConfig | None = None) -> Self:
        """Return the rules of this release with a lab's own patterns on top."""
        source = resources.files("provenance.scope").joinpath("catalogue/facets.toml")
        return cls(source.read_text("utf-8"), config or ScopeConfig())

    @property
    def digest(self) -> str:
        """SHA-256 over the catalogue and the lab's patterns, in hexadecimal."""
        return self._digest

    def facet(
        self, path: str, *, attributes: Attributes | None = None, head: bytes | None = None
    ) -> FacetCall:
        """Return the facet of a file and the rule that placed it.

        ``head`` is the beginning of the file (4 KiB are looked at) where it is known.
        """
        stated = self._stated(path) if self._facets or self._exclude else None
        if stated is not None:
            return stated
        said = attributes.about(path) if attributes is not None else NOTHING
        if self._include and any(g.matches(path) for g in self._include):
            said = Said(vendored=False, generated=False)
        if said is not NOTHING:
            return self._under(path, head, said)
        rule = self._first(path, head, frozenset())
        return rule.call if rule is not None else _ORDINARY

    def _stated(self, path: str) -> FacetCall | None:
        """Return what the lab states about a file."""
        for pattern, facet in self._facets:
            if pattern.matches(path):
                return FacetCall(facet, "config/facet")
        if any(pattern.matches(path) for pattern in self._exclude):
            return FacetCall(Facet.VENDORED, "config/exclude")
        return None

    def _under(self, path: str, head: bytes | None, said: Said) -> FacetCall:
        """Weigh the attributes of a file against the rules, in the order of precedence."""
        if said.vendored:
            return FacetCall(Facet.VENDORED, "attributes/vendored")
        off = set()
        if said.vendored is False:
            off.add(_RANK[Facet.VENDORED])
        if said.generated is not None:
            off.add(_RANK[Facet.GENERATED])
        if said.documentation is False:
            off.add(_RANK[Facet.DOCS])
        if said.detectable:
            off |= {_RANK[Facet.DOCS], _RANK[Facet.DATA]}
        rule = self._first(path, head, frozenset(off))
        rank = rule.rank if rule is not None else len(PRECEDENCE)
        if said.generated and rank > _RANK[Facet.GENERATED]:
            return FacetCall(Facet.GENERATED, "attributes/generated")
        if said.documentation and rank > _RANK[Facet.DOCS]:
            return FacetCall(Facet.DOCS, "attributes/documentation")
        if said.detectable is False and rank > _RANK[Facet.DATA]:
            return FacetCall(Facet.DATA, "attributes/not-detectable")
        return rule.call if rule is not None else _ORDINARY

    def _first(self, path: str, head: bytes | None, off: frozenset[int]) -> _Rule | None:
        """Return the rule of the highest precedence, leaving out the ranks in ``off``."""
        index = self._index
        folder, _, name = path.rpartition("/")
        low = name.lower()
        dot = low.rfind(".")
        suffix = low[dot:] if dot >= 0 else ""
        found = [*self._of_folder(folder), *index.names.get(low, ())]
        while dot >= 0:
            found += index.suffixes.get(low[dot:], ())
            dot = low.rfind(".", 0, dot)
        for key in (suffix, _ANY):
            found += [rule for regex, rule in index.like.get(key, ()) if regex.fullmatch(name)]
        best: _Rule | None = None
        for rule in found:
            if (best is None or rule.order < best.order) and _applies(rule, path, suffix, off):
                best = rule
        if head is not None:
            best = self._by_head(head[:_HEAD], best, path, suffix, off)
        return best

    def _by_head(
        self, head: bytes, best: _Rule | None, path: str, suffix: str, off: frozenset[int]
    ) -> _Rule | None:
        """Return a rule about the first bytes if it precedes ``best``."""
        for regex, needs, rule in self._index.heads:
            if best is not None and rule.rank >= best.rank:
                break
            if _applies(rule, path, suffix, off) and _in_head(path, head, regex, needs):
                return rule
        return best

    def _of_folder(self, folder: str) -> tuple[_Rule, ...]:
        """Return the rules about a folder; remembered, as files share folders."""
        known = self._folders.get(folder)
        if known is None:
            low = folder.lower()
            segments = self._index.segments
            rules = [rule for part in low.split("/") for rule in segments.get(part, ())]
            rules += [rule for regex, rule in self._index.folders if regex.search(low + "/")]
            known = tuple(sorted(set(rules), key=lambda rule: rule.order))
            self._folders[folder] = known
        return known


def _in_head(path: str, head: bytes, regex: re.Pattern[bytes], needs: tuple[bytes, ...]) -> bool:
    """Return whether a rule's words stand in the first bytes."""
    if not needs:
        return regex.search(head) is not None
    if not any(word in head for word in needs):
        return False
    return any(regex.match(line) for line in _opening(path, head) if any(w in line for w in needs))


def _opening(path: str, head: bytes) -> list[bytes]:
    """Return the lines above the code: a program that writes such words is not written by one.

    One line of code is let pass (a package clause, a YAML marker); a file in no known
    language opens with its first lines.
    """
    lines = head.split(b"\n")
    spoken = language(path, head)
    if spoken is None:
        return lines[:_FIRST_LINES]
    code = np.flatnonzero(scan_text(head, spoken).kinds == CODE)
    return lines[: int(code[1])] if code.size > 1 else lines


def _applies(rule: _Rule, path: str, suffix: str, off: frozenset[int]) -> bool:
    return (
        rule.rank not in off
        and (not rule.among or suffix in rule.among)
        and (rule.unless is None or rule.unless.search(path) is None)
    )


def _stated_glob(pattern: str) -> Glob:
    """Compile a lab's pattern; ``folder/`` means all files below; raises UsageError."""
    text = pattern
    if pattern.endswith("/"):
        folder = pattern.rstrip("/")
        text = f"{folder}/**" if "/" in folder else f"**/{folder}/**"
    compiled = glob(text)
    if compiled is None:
        raise UsageError(
            f"no file can match the pattern {pattern!r}",
            slug="scope-pattern",
            hint="patterns are those of gitattributes, for example src/** or *.gen.py",
        )
    return compiled


def _indexed(text: str) -> _Index:
    """Compile the rules of a catalogue into look-up tables."""
    index = _Index()
    for entry in tomllib.loads(text)["rule"]:
        rule = _rule(entry)
        for key, table in (
            ("segments", index.segments),
            ("names", index.names),
            ("suffixes", index.suffixes),
        ):
            for word in entry.get(key, ()):
                table.setdefault(word, []).append(rule)
        if "like" in entry:
            regex = re.compile("|".join(entry["like"]), re.DOTALL)
            for suffix in sorted(rule.among) or [_ANY]:
                index.like.setdefault(suffix, []).append((regex, rule))
        index.folders += [(re.compile(text), rule) for text in entry.get("folders", ())]
        needs = tuple(word.encode() for word in entry.get("needs", ()))
        if "head" in entry:
            texts = "|".join(f"(?:{text})" for text in entry["head"])
            index.heads.append((re.compile(texts.encode()), needs, rule))
    index.heads.sort(key=lambda item: item[-1].order)
    return index


def _rule(entry: Mapping[str, Any]) -> _Rule:
    unknown = sorted(set(entry) - _FIELDS)
    if unknown or entry.get("facet") not in {facet.value for facet in PRECEDENCE}:
        raise CatalogueError(
            f"facet rule {entry.get('id')!r} has unknown fields {unknown} or no known facet",
            slug="facet-rule",
            hint=f"the fields are {', '.join(sorted(_FIELDS))}",
        )
    facet = Facet(entry["facet"])
    unless = re.compile(entry["unless"]) if "unless" in entry else None
    among = frozenset(entry.get("among", ()))
    rank = _RANK[facet]
    return _Rule(rank, (rank, entry["id"]), FacetCall(facet, entry["id"]), among, unless)
