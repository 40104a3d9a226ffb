"""Speed of the line scanner over files of the clones at hand, per language.

Run as a program: ``PROVENANCE_REAL=<folder> python tests/bench/bench_lines.py``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from oracles.clones import clone, files
from provenance.scope.lines import Language, language, scan

PLACES = (
    ("NVIDIA+Megatron-LM", "python"),
    ("git+git", "c"),
    ("git+git", "shell"),
    ("google-gemini+gemini-cli", "tsx"),
    ("google-gemini+gemini-cli", "typescript"),
    ("zizmorcore+zizmor", "rust"),
    ("entireio+cli", "go"),
    ("NVIDIA+Megatron-LM", "yaml"),
)
ROUNDS = 5
SMALL = 2048


def contents_of(place: Path, spoken: Language) -> list[bytes]:
    """Return up to 600 files of one language."""
    found = files(place, lambda path: language(path) == spoken, limit=600)
    return [content for _, content in found]


def best_seconds(contents: list[bytes], spoken: Language) -> float:
    """Return the processor time of the fastest round over all contents."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for content in contents:
            scan(content, spoken)
        rounds.append(time.process_time() - began)
    return min(rounds)


def main() -> None:
    """Write one line per language: files, megabytes, MB/s, microseconds per 2 KB file."""
    for name, id_ in PLACES:
        place = clone(name)
        if place is None:
            sys.stdout.write(f"{name}: no clone\n")
            continue
        spoken = Language(id_)
        contents = contents_of(place, spoken)
        if not contents:
            continue
        size = sum(map(len, contents))
        small = [content[:SMALL] for content in contents if len(content) >= SMALL]
        per_file = best_seconds(small, spoken) / max(len(small), 1) * 1e6
        speed = size / best_seconds(contents, spoken) / 1e6
        sys.stdout.write(
            f"{name} {id_}: {len(contents)} files, {size / 1e6:.1f} MB, {speed:.0f} MB/s, "
            f"{per_file:.1f} us for 2 KB\n"
        )


if __name__ == "__main__":
    main()
