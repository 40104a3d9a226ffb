"""Rules for line-level records: what a recording tool stores, where, and what it is worth.

Reading them is the business of the evidence room; these files say what is read, so that
``explain`` and ``docs/rules.md`` can name a source for every decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Any

from provenance.rules.parse import identifier, source
from provenance.rules.rule import Source
from provenance.rules.shape import Table
from provenance.terms.authors import RuleId, Tier


@unique
class Gives(StrEnum):
    """What a record says about its commit."""

    LINES = "lines"
    """Runs of lines with their author."""
    SHARE = "share"
    """How many lines, without saying which."""
    BOTH = "lines or share"
    """One or the other, by the record."""


RECORD_KEYS = (
    "id",
    "title",
    "since",
    "product",
    "gives",
    "tiers",
    "reads",
    "versions",
    "note",
    "sources",
)
"""Every key a record file may hold, in the order in which files keep them."""


@dataclass(frozen=True, slots=True)
class RecordRule:
    """One dialect of line-level records."""

    id: RuleId
    """Stable id: file name, heading in ``docs/rules.md`` and the word in ``explain``."""
    title: str
    """One line for people."""
    since: str
    """Version of the catalogue in which the rule appeared."""
    product: str
    """Name of the recording tool."""
    gives: Gives
    """What its records say."""
    tiers: tuple[Tier, ...]
    """How directly it was recorded, strongest first."""
    reads: tuple[str, ...]
    """Refs and files that are read, in the order of preference."""
    versions: tuple[str, ...]
    """Format versions that are read; records of others are listed as problems."""
    note: str
    """What is believed, what is not, and why."""
    sources: tuple[Source, ...]
    """Where the facts were read."""


def parse_record(values: Mapping[str, Any], *, place: str) -> RecordRule:
    """Build a rule from a parsed file; raises ``CatalogueError`` naming ``place``."""
    table = Table(values, place=place)
    table.only(RECORD_KEYS)
    tiers = (Table({"tier": tier}, place=place) for tier in table.texts("tiers", required=True))
    return RecordRule(
        id=identifier(table),
        title=table.text("title"),
        since=table.text("since"),
        product=table.text("product"),
        gives=Gives(table.choice("gives", [gives.value for gives in Gives])),
        tiers=tuple(Tier(one.choice("tier", [tier.value for tier in Tier])) for one in tiers),
        reads=table.texts("reads", required=True),
        versions=table.texts("versions", required=True),
        note=table.text("note"),
        sources=tuple(map(source, table.tables("sources"))),
    )
