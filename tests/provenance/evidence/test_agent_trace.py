"""Agent Trace: which commit holds the lines, and which records cannot be used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from provenance.evidence.agent_trace import AgentTrace
from provenance.evidence.agentdiff import Agentdiff
from provenance.evidence.dialect import Around, Entry, Reading, Store
from provenance.evidence.traces import seconds
from provenance.terms.authors import AuthorType, Maker, Tier
from provenance.terms.commits import CommitId
from provenance.terms.records import LineClaim
from worlds.records import COMMIT, entry, jsonl, known_model, trace

A, B, C, D = (CommitId(letter * 40) for letter in "abcd")
NINE = "2023-11-14T09:00:00Z"
TEN = "2023-11-14T10:00:00Z"
HALF_PAST_NINE = "2023-11-14T09:30:00+00:00"
CURSOR = Maker("cursor", "Anthropic", "claude", "anthropic/opus-9")


@dataclass
class History:
    """A history told in two mappings: parent to children, and lines left in changed files."""

    children: Mapping[CommitId, Sequence[CommitId]]
    lines: Mapping[tuple[CommitId, str], int]
    dates: Mapping[CommitId, int] = field(
        default_factory=lambda: dict.fromkeys((A, B, C, D), seconds(NINE) or 0)
    )

    def around(self) -> Around:
        """Return it as dialects ask it."""
        return Around(
            model=known_model,
            children=lambda commit: self.children.get(commit, ()),
            committed_at=self.dates.get,
            lines=lambda wanted: {at: self.lines[at] for at in wanted if at in self.lines},
        )


LINE = History({A: [B], B: [C]}, {(A, "f"): 50, (B, "f"): 50, (C, "f"): 50})


def file(text: str) -> Entry:
    """Return the file of the reference implementation."""
    return entry(text, commit=None, ref="", path=".agent-trace/traces.jsonl", store=Store.FILE)


def read(history: History, *records: Mapping[str, object]) -> Reading:
    """Read a file of records."""
    return AgentTrace().read([file(jsonl(*records))], history.around())


def spans(reading: Reading) -> dict[CommitId, list[tuple[int, int]]]:
    """Return the claimed lines by commit."""
    return {r.commit: [(c.start, c.stop) for c in r.claims] for r in reading.records}


def slugs(reading: Reading) -> list[str]:
    """Return why records were not used."""
    return [problem.slug for problem in reading.problems]


def test_lines_written_after_a_commit_are_in_its_child() -> None:
    """The reference implementation records the parent of the commit to come."""
    reading = read(LINE, trace("f", [(10, 25)], A, HALF_PAST_NINE))

    assert reading.records[0].claims == (
        LineClaim("f", 9, 25, AuthorType.AI, Tier.OBSERVED, CURSOR),
    )
    assert spans(reading) == {B: [(9, 25)]}
    assert reading.records[0].place == "HEAD:.agent-trace/traces.jsonl"


def test_lines_written_before_a_commit_are_in_it() -> None:
    """The letter of the specification: lines at the recorded revision."""
    assert spans(read(LINE, trace("f", [(10, 25)], A, NINE))) == {A: [(9, 25)]}


def test_only_a_commit_that_changes_the_file_can_hold_its_lines() -> None:
    """Where no child changes the file, the revision does or nobody does."""
    here = History({A: [B]}, {(A, "f"): 50})
    nowhere = History({A: [B]}, {(B, "other"): 50})

    assert spans(read(here, trace("f", [(1, 5)], A, HALF_PAST_NINE))) == {A: [(0, 5)]}
    assert slugs(read(nowhere, trace("f", [(1, 5)], A))) == ["not-committed"]


def test_nothing_is_guessed_between_commits() -> None:
    """Two children that change the file, or no time to tell parent from child."""
    fork = History({A: [B, C]}, {(B, "f"): 9, (C, "f"): 9})

    assert slugs(read(fork, trace("f", [(1, 5)], A))) == ["ambiguous-revision"]
    assert slugs(read(LINE, trace("f", [(1, 5)], A, "yesterday"))) == ["ambiguous-revision"]
    assert slugs(read(LINE, trace("f", [(1, 5)], "e" * 40))) == ["unknown-revision"]
    assert slugs(read(LINE, trace("f", [(1, 5)]))) == ["no-revision"]


def test_only_the_last_record_of_a_file_before_its_commit_counts() -> None:
    """Later edits move the lines of earlier records; other files keep theirs."""
    history = History({A: [B]}, {(B, "f"): 50, (B, "g"): 50})
    reading = read(
        history,
        trace("f", [(1, 5)], A),
        trace("g", [(3, 4)], A),
        trace("f", [(20, 30)], A),
    )

    assert [(c.path, c.start, c.stop) for r in reading.records for c in r.claims] == [
        ("f", 19, 30),
        ("g", 2, 4),
    ]
    assert slugs(reading) == ["superseded"]
    assert reading.seen == 3


def test_places_that_stand_for_no_place() -> None:
    """One to one means unknown, lines beyond the end are wrong, pseudo paths are events."""
    history = History({A: [B]}, {(B, "f"): 20, (B, ".sessions"): 9})
    reading = read(
        history,
        trace(".sessions", [(1, 9)], A),
        trace(".shell-history", [(1, 9)], A),
        trace("f", [(1, 1), (5, 20), (15, 21)], A),
    )

    assert spans(reading) == {B: [(4, 20)]}
    assert slugs(reading) == ["outside-file"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("ai", AuthorType.AI),
        ("mixed", AuthorType.ASSISTED),
        ("human", AuthorType.HUMAN),
        ("unknown", None),
        ("robot", None),
    ],
)
def test_contributor_types(kind: str, expected: AuthorType | None) -> None:
    """Unknown contributors claim nothing."""
    reading = read(LINE, trace("f", [(1, 5)], A, kind=kind))

    assert [c.author_type for r in reading.records for c in r.claims] == (
        [] if expected is None else [expected]
    )


def test_a_range_may_have_a_contributor_of_its_own() -> None:
    """It goes before that of the conversation; Windows paths are read."""
    record = trace("dir\\f", [(1, 5), (7, 9)], A)
    conversation = record["files"][0]["conversations"][0]
    conversation["ranges"][1]["contributor"] = {"type": "human"}
    history = History({A: [B]}, {(B, "dir/f"): 9})

    assert [c.author_type.value for c in read(history, record).records[0].claims] == ["ai", "human"]


def test_broken_lines_cost_only_themselves() -> None:
    """Records stand one a line."""
    text = "{oops\n\n[1]\n{}\n" + jsonl(trace("f", [(1, 5)], A))
    reading = AgentTrace().read([file(text)], LINE.around())

    assert spans(reading) == {B: [(0, 5)]}
    assert slugs(reading) == ["not-json", "not-an-object", "unknown-format"]
    assert reading.seen == 4


def test_ledgers_speak_of_the_annotated_commit() -> None:
    """agent-trace-cli matched the lines by content."""
    ledger = {
        "files": {
            "f": {
                "line_attributions": [
                    {"start_line": 3, "end_line": 4, "type": "ai", "model_id": "opus"},
                    {"start_line": 0, "end_line": 4, "type": "ai"},
                    {"start_line": 5, "end_line": 5, "type": "unknown"},
                ]
            },
            "g": 5,
        }
    }
    note = json.dumps({"version": "2.0", "ledger_hash": "sha256:0", "ledger": ledger})
    reading = AgentTrace().read([entry(note), entry("{}"), entry('{"ledger_hash": ""}')], Around())

    assert spans(reading) == {COMMIT: [(2, 4)]}
    assert slugs(reading) == ["bad-range", "unknown-format"]


def read_agentdiff(*records: Mapping[str, object]) -> Reading:
    """Read traces of agentdiff, found twice."""
    store = Store.FILE
    found = entry(jsonl(*records), commit=None, ref="refs/agentdiff/meta", store=store)
    return Agentdiff().read([found, found], LINE.around())


def test_agentdiff_knows_files_not_lines() -> None:
    """Every line of a file goes to the agent seen last: assisted, inferred, at the revision."""
    reading = read_agentdiff(trace("f", [(10, 25)], A, ident="1", tool="claude-code"))

    (record,) = reading.records
    assert record.commit == A
    assert [(c.author_type, c.tier, c.maker.agent) for c in record.claims] == [
        (AuthorType.ASSISTED, Tier.INFERRED, "claude-code")
    ]
    assert reading.seen == 1


def test_agentdiff_calls_human_what_is_left_over() -> None:
    """Its human is no observation, and early versions called people's files ai."""
    reading = read_agentdiff(
        trace("f", [(1, 5)], A, kind="human", tool="Ann Author", ident="1"),
        trace("f", [(1, 5)], B, tool="Ann Author", model="", ident="2"),
        trace("f", [(1, 5)], "e" * 40, ident="3"),
    )

    assert reading.records == ()
    assert slugs(reading) == ["inferred-human", "no-tool", "unknown-revision"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("1970-01-01T00:01:00Z", 60),
        ("1970-01-01T00:01:00", 60),
        ("1970-01-01T01:01:00+01:00", 60),
        ("1970-01-01T00:01:00.999Z", 60),
        ("0001-01-01T00:00:00+23:59", -62135683140),
        ("now", None),
        ("", None),
    ],
)
def test_times(moment: str, expected: int | None) -> None:
    """RFC 3339, with or without an offset."""
    assert seconds(moment) == expected
