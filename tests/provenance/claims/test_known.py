"""Data of the room: sorted, complete, and right."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from math import atan, cos, pi, sin, sqrt
from pathlib import Path

import pytest

import provenance.claims
from provenance.claims import known
from provenance.claims.vocabulary import (
    Assisted,
    Attribution,
    Author,
    Comparator,
    Effect,
    Kind,
    Scale,
    Unit,
)
from provenance.errors import ClaimError
from worlds import claims_page

_ROOM = Path(provenance.claims.__file__).parent
_CODE = re.compile(r'"([a-z]+(?:_[a-z]+)*)"')


def _ids(name: str) -> list[str]:
    text = (_ROOM / "data" / name).read_text(encoding="utf-8")
    return re.findall(r'^id = "(.*)"$', text, re.MULTILINE)


@pytest.mark.parametrize("name", ["reasons.toml", "assumptions.toml", "instruments.toml"])
def test_rows_are_sorted_and_single(name: str) -> None:
    """A reader finds an id where the alphabet puts it."""
    ids = _ids(name)

    assert ids == sorted(set(ids))


def test_every_meaning_is_one_sentence_without_a_stop() -> None:
    """They are joined by semicolons when printed."""
    for text in (*known.reasons().values(), *known.assumptions().values()):
        assert text
        assert not text.endswith(".")
        assert ". " not in text


def test_every_code_that_is_used_has_a_meaning() -> None:
    """What the room names in code is in the data, and the other way round."""
    used: set[str] = set()
    for module in ("judge", "gates", "level", "crossing", "trend", "windows"):
        used |= set(_CODE.findall((_ROOM / f"{module}.py").read_text(encoding="utf-8")))
    kinds = {"is_volume", "is_people", "is_prediction", "is_target"}

    assert set(known.reasons()) - kinds <= used
    assert set(known.assumptions()) <= used
    assert kinds <= set(known.reasons())


def test_remedies_are_for_known_reasons() -> None:
    """A remedy without a reason would never be printed."""
    assert set(known.remedies()) < set(known.reasons())


def test_instruments_have_dates_and_sources() -> None:
    """A change without a source is hearsay."""
    for item in known.instruments():
        assert item.first <= item.last
        assert item.source
        assert item.rules
        assert item.what


def _inside(t: float, freedom: int) -> float:
    """Return the chance of |T| <= t by the closed form for whole degrees of freedom."""
    angle = atan(t / sqrt(freedom))
    if freedom == 1:
        return 2 * angle / pi
    term, total = (cos(angle), 0.0) if freedom % 2 else (1.0, 0.0)
    for k in range(1 if freedom % 2 else 0, freedom - 1, 2):
        total += term
        term *= cos(angle) ** 2 * (k + 1) / (k + 2)
    return 2 / pi * (angle + sin(angle) * total) if freedom % 2 else sin(angle) * total


def test_critical_values_are_those_of_student() -> None:
    """Each is the one-percent point, rounded up at the fourth decimal."""
    values = known.critical_values()

    assert len(values) == 120
    assert all(before > after for before, after in pairwise(values))
    assert (values[9], values[29]) == (Decimal("3.1693"), Decimal("2.7500"))
    for freedom, value in enumerate(values, 1):
        assert _inside(float(value), freedom) >= 0.99
        assert _inside(float(value) - 0.0002, freedom) < 0.99


def test_many_degrees_of_freedom_use_the_last_value() -> None:
    """It is the stricter one."""
    assert known.critical(10**6) == known.critical_values()[-1]
    with pytest.raises(ClaimError):
        known.critical(0)


def test_the_page_lists_what_the_data_holds() -> None:
    """``python -m worlds.claims_page`` refreshes it."""
    written, tables = claims_page.PLACE.read_text(encoding="utf-8").split(claims_page.MARK)

    assert tables == f"\n{claims_page.tables()}"
    for word in (*Kind, *Comparator, *Author, *Unit, *Attribution, *Assisted, *Scale, *Effect):
        assert word.value in written, word
