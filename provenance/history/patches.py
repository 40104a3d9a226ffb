"""Patch ids: what a commit changes, whatever it stands on, as ``git patch-id`` sums it up."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence

from provenance.history import process
from provenance.history.repository import Repository
from provenance.terms.commits import CommitId

_PATCH = ("diff-tree", "--stdin", "-p", "--root", "--no-ext-diff", "--no-textconv", "--no-color")


def patch_ids(repository: Repository, commits: Sequence[CommitId]) -> dict[CommitId, str]:
    """Return the stable patch id of each commit with one parent or none, from two git processes.

    Commits that change nothing have none; nor have those after a content that is missing
    from the clone.
    """
    if not commits:
        return {}
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as feed:
        feed.write(b"".join(commit.encode() + b"\n" for commit in commits))
        feed.seek(0)
        printer = process.start(repository.git_dir, _PATCH, stderr=errors, stdin=feed)
        summer = process.start(
            repository.git_dir, ["patch-id", "--stable"], stderr=errors, stdin=printer.stdout
        )
        assert printer.stdout is not None
        printer.stdout.close()
        try:
            printed, _ = summer.communicate()
        finally:
            for git in (summer, printer):
                git.kill()
                git.wait()
    pairs = (line.split() for line in printed.decode().splitlines())
    return {CommitId(commit): patch for patch, commit in pairs}
