"""Tools that count instead of naming lines: Entire, Agent Note, Qwen Code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from provenance.evidence.agentnote import AgentNote
from provenance.evidence.dialect import Around, Entry, Reading, Store
from provenance.evidence.entire import Entire, checkpoints
from provenance.evidence.qwen import Qwen
from provenance.terms.authors import AuthorType, Maker, Tier
from provenance.terms.commits import CommitId
from provenance.terms.records import Estimate
from worlds.records import COMMIT, entire, entry, known_model

ONE, TWO = "aa0000000001", "bb0000000002"
A, B = CommitId("a" * 40), CommitId("b" * 40)


def read_entire(files: Mapping[str, str], messages: Mapping[CommitId, str]) -> Reading:
    """Read metadata files by path, and the commits of a history."""
    entries = [
        entry(text, commit=None, ref="refs/heads/entire/checkpoints/v1", path=path)
        for path, text in files.items()
    ]
    around = Around(saying=lambda word: [m for m in messages.items() if word in m[1]])
    return Entire().read(entries, around)


def session(checkpoint: str, number: int) -> str:
    """Return the path of a session's metadata."""
    return f"{checkpoint[:2]}/{checkpoint[2:]}/{number}/metadata.json"


def mark(*names: str) -> str:
    """Return a message that names checkpoints."""
    return "Change\n\n" + "".join(f"Entire-Checkpoint: {name}\n" for name in names)


def test_a_checkpoint_gives_an_estimate() -> None:
    """Agent lines of committed lines, with the harness; other files are passed over."""
    reading = read_entire(
        {session(ONE, 0): entire(146, 200), "aa/0000000001/metadata.json": "{}", "x": "y"},
        {A: mark(ONE), B: "Say Entire-Checkpoint without a name"},
    )

    (record,) = reading.records
    assert (record.commit, record.estimate) == (A, Estimate(146, 146, 200))
    assert record.makers == (Maker("claude-code"),)
    assert record.claims == ()
    assert reading.seen == 1


@pytest.mark.parametrize(
    ("files", "messages", "expected"),
    [
        pytest.param(
            {session(ONE, 0): entire(5, 9), session(ONE, 1): entire(5, 9)},
            {A: mark(ONE)},
            {A: Estimate(5, 5, 9)},
            id="repeated-object-counts-once",
        ),
        pytest.param(
            {session(ONE, 0): entire(5, 9), session(ONE, 3): entire(3, 9)},
            {A: mark(ONE)},
            {A: Estimate(5, 8, 9)},
            id="sessions-may-overlap",
        ),
        pytest.param(
            {session(ONE, 0): entire(5, 9), session(ONE, 1): entire(7, 9)},
            {A: mark(ONE)},
            {A: Estimate(7, 9, 9)},
            id="never-more-than-the-whole",
        ),
        pytest.param(
            {session(ONE, 0): entire(5, 9)},
            {A: mark(ONE), B: mark(ONE)},
            {A: Estimate(0, 5, 9), B: Estimate(0, 5, 9)},
            id="rebased-or-split",
        ),
        pytest.param(
            {session(ONE, 0): entire(5, 9), session(TWO, 0): entire(1, 2)},
            {A: mark(ONE, TWO)},
            {A: Estimate(0, 6, 11)},
            id="squashed",
        ),
        pytest.param(
            {session(ONE, 0): entire(5, 9), session(TWO, 0): "{}"},
            {A: mark(ONE, TWO)},
            {},
            id="squashed-with-a-part-unknown",
        ),
        pytest.param(
            {session(ONE, 0): entire(0, 9)},
            {A: mark(ONE)},
            {A: Estimate(0, 0, 9)},
            id="a-session-that-wrote-nothing",
        ),
        pytest.param({session(ONE, 0): entire(0, 0)}, {A: mark(ONE)}, {}, id="nothing-committed"),
        pytest.param({session(ONE, 0): "{}"}, {A: mark(ONE)}, {}, id="mark-without-share"),
        pytest.param({session(ONE, 0): entire(5, 9)}, {A: mark(TWO)}, {}, id="unknown-checkpoint"),
    ],
)
def test_how_shares_add_up(
    files: dict[str, str], messages: dict[CommitId, str], expected: dict[CommitId, Estimate]
) -> None:
    """Bounds hold whatever the sessions overlap in."""
    reading = read_entire(files, messages)

    assert {record.commit: record.estimate for record in reading.records} == expected


@pytest.mark.parametrize(
    "text",
    [entire(10, 9), entire(-1, 9), json.dumps({"initial_attribution": {"agent_lines": 1}}), "{"],
)
def test_a_share_that_is_none_is_a_problem(text: str) -> None:
    """More agent lines than lines, no numbers, no JSON."""
    reading = read_entire({session(ONE, 0): text}, {A: mark(ONE)})

    assert reading.records == ()
    assert [p.slug for p in reading.problems] in (["bad-share"], ["not-json"])


def test_checkpoints_stand_anywhere_in_a_message() -> None:
    """Even in the subject; twice is once; longer hexadecimal words are something else."""
    text = f"Entire-Checkpoint: {ONE}\n\n* Entire-Checkpoint:{TWO}\nEntire-Checkpoint: {ONE}\n"

    assert checkpoints(text) == (ONE, TWO)
    assert checkpoints(f"Entire-Checkpoint: {ONE}0 and Entire-Checkpoint: XYZ") == ()


