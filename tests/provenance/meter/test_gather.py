"""Every store of every tool, read from real repositories into one sorted answer."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from provenance.history.repository import Repository, open_repository
from provenance.meter.gather import NOTHING, gather
from provenance.meter.noted import noted_signs
from provenance.rules.load import load_catalogue
from provenance.terms.authors import Where
from provenance.terms.commits import CommitId
from provenance.terms.records import Estimate, Gathered
from worlds.records import agent, entire, git_ai, jsonl, trace
from worlds.world import Built, World

CODEX = {"k": agent("codex", "gpt-5.5")}
NOTE = git_ai({"file": ["k 1-2"]}, prompts=CODEX)


def history(folder: Path, commits: int = 3, **options: object) -> World:
    """Return a world of commits that each rewrite one file."""
    made = World(folder / "repo", **options)  # type: ignore[arg-type]
    last: tuple[int, ...] = ()
    for number in range(commits):
        edit = {"file": "".join(f"{number} {line}\n" for line in range(9))}
        last = (made.commit(*last, edit=edit, message=f"Commit {number}"),)
    return made


def gathered(built: Built) -> Gathered:
    """Gather for every commit of the main branch."""
    with open_repository(built.path) as repository:
        return gather(repository, CommitId(built.ids[-1]), set(map(CommitId, built.ids)))


def slugs(found: Gathered) -> list[tuple[str, str]]:
    """Return (place, slug) of every problem."""
    return [(problem.place, problem.slug) for problem in found.problems]


def test_sha256(tmp_path: Path) -> None:
    """Ids of sixty-four digits; a note on a name of forty annotates nothing there."""
    made = history(tmp_path, object_format="sha256")
    made.note(0, NOTE)
    made.beside("refs/notes/whogitit", {"a" * 40: "{}"})
    built = made.build()
    found = gathered(built)

    assert [record.commit for record in found.records] == [built.ids[0]]
    assert found.totals == (("git-ai", 1),)
    assert len(found.pins) == 2


def test_a_clone_without_records(tmp_path: Path) -> None:
    """Nothing is found, and hardly anything asked."""
    assert gathered(history(tmp_path).build()) == NOTHING


def count(built: Built, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many git processes gathering starts."""
    started: list[object] = []

    class Counted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            started.append(arguments)
            super().__init__(*arguments, **options)

    with open_repository(built.path) as repository, monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", Counted)
        gather(repository, CommitId(built.ids[-1]), set(map(CommitId, built.ids)))
    return len(started)


