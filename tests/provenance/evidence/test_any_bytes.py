"""Whatever the bytes, a dialect ends soon and raises nothing."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.evidence.dialect import Around, Dialect, Reading, Source, Store
from provenance.evidence.dialects import DIALECTS
from provenance.evidence.limits import LAST_LINE, MOST_CLAIMS, MOST_PROBLEMS
from provenance.evidence.problems import Problems
from provenance.evidence.said import naming_lines
from provenance.evidence.tools import tools
from provenance.terms.authors import RuleId
from worlds.records import COMMIT, agent, entire, entry, git_ai, known_model, trace

WORDS = """
    files path lines authors author ranges start_line end_line startLine endLine version v
    contributor conversations type model_id tool name vcs revision timestamp id session model
    session_id attributions category provider match_type source line_number confidence attribution
    method by_ai initial_attribution agent_lines total_committed generator aiChars humanChars
    schema_version prompts sessions humans agent_id base_commit_sha git_ai_version ledger file
    ledger_hash line_attributions ai human mixed AI AIModified ai_generated authorship/3.0.0
    a/b.py claude line
""".split()  # noqa: SIM905 - a list of sixty words would take sixty lines

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 40),
    st.integers(),
    st.floats(allow_nan=True),
    st.sampled_from([*WORDS, COMMIT]),
    st.text(max_size=6),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
    ),
    max_leaves=25,
)
AROUND = Around(
    model=known_model,
    saying=lambda _: [(COMMIT, "Entire-Checkpoint: aa0000000001")],
    children=lambda _: [COMMIT],
    committed_at=lambda _: 0,
    lines=lambda wanted: dict.fromkeys(wanted, 9),
)
PATHS = ("", "aa/0000000001/0/metadata.json", ".agent-trace/traces.jsonl")


def check(dialect: Dialect, content: bytes) -> None:
    """Read bytes from every kind of place, twice."""
    for path in PATHS:
        for commit in (COMMIT, None):
            given = entry(content, commit=commit, path=path)
            reading = dialect.read([given], AROUND)
            assert reading == dialect.read([given], AROUND)
            hold(dialect, reading)


def hold(dialect: Dialect, reading: Reading) -> None:
    """Hold a result to its contract."""
    for record in reading.records:
        assert record.rule == dialect.id
        assert len(record.claims) <= MOST_CLAIMS
        assert record.claims or record.estimate
        for claim in record.claims:
            assert 0 <= claim.start < claim.stop <= LAST_LINE
            assert claim.path.encode("utf-8", "surrogateescape")
        if record.estimate:
            assert 0 <= record.estimate.low <= record.estimate.high <= record.estimate.whole


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.id)
@given(content=st.binary(max_size=300))
def test_random_bytes(dialect: Dialect, content: bytes) -> None:
    """Bytes of no form at all."""
    check(dialect, content)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.id)
@given(value=values)
def test_random_json(dialect: Dialect, value: object) -> None:
    """JSON of the right words in the wrong places."""
    check(dialect, json.dumps(value).encode())


GOOD: dict[str, Any] = {
    "git-ai": git_ai({"a": ["k 1-9", "h_1 4"]}, prompts={"k": agent("codex")}, humans={"h_1": {}}),
    "agent-trace": json.dumps(trace("a", [(2, 5)], COMMIT)),
    "agentdiff": json.dumps(trace("a", [(2, 5)], COMMIT)),
    "entire": entire(3, 9),
    "agentnote": '{"v":1,"session_id":"s","files":[{"path":"a","by_ai":true}]}',
    "agentblame": (
        '{"version":1,"attributions":[{"path":"a","start_line":2,"end_line":3,'
        '"category":"ai_generated","match_type":"exact_hash"}]}'
    ),
    "whogitit": (
        '{"version":2,"session":{},"files":[{"path":"a","lines":[{"line_number":1,'
        '"source":{"type":"AI"},"confidence":1.0}]}]}'
    ),
    "qwen-note": '{"version":1,"generator":"q","files":{"a":{"aiChars":1,"humanChars":2}}}',
}


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.id)
@given(data=st.data())
def test_damaged_records(dialect: Dialect, data: st.DataObject) -> None:
    """A good record, cut, overwritten or stretched somewhere."""
    good = GOOD[dialect.id].encode()
    at = data.draw(st.integers(0, len(good)))
    cut = data.draw(st.integers(0, 12))
    put = data.draw(st.one_of(st.binary(max_size=12), st.sampled_from([b"\0", b"\n", b'"', b"{"])))
    check(dialect, good[:at] + put + good[at + cut :])


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.id)
@pytest.mark.parametrize(
    "content",
    [
        b"[" * 300_000,
        b'{"files":' * 50_000,
        b'{"files":[' + b"[]," * 200_000 + b"[]]}",
        b'{"v":1' + b"0" * 1_000_000 + b"}",
        b"a\n" + b"  k 1\n" * 100_000 + b"---\n{}",
        b"a\n---\n" + b'  "messages": [\n' * 100_000,
        b"\n" * 1_000_000,
        b'{"a":"' + b"\\u0000" * 1_000_000 + b'"}',
    ],
    ids=["deep", "deep-objects", "wide", "digits", "lines", "talk", "blank", "escapes"],
)
def test_bombs_end_soon(dialect: Dialect, content: bytes) -> None:
    """No form makes reading take longer than its size warrants, or memory without end."""
    for commit, path in ((COMMIT, ""), (None, PATHS[1])):
        hold(dialect, dialect.read([entry(content, commit=commit, path=path)], AROUND))


def test_dialects_are_sorted_and_apart() -> None:
    """Ids are unique and no two dialects read the same place."""
    ids = [dialect.id for dialect in DIALECTS]
    places = [(s.ref, s.name) for dialect in DIALECTS for s in dialect.sources]

    assert ids == sorted(set(ids))
    assert len(places) == len(set(places))
    assert not any("stash" in ref for ref, _ in places)
    assert Source(Store.NOTES, "refs/notes/ai") in DIALECTS[5].sources


def test_tools_are_sorted_clean_names() -> None:
    """Names stand as they are compared; nobody is a test and an agent at once."""
    known = tools()
    allowed = set(string.ascii_lowercase + string.digits + "-")

    assert list(known.agents) == sorted(known.agents)
    for name in (*known.agents, *known.agents.values(), *known.test, *known.unknown):
        assert set(name) <= allowed
    assert not known.test & set(known.agents)
    assert not known.unknown & set(known.agents)


def test_problems_are_counted_not_piled_up() -> None:
    """Repetitions at one place become a number; the list ends."""
    problems = Problems(RuleId("x"))
    for number in range(MOST_PROBLEMS + 50):
        problems.add(f"place {number}", "slug", "d" * 500)
        problems.add("place 0", "slug", "again")
    listed = problems.listed()

    assert len(listed) == MOST_PROBLEMS + 1
    assert listed[0].detail.endswith(f"(and {MOST_PROBLEMS + 50} more like this)")
    assert len(listed[1].detail) <= 200
    assert (listed[-1].slug, listed[-1].detail[:2]) == ("more-problems", "50")


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (b"authored-by: GPT 5.5 <codex@x>\n", "Co-authored-by: GPT 5.5 <codex@x>"),
        (b"CI says: fine\nCo-authored-by: A <a@x>\r\n", "Co-authored-by: A <a@x>"),
        (b"Assisted-by: Tool\nreviewed-by: B", "Assisted-by: Tool"),
        (b"the authored-by: line is not at the start of this one", ""),
        (b"authored-by:\n", ""),
        (b"Generated by Claude Code in CI\n", ""),
        (b"\xff\xfe\x00", ""),
    ],
)
def test_only_lines_that_name_a_writer_are_taken_from_notes(note: bytes, expected: str) -> None:
    """Logs and reviews in notes mention tools without meaning authorship."""
    assert naming_lines(note) == expected


@given(st.binary(max_size=200))
def test_any_note_is_read(note: bytes) -> None:
    """Whatever it holds."""
    assert "\r" not in naming_lines(note)