def test_the_same_branch_from_two_remotes_counts_once() -> None:
    """A clone may hold the branch and its remote twin."""
    path = session(ONE, 0)
    entries = [
        entry(entire(n, 9), commit=None, ref=f"refs/{n}", path=path, store=Store.FOLDER)
        for n in (5, 6)
    ]
    around = Around(saying=lambda _: [(A, mark(ONE))])
    reading = Entire().read(entries, around)

    assert [record.estimate for record in reading.records] == [Estimate(5, 5, 9)]


def agentnote(**more: Any) -> Entry:
    """Return an Agent Note."""
    common = {"v": 1, "session_id": "s", "agent": "claude", "model": "opus-9"}
    return entry(json.dumps(common | more))


def test_agentnote_counts_lines() -> None:
    """With the method line, and in the first notes, lines are counted."""
    lines = {"ai_added": 3, "total_added": 8, "deleted": 1}
    now = agentnote(attribution={"ai_ratio": 38, "method": "line", "lines": lines})
    first = agentnote(ai_ratio=38, ai_added_lines=3, total_added_lines=8, files_by_ai=["a"])
    reading = AgentNote().read([now, first], Around(model=known_model))

    assert [r.estimate for r in reading.records] == [Estimate(3, 3, 8)] * 2
    assert [r.claims for r in reading.records] == [(), ()]
    assert reading.records[0].makers == (Maker("claude-code", "Anthropic", "claude", "opus-9"),)


def test_agentnote_names_files() -> None:
    """Otherwise a file an agent edited is a mixture, from its first line to its last.

    A file that the commit did not change, or whose length is not known, is not claimed.
    """
    files = [{"path": "a", "by_ai": True}, {"path": "b", "by_ai": False}, {"by_ai": True}, 3]
    files.append({"path": "gone", "by_ai": True})
    now = agentnote(attribution={"ai_ratio": 100, "method": "file"}, files=files)
    first = agentnote(ai_ratio=100, files_by_ai=["a", 5], files_in_commit=["a", "b"])
    around = Around(lines=lambda wanted: {at: 70 for at in wanted if at[1] != "gone"})
    reading = AgentNote().read([now, first], around)

    for record in reading.records:
        assert [(c.path, c.start, c.stop, c.author_type, c.tier) for c in record.claims] == [
            ("a", 0, 70, AuthorType.ASSISTED, Tier.INFERRED)
        ]
        assert record.estimate is None
    assert len(reading.records) == 2
    assert AgentNote().read([now, first], Around()).records == ()


@pytest.mark.parametrize(
    ("note", "slug"),
    [
        (agentnote(v=2), "unsupported-version"),
        (entry("{}"), "unknown-format"),
        (entry("hello"), "not-json"),
        (agentnote(attribution={"method": "line", "lines": {"ai_added": 9}}), "bad-share"),
        (
            agentnote(attribution={"method": "line", "lines": {"ai_added": 9, "total_added": 8}}),
            "bad-share",
        ),
    ],
)
def test_agentnote_refuses(note: Entry, slug: str) -> None:
    """Unknown versions and impossible counts."""
    reading = AgentNote().read([note], Around())

    assert reading.records == ()
    assert [problem.slug for problem in reading.problems] == [slug]


def test_agentnote_without_ai_is_no_record() -> None:
    """The method none, and no file of an agent."""
    reading = AgentNote().read([agentnote(attribution={"method": "none"}, files=[])], Around())

    assert reading == Reading((), (), 1)


def qwen(files: object, **more: Any) -> Entry:
    """Return a note of Qwen Code."""
    return entry(json.dumps({"version": 1, "generator": "Qwen-Coder", "files": files} | more))


def test_qwen_gives_an_interval() -> None:
    """From nothing to everything in files with a tracked edit, nothing in the others.

    Forty characters are a changed line, a part of one counts as one.
    """
    files = {
        "a": {"aiChars": 100, "humanChars": 60, "percent": 63},
        "b": {"aiChars": 0, "humanChars": 40, "percent": 0},
        "c": {"aiChars": 1, "humanChars": 0, "percent": 100},
    }
    (record,) = Qwen().read([qwen(files)], Around()).records

    assert record.commit == COMMIT
    assert record.estimate == Estimate(0, 4 + 1, 4 + 1 + 1)
    assert record.makers == (Maker("qwen-code"),)
    assert record.claims == ()


@pytest.mark.parametrize(
    ("note", "slugs"),
    [
        (qwen({}, version=2), ["unsupported-version"]),
        (qwen([]), ["unknown-format"]),
        (qwen({"a": {"aiChars": 1}}), ["bad-share"]),
        (qwen({"a": {"aiChars": -1, "humanChars": 3}}), ["bad-share"]),
        (qwen({"a": 1}), ["bad-share"]),
        (entry(json.dumps({"schema": "another tool", "files": {}})), ["unknown-format"]),
        (qwen({}), []),
    ],
)
def test_qwen_refuses(note: Entry, slugs: list[str]) -> None:
    """The same ref holds notes of other tools, and empty ones."""
    reading = Qwen().read([note], Around())

    assert reading.records == ()
    assert [problem.slug for problem in reading.problems] == slugs
