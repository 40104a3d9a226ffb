"""The files of one revision, without the history behind them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from provenance.errors import UsageError
from provenance.history import process
from provenance.history.repository import Repository
from provenance.terms.unmeasured import Reason

_SPECIAL = {"120000": Reason.SYMLINK, "160000": Reason.SUBMODULE}


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of a tree."""

    path: str
    """Path from the root of the repository (hostile text)."""
    mode: str
    """Six octal digits."""
    blob: str
    """Full id of the content, or of the commit of a submodule."""
    size: int
    """Bytes; -1 when the content is missing from the clone or there is none."""

    @property
    def special(self) -> Reason | None:
        """Why it is no ordinary file; ``None`` when it is one."""
        return _SPECIAL.get(self.mode)


def entries(repository: Repository, commit: str) -> list[Entry]:
    """Return every path of a commit, in git's order.

    Raises:
        HistoryError: the tree cannot be read.

    """
    printed = process.run(
        repository.git_dir, "ls-tree", "-r", "-z", "--long", "--full-tree", commit
    )
    return [_entry(line) for line in printed.split(b"\0") if line]


def _entry(line: bytes) -> Entry:
    about, _, path = line.partition(b"\t")
    mode, _, blob, size = about.split()
    return Entry(
        path=os.fsdecode(path),
        mode=mode.decode(),
        blob=blob.decode(),
        size=int(size) if size.isdigit() else -1,
    )


def select(listed: Sequence[Entry], wanted: Sequence[str], *, folder: str = "") -> list[Entry]:
    """Return the entries that the words name, in the order of the words, each once.

    Raises:
        UsageError: nothing has that name; the hint holds the nearest one.

    """
    known = {entry.path: entry for entry in listed}
    return [known[path] for path in select_paths(list(known), wanted, folder=folder)]


def select_paths(paths: Sequence[str], wanted: Sequence[str], *, folder: str = "") -> list[str]:
    """Return the paths that the words name, in the order of the words, each once.

    A word is a file or a folder; it is looked for below ``folder`` first (where the reader
    stands), then from the root.

    Raises:
        UsageError: nothing has that name; the hint holds the nearest one.

    """
    names: dict[str, list[str]] = {}
    for path in paths:
        names.setdefault(path, []).append(path)
        parts = path.split("/")
        for size in range(len(parts)):
            names.setdefault("/".join(parts[:size]), []).append(path)
    return list(dict.fromkeys(path for word in wanted for path in _named(names, word, folder)))


def _named(names: dict[str, list[str]], word: str, folder: str) -> list[str]:
    for start in (folder, ""):
        path = os.path.normpath(f"{start}/{word}").strip("/")
        known = names.get("" if path == "." else path)
        if known is not None:
            return known
    near = difflib.get_close_matches(os.path.normpath(word), names, 1, 0.5)
    raise UsageError(
        f"no file or folder {word!r} at this revision",
        slug="no-such-path",
        hint=f"did you mean {near[0]!r}?" if near else "list what is there with: git ls-tree -r",
    )
