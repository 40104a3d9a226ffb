"""Turn one rule file into a :class:`Rule`, refusing anything it does not know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provenance.errors import CatalogueError
from provenance.rules.rule import Condition, Example, Rule, RuleKind, Source
from provenance.rules.shape import Table
from provenance.terms.authors import RuleId, Strength, Tier, Where

RULE_KEYS = (
    "id",
    "title",
    "since",
    "kind",
    "where",
    "strength",
    "tier",
    "agent",
    "product",
    "harness_vendor",
    "patterns",
    "model_from",
    "model",
    "needles",
    "case",
    "fallback",
    "quotes",
    "note",
    "also",
    "unless",
    "sources",
    "matches",
    "non_matches",
)
"""Every key a rule file may hold, in the order in which files keep them."""

EXAMPLE_KEYS = ("at", "author", "committer", "message", "model", "also")
"""Every key of an example."""

PLACES = tuple(place.value for place in Where if place is not Where.NOTE)
"""Places a rule can look at (line-level notes are read elsewhere)."""

IN_MESSAGE = frozenset({Where.TRAILER, Where.FOOTER, Where.PROSE, Where.SUBJECT})
"""Places searched in every message: their rules need words for the quick look."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def parse_rule(values: Mapping[str, Any], *, place: str) -> Rule:
    """Build a rule from a parsed file; raises ``CatalogueError`` naming ``place``."""
    table = Table(values, place=place)
    table.only(RULE_KEYS)
    where = Where(table.choice("where", PLACES))
    rule = Rule(
        id=identifier(table),
        title=table.text("title"),
        since=table.text("since"),
        kind=RuleKind(table.choice("kind", [kind.value for kind in RuleKind])),
        where=where,
        patterns=table.texts("patterns", required=True),
        strength=Strength(table.choice("strength", [strength.value for strength in Strength])),
        tier=Tier(table.choice("tier", [tier.value for tier in Tier])),
        agent=table.maybe("agent"),
        product=table.maybe("product"),
        harness_vendor=table.maybe("harness_vendor"),
        model_from=table.texts("model_from"),
        model=table.maybe("model"),
        needles=table.texts("needles", required=where in IN_MESSAGE),
        also=_conditions(table, "also"),
        unless=_conditions(table, "unless"),
        case=table.flag("case"),
        fallback=table.flag("fallback"),
        quotes=table.flag("quotes"),
        note=table.text("note", default=""),
        sources=tuple(map(source, table.tables("sources"))),
        matches=tuple(map(_example, table.tables("matches"))),
        non_matches=tuple(map(_example, table.tables("non_matches"))),
    )
    _check(rule, place=place)
    return rule


def identifier(table: Table) -> RuleId:
    """Return the rule id of a file; raises ``CatalogueError`` when it is none."""
    value = table.text("id")
    if not _ID.match(value):
        raise CatalogueError(
            f"'{value}' in {table.place} is no rule id",
            slug="catalogue-id",
            hint="lower-case words and digits joined by hyphens",
        )
    return RuleId(value)


def _conditions(table: Table, key: str) -> tuple[Condition, ...]:
    found = []
    for item in table.tables(key):
        item.only(("where", "pattern"))
        found.append(Condition(Where(item.choice("where", PLACES)), item.text("pattern")))
    return tuple(found)


def source(table: Table) -> Source:
    """Return one place where a fact was read; raises ``CatalogueError`` on other keys."""
    table.only(("at", "seen"))
    return Source(table.text("at"), table.date("seen"))


def _example(table: Table) -> Example:
    table.only(EXAMPLE_KEYS)
    return Example(
        at=table.text("at"),
        author=table.text("author", default=""),
        committer=table.text("committer", default=""),
        message=table.text("message", default=""),
        model=table.text("model", default=""),
        also=tuple(RuleId(other) for other in table.texts("also")),
    )


def _check(rule: Rule, *, place: str) -> None:
    expressions = [*rule.patterns, *rule.model_from]
    expressions += [condition.pattern for condition in (*rule.also, *rule.unless)]
    for expression in expressions:
        try:
            re.compile(expression)
        except re.error as error:
            raise CatalogueError(
                f"bad expression {expression!r} in {place}: {error}", slug="catalogue-expression"
            ) from error
    if any("(?P<model>" not in expression for expression in rule.model_from):
        raise CatalogueError(
            f"'model_from' in {place} has no group named model", slug="catalogue-expression"
        )
    if any(needle != needle.lower() for needle in rule.needles):
        raise CatalogueError(f"'needles' in {place} must be lower case", slug="catalogue-value")
    if (rule.kind is RuleKind.AGENT) == (rule.strength is Strength.AUTOMATION):
        raise CatalogueError(
            f"kind '{rule.kind}' and strength '{rule.strength}' in {place} do not fit",
            slug="catalogue-value",
            hint="bots and undisclosed machines have the strength automation, agents never",
        )