def test_no_process_per_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty notes and sixty blob refs cost as many processes as three."""
    counts = []
    for commits in (3, 60):
        made = history(tmp_path / str(commits), commits)
        for number in range(commits):
            made.note(number, NOTE)
        built = made.build()
        for commit in built.ids:
            built.git("update-ref", f"refs/ai/authorship/{commit}", f"{built.ids[0]}:file")
        counts.append(count(built, monkeypatch))

    assert counts[0] == counts[1] <= 6
    assert count(history(tmp_path / "none").build(), monkeypatch) <= 1


def test_records_are_sorted_and_counted(tmp_path: Path) -> None:
    """Totals count every note, readable or not; records are of the commits asked about."""
    made = history(tmp_path)
    made.note(2, NOTE)
    made.note(0, NOTE)
    made.note(1, git_ai({}))
    made.note(1, "hello", ref="refs/notes/agentnote")
    built = made.build()
    lost = "e" * 40
    blob = built.git("hash-object", "-w", "--stdin", stdin=NOTE.encode()).decode().strip()
    built.git("notes", "--ref=refs/notes/ai", "add", "-f", "-C", blob, built.ids[2])
    found = gathered(built)

    assert [record.commit for record in found.records] == sorted([built.ids[0], built.ids[2]])
    assert {record.rule for record in found.records} == {"git-ai"}
    assert found.totals == (("agentnote", 1), ("git-ai", 3))
    assert found.reachable == (("agentnote", 1), ("git-ai", 3))
    assert slugs(found) == [(f"refs/notes/agentnote:{built.ids[1]}", "not-json")]
    assert dict(found.pins) == {
        ref: built.git("rev-parse", ref).decode().strip()
        for ref in ("refs/notes/agentnote", "refs/notes/ai")
    }
    with open_repository(built.path) as repository:
        few = gather(repository, CommitId(built.ids[-1]), {CommitId(built.ids[0]), CommitId(lost)})
    assert [record.commit for record in few.records] == [built.ids[0]]
    assert few.totals == found.totals
    assert few.reachable == (("agentnote", 0), ("git-ai", 1))


def test_models_are_resolved(tmp_path: Path) -> None:
    """By the registry of the rules."""
    made = history(tmp_path)
    made.note(0, NOTE)
    (record,) = gathered(made.build()).records
    maker = record.claims[0].maker

    assert (maker.agent, maker.vendor, maker.family, maker.model) == (
        "codex",
        "OpenAI",
        "gpt",
        "gpt-5.5",
    )


def test_notes_go_before_older_blobs(tmp_path: Path) -> None:
    """A commit recorded in both stores of git-ai gives one record, unless the note is empty."""
    made = history(tmp_path)
    made.note(0, NOTE)
    made.note(1, git_ai({}))
    built = made.build()
    old = json.dumps({"files": {"old": {"authors": [{"author": "Claude", "lines": [1]}]}}})
    for commit in built.ids:
        built.blob_ref(f"refs/ai/authorship/{commit}", old)
    built.blob_ref("refs/ai/authorship/short", old)
    found = gathered(built)

    assert {r.commit: r.claims[0].path for r in found.records} == {
        built.ids[0]: "file",
        built.ids[1]: "old",
        built.ids[2]: "old",
    }
    assert len(found.records) == 3
    assert found.totals == (("git-ai", 5),)
    assert found.records == tuple(sorted(found.records, key=lambda r: r.commit))


def test_the_stash_is_never_evidence(tmp_path: Path) -> None:
    """git-ai keeps what was stashed beside its notes."""
    made = history(tmp_path)
    made.note(0, NOTE, ref="refs/notes/ai-stash")

    assert gathered(made.build()) == NOTHING


def test_traces_in_the_tree_belong_to_the_child(tmp_path: Path) -> None:
    """Found through real parents, dates and line counts; merges and huge numbers aside."""
    made = history(tmp_path)
    built = made.build()
    first = built.ids[0]
    after = "2023-11-14T22:30:00Z"  # between the first commit (22:13:20) and the second
    again = World(tmp_path / "again" / "repo")
    last: tuple[int, ...] = ()
    records = jsonl(
        trace("file", [(2, 4), (8, 12)], first, after),
        trace("other", [(2, 4)], first, after),
        trace("file", [(1, 9)], first, "2023-11-14T22:13:20Z"),
    )
    for number in range(3):
        edit = {"file": "".join(f"{number} {line}\n" for line in range(9))}
        last = (again.commit(*last, edit=edit, message=f"Commit {number}"),)
    again.commit(*last, edit={".agent-trace/traces.jsonl": records})
    built = again.build()
    assert built.ids[0] == first
    found = gathered(built)

    assert {r.commit: [(c.start, c.stop) for c in r.claims] for r in found.records} == {
        built.ids[0]: [(0, 9)],
        built.ids[1]: [(1, 4)],
    }
    assert found.totals == (("agent-trace", 3),)
    place = "HEAD:.agent-trace/traces.jsonl"
    assert slugs(found) == [(place, "not-committed"), (place, "outside-file")]
    assert found.pins == ()


def test_entire_from_a_clone(tmp_path: Path) -> None:
    """A clone has the branch under its remote; commits are found by their message."""
    made = World(tmp_path / "repo")
    first = made.commit(edit={"a": "1\n"}, message="One\n\nEntire-Checkpoint: aa0000000001\n")
    made.commit(first, edit={"a": "2\n"}, message="Two")
    files = {"aa/0000000001/0/metadata.json": entire(1, 1), "aa/0000000001/0/full.jsonl": "x"}
    made.beside("refs/remotes/origin/entire/checkpoints/v1", files)
    built = made.build()
    found = gathered(built)

    assert [(r.commit, r.estimate) for r in found.records] == [(built.ids[0], Estimate(1, 1, 1))]
    assert found.totals == (("entire", 1),)


def test_agentdiff_reads_every_branch(tmp_path: Path) -> None:
    """One ref per branch, as a tree; the same trace in two refs counts once."""
    built = history(tmp_path).build()
    again = history(tmp_path / "again")
    one, two = (
        jsonl(trace("file", [(2, 3)], built.ids[n], ident=f"{n}", tool="codex")) for n in (0, 1)
    )
    again.beside("refs/agentdiff/traces/feat%2Fone", {"traces.jsonl": one})
    again.beside("refs/agentdiff/traces/main", {"traces.jsonl": one + two})
    found = gathered(again.build())

    assert sorted(record.commit for record in found.records) == sorted(built.ids[:2])
    assert found.totals == (("agentdiff", 2),)


def hostile_refs(made: World) -> Built:
    """Point the refs of every tool at things that are no records."""
    made.note(0, NOTE)
    built = made.build()
    for number, ref in enumerate(("agentnote", "agentblame", "whogitit")):
        built.blob_ref(f"refs/notes/{ref}", f"blob {number}")
    built.git("update-ref", "refs/notes/ai-attribution", built.ids[0])
    built.git("update-ref", "refs/agentdiff/traces/x", built.ids[0])
    built.git("update-ref", f"refs/ai/authorship/{built.ids[1]}", built.ids[0])
    return built


def test_refs_that_hold_something_else(tmp_path: Path) -> None:
    """Each costs itself; the run goes on."""
    built = hostile_refs(history(tmp_path))
    found = gathered(built)

    assert [record.commit for record in found.records] == [built.ids[0]]
    assert slugs(found) == [
        ("refs/notes/agentblame", "git-failed"),
        ("refs/notes/agentnote", "git-failed"),
        (f"refs/ai/authorship/{built.ids[1]}", "not-a-blob"),
        ("refs/notes/whogitit", "git-failed"),
    ]


def test_a_note_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Its size is known before its content."""
    made = history(tmp_path)
    made.note(0, NOTE)
    made.note(1, b"a\n---\n" + b" " * (9 << 20))
    built = made.build()
    found = gathered(built)

    assert [record.commit for record in found.records] == [built.ids[0]]
    assert slugs(found) == [(f"refs/notes/ai:{built.ids[1]}", "too-large")]
    assert found.problems[0].detail.endswith("were not read")


