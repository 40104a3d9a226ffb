"""A private bare repository that borrows the objects of the one to be counted.

Every process of the recount, PyDriller's included, runs here: PyDriller writes into the
configuration of what it opens, and this configuration is ours.  References are copied as
files, nothing of the other repository's configuration, attributes, hooks or replacements is
seen, and a content that is missing there can be given a stand-in here, under its own id.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from provenance.errors import HistoryError, UsageError

CONFIG = """\
[core]
\trepositoryFormatVersion = {version}
\tbare = true
\tcommitGraph = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
\tfsmonitor = false
\tquotePath = true
\tlogAllRefUpdates = false
[protocol]
\tallow = never
[gc]
\tauto = 0
[diff]
\talgorithm = myers
\trenames = true
\trenameLimit = 1000
\tindentHeuristic = true
[color]
\tui = never
"""
"""The only configuration that git reads during a recount."""

_LARGEST = 1 << 20
_ID = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")


@dataclass(slots=True)
class Scratch:
    """The private repository."""

    git_dir: Path
    """Where it lies."""
    head: str | None
    """What ``HEAD`` of the other repository names: a full ref or an id; ``None`` when unborn."""
    shallow: frozenset[str]
    """Commits at which a shallow clone was cut."""
    sha256: bool = False
    """Whether its ids are SHA-256."""
    absent: set[str] = field(default_factory=set)
    """Contents that are missing there and have a stand-in here."""
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def run(self, *arguments: str, text: bytes = b"") -> bytes:
        """Run git to its end and return what it printed.

        Raises:
            HistoryError: git failed; its last line is in the message.

        """
        done = self.attempt(*arguments, text=text)
        if done.returncode != 0:
            raise HistoryError(
                f"git {arguments[0]} failed: {last_line(done.stderr)}",
                slug="git-failed",
                hint="see what this clone lacks with: provenance doctor",
            )
        return done.stdout

    def attempt(self, *arguments: str, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run git to its end, whatever comes of it."""
        return subprocess.run(
            ["git", f"--git-dir={self.git_dir}", *arguments],
            input=text,
            capture_output=True,
            check=False,
            env=environment(),
            cwd=self.git_dir,
        )

    def commit(self, revision: str) -> str:
        """Return the full id of the commit that a revision names.

        Raises:
            UsageError: it names none.

        """
        named = self.head if revision in {"HEAD", "@"} else revision
        if named and not named.startswith("-"):
            wanted = f"{named}^{{commit}}"
            done = self.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
            if done.returncode == 0:
                return done.stdout.decode().strip()
        raise UsageError(
            f"no commit named {revision!r} in this repository",
            slug="unknown-revision",
            hint="give the repository that was measured, with --repo",
        )

    def holds(self, oid: str) -> bool:
        """Whether an object is there; a stand-in is not."""
        return oid not in self.absent and self.attempt("cat-file", "-e", oid).returncode == 0

    def contents(self, blobs: Sequence[str]) -> Iterator[tuple[int, Iterator[bytes]]]:
        """Yield size and pieces of each content, from one process; size -1 where it is missing.

        Raises:
            HistoryError: git stopped.

        """
        with tempfile.TemporaryFile() as asked:
            asked.write("".join(f"{blob}\n" for blob in blobs).encode())
            asked.seek(0)
            git = subprocess.Popen(
                ["git", f"--git-dir={self.git_dir}", "cat-file", "--batch"],
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                cwd=self.git_dir,
            )
            assert git.stdout is not None
            with git.stdout as printed:
                try:
                    for blob in blobs:
                        for size, pieces in _content(printed, blob):
                            yield (-1, iter(())) if blob in self.absent else (size, pieces)
                finally:
                    git.kill()
                    git.wait()

    def stand_in_for(self, oid: str) -> bool:
        """Put a content that resembles nothing under a missing id; ``False`` when it is there."""
        with self._one_at_a_time:  # files are asked about side by side
            if oid in self.absent:
                return True
            if self.holds(oid):
                return False
            body = b"\0missing from the clone: " + oid.encode() + b"\0\n"
            place = self.git_dir / "objects" / oid[:2] / oid[2:]
            place.parent.mkdir(exist_ok=True)
            passing = place.with_name("passing")
            passing.write_bytes(zlib.compress(b"blob %d\0%s" % (len(body), body)))
            passing.replace(place)
            self.absent.add(oid)
        return True


