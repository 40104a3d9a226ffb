"""What the room knows by heart: reasons, assumptions, changed instruments, critical values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from provenance.claims import exact
from provenance.errors import ClaimError


@dataclass(frozen=True, slots=True)
class Instrument:
    """A date at which a tool began, changed or stopped its marks."""

    id: str
    """Word for it."""
    first: date
    """Earliest day it can have been."""
    last: date
    """Latest day it can have been."""
    rules: tuple[str, ...]
    """Beginnings of the ids of rules whose marks it changes."""
    families: tuple[str, ...]
    """Model families whose marks it changes."""
    when: str
    """The same as it is recorded."""
    what: str
    """What changed, in one sentence."""
    source: str
    """Where that is recorded."""


@cache
def reasons() -> Mapping[str, str]:
    """Return every reason code with its meaning."""
    return {row["id"]: row["meaning"] for row in _rows("reasons.toml", "reason")}


@cache
def remedies() -> Mapping[str, str]:
    """Return what would help against a reason, where something would."""
    return {row["id"]: row["remedy"] for row in _rows("reasons.toml", "reason") if row["remedy"]}


@cache
def assumptions() -> Mapping[str, str]:
    """Return every assumption code with its meaning."""
    return {row["id"]: row["meaning"] for row in _rows("assumptions.toml", "assumption")}


@cache
def instruments() -> tuple[Instrument, ...]:
    """Return every known change of an instrument, by id."""
    found = []
    for row in _rows("instruments.toml", "instrument"):
        when = exact.days(row["when"])
        found.append(
            Instrument(
                id=row["id"],
                first=when.first,
                last=when.last,
                rules=tuple(row["rules"]),
                families=tuple(row["families"]),
                when=row["when"],
                what=row["what"],
                source=row["source"],
            )
        )
    return tuple(found)


@cache
def critical_values() -> tuple[Decimal, ...]:
    """Return the value that |t| must exceed for p <= .01, by degrees of freedom from 1."""
    table = tomllib.loads(_text("critical_t.toml"))
    return tuple(Decimal(value) for value in table["two_sided_one_percent"])


def critical(freedom: int) -> Decimal:
    """Return the value for so many degrees of freedom; many count as the most listed.

    Raises:
        ClaimError: there is not a single one.

    """
    values = critical_values()
    if freedom < 1:
        raise ClaimError("too few bins for a test", slug="claims-few-bins")
    return values[min(freedom, len(values)) - 1]


def template() -> str:
    """Return the commented disclosure file that a reader starts from."""
    return _text("template.toml")


def _rows(name: str, key: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(_text(name))[key]
    return rows


def _text(name: str) -> str:
    return files("provenance.claims").joinpath("data", name).read_text(encoding="utf-8")
