"""Write the facts table anew from clones: ``python -m fit_stages.extract CLONES``.

``CLONES/<owner>+<name>/repo`` must be git directories that hold the labelled commits.
"""

from __future__ import annotations

import hashlib
import lzma
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from fit_stages import table
from provenance.stages.facts import FileFacts, file_facts
from provenance.stages.lexicon import lexicon
from provenance.stages.repository import described, is_manifest, manifests_of

MOST_FILES = 1500
_SAMPLE_OF_REST = 700


def blobs(repository: Path, commit: str) -> Iterator[tuple[str, bytes | None]]:
    """Return path and content of every regular file of a commit, through one process."""
    listed = subprocess.run(
        ["git", "-C", str(repository), "ls-tree", "-r", "-z", commit],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    found = [line.split(b"\t", 1) for line in listed.split(b"\0") if line]
    entries = [
        (head.split()[2], path)
        for head, path in found
        if head.split()[1] == b"blob" and head.split()[0] != b"120000"
    ]
    asked = b"".join(name + b"\n" for name, _ in entries)
    answer = subprocess.run(
        ["git", "-C", str(repository), "cat-file", "--batch"],
        check=True, capture_output=True, input=asked,
    ).stdout  # fmt: skip
    at = 0
    for _, path in entries:
        end = answer.index(b"\n", at)
        head = answer[at:end].split()
        text = path.decode("utf-8", "surrogateescape")
        at = end + 1
        if head[1:] == [b"missing"]:
            yield text, None
            continue
        size = int(head[2])
        yield text, answer[at : at + size]
        at += size + 1


def thinned(files: list[FileFacts], labelled: set[str]) -> list[FileFacts]:
    """Keep labelled files, files beside them and an even sample of the rest."""
    if len(files) <= MOST_FILES:
        return files
    order = sorted(
        files, key=lambda item: hashlib.sha256(item.path.encode(errors="replace")).digest()
    )
    beside: dict[str, int] = defaultdict(int)
    homes = {path.rpartition("/")[0] for path in labelled}
    kept = {item.path for item in files if item.path in labelled}
    for item in order:
        home = item.path.rpartition("/")[0]
        if home in homes and beside[home] < 12 and len(kept) < MOST_FILES - _SAMPLE_OF_REST:
            beside[home] += 1
            kept.add(item.path)
    for item in order:
        if len(kept) >= MOST_FILES:
            break
        kept.add(item.path)
    return [item for item in files if item.path in kept]


def plain(facts: FileFacts) -> FileFacts:
    """Reduce prose to words of the catalogue."""
    known = {word for term in (*lexicon().keywords, *lexicon().purpose) for word in term.split("_")}
    lead = tuple(word if word in known else "" for word in facts.reading.lead)
    return facts.with_lead(lead)


def main(clones: Path) -> None:
    """Write the table."""
    commits = {row["repo"]: row["commit"] for row in table.rows()}
    lines: list[str] = []
    for repo in sorted(commits):
        files: list[FileFacts] = []
        texts: dict[str, bytes] = {}
        for path, content in blobs(clones / repo.replace("/", "+") / "repo", commits[repo]):
            files.append(file_facts(path, content))
            if content is not None and is_manifest(path):
                texts[path] = content
        near = {path: texts[path] for path in manifests_of(texts)}
        whole = described(repo, near, files)
        lines.append(table.dump_repository(repo, whole))
        labelled = {row["path"] for row in table.rows() if row["repo"] == repo}
        lines += [table.dump_facts(plain(item)) for item in thinned(files, labelled)]
    with lzma.open(table.FACTS, "wt", encoding="utf-8", preset=9) as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
