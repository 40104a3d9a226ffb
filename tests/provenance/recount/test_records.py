"""Records of git-ai: what counts, what does not, and what an unread form does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from provenance.recount.count import Wanted, count
from provenance.recount.records import Entry, hear, read_record
from provenance.recount.scratch import borrow
from provenance.recount.weigh import Weighed
from provenance.terms.authors import AuthorType, Tier
from worlds.world import Built, World, numbered

_AI = Entry(AuthorType.AI, inferred=False)
_GUESS = Entry(AuthorType.AI, inferred=True)
_SEEN = Entry(AuthorType.HUMAN, inferred=False)
_COMMIT = "c" * 40


def _note(head: str, version: str = "1.5.0", **more: object) -> bytes:
    about: dict[str, object] = {
        "schema_version": "authorship/3.0.0",
        "git_ai_version": version,
        "base_commit_sha": _COMMIT,
        "prompts": {"0123456789abcdef": {"agent_id": {"tool": "cursor", "id": "1"}}},
        "sessions": {
            "s_claude": {"agent_id": {"tool": "claude", "id": "2", "model": "claude-opus-4-5"}},
            "s_test": {"agent_id": {"tool": "mock_ai", "id": "3"}},
            "s_cloud": {"agent_id": {"tool": "Codex_Cloud", "id": "4"}},
            "s_self": {"agent_id": {"tool": "claude", "id": _COMMIT}},
        },
        "humans": {"h_ann": {"author": "Ann"}},
        **more,
    }
    return (head + "---\n" + json.dumps(about)).encode()


def test_ranges_are_read_by_path_and_key() -> None:
    """Sessions, prompts and unknown keys are AI; guesses are marked as such."""
    found = read_record(
        _note(
            "a.py\n  s_claude::t_1 3,8-9\n  0123456789abcdef 1\n  nobody-knows 2\n"
            '"b c.py"\n  s_cloud::t_2 5-6\n  s_self::t_3 7\n'
        ),
        _COMMIT,
    )

    assert list(found) == [
        ("a.py", 3, 3, _AI),
        ("a.py", 8, 9, _AI),
        ("a.py", 1, 1, _AI),
        ("a.py", 2, 2, _AI),
        ("b c.py", 5, 6, _GUESS),
        ("b c.py", 7, 7, _GUESS),
    ]


@pytest.mark.parametrize(
    ("version", "key", "expected"),
    [
        ("1.5.0", "h_ann", [("a", 1, 1, _SEEN)]),
        ("1.5.0", "h_missing", []),
        ("1.6.20", "h_ann", []),
        ("", "h_ann", []),
        ("1.5.0", "human", []),
        ("1.5.0", "s_test::t_1", []),
    ],
)
def test_a_person_counts_only_where_somebody_was_seen_to_type(
    version: str, key: str, expected: list[object]
) -> None:
    """What the tool left over, or its own test data, proves nothing."""
    assert list(read_record(_note(f"a\n  {key} 1\n", version), _COMMIT)) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"---\n",
        b"a\n  s_claude 1\n",
        b"a\n  s_claude 1\n---\n[]",
        b"a\n  s_claude 1\n---\n" + b"[" * 100_000,
        _note("a\n  s_claude 1\n", schema_version="authorship/4.0.0"),
        _note("a\n  s_claude x\n"),
        _note("a\n  s_claude 0,3-2\n"),
        _note("a\n  s_claude 999999999999\n"),
        _note("", sessions=3, prompts=[], humans=None),
    ],
)
def test_what_cannot_be_read_says_nothing(raw: bytes) -> None:
    """Broken, hostile, of another version."""
    assert list(read_record(raw, _COMMIT)) == []


@pytest.mark.parametrize(
    ("own", "entry", "lines", "rest", "weighed"),
    [
        (Weighed(AuthorType.UNATTESTED), _AI, "ai", "unattested", "assisted"),
        (Weighed(AuthorType.ASSISTED, Tier.DECLARED), _AI, "ai", "unattested", "assisted"),
        (Weighed(AuthorType.AI, Tier.DECLARED), _AI, "ai", "ai", "ai"),
        (Weighed(AuthorType.AUTOMATION, Tier.DECLARED), _AI, "ai", "automation", "assisted"),
        (Weighed(AuthorType.UNATTESTED), _GUESS, "ai", "unattested", "assisted"),
        (Weighed(AuthorType.ASSISTED, Tier.DECLARED), _GUESS, "assisted", "assisted", "assisted"),
        (Weighed(AuthorType.ASSISTED, Tier.INFERRED), _GUESS, "ai", "assisted", "assisted"),
        (Weighed(AuthorType.UNATTESTED), _SEEN, "human", "unattested", "unattested"),
        (Weighed(AuthorType.ASSISTED, Tier.DECLARED), _SEEN, "human", "assisted", "assisted"),
    ],
)
def test_a_record_decides_for_its_lines_and_uncovers_the_others(
    own: Weighed, entry: Entry, lines: str, rest: str, weighed: str
) -> None:
    """As the meter's own rule says, case by case."""
    spoken = hear(own, [("a", 2, 3, entry)], lambda: {"a": {1, 2, 3, 4}})

    found = [(kind or spoken.rest).value for kind in spoken.of("a", 1, 4)]
    assert found == [rest, lines, lines, rest]
    assert spoken.weighed.author_type.value == weighed


