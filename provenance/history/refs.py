"""Read the refs of the measured repository as plain files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provenance.errors import HistoryError
from provenance.history.location import Location

_REF = re.compile(rb"refs/[^\x00-\x20\x7f~^:?*\[\\]+\Z")
_LIMIT = 1 << 28
_PRIVATE = ("refs/replace/", "refs/provenance/")


@dataclass(frozen=True, slots=True)
class Refs:
    """Every ref of the repository, and where ``HEAD`` points."""

    names: Mapping[str, str]
    """Ref name to full object id (tags unpeeled), sorted by name; replace refs are left out."""
    head: str | None
    """Object id of ``HEAD``; ``None`` when unborn."""
    branch: str | None
    """Branch ``HEAD`` points at; ``None`` when detached."""
    replaced: int
    """Replace refs seen (never obeyed)."""

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted ``name id`` lines and the head."""
        text = "".join(f"{name} {oid}\n" for name, oid in self.names.items())
        return hashlib.sha256(os.fsencode(f"{text}HEAD {self.head}\n")).hexdigest()


def read_refs(location: Location) -> Refs:
    """Read packed and loose refs and ``HEAD``.

    Raises:
        HistoryError: a ref file is not what git writes.

    """
    names = _packed(location)
    for folder in dict.fromkeys((location.common_dir, location.git_dir)):
        _loose(folder, location.digits, names)
    kept = {n: o for n, o in sorted(names.items()) if not n.startswith(_PRIVATE)}
    head, branch = _head(location, kept)
    replaced = sum(n.startswith("refs/replace/") for n in names)
    return Refs(names=kept, head=head, branch=branch, replaced=replaced)


def _packed(location: Location) -> dict[str, str]:
    path = location.common_dir / "packed-refs"
    names: dict[str, str] = {}
    if not path.is_file():
        return names
    if path.stat().st_size > _LIMIT:
        raise HistoryError(
            "packed-refs is larger than 256 MiB",
            slug="control-file-too-large",
            hint="measure a clone with fewer refs",
        )
    for line in path.read_bytes().split(b"\n"):
        oid, _, name = line.partition(b" ")
        if len(oid) == location.digits and _REF.match(name) and _is_id(oid):
            names[os.fsdecode(name)] = oid.decode()
    return names


def _is_id(text: bytes) -> bool:
    return all(c in b"0123456789abcdef" for c in text)


def _loose(folder: Path, digits: int, names: dict[str, str]) -> None:
    top = os.fsencode(folder / "refs")
    for where, folders, files in os.walk(top, followlinks=False):
        folders.sort()
        for file in files:
            full = os.path.join(where, file)  # noqa: PTH118 - bytes paths, names may be undecodable
            name = b"refs/" + os.path.relpath(full, top).replace(os.sep.encode(), b"/")
            if file.endswith(b".lock") or not _REF.match(name):
                continue
            if not os.path.isfile(full):  # noqa: PTH113 - bytes paths; a pipe would block
                continue
            oid = _first_line(full)
            if len(oid) == digits and _is_id(oid):
                names[os.fsdecode(name)] = oid.decode()


def _first_line(path: bytes) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - bytes paths
        return file.read(4096).split(b"\n", 1)[0].strip()


def _head(location: Location, names: Mapping[str, str]) -> tuple[str | None, str | None]:
    file = location.git_dir / "HEAD"
    text = _first_line(os.fsencode(file)) if file.is_file() else b""
    if text.startswith(b"ref:"):
        branch = os.fsdecode(text[4:].strip())
        return names.get(branch), branch
    if len(text) == location.digits and _is_id(text):
        return text.decode(), None
    raise HistoryError(
        "HEAD is neither a branch nor a commit id",
        slug="broken-head",
        hint="check the clone with: git fsck, or name a revision with --at",
    )
