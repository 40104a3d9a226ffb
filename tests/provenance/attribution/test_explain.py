"""What ``explain`` says."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from provenance.attribution.explain import as_json, as_text
from provenance.terms.authors import (
    UNATTESTED,
    Attribution,
    AuthorType,
    Evidence,
    Maker,
    RuleId,
    Strength,
    Tier,
    Where,
)
from provenance.terms.commits import CommitId

_ID = CommitId("0123456789" * 4)
_SIGN = Evidence(
    RuleId("claude-co-author"),
    Where.CO_AUTHOR,
    "Claude Opus 4.5 <noreply@anthropic.com>",
    Strength.CO_WROTE,
    Tier.DECLARED,
)
_MAKER = Maker("claude-code", "Anthropic", "claude", "claude-opus-4.5")
_FOUND = Attribution(
    AuthorType.ASSISTED, Tier.DECLARED, _SIGN.rule, _MAKER, (_SIGN,), conflict=True
)


def test_object_keeps_the_contract() -> None:
    """Keys, order and nulls are those that others build on."""
    assert as_json(_FOUND, _ID) == {
        "commit": _ID,
        "author_type": "assisted",
        "tier": "declared",
        "rule": "claude-co-author",
        "agent": "claude-code",
        "vendor": "Anthropic",
        "family": "claude",
        "model": "claude-opus-4.5",
        "evidence": [{"rule": "claude-co-author", "where": "co-author", "text": _SIGN.text}],
        "conflict": True,
    }
    assert list(as_json(_FOUND, _ID)) == list(as_json(UNATTESTED, _ID))
    assert as_json(UNATTESTED, _ID)["rule"] is None
    assert json.loads(json.dumps(as_json(_FOUND, _ID))) == as_json(_FOUND, _ID)


def test_text_names_rule_tool_model_and_conflict() -> None:
    """A person can follow the decision without the JSON."""
    text = as_text(_FOUND, _ID)

    assert text.startswith(f"{_ID}  assisted: ")
    assert "decided by claude-co-author (declared)" in text
    assert "model claude-opus-4.5 (Anthropic)" in text
    assert "conflict" in text
    assert "co-author says co-wrote [claude-co-author]" in text


def test_unattested_is_never_called_human() -> None:
    """Silence is described as silence."""
    text = as_text(UNATTESTED, _ID)

    assert "nothing says who wrote it" in text
    assert "human" not in text


def test_unknown_model_is_said() -> None:
    """A missing version or vendor is words, not a blank."""
    family = Attribution(
        AuthorType.AI, Tier.DECLARED, _SIGN.rule, Maker(family="claude"), (), conflict=False
    )
    none = Attribution(AuthorType.AI, Tier.DECLARED, _SIGN.rule, Maker(), (), conflict=False)

    assert "model claude, version unknown (vendor unknown)" in as_text(family, _ID)
    assert "model unknown" in as_text(none, _ID)


@given(st.text(max_size=200))
def test_hostile_text_cannot_command_a_terminal(text: str) -> None:
    """Control characters and stray bytes of a message are made visible."""
    sign = Evidence(_SIGN.rule, Where.PROSE, text, Strength.HINT, Tier.INFERRED)
    shown = as_text(
        Attribution(AuthorType.UNATTESTED, None, None, Maker(), (sign,), conflict=False), _ID
    )

    assert all(char.isprintable() or char == "\n" for char in shown)
    assert len(shown.splitlines()) == 2