def _content(printed: IO[bytes], blob: str) -> Iterator[tuple[int, Iterator[bytes]]]:
    header = printed.readline().split()
    if len(header) == 2 and header[1] == b"missing":
        yield -1, iter(())
        return
    if len(header) != 3 or not header[2].isdigit():
        raise _stopped(blob)
    size = int(header[2])
    pieces = _pieces(printed, size, blob)
    yield size, pieces
    for _ in pieces:  # what the reader left
        pass
    printed.read(1)


def _pieces(printed: IO[bytes], left: int, blob: str) -> Iterator[bytes]:
    while left:
        piece = printed.read(min(left, _LARGEST))
        if not piece:
            raise _stopped(blob)
        left -= len(piece)
        yield piece


def _stopped(blob: str) -> HistoryError:
    return HistoryError(f"git stopped at the content {blob}", slug="git-failed")


def environment() -> dict[str, str]:
    """Return all that a process of the recount sees of the outside."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "LANGUAGE": "C",
        "TZ": "UTC",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
    }


def last_line(stderr: bytes) -> str:
    """Return git's own last word."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else "no message"


@contextmanager
def borrow(path: Path) -> Iterator[Scratch]:
    """Give a private repository with the objects and references of the one around ``path``.

    Raises:
        UsageError: there is no repository.
        HistoryError: it is of a kind that is not understood.

    """
    git_dir = _find(path.absolute())
    common = git_dir
    if (git_dir / "commondir").is_file():
        common = (git_dir / os.fsdecode(_small(git_dir / "commondir").strip())).resolve()
    with tempfile.TemporaryDirectory(prefix="provenance-recount-") as folder:
        yield _furnish(Path(folder).resolve(), git_dir, common)


def _find(start: Path) -> Path:
    for folder in (start, *start.parents):
        dot = folder / ".git"
        if dot.is_dir():
            return dot
        if dot.is_file():
            said = _small(dot).strip().removeprefix(b"gitdir:").strip()
            return (folder / os.fsdecode(said)).resolve()
        if all((folder / part).exists() for part in ("HEAD", "objects", "refs")):
            return folder
    raise UsageError(
        f"no git repository at {start.name} or above it",
        slug="no-repository",
        hint="give the folder of a git clone with --repo",
    )


def _small(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _furnish(folder: Path, git_dir: Path, common: Path) -> Scratch:
    if (common / "reftable").exists():
        raise HistoryError(
            "this repository keeps its references in a reftable, which is not understood",
            slug="unsupported-ref-storage",
            hint="recount a clone made with: git clone --ref-format=files",
        )
    for part in ("objects/info", "objects/pack", "refs/heads"):
        (folder / part).mkdir(parents=True)
    store = os.fsencode(str((common / "objects").resolve()))
    escaped = store.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    (folder / "objects/info/alternates").write_bytes(b'"' + escaped + b'"\n')
    (folder / "HEAD").write_text("ref: refs/heads/nothing\n")  # no tree to read attributes from
    ids = _copy_refs(common, folder)
    head = _head(git_dir)
    if head and _ID.match(head.encode()):
        ids.add(head.encode())
    sha256 = any(len(oid) == 64 for oid in ids)
    config = CONFIG.format(version=int(sha256))
    (folder / "config").write_text(config + ("[extensions]\n\tobjectFormat = sha256\n" * sha256))
    shallow = common / "shallow"
    cut = _small(shallow).split() if shallow.is_file() else []
    cut = [oid for oid in cut if _ID.match(oid)]
    if cut:
        (folder / "shallow").write_bytes(b"".join(oid + b"\n" for oid in cut))
    return Scratch(folder, head, frozenset(oid.decode() for oid in cut), sha256)


def _head(git_dir: Path) -> str | None:
    said = _small(git_dir / "HEAD").strip()
    if _ID.match(said):
        return said.decode()
    name = os.fsdecode(said.removeprefix(b"ref:").strip())
    return name if name.startswith("refs/") else None


def _copy_refs(common: Path, folder: Path) -> set[bytes]:
    """Copy references as plain files, replacements left out; return the ids they hold."""
    ids: set[bytes] = set()
    packed = common / "packed-refs"
    if packed.is_file():
        lines = [line for line in packed.read_bytes().splitlines() if b" refs/replace/" not in line]
        (folder / "packed-refs").write_bytes(b"".join(line + b"\n" for line in lines))
        names = (line.partition(b" ")[0] for line in lines)
        ids.update(name for name in names if _ID.match(name))
    root = common / "refs"
    for place, folders, files in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if name != "replace" or Path(place) != root)
        for name in sorted(files):
            file = Path(place) / name
            said = b"" if file.is_symlink() else _small(file).strip()
            if _ID.match(said):
                ids.add(said)
                copy = folder / file.relative_to(common)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(said + b"\n")
    return ids
