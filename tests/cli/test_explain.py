"""``explain`` says which rule, on which bytes, decided a commit."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from worlds import pipeline
from worlds.commands import Provenance
from worlds.pipeline import Book

KEYS = [
    "commit", "author_type", "tier", "rule", "agent", "vendor", "family", "model", "evidence",
    "conflict",
]  # fmt: skip


def _objects(text: str) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in text.splitlines()]


def test_commits_from_stdin_are_explained_in_their_order(
    provenance: Provenance, book: Book
) -> None:
    """One object per line read, whatever the order and however often; the keys are the contract."""
    asked = [*reversed(book.commits), book.commits[0]]
    said = provenance(
        "explain", "-", "-f", "jsonl", "--repo", book.folder, stdin="\n".join(asked) + "\n\n"
    )
    found = _objects(said.out)
    known = {c: s.author_type for c, s in zip(book.commits, book.steps, strict=True)}

    assert said.code == 0
    assert said.err == ""
    assert [one["commit"] for one in found] == asked
    assert [one["author_type"] for one in found] == [known[commit] for commit in asked]
    assert all(list(one) == KEYS for one in found)
    assert {key for one in found for sign in one["evidence"] for key in sign} == {
        "rule", "where", "text",
    }  # fmt: skip


def test_a_commit_of_a_pull_request_only_is_explained(provenance: Provenance, book: Book) -> None:
    """Any commit in the clone counts, not only those that a branch leads to."""
    said = provenance("explain", book.commits[-1], "-f", "jsonl", "--repo", book.folder)

    assert said.code == 0
    assert _objects(said.out)[0]["author_type"] == "assisted"


def test_the_deciding_bytes_are_given(provenance: Provenance, book: Book) -> None:
    """Evidence quotes what was seen; the text for people leaves the person beside it out."""
    exact = provenance("explain", book.commits[4], "-f", "jsonl", "--repo", book.folder)
    text = provenance("explain", book.commits[4], "--repo", book.folder)

    assert _objects(exact.out)[0]["evidence"] == [
        {"rule": "aider-author", "where": "author", "text": pipeline.AIDER}
    ]
    assert "decided by aider-author (declared)" in text.out
    assert "[aider-author]: …(aider) <…" in text.out


@pytest.mark.parametrize("word", ["HEAD~1", "@~1", "v0.2.0~1", "main^", "{short}"])
def test_every_way_to_name_a_commit_works(provenance: Provenance, book: Book, word: str) -> None:
    """Branches, tags, steps back and short ids lead to the same commit."""
    word = word.format(short=book.commits[5][:8])
    said = provenance("explain", word, "-f", "jsonl", "--repo", book.folder)

    assert _objects(said.out)[0]["commit"] == book.commits[5]


def test_a_place_is_explained_by_the_commit_that_wrote_it(
    provenance: Provenance, book: Book
) -> None:
    """``PATH:LINE`` goes through blame; the text and the line may stand among commits."""
    said = provenance(
        "explain", "train/loop.py:2", "data/filter.py:12", "HEAD",
        "-f", "jsonl", "--repo", book.folder,
    )  # fmt: skip

    assert [one["commit"] for one in _objects(said.out)] == [
        book.commits[2], book.commits[4], book.commits[6],
    ]  # fmt: skip


def test_what_is_unknown_is_said_after_what_is_known(provenance: Provenance, book: Book) -> None:
    """One wrong id does not cost the answers about the others."""
    wrong = ["0" * 40, "--all", "HEAD:train", "no\x07such", "train/loop.py:999"]
    said = provenance(
        "explain", "-", "-f", "jsonl", "--repo", book.folder,
        stdin="\n".join([wrong[0], book.commits[0], *wrong[1:]]),
    )  # fmt: skip

    assert said.code == 2
    assert [one["commit"] for one in _objects(said.out)] == [book.commits[0]]
    assert all(word.split("\x07")[0] in said.err for word in wrong)
    assert "\x07" not in said.err


def test_a_shallow_clone_is_explained_as_far_as_it_goes(
    provenance: Provenance, shallow: Path, book: Book
) -> None:
    """What a commit says about itself needs no history."""
    said = provenance("explain", "HEAD", "-f", "jsonl", "--repo", shallow)

    assert said.code == 0
    assert _objects(said.out)[0]["commit"] == book.commits[6]


@pytest.mark.parametrize(("files", "author_type"), [(1, "assisted"), (2, "unattested")])
def test_an_accepted_suggestion_needs_one_file(
    provenance: Provenance, tmp_path: Path, files: int, author_type: str
) -> None:
    """The default subject and a review bot as co-author decide only over a one-file diff."""
    bot = "coderabbitai[bot] <136622811+coderabbitai[bot]@users.noreply.github.com>"
    step = pipeline.Step(
        author_type, pipeline.ADA, f"Update a.py\n\nCo-authored-by: {bot}\n", 1,
        {f"{name}.py": [f"{name} = 1"] for name in "ab"[:files]},
    )  # fmt: skip
    first = pipeline.Step("unattested", pipeline.ADA, "Start\n", 0, {"c.py": ["c = 0"]})
    world = pipeline.build(tmp_path / "suggested", (first, step))
    said = provenance("explain", "HEAD", "-f", "jsonl", "--repo", world.folder)

    assert _objects(said.out)[0]["author_type"] == author_type


def test_git_is_started_a_few_times_however_many_commits(
    provenance: Provenance, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never a process per commit: one and eight commits start git equally often."""
    log = tmp_path / "log"
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho x >> {log}\nexec {shutil.which("git")} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
    starts = []
    for commits in (book.commits[:1], book.commits):
        log.unlink(missing_ok=True)
        provenance("explain", *commits, "--repo", book.folder)
        starts.append(len(log.read_text().splitlines()))

    assert starts[0] == starts[1] <= 9


def test_bytes_that_are_no_text_are_no_commit(provenance: Provenance, book: Book) -> None:
    """Anything may come down a pipe."""
    said = provenance("explain", "-", "--repo", book.folder, stdin="caf\udce9\n")

    assert said.code == 2
    assert "caf\\xe9" in said.err
