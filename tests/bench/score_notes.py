"""Count the lines that records attest in a clone, clipped to what each commit adds.

``python tests/bench/score_notes.py CLONE`` reads the added lines of every commit that is no
merge from one ``git log -p -U0`` of its own, and the records through the meter.  Prints
counts; the Entire pool takes commits with exactly one attribution.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from provenance.history import process
from provenance.history.notes import annotated, contents, list_files
from provenance.history.repository import Repository, open_repository
from provenance.history.walk import walk
from provenance.meter.gather import gather
from provenance.rules.load import load_catalogue
from provenance.rules.match import match
from provenance.terms.authors import AuthorType, Strength
from provenance.terms.commits import Commit, CommitId
from provenance.terms.records import Gathered, LineClaim, Record

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_SILENT = frozenset({Strength.AUTOMATION, Strength.NONE})

Added = Mapping[str, Sequence[tuple[int, int]]]
"""Half-open runs of added lines by path, counted from zero."""


def main() -> int:
    """Print the figures of one clone."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("clone", type=Path)
    words.add_argument("--at", default="HEAD")
    given = words.parse_args()
    with open_repository(given.clone) as repository:
        head = repository.resolve(given.at)
        start = time.perf_counter()
        commits = {commit.id: commit for commit in walk(repository, [head])}
        walked = time.perf_counter()
        found = gather(repository, commits[next(reversed(commits))].id, commits)
        _say(f"head {head}")
        _say(f"walk {walked - start:.2f} s, gather {time.perf_counter() - walked:.2f} s")
        _say(f"records seen {dict(found.totals)}, of these commits {dict(found.reachable)}")
        plain = {oid: commit for oid, commit in commits.items() if not commit.is_merge}
        _clipped(repository, head, plain, found)
        _entire(repository, head, found)
    return 0


def _clipped(
    repository: Repository, head: str, commits: Mapping[CommitId, Commit], found: Gathered
) -> None:
    """Print the clipped sums of every store that names lines, then of all together."""
    additions = dict(_added(repository, head))
    sizes = {
        oid: sum(stop - start for runs in here.values() for start, stop in runs)
        for oid, here in additions.items()
    }
    _say(f"{len(commits)} commits that are no merges add {sum(sizes.values())} lines")
    stores = [ref for ref, _ in found.pins if ref.startswith("refs/notes/")]
    for store in (*stores, ""):
        records: dict[CommitId, list[Record]] = {}
        for record in found.records:
            if record.claims and record.place.startswith(store) and record.commit in commits:
                records.setdefault(record.commit, []).append(record)
        if not records:
            continue
        _say(f"{store or 'all stores'}:")
        if store:
            digits = repository.location.digits
            paths = (file.path for file in list_files(repository, repository.refs.names[store]))
            noted = [oid for path in paths if (oid := annotated(path, digits)) and oid in commits]
            _say(f"  {len(noted)} commits with a note add {sum(sizes[o] for o in noted)} lines")
            if store == "refs/notes/ai":
                _raw(repository, store, additions)
        _store(records, additions, sizes, commits)


def _raw(repository: Repository, store: str, additions: Mapping[CommitId, Added]) -> None:
    """Print what the notes say by a reader of our own, test data included."""
    files = {
        oid: file.blob
        for file in list_files(repository, repository.refs.names[store])
        if (oid := annotated(file.path, repository.location.digits)) and oid in additions
    }
    inside: dict[CommitId, int] = {}
    for oid, content in zip(files, contents(repository, list(files.values())), strict=True):
        lines: dict[str, set[int]] = {}
        for path, start, stop in _attested(content or b""):
            lines.setdefault(path, set()).update(range(start, stop))
        inside[oid] = sum(
            len(attested & {n for run in additions[oid].get(path, ()) for n in range(*run)})
            for path, attested in lines.items()
        )
    some = [size for size in inside.values() if size]
    _say(f"  read plainly, test data included: {len(some)} commits, {sum(some)} AI lines")


def _store(
    records: Mapping[CommitId, Sequence[Record]],
    additions: Mapping[CommitId, Added],
    sizes: Mapping[CommitId, int],
    commits: Mapping[CommitId, Commit],
) -> None:
    catalogue = load_catalogue()
    beyond = 0
    attested: dict[CommitId, int] = {}
    for oid, several in records.items():
        inside, outside = clip([c for record in several for c in record.claims], additions[oid])
        beyond += outside
        if inside:
            attested[oid] = inside
    silent = [
        oid
        for oid in attested
        if all(sign.strength in _SILENT for sign in match(commits[oid], catalogue))
    ]
    lines = sum(attested.values())
    _say(f"  {len(attested)} commits have {lines} AI lines in a record")
    _say(f"  of {sum(sizes[oid] for oid in attested)} lines that these commits add")
    _say(f"  {beyond} AI lines are attested outside the commit's additions")
    _say(
        f"  {len(silent)} commits ({sum(attested[oid] for oid in silent)} lines) show no sign"
        " in message or identity"
    )