def test_a_record_about_lines_that_the_commit_did_not_add_says_nothing() -> None:
    """Notes often name lines of other commits: they must not make this one an AI's."""
    own = Weighed(AuthorType.UNATTESTED)

    spoken = hear(own, [("a", 5, 9, _AI), ("b", 1, 99_999_999, _AI)], lambda: {"a": {1, 2}})

    assert spoken.weighed == own
    assert spoken.rest is AuthorType.UNATTESTED


def test_the_later_entry_on_a_line_holds() -> None:
    """One line cannot have two authors."""
    record = [("a", 1, 3, _AI), ("a", 2, 2, _SEEN)]

    spoken = hear(Weighed(AuthorType.UNATTESTED), record, lambda: {"a": {1, 2, 3}})

    assert [kind and kind.value for kind in spoken.of("a", 1, 4)] == ["ai", "human", "ai", None]


def _annotate(built: Built, notes: Mapping[int, bytes], ref: str = "refs/notes/ai") -> None:
    rows = []
    for number, note in notes.items():
        blob = built.git("hash-object", "-w", "--stdin", stdin=note).strip()
        rows.append(b"100644 blob %s\t%s\n" % (blob, built.ids[number].encode()))
    tree = built.git("mktree", stdin=b"".join(rows)).strip()
    commit = built.git("commit-tree", tree, "-m", "Notes").strip()
    built.git("update-ref", ref, commit)


def test_ranges_reach_today_through_original_line_numbers(tmp_path: Path) -> None:
    """A line is looked up under the number that it had in its commit, wherever it is now."""
    world = World(tmp_path / "world")
    text = numbered(6)
    first = world.commit(edit={"old.py": "".join(text)})
    world.commit(first, edit={"new.py": "".join(["top\n", *text[2:], "end\n"])}, remove=["old.py"])
    built = world.build()
    _annotate(built, {0: _note("old.py\n  s_claude 4-5\n"), 1: _note("new.py\n  h_ann 1-6\n")})

    with borrow(built.path) as scratch:
        file = count(scratch, Wanted("HEAD")).files["new.py"]

    assert [(run.start, run.lines, run.author_type.value) for run in file.runs] == [
        (1, 1, "human"),
        (2, 1, "unattested"),
        (3, 2, "ai"),
        (5, 1, "unattested"),
        (6, 1, "human"),
    ]


def test_other_forms_make_lines_doubtful(tmp_path: Path) -> None:
    """What is not read is said to be not read; it is no difference and no agreement."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a.py": "".join(numbered(3))})
    second = world.commit(first, edit={"a.py": "".join(numbered(5))})
    third = world.commit(second, edit={"a.py": "".join(numbered(6))})
    world.commit(third, edit={"a.py": "".join(numbered(7))})
    built = world.build()
    _annotate(built, {0: b'{"v": 1}'}, "refs/notes/agentnote")
    _annotate(built, {1: b'{"files": {}}'}, "refs/notes/ai")
    _annotate(built, {2: b"a thought", 3: b"Tested.\nAuthored-By: X"}, "refs/notes/commits")

    with borrow(built.path) as scratch:
        counted = count(scratch, Wanted("HEAD"))

    assert counted.commits.doubtful == {built.ids[0], built.ids[1], built.ids[3]}
    assert counted.files["a.py"].doubtful == 6
