"""Aider's own published figures, from the meter's line owners.

Needs the clone ``Aider-AI+aider/repo`` in ``PROVENANCE_REAL`` and, in ``PROVENANCE_TRUTH``,
a folder with ``published_history.csv`` (lines by the tool per release, as published while
the script used plain ``git blame``) and ``stock.csv`` (the same rule over whole tags).
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from provenance.history.compare import BlobComparer
from provenance.history.repository import open_repository
from provenance.history.walk import tags, walk
from provenance.meter.mining import Mined, Start, replay
from provenance.meter.progress import Silent
from provenance.meter.settings import Options
from provenance.ownership.replay import Replay
from provenance.ownership.tree import Tree
from provenance.terms.authors import UNATTESTED
from provenance.terms.commits import Commit, CommitId

pytestmark = pytest.mark.real
_WEBSITE = ("aider/website/share/index.md", "aider/website/docs/leaderboards/index.md")
_MORE = (
    "aider/website/index.html",
    "aider/website/_includes/head_custom.html",
    "aider/website/_includes/home.css",
)


def _folder(variable: str) -> Path:
    if variable not in os.environ:
        pytest.skip(f"{variable} names no folder")
    return Path(os.environ[variable])


def _published(era: str, path: str) -> bool:
    """Whether the script of an era looked at a file."""
    if era in {"E4", "E5"} and path in _WEBSITE:
        return True
    if era != "E2" and path.endswith("prompts.py"):
        return False
    workflow = path.startswith(".github/workflows/") and path.endswith(".yml")
    code = path.endswith((".py", ".scm", ".sh", "Dockerfile", "Gemfile"))
    return code or workflow or (era == "E5" and path.endswith(".js"))


def _today(path: str) -> bool:
    """Whether the last script looks at a file."""
    if path.endswith("prompts.py") or path.startswith("tests/fixtures/watch"):
        return False
    if path in {"aider/website/install.ps1", "aider/website/install.sh"}:
        return False
    fixture = path.startswith("tests/fixtures/languages/") and "/test." in path
    resource = path.startswith("aider/resources/") and path.endswith(".yml")
    return fixture or resource or path in _WEBSITE + _MORE or _published("E5", path)


def _by_tool(commit: Commit) -> bool:
    return "(aider)" in commit.author.name.lower() or commit.subject.startswith("aider:")


class _Owners:
    """Who owns which line of Aider at some commits."""

    def __init__(self, clone: Path, wanted: Callable[[Mined, dict[str, int]], set[int]]) -> None:
        self.mined, tool, trailer = Mined(), [], []
        self.trees: dict[int, Tree] = {}
        with open_repository(clone) as repository:
            for commit in walk(repository, [repository.resolve("HEAD")]):
                parents = tuple(self.mined.number[parent] for parent in commit.parents)
                dates = commit.committed_at, commit.authored_at
                self.mined.add(commit.id, parents, *dates, UNATTESTED)
                tool.append(_by_tool(commit))
                trailer.append(tool[-1] or "co-authored-by: aider" in commit.message.lower())
            self.tool, self.trailer = np.array(tool), np.array(trailer)
            number = self.mined.number
            self.tags = {t: number[CommitId(c)] for t, c in tags(repository).items() if c in number}
            comparer = BlobComparer(repository, lens=Options().lens)
            self.replay = Replay(comparer)
            chosen = wanted(self.mined, self.tags)
            at = {n: partial(self._keep, n) for n in chosen}
            start, quiet = Start(), Silent()
            replay(
                repository, self.mined, self.replay,
                at=at, start=start, options=Options(), progress=quiet,
            )  # fmt: skip
            comparer.close()
        self.commits = self.replay.births.commits()

    def _keep(self, number: int, tree: Tree) -> None:
        self.trees[number] = tree.fork()

    def of(self, number: int, keep: Callable[[str], bool]) -> NDArray[np.uint32]:
        """Return the owner of every line of the chosen files."""
        owned = [np.zeros(0, dtype=np.uint32)]
        for path, version in self.trees[number].items():
            if keep(os.fsdecode(self.replay.paths[path])) and isinstance(version.lines, bytes):
                owned.append(self.commits[np.frombuffer(version.lines, dtype=np.uint32)])
        return np.concatenate(owned)

    def new_since(self, number: int) -> NDArray[np.bool_]:
        """Return which commits are neither reachable from a commit nor roots."""
        old = np.zeros(len(self.mined.ids), dtype=bool)
        old[number] = True
        for commit in range(number, -1, -1):
            if old[commit]:
                old[list(self.mined.graph[commit])] = True
        return ~old & np.array([bool(parents) for parents in self.mined.graph])


def test_every_figure_that_plain_blame_can_reach_comes_out_exactly() -> None:
    """95 published values of 59 releases, and 84 rows of stock."""
    clone = _folder("PROVENANCE_REAL") / "Aider-AI+aider" / "repo"
    truth = _folder("PROVENANCE_TRUTH")
    with (truth / "published_history.csv").open() as file:
        eras = {"E2", "E3", "E4", "E5"}
        rows = [row for row in csv.DictReader(file) if row["era_by_date"] in eras]
    with (truth / "stock.csv").open() as file:
        stock = [row for row in csv.DictReader(file) if row["definition"] == "plain"]
    ends = {row["release"].split("..")[1] for row in rows}
    owners = _Owners(
        clone,
        lambda mined, named: (
            {named[tag] for tag in ends} | {mined.number[CommitId(row["commit"])] for row in stock}
        ),
    )
    wrong = []
    for row in rows:
        start, end = row["release"].split("..")
        lines = owners.of(owners.tags[end], partial(_published, row["era_by_date"]))
        lines = lines[owners.new_since(owners.tags[start])[lines]]
        got = int(owners.tool[lines].sum()), lines.size
        if got != (int(row["published_ai"]), int(row["published_total"])):
            wrong.append((row["release"], got))
    for row in stock:
        lines = owners.of(owners.mined.number[CommitId(row["commit"])], _today)
        got = int(owners.trailer[lines].sum()), lines.size
        if got != (int(row["ai_lines"]), int(row["total_lines"])):
            wrong.append((row["tag"], got))

    assert (len(rows), len(stock)) == (95, 84)
    assert wrong == []
