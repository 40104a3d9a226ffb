"""A remote with a pull request, clones of depth one, and commands that stand in for others."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from worlds import pipeline

GATE = ["[gate.change]", 'max = { ai = "60%" }']


def _step(kind: str, author: str, day: int, files: dict[str, list[str]], ref: str = "main",
          onto: int | None = None, tag: str = "") -> pipeline.Step:  # fmt: skip
    full = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
    return pipeline.Step(kind, author, "Go on\n", day, files, ref=full, onto=onto, tag=tag)


@pytest.fixture(scope="session")
def remote(tmp_path_factory: pytest.TempPathFactory) -> pipeline.Book:
    """Return a bare remote: pull 1 is all AI and lowers the gate, pull 2 is a bot's."""
    return pipeline.build(
        tmp_path_factory.mktemp("remote") / "lab.git",
        (
            _step("unattested", pipeline.ADA, 0, {
                "provenance.toml": GATE, "train/a.py": pipeline.code("a", 0, 9),
            }, tag="v0.1.0"),
            _step("unattested", pipeline.ADA, 5, {"train/b.py": pipeline.code("b", 0, 9)}),
            _step("ai", pipeline.CLAUDE, 9, {
                "provenance.toml": ["[gate]", "informational = true"],
                "train/$(touch pwned) `x` ::error::.py": pipeline.code("c", 0, 9),
            }, "refs/pull/1/head", onto=1),
            _step("automation", pipeline.BOT, 9, {
                "train/d.py": pipeline.code("d", 0, 9),
            }, "refs/pull/2/head", onto=0),
            _step("unattested", pipeline.ADA, 9, {
                "train/e.py": pipeline.code("e", 0, 9),
            }, "refs/pull/3/head", onto=1),
        ),
        bare=True,
    )  # fmt: skip


def shallow_clone(remote: Path, folder: Path, ref: str) -> Path:
    """Do what a checkout of depth one does."""
    folder.mkdir(parents=True)
    pipeline.git(folder, "init", "-q", "-b", "work")
    pipeline.git(folder, "remote", "add", "origin", f"file://{remote}")
    pipeline.git(
        folder, "fetch", "-q", "--no-tags", "--depth=1", "origin", f"+{ref}:refs/remotes/x"
    )
    pipeline.git(folder, "checkout", "-q", "--detach", "refs/remotes/x")
    return folder


def program(folder: Path, name: str, text: str) -> Path:
    """Write a program that stands in for another."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """Return the command of this environment, for the place of an installed one."""
    path = os.pathsep.join(word for word in sys.path if word)
    return program(
        tmp_path / "bin",
        "provenance",
        f'#!/bin/sh\nPYTHONPATH="{path}" exec {sys.executable} -m provenance_cli "$@"\n',
    )


@pytest.fixture(name="program")
def _program() -> Callable[[Path, str, str], Path]:
    return program


@pytest.fixture(name="clone")
def _clone() -> Callable[[Path, Path, str], Path]:
    return shallow_clone
