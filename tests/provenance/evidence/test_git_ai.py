"""git-ai's notes: what is attested, what is only called so, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provenance.evidence.dialect import Around, Reading
from provenance.evidence.git_ai import GitAi, is_observed
from provenance.terms.authors import AuthorType, Maker, Tier
from provenance.terms.records import LineClaim
from worlds.records import COMMIT, agent, entry, git_ai, known_model

AROUND = Around(model=known_model)
CURSOR = Maker("cursor", "Anthropic", "claude", "opus-9")
CODEX = Maker("codex", "Anthropic", "claude", "opus-9")


def read(*contents: str | bytes) -> Reading:
    """Read notes."""
    return GitAi().read([entry(content) for content in contents], AROUND)


def claims(content: str | bytes) -> list[tuple[str, int, int, str, str]]:
    """Return the claims of one note, short."""
    (record,) = read(content).records
    return [
        (c.path, c.start, c.stop, c.author_type.value, c.maker.agent or "") for c in record.claims
    ]


def slugs(content: str | bytes) -> list[str]:
    """Return why parts of a note were not used."""
    return [problem.slug for problem in read(content).problems]


def test_every_kind_of_key() -> None:
    """Sessions are cut at ``::``, persons seen typing are human, ranges are zero-based."""
    text = git_ai(
        {
            "train/loop.py": ["s_1::t_a 3,8-11", "s_1::t_b 20", "h_1 12-13", "7f00ba5e 30-31"],
            '"eval/my tasks.py"': ["s_1::t_a 1-40"],
        },
        sessions={"s_1": agent("codex")},
        prompts={"7f00ba5e": agent("cursor", accepted_lines=900)},
        humans={"h_1": {"author": "Ann Author <ann@example.org>"}},
    )

    assert claims(text) == [
        ("train/loop.py", 2, 3, "ai", "codex"),
        ("train/loop.py", 7, 11, "ai", "codex"),
        ("train/loop.py", 19, 20, "ai", "codex"),
        ("train/loop.py", 11, 13, "human", ""),
        ("train/loop.py", 29, 31, "ai", "cursor"),
        ("eval/my tasks.py", 0, 40, "ai", "codex"),
    ]
    (record,) = read(text).records
    assert record.claims[0].maker == CODEX
    assert {c.tier for c in record.claims} == {Tier.OBSERVED}
    assert record.place == f"refs/notes/x:{COMMIT}"
    assert not read(text).problems


@pytest.mark.parametrize(
    ("version", "observed"),
    [
        ("1.6.19", True),
        ("1.4.5", True),
        ("development:1.6.13", True),
        ("1.6.20", False),
        ("1.6.22", False),
        ("1.10.0", False),
        ("development:1.6.20", False),
        ("development:2.0.0-alpha.1", False),
        ("", False),
        ("nightly", False),
    ],
)
def test_human_is_observed_only_before_it_was_guessed(version: str, *, observed: bool) -> None:
    """From 1.6.20 on git-ai calls every line human that is left over."""
    text = git_ai(
        {"a": ["h_1 1-2", "s_1::t 3"]},
        humans={"h_1": {}},
        sessions={"s_1": agent("codex")},
        git_ai_version=version,
    )
    (record,) = read(text).records

    assert is_observed(version) is observed
    assert [c.author_type for c in record.claims] == (
        [AuthorType.HUMAN, AuthorType.AI] if observed else [AuthorType.AI]
    )
    assert slugs(text) == ([] if observed else ["inferred-human"])


@pytest.mark.parametrize("key", ["h_unknown", "human"])
def test_a_person_nobody_names_is_no_observation(key: str) -> None:
    """A key without its record, and the old word for what was left over, claim nothing."""
    text = git_ai({"a": [f"{key} 1-9"]}, humans={"h_1": {}})

    assert read(text).records == ()
    assert slugs(text) == ["inferred-human"]


@pytest.mark.parametrize(
    "key",
    ["ai_agent", "0123456789abcdef", "0123abc", "s_9::t_1", "94341aa7-fe48-4948-a000-000000000000"],
)
def test_dangling_key_is_an_unknown_ai(key: str) -> None:
    """The tool attests an AI; which one was lost."""
    assert claims(git_ai({"a": [f"{key} 1-2"]})) == [("a", 0, 2, "ai", "")]


def test_counters_and_empty_notes_prove_nothing() -> None:
    """1,475 accepted lines without a range are no line of this commit."""
    text = git_ai({}, prompts={"7f00ba5e7f00ba5e": agent("codex", accepted_lines=1475)})

    assert read(text) == Reading((), (), 1)


@pytest.mark.parametrize("tool", ["mock_ai", "test-agent", "Mock AI"])
def test_test_data_is_no_evidence(tool: str) -> None:
    """Lines of a test tool are left out, those of others stay."""
    text = git_ai({"a": ["k1 1-5", "k2 6"]}, prompts={"k1": agent(tool), "k2": agent("claude")})

    assert claims(text) == [("a", 5, 6, "ai", "claude-code")]
    assert slugs(text) == ["test-tool"]


@pytest.mark.parametrize(
    ("session", "tier"),
    [
        (agent("devin"), Tier.INFERRED),
        (agent("codex-cloud"), Tier.INFERRED),
        (agent("cloud-agent"), Tier.INFERRED),
        (agent("github-copilot-agent", session=COMMIT), Tier.INFERRED),
        (agent("codex", "unknown", session="s_1"), Tier.INFERRED),
        (agent("claude-web"), Tier.OBSERVED),
        (agent("codex", session=""), Tier.OBSERVED),
    ],
)
def test_synthesised_sessions_are_inferred(session: dict[str, Any], tier: Tier) -> None:
    """Made up from the machine, an address or the message, they add nothing to it."""
    (record,) = read(git_ai({"a": ["s_1::t 1-5"]}, sessions={"s_1": session})).records

    assert [c.tier for c in record.claims] == [tier]


def test_a_session_without_a_name_is_not_made_up() -> None:
    """Neither is one whose note names no commit: nothing equals nothing."""
    nameless = {"s_1": agent("codex", session="")}
    text = git_ai({"a": ["s_1::t 1-5"]}, sessions=nameless, base_commit_sha="")
    (record,) = read(text).records

    assert record.claims[0].tier is Tier.OBSERVED


def test_the_order_of_claims_is_the_order_of_the_note() -> None:
    """A line claimed twice belongs to the last: the joiner needs the order."""
    text = git_ai({"a": ["k1 1-5", "k2 3"]}, prompts={"k1": agent("claude"), "k2": agent("cursor")})

    assert [c[1:] for c in claims(text)] == [(0, 5, "ai", "claude-code"), (2, 3, "ai", "cursor")]


def test_conversations_are_left_out_and_change_nothing() -> None:
    """What is cut out of a long note unparsed must not change what it says."""
    talk = [{"type": "user", "text": 'say "agent_id": {\n]} ' * 50, "deep": [[1], []]}] * 60
    files = {"a": ["k1 1-5", "s_1::t 6"]}
    plain = git_ai(files, prompts={"k1": agent("claude")}, sessions={"s_1": agent("codex")})
    long = git_ai(
        files,
        prompts={"k1": agent("claude", messages=talk)},
        sessions={"s_1": agent("codex", messages=talk)},
    )

    assert len(long) > 100_000
    assert read(long).records == read(plain).records
    assert not read(long).problems


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        (git_ai({"a": ["k 1"]}, schema_version="authorship/4.0.0"), "unsupported-version"),
        (git_ai({}, schema_version="authorship/4.0.0"), "unsupported-version"),
        (git_ai({"a": ["k 1"]}, schema_version="other"), "unknown-format"),
        ("reviewed by hand, looks good\n", "no-divider"),
        ("---\nlooks good\n", "unknown-format"),
        ("a\n  k 1-2\n---\n{oops", "not-json"),
        ("a\n  k 1-2\n---\n[1]", "not-an-object"),
        ('a\n  k 1-2\n---\n{"a":' + "[" * 100_000, "too-deep"),
        ("", "no-divider"),
        (json.dumps({"files": {}, "schema_version": "authorship/0.0.3"}), "unsupported-version"),
        (json.dumps({"files": {}, "schema_version": "authorship/1.0.0"}), "unsupported-version"),
        (json.dumps({"files": {}, "schema_version": "authorship/2.0.0"}), "unsupported-version"),
        (json.dumps({"hello": 1}), "unknown-format"),
        (b"a\n  k 1\n---\n" + b" " * (8 << 20) + b"{}", "too-large"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "bytes",
)
def test_what_is_no_record_is_a_problem(text: str | bytes, slug: str) -> None:
    """Nothing is guessed and nothing raised; the next record is read."""
    good = git_ai({"a": ["k 1"]})
    reading = read(text, good)

    assert slug in [problem.slug for problem in reading.problems]
    assert len(reading.records) == 1
    assert reading.seen == 2


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ("k 0", "bad-range"),
        ("k 5-3", "bad-range"),
        ("k 1-99999999999", "bad-range"),
        ("k 1-17000000", "bad-range"),
        ("k one", "bad-range"),
        ("k ", "bad-range"),
        ("k ١", "bad-range"),  # noqa: RUF001 - a digit that is no ASCII digit
        ("k 1--2", "bad-range"),
    ],
)
def test_a_bad_range_costs_only_itself(line: str, slug: str) -> None:
    """Other lines of the note are kept."""
    text = git_ai({"a": [line, "k 7"]})

    assert claims(text) == [("a", 6, 7, "ai", "")]
    assert slugs(text) == [slug]


@pytest.mark.parametrize("path", ["/etc/passwd", "a\x00b", "x" * 5000, ""])
def test_bad_paths_claim_nothing(path: str) -> None:
    """A path that git could not hold is refused; undecodable bytes are kept."""
    assert slugs(git_ai({path: ["k 1"]})) == ["bad-path"]
    assert claims(b"\xff.py\n" + git_ai({}).encode().replace(b"---", b"  k 1\n---", 1)) == [
        ("\udcff.py", 0, 1, "ai", "")
    ]


def test_a_note_with_endless_ranges_is_cut() -> None:
    """No more claims than the limit, one problem."""
    text = git_ai({"a": ["k " + ",".join(["1"] * 250_000)]})
    (record,) = read(text).records

    assert len(record.claims) == 200_000
    assert slugs(text) == ["too-many-lines"]


@pytest.mark.parametrize("version", [{}, {"schema_version": "authorship/0.0.1"}])
def test_first_form_reads_tools_and_models_by_name(version: dict[str, str]) -> None:
    """A person's name there is what was left over: no claim."""
    authors = [
        {"author": "Claude Code", "lines": [[10, 71], 80]},
        {"author": "Ann Author", "lines": [1, 2]},
        {"author": "opus", "lines": [5]},
        {"author": "mock_ai", "lines": [6]},
    ]
    text = json.dumps({"files": {"src/a.rs": {"file": "src/a.rs", "authors": authors}}} | version)
    (record,) = read(text).records

    assert record.claims == (
        LineClaim("src/a.rs", 9, 71, AuthorType.AI, Tier.OBSERVED, Maker("claude-code")),
        LineClaim("src/a.rs", 79, 80, AuthorType.AI, Tier.OBSERVED, Maker("claude-code")),
        LineClaim(
            "src/a.rs",
            4,
            5,
            AuthorType.AI,
            Tier.OBSERVED,
            Maker(None, "Anthropic", "claude", "opus"),
        ),
    )


def test_first_form_survives_nonsense() -> None:
    """Wrong types cost only themselves."""
    authors = [{"author": "Claude", "lines": ["x", [1, "2"], [3], None, True, 4]}, 7, {"lines": 3}]
    text = json.dumps({"files": {"a": {"authors": authors}, "b": 5, "c": {"authors": {}}}})

    assert claims(text) == [("a", 3, 4, "ai", "claude-code")]
    assert slugs(text) == ["bad-range"]
