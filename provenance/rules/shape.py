"""Reading a plain mapping strictly: unknown keys are refused with the nearest name."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from provenance.errors import CatalogueError


class Table:
    """One TOML table, read key by key; ``place`` names it in every error."""

    def __init__(self, values: object, *, place: str) -> None:
        """Hold ``values``; raises ``CatalogueError`` when it is no table."""
        if not isinstance(values, Mapping):
            raise CatalogueError(f"{place} is not a table", slug="catalogue-type")
        self._values: Mapping[str, Any] = values
        self.place = place

    def only(self, allowed: Sequence[str]) -> None:
        """Refuse keys that are not in ``allowed``, naming the nearest one."""
        for key in self._values:
            if key in allowed:
                continue
            near = difflib.get_close_matches(str(key), allowed, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"allowed: {', '.join(allowed)}"
            raise CatalogueError(
                f"unknown key '{key}' in {self.place}", slug="catalogue-unknown-key", hint=hint
            )

    def has(self, key: str) -> bool:
        """Whether ``key`` is given."""
        return key in self._values

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a string; without a default the key is required and not empty."""
        value = self._values.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self._wrong(key, "a string")
        return value

    def maybe(self, key: str) -> str | None:
        """Return a string, or ``None`` when the key is absent."""
        return self.text(key) if self.has(key) else None

    def date(self, key: str) -> str:
        """Return a TOML date, or one written as a string, as ISO 8601."""
        value = self._values.get(key)
        if isinstance(value, str):
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                raise self._wrong(key, "a date such as 2026-01-31") from None
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self._wrong(key, "a date such as 2026-01-31")
        return value.isoformat()

    def flag(self, key: str) -> bool:
        """Return a boolean, false when absent."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of strings; a single string counts as a list of one."""
        value = self._values.get(key, ())
        items = (value,) if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(x, str) and x for x in items):
            raise self._wrong(key, "a list of strings")
        if required and not items:
            raise self._wrong(key, "a list with at least one string")
        return tuple(items)

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return a list of tables, empty when absent."""
        value = self._values.get(key, ())
        if not isinstance(value, list | tuple):
            raise self._wrong(key, "a list of tables")
        return tuple(
            Table(item, place=f"{self.place}: {key}[{at}]") for at, item in enumerate(value)
        )

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """Return one of ``allowed``, naming the nearest one on a mistake."""
        value = self.text(key)
        if value not in allowed:
            near = difflib.get_close_matches(value, allowed, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"allowed: {', '.join(allowed)}"
            raise CatalogueError(
                f"'{value}' is no {key} ({self.place})", slug="catalogue-value", hint=hint
            )
        return value

    def _wrong(self, key: str, wanted: str) -> CatalogueError:
        return CatalogueError(
            f"'{key}' in {self.place} must be {wanted}",
            slug="catalogue-type" if self.has(key) else "catalogue-missing-key",
            hint="see the README.md of the folder",
        )
