"""Read the packaged rule files and a lab's additions into one frozen catalogue."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from provenance.errors import CatalogueError
from provenance.rules.families import Families, packaged
from provenance.rules.own import Additions
from provenance.rules.parse import parse_rule
from provenance.rules.records import RecordRule, parse_record
from provenance.rules.rule import Rule
from provenance.terms.authors import RuleId

FOLDERS = ("agents", "bots")
"""Folders of the packaged catalogue that hold one rule per file."""

RECORDS = "records"
"""Folder of the packaged catalogue that holds one dialect of line-level records per file."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Every rule, sorted by id, with the digest of their content."""

    rules: tuple[Rule, ...]
    """All rules, sorted by id."""
    families: Families
    """The model registry."""
    people: tuple[str, ...]
    """Expressions for identities declared to be persons."""
    digest: str
    """SHA-256 over the canonical content: same digest, same decisions."""
    records: tuple[RecordRule, ...] = ()
    """The dialects of line-level records, sorted by id."""

    def rule(self, rule_id: RuleId) -> Rule:
        """Return a rule by id; raises ``CatalogueError`` when there is none."""
        found = _by_id(self).get(rule_id)
        if found is None:
            raise CatalogueError(f"no rule '{rule_id}'", slug="catalogue-no-rule")
        return found

    def __eq__(self, other: object) -> bool:
        """Catalogues are equal when their content is."""
        return isinstance(other, Catalogue) and self.digest == other.digest

    def __hash__(self) -> int:
        """Hash of the digest."""
        return hash(self.digest)


def load_catalogue(extra: Sequence[Additions] = ()) -> Catalogue:
    """Return the packaged catalogue together with a lab's additions.

    Raises ``CatalogueError`` when a file is wrong or two rules share an id.
    """
    rules = [*_packaged_rules(), *(rule for addition in extra for rule in addition.rules)]
    rules.sort(key=lambda rule: rule.id)
    records = _packaged_records()
    ids = sorted((*(rule.id for rule in rules), *(record.id for record in records)))
    for one, two in itertools.pairwise(ids):
        if one == two:
            raise CatalogueError(f"two rules have the id '{one}'", slug="catalogue-id")
    families = _joined(packaged(), extra)
    people = tuple(sorted({person for addition in extra for person in addition.people}))
    digest = _digest(rules, families, people, records)
    return Catalogue(tuple(rules), families, people, digest, records)


def _joined(registry: Families, extra: Sequence[Additions]) -> Families:
    """Put a lab's own model names and dates before the packaged ones."""
    forms = tuple(form for addition in extra for form in addition.forms)
    dates = tuple(date for addition in extra for date in addition.dates)
    return replace(registry, forms=(*forms, *registry.forms), dates=(*dates, *registry.dates))


@functools.cache
def _packaged_rules() -> tuple[Rule, ...]:
    return tuple(
        parse_rule(_values(file, place), place=place)
        for folder in FOLDERS
        for file, place in _files(folder)
    )


@functools.cache
def _packaged_records() -> tuple[RecordRule, ...]:
    return tuple(parse_record(_values(file, place), place=place) for file, place in _files(RECORDS))


def _files(folder: str) -> Iterator[tuple[Traversable, str]]:
    root = resources.files("provenance.rules") / "catalogue" / folder
    files = (file for file in root.iterdir() if file.name.endswith(".toml"))
    for file in sorted(files, key=lambda file: file.name):
        yield file, f"catalogue/{folder}/{file.name}"


def _values(file: Traversable, place: str) -> Mapping[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{place} is no TOML: {error}", slug="catalogue-toml") from error
    if f"{values.get('id')}.toml" != file.name:
        raise CatalogueError(f"{place} holds the rule '{values.get('id')}'", slug="catalogue-id")
    return values


def _digest(
    rules: Sequence[Rule],
    families: Families,
    people: Sequence[str],
    records: Sequence[RecordRule],
) -> str:
    content = {
        "families": dataclasses.asdict(families),
        "people": list(people),
        "records": [dataclasses.asdict(record) for record in records],
        "rules": [dataclasses.asdict(rule) for rule in rules],
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@functools.lru_cache(maxsize=8)
def _by_id(catalogue: Catalogue) -> dict[RuleId, Rule]:
    return {rule.id: rule for rule in catalogue.rules}
