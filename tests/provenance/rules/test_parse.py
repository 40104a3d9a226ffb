"""Rule files are read strictly and mistakes are named."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from provenance.errors import CatalogueError
from provenance.rules.parse import parse_rule


def _values(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": "some-rule",
        "title": "Some rule",
        "since": "0.1.0",
        "kind": "agent",
        "where": "author",
        "strength": "wrote",
        "tier": "declared",
        "patterns": ["^Tool <"],
        "sources": [{"at": "a/b@0000000", "seen": dt.date(2026, 11, 21)}],
    }
    values.update(changes)
    return {key: value for key, value in values.items() if value is not None}


def test_plain_rule_is_read() -> None:
    """The required keys suffice."""
    rule = parse_rule(_values(), place="x.toml")

    assert rule.id == "some-rule"
    assert rule.sources[0].seen == "2026-11-21"


@pytest.mark.parametrize(
    ("changes", "slug", "says"),
    [
        ({"strenght": "wrote"}, "catalogue-unknown-key", "did you mean 'strength'?"),
        ({"strength": "wrot"}, "catalogue-value", "did you mean 'wrote'?"),
        ({"where": "note"}, "catalogue-value", ""),
        ({"title": None}, "catalogue-missing-key", "README.md"),
        ({"title": 3}, "catalogue-type", ""),
        ({"patterns": []}, "catalogue-missing-key", ""),
        ({"patterns": ["("]}, "catalogue-expression", ""),
        ({"model_from": ["(?P<name>x)"]}, "catalogue-expression", ""),
        ({"id": "Some Rule"}, "catalogue-id", "hyphens"),
        ({"where": "prose"}, "catalogue-missing-key", ""),
        ({"needles": ["Word"]}, "catalogue-value", ""),
        ({"kind": "bot"}, "catalogue-value", "automation"),
        ({"strength": "automation"}, "catalogue-value", ""),
        ({"case": "yes"}, "catalogue-type", ""),
        ({"sources": [{"at": "x", "seen": "soon"}]}, "catalogue-type", ""),
        ({"also": "x"}, "catalogue-type", ""),
        ({"also": [{"where": "subject", "patern": "x"}]}, "catalogue-unknown-key", "pattern"),
        ({"matches": [{"at": "x", "mesage": "y"}]}, "catalogue-unknown-key", "message"),
    ],
)
def test_mistake_is_refused_with_its_place(changes: dict[str, Any], slug: str, says: str) -> None:
    """A wrong file never loads, and the error says where and what."""
    key = next(iter(changes))
    values = _values(**changes)
    if key == "patterns" and not changes["patterns"]:
        del values["patterns"]

    with pytest.raises(CatalogueError) as caught:
        parse_rule(values, place="x.toml")

    assert caught.value.slug == slug
    assert "x.toml" in caught.value.message
    assert says in caught.value.hint
