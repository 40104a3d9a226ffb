"""From signs to one author type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.attribution.weigh import ONE_FILE_SUGGESTION, weigh
from provenance.rules.load import load_catalogue
from provenance.terms.authors import (
    UNATTESTED,
    AuthorType,
    Evidence,
    Maker,
    RuleId,
    Strength,
    Tier,
    Where,
)
from provenance.terms.commits import Commit, CommitId, Identity

_PERSON = Identity("A Person", "person@example.org")
_COMMIT = Commit(CommitId("0" * 40), (CommitId("1" * 40),), _PERSON, _PERSON, 0, 0, "Fix\n")
_OPUS = Maker("claude-code", "Anthropic", "claude", "claude-opus-4.5")
_CLAUDE = Maker("claude-code", "Anthropic", "claude")
_GPT = Maker("codex", "OpenAI", "gpt", "gpt-5.4")


def _sign(
    strength: Strength,
    where: Where = Where.CO_AUTHOR,
    *,
    tier: Tier = Tier.DECLARED,
    maker: Maker = _CLAUDE,
    rule: str = "some-rule",
) -> Evidence:
    return Evidence(RuleId(rule), where, "text", strength, tier, maker)


@pytest.mark.parametrize(
    ("strength", "where", "expected"),
    [
        (Strength.WROTE, Where.AUTHOR, AuthorType.AI),
        (Strength.WROTE, Where.SUBJECT, AuthorType.AI),
        (Strength.WROTE, Where.PROSE, AuthorType.AI),
        (Strength.WROTE, Where.CO_AUTHOR, AuthorType.ASSISTED),
        (Strength.WROTE, Where.TRAILER, AuthorType.ASSISTED),
        (Strength.CO_WROTE, Where.AUTHOR, AuthorType.ASSISTED),
        (Strength.CO_WROTE, Where.FOOTER, AuthorType.ASSISTED),
        (Strength.ASSISTED, Where.TRAILER, AuthorType.ASSISTED),
        (Strength.SESSION, Where.TRAILER, AuthorType.ASSISTED),
        (Strength.SUGGESTED, Where.CO_AUTHOR, AuthorType.UNATTESTED),
        (Strength.PROCESS, Where.COMMITTER, AuthorType.UNATTESTED),
        (Strength.HINT, Where.BRANCH, AuthorType.UNATTESTED),
        (Strength.AUTOMATION, Where.AUTHOR, AuthorType.AUTOMATION),
    ],
)
def test_one_sign_decides_as_the_words_say(
    strength: Strength, where: Where, expected: AuthorType
) -> None:
    """Each strength in each place has one meaning."""
    sign = _sign(strength, where)
    found = weigh(_COMMIT, [sign])

    assert found.author_type is expected
    assert found.evidence == (sign,)
    assert (found.rule is None) == (expected is AuthorType.UNATTESTED)


def test_nothing_seen_is_unattested() -> None:
    """Silence is never a person."""
    assert weigh(_COMMIT, []) == UNATTESTED


def test_weak_signs_are_kept_and_shown() -> None:
    """An undecided commit still carries what was seen."""
    found = weigh(_COMMIT, [_sign(Strength.HINT), _sign(Strength.SUGGESTED)])

    assert found.author_type is AuthorType.UNATTESTED
    assert [sign.strength for sign in found.evidence] == [Strength.SUGGESTED, Strength.HINT]
    assert found.maker == Maker()


@pytest.mark.parametrize(
    ("files", "parents", "expected"),
    [
        (1, 1, AuthorType.ASSISTED),
        (2, 1, AuthorType.UNATTESTED),
        (None, 1, AuthorType.UNATTESTED),
        (1, 2, AuthorType.UNATTESTED),
    ],
)
def test_accepted_suggestion_needs_one_file(
    files: int | None, parents: int, expected: AuthorType
) -> None:
    """Only a one-file commit can consist of the suggestion."""
    ids = tuple(CommitId(str(at) * 40) for at in range(parents))
    commit = Commit(CommitId("f" * 40), ids, _PERSON, _PERSON, 0, 0, "Update a.md")
    signs = [
        _sign(Strength.SUGGESTED, maker=Maker("greptile")),
        _sign(Strength.HINT, Where.SUBJECT, rule=ONE_FILE_SUGGESTION, maker=Maker()),
    ]

    assert weigh(commit, signs, files_changed=files).author_type is expected


def test_rule_named_in_the_code_exists() -> None:
    """The one rule the weighing asks for by name is in the catalogue."""
    assert load_catalogue().rule(ONE_FILE_SUGGESTION).where is Where.SUBJECT


def test_one_agent_twice_takes_the_most_specific_model() -> None:
    """Two keys for one agent are one agent."""
    found = weigh(_COMMIT, [_sign(Strength.CO_WROTE), _sign(Strength.ASSISTED, maker=_OPUS)])

    assert found.maker == _OPUS
    assert not found.conflict


def test_unnamed_tool_joins_the_named_one() -> None:
    """A model without a tool belongs to the only tool that is named."""
    bare = Maker(None, "OpenAI", "gpt", "gpt-5.4")
    named = Maker("codex")
    found = weigh(
        _COMMIT, [_sign(Strength.ASSISTED, maker=bare), _sign(Strength.CO_WROTE, maker=named)]
    )

    assert found.maker == _GPT
    assert not found.conflict


def test_two_vendors_leave_the_model_undecided() -> None:
    """Nobody can say which vendor wrote which line."""
    author = _sign(Strength.WROTE, Where.AUTHOR, maker=_GPT)
    found = weigh(_COMMIT, [author, _sign(Strength.CO_WROTE, maker=_OPUS)])

    assert found.author_type is AuthorType.AI
    assert found.maker == Maker("codex")
    assert found.conflict


def test_two_versions_keep_the_family() -> None:
    """Two models of one family leave only the version open."""
    sonnet = Maker("claude-code", "Anthropic", "claude", "claude-sonnet-4.6")
    found = weigh(
        _COMMIT, [_sign(Strength.CO_WROTE, maker=_OPUS), _sign(Strength.CO_WROTE, maker=sonnet)]
    )

    assert found.maker == _CLAUDE
    assert not found.conflict


def test_unknown_model_of_a_second_agent_is_not_guessed() -> None:
    """An agent without a stated model may have used any."""
    found = weigh(
        _COMMIT,
        [_sign(Strength.CO_WROTE, maker=_OPUS), _sign(Strength.CO_WROTE, maker=Maker("cursor"))],
    )

    assert found.maker.vendor is None
    assert found.conflict


def test_process_of_another_vendor_is_no_conflict() -> None:
    """A reviewer does not share in the writing."""
    found = weigh(_COMMIT, [_sign(Strength.CO_WROTE), _sign(Strength.PROCESS, maker=_GPT)])

    assert found.maker == _CLAUDE
    assert not found.conflict


def test_machine_with_declared_evidence_is_a_conflict() -> None:
    """A workflow identity that carries an agent's trailer is reported as such."""
    machine = _sign(Strength.AUTOMATION, Where.AUTHOR, maker=Maker())
    found = weigh(_COMMIT, [machine, _sign(Strength.CO_WROTE)])

    assert found.author_type is AuthorType.ASSISTED
    assert found.conflict


