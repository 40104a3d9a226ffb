"""What the history says about single commits, and on which bytes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from provenance.attribution.weigh import weigh
from provenance.history import process
from provenance.history.repository import Repository
from provenance.history.walk import pick
from provenance.meter.suggestions import files_changed, may_be_suggestion
from provenance.rules.load import Catalogue
from provenance.rules.match import match
from provenance.rules.rule import Rule
from provenance.terms.authors import Attribution, Evidence, Where
from provenance.terms.commits import Commit, CommitId

_ANY_NAME = ("^[^", "^.*", "^.+", ".*", ".+")
_IDENTITIES = (Where.AUTHOR, Where.COMMITTER, Where.CO_AUTHOR)


@dataclass(frozen=True, slots=True)
class Explained:
    """One commit with what was decided about it."""

    commit: Commit
    """The commit."""
    attribution: Attribution
    """What the evidence says."""


def find_commits(repository: Repository, words: Sequence[str]) -> dict[str, CommitId | None]:
    """Return the commit every word names, in the order of the words; ``None`` for no commit.

    Any commit in the clone can be named, whether or not a branch leads to it.
    """
    spelled = {word: repository.spelled(word) for word in dict.fromkeys(words)}
    asked = {word: name for word, name in spelled.items() if name and _one_line(name)}
    printed = process.run(
        repository.git_dir,
        "cat-file",
        "--batch-check=%(objecttype) %(objectname)",
        text=b"".join(os.fsencode(f"{name}^{{commit}}\n") for name in asked.values()),
    )
    found: dict[str, CommitId | None] = dict.fromkeys(words)
    for word, line in zip(asked, printed.split(b"\n"), strict=False):
        if line.startswith(b"commit "):
            found[word] = CommitId(line.split(b" ")[1].decode())
    return found


def _one_line(name: str) -> bool:
    return not re.search(r"[\x00-\x1f\x7f]", name)


def explain(
    repository: Repository, commits: Sequence[CommitId], *, catalogue: Catalogue
) -> Iterator[Explained]:
    """Yield each commit once, in the order given, with what the rules decide.

    One git process reads all of them; a second one counts the files of those commits
    where that number decides.

    Raises:
        HistoryError: a commit cannot be read.

    """
    seen = [(commit, match(commit, catalogue)) for commit in pick(repository, commits)]
    asked = [commit.id for commit, evidence in seen if may_be_suggestion(commit, evidence)]
    files = files_changed(repository, asked)
    for commit, evidence in seen:
        attribution = weigh(commit, evidence, files_changed=files.get(commit.id))
        yield Explained(commit, attribution)


def deciding_bytes(attribution: Attribution, catalogue: Catalogue) -> Attribution:
    """Return the attribution with identities cut to the bytes that a rule matched.

    A tool's mark often stands beside a person's name; what is printed by default shows the
    mark and leaves the name out.
    """
    known = {rule.id: rule for rule in catalogue.rules}
    shown = tuple(_matched(sign, known.get(sign.rule)) for sign in attribution.evidence)
    return replace(attribution, evidence=shown)


def _matched(sign: Evidence, rule: Rule | None) -> Evidence:
    if sign.where not in _IDENTITIES or rule is None:
        return sign
    flags = re.MULTILINE | re.ASCII | (re.NOFLAG if rule.case else re.IGNORECASE)
    for pattern in rule.patterns:
        found = re.search(pattern, sign.text, flags)
        if found and found[0] and not pattern.startswith(_ANY_NAME):
            left = "…" if found.start() else ""
            right = "…" if found.end() < len(sign.text) else ""
            return replace(sign, text=f"{left}{found[0]}{right}")
    return replace(sign, text="…")
