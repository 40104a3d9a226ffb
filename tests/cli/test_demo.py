"""``demo`` shows a report beside the truth, the same bytes every time."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from provenance_reports import json_v1, words
from worlds.commands import Provenance


def _bytes(folder: str) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def test_two_runs_give_equal_bytes(
    provenance: Provenance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever the place, the time zone and the user's git settings."""
    first = provenance("demo")
    config = tmp_path / "gitconfig"
    config.write_text("[init]\n\tdefaultBranch = trunk\n[core]\n\tautocrlf = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    second = provenance("demo", "-o", "again", "-q")

    assert (first.code, second.code) == (0, 0)
    assert _bytes("provenance-demo") == _bytes("again")
    assert first.out.splitlines()[:-1] == second.out.splitlines()[:-1]
    assert second.err == ""


def test_the_first_experience(provenance: Provenance) -> None:
    """Three figures, the truth, and the place of the page; nothing else is left behind."""
    before = set(Path(tempfile.gettempdir()).glob("provenance-demo-*"))
    said = provenance("demo", "--no-progress")
    document = json_v1.parse(Path("provenance-demo/report.json").read_text())
    low, middle, high, _ = words.figures(document.headline)

    assert said.out.startswith("larkspur-demo at ")
    assert f"at least {low}  assisted {middle}  at most {high}" in said.out
    assert "models wrote 1,459 of" in said.out
    assert said.out.endswith("provenance-demo/report.html\n")
    assert Path("provenance-demo/report.html").is_file()
    assert document.command == "provenance demo"
    assert [path.name for path in Path().iterdir()] == ["provenance-demo"]
    assert set(Path(tempfile.gettempdir()).glob("provenance-demo-*")) <= before


def test_a_place_that_cannot_be_written_is_refused_first(provenance: Provenance) -> None:
    """Nothing is built when the report has no place."""
    Path("taken").write_text("mine")
    said = provenance("demo", "-o", "taken")

    assert said.code == 2
    assert "error: the output folder taken is a file" in said.err
    assert Path("taken").read_text() == "mine"


def test_nobody_is_named_in_the_report(provenance: Provenance) -> None:
    """Invented persons are persons."""
    said = provenance("demo")
    files = [path for path in Path("provenance-demo").glob("*.*") if path.is_file()]
    written = said.out + "".join(path.read_text() for path in files)

    assert len(files) == 10
    assert "Invented" not in written
    assert ".invalid" not in written