def test_person_over_the_mailbox_of_an_agent_is_a_conflict() -> None:
    """Name and address disagree: both are shown."""
    assert weigh(_COMMIT, [_sign(Strength.CO_WROTE, Where.AUTHOR)]).conflict


_SIGNS = st.lists(
    st.builds(
        _sign,
        st.sampled_from([s for s in Strength if s is not Strength.NONE]),
        st.sampled_from(list(Where)),
        tier=st.sampled_from(list(Tier)),
        maker=st.sampled_from([_OPUS, _CLAUDE, _GPT, Maker(), Maker("cursor")]),
    ),
    max_size=6,
)


@given(_SIGNS, st.none() | st.integers(0, 3))
def test_weighing_keeps_its_promises(signs: list[Evidence], files: int | None) -> None:
    """Nothing is lost, the decider stands first, and a person is never inferred."""
    found = weigh(_COMMIT, signs, files_changed=files)

    assert sorted(map(repr, found.evidence)) == sorted(map(repr, signs))
    assert found.author_type not in (AuthorType.HUMAN, AuthorType.PREDATES_AI)
    if found.rule is not None:
        assert found.evidence[0].rule == found.rule
        assert found.evidence[0].tier is found.tier
    if found.maker.model:
        assert found.maker.family
        assert found.maker.vendor


@given(_SIGNS)
def test_order_of_signs_does_not_change_the_decision(signs: list[Evidence]) -> None:
    """The type, the maker and the conflict do not depend on where a sign stood."""
    one, two = weigh(_COMMIT, signs), weigh(_COMMIT, signs[::-1])

    assert one.author_type is two.author_type
    assert one.conflict is two.conflict
    assert (one.maker.vendor, one.maker.family, one.maker.model) == (
        two.maker.vendor,
        two.maker.family,
        two.maker.model,
    )


@given(_SIGNS, st.sampled_from([Strength.PROCESS, Strength.HINT, Strength.SUGGESTED]))
def test_weak_sign_never_changes_the_type(signs: list[Evidence], weak: Strength) -> None:
    """Process, hints and suggestions are shown but do not decide."""
    more = [*signs, _sign(weak, Where.FOOTER)]

    assert weigh(_COMMIT, more).author_type is weigh(_COMMIT, signs).author_type
