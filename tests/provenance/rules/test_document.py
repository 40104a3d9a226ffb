"""The page about the rules is fresh."""

from __future__ import annotations

from pathlib import Path

from provenance.rules.document import rules_markdown
from provenance.rules.load import load_catalogue

_PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_page_is_fresh() -> None:
    """If this fails: ``python -m provenance.rules.document > docs/rules.md``."""
    assert _PAGE.read_text(encoding="utf-8") == rules_markdown(load_catalogue())


def test_every_rule_has_its_heading() -> None:
    """The id in ``explain`` is a heading on the page."""
    lines = set(rules_markdown(load_catalogue()).splitlines())

    assert {f"### {rule.id}" for rule in load_catalogue().rules} <= lines
