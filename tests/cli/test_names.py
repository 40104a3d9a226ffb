"""Names of persons occur in no default output, hostile text is spelled out."""

from __future__ import annotations

from pathlib import Path

import pytest

from worlds import pipeline
from worlds.commands import Provenance
from worlds.pipeline import Book

COMMANDS = (
    ("measure", "--repo", "{}"),
    ("measure", "--repo", "{}", "--format", "markdown"),
    ("blame", "--all", "--repo", "{}"),
    ("doctor", "{}"),
    ("stages", "{}"),
    ("stages", "init", "{}"),
    ("config", "{}"),
    ("diff", "v0.1.0", "--repo", "{}"),
    ("diff", "v0.1.0", "--repo", "{}", "--format", "markdown"),
    ("diff", "v0.1.0", "--repo", "{}", "--format", "json"),
    ("release", "v0.2.0", "--repo", "{}"),
    ("recount", "--repo", "{}"),
    ("rules", "list"),
    ("explain", "--repo", "{}", *(f"HEAD~{back}" for back in range(7))),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_person_is_named(provenance: Provenance, book: Book, words: tuple[str, ...]) -> None:
    """Neither names nor addresses of authors leave the meter unless evidence is asked for."""
    said = provenance(*(word.format(book.folder) for word in words))
    files = [path for path in Path().rglob("*.*") if path.suffix != ".parquet"]
    written = "".join(path.read_text() for path in files if path.is_file())

    assert said.code == 0
    for person in (*pipeline.PEOPLE, "example.invalid"):
        for part in person.split():
            assert part.casefold() not in (said.out + said.err + written).casefold()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_hostile_paths_cannot_reach_a_terminal(
    provenance: Provenance, book: Book, words: tuple[str, ...]
) -> None:
    """Escape sequences in paths are shown, not obeyed; bytes that are no text are spelled out."""
    said = provenance(*(word.format(book.folder) for word in words))

    assert "\x1b" not in said.out + said.err
    assert "\udce9" not in said.out + said.err
