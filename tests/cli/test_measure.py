"""``measure`` tells what the builder of the world knows, and writes it where it was asked to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.terms.authors import AuthorType
from provenance_cli.measure import parse_date
from worlds import pipeline
from worlds.commands import Provenance
from worlds.pipeline import Book

FILES = (
    "badge.json", "badge.svg", "files.csv", "flow.csv", "records.csv", "replacements.csv",
    "report.html", "report.json", "report.md", "stock.csv",
)  # fmt: skip


def _report(folder: Path) -> dict:  # type: ignore[type-arg]
    found = json.loads((folder / "report.json").read_text())
    assert isinstance(found, dict)
    return found


def _snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(folder.rglob("*"))
    }


def test_the_figures_are_those_of_the_builders_book(provenance: Provenance, book: Book) -> None:
    """Commits, lines, authors and own models end to end, against books kept without git."""
    said = provenance("measure", book.folder, "--own", "claude")
    report = _report(Path("provenance-report"))
    head = report["stock"][-1]
    known = book.code()

    assert said.code == 0
    assert head["commit"] == book.commits[-2]
    assert head["counts"] == {t.value: known.of(t) for t in AuthorType}
    assert head["own"] == {
        "floor": book.code("rewards/").ai,
        "declared": book.code("rewards/").ai + known.assisted,
        "ceiling": known.ceiling - (known.ai - book.code("rewards/").ai) + book.code("data/").ai,
    }
    assert [p["at"] for p in report["stock"] if p["kind"] == "release"] == ["v0.1.0", "v0.2.0"]


def test_the_first_screen_holds_the_three_figures_and_the_places(
    provenance: Provenance, book: Book
) -> None:
    """A reader sees the interval, the coverage and where the report lies; nothing else speaks."""
    said = provenance("measure", book.folder, "-o", "paper", "--quiet")

    assert said.code == 0
    assert "at least 17 %" in said.out
    assert "at most 99 %" in said.out
    assert "coverage 43 %" in said.out
    assert "paper/report.html" in said.out
    assert said.err == ""
    assert set(FILES) <= {path.name for path in Path("paper").iterdir()}
    assert not [path for path in Path("paper").iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_stdout_can_be_the_report_itself(provenance: Provenance, book: Book, form: str) -> None:
    """What is piped on is the data alone, and equals what was written."""
    said = provenance("measure", book.folder, "--format", form)
    written = Path("provenance-report/report.json").read_text()

    assert said.code == 0
    assert said.out == written if form == "json" else said.out.startswith("<!-- provenance-report")


def test_progress_goes_to_stderr_and_can_be_silenced(provenance: Provenance, book: Book) -> None:
    """Without a terminal every finished step is one plain line; asked for silence, none."""
    told = provenance("measure", book.folder)
    silent = provenance("measure", book.folder, "--no-progress")

    assert "reading commits: 7" in told.err
    assert "\x1b" not in told.err + told.out
    assert silent.err == ""


def test_nothing_is_written_to_the_measured_repository(provenance: Provenance, book: Book) -> None:
    """Every file of the repository is as it was, to the nanosecond."""
    before = _snapshot(book.folder)
    provenance("measure", book.folder)

    assert _snapshot(book.folder) == before


@pytest.mark.parametrize("inside", [".git", ".git/report"])
def test_a_report_never_lands_in_a_git_folder(
    provenance: Provenance, book: Book, inside: str
) -> None:
    """The output is refused before anything is measured."""
    said = provenance("measure", book.folder, "-o", book.folder / inside)

    assert said.code == 2
    assert "lies inside the git folder" in said.err
    assert "hint: choose another place with: -o DIR" in said.err
    assert not (book.folder / ".git" / "report").exists()


@pytest.mark.parametrize("output", ["mine", "mine/below/it"])
def test_an_output_that_is_a_file_is_refused(
    provenance: Provenance, book: Book, output: str
) -> None:
    """A file of the reader is never replaced by a folder, and nothing is measured in vain."""
    Path("mine").write_text("keep")
    said = provenance("measure", book.folder, "-o", output)

    assert said.code == 2
    assert "reading commits" not in said.err
    assert Path("mine").read_text() == "keep"


def test_a_shallow_clone_is_refused_with_its_cure_and_no_percentage(
    provenance: Provenance, shallow: Path
) -> None:
    """A history that is cut gives exit 3, the exact command, and no figure anywhere."""
    said = provenance("measure", shallow)

    assert said.code == 3
    assert "git fetch --unshallow" in said.err
    assert "%" not in said.out + said.err
    assert not Path("provenance-report").exists()


def test_a_shallow_clone_can_be_measured_on_demand(provenance: Provenance, shallow: Path) -> None:
    """Then nothing behind the cut is attested, and the report says so."""
    said = provenance("measure", shallow, "--allow-shallow")
    report = _report(Path("provenance-report"))

    assert said.code == 0
    assert report["stock"][-1]["counts"]["unattested"] == sum(
        report["stock"][-1]["counts"].values()
    )
    assert "shallow_boundary" in {item["reason"] for item in report["not_measured"]}


def test_a_repository_without_marks_has_no_evidence(provenance: Provenance, tmp_path: Path) -> None:
    """Silence is floor 0, ceiling 100 %, coverage 0 and words; never "0 % AI"."""
    steps = tuple(step for step in pipeline.STEPS if step.author_type == "unattested")
    silent = pipeline.build(tmp_path / "silent", steps)
    said = provenance("measure", silent.folder)
    counts = _report(Path("provenance-report"))["stock"][-1]["counts"]

    assert said.code == 0
    assert "at least 0 %" in said.out
    assert "at most 100 %" in said.out
    assert "coverage 0 %, no evidence" in said.out
    assert "The history says nothing about who wrote this code." in said.out
    assert "0 % AI" not in said.out + Path("provenance-report/report.md").read_text()
    assert counts["unattested"] == silent.code().total == sum(counts.values())


def test_a_repository_without_code_is_inconclusive(provenance: Provenance, tmp_path: Path) -> None:
    """Nothing to measure is exit 3, and is no percentage either."""
    step = pipeline.Step("unattested", pipeline.ADA, "Say hello\n", 0, {"README.md": ["# Hello"]})
    empty = pipeline.build(tmp_path / "prose", (step,))
    said = provenance("measure", empty.folder)

    assert said.code == 3
    assert "nothing to measure" in said.err
    assert "%" not in said.out + said.err


def test_a_repository_without_commits_is_inconclusive(
    provenance: Provenance, tmp_path: Path
) -> None:
    """A fresh repository has no history to read."""
    pipeline.git(tmp_path, "init", "-q", "fresh")
    said = provenance("measure", tmp_path / "fresh")

    assert said.code == 3
    assert "no commit yet" in said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--since", "yesterday"], "not a date: 'yesterday'"),
        (["--at", "v9"], "no commit named 'v9'"),
        (["--at", "--output=x"], "not a revision"),
        (["--unit", "words"], "'words' is not one of"),
        (["--every", "day"], "'day' is not one of"),
        (["--jobs", "0"], "'--jobs'"),
        (["--config", "absent.toml"], "cannot read absent.toml"),
        (["--repo", "/"], "two repositories"),
    ],
)
def test_wrong_words_are_usage_errors(
    provenance: Provenance, book: Book, words: list[str], message: str
) -> None:
    """Each says what is wrong and what to do, with exit 2 and empty stdout."""
    said = provenance("measure", book.folder, *words)

    assert said.code == 2
    assert said.err.startswith("error: ")
    assert message in said.err
    assert "\n\nhint: " in said.err
    assert said.out == ""


def test_no_repository_is_a_usage_error(provenance: Provenance) -> None:
    """Outside any repository the hint says what to give."""
    said = provenance("measure")

    assert said.code == 2
    assert "no git repository at" in said.err


def test_an_unknown_key_of_the_configuration_names_the_nearest(
    provenance: Provenance, book: Book
) -> None:
    """A slip of the pen in provenance.toml never changes a figure in silence."""
    Path("own.toml").write_text('[own]\nfamilys = ["claude"]\n')
    said = provenance("measure", book.folder, "--config", "own.toml")

    assert said.code == 2
    assert "did you mean 'families'?" in said.err


def test_an_earlier_revision_and_a_bare_clone_can_be_measured(
    provenance: Provenance, book: Book, tmp_path: Path
) -> None:
    """``--at`` takes tags and HEAD~2; bare repositories need no work tree."""
    bare = tmp_path / "trainwright.git"
    pipeline.git(tmp_path, "clone", "-q", "--mirror", str(book.folder), str(bare))
    by_tag = provenance("measure", bare, "--at", "v0.1.0", "-o", "a")
    by_step = provenance("measure", "--repo", bare, "--at", "HEAD~2", "-o", "b", "--every", "week")

    assert (by_tag.code, by_step.code) == (0, 0)
    assert _report(Path("a"))["repository"]["head"] == book.commits[3]
    assert _report(Path("b"))["repository"]["head"] == book.commits[4]
    assert {p["kind"] for p in _report(Path("b"))["stock"]} == {"week", "head"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1970-01-02", 86400), ("2026-03-01T00:00:00+01:00", 1772319600)],
)
def test_a_date_is_read_in_utc_unless_it_says_otherwise(text: str, seconds: int) -> None:
    """The time zone of the machine has no say."""
    assert parse_date(text) == seconds


def test_two_runs_give_equal_bytes_whatever_the_machine(book: Book, tmp_path: Path) -> None:
    """Time zone, locale, jobs, hash seed and the place of the clone change nothing."""
    found = []
    for number, surroundings in enumerate(
        (
            {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
            {"TZ": "America/Adak", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
        )
    ):
        clone = tmp_path / f"place{number}" / "trainwright"
        shutil.copytree(book.folder, clone)
        subprocess.run(
            [
                *(sys.executable, "-m", "provenance_cli", "measure", str(clone), "-q"),
                *("-o", str(tmp_path / f"out{number}"), "--jobs", str(number * 2 + 1)),
                *("--own", "claude"),
            ],
            env={
                **os.environ,
                **surroundings,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "PROVENANCE_CACHE": str(tmp_path / f"cache{number}"),
            },
            check=True,
            capture_output=True,
        )
        out = tmp_path / f"out{number}"
        found.append(
            {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
        )

    assert found[0] == found[1]
    assert set(FILES) <= set(found[0])


def test_the_report_names_the_command_that_measures_the_same(
    provenance: Provenance, book: Book
) -> None:
    """Places and speed of this machine are no part of it; a reader can paste it."""
    provenance("measure", book.folder, "-o", "x", "--jobs", "3", "--own", "b c", "--own", "a",
               "--every", "week", "--since", "2025-02-01")  # fmt: skip
    command = _report(Path("x"))["command"]

    assert command == ("provenance measure --since 2025-02-01 --every week --own a --own 'b c'")


def test_git_is_started_a_few_times_however_long_the_history(
    provenance: Provenance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never a process per commit, file or object: a longer history needs no more."""
    log = tmp_path / "log"
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho x >> {log}\nexec {shutil.which("git")} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
    starts = []
    for size in (60, 180):
        steps = tuple(
            pipeline.Step(
                "unattested", pipeline.ADA, "Go on\n", day * 7,
                {f"train/part{day % 7}.py": pipeline.code(f"step{day}", 0, 3)},
            )
            for day in range(size)
        )  # fmt: skip
        world = pipeline.build(tmp_path / f"world{size}", steps)
        log.unlink()
        assert provenance("measure", world.folder, "--no-cache").code == 0
        starts.append(len(log.read_text().splitlines()))

    # one that is not needed after all may be stopped before the wrapper has counted it
    assert abs(starts[0] - starts[1]) <= 2
    assert max(starts) <= 25
