"""What the history says about single commits, and on which bytes."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from provenance.attribution.voices import Addition, Voices, hear
from provenance.attribution.weigh import weigh
from provenance.history import process
from provenance.history.repository import Repository
from provenance.history.walk import pick
from provenance.meter.additions import additions
from provenance.meter.gather import NOTHING, gather
from provenance.meter.noted import noted_signs
from provenance.meter.suggestions import files_changed, may_be_suggestion
from provenance.rules.load import Catalogue
from provenance.rules.match import match
from provenance.rules.rule import Rule
from provenance.terms.authors import Attribution, Evidence, Where
from provenance.terms.commits import Commit, CommitId
from provenance.terms.records import Gathered, Problem, Record

_ANY_NAME = ("^[^", "^.*", "^.+", ".*", ".+")
_IDENTITIES = (Where.AUTHOR, Where.COMMITTER, Where.CO_AUTHOR)


@dataclass(frozen=True, slots=True)
class Explained:
    """One commit with what was decided about it."""

    commit: Commit
    """The commit."""
    attribution: Attribution
    """What the evidence says, line-level records among it."""
    lines: tuple[tuple[Attribution, int], ...] = ()
    """Added lines by who wrote them, most first; empty where no record tells them apart."""
    records: tuple[Record, ...] = ()
    """Line-level records of the commit."""
    problems: tuple[Problem, ...] = ()
    """Records that could not be used."""


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

    One git process reads all of them; others count the files of those commits where that
    number decides, and the lines of those that records speak of.

    Raises:
        HistoryError: a commit cannot be read.

    """
    noted = noted_signs(repository, catalogue, commits=set(commits))
    seen = [
        (commit, (*match(commit, catalogue), *noted.get(commit.id, ())))
        for commit in pick(repository, commits)
    ]
    asked = [commit.id for commit, evidence in seen if may_be_suggestion(commit, evidence)]
    files = files_changed(repository, asked)
    gathered = _records(repository, {commit.id for commit, _ in seen}, catalogue)
    about: dict[CommitId, list[Record]] = {}
    for record in gathered.records:
        about.setdefault(record.commit, []).append(record)
    added = additions(repository, [commit for commit, _ in seen if commit.id in about])
    for commit, evidence in seen:
        own = weigh(commit, evidence, files_changed=files.get(commit.id))
        if commit.id in about:
            yield _with_records(commit, own, about[commit.id], added[commit.id])
        else:
            yield Explained(commit, own, problems=_problems(gathered, commit.id))


def _records(
    repository: Repository, commits: Collection[CommitId], catalogue: Catalogue
) -> Gathered:
    """Gather the records of some commits; a clone without a head has no tree to read."""
    if repository.refs.head is None:
        return NOTHING
    head = CommitId(repository.resolve("HEAD"))
    return gather(repository, head, commits, families=catalogue.families)


def _problems(gathered: Gathered, commit: CommitId) -> tuple[Problem, ...]:
    return tuple(one for one in gathered.problems if commit in one.place.replace("/", ""))


def _with_records(
    commit: Commit, own: Attribution, records: Sequence[Record], added: Sequence[Addition]
) -> Explained:
    voices = Voices()
    heard = hear(own, added, records, voices)
    lines: Counter[Attribution] = Counter()
    for codes in heard.codes:
        for number in codes.tolist():
            lines[voices.listed[number] if number else heard.attribution] += 1
    spoken = any(codes.any() for codes in heard.codes)
    return Explained(
        commit,
        heard.attribution,
        lines=tuple(lines.most_common()) if spoken else (),
        records=tuple(records),
    )


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
