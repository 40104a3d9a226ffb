"""Score what ``explain`` says against hand-judged commits.

``python tests/bench/score_labels.py LABELS.jsonl FOLDER`` reads one JSON object per line
(``repo``, ``sha``, ``label``, optional ``why``) and clones in
``FOLDER/<owner>+<name>/repo`` or ``FOLDER/<owner>+<name>``.  Prints counts first.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from provenance.history.repository import open_repository
from provenance.meter.explain import explain, find_commits
from provenance.rules.load import load_catalogue
from provenance.terms.authors import Attribution, AuthorType
from provenance.terms.commits import Commit

WANTED = {
    "ai-authored": AuthorType.AI,
    "ai-assisted": AuthorType.ASSISTED,
    "automation": AuthorType.AUTOMATION,
    "human-unmarked": AuthorType.UNATTESTED,
}
"""Author type each label asks for; merges are reported apart."""

_AI = (AuthorType.AI, AuthorType.ASSISTED)


@dataclass(frozen=True, slots=True)
class Judged:
    """A hand-judged commit with what the meter says."""

    repo: str
    """``owner/name``."""
    commit: Commit
    """The commit."""
    label: str
    """What the judge said."""
    why: str
    """Why."""
    found: Attribution
    """What the meter says."""


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
        with open_repository(folder) as repository:
            words = [label["sha"] for label in group]
            known = find_commits(repository, words)
            ids = [commit for commit in dict.fromkeys(known.values()) if commit]
            told = {one.commit.id: one for one in explain(repository, ids, catalogue=catalogue)}
        for label in group:
            commit = known[label["sha"]]
            if commit is not None:
                one = told[commit]
                why = label.get("why", "")
                yield Judged(repo, one.commit, label["label"], why, one.attribution)


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
