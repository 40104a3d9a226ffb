"""A disclosure file is read whole or refused with line, field and nearest word."""

from __future__ import annotations

import time
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.claims.disclosure import Crossing, Level, Releases
from provenance.claims.known import template
from provenance.claims.read import read
from provenance.claims.vocabulary import Author, Kind
from provenance.errors import ClaimError
from worlds import claimed

GOOD = template()
"""The file that every reader starts from."""


def refused(text: str | bytes) -> ClaimError:
    """Return the refusal of a file."""
    raw = text.encode() if isinstance(text, str) else text
    with pytest.raises(ClaimError) as caught:
        read(raw, name="claims.toml")
    return caught.value


def test_the_template_holds_every_decided_kind() -> None:
    """What init writes parses, with one claim of each measured kind."""
    told = read(GOOD.encode(), name="claims.toml")
    first = told.claims[0]

    assert [claim.kind for claim in told.claims] == [Kind.LEVEL, Kind.CROSSING, Kind.ACCELERATION]
    assert isinstance(first.what, Level)
    assert (first.what.region.low, first.what.region.high) == (Fraction(3, 4), Fraction(17, 20))
    assert [reading.author for reading in first.readings] == [Author.SELF_FAMILY] * 2
    assert isinstance(told.claims[1].what, Crossing)
    assert told.events[0].conflict
    assert len(told.digest) == 64


@pytest.mark.parametrize(
    ("old", "new", "field", "slug", "hint"),
    [
        ('kind = "level"', 'kind = "levels"', "claim[1].kind", "claims-word", "'level'"),
        ('comparator = "about"', 'comparator = "atleast"', "claim[1].comparator",
         "claims-word", "'at_least'"),
        ('value = "80%"', 'value = "80"', "claim[1].value", "claims-value", '"80%"'),
        ('value = "80%"', "value = 0.8", "claim[1].value", "claims-type", "quotes"),
        ('value = "80%"', "value = 80", "claim[1].value", "claims-type", "quotes"),
        ('value = "80%"', 'valeu = "80%"', "claim[1].valeu", "claims-unknown-key", "'value'"),
        ('window = "2026-06-04"', "window = 2026-06-04", "claim[1].reading[1].window",
         "claims-type", "quotes"),
        ('window = "2026-06-04"', 'window = "June 2026"', "claim[1].reading[1].window",
         "claims-value", '"2026-05"'),
        ('"evaluation", "infra"]', '"evaluations", "infra"]', "claim[1].reading[1].scope.stages",
         "claims-word", "'evaluation'"),
        ('unit = "code_line", basis = "stock" }', 'unit = "lines", basis = "stock" }',
         "claim[1].reading[1].quantity.unit", "claims-word", "'line'"),
        ('event = "model-release"', 'event = "model-relase"', "claim[3].event",
         "claims-reference", "'model-release'"),
        ('sources = ["post"]', 'sources = ["pots"]', "claim[1].sources", "claims-reference",
         "post"),
        ("sustain = 2 ", 'sustain = "2" ', "claim[2].reading[1].sustain", "claims-type",
         "quotes"),
        ("before = 12", "before = 3", "claim[3].reading[1].min_bins.before", "claims-type",
         "quotes"),
        ('tolerance = "5pp"', 'tolerance = "5%"', "claim[1].tolerance", "claims-value",
         '"5pp"'),
        ('id = "share"', 'id = "a b"', "claim[1].id", "claims-value", "letters"),
        ('id = "half"', 'id = "share"', "claim[2].id", "claims-value", "own id"),
        ('schema = "provenance-disclosure/1"', 'schema = "provenance-disclosure/9"', "schema",
         "claims-schema", "provenance-disclosure/1"),
        ('event = "surviving" }\n', 'event = "alive_at_snapshot" }\n',
         "claim[1].reading[2].quantity.event", "claims-word", "merged"),
        ('sha256 = ""', 'sha256 = "abc"', "source[1].sha256", "claims-value", "sha256sum"),
    ],
)  # fmt: skip
def test_a_refusal_names_line_field_and_nearest_word(
    old: str, new: str, field: str, slug: str, hint: str
) -> None:
    """One wrong word in the template; the error leads to it."""
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    line = GOOD[: GOOD.index(old)].count("\n") + 1
    error = refused(text)

    assert f"claims.toml, line {line}, {field}:" in error.message
    assert error.slug == slug
    assert hint in error.hint


@pytest.mark.parametrize("key", ["wording", "value", "comparator", "kind"])
def test_what_is_missing_is_named_with_its_table(key: str) -> None:
    """The line is that of the claim that lacks it."""
    kept = GOOD.split("\n")
    line = kept.index("[[claim]]") + 1
    number = next(at for at, text in enumerate(kept) if at > line and text.startswith(f"{key} ="))
    error = refused("\n".join(kept[:number] + kept[number + 1 :]))

    assert f"line {line}, claim[1]: {key} is missing" in error.message


