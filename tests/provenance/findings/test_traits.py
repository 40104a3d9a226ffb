"""What a commit says about itself."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from provenance.findings.lookalikes import is_lookalike
from provenance.findings.seen import Trait
from provenance.findings.traits import TraitReader, author_key
from provenance.rules.load import load_catalogue
from provenance.rules.match import match
from provenance.terms.commits import Commit, CommitId, Identity

_ANN = Identity("Ann Author", "ann@example.org")
_OPUS = "Fix it\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>\n"


@cache
def _reader(*own: str) -> TraitReader:
    return TraitReader(load_catalogue(), own_families=own)


def _traits(
    message: str, day: str = "2026-08-01T12:00", *, own: str = "", by: Identity = _ANN
) -> Trait:
    second = int(dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC).timestamp())
    commit = Commit(CommitId("1" * 40), (), by, _ANN, second, second, message)
    reader = _reader(own) if own else _reader()
    return reader.of(commit, match(commit, load_catalogue()))


def test_a_model_named_before_its_release_is_too_early() -> None:
    """A day of grace: clocks and time zones differ. Opus 4.5 was released on 2025-11-24."""
    assert Trait.MODEL_TOO_EARLY in _traits(_OPUS, "2025-11-22T23:59")
    assert Trait.MODEL_TOO_EARLY not in _traits(_OPUS, "2025-11-23T00:00")
    assert Trait.MODEL_TOO_EARLY not in _traits(_OPUS)


def test_an_own_model_may_have_been_used_early() -> None:
    """The question is another one where the lab says the family is its own."""
    early = _traits(_OPUS, "2025-06-01T00:00", own="claude")

    assert Trait.OWN_MODEL_TOO_EARLY in early
    assert Trait.MODEL_TOO_EARLY not in early


def test_a_sighting_accuses_nobody() -> None:
    """The first sight of a model is not its release."""
    message = "Fix it\n\nAssisted-by: Kimi K2.5 via Crush <crush@charm.land>\n"

    assert Trait.MODEL_TOO_EARLY not in _traits(message, "2024-01-01T00:00")


@pytest.mark.parametrize(
    ("subject", "squashed"),
    [("Add it (#12)", True), ("Add it (#12) ", True), ("Add it #12", False), ("(#1) Add", False)],
)
def test_a_squash_is_known_by_its_subject(subject: str, squashed: bool) -> None:
    assert (Trait.SQUASHED in _traits(f"{subject}\n\nBody (#3)\n")) is squashed


def test_a_tool_at_another_address_is_spelling() -> None:
    odd = "Fix\n\nCo-Authored-By: Claude Code <me@example.org>\n"

    assert Trait.SPELLING in _traits(odd)
    assert Trait.SPELLING not in _traits(_OPUS)
    assert Trait.NAMED in _traits(odd)


def test_a_machine_of_undisclosed_nature_is_known() -> None:
    by = Identity("i-am-marvin", "i-am-marvin@users.noreply.github.com")

    assert Trait.UNDISCLOSED in _traits("Fix it", by=by)
    assert Trait.UNDISCLOSED not in _traits("Fix it")


def test_a_plain_commit_has_no_trait() -> None:
    assert _traits("Fix it\n\nSigned-off-by: Ann Author <ann@example.org>\n") == Trait(0)


@pytest.mark.parametrize(
    "identity",
    [
        "Claude <noreply@anthropic.co>",
        "Claude <noreply@anthropc.com>",
        "Claude <noreply@antrhopic.com>",
        "Claude <noreply@anthropic.com.example.org>",
        "Codex <codex@openal.com>",
        "\u0421laude <noreply@example.org>",
        "\uff23\uff4c\uff41\uff55\uff44\uff45 <a@example.org>",
        "Copilot <1+Copilot@users.noreply.github.co>",
    ],
)
def test_imitations_are_seen(identity: str) -> None:
    assert is_lookalike(identity)


@pytest.mark.parametrize(
    "identity",
    [
        "Claude <noreply@anthropic.com>",
        "Ann <ann@mail.openai.com>",
        "Claud\u00e9 Monet <claude@example.org>",
        "Ann <1+ann@users.noreply.github.co>",
        "OpenClaude <noreply@openclaude.dev>",
        "\u041e\u043b\u044c\u0433\u0430 <olga@example.org>",
        "no address",
        "",
        "<>",
    ],
)
def test_own_names_and_addresses_are_left_alone(identity: str) -> None:
    assert not is_lookalike(identity)


def test_author_keys_do_not_tell_names() -> None:
    """Equal for one name however it is written, different for others, and small enough to store."""
    assert author_key("Ann  Author") == author_key("ann author")
    assert author_key("Ann") != author_key("Bob")
    assert 0 <= author_key("\udc80") < 1 << 56