def blob_of(built: Built, number: int) -> Path:
    """Return the loose object of a note."""
    oid = built.git("rev-parse", f"refs/notes/ai:{built.ids[number]}").decode().strip()
    return built.git_dir / "objects" / oid[:2] / oid[2:]


@pytest.mark.parametrize(("harm", "slug"), [("lost", "missing"), ("damaged", "unreadable")])
def test_lost_and_damaged_notes_cost_only_themselves(harm: str, slug: str, tmp_path: Path) -> None:
    """A partial clone, or a broken disk."""
    made = history(tmp_path, 5, loose=True)
    for number in range(5):
        made.note(number, NOTE + " " * number)
    built = made.build()
    for number in (1, 3):
        file = blob_of(built, number)
        data = file.read_bytes()
        file.unlink()
        if harm == "damaged":
            file.write_bytes(data[: len(data) // 2])
    found = gathered(built)

    assert {record.commit for record in found.records} == {built.ids[n] for n in (0, 2, 4)}
    assert sorted(slugs(found)) == sorted((f"refs/notes/ai:{built.ids[n]}", slug) for n in (1, 3))
    assert found.totals == (("git-ai", 5),)


def test_nothing_depends_on_the_order_of_refs(tmp_path: Path) -> None:
    """Loose or packed, the answer is the same."""
    made = history(tmp_path)
    for number in range(3):
        made.note(number, NOTE)
        made.note(number, "{}", ref="refs/notes/whogitit")
    built = made.build()
    before = gathered(built)
    built.git("pack-refs", "--all", "--prune")
    built.git("gc", "--quiet")

    assert gathered(built) == before


def signs(repository: Repository, built: Built) -> list[tuple[str, Where, str]]:
    """Return what the default notes say."""
    found = noted_signs(repository, load_catalogue(), commits=set(map(CommitId, built.ids)))
    return [(commit, s.where, s.rule) for commit, several in found.items() for s in several]


def test_default_notes_are_read_like_trailers(tmp_path: Path) -> None:
    """Only lines that name a writer; the place says that it was a note."""
    made = history(tmp_path)
    made.note(0, "authored-by: GPT 5.5 <codex@openai.com>\n", ref="refs/notes/commits")
    made.note(1, "Generated with Claude Code\nTests: fine\n", ref="refs/notes/commits")
    built = made.build()

    with open_repository(built.path) as repository:
        assert signs(repository, built) == [(built.ids[0], Where.NOTE, "codex-co-author")]


def test_default_notes_that_are_none(tmp_path: Path) -> None:
    """A ref that is no notes tree, or none at all, says nothing."""
    built = history(tmp_path).build()
    with open_repository(built.path) as repository:
        assert signs(repository, built) == []
    built.blob_ref("refs/notes/commits", "no tree")
    with open_repository(built.path) as repository:
        assert signs(repository, built) == []
