"""``report`` renders a stored measurement again, byte for byte, without git."""

from __future__ import annotations

from pathlib import Path

import pytest

from worlds.commands import Provenance
from worlds.pipeline import Book


@pytest.fixture
def paper(provenance: Provenance, book: Book) -> Path:
    """Return the folder of a measured report."""
    assert provenance("measure", book.folder, "-o", "paper").code == 0
    return Path("paper")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["-f", "html"], "report.html"),
        (["-f", "markdown"], "report.md"),
        (["-f", "csv"], "stock.csv"),
        (["-f", "csv", "--table", "flow"], "flow.csv"),
        (["-f", "csv", "--table", "files"], "files.csv"),
        (["-f", "csv", "--table", "records"], "records.csv"),
        (["-f", "csv", "--table", "replacements"], "replacements.csv"),
        (["-f", "badge"], "badge.svg"),
        (["-f", "json"], "report.json"),
    ],
)
def test_every_format_equals_what_measure_wrote(
    provenance: Provenance,
    paper: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    name: str,
) -> None:
    """Nothing is lost on the way through report.json, and no git is needed."""
    monkeypatch.setenv("PATH", "")
    printed = provenance("report", paper / "report.json", *words)
    written = provenance("report", paper / "report.json", *words, "-o", "again.out")

    assert (printed.code, written.code) == (0, 0)
    assert printed.out == (paper / name).read_text()
    assert Path("again.out").read_text() == (paper / name).read_text()


def test_the_badge_of_an_address_is_json(provenance: Provenance, paper: Path) -> None:
    """A file that ends in .json gets the form that badge services read."""
    provenance("report", paper / "report.json", "-f", "badge", "-o", "b.json")

    assert Path("b.json").read_text() == (paper / "badge.json").read_text()


def test_text_is_the_first_screen_again(provenance: Provenance, paper: Path, book: Book) -> None:
    """The summary needs only the report."""
    shown = provenance("report", paper / "report.json")
    piped = provenance("report", "-", stdin=(paper / "report.json").read_text())
    measured = provenance("measure", book.folder, "-o", "paper")

    assert measured.out.startswith(shown.out)
    assert piped.out == shown.out


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"format": "other/1"}', b"\xff\xfe", None])
def test_what_is_no_report_is_a_usage_error(provenance: Provenance, content: bytes | None) -> None:
    """Broken, foreign and absent files are refused in words."""
    if content is not None:
        Path("r.json").write_bytes(content)
    said = provenance("report", "r.json")

    assert said.code == 2
    assert said.err.startswith("error: ")
    assert "hint: " in said.err