@pytest.mark.parametrize(
    ("fields", "slug"),
    [
        ('comparator = "at_least"\nvalue = "80%"\ntolerance = "1pp"', "claims-value"),
        ('comparator = "between"\nvalue = "80%"', "claims-value"),
        ('comparator = "between"\nvalue = "80%"\nvalue_to = "70%"', "claims-value"),
        ('comparator = "about"\nvalue = "80%"\nvalue_to = "90%"', "claims-value"),
        ('comparator = "about"\nvalue = "80%"\nthreshold = "9%"', "claims-unknown-key"),
    ],
)
def test_fields_that_do_not_go_together(fields: str, slug: str) -> None:
    """A tolerance belongs to about, a second value to between, a threshold to crossings."""
    with pytest.raises(ClaimError) as caught:
        claimed.claim("level", fields, f'window = "HEAD", quantity = {{ {claimed.LEVEL} }}')

    assert caught.value.slug == slug


def test_a_measured_claim_needs_a_reading() -> None:
    """Without a reading nothing is defined."""
    with pytest.raises(ClaimError, match="has no reading"):
        claimed.claim("level", 'comparator = "about"\nvalue = "80%"')


@pytest.mark.parametrize("kind", ["volume", "people", "prediction", "target"])
def test_sentences_that_are_no_measurement_need_no_reading(kind: str) -> None:
    """They are kept as they are."""
    told = claimed.claim(kind, "")

    assert told.claims[0].what is None
    assert told.claims[0].readings == ()


def test_releases_can_be_windows() -> None:
    """From tag to tag."""
    told = claimed.level("about", "80%", window="v1..v2")

    assert told.claims[0].readings[0].window == Releases("v1", "v2", "v1..v2")


def test_dates_conflict_only_where_they_exclude_each_other() -> None:
    """April against February conflicts; February against the seventeenth does not."""
    told = claimed.disclosure(
        '[[event]]\nid = "f"\nclaimed = "2026-02"\nclaimed_in = "s"\n'
        'resolved = "2026-02-17"\nresolved_by = ["r"]'
    )

    assert [event.conflict for event in told.events] == [True, False, False]


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        (b"\xff\xfe", "claims-syntax"),
        (b"a = ", "claims-syntax"),
        (b"a = " + b"[" * 100_000, "claims-syntax"),
        (b"a = " + b"{a=" * 50_000, "claims-syntax"),
        (b"a = " + b"9" * 100_000, "claims-syntax"),
        (b"#" * (1 << 20) + b"\n", "claims-too-large"),
        (b"", "claims-missing-key"),
        (b"[[schema]]", "claims-type"),
        (b'schema = "provenance-disclosure/1"', "claims-missing-key"),
        (b'schema = "\x1b[31m"', "claims-syntax"),
        ('schema = "\u202egnp"'.encode(), "claims-schema"),
        (b"\n".join(b'"\\u001b[31m%d" = 1' % n for n in range(20_000)), "claims-unknown-key"),
        (b"[a" + b".a" * 300_000 + b"]", "claims-syntax"),
        (b"[[claim]]\n" * 100_000, "claims-missing-key"),
        (b"a = 1\n" + b" " * 1_000_000, "claims-unknown-key"),
        (b"a" + b" " * 1_000_000 + b"= 1", "claims-unknown-key"),
        (b"a = [\n" + b"'[', " * 200_000 + b"\n]", "claims-unknown-key"),
        (b"a = 1\n" + b'# [[x]] = "' * 80_000, "claims-unknown-key"),
    ],
)
def test_hostile_files_are_refused_soon(raw: bytes, slug: str) -> None:
    """Deep, huge, coloured or cut off: an error of ours, within seconds, without raw controls."""
    began = time.process_time()
    error = refused(raw)

    assert error.slug == slug
    assert time.process_time() - began < 20
    assert len(error.message) < 1000
    assert error.message.isprintable()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('[[event]]\nid = "f"\nresolved = "2026-02-17"', "event[3].resolved"),
        ('[[event]]\nid = "f"\nclaimed_in = "t"', "event[3].claimed_in"),
        ('[[event]]\nid = "f"\nresolved = "9999-12"\nresolved_by = ["r"]', "event[3].resolved"),
    ],
)
def test_an_event_names_its_records(text: str, field: str) -> None:
    """A date is resolved by something, and claimed somewhere."""
    with pytest.raises(ClaimError) as caught:
        claimed.disclosure(text)

    assert f"{field}:" in caught.value.message


def test_own_models_need_a_family() -> None:
    """Without one, nobody could say which models are meant."""
    text = GOOD.replace('model_family = ["example"]', "model_family = []")

    assert "discloser.model_family" in refused(text).message


def test_too_many_claims_are_refused() -> None:
    """A thousand are enough for one file."""
    one = '[[claim]]\nid = "c{}"\nkind = "volume"\nsources = ["s"]\nwording = "w"\n'
    with pytest.raises(ClaimError) as caught:
        claimed.disclosure("".join(one.format(at) for at in range(1001)))

    assert caught.value.slug == "claims-too-large"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Nothing but a ClaimError comes out."""
    refused(raw)


@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.text(max_size=6))
def test_any_damage_is_read_or_refused(at: int, length: int, put: str) -> None:
    """The template with a piece cut out or put in."""
    text = GOOD[:at] + put + GOOD[at + length :]
    with suppress(ClaimError):
        assert read(text.encode("utf-8", "surrogatepass"), name="claims.toml").name
