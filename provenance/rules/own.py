"""What a lab adds to the catalogue: its own agents, bots, identities and models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provenance.errors import CatalogueError
from provenance.rules.families import Form, Sighting
from provenance.rules.rule import Rule, RuleKind, Source
from provenance.rules.shape import Table
from provenance.terms.authors import RuleId, Strength, Tier, Where

_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Additions:
    """A lab's additions, ready to be loaded with the packaged catalogue."""

    rules: tuple[Rule, ...] = ()
    """Rules for the lab's own agents, bots and identities."""
    people: tuple[str, ...] = ()
    """Expressions for identities that are persons although a rule would take them for more."""
    forms: tuple[Form, ...] = ()
    """Names of the lab's own models, tried before the packaged ones."""
    dates: tuple[Sighting, ...] = ()
    """Release dates of the lab's own models."""


def parse_additions(values: Mapping[str, Any], *, place: str = "provenance.toml") -> Additions:
    """Read ``[[agent]]``, ``[[bot]]``, ``[[identity]]`` and ``[[model]]`` tables.

    Names and addresses are exact, or patterns with ``*`` and ``?``; they are compared with
    raw git identities, ignoring case.  Raises ``CatalogueError`` naming the bad key.
    """
    table = Table(values, place=place)
    table.only(("agent", "bot", "identity", "model"))
    rules: list[Rule] = []
    people: list[str] = []
    for item in table.tables("agent"):
        rules.extend(_agent(item))
    rules.extend(map(_bot, table.tables("bot")))
    for item in table.tables("identity"):
        found, person = _identity(item)
        rules.extend(found)
        people.extend(person)
    models = table.tables("model")
    forms = tuple(map(_model, models))
    dates = tuple(date for model in models for date in _released(model))
    return Additions(tuple(rules), tuple(people), forms, dates)


def _agent(table: Table) -> tuple[Rule, ...]:
    table.only(("id", "product", "vendor", "names", "emails", "model"))
    ident = _name(table.text("id"), table)
    pattern = _pattern(table)
    return tuple(
        Rule(
            id=RuleId(f"own-{ident}-{where.value}"),
            title=f"{table.text('product', default=ident)} ({where.value}), declared by the lab",
            since="own",
            kind=RuleKind.AGENT,
            where=where,
            patterns=(pattern,),
            strength=strength,
            tier=Tier.DECLARED,
            sources=(Source(table.place, "own"),),
            matches=(),
            non_matches=(),
            agent=ident,
            product=table.text("product", default=ident),
            harness_vendor=table.maybe("vendor"),
            model=table.maybe("model"),
        )
        for where, strength in (
            (Where.AUTHOR, Strength.WROTE),
            (Where.CO_AUTHOR, Strength.CO_WROTE),
            (Where.COMMITTER, Strength.PROCESS),
        )
    )


def _bot(table: Table) -> Rule:
    table.only(("id", "title", "names", "emails"))
    ident = _name(table.text("id"), table)
    return _automation(ident, table.text("title", default=ident), table)


def _automation(ident: str, title: str, table: Table) -> Rule:
    return Rule(
        id=RuleId(f"own-{ident}"),
        title=f"{title}, declared by the lab",
        since="own",
        kind=RuleKind.BOT,
        where=Where.AUTHOR,
        patterns=(_pattern(table),),
        strength=Strength.AUTOMATION,
        tier=Tier.DECLARED,
        sources=(Source(table.place, "own"),),
        matches=(),
        non_matches=(),
        quotes=True,
    )


def _identity(table: Table) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """One raw identity, said to be a person, a bot or a known agent."""
    table.only(("names", "emails", "is", "agent", "model"))
    kind = table.choice("is", ("agent", "bot", "person"))
    ident = _name("-".join((*table.texts("names"), *table.texts("emails"))), table)
    if kind == "person":
        return (), (_pattern(table),)
    if kind == "bot":
        return (_automation(f"identity-{ident}", ident, table),), ()
    rule = Rule(
        id=RuleId(f"own-identity-{ident}"),
        title=f"An identity of {table.text('agent')}, declared by the lab",
        since="own",
        kind=RuleKind.AGENT,
        where=Where.AUTHOR,
        patterns=(_pattern(table),),
        strength=Strength.WROTE,
        tier=Tier.DECLARED,
        sources=(Source(table.place, "own"),),
        matches=(),
        non_matches=(),
        agent=table.text("agent"),
        model=table.maybe("model"),
    )
    return (rule,), ()


def _model(table: Table) -> Form:
    table.only(("match", "vendor", "family", "model", "released"))
    pattern = "^(?:" + _glob(table.text("match").lower()) + ")$"
    return Form(table.text("vendor"), table.text("family").lower(), pattern, table.maybe("model"))


def _released(table: Table) -> tuple[Sighting, ...]:
    """Read the release date of a model version; needs ``model`` to say which."""
    if not table.has("released"):
        return ()
    return (Sighting(table.text("model"), table.date("released"), "release", table.place),)


def _name(text: str, table: Table) -> str:
    name = _SLUG.sub("-", text.lower()).strip("-")
    if not name:
        raise CatalogueError(
            f"{table.place} has no usable name", slug="catalogue-id", hint="use letters and digits"
        )
    return name


def _pattern(table: Table) -> str:
    """Expression over ``Name <email>`` from the exact or starred names and addresses."""
    names = [f"^(?:{_glob(name)}) <" for name in table.texts("names")]
    emails = [f" <(?:{_glob(email)})>$" for email in table.texts("emails")]
    if not names and not emails:
        raise CatalogueError(
            f"{table.place} names nobody",
            slug="catalogue-missing-key",
            hint="give 'names' or 'emails'",
        )
    return "|".join((*names, *emails))


def _glob(text: str) -> str:
    """Translate ``*`` and ``?`` only, without crossing the address bracket."""
    parts = [
        "[^<>]*" if char == "*" else "[^<>]" if char == "?" else re.escape(char) for char in text
    ]
    return "".join(parts)
