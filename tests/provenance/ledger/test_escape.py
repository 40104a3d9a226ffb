from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import LedgerError
from provenance.ledger.escape import escape, unescape

_ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
_TRICKY = st.text(st.sampled_from("\\xu0cdf8\x00\udc80\udcff\ud800é"), max_size=12)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("src/train.py", "src/train.py"),
        ("é/数据 '\"\n", "é/数据 '\"\n"),
        ("a\\b", "a\\\\b"),
        ("caf\udce9.py", "caf\\xe9.py"),
        ("nul\x00", "nul\\x00"),
        ("\ud83d", "\\ud83d"),
        ("\\x00", "\\\\x00"),
        ("\\\udc80", "\\\\\\x80"),
    ],
)
def test_only_what_cannot_be_stored_is_rewritten(text: str, stored: str) -> None:
    assert escape(text) == stored
    assert unescape(stored) == text


@given(_ANY_TEXT | _TRICKY)
def test_every_text_comes_back(text: str) -> None:
    """Storable, and the very same text again, for every text Python can hold."""
    stored = escape(text)

    assert "\x00" not in stored
    assert stored.encode("utf-8").decode("utf-8") == stored
    assert unescape(stored) == text


@given(st.binary(max_size=40))
def test_every_path_git_can_name_comes_back(raw: bytes) -> None:
    path = raw.decode("utf-8", "surrogateescape")

    assert unescape(escape(path)).encode("utf-8", "surrogateescape") == raw


@given(_TRICKY, _TRICKY)
def test_different_texts_never_collide(one: str, other: str) -> None:
    assert (escape(one) == escape(other)) == (one == other)


@pytest.mark.parametrize("stored", ["\\", "a\\b", "\\x9", "\\u0041", "\\\\\\", "\\X80"])
def test_text_that_was_never_escaped_is_refused(stored: str) -> None:
    with pytest.raises(LedgerError) as caught:
        unescape(stored)

    assert caught.value.slug == "ledger-escape"
