"""The entry point: help, start-up, exit codes, and what reaches a terminal."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from provenance import errors
from provenance_cli.app import run
from provenance_cli.failures import ExitCode, code_of, settle, weightiest
from worlds import manual
from worlds.commands import Provenance
from worlds.pipeline import Book

HEAVY = (
    "duckdb", "git", "jinja2", "markupsafe", "numpy", "platformdirs", "pyarrow", "rich", "tomllib",
    "tree_sitter", "provenance.history", "provenance.rules", "provenance_reports",
)  # fmt: skip


def _process(*words: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", manual.commands(), ids=" ".join)
def test_every_command_and_every_option_has_help(
    provenance: Provenance, command: tuple[str, ...]
) -> None:
    """No word of the command line is left unexplained."""
    said = provenance(*command, "--help")
    options = re.split(r"\n  (?=-)", said.out.partition("\nOptions:\n")[2])

    assert said.code == 0
    assert said.err == ""
    assert said.out.startswith("Usage: provenance")
    for option in options:
        assert re.search(r"(?:\s{2,}|\n\s+)[A-Z]|git processes", option), option


def test_the_list_of_commands_is_fresh() -> None:
    """``docs/commands.md`` is what ``--help`` says; refresh: ``python -m worlds.manual``."""
    written = manual.PLACE.read_text(encoding="utf-8")

    assert written == manual.text()


def test_the_help_says_what_the_exit_codes_mean(provenance: Provenance) -> None:
    """A CI job is written from the help alone."""
    said = provenance("--help")
    words = " ".join(said.out.split())

    assert "0 measured and all holds" in words
    for code in ExitCode:
        assert code is ExitCode.INTERRUPTED or f"{code.value} " in words


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_the_version_needs_no_typer(word: str) -> None:
    """It is asked by scripts, often, and answered before anything is imported."""
    done = _process("-X", "importtime", "-m", "provenance_cli", word)

    assert re.fullmatch(r"provenance \d+\.\d+\.\d+\S*\n", done.stdout)
    assert "typer" not in done.stderr
    assert "pydantic" not in done.stderr


@pytest.mark.parametrize("words", [("--help",), ("blame", "--help"), ()])
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    """What a command needs is imported when it runs."""
    done = _process("-X", "importtime", "-m", "provenance_cli", *words)
    imported = {
        line.rsplit("|", 1)[1].strip()
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }
    found = {
        name
        for name in imported
        for heavy in HEAVY
        if name == heavy or name.startswith(f"{heavy}.")
    }

    assert len(imported) > 50
    assert found == set()


@pytest.mark.bench
def test_help_is_there_in_a_fifth_of_a_second() -> None:
    """The best of ten starts, on whatever machine this is."""
    times = []
    for _ in range(10):
        began = time.perf_counter()
        _process("-m", "provenance_cli", "--help")
        times.append(time.perf_counter() - began)

    assert min(times) <= 0.2


def test_no_words_show_the_help_as_a_usage_error(provenance: Provenance) -> None:
    """Nothing was asked, so nothing goes to stdout."""
    said = provenance()

    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("Usage: provenance")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["mesure"], "no such command 'mesure'"),
        (["measure", "--wrong"], "no such option: --wrong"),
        (["explain"], "missing argument"),
        (["blame", "--at"], "--at"),
    ],
)
def test_wrong_words_are_explained_in_one_form(
    provenance: Provenance, words: list[str], message: str
) -> None:
    """error, blank line, hint: readable without colour, no full stop after the sentence."""
    said = provenance(*words)
    first, blank, hint, *rest = said.err.splitlines()

    assert said.code == 2
    assert first.startswith("error: ")
    assert message in first.lower()
    assert not first.endswith(".")
    assert (blank, rest) == ("", [])
    assert hint.startswith("hint: see provenance")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.UsageError, 2),
        (errors.CatalogueError, 2),
        (errors.ClaimError, 2),
        (errors.LedgerError, 2),
        (errors.InconclusiveError, 3),
        (errors.HistoryError, 3),
        (errors.EvidenceError, 3),
        (errors.IntegrityError, 4),
        (errors.AttestationError, 4),
        (errors.MeterError, 5),
    ],
)
def test_every_kind_of_failure_has_its_code(kind: type[errors.MeterError], code: int) -> None:
    """None of them is 1, which means that a gate failed."""
    assert code_of(kind("x", slug="x")) == code


def test_every_failure_of_the_house_has_a_code() -> None:
    """A new kind of failure must be given one."""
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.MeterError)
    ]

    assert len(kinds) == 10
    for kind in kinds:
        assert kind is errors.MeterError or code_of(kind("x", slug="x")) != ExitCode.INTERNAL


@pytest.mark.parametrize(
    ("codes", "code"), [((3, 1, 4, 5), 5), ((3, 1, 4), 4), ((3, 1), 1), ((3, 0), 3), ((), 0)]
)
def test_the_weightiest_code_wins(codes: tuple[int, ...], code: int) -> None:
    """5, then 4, then 1, then 3."""
    assert weightiest(*map(ExitCode, codes)) == code


def test_an_internal_error_is_5_and_asks_for_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    """A crash must never look like a failed gate; the traceback comes on demand."""
    quiet = settle(ValueError("odd \x1b[31m"), debug=False)
    brief = capsys.readouterr().err
    loud = settle(ValueError("odd"), debug=True)
    full = capsys.readouterr().err

    assert (quiet, loud) == (5, 5)
    assert brief.startswith("error: internal error: ValueError: odd \\e[31m\n\nhint: ")
    assert "please report it" in brief
    assert "Traceback" not in brief
    assert full.startswith(("Traceback", "ValueError"))


def test_a_machine_without_git_is_told_so(
    provenance: Provenance, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one program that is needed is named."""
    monkeypatch.setenv("PATH", "/nowhere")
    said = provenance("doctor", book.folder)

    assert said.code == 2
    assert "git was not found" in said.err


