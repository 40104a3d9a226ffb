"""Commands in this process, and the invented pipeline they look at."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from provenance_cli.app import run
from worlds import pipeline
from worlds.commands import Provenance, Said


@pytest.fixture
def provenance(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Provenance:
    """Return a runner; the current folder and the cache are empty folders of the test."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("PROVENANCE_DEBUG", "1")
    monkeypatch.setenv("PROVENANCE_CACHE", str(tmp_path / "cache"))

    def call(*words: str | Path, stdin: str = "") -> Said:
        feed = io.TextIOWrapper(
            io.BytesIO(stdin.encode("utf-8", "surrogateescape")), encoding="utf-8"
        )
        monkeypatch.setattr(sys, "stdin", feed)
        capsys.readouterr()
        code = run([str(word) for word in words])
        seen = capsys.readouterr()
        return Said(code, seen.out, seen.err)

    return call


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> pipeline.Book:
    """Return the invented pipeline; commands only read it."""
    return pipeline.build(tmp_path_factory.mktemp("worlds") / "trainwright")


@pytest.fixture
def shallow(book: pipeline.Book, tmp_path: Path) -> Path:
    """Return a clone of depth one."""
    folder = tmp_path / "shallow" / "trainwright"
    folder.parent.mkdir()
    pipeline.git(
        folder.parent, "clone", "-q", "--bare", "--depth=1", f"file://{book.folder}", str(folder)
    )
    return folder
