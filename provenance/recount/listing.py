"""The files of a revision: which of them have lines, and how many."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from provenance.errors import HistoryError
from provenance.recount.scratch import Scratch, environment
from provenance.terms.unmeasured import Reason

_LOOKED_AT = 8000
_PIECE = 1 << 20
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
    """Yield lines, or the reason for none, of each content, from one process."""
    with tempfile.TemporaryFile() as asked:
        asked.write("".join(f"{blob}\n" for blob in blobs).encode())
        asked.seek(0)
        git = subprocess.Popen(
            ["git", f"--git-dir={scratch.git_dir}", "cat-file", "--batch"],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            cwd=scratch.git_dir,
        )
        try:
            for blob in blobs:
                yield _look(git, blob)
        finally:
            git.kill()
            git.wait()
            assert git.stdout is not None
            git.stdout.close()


def _look(git: subprocess.Popen[bytes], blob: str) -> tuple[int, Reason | None]:
    assert git.stdout is not None
    header = git.stdout.readline().split()
    if len(header) == 2 and header[1] == b"missing":
        return 0, Reason.MISSING_BLOB
    if len(header) != 3:
        raise HistoryError(f"git stopped at the content {blob}", slug="git-failed")
    left = int(header[2])
    lines, piece, first = 0, b"\n", True
    binary = False
    while left:
        piece = git.stdout.read(min(left, _PIECE))
        if not piece:
            raise HistoryError(f"git stopped within the content {blob}", slug="git-failed")
        binary = binary or (first and b"\0" in piece[:_LOOKED_AT])
        lines, left, first = lines + piece.count(b"\n"), left - len(piece), False
    git.stdout.read(1)
    return (0, Reason.BINARY) if binary else (lines + (not piece.endswith(b"\n")), None)