def clip(claims: Sequence[LineClaim], added: Added) -> tuple[int, int]:
    """Return how many AI lines lie inside and outside the additions; the last claim wins."""
    inside = outside = 0
    by_path: dict[str, dict[int, bool]] = {}
    for claim in claims:
        ai = claim.author_type in {AuthorType.AI, AuthorType.ASSISTED}
        of_path = by_path.setdefault(claim.path, {})
        of_path.update(dict.fromkeys(range(claim.start, min(claim.stop, claim.start + 10**6)), ai))
    for path, lines in by_path.items():
        new = {line for start, stop in added.get(path, ()) for line in range(start, stop)}
        attested = {line for line, ai in lines.items() if ai}
        inside += len(attested & new)
        outside += len(attested - new)
    return inside, outside


def _added(repository: Repository, head: str) -> Iterator[tuple[CommitId, Added]]:
    """Yield the lines each ordinary commit adds, renames counting as additions."""
    repository.stand_in_for(repository.find_missing([head]))
    command = ["git", f"--git-dir={repository.git_dir}", "-c", "core.quotePath=false"]
    command += ["log", "--no-merges", "--root", "-p", "-U0", "--no-renames", "--no-color"]
    command += [
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules=all",
        "--format=%x01%H",
        head,
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=process.environment(), cwd=repository.git_dir
    ) as git:
        assert git.stdout is not None
        yield from parse(git.stdout)


def parse(lines: Iterable[bytes]) -> Iterator[tuple[CommitId, Added]]:
    """Read the output of ``git log -p -U0`` whose commits begin with a one and their id."""
    oid, path, skip = CommitId(""), "", 0
    here: dict[str, list[tuple[int, int]]] = {}
    for line in lines:
        if skip and line[:1] != b"\\":
            skip -= 1
        elif line.startswith(b"\x01"):
            if oid:
                yield oid, here
            oid, here = CommitId(line[1:].strip().decode()), {}
        elif line.startswith(b"+++ "):
            path = _path(line[4:].rstrip(b"\n"))
        elif found := _HUNK.match(line):
            old, start, new = (int(part) if part else 1 for part in found.groups())
            skip = old + new
            if new:
                here.setdefault(path, []).append((start - 1, start - 1 + new))
    if oid:
        yield oid, here


def _path(text: bytes) -> str:
    text = text.removesuffix(b"\t")
    if text.startswith(b'"'):
        text = text[1:-1].decode("unicode_escape").encode("latin-1")
    return text.removeprefix(b"b/").decode("utf-8", "surrogateescape")


def _entire(repository: Repository, head: str, found: Gathered) -> None:
    """Pool the shares of commits that name one checkpoint with one attribution."""
    tip = repository.refs.names.get("refs/heads/entire/checkpoints/v1")
    if tip is None:
        return
    files = [file for file in list_files(repository, tip) if file.path.endswith("/metadata.json")]
    shares: dict[str, list[tuple[int, int]]] = {}
    for file, content in zip(files, contents(repository, [f.blob for f in files]), strict=True):
        share = json.loads(content or b"{}").get("initial_attribution")
        if share and file.path.count("/") == 3:
            key = file.path[:13].replace("/", "")
            shares.setdefault(key, []).append((share["agent_lines"], share["total_committed"]))
    single = []
    for commit in walk(repository, [head]):
        marks = set(re.findall(r"Entire-Checkpoint:\s*([0-9a-f]{12})", commit.message))
        if len(marks) == 1 and len(given := shares.get(marks.pop(), [])) == 1:
            single += given
    agent, whole = (sum(column) for column in zip(*single, strict=True))
    _say(f"Entire: {len(single)} commits with a single attribution pool to {agent}/{whole} lines")
    ours = [record.estimate for record in found.records if record.estimate]
    exact = sum(one.low == one.high for one in ours)
    _say(f"  the meter reads {len(ours)} estimates, {exact} of them one number")


def _attested(content: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield the runs (path, start, stop) of a git-ai note under any key but a person's."""
    path = ""
    for line in content.partition(b"---\n")[0].decode("utf-8", "surrogateescape").split("\n"):
        if not line.startswith("  "):
            path = line.strip('"')
            continue
        key, _, spans = line[2:].partition(" ")
        if key != "human" and not key.startswith("h_"):
            for span in spans.split(","):
                first, _, last = span.partition("-")
                yield path, int(first) - 1, int(last or first)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
