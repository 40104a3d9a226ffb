"""Clones of public repositories against git blame: a seeded sample of files, both lenses.

``PROVENANCE_REAL`` names a folder of clones, ``<Owner>+<name>/repo`` each; run with
``-m real``.  ``PROVENANCE_REAL_FILES`` (150) and ``PROVENANCE_REAL_SEED`` (1) set the sample,
``PROVENANCE_REAL_COMMITS`` (2) how many older commits are looked at besides the newest.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from provenance.history.repository import Repository, open_repository
from provenance.history.walk import walk
from provenance.terms.changes import Lens
from worlds.oracle import LENSES, Replayed, blame, replay

REPOSITORIES = (
    "NVIDIA+Megatron-LM",
    "UKGovernmentBEIS+inspect_ai",
    "Aider-AI+aider",
    "git+git",
    "karpathy+nanochat",
)
ALLOWED = 10_000
"""One line in so many may differ, and is named."""
FILES = int(os.environ.get("PROVENANCE_REAL_FILES", "150"))
SEED = int(os.environ.get("PROVENANCE_REAL_SEED", "1"))
COMMITS = int(os.environ.get("PROVENANCE_REAL_COMMITS", "2"))

pytestmark = pytest.mark.real


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("name", REPOSITORIES)
def test_sampled_files_equal_git_blame(name: str, lens: Lens) -> None:
    """At the newest and at older commits, owners, original paths and numbers agree."""
    with open_repository(_clone(name)) as repository:
        rng = random.Random(SEED)
        commits = _commits(repository, rng)
        result = replay(repository, commits[:1], lens=lens, at=commits)
        sample = _sample(result, commits, rng)
        different, lines = [], 0
        for commit, path in sample:
            count, wrong = _compare(repository, result, commit, path, lens)
            lines += count
            different += wrong

    report = "\n".join([f"{len(different)} of {lines} lines differ", *different])

    assert lines > 0
    assert len(different) * ALLOWED <= lines, report


def _clone(name: str) -> Path:
    clones = os.environ.get("PROVENANCE_REAL")
    if not clones:
        pytest.skip("PROVENANCE_REAL names no folder of clones")
    path = Path(clones) / name / "repo"
    if not path.is_dir():
        pytest.skip(f"no clone of {name}")
    return path


def _commits(repository: Repository, rng: random.Random) -> list[str]:
    head = repository.resolve("HEAD")
    all_of_them = [str(commit.id) for commit in walk(repository, [head])]
    return [head, *rng.sample(all_of_them[:-1], min(COMMITS, len(all_of_them) - 1))]


def _sample(result: Replayed, commits: list[str], rng: random.Random) -> list[tuple[str, bytes]]:
    """Choose files with lines, an equal share per commit."""
    chosen = []
    for commit in commits:
        versions = sorted(
            path
            for path, version in result.versions[commit].items()
            if isinstance(version.lines, bytes) and version.lines
        )
        share = min(len(versions), -(-FILES // len(commits)))
        chosen += [(commit, path) for path in rng.sample(versions, share)]
    return chosen


def _compare(
    repository: Repository, result: Replayed, commit: str, path: bytes, lens: Lens
) -> tuple[int, list[str]]:
    """Return how many lines a file has and a name for each that differs."""
    got = result.owners_of(result.versions[commit][path])
    assert isinstance(got, list)
    if any(row[0] == "unknown" for row in got):
        return 0, []  # git blame stops at the missing blob
    try:
        want = blame(repository.git_dir, commit, path, lens=lens)
    except AssertionError as error:
        if "unable to read" in str(error) and repository.missing:
            return 0, []
        raise
    where = f"{commit[:12]} {path!r}"
    wrong = [
        f"{where}:{number + 1} is {mine}, git blame says {theirs}"
        for number, (mine, theirs) in enumerate(zip(got, want, strict=False))
        if mine != theirs
    ]
    if len(got) != len(want):
        wrong += [f"{where} has {len(got)} lines, git blame says {len(want)}"] * max(
            1, abs(len(got) - len(want))
        )
    return len(want), wrong
