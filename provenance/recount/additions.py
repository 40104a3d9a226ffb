"""Which lines a commit added, by path and number: what a record may speak about."""

from __future__ import annotations

import os
import re

from provenance.recount.drill import Driller
from provenance.recount.scratch import Scratch
from provenance.terms.commits import Commit

_HUNK = re.compile(rb"@@@+(?: -\d+(?:,\d+)?)+ \+(\d+)(?:,\d+)? @@@+")


def additions(scratch: Scratch, drill: Driller, commit: Commit) -> dict[str, set[int]]:
    """Return the added lines, from 1: PyDriller's; of a merge those that no parent has.

    Raises:
        HistoryError: the difference cannot be read.

    """
    if not commit.is_merge:
        return drill.added_lines(commit.id)
    printed = scratch.run(
        "-c", "core.quotePath=false",
        "diff-tree", "-r", "-c", "-p", "--no-commit-id", "--no-ext-diff", "--no-textconv",
        commit.id,
    )  # fmt: skip
    return _combined(printed, len(commit.parents))


def _combined(printed: bytes, parents: int) -> dict[str, set[int]]:
    """Read a combined difference: one column per parent before each line."""
    found: dict[str, set[int]] = {}
    path = ""
    number = 0
    for line in printed.split(b"\n"):
        if line.startswith((b"diff --combined ", b"diff --cc ")):
            path, number = os.fsdecode(line.partition(b" --")[2].partition(b" ")[2]), 0
        elif hunk := _HUNK.match(line):
            number = int(hunk[1])
        elif number:
            columns = line[:parents]
            if b"-" in columns or line.startswith(b"\\"):
                continue
            if columns == b"+" * parents:
                found.setdefault(path, set()).add(number)
            number += 1
    return found
