"""git blame as the oracle, and the whole-history replay, both as plain lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from provenance.history.changes import stream_changes
from provenance.history.compare import BlobComparer
from provenance.history.merges import stream_merges
from provenance.history.repository import Repository, open_repository
from provenance.history.walk import walk
from provenance.ownership.births import UNKNOWN
from provenance.ownership.replay import Replay
from provenance.ownership.tree import Opaque, Tree, Version
from provenance.terms.changes import Lens
from worlds.world import Built, git

Line = tuple[str, bytes, int]
"""Commit that owns a line, path there, zero-based line number there."""
Owners = list[Line] | Opaque
"""Every line of a file, or why there are none."""

LENSES = (Lens.PLAIN, Lens.IGNORE_WHITESPACE)
_HEADER = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) (\d+) \d+(?: \d+)?\Z")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f"}
_ESCAPES |= {b"v": b"\v", b'"': b'"', b"\\": b"\\"}


def blame(git_dir: Path, revision: str, path: bytes, *, lens: Lens = Lens.PLAIN) -> list[Line]:
    """Return what ``git blame --porcelain`` says about each line."""
    whitespace = ["-w"] if lens is Lens.IGNORE_WHITESPACE else []
    out = git(git_dir, "blame", "--line-porcelain", *whitespace, revision, "--", path)
    found: list[Line] = []
    commit, number, name = "", 0, b""
    for line in out.split(b"\n")[:-1]:
        if line.startswith(b"\t"):
            found.append((commit, name, number))
        elif line.startswith(b"filename "):
            name = _unquote(line[len(b"filename ") :])
        elif header := _HEADER.match(line):
            commit, number = header[1].decode(), int(header[2]) - 1
    return found


def _unquote(name: bytes) -> bytes:
    if not name.startswith(b'"'):
        return name
    return re.sub(
        rb"\\([0-7]{3}|.)",
        lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else _ESCAPES[m[1]],
        name[1:-1],
    )


@dataclass(slots=True)
class Replayed:
    """The ownership at every wanted commit."""

    ids: list[str]
    """Commits in the order of the replay."""
    replay: Replay
    """The replay after its run."""
    versions: dict[str, dict[bytes, Version]] = field(default_factory=dict)
    """Wanted commit to path to version; what could be text is resolved."""

    def owners(self, commit: str) -> dict[bytes, Owners]:
        """Return every file at a wanted commit with the owner of each line."""
        return {path: self.owners_of(version) for path, version in self.versions[commit].items()}

    def owners_of(self, version: Version) -> Owners:
        """Return the owner of each line of one version."""
        if isinstance(version.lines, Opaque):
            return version.lines
        rows = (
            self.replay.births.index()
            .origins(np.frombuffer(version.lines, dtype=np.uint32))
            .tolist()
        )
        return [
            ("unknown" if commit == UNKNOWN else self.ids[commit], self.replay.paths[path], number)
            for commit, path, number in rows
        ]


def replay(
    repository: Repository,
    tips: Sequence[str],
    *,
    lens: Lens = Lens.PLAIN,
    jobs: int = 2,
    at: Sequence[str] | None = None,
) -> Replayed:
    """Replay everything that the tips reach; keep the trees of ``at`` (default: all)."""
    commits = list(walk(repository, tips))
    numbers = {commit.id: number for number, commit in enumerate(commits)}
    graph = [[numbers[p] for p in commit.parents if p in numbers] for commit in commits]
    several = [
        (commit.id.encode(), [parent.encode() for parent in commit.parents])
        for commit in commits
        if len(commit.parents) > 1
    ]
    single = [commit.id.encode() for commit in commits if len(commit.parents) < 2]
    ids: list[str] = [str(commit.id) for commit in commits]
    with closing(BlobComparer(repository, lens=lens)) as comparer:
        run = Replay(comparer)
        result = Replayed(ids, run)

        def keep(commit: str) -> Callable[[Tree], None]:
            def look(tree: Tree) -> None:
                result.versions[commit] = {run.paths[p]: v for p, v in tree.items()}

            return look

        with (
            closing(stream_changes(repository, single, lens=lens, jobs=jobs)) as changes,
            closing(stream_merges(repository, several, lens=lens)) as merges,
        ):
            wanted = ids if at is None else at
            run.run(
                graph,
                changes=changes,
                merges=merges,
                at={n: keep(ids[n]) for n in sorted(numbers[w] for w in wanted)},  # type: ignore[index]
            )
        for versions in result.versions.values():
            for path, version in versions.items():
                if isinstance(version.lines, Opaque) and version.lines.may_be_text:
                    versions[path] = run.resolve(run.number(path), version)
    return result


def check(built: Built, *, lenses: Sequence[Lens] = LENSES, jobs: int = 2) -> None:
    """Assert that the replay equals git blame for every file at every commit."""
    for lens in lenses:
        with open_repository(built.path) as repository:
            result = replay(repository, built.tips, lens=lens, jobs=jobs)
            assert not repository.missing

        wanted: list[dict[bytes, list[Line]]] = []
        for number, tree in enumerate(built.trees):
            owners = result.owners(built.ids[number])
            assert sorted(owners) == sorted(tree), f"files at commit {number}"
            wanted.append({})
            for path, entry in tree.items():
                if not entry.is_regular or entry.looks_binary:
                    continue
                got, want = owners[path], _expected(built, number, path, wanted, lens)
                wanted[-1][path] = want
                assert not isinstance(got, Opaque), (lens.value, number, path, got.reason)
                assert _numbered(got, built) == _numbered(want, built), (lens.value, number, path)


def _expected(
    built: Built, number: int, path: bytes, before: Sequence[dict[bytes, list[Line]]], lens: Lens
) -> list[Line]:
    """Ask git blame, unless its first step is plain: the first parent has the very same file."""
    parents = built.parents[number]
    entry = built.trees[number][path]
    if parents and built.trees[parents[0]].get(path) == entry and path in before[parents[0]]:
        return before[parents[0]][path]
    return blame(built.git_dir, built.ids[number], path, lens=lens)


def _numbered(owners: Sequence[Line], built: Built) -> list[tuple[int | str, bytes, int]]:
    """Put the number of a commit in the place of its id: a person reads failures."""
    numbers: Mapping[str, int] = {oid: number for number, oid in enumerate(built.ids)}
    return [(numbers.get(commit, commit), path, line) for commit, path, line in owners]
