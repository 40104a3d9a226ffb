"""The GitLab template: its scripts on a shallow clone of a remote on this disk."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from worlds.pipeline import Book
from worlds.runner import read_yaml

ROOT = Path(__file__).parents[2]
Judge = Callable[..., tuple[subprocess.CompletedProcess[str], Path]]
TEMPLATE = read_yaml(ROOT / "ci" / "gitlab.yml")


def _run(job: str, folder: Path, command: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run what a job runs, in the shell that the host uses."""
    hidden = TEMPLATE[".provenance"]
    script = "\n".join([*hidden["before_script"], *TEMPLATE[job]["script"]])
    variables = {name: str(value) for name, value in hidden["variables"].items()}
    return subprocess.run(
        ["sh", "-c", script],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            **variables,
            "CI_PROJECT_DIR": str(folder),
            "PROVENANCE_CACHE": str(folder / "cache"),
            "PROVENANCE_COMMAND": str(command),
            **more,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def judge(remote: Book, clone: Any, command: Path, tmp_path: Path) -> Judge:
    """Return a runner of the job of a merge request, given by its number."""

    def run(pull: int, **more: str) -> tuple[subprocess.CompletedProcess[str], Path]:
        folder = clone(remote.folder, tmp_path / "work", f"refs/pull/{pull}/head")
        variables = {
            "CI_COMMIT_SHA": remote.commits[pull + 1],
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        }
        return _run("provenance:merge-request", folder, command, **variables | more), folder

    return run


@pytest.mark.parametrize(
    ("pull", "informational", "expected"),
    [
        (1, "false", (1, "FAIL")),
        (2, "false", (0, "PASS")),
        (3, "false", (3, "INCONCLUSIVE")),
        (1, "true", (0, "FAIL")),
    ],
)
def test_a_merge_request_is_judged_by_its_target_branch(
    judge: Judge, remote: Book, pull: int, informational: str, expected: tuple[int, str]
) -> None:
    """From a clone of depth one; an inconclusive verdict is the code that may fail."""
    done, folder = judge(pull, PROVENANCE_INFORMATIONAL=informational)
    verdict = json.loads((folder / "provenance-report" / "gate.json").read_text())

    assert (done.returncode, verdict["verdict"]) == expected, done.stderr
    assert done.stdout.startswith(expected[1])
    assert verdict["subject"]["base"] == remote.commits[1]
    assert (folder / "provenance-report" / "summary.md").exists()
    assert TEMPLATE["provenance:merge-request"]["allow_failure"] == {"exit_codes": 3}


def test_branch_names_are_data(judge: Judge, tmp_path: Path) -> None:
    """A name that looks like a command is looked up, and not found."""
    done, _ = judge(2, CI_MERGE_REQUEST_TARGET_BRANCH_NAME="$(touch pwned)")

    assert done.returncode == 2
    assert not list(tmp_path.rglob("pwned"))


def test_a_tag_is_released(remote: Book, clone: Any, command: Path, tmp_path: Path) -> None:
    folder = clone(remote.folder, tmp_path / "work", "refs/tags/v0.1.0")
    done = _run("provenance:release", folder, command, CI_COMMIT_TAG="v0.1.0")

    assert done.returncode == 0, done.stderr
    assert (folder / "provenance-report" / "release.md").exists()
