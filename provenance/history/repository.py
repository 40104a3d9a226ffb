"""The handle on a measured repository: a scratch repository that borrows its objects.

Every git process of the meter runs on a bare repository of our own whose
``objects/info/alternates`` points at the measured object stores and whose refs are
copies.  So nothing in the measured repository is obeyed and nothing is written to it,
and an object that is missing there can be given a stand-in here.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from provenance.errors import HistoryError, InconclusiveError, UsageError
from provenance.history import process
from provenance.history.location import Location, locate
from provenance.history.objects import write_object
from provenance.history.refs import Refs, read_refs

if TYPE_CHECKING:
    from git import Repo

STAND_IN = b"\0 unmeasured: this object is missing from the clone\n"
"""Content that takes the place of a missing blob: binary, so that git prints no lines for it."""

_ROOM = 48 << 20
_REVISION = re.compile(r"[^\s\x00-\x1f~^:?*\[\\-][^\x00-\x1f\x7f]{0,250}\Z")


class Repository:
    """A measured repository, seen through a scratch repository; use as a context manager."""

    def __init__(self, location: Location, refs: Refs, scratch: Path) -> None:
        """Hold the parts; use :func:`open_repository` to make one."""
        self.location = location
        self.refs = refs
        self.git_dir = scratch
        self.missing: set[str] = set()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the scratch repository."""
        if "handle" in self.__dict__:
            self.handle.close()
        shutil.rmtree(self.git_dir, ignore_errors=True)

    @cached_property
    def handle(self) -> Repo:
        """GitPython's handle on the scratch repository, with our environment and options."""
        from git import Repo  # noqa: PLC0415 - 77 ms, only where it is used

        repo = Repo(self.git_dir)
        repo.git.update_environment(**process.environment())
        repo.git.set_persistent_git_options(c=[p for p in process.PINNED if p != "-c"])
        return repo

    @cached_property
    def git_version(self) -> str:
        """Version of git, for example ``2.39.5``."""
        return ".".join(str(part) for part in self.handle.git.version_info)

    def resolve(self, revision: str) -> str:
        """Return the full id of the commit a revision names.

        Raises:
            UsageError: no such commit, or the text is no revision.
            InconclusiveError: the repository has no commit at all.

        """
        wanted = self.spelled(revision)
        if wanted is None and not self.refs.names:
            raise InconclusiveError(
                "this repository has no commit yet",
                slug="no-commits",
                hint="commit something, or fetch what there is",
            )
        if wanted is None:
            raise UsageError(
                "HEAD names a branch that is not in this clone",
                slug="no-head",
                hint="name a branch, a tag or a commit id with --at",
            )
        if not _REVISION.match(wanted):
            raise UsageError(
                f"not a revision: {revision!r}",
                slug="bad-revision",
                hint="give a branch, a tag or a commit id",
            )
        try:
            out = process.run(
                self.git_dir, "rev-parse", "--verify", "--quiet", "--end-of-options",
                f"{wanted}^{{commit}}",
            )  # fmt: skip
        except HistoryError as error:
            raise UsageError(
                f"no commit named {revision!r} in this repository",
                slug="unknown-revision",
                hint="give a branch, a tag or a commit id; list tags with: git tag",
            ) from error
        return out.decode().strip()

    def spelled(self, revision: str) -> str | None:
        """Return a revision with ``HEAD`` spelled out, as the scratch repository has none.

        ``None`` when the revision needs a head and there is no commit yet.
        """
        at = revision == "@" or revision.startswith(("@~", "@^"))
        name = f"HEAD{revision[1:]}" if at else revision
        if name != "HEAD" and not name.startswith(("HEAD~", "HEAD^")):
            return revision
        return None if self.refs.head is None else self.refs.head + name.removeprefix("HEAD")

    def stand_in_for(self, missing: Iterable[str]) -> int:
        """Give stand-ins to missing blobs, in scratch only; return how many are new."""
        new = set(missing) - self.missing
        if not new:
            return 0
        blob = write_object(self.git_dir, "blob", STAND_IN, self.location.object_format)
        folder = self.git_dir / "refs" / "replace"
        folder.mkdir(parents=True, exist_ok=True)
        for oid in new:
            (folder / oid).write_text(f"{blob}\n")
        self.missing |= new
        return len(new)

    def find_missing(self, tips: Iterable[str]) -> set[str]:
        """Return the ids of objects reachable from the tips that the clone does not hold."""
        out = process.run(
            self.git_dir,
            *("rev-list", "--objects", "--missing=print", "--no-object-names", "--stdin"),
            text="".join(f"{tip}\n" for tip in tips).encode(),
        )  # fmt: skip
        return {line[1:].decode() for line in out.split(b"\n") if line.startswith(b"?")}

    def absent(self, oids: Iterable[str]) -> set[str]:
        """Return those of the given objects that the clone does not hold."""
        wanted = "".join(f"{oid}\n" for oid in sorted(oids))
        out = process.run(
            self.git_dir, "cat-file", "--batch-check=%(objectname)", text=wanted.encode()
        )
        lines = out.decode().splitlines()
        return {line.split(" ")[0] for line in lines if line.endswith(" missing")}


def open_repository(path: Path) -> Repository:
    """Open the repository that holds ``path`` for reading only.

    Raises:
        UsageError: no repository there.
        HistoryError: it cannot be read.

    """
    location = locate(path)
    refs = read_refs(location)
    return Repository(location, refs, _scratch(location, refs))


def _memory() -> str | None:
    """Return a folder in memory where there is one: scratch objects are many and small."""
    shared = Path("/dev/shm")  # noqa: S108 - a private folder is made inside it
    try:
        usable = os.access(shared, os.W_OK | os.X_OK) and shutil.disk_usage(shared).free > _ROOM
    except OSError:
        return None
    return str(shared) if usable else None


def _scratch(location: Location, refs: Refs) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="provenance-", dir=_memory())).resolve()
    for part in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (folder / part).mkdir(parents=True)
    sha256 = location.object_format == "sha256"
    version = "1" if sha256 else "0"
    extension = "[extensions]\n\tobjectFormat = sha256\n" if sha256 else ""
    (folder / "config").write_text(
        f"[core]\n\trepositoryFormatVersion = {version}\n\tbare = true\n{extension}"
    )
    # HEAD stays unborn: newer git would read attributes from the tree it points at.
    (folder / "HEAD").write_text("ref: refs/heads/unborn-scratch\n")
    stores = b"".join(_quoted(os.fsencode(store)) + b"\n" for store in location.object_dirs)
    (folder / "objects/info/alternates").write_bytes(stores)
    listing = b"".join(
        oid.encode() + b" " + os.fsencode(name) + b"\n" for name, oid in refs.names.items()
    )
    (folder / "packed-refs").write_bytes(b"# pack-refs with: sorted \n" + listing)
    if location.shallow:
        (folder / "shallow").write_text("".join(f"{oid}\n" for oid in location.shallow))
    return folder


def _quoted(path: bytes) -> bytes:
    """Quote a path for ``objects/info/alternates`` where it could be misread."""
    if not path.startswith((b'"', b"#")) and b"\n" not in path:
        return path
    escaped = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
