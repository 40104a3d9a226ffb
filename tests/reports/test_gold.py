"""Finished pages, byte by byte; ``tests/gold/README.md`` says how to refresh them."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from provenance_reports import badge, csv_v1, html, json_v1, markdown, terminal
from provenance_reports.build import build
from provenance_reports.document import Document
from worlds.measurements import WORLDS

_GOLD = Path(__file__).parents[1] / "gold" / "reports"


def _terminal(document: Document) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=60, force_terminal=False)
    terminal.write(document, console=console, places=["provenance-report/report.html"])
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


_PAGES: dict[str, Callable[[Document], str]] = {
    "report.html": html.render,
    "report.json": json_v1.render,
    "files.csv": csv_v1.files,
    "stock.csv": csv_v1.stock,
    "flow.csv": csv_v1.flow,
    "pull-request.md": markdown.render,
    "release.md": lambda document: markdown.render(document, kind="release"),
    "badge.svg": badge.svg,
    "badge.json": badge.endpoint,
    "terminal.txt": _terminal,
}
_SHORT = ("pull-request.md", "release.md", "badge.svg", "badge.json", "terminal.txt")
_CASES = [("small", name) for name in _PAGES] + [
    (world, name) for world in ("no_marks", "hostile", "not_a_pipeline", "empty") for name in _SHORT
]


@pytest.mark.parametrize(("world", "name"), _CASES)
def test_a_page_is_as_it_was(world: str, name: str) -> None:
    """A change of any printed byte is seen and decided, never accidental."""
    document = build(WORLDS[world](), command="provenance measure .")
    text = _PAGES[name](document)
    gold = _GOLD / world / name
    if os.environ.get("PROVENANCE_REFRESH_GOLD"):
        gold.parent.mkdir(parents=True, exist_ok=True)
        gold.write_bytes(text.encode())
    actual = gold.with_name(f"{gold.name}.actual")
    same = gold.is_file() and gold.read_bytes() == text.encode()
    if not same:
        gold.parent.mkdir(parents=True, exist_ok=True)
        actual.write_bytes(text.encode())
    else:
        actual.unlink(missing_ok=True)

    assert same, f"{gold.name} differs; the new page is beside it as {actual.name}"
