"""Commits that landed from a branch that is still in the clone, and whose lines they really are.

A squash keeps one message for a whole branch, a rebase leaves notes behind.  Where the old
commits are there - as the request that a title names, or as a twin with the same author, date
and title - a line of the landed commit that stands at the branch's tip as well belongs, as far
as authorship goes, to the branch commit that git blame names there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from provenance.recount.owners import Manner, Owned, blame, content_at
from provenance.recount.scratch import Scratch
from provenance.terms.authors import AuthorType
from provenance.terms.commits import Commit

_SQUASHED = re.compile(r"\((?:#|pull request #)([1-9]\d{0,8})\)\s*\Z", re.ASCII)
_MERGED = re.compile(r"^See merge request \S*!([1-9]\d{0,8})\s*\Z", re.ASCII | re.MULTILINE)
_TAIL = 400
_REQUEST = re.compile(
    r"refs/(?:remotes/[^/]+/)?(pull|pr|merge-requests)/(\d{1,9})(?:/head)?\Z", re.ASCII
)
_BRANCH = re.compile(r"refs/(?:heads|remotes/[^/]+)/(?!HEAD\Z|entire/).+\Z")
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
OPEN = frozenset({AuthorType.UNATTESTED, AuthorType.ASSISTED})
"""Author types of commits about which a branch may say more."""
_AI = frozenset({AuthorType.AI, AuthorType.ASSISTED})


@dataclass(frozen=True, slots=True)
class Tips:
    """Where branches end."""

    requests: Mapping[str, str]
    """Tip of the request behind a landed commit, by the landed one."""
    others: frozenset[str]
    """Tips of other branches."""


def find_tips(scratch: Scratch, history: Mapping[str, Commit], noted: Collection[str]) -> Tips:
    """Return the tips of branches that are in the clone and not in the history."""
    named: dict[tuple[str, int], str] = {}
    others = set(noted)
    shown = scratch.run("for-each-ref", "--format=%(objectname) %(refname)")
    for line in shown.decode("utf-8", "replace").splitlines():
        oid, _, name = line.partition(" ")
        if found := _REQUEST.match(name):
            named["pull" if found[1] == "pr" else found[1], int(found[2])] = oid
        elif _BRANCH.match(name):
            others.add(oid)
    wanted = {landed: named[key] for landed, key in _requests(history.values()) if key in named}
    there = _commits_among(scratch, {*wanted.values(), *others} - history.keys())
    return Tips(
        {landed: oid for landed, oid in wanted.items() if oid in there},
        frozenset(others & there),
    )


def _requests(commits: Iterable[Commit]) -> Iterable[tuple[str, tuple[str, int]]]:
    for commit in commits:
        if not commit.is_merge:
            if found := _SQUASHED.search(commit.subject):
                yield commit.id, ("pull", int(found[1]))
        elif len(commit.parents) == 2 and (found := _MERGED.search(commit.message[-_TAIL:])):
            yield commit.parents[1], ("merge-requests", int(found[1]))


def _commits_among(scratch: Scratch, oids: Collection[str]) -> set[str]:
    asked = "".join(f"{oid}\n" for oid in sorted(oids)).encode()
    told = scratch.run("cat-file", "--batch-check", text=asked).decode().splitlines()
    return {line.split(" ")[0] for line in told if line.split(" ")[1:2] == ["commit"]}


def pair(
    tips: Tips,
    history: Mapping[str, Commit],
    beside: Mapping[str, Commit],
    *,
    types: Mapping[str, AuthorType],
    noted: Collection[str],
) -> dict[str, str]:
    """Return landed commits that say nothing definite, with the tip of a branch that names an AI.

    Twins come before whole requests.
    """
    twins = {_words(commit): oid for oid, commit in history.items()}
    pairs = {oid: tip for oid, tip in tips.requests.items() if types[oid] in OPEN}
    for oid, commit in beside.items():
        landed = twins.get(_words(commit))
        if landed is None:
            continue
        tells = oid in noted and landed not in noted and types[landed] in OPEN
        if tells or (types[landed] is AuthorType.UNATTESTED and types[oid] in _AI):
            pairs[landed] = oid
    speaking = {oid for oid in beside if oid in noted or types[oid] in _AI}
    return {landed: tip for landed, tip in pairs.items() if _reach(tip, beside) & speaking}


def _words(commit: Commit) -> tuple[str, int, str]:
    return str(commit.author), commit.authored_at, commit.subject


def _reach(tip: str, beside: Mapping[str, Commit]) -> set[str]:
    found: set[str] = set()
    waiting = [tip]
    while waiting:
        oid = waiting.pop()
        if oid in beside and oid not in found:
            found.add(oid)
            waiting += beside[oid].parents
    return found


def through(
    scratch: Scratch, landed: str, tip: str, path: str, *, manner: Manner
) -> dict[int, tuple[Owned, int]]:
    """Return, by line number of a file of ``landed``, the run at ``tip`` and the line in it.

    Only lines that stand in both versions are there.
    """
    here, there = content_at(scratch, landed, path), content_at(scratch, tip, path)
    if not here or not there:
        return {}
    (blamed,) = blame(scratch, tip, [path], manner=manner, jobs=1)
    lines = [(run, number) for run in blamed.runs for number in range(run.lines)]
    if here == there:
        return dict(enumerate(lines, 1))
    white = ("-w",) if "-w" in manner.flags else ()
    printed = scratch.attempt(
        "diff", "--no-ext-diff", "--no-textconv", "--text", "-U0", *white, there, here
    )
    found: dict[int, tuple[Owned, int]] = {}
    old = new = 1
    for hunk in (*_hunks(printed.stdout), (len(lines) + 1, 0, -1, 0)):
        while old < hunk[0]:
            found[new] = lines[old - 1]
            old, new = old + 1, new + 1
        old, new = old + hunk[1], new + hunk[3]
    return found


def _hunks(printed: bytes) -> Iterable[tuple[int, int, int, int]]:
    """Yield first line and number of lines, old and new; an empty side begins after its line."""
    for line in printed.split(b"\n"):
        if found := _HUNK.match(line):
            old, removed, new, added = (1 if part is None else int(part) for part in found.groups())
            yield old + (removed == 0), removed, new + (added == 0), added
