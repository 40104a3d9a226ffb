"""Model names as people and tools really write them, brought to one form.

The registry is data (``catalogue/families.toml``): ordered forms, the first that is found
decides.  A name that no form knows stays unknown; nothing is inferred from the harness.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from provenance.rules.shape import Table

_LONGEST = 200
_SPACES = re.compile(r"[\s_]+")
_WRAPPING = re.compile(r"""^[\s"'`*_]+|[\s"'`*_]+$""")


@dataclass(frozen=True, slots=True)
class ModelName:
    """What a written model name resolves to; every part may be unknown."""

    vendor: str | None = None
    """Maker of the model, for example ``Anthropic``."""
    family: str | None = None
    """Family in lower case, for example ``claude``."""
    model: str | None = None
    """Normalised version, for example ``claude-opus-4.5``."""
    released: str | None = None
    """Earliest known public date (release, else first public sighting), ISO 8601."""
    harness: str | None = None
    """Catalogue id of the tool, where the word names that and no model."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing the models of a family."""

    vendor: str
    """Maker of the models."""
    family: str
    """Family in lower case."""
    pattern: str
    """Expression searched in the cleaned name; its named groups fill ``model``."""
    model: str | None = None
    """Template of the normalised version; ``None`` when the form names the family only."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a model version was first known in public."""

    model: str
    """Normalised version."""
    released: str
    """ISO 8601 date."""
    basis: str
    """``release`` (announced) or ``sighting`` (earliest committer date in a public sweep)."""
    source: str
    """Where the date comes from."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A word that stands where a model name belongs and names none."""

    name: str
    """The cleaned word."""
    harness: str | None
    """Catalogue id of the tool, where the word gives it away."""
    means: str
    """What it says."""


@dataclass(frozen=True, slots=True)
class First:
    """When the first model of a family became public."""

    family: str
    """Family in lower case."""
    released: str
    """ISO 8601 date."""
    source: str
    """Where the date comes from."""


@dataclass(frozen=True, slots=True)
class Families:
    """The model registry: ordered forms, dated versions and words that name no model."""

    forms: tuple[Form, ...]
    """Forms in the order in which they are tried."""
    dates: tuple[Sighting, ...]
    """Dated versions, a lab's own before the packaged ones; of one name the first counts."""
    placeholders: tuple[Placeholder, ...] = ()
    """Words that name no model, sorted."""
    firsts: tuple[First, ...] = ()
    """First models of families, sorted by family."""

    def releases(self) -> Mapping[str, int]:
        """Return the first second (since 1970, UTC) of the release day by version.

        Sightings are left out: a model may be older than the first sight of it.
        """
        known: dict[str, int] = {}
        for date in self.dates:
            if date.basis == "release":
                known.setdefault(date.model, _seconds(date.released))
        return known

    def first_release(self, families: Sequence[str]) -> str | None:
        """Return the day on which the first model of any of these families was released.

        ``None`` when there is no family, or one whose first model has no date: a family that
        is not packaged is dated by its versions, but only if each form of it has a date.
        """
        found = [self._first(family) for family in families]
        days = [day for day in found if day is not None]
        return min(days) if days and len(days) == len(found) else None

    def _first(self, family: str) -> str | None:
        for first in self.firsts:
            if first.family == family:
                return first.released
        dates = {date.model: date.released for date in reversed(self.dates)}
        forms = [form for form in self.forms if form.family == family]
        days = [dates.get(form.model or "") for form in forms]
        known = [day for day in days if day is not None]
        return min(known) if known and len(known) == len(days) else None


UNKNOWN = ModelName()
"""Nothing is known about the model."""


def parse_families(values: Mapping[str, Any], *, place: str) -> Families:
    """Build the registry from a parsed file; raises ``CatalogueError`` naming ``place``."""
    table = Table(values, place=place)
    table.only(("form", "placeholder", "first", "date"))
    return Families(
        tuple(map(_form, table.tables("form"))),
        tuple(sorted(map(_sighting, table.tables("date")), key=lambda date: date.model)),
        tuple(sorted(map(_placeholder, table.tables("placeholder")), key=lambda word: word.name)),
        tuple(sorted(map(_first, table.tables("first")), key=lambda first: first.family)),
    )


@functools.cache
def packaged() -> Families:
    """Return the registry that comes with the meter."""
    file = resources.files("provenance.rules") / "catalogue" / "families.toml"
    return parse_families(
        tomllib.loads(file.read_text(encoding="utf-8")), place="catalogue/families.toml"
    )


def resolve(text: str, *, families: Families | None = None) -> ModelName:
    """Resolve a written model name; anything not recognised is unknown."""
    return _resolve(text[:_LONGEST], families or packaged())


def clean(text: str) -> str:
    """Lower case, no quotes around, words joined by single hyphens."""
    return _SPACES.sub("-", _WRAPPING.sub("", text).lower())


@functools.lru_cache(maxsize=4096)
def _resolve(text: str, families: Families) -> ModelName:
    name = clean(text)
    if (placeholder := _placeholders(families).get(name)) is not None:
        return ModelName(harness=placeholder.harness)
    for form, expression in _compiled(families):
        found = expression.search(name)
        if found is None:
            continue
        model = _fill(form.model, found.groupdict()) if form.model else None
        return ModelName(form.vendor, form.family, model, _dates(families).get(model or ""))
    return UNKNOWN


@functools.lru_cache(maxsize=16)
def _compiled(families: Families) -> Sequence[tuple[Form, re.Pattern[str]]]:
    return tuple((form, re.compile(form.pattern, re.ASCII)) for form in families.forms)


@functools.lru_cache(maxsize=16)
def _dates(families: Families) -> Mapping[str, str]:
    return {date.model: date.released for date in reversed(families.dates)}


@functools.lru_cache(maxsize=16)
def _placeholders(families: Families) -> Mapping[str, Placeholder]:
    return {placeholder.name: placeholder for placeholder in families.placeholders}


def _seconds(date: str) -> int:
    return int(dt.datetime.fromisoformat(date).replace(tzinfo=dt.UTC).timestamp())


def _fill(template: str, groups: Mapping[str, str | None]) -> str:
    """Fill ``{name}``; a part in square brackets vanishes when its group is empty."""

    def part(found: re.Match[str]) -> str:
        name = re.search(r"\{(\w+)\}", found[1])
        return _plain(found[1], groups) if name and groups.get(name[1]) else ""

    return _plain(re.sub(r"\[([^\]]*)\]", part, template), groups)


def _plain(template: str, groups: Mapping[str, str | None]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: groups.get(found[1]) or "", template)


def _form(table: Table) -> Form:
    table.only(("vendor", "family", "pattern", "model"))
    return Form(
        table.text("vendor"), table.text("family"), table.text("pattern"), table.maybe("model")
    )


def _sighting(table: Table) -> Sighting:
    table.only(("model", "released", "basis", "source"))
    return Sighting(
        table.text("model"),
        table.date("released"),
        table.choice("basis", ("release", "sighting")),
        table.text("source"),
    )


def _placeholder(table: Table) -> Placeholder:
    table.only(("name", "harness", "means"))
    return Placeholder(table.text("name"), table.maybe("harness"), table.text("means"))


def _first(table: Table) -> First:
    table.only(("family", "released", "source"))
    return First(table.text("family"), table.date("released"), table.text("source"))
