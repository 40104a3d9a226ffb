"""What a run is asked to do: options of the caller and the lab's ``provenance.toml``."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provenance.errors import UsageError
from provenance.findings.predates import ANY_MODEL
from provenance.gate.thresholds import Gate, parse_gate
from provenance.rules.own import Additions, parse_additions
from provenance.scope.covered import ScopeConfig
from provenance.stages.pins import StagePin, parse_pins
from provenance.terms.changes import Lens
from provenance.terms.stages import DEFAULT_FACETS, Facet

UNITS = ("line", "code_line", "character")
"""What is counted."""
PERIODS = ("month", "week", "release")
"""Points of the series."""
_KEYS = (
    "agent", "bot", "gate", "identity", "model", "own", "predates", "scope", "stage",
    "version",
)  # fmt: skip
_RULE_KEYS = ("agent", "bot", "identity", "model")
_SCOPE_KEYS = ("exclude", "facets", "include")
_LIMIT = 1 << 20
FIRST_RELEASE = "first-release"
"""Stands for the day on which the first of the lab's own models was released."""
OFF = "off"
"""Word that switches ``predates_ai`` off."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The lab's own statements about its repository."""

    own_families: tuple[str, ...] = ()
    """Model families that are the lab's own, lower case, sorted."""
    additions: Additions = field(default_factory=Additions)
    """Own agents, bots, identities and models."""
    pins: tuple[StagePin, ...] = ()
    """Own map of stages."""
    scope: ScopeConfig = field(default_factory=ScopeConfig)
    """Own files and foreign ones."""
    predates: str | None = ANY_MODEL
    """Day before which no model wrote code, ISO 8601; ``None`` to switch the question off."""
    own_predates: str | None = FIRST_RELEASE
    """The same for the lab's own models; by default the release of the first of them."""
    digest: str = ""
    """SHA-256 over the parsed content; empty without a file."""
    gate: Gate = field(default_factory=Gate)
    """Thresholds; no part of the digest, as they change no figure."""


@dataclass(frozen=True, slots=True)
class Options:
    """What one measurement is asked for."""

    at: str = "HEAD"
    """Revision to measure."""
    unit: str = "code_line"
    """``line``, ``code_line`` or ``character``."""
    lens: Lens = Lens.PLAIN
    """How edits are seen."""
    every: tuple[str, ...] = ("month", "release")
    """Points of the series."""
    since: int | None = None
    """Leave out points before this date, seconds since 1970."""
    facets: frozenset[Facet] = DEFAULT_FACETS
    """Facets in the denominator."""
    jobs: int = 2
    """git processes that print the history at the same time."""
    predates: str | None = None
    """Cut-off for ``predates_ai``: a day, or ``off``; ``None`` as configured."""
    allow_shallow: bool = False
    """Measure a shallow clone all the same, its cut lines unattested."""


def parse_settings(text: bytes, *, own: Sequence[str] = (), place: str) -> Settings:
    """Read a ``provenance.toml``.

    Raises:
        UsageError: it is no TOML, or holds a word that is not known; the hint names the
            nearest one.

    """
    values = _toml(text, place)
    _only(values, _KEYS, place)
    version = values.get("version", 1)
    if version != 1:
        raise UsageError(
            f"{place}: version {version!r} is not known",
            slug="config-version",
            hint="this release reads version = 1",
        )
    named: dict[str, Any] = {key: values[key] for key in _RULE_KEYS if key in values}
    gate = parse_gate(values.pop("gate", {}), place=place)
    families = {str(f).lower() for f in (*_families(values, place), *own)}
    return Settings(
        own_families=tuple(sorted(families)),
        additions=parse_additions(named, place=place),
        pins=parse_pins(values.get("stage", [])),
        scope=_scope(values.get("scope", {}), place),
        predates=_cutoff(values.get("predates", ANY_MODEL), place),
        own_predates=_own_cutoff(values, place),
        digest=hashlib.sha256(
            json.dumps([values, sorted(families)], sort_keys=True, default=str).encode()
        ).hexdigest(),
        gate=gate,
    )


def read_file(config: Path, own: Sequence[str] = ()) -> Settings:
    """Read a configuration file.

    Raises:
        UsageError: it cannot be read or holds a wrong word.

    """
    try:
        return parse_settings(config.read_bytes(), own=own, place=config.name)
    except OSError as error:
        raise UsageError(
            f"cannot read {config.name}: {error.strerror}",
            slug="config-unreadable",
            hint="give a file with --config",
        ) from error


def _toml(text: bytes, place: str) -> dict[str, Any]:
    if len(text) > _LIMIT:
        raise UsageError(
            f"{place} is larger than 1 MiB", slug="config-too-large", hint="shorten it"
        )
    try:
        return tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{place} is not readable as TOML: {error}",
            slug="config-syntax",
            hint="correct the line named above",
        ) from error


def _only(values: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            raise UsageError(
                f"{place}: unknown key {key!r}",
                slug="config-key",
                hint=f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}",
            )


def _texts(values: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    found = values.get(key, [])
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise UsageError(
            f"{place}: {key} must be a list of texts", slug="config-value", hint=f'{key} = ["..."]'
        )
    return tuple(found)


def _families(values: Mapping[str, Any], place: str) -> tuple[str, ...]:
    own = values.get("own", {})
    if not isinstance(own, dict):
        raise UsageError(
            f"{place}: own must be a table", slug="config-value", hint='[own]\nfamilies = ["..."]'
        )
    _only(own, ("families", "predates"), f"{place}: [own]")
    return _texts(own, "families", f"{place}: [own]")


def _own_cutoff(values: Mapping[str, Any], place: str) -> str | None:
    given = values.get("own", {}).get("predates", FIRST_RELEASE)
    return FIRST_RELEASE if given == FIRST_RELEASE else _cutoff(given, f"{place}: [own]")


def _cutoff(given: Any, place: str) -> str | None:
    """Read a day, or ``false``."""
    if given is False:
        return None
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given.isoformat()
    try:
        return cutoff_of(str(given))
    except UsageError as error:
        raise UsageError(
            f"{place}: predates must be a day or false", slug="config-value", hint=error.hint
        ) from error


def cutoff_of(text: str) -> str:
    """Return a day as ISO 8601.

    Raises:
        UsageError: it is none.

    """
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(
            f"not a day: {text!r}", slug="bad-date", hint="write it as 2021-06-29"
        ) from error


def _scope(values: Any, place: str) -> ScopeConfig:
    inside = f"{place}: [scope]"
    if not isinstance(values, dict):
        raise UsageError(f"{inside} must be a table", slug="config-value", hint="[scope]")
    _only(values, _SCOPE_KEYS, inside)
    facets = values.get("facets", {})
    if not isinstance(facets, dict):
        raise UsageError(
            f"{inside}: facets must be a table",
            slug="config-value",
            hint='facets = { "tools/*.json" = "config" }',
        )
    known = [facet.value for facet in Facet]
    for word in facets.values():
        if word not in known:
            near = difflib.get_close_matches(str(word), known, 1)
            raise UsageError(
                f"{inside}: unknown facet {word!r}",
                slug="config-value",
                hint=f"did you mean {near[0]!r}?" if near else f"facets: {', '.join(known)}",
            )
    return ScopeConfig(
        include=_texts(values, "include", inside),
        exclude=_texts(values, "exclude", inside),
        facets=tuple((pattern, Facet(word)) for pattern, word in facets.items()),
    )
