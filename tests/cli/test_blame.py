"""``blame`` gives every line to the commit that the builder of the world put it in."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from worlds import pipeline
from worlds.commands import Provenance
from worlds.pipeline import Book

KEYS = [
    "path", "start", "lines", "commit", "author_type", "tier", "rule", "agent", "vendor",
    "family", "model",
]  # fmt: skip


def _objects(text: str) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in text.splitlines()]


def test_every_line_of_every_file_is_as_the_builder_wrote_it(
    provenance: Provenance, book: Book
) -> None:
    """Runs, commits and author types equal the book; the keys are the contract, in its order."""
    said = provenance("blame", "--all", "-f", "jsonl", "--repo", book.folder, "-q")
    found = _objects(said.out)
    by_path: dict[str, list[tuple[int, int, str, str]]] = {}
    for run in found:
        by_path.setdefault(run["path"], []).append(
            (run["start"], run["lines"], run["commit"], run["author_type"])
        )

    assert said.code == 0
    assert all(list(run) == KEYS for run in found)
    assert by_path == {path: book.runs(path) for path in book.files}


def test_git_blame_agrees(provenance: Provenance, book: Book) -> None:
    """The oracle of the plain lens is git itself."""
    said = provenance("blame", "train/loop.py", "-f", "jsonl", "--repo", book.folder)
    printed = pipeline.git(book.folder, "blame", "-s", "-l", "main", "--", "train/loop.py")
    git = [line.split(b" ")[0].lstrip(b"^").decode() for line in printed.splitlines()]
    ours = [run["commit"] for run in _objects(said.out) for _ in range(run["lines"])]

    assert [mine[: len(theirs)] for mine, theirs in zip(ours, git, strict=True)] == git


def test_a_run_tells_tool_vendor_family_and_model(provenance: Provenance, book: Book) -> None:
    """What the evidence names is given; what it does not name is null."""
    said = provenance("blame", "train/loop.py", "-f", "jsonl", "--repo", book.folder)
    runs = {run["author_type"]: run for run in _objects(said.out)}

    assert runs["assisted"] | {"path": "", "start": 0, "lines": 0, "commit": ""} == {
        "path": "", "start": 0, "lines": 0, "commit": "", "author_type": "assisted",
        "tier": "declared", "rule": "claude-co-author", "agent": "claude-code",
        "vendor": "Anthropic", "family": "claude", "model": "claude-opus-4.5",
    }  # fmt: skip
    assert {runs["unattested"][key] for key in KEYS[5:]} == {None}
    assert runs["automation"]["agent"] is None or runs["automation"]["family"] is None


def test_text_is_one_line_per_run(provenance: Provenance, book: Book) -> None:
    """Short commit, date, author type, tier, tool and model; no person."""
    said = provenance("blame", "data/filter.py", "--repo", book.folder)
    lines = said.out.splitlines()

    assert lines[0] == "data/filter.py"
    assert re.fullmatch(
        rf"  11-17  {book.commits[4][:10]}  2026-03-14  ai +declared +aider", lines[2]
    )


def test_the_order_is_that_of_the_words_and_folders_open(
    provenance: Provenance, book: Book
) -> None:
    """Each file comes once, a folder in git's order."""
    said = provenance(
        "blame", "tests", "data/filter.py", "data", "-f", "jsonl", "--repo", book.folder
    )
    paths = list(dict.fromkeys(run["path"] for run in _objects(said.out)))

    assert paths == ["tests/test_harness.py", "data/filter.py", "data/caf\udce9 \x1b[31m.py"]


def test_an_earlier_revision_is_blamed_as_it_was(provenance: Provenance, book: Book) -> None:
    """At v0.1.0 nobody but the first author had written the filter."""
    said = provenance(
        "blame", "data/filter.py", "--at", "v0.1.0", "-f", "jsonl", "--repo", book.folder
    )

    assert [(run["lines"], run["commit"]) for run in _objects(said.out)] == [(23, book.commits[0])]