def test_ctrl_c_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    """The code a shell expects, and no words."""
    code = settle(KeyboardInterrupt(), debug=False)

    assert (code, capsys.readouterr().err) == (130, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_command_leaves_in_order(number: signal.Signals, tmp_path: Path) -> None:
    """A cancelled job ends with the code of its signal, without a traceback or leftovers."""
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexec sleep 60\n")
    wrapper.chmod(0o755)
    (tmp_path / "repo" / "objects").mkdir(parents=True)
    (tmp_path / "repo" / "refs").mkdir()
    (tmp_path / "repo" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "repo" / "config").write_text("")
    running = subprocess.Popen(
        [sys.executable, "-m", "provenance_cli", "doctor", str(tmp_path / "repo")],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PATH": f"{wrapper.parent}:{os.environ['PATH']}",
        },
        stderr=subprocess.PIPE,
    )
    while not (tmp_path / "started").exists() and running.poll() is None:
        time.sleep(0.01)
    running.send_signal(number)
    said = running.communicate(timeout=30)[1]

    assert (running.returncode, said) == (128 + number, b"")


@pytest.mark.parametrize(
    ("words", "code"),
    [(["rules", "list"], 0), (["--help"], 0), (["--version"], 0), (["doctor", "/absent"], 2)],
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_nobody_listens(words: list[str], code: int, unbuffered: str) -> None:
    """With both ends closed the exit code still says what happened."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "provenance_cli", *words],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONUNBUFFERED": unbuffered,
        },
        stdout=writer,
        stderr=writer,
        check=False,
    )
    os.close(writer)

    assert done.returncode == code


def test_a_report_is_written_even_if_nobody_follows(book: Book, tmp_path: Path) -> None:
    """Progress that cannot be told is no reason to give up a measurement."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "provenance_cli", "measure", str(book.folder)),
            *("-o", str(tmp_path / "paper")),
        ],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PROVENANCE_CACHE": str(tmp_path / "cache"),
        },
        stdout=subprocess.PIPE,
        stderr=writer,
        check=False,
    )
    os.close(writer)

    assert done.returncode == 0
    assert b"at most" in done.stdout
    assert (tmp_path / "paper" / "report.json").exists()


def test_run_raises_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the words are, there is a code."""
    assert run(["--\udcff"]) == 2
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize("no_color", [False, True])
def test_a_terminal_gets_bars_and_clean_data(book: Book, tmp_path: Path, no_color: bool) -> None:
    """Bars are drawn on stderr only, in colour unless NO_COLOR says otherwise."""
    ours, theirs = pty.openpty()
    surroundings = {"NO_COLOR": "1"} if no_color else {}
    done = subprocess.Popen(
        [
            *(sys.executable, "-m", "provenance_cli", "measure", str(book.folder)),
            *("-o", str(tmp_path / "paper"), "--format", "json"),
        ],
        env={
            **os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm-256color",
            "PROVENANCE_CACHE": str(tmp_path / "cache"), **surroundings,
        },
        stdout=subprocess.PIPE,
        stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    drawn = _all(ours)
    data = done.communicate()[0]
    coloured = re.search(rb"\x1b\[[0-9;]*3[0-9]", drawn)

    assert done.returncode == 0
    assert data == (tmp_path / "paper" / "report.json").read_bytes()
    assert b"replaying line ownership" in drawn
    assert bool(coloured) != no_color


def _all(terminal: int) -> bytes:
    """Read what is drawn until the process has closed its end."""
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(terminal)
    return b"".join(parts)
