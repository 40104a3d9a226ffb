"""The pre-commit hooks: their entries as the host runs them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from worlds import pipeline
from worlds.pipeline import Book

ROOT = Path(__file__).parents[2]
HOOKS = {
    hook["id"]: hook
    for hook in YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text())
}
_KNOWN = {
    "id", "name", "description", "entry", "language", "files", "always_run", "pass_filenames",
    "stages", "verbose",
}  # fmt: skip


def _run(hook: str, folder: Path, command: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        shlex.split(HOOKS[hook]["entry"]),
        cwd=folder,
        env={
            "PATH": os.pathsep.join((str(command.parent), os.environ["PATH"])),
            "HOME": str(folder),
            "PROVENANCE_CACHE": str(command.parent / "cache"),
            **more,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def work(remote: Book, tmp_path: Path) -> Path:
    """Return a whole clone that holds all pull requests."""
    folder = tmp_path / "work"
    pipeline.git(tmp_path, "clone", "-q", str(remote.folder), str(folder))
    pipeline.git(folder, "fetch", "-q", "origin", "+refs/pull/*/head:refs/pull/*/head")
    return folder


@pytest.mark.parametrize(("pull", "code", "word"), [(1, 1, "FAIL"), (2, 0, "PASS")])
def test_a_push_is_judged_by_what_is_on_the_remote(
    remote: Book, work: Path, command: Path, pull: int, code: int, word: str
) -> None:
    """The host says in its environment what is pushed onto what."""
    done = _run(
        "provenance-change", work, command,
        PRE_COMMIT_FROM_REF=remote.commits[1], PRE_COMMIT_TO_REF=remote.commits[pull + 1],
    )  # fmt: skip

    assert done.returncode == code, done.stderr
    assert done.stdout.startswith(word)


def test_a_change_that_cannot_be_measured_never_passes(work: Path, command: Path) -> None:
    done = _run(
        "provenance-change", work, command, PRE_COMMIT_FROM_REF="nowhere", PRE_COMMIT_TO_REF="HEAD"
    )

    assert done.returncode == 2
    assert "no commit named 'nowhere'" in done.stderr


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[gate.change]\nmax = { ai = "60%" }\n', 0),
        ('[gate.change]\nmax = { ai = "100%" }\n', 1),
        ('[gate.change]\nmax = { ia = "60%" }\n', 2),
        ("version = 1\n", 0),
    ],
)
def test_a_configuration_is_tried_before_it_is_committed(
    work: Path, command: Path, text: str, code: int
) -> None:
    (work / "provenance.toml").write_text(text)

    assert _run("provenance-config", work, command).returncode == code


def test_the_manifest_holds_what_the_host_knows() -> None:
    """Ids are unique, every key is one of the host's, and the pattern is one."""
    for hook in HOOKS.values():
        assert {"id", "name", "entry", "language"} <= set(hook) <= _KNOWN
        assert hook["language"] == "python"
        assert set(hook.get("stages", [])) <= {"pre-commit", "pre-push"}
        assert re.compile(hook.get("files", ""))