def test_paths_are_seen_from_where_the_reader_stands(
    provenance: Provenance, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with git, a name below the current folder needs no folder before it."""
    folder = book.folder / "train"
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    here = provenance("blame", "loop.py", "-f", "jsonl")
    root = provenance("blame", "train/loop.py", "-f", "jsonl")
    other = provenance("blame", "../serve", "-f", "jsonl")

    assert here.code == 0
    assert here.out == root.out
    assert _objects(other.out)[0]["path"] == "serve/deploy.py"


def test_a_path_that_is_not_there_names_the_nearest(provenance: Provenance, book: Book) -> None:
    """A slip gets a suggestion and exit 2 before any history is read."""
    said = provenance("blame", "train/lop.py", "--repo", book.folder)

    assert said.code == 2
    assert "no file or folder 'train/lop.py' at this revision" in said.err
    assert "hint: did you mean 'train/loop.py'?" in said.err
    assert "reading commits" not in said.err


def test_no_path_is_a_usage_error(provenance: Provenance, book: Book) -> None:
    """Everything has to be asked for."""
    said = provenance("blame", "--repo", book.folder)

    assert said.code == 2
    assert "--all" in said.err


def test_a_binary_file_is_said_and_gives_exit_3_alone(provenance: Provenance, book: Book) -> None:
    """Beside others it is a note; alone there is nothing to show."""
    alone = provenance("blame", "assets/logo.png", "--repo", book.folder)
    among = provenance("blame", "assets", "serve", "--repo", book.folder)

    assert (alone.code, among.code) == (3, 0)
    assert "assets/logo.png: binary" in alone.err
    assert "not shown: assets/logo.png: binary" in among.err
    assert alone.out == ""


def test_a_binary_file_changed_twice_is_still_binary(
    provenance: Provenance, tmp_path: Path
) -> None:
    """Two binary versions do not make a text."""
    steps = tuple(
        pipeline.Step("unattested", pipeline.ADA, "Draw\n", day, {"logo.png": content})
        for day, content in enumerate((b"\0one\n", b"\0two\ntwo\n", b"\0three\n"))
    )
    drawn = pipeline.build(tmp_path / "drawn", steps)
    said = provenance("blame", "logo.png", "--repo", drawn.folder)

    assert said.code == 3


def test_a_file_that_was_binary_once_is_shown(provenance: Provenance, tmp_path: Path) -> None:
    """Text that was binary for a while keeps its lines, as git blame has it."""
    lines = [f"line {number}" for number in range(5)]
    odd = "".join(f"{line}\n" for line in lines).encode() + b"\0\n"
    contents: tuple[list[str] | bytes, ...] = (lines, odd, [*lines, "end"])
    steps = tuple(
        pipeline.Step("unattested", pipeline.ADA, "Write\n", day, {"a.txt": content})
        for day, content in enumerate(contents)
    )
    world = pipeline.build(tmp_path / "was-binary", steps)
    said = provenance("blame", "a.txt", "-f", "jsonl", "--repo", world.folder)
    runs = [(run["start"], run["lines"], run["commit"]) for run in _objects(said.out)]

    assert runs == [(1, 5, world.commits[0]), (6, 1, world.commits[2])]


def test_a_missing_content_is_no_binary(provenance: Provenance, tmp_path: Path) -> None:
    """What the clone lacks is said to be missing, and the others are shown."""
    world = pipeline.build(tmp_path / "world")
    clone = tmp_path / "clone.git"
    pipeline.git(tmp_path, "config", "--file", str(world.folder / ".git/config"),
                 "uploadpack.allowFilter", "true")  # fmt: skip
    pipeline.git(
        tmp_path, "clone", "-q", "--bare", "--filter=blob:limit=200", f"file://{world.folder}",
        str(clone),
    )  # fmt: skip
    said = provenance("blame", "rewards/math.py", "README.md", "--repo", clone)

    assert said.code == 0
    assert "README.md" in said.out
    assert "not shown: rewards/math.py: missing blob" in said.err


def test_a_shallow_clone_is_refused(provenance: Provenance, shallow: Path) -> None:
    """Its lines would all seem to come from one commit."""
    said = provenance("blame", "README.md", "--repo", shallow)

    assert said.code == 3
    assert "git fetch --unshallow" in said.err
    assert "%" not in said.out + said.err


@pytest.mark.parametrize("lens", ["plain", "ignore-whitespace"])
def test_the_lens_decides_who_owns_an_indented_line(
    provenance: Provenance, tmp_path: Path, lens: str
) -> None:
    """Plain gives a re-indented line to the later commit, the other lens to the first one."""
    steps = (
        pipeline.Step("unattested", pipeline.ADA, "Write\n", 0, {"a.py": ["one = 1", "two = 2"]}),
        pipeline.Step(
            "unattested", pipeline.BOR, "Indent\n", 1, {"a.py": ["one = 1", "  two = 2"]}
        ),
    )
    world = pipeline.build(tmp_path / "indented", steps)
    said = provenance("blame", "a.py", "-f", "jsonl", "--lens", lens, "--repo", world.folder)
    owners = [run["commit"] for run in _objects(said.out)]

    assert owners == (world.commits if lens == "plain" else world.commits[:1])


def test_the_reader_of_a_pipe_may_leave(book: Book) -> None:
    """``| head`` ends the command quietly."""
    import os
    import sys

    done = subprocess.run(
        [
            "sh", "-c",
            f"{sys.executable} -m provenance_cli rules list -f jsonl | head -n 1",
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
    )  # fmt: skip

    assert done.stderr == b""
    assert json.loads(done.stdout)
