"""The engine: places, order, bounds and speed on hostile messages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution.weigh import weigh
from provenance.rules.load import load_catalogue
from provenance.rules.match import match
from provenance.rules.places import co_authors, merged_branch, own_text
from provenance.terms.authors import AuthorType, Evidence, Where
from provenance.terms.commits import Commit, CommitId, Identity

_PERSON = Identity("A Person", "person@example.org")
_CLAUDE = Identity("Claude", "noreply@anthropic.com")
_TRAILER = "Co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>"
_MEGABYTE = 1_000_000


def _commit(
    message: str, *, author: Identity = _PERSON, committer: Identity | None = None
) -> Commit:
    return Commit(CommitId("0" * 40), (), author, committer or author, 0, 0, message)


def _signs(commit: Commit) -> tuple[Evidence, ...]:
    return match(commit, load_catalogue())


def _type(message: str) -> AuthorType:
    commit = _commit(message)
    return weigh(commit, _signs(commit)).author_type


def test_places_are_kept_apart() -> None:
    """The same agent as author, committer and co-author is three different signs."""
    commit = _commit(f"Fix\n\n{_TRAILER}", author=_CLAUDE)
    applied = _commit("Fix", committer=_CLAUDE)

    assert [sign.where for sign in _signs(commit)] == [Where.AUTHOR, Where.CO_AUTHOR]
    assert [sign.where for sign in _signs(applied)] == [Where.COMMITTER]


def test_committer_equal_to_author_says_nothing_more() -> None:
    """An identity is not counted twice."""
    assert [sign.where for sign in _signs(_commit("Fix", author=_CLAUDE))] == [Where.AUTHOR]


def test_repeated_line_is_one_sign() -> None:
    """The same trailer twice in a squash body speaks once."""
    assert len(_signs(_commit(f"Fix\n\n{_TRAILER}\n\n---------\n\n{_TRAILER}"))) == 1


@pytest.mark.parametrize(
    "line",
    [
        _TRAILER,
        _TRAILER.lower(),
        _TRAILER.upper(),
        f"  {_TRAILER}",
        f"* {_TRAILER}",
        f"{_TRAILER}\r",
        "Co-Authored-By: Claude Opus4.5<noreply@anthropic.com>",
        "Co-authored-by:Claude Opus 4.5 <noreply@anthropic.com>",
    ],
)
def test_trailer_is_read_leniently(line: str) -> None:
    """Spelling, a bullet, a little room and foreign line ends do not matter."""
    (sign,) = _signs(_commit(f"Fix\n\n{line}\nmore"))

    assert sign.maker.model == "claude-opus-4.5"


@pytest.mark.parametrize(
    "line",
    [
        f"> {_TRAILER}",
        f"    {_TRAILER}",
        f"we add {_TRAILER}",
        f"`{_TRAILER}`",
        f"{_TRAILER} is what the hook writes",
        "Reviewed-by: Claude <noreply@anthropic.com>",
        "Co-authored-by: unknown <>",
        "Co-authored-by:",
    ],
)
def test_text_about_a_trailer_is_no_trailer(line: str) -> None:
    """Quoted, indented, embedded or continued lines claim nothing."""
    assert _signs(_commit(f"Fix\n\n{line}\nmore")) == ()


def test_log_of_a_squash_merge_is_unfolded() -> None:
    """``git merge --squash`` indents the messages it collects and lists their authors."""
    log = "Squashed commit of the following:\n\ncommit 0123\nAuthor: {}\n\n    Fix\n\n    {}\n"
    trailer = log.format("A Person <person@example.org>", _TRAILER)
    author = log.format("Claude <noreply@anthropic.com>", "x")

    assert [sign.where for sign in _signs(_commit(trailer))] == [Where.CO_AUTHOR]
    assert [sign.where for sign in _signs(_commit(author))] == [Where.CO_AUTHOR]


def test_subject_never_gives_a_model() -> None:
    """A model word in the subject is the feature."""
    (sign,) = _signs(_commit("aider: feat: Add gpt-5.3-codex"))

    assert sign.where is Where.SUBJECT
    assert sign.maker.model is None
    assert sign.maker.vendor is None


def test_branch_of_a_merge_is_a_hint() -> None:
    """Both forms of merge subjects are understood; other words are not branches."""
    assert merged_branch("Merge pull request #1 from owner/claude/fix-it") == "claude/fix-it"
    assert merged_branch("Merge branch 'codex/x' into main") == "codex/x"
    assert merged_branch("Merge 27aca32 into b405847") == ""


def test_ordinary_message_is_its_own_text() -> None:
    """Nothing is cut from a message that quotes nobody."""
    message = "Revert the default\n\nOriginally it was on.\n"

    assert own_text(message) == message
    assert own_text("a\\n\\nb") == "a\n\nb"
    assert own_text("say \\n\nand more") == "say \\n\nand more"


def test_hostile_number_of_co_authors_is_bounded() -> None:
    """A message of co-author lines is read up to a limit."""
    message = "\n".join(f"Co-authored-by: p{at} <p{at}@x.example>" for at in range(5000))

    assert len(co_authors(message, message.lower())) == 1000


_HOSTILE = {
    "empty lines": "\n" * _MEGABYTE,
    "spaces": " " * _MEGABYTE,
    "one long word": "a" * _MEGABYTE,
    "co-author keys": "Co-authored-by: " * (_MEGABYTE // 16),
    "co-author lines": "\n".join(f"Co-authored-by: Claude {n} <x" for n in range(_MEGABYTE // 30)),
    "endless co-author": "Co-authored-by: " + "Claude <" * (_MEGABYTE // 8),
    "assisted": "Assisted-by: " + "x " * (_MEGABYTE // 2),
    "assisted lines": "Assisted-by: a via Crus\n" * (_MEGABYTE // 24),
    "footer starts": "Generated with \n" * (_MEGABYTE // 16),
    "marks before a footer": "*_-#" * (_MEGABYTE // 4) + "Generated with Crush",
    "session starts": "   https://claude.ai/code/session_ \n" * (_MEGABYTE // 36),
    "signature": "Agent-Signature: " + "a." * (_MEGABYTE // 2),
    "shots": "(1% 1-shotted by claude" * (_MEGABYTE // 23),
    "prose starts": "This commit was mostly written by the help of claud " * (_MEGABYTE // 52),
    "prose words": "Written by claude" * (_MEGABYTE // 17),
    "sentences": "Authored with. " * (_MEGABYTE // 15) + "gpt claude",
    "commas": ", made with ai" * (_MEGABYTE // 14),
    "bare words": "claude codex cursor ai gpt gemini copilot " * (_MEGABYTE // 42),
    "literal breaks": "x\\n\\nCo-authored-by: Claude" * (_MEGABYTE // 26),
    "squash": "Squashed commit of the following:\n" + "Author: a <b>\n    x\n" * (_MEGABYTE // 20),
    "revert": 'Revert "x"\n' + "original \n" * (_MEGABYTE // 10),
    "letters of many bytes": "\u0130\u017fK\udc80" * (_MEGABYTE // 4) + "claude",
    "every word": " ".join(
        sorted({word for rule in load_catalogue().rules for word in rule.needles})
    )
    * 800,
}


@pytest.mark.parametrize("message", _HOSTILE.values(), ids=_HOSTILE)
def test_hostile_megabyte_is_matched_within_a_second(message: str) -> None:
    """No message can hold the engine up."""
    commit = _commit("Fix\n\n" + message)
    _signs(_commit("warm up"))
    start = time.process_time()

    _signs(commit)

    assert time.process_time() - start < 1.0


def test_hostile_subject_and_identities_are_bounded() -> None:
    """A megabyte in a name, an address or the first line costs nothing either."""
    long = "claude (aider " * (_MEGABYTE // 14)
    start = time.process_time()

    _signs(_commit("aider " * (_MEGABYTE // 6), author=Identity(long, long)))
    _signs(_commit("Merge branch '" + "x/" * (_MEGABYTE // 2), author=Identity("<" * 1000, "")))

    assert time.process_time() - start < 1.0


_WORDS = st.sampled_from(
    [
        "the", "a", "claude", "Codex", "cursor", "gemini", "agent", "model", "add", "support",
        "for", "trailer", "co-authored-by", "session", "AI", "fix", "loop", "provider", "opus",
        "4.5", "gpt-5", "generated", "Generate", "written", "copilot", "support", "(#12)",
    ]
)  # fmt: skip
_PROSE = st.lists(_WORDS, min_size=1, max_size=8).map(" ".join)


@given(st.text(max_size=300), st.text(max_size=40), st.text(max_size=40))
@settings(deadline=None)
def test_any_commit_is_matched(message: str, name: str, email: str) -> None:
    """Arbitrary bytes never fail, and the same commit gives the same signs."""
    commit = _commit(message, author=Identity(name, email))

    assert _signs(commit) == _signs(commit)
    assert weigh(commit, _signs(commit)).author_type in AuthorType


@given(st.lists(_PROSE, max_size=6))
@settings(deadline=None)
def test_prose_never_makes_ai(lines: list[str]) -> None:
    """Lines that talk about tools leave an unattested commit unattested."""
    message = "Change the loop\n\n" + "\n".join(f"- the {line}" for line in lines)

    assert _type(message) is AuthorType.UNATTESTED


@given(st.lists(_PROSE, max_size=6), st.integers(0, 6))
@settings(deadline=None)
def test_surrounding_prose_never_hides_a_trailer(lines: list[str], at: int) -> None:
    """A trailer counts anywhere in a squash body."""
    body = [f"- the {line}" for line in lines]
    body.insert(min(at, len(body)), _TRAILER)

    assert _type("Change the loop\n\n" + "\n".join(body)) is AuthorType.ASSISTED
