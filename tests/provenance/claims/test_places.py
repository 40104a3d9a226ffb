"""The line of a key is the line a reader finds it in."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from provenance.claims.places import Places

TEXT = '''\
schema = "x"  # [[claim]]

[discloser]
name = """a
[[claim]]
b = 1
"""
model_family = [
  "one",  # ]
  "[two]",
]

[[claim]]
id = "first"
quantity = { unit = "line", basis = "stock" }
[[claim.reading]]
id = 'x = "1"'

[[claim]]
"id" = "second"
[[claim.reading]]
id = "a"
[[claim.reading]]
scope.stages = []
'''


def test_lines_are_those_of_the_text() -> None:
    """Strings, comments and lists over several lines do not mislead."""
    assert tomllib.loads(TEXT)
    places = Places(TEXT)

    assert places.line(("schema",)) == 1
    assert places.line(("discloser", "name")) == 4
    assert places.line(("discloser", "model_family")) == 8
    assert places.line(("claim", 0)) == 13
    assert places.line(("claim", 0, "id")) == 14
    assert places.line(("claim", 0, "quantity", "unit")) == 15
    assert places.line(("claim", 0, "reading", 0, "id")) == 17
    assert places.line(("claim", 1, "id")) == 20
    assert places.line(("claim", 1, "reading", 0)) == 21
    assert places.line(("claim", 1, "reading", 1, "scope", "stages")) == 24


def test_what_is_missing_stands_where_its_table_does() -> None:
    """A key that is not there is looked for in the table that lacks it."""
    places = Places(TEXT)

    assert places.line(("claim", 1, "wording")) == 19
    assert places.line(("nothing",)) == 1


@given(st.text(st.sampled_from("[]{}=\"'#\n ab.\\"), max_size=60))
def test_any_text_has_lines(text: str) -> None:
    """Whatever the text, every answer is a line of it."""
    places = Places(text)

    assert 1 <= places.line(("a", 0, "b")) <= text.count("\n") + 1
