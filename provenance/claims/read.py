"""From the bytes of a disclosure file to its values."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Final

from provenance.claims import exact
from provenance.claims.disclosure import (
    SCHEMA,
    Acceleration,
    Claim,
    Crossing,
    Disclosure,
    Event,
    Level,
    Quantity,
    Reading,
    Region,
    Scope,
    Source,
    Window,
)
from provenance.claims.table import Table, parse
from provenance.claims.vocabulary import (
    Assisted,
    Attribution,
    Author,
    Basis,
    Bin,
    Comparator,
    Direction,
    Effect,
    EventDate,
    Kind,
    Moment,
    Owner,
    Quantifier,
    Scale,
    SourceTier,
    Unit,
)
from provenance.terms.stages import Facet, Stage

_MOST_CLAIMS: Final = 1000
_MOST_READINGS: Final = 64
_MOST_BINS: Final = 520
_DATES: Final = '"2026-05-31", "2026-05", "2026-Q1" or "2026-01/2026-03"'
_WINDOWS: Final = f'{_DATES}, "v1.0..v1.1", "tag:v1.1" or "HEAD"'
_ROOT: Final = ("schema", "discloser", "source", "event", "claim")
_CLAIM: Final = ("id", "kind", "sources", "wording", "note", "author", "reading")
_OF_KIND: Final = {
    Kind.LEVEL: ("value", "value_to", "comparator", "tolerance", "tolerance_source"),
    Kind.CROSSING: ("threshold", "direction", "claimed_window"),
    Kind.ACCELERATION: ("event", "effect"),
}
_READING: Final = (
    "id", "quantity", "scope", "window", "author", "attribution", "assisted", "lens", "bin",
    "sustain", "scale", "event_date", "min_bins", "evidence_class",
)  # fmt: skip
_SCOPE: Final = ("repos", "stages", "paths", "languages", "facets", "quantifier")
_OWN: Final = Author.SELF_FAMILY
_MOMENTS: Final = {
    Basis.STOCK: (Moment.ALIVE_AT_SNAPSHOT,),
    Basis.FLOW: (Moment.MERGED, Moment.SURVIVING, Moment.ACCEPTED),
}


def read(raw: bytes, *, name: str) -> Disclosure:
    """Return the disclosure in a file called ``name``.

    Raises:
        ClaimError: it is no disclosure; the message names line and field.

    """
    root = parse(raw, name=name).only(_ROOT)
    schema = root.text("schema")
    if schema != SCHEMA:
        raise root.wrong(
            "schema", "is of another version", slug="claims-schema", hint=f'schema = "{SCHEMA}"'
        )
    discloser = root.table("discloser", required=True).only(("name", "role", "model_family"))
    sources = tuple(_source(table) for table in root.tables("source"))
    events = tuple(_event(table, sources) for table in root.tables("event"))
    tables = root.tables("claim", most=_MOST_CLAIMS)
    claims = tuple(_claim(table, sources, events) for table in tables)
    for key, ids in (
        ("source", [item.id for item in sources]),
        ("event", [item.id for item in events]),
        ("claim", [item.id for item in claims]),
    ):
        _once(root, key, ids)
    families = tuple(sorted({family.lower() for family in discloser.texts("model_family")}))
    if not families and any(reading.author is _OWN for c in claims for reading in c.readings):
        raise discloser.wrong(
            "model_family", "names no family, but a claim counts the discloser's own models",
            slug="claims-value", hint='model_family = ["..."], or author = "any_ai" in the claim',
        )  # fmt: skip
    return Disclosure(
        name=discloser.text("name", most=200),
        role=discloser.text("role", default="", most=200),
        families=families,
        sources=sources,
        events=events,
        claims=claims,
        digest=hashlib.sha256(raw).hexdigest(),
    )


def _once(table: Table, key: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for at, name in enumerate(ids):
        if name in seen:
            raise table.tables(key)[at].wrong(
                "id", f"{name} is used twice", slug="claims-value", hint="give each its own id"
            )
        seen.add(name)


def _source(table: Table) -> Source:
    table.only(("id", "tier", "title", "published", "locator", "sha256", "read_via", "note"))
    digest = table.text("sha256", default="", most=64)
    if digest and (len(digest) != 64 or set(digest) - set("0123456789abcdef")):
        raise table.wrong(
            "sha256", "is no SHA-256", slug="claims-value",
            hint="64 small hexadecimal digits, as sha256sum prints them; or leave it empty",
        )  # fmt: skip
    return Source(
        id=table.word("id"),
        tier=table.choice("tier", SourceTier),
        title=table.text("title"),
        published=table.exact("published", exact.days, _DATES) if table.has("published") else None,
        locator=table.text("locator", default=""),
        sha256=digest,
        read_via=table.text("read_via", default=""),
        note=table.text("note", default=""),
    )


def _event(table: Table, sources: tuple[Source, ...]) -> Event:
    table.only(("id", "claimed", "claimed_in", "resolved", "resolved_by", "note"))
    named = [source.id for source in sources]
    if table.has("resolved") and not table.texts("resolved_by"):
        raise table.wrong(
            "resolved", "has no record behind it", slug="claims-reference",
            hint='resolved_by = ["..."] names the records; without any, leave resolved out',
        )  # fmt: skip
    return Event(
        id=table.word("id"),
        claimed=table.exact("claimed", exact.days, _DATES) if table.has("claimed") else None,
        resolved=table.exact("resolved", exact.days, _DATES) if table.has("resolved") else None,
        resolved_by=table.texts("resolved_by"),
        claimed_in=table.one_of("claimed_in", named, "source") if table.has("claimed_in") else "",
    )


def _claim(table: Table, sources: tuple[Source, ...], events: tuple[Event, ...]) -> Claim:
    kind = table.choice("kind", Kind)
    table.only((*_CLAIM, *_OF_KIND.get(kind, ())))
    known = [source.id for source in sources]
    named = table.texts("sources")
    if not named:
        raise table.wrong(
            "sources", "names no source", slug="claims-reference", hint='sources = ["..."]'
        )
    for name in named:
        if name not in known:
            raise table.wrong(
                "sources", f"no source is called {name[:60]!a}", slug="claims-reference",
                hint=f"sources of this file: {', '.join(known[:20]) or 'none'}",
            )  # fmt: skip
    readings: tuple[Reading, ...] = ()
    what: Level | Crossing | Acceleration | None = None
    if kind in _OF_KIND:
        what = _what(table, kind, events)
        readings = _readings(table, kind)
    return Claim(
        id=table.word("id"),
        kind=kind,
        sources=named,
        wording=table.text("wording"),
        what=what,
        readings=readings,
        note=table.text("note", default=""),
    )


def _what(table: Table, kind: Kind, events: tuple[Event, ...]) -> Level | Crossing | Acceleration:
    if kind is Kind.LEVEL:
        return _level(table)
    if kind is Kind.CROSSING:
        direction = table.choice("direction", Direction, default=Direction.UP)
        window = table.exact("claimed_window", exact.days, _DATES)
        return Crossing(
            threshold=table.exact("threshold", exact.percent, '"50%"'),
            direction=direction,
            window=window,
            text=f"crosses {table.text('threshold')} {direction.value} in {window.text}",
        )
    event = table.one_of("event", [item.id for item in events], "event")
    effect = table.choice("effect", Effect, default=Effect.SLOPE_INCREASE)
    said = "rises faster after" if effect is Effect.SLOPE_INCREASE else "steps up at"
    return Acceleration(event=event, effect=effect, text=f"{said} {event}")


def _level(table: Table) -> Level:
    comparator = table.choice("comparator", Comparator)
    value = table.exact("value", exact.percent, '"80%"')
    said = f"{comparator.value.replace('_', ' ')} {table.text('value')}"
    tolerance, origin = Fraction(0), ""
    if comparator is Comparator.ABOUT:
        if table.has("tolerance"):
            tolerance = table.exact("tolerance", exact.points, '"5pp"')
            origin = table.text("tolerance_source", default="the disclosure file")
        else:
            tolerance = exact.rounding(table.text("value"))
            origin = table.text("tolerance_source", default="half the rounding unit")
    elif table.has("tolerance"):
        raise table.wrong(
            "tolerance", f"has no meaning beside {comparator.value}", slug="claims-value",
            hint='only comparator = "about" has a tolerance',
        )  # fmt: skip
    if (comparator is Comparator.BETWEEN) != table.has("value_to"):
        raise table.wrong(
            "value_to", 'belongs to comparator = "between", and to no other', slug="claims-value",
            hint='value = "70%", value_to = "90%", comparator = "between"',
        )  # fmt: skip
    upper = value
    if comparator is Comparator.BETWEEN:
        upper = table.exact("value_to", exact.percent, '"90%"')
        said += f" and {table.text('value_to')}"
        if upper < value:
            raise table.wrong(
                "value_to", "is less than value", slug="claims-value", hint="swap the two"
            )
    return Level(
        comparator=comparator,
        value=value,
        region=_region(comparator, value, upper, tolerance),
        tolerance=tolerance,
        tolerance_source=origin,
        text=said,
    )


def _region(
    comparator: Comparator, value: Fraction, upper: Fraction, tolerance: Fraction
) -> Region:
    zero, one = Fraction(0), Fraction(1)
    match comparator:
        case Comparator.ABOUT:
            return Region(max(zero, value - tolerance), min(one, value + tolerance))
        case Comparator.BETWEEN:
            return Region(value, upper)
        case Comparator.AT_LEAST:
            return Region(value, one)
        case Comparator.MORE_THAN:
            return Region(value, one, low_open=True)
        case Comparator.AT_MOST:
            return Region(zero, value)
        case Comparator.LESS_THAN:
            return Region(zero, value, high_open=True)


def _readings(table: Table, kind: Kind) -> tuple[Reading, ...]:
    tables = table.tables("reading", most=_MOST_READINGS)
    if not tables:
        raise table.wrong(
            "", "has no reading", slug="claims-missing-key",
            hint="add [[claim.reading]] for everything the wording leaves open",
        )  # fmt: skip
    readings = tuple(_reading(item, table, kind) for item in tables)
    _once(table, "reading", [reading.id for reading in readings])
    return readings


def _reading(table: Table, claim: Table, kind: Kind) -> Reading:
    table.only(_READING)
    bins = table.table("min_bins").only(("before", "after"))
    author = claim.choice("author", Author, default=Author.ANY_AI)
    return Reading(
        id=table.word("id"),
        quantity=_quantity(table.table("quantity", required=True)),
        scope=_scope(table.table("scope")),
        window=_window(table, kind),
        author=table.choice("author", Author, default=author),
        attribution=table.choice("attribution", Attribution, default=Attribution.WRITTEN),
        assisted=table.choice("assisted", Assisted, default=Assisted.OPEN),
        lens=table.choice("lens", Owner) if table.has("lens") else None,
        bin=table.choice("bin", Bin, default=Bin.WEEK),
        sustain=table.number("sustain", default=1, least=1, most=_MOST_BINS),
        scale=table.choice("scale", Scale, default=Scale.SHARE),
        event_date=table.choice("event_date", EventDate, default=EventDate.RESOLVED),
        before=bins.number("before", default=12, least=12, most=_MOST_BINS),
        after=bins.number("after", default=12, least=12, most=_MOST_BINS),
        evidence_class=table.text("evidence_class", default="unstated", most=200),
    )


def _window(table: Table, kind: Kind) -> Window | None:
    if kind is Kind.LEVEL:
        return table.exact("window", exact.window, _WINDOWS)
    if table.has("window"):
        raise table.wrong(
            "window", "has no meaning here", slug="claims-value",
            hint="a crossing has claimed_window, an acceleration has an event",
        )  # fmt: skip
    return None


def _quantity(table: Table) -> Quantity:
    table.only(("unit", "basis", "event", "numerator", "denominator"))
    basis = table.choice("basis", Basis)
    allowed = _MOMENTS[basis]
    moment = table.choice("event", Moment, default=allowed[0])
    if moment not in allowed:
        raise table.wrong(
            "event", f"{moment.value} does not go with {basis.value}", slug="claims-word",
            hint=f"with {basis.value}: {', '.join(allowed)}",
        )  # fmt: skip
    return Quantity(
        unit=table.choice("unit", Unit),
        basis=basis,
        moment=moment,
        numerator=table.text("numerator", default=""),
        denominator=table.text("denominator", default=""),
    )


def _scope(table: Table) -> Scope:
    table.only(_SCOPE)
    return Scope(
        repositories=table.texts("repos"),
        stages=table.choices("stages", Stage),
        paths=table.texts("paths"),
        languages=table.texts("languages"),
        facets=tuple(sorted(table.choices("facets", Facet))),
        quantifier=table.choice("quantifier", Quantifier, default=Quantifier.UNION),
    )
