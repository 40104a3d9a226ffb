"""Commits that may be nothing but an accepted suggestion: the number of files decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from provenance.attribution.weigh import ONE_FILE_SUGGESTION
from provenance.history.raw import raw_tokens
from provenance.history.repository import Repository
from provenance.terms.authors import Evidence
from provenance.terms.commits import Commit, CommitId


def may_be_suggestion(commit: Commit, evidence: Sequence[Evidence]) -> bool:
    """Whether the attribution of a commit hangs on how many files it changed."""
    return not commit.is_merge and any(sign.rule == ONE_FILE_SUGGESTION for sign in evidence)


def files_changed(repository: Repository, commits: Sequence[CommitId]) -> Mapping[CommitId, int]:
    """Return how many files each of these ordinary commits changed, from one git process.

    Raises:
        HistoryError: a commit cannot be read.

    """
    if not commits:
        return {}
    return {
        CommitId(tokens[0].decode()): (len(tokens) - 1) // 2  # a header and a path per file
        for tokens in raw_tokens(repository, [commit.encode() for commit in commits], "--root")
    }
