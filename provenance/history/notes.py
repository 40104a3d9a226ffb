"""Read what lies under refs beside the history: notes, blobs and files of other trees.

One git process lists each tree and one reads all contents, whatever their number; nothing
is read before its size is known.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from provenance.errors import HistoryError
from provenance.history import process
from provenance.history.blobs import read_blobs
from provenance.history.repository import Repository
from provenance.terms.commits import CommitId

MOST_FILES: Final = 1_000_000
"""Files listed under one ref; more are left out and reported."""

_HEX = re.compile(r"[0-9a-f]+\Z", re.ASCII).match
_LINE = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]+)\t(.+)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a tree, not read yet."""

    path: str
    """Path in the tree (hostile text)."""
    blob: str
    """Full object id."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object looked up by name."""

    oid: str
    """Full id."""
    kind: str
    """``blob``, ``tree``, ``commit`` or ``tag``."""
    size: int
    """Bytes."""


class TooManyFilesError(HistoryError):
    """A tree holds more files than are listed."""


def list_files(repository: Repository, tip: str, *, most: int = MOST_FILES) -> Iterator[Listed]:
    """Yield every ordinary file in the tree of a commit, a tag or a tree, sorted by path.

    Raises:
        TooManyFilesError: more than ``most``; known after the last one yielded.
        HistoryError: there is no tree, or it cannot be read.

    """
    command = ["ls-tree", "-r", "-z", "--full-tree", tip]
    given = 0
    with closing(process.parts(repository.git_dir, command, ())) as printed:
        for lines in printed:
            for line in lines:
                found = _LINE.match(line)
                if found is None or found[2] != b"blob":
                    continue
                if given >= most:
                    raise TooManyFilesError(
                        f"more than {most} files",
                        slug="too-many-files",
                        hint="look at the ref with: git ls-tree -r",
                    )
                given += 1
                yield Listed(os.fsdecode(found[4]), found[3].decode())


def annotated(path: str, digits: int) -> CommitId | None:
    """Return the object that a path in a notes tree annotates; ``None`` for another file."""
    name = path.replace("/", "")
    return CommitId(name) if len(name) == digits and _HEX(name) else None


def look_up(repository: Repository, names: Sequence[str]) -> list[Found | None]:
    """Return what each name (an id, or ``id:path``) stands for; ``None`` where it is missing."""
    if not names:
        return []
    out = process.run(
        repository.git_dir,
        "cat-file",
        "--batch-check=%(objecttype) %(objectsize) %(objectname)",
        text=b"".join(os.fsencode(name) + b"\n" for name in names),
    )
    lines = out.split(b"\n")[:-1]
    if len(lines) != len(names):
        raise HistoryError(
            "git gave fewer answers than objects were asked for",
            slug="git-answers",
            hint="check the clone with: git fsck",
        )
    return [_found(line) for line in lines]


def _found(line: bytes) -> Found | None:
    kind, _, rest = line.partition(b" ")
    size, _, oid = rest.partition(b" ")
    if kind not in {b"blob", b"tree", b"commit", b"tag"} or not size.isdigit():
        return None
    return Found(oid.decode(), kind.decode(), int(size))


def contents(repository: Repository, blobs: Sequence[str]) -> Generator[bytes | None, None, None]:
    """Yield the content of each blob, in order; ``None`` for one that is missing."""
    yield from read_blobs(repository, [blob.encode() for blob in blobs])
