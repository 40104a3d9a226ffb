"""Commits, their authors, messages, changed files and added lines, as PyDriller gives them."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from provenance.errors import HistoryError, InconclusiveError
from provenance.recount.scratch import Scratch, environment
from provenance.terms.commits import Commit, CommitId, Identity

if TYPE_CHECKING:
    from pydriller import Git

_MISSED = re.compile(r"\b[0-9a-f]{40}\b")


@contextmanager
def driller(scratch: Scratch) -> Iterator[Driller]:
    """Open PyDriller on the private repository, with nothing of the outside around it.

    GitPython hands the environment of this process on to git, so variables that speak to git
    are taken out of it while PyDriller is in use.

    Raises:
        InconclusiveError: PyDriller cannot read such ids.

    """
    if scratch.sha256:
        raise InconclusiveError(
            "PyDriller reads no repository with SHA-256 ids, so this one cannot be counted again",
            slug="sha256",
            hint="compare single files with: git blame",
        )
    from pydriller import Git  # noqa: PLC0415 - half a second, and only where it is used

    logging.getLogger("git").setLevel(logging.ERROR)
    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("GIT_")}
    clean = environment()
    kept = {name: os.environ.get(name) for name in clean}
    os.environ.update(clean)
    git = Git(str(scratch.git_dir))
    try:
        yield Driller(git, scratch)
    finally:
        git.clear()
        git.repo.close()
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        os.environ.update(before)


class Driller:
    """PyDriller on one repository."""

    def __init__(self, git: Git, scratch: Scratch) -> None:
        """Hold PyDriller's handle; use :func:`driller` to make one."""
        self._git = git
        self._scratch = scratch

    def commits(self, *tips: str) -> Iterator[Commit]:
        """Yield every commit reachable from the tips, oldest first; not from one after a ``^``.

        Raises:
            HistoryError: PyDriller could not read one.

        """
        with _translated(tips[0]):
            for found in self._git.get_list_commits(list(tips)):
                yield _commit(found)

    def added_lines(self, commit: str) -> dict[str, set[int]]:
        """Return the numbers, from 1, of the lines that a commit added, by path.

        Raises:
            HistoryError: PyDriller could not read the difference.

        """
        return {
            file.new_path: {number for number, _ in file.diff_parsed["added"]}
            for file in self._modified(commit)
            if file.new_path
        }

    def files_changed(self, commit: str) -> int:
        """Return how many files a commit changed; none for a merge.

        Raises:
            HistoryError: PyDriller could not read the difference.

        """
        return len(self._modified(commit))

    def _modified(self, commit: str) -> list[Any]:
        """Return the modified files; a content that git misses gets a stand-in on the way."""
        stood_in: set[str] = set()
        while True:
            try:
                with _translated(commit):
                    return list(self._git.get_commit(commit).modified_files)
            except HistoryError as error:
                named = set(_MISSED.findall(str(error.__cause__))) - stood_in
                new = {oid for oid in named if self._scratch.stand_in_for(oid)}
                if not new:
                    raise
                stood_in |= new


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # PyDriller raises Exception itself
        raise HistoryError(
            f"PyDriller cannot read {what}: {type(error).__name__}: {str(error)[:200]}",
            slug="pydriller-failed",
            hint="see what this clone lacks with: provenance doctor",
        ) from error


def _commit(found: Any) -> Commit:
    return Commit(
        id=CommitId(found.hash),
        parents=tuple(CommitId(parent) for parent in found.parents),
        author=Identity(found.author.name or "", found.author.email or ""),
        committer=Identity(found.committer.name or "", found.committer.email or ""),
        authored_at=int(found.author_date.timestamp()),
        committed_at=int(found.committer_date.timestamp()),
        message=found.msg,
    )
