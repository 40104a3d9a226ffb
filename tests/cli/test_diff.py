"""``diff`` on the invented pipeline, against its builder's book."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.terms.authors import AuthorType
from provenance_reports import change
from worlds import pipeline
from worlds.commands import Provenance
from worlds.pipeline import Book


def _told(said_out: str) -> dict:  # type: ignore[type-arg]
    found = json.loads(said_out)
    assert isinstance(found, dict)
    return found


def test_the_figures_are_those_of_the_builders_book(provenance: Provenance, book: Book) -> None:
    """From one release to the next: commits, lines and authors, kept without git."""
    said = provenance("diff", "v0.1.0", "v0.2.0", "--repo", book.folder, "-f", "json", "-q")
    told = _told(said.out)
    steps = book.steps[4:7]
    alive = {
        kind: sum(
            1
            for path, lines in book.files.items()
            if path.endswith(".py") and not path.startswith("tests/")
            for text, owner in lines
            if owner in {4, 5, 6} and book.steps[owner].author_type == kind
        )
        for kind in (t.value for t in AuthorType)
    }

    assert said.code == 0
    assert said.err == ""
    assert told["base"] == {
        "name": "v0.1.0", "commit": book.commits[3], "date": "2026-02-22T12:00:00Z",
    }  # fmt: skip
    assert told["head"]["commit"] == book.commits[6]
    assert told["commits"] == {
        t.value: sum(step.author_type == t for step in steps) for t in AuthorType
    }
    assert told["alive"]["counts"] == alive
    assert told["command"] == "provenance diff v0.1.0 v0.2.0"


def test_head_is_the_end_if_none_is_named(provenance: Provenance, book: Book) -> None:
    one = provenance("diff", "v0.1.0", "--repo", book.folder, "-f", "json")
    two = provenance("diff", "v0.1.0", "HEAD", "--repo", book.folder, "-f", "json")

    assert one.out == two.out


def test_the_text_holds_the_three_figures_and_what_is_missing(
    provenance: Provenance, book: Book
) -> None:
    said = provenance("diff", "v0.1.0", "--repo", book.folder)

    assert said.out.startswith("trainwright: v0.1.0 (")
    assert "3 commits: AI 1, assisted 1, no evidence 1." in said.out
    assert "AI-written: at least 25 %" in said.out
    assert "evidence covers" in said.out
    assert "Not measured: none." in said.out
    assert "Findings in it: none" in said.out
    assert "reading commits" in said.err


def test_a_pull_request_that_was_never_merged_can_be_judged(
    provenance: Provenance, book: Book
) -> None:
    """Its head is a ref of its own; only its own commit counts, though the base went on."""
    said = provenance("diff", "main", "refs/pull/7/head", "--repo", book.folder, "-f", "json")
    told = _told(said.out)

    assert told["commits"]["assisted"] == 1
    assert sum(told["commits"].values()) == 1
    assert [file["path"] for file in told["files"]] == ["evals/extra.py"]


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_every_form_can_go_to_a_file(provenance: Provenance, book: Book, form: str) -> None:
    shown = provenance("diff", "v0.1.0", "--repo", book.folder, "-f", form)
    kept = provenance("diff", "v0.1.0", "--repo", book.folder, "-f", form, "-o", "out")

    assert (kept.code, kept.out) == (0, "")
    assert Path("out").read_text() == shown.out


def test_a_shallow_clone_is_inconclusive_and_the_cure_is_named(
    provenance: Provenance, shallow: Path
) -> None:
    said = provenance("diff", "main~3", "--repo", shallow)

    assert said.code == 3
    assert "git fetch --unshallow" in said.err
    assert "%" not in said.out + said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "no commit named 'nowhere'"),
        (["HEAD", "nowhere"], "no commit named 'nowhere'"),
        (["HEAD", "--config-from", "nowhere"], "no commit named 'nowhere'"),
        (["--", "--upload-pack=x"], "not a revision"),
        ([], "missing argument 'BASE'"),
        (["HEAD", "--unit", "word"], "'word' is not one of"),
        (["HEAD", "--config", "absent.toml"], "cannot read absent.toml"),
    ],
)
def test_wrong_words_are_usage_errors(
    provenance: Provenance, book: Book, words: list[str], message: str
) -> None:
    said = provenance("diff", "--repo", book.folder, *words)

    assert said.code == 2
    assert message in said.err
    assert said.out == ""


def test_unrelated_histories_are_a_usage_error(provenance: Provenance, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    pipeline.git(tmp_path, "init", "-q", "two")
    for name in ("one", "other"):
        pipeline.git(folder, "checkout", "-q", "--orphan", name)
        pipeline.git(
            folder, "-c", "user.name=x", "-c", "user.email=x@example.invalid",
            "commit", "-q", "--allow-empty", "-m", name,
        )  # fmt: skip
    said = provenance("diff", "one", "other", "--repo", folder)

    assert said.code == 2
    assert "'one' and 'other' have no common ancestor" in said.err


def test_two_runs_give_equal_bytes_whatever_the_machine(book: Book, tmp_path: Path) -> None:
    """Time zone, locale, jobs, hash seed, cache: nothing of them is in the file."""
    found = []
    for number, surroundings in enumerate(
        (
            {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
            {"TZ": "America/Adak", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
            {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "3"},
        )
    ):
        for form in ("json", "markdown", "text"):
            out = tmp_path / f"{number}.{form}"
            subprocess.run(
                [
                    *(sys.executable, "-m", "provenance_cli", "diff", "v0.1.0", "-q", "-f", form),
                    *("--repo", str(book.folder), "-o", str(out), "--own", "claude"),
                    *("--jobs", str(number + 1)),
                ],
                env={
                    **os.environ,
                    **surroundings,
                    "PYTHONPATH": os.pathsep.join(sys.path),
                    "PROVENANCE_CACHE": str(tmp_path / f"cache{number // 2}"),
                },
                check=True,
                capture_output=True,
            )
            found.append((form, out.read_bytes()))

    assert len(set(found)) == 3


def test_the_command_can_be_pasted(provenance: Provenance, book: Book) -> None:
    said = provenance(
        "diff", "v0.1.0", "main", "--repo", book.folder, "-f", "json", "--own", "b c", "--own", "a",
        "--unit", "line", "--config-from", "HEAD~1", "--lens", "ignore-whitespace", "--jobs", "3",
    )  # fmt: skip

    assert change.parse(said.out).command == (
        "provenance diff --unit line --lens ignore-whitespace --config-from 'HEAD~1'"
        " --own a --own 'b c' v0.1.0 main"
    )


def test_nothing_is_written_to_the_measured_repository(provenance: Provenance, book: Book) -> None:
    before = sorted((p, p.stat().st_mtime_ns) for p in book.folder.rglob("*"))
    provenance("diff", "v0.1.0", "--repo", book.folder)

    assert sorted((p, p.stat().st_mtime_ns) for p in book.folder.rglob("*")) == before


def test_nothing_is_kept_if_so_asked(provenance: Provenance, book: Book, tmp_path: Path) -> None:
    kept = provenance("diff", "v0.1.0", "--repo", book.folder, "--no-cache")

    assert kept.code == 0
    assert not (tmp_path / "cache").exists()
    assert kept.out == provenance("diff", "v0.1.0", "--repo", book.folder).out
    assert (tmp_path / "cache").exists()
