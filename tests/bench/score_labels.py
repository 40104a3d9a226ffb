"""Score the rules against hand-judged commits.

``python tests/bench/score_labels.py LABELS.jsonl FOLDER`` reads one JSON object per line
(``repo``, ``sha``, ``label``, optional ``why``) and clones in
``FOLDER/<owner>+<name>/repo`` or ``FOLDER/<owner>+<name>``.  Prints counts first.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from provenance.attribution.weigh import weigh
from provenance.rules.load import load_catalogue
from provenance.rules.match import match
from provenance.terms.authors import Attribution, AuthorType
from provenance.terms.commits import Commit, CommitId, Identity

WANTED = {
    "ai-authored": AuthorType.AI,
    "ai-assisted": AuthorType.ASSISTED,
    "automation": AuthorType.AUTOMATION,
    "human-unmarked": AuthorType.UNATTESTED,
}
"""Author type each label asks for; merges are reported apart."""

_AI = (AuthorType.AI, AuthorType.ASSISTED)
_FORMAT = "%x01%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%at%x00%ct%x00%B"


@dataclass(frozen=True, slots=True)
class Judged:
    """A hand-judged commit with what the rules say."""

    repo: str
    """``owner/name``."""
    commit: Commit
    """The commit."""
    label: str
    """What the judge said."""
    why: str
    """Why."""
    found: Attribution
    """What the rules say."""


def main() -> int:
    """Print the score; exit status 0 when every clone was found."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("labels", type=Path)
    words.add_argument("clones", type=Path)
    words.add_argument("--note-only", nargs="*", default=(), metavar="SHA")
    given = words.parse_args()
    lines = given.labels.read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line) for line in lines if line.strip()]
    judged = list(_judge(labels, given.clones))
    _report("all", [one for one in judged if one.label in WANTED])
    if given.note_only:
        apart = tuple(given.note_only)
        rest = [one for one in judged if not one.commit.id.startswith(apart)]
        _report("without note-only", [one for one in rest if one.label in WANTED])
    merges = Counter(one.found.author_type.value for one in judged if one.label == "merge-only")
    _say(f"merges (not scored): {dict(sorted(merges.items()))}")
    _say(f"commits not found: {len(labels) - len(judged)}")
    return 0 if len(labels) == len(judged) else 3


def _judge(labels: Iterable[dict[str, str]], clones: Path) -> Iterator[Judged]:
    catalogue = load_catalogue()
    by_repo: dict[str, list[dict[str, str]]] = {}
    for label in labels:
        by_repo.setdefault(label["repo"], []).append(label)
    for repo, group in sorted(by_repo.items()):
        folder = clones / repo.replace("/", "+")
        folder = folder / "repo" if (folder / "repo").is_dir() else folder
        if not folder.is_dir():
            continue
        commits = {commit.id: commit for commit in _commits(folder, group)}
        for label in group:
            commit = commits.get(CommitId(label["sha"]))
            if commit is None:
                continue
            files = (
                _files(folder, commit) if commit.subject.startswith(("Update ", "Apply ")) else None
            )
            found = weigh(commit, match(commit, catalogue), files_changed=files)
            yield Judged(repo, commit, label["label"], label.get("why", ""), found)


def _commits(folder: Path, group: Iterable[dict[str, str]]) -> Iterator[Commit]:
    ids = "\n".join(label["sha"] for label in group)
    text = _git(
        folder,
        "log",
        "--no-walk=unsorted",
        "--no-mailmap",
        f"--format={_FORMAT}",
        "--stdin",
        stdin=ids,
    )
    for record in text.split("\x01")[1:]:
        commit_id, parents, *who, authored, committed, message = record.split("\0", 8)
        yield Commit(
            CommitId(commit_id),
            tuple(map(CommitId, parents.split())),
            Identity(who[0], who[1]),
            Identity(who[2], who[3]),
            int(authored),
            int(committed),
            message,
        )


def _files(folder: Path, commit: Commit) -> int:
    names = _git(folder, "diff-tree", "-r", "--root", "--name-only", "--no-commit-id", commit.id)
    return len(names.splitlines())


def _git(folder: Path, *words: str, stdin: str = "") -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words], input=stdin.encode(), capture_output=True, check=False
    )
    return done.stdout.decode("utf-8", "surrogateescape")


def _report(title: str, judged: list[Judged]) -> None:
    wanted = [one.label in ("ai-authored", "ai-assisted") for one in judged]
    found = [one.found.author_type in _AI for one in judged]
    both = sum(a and b for a, b in zip(wanted, found, strict=True))
    exact = sum(one.found.author_type is WANTED[one.label] for one in judged)
    _say(f"{title}: {len(judged)} commits")
    _say(f"  any-AI precision {both}/{sum(found)} = {both / max(1, sum(found)):.4f}")
    _say(f"  any-AI recall    {both}/{sum(wanted)} = {both / max(1, sum(wanted)):.4f}")
    _say(f"  exact type       {exact}/{len(judged)} = {exact / max(1, len(judged)):.4f}")
    for one in judged:
        if one.found.author_type is not WANTED[one.label]:
            _say(
                f"  {one.repo}@{one.commit.id[:12]} {one.label} -> {one.found.author_type.value}"
                f" [{one.found.rule}] {one.why}"
            )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
