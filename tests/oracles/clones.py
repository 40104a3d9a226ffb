"""Files of the bare clones a person has at hand; named by the variable PROVENANCE_REAL."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

VARIABLE = "PROVENANCE_REAL"


def clone(name: str) -> Path | None:
    """Return the bare repository ``<Owner>+<name>/repo`` if it is there."""
    folder = os.environ.get(VARIABLE)
    place = Path(folder) / name / "repo" if folder else None
    return place if place is not None and place.is_dir() else None


def files(place: Path, wanted: Callable[[str], bool], *, limit: int) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of up to ``limit`` files at HEAD, drawn always alike."""
    listing = _git(place, "ls-tree", "-r", "-z", "HEAD").decode("utf-8", "surrogateescape")
    entries = [entry.split("\t", 1) for entry in listing.split("\0") if entry.startswith("100")]
    found = [(path, meta.split()[2]) for meta, path in entries if wanted(path)]
    random.Random(7).shuffle(found)
    found = found[:limit]
    batch = _git(place, "cat-file", "--batch", given="\n".join(oid for _, oid in found))
    start = 0
    for path, _ in found:
        end = batch.index(b"\n", start)
        words = batch[start:end].split()
        start = end + 1
        if words[-1] == b"missing":
            continue
        size = int(words[2])
        yield path, batch[start : start + size]
        start += size + 1


def _git(place: Path, *words: str, given: str = "") -> bytes:
    return subprocess.run(
        ["git", "-C", str(place), *words], input=given.encode(), capture_output=True, check=True
    ).stdout
