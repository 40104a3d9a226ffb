"""The files of a revision: which of them have lines, and how many."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from provenance.recount.scratch import Scratch
from provenance.terms.unmeasured import Reason

_LOOKED_AT = 8000
_LINKS = {"120000": Reason.SYMLINK, "160000": Reason.SUBMODULE}


@dataclass(frozen=True, slots=True)
class Listed:
    """One path of a revision."""

    path: str
    """Path (hostile text)."""
    blob: str
    """Id of its content."""
    lines: int
    """Lines of the content, a last one without newline included; 0 where there are none."""
    reason: Reason | None
    """Why it has no lines to count; ``None`` when it has."""


def listing(scratch: Scratch, commit: str) -> list[Listed]:
    """Return every path of a commit, in git's order.

    Raises:
        HistoryError: the tree cannot be read.

    """
    rows = []
    printed = scratch.run("ls-tree", "-r", "-z", "--full-tree", commit)
    for row in printed.split(b"\0")[:-1]:
        about, _, name = row.partition(b"\t")
        mode, _, oid = about.decode().split()
        rows.append((os.fsdecode(name), oid, _LINKS.get(mode)))
    looks = iter(_looks(scratch, [blob for _, blob, link in rows if link is None]))
    found = []
    for path, blob, link in rows:
        lines, reason = (0, link) if link else next(looks)
        found.append(Listed(path, blob, lines, reason))
    return found


def content(scratch: Scratch, commit: str, path: str) -> bytes | None:
    """Return the content of a file of a commit; ``None`` when there is no such file."""
    listed = scratch.run("ls-tree", "-z", "--full-tree", commit, "--", f":(literal){path}")
    if not listed:
        return None
    mode, _, blob = listed.partition(b"\t")[0].decode().split()
    if mode in _LINKS or not scratch.holds(blob):
        return None
    return scratch.run("cat-file", "blob", blob)


def _looks(scratch: Scratch, blobs: Sequence[str]) -> Iterator[tuple[int, Reason | None]]:
    """Yield the lines of each content, or the reason for none."""
    for size, pieces in scratch.contents(blobs):
        if size < 0:
            yield 0, Reason.MISSING_BLOB
        else:
            yield _look(pieces)


def _look(pieces: Iterator[bytes]) -> tuple[int, Reason | None]:
    lines, piece = 0, b"\n"
    for number, piece in enumerate(pieces):
        if number == 0 and b"\0" in piece[:_LOOKED_AT]:
            return 0, Reason.BINARY
        lines += piece.count(b"\n")
    return lines + (not piece.endswith(b"\n")), None
