"""Find a repository on disk without asking git and without obeying anything in it.

The measured repository's configuration, hooks, attributes, grafts and replace refs are
never acted upon.  What must be known (object format, shallow boundary, promisor remotes,
ref storage) is read as plain data.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from provenance.errors import HistoryError, UsageError

_MAX_SMALL_FILE = 1 << 20
_OBJECT_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


@dataclass(frozen=True, slots=True)
class Location:
    """Where the parts of a repository lie, and what its files say about it."""

    name: str
    """Folder name shown in reports; never a full path."""
    git_dir: Path
    """Folder with ``HEAD`` (of the worktree, where there are several)."""
    common_dir: Path
    """Folder with ``refs`` and ``objects``."""
    object_dirs: tuple[Path, ...]
    """The repository's object store, then its alternates, absolute, in order."""
    object_format: str
    """``sha1`` or ``sha256``."""
    shallow: tuple[str, ...]
    """Commit ids at which a shallow clone was cut."""
    partial: bool
    """Whether the clone was made with a filter and may lack objects."""
    grafts: int
    """Lines in ``info/grafts`` (never obeyed)."""

    @property
    def digits(self) -> int:
        """Hexadecimal digits of an object id."""
        return 64 if self.object_format == "sha256" else 40


def locate(path: Path) -> Location:
    """Find the repository that holds ``path``.

    Raises:
        UsageError: no repository there.
        HistoryError: it belongs to somebody else, or its layout is not understood.

    """
    start = path.absolute()
    if not start.exists():
        raise UsageError(
            f"{path} does not exist", slug="no-such-folder", hint="give the folder of a git clone"
        )
    for folder in (start, *start.parents):
        git_dir = _git_dir_at(folder)
        if git_dir is not None:
            return _describe(folder, git_dir)
    raise UsageError(
        f"no git repository at {path} or above it",
        slug="no-repository",
        hint="give the folder of a git clone, for example: provenance measure path/to/clone",
    )


def _git_dir_at(folder: Path) -> Path | None:
    dot = folder / ".git"
    if dot.is_dir():
        return dot
    if dot.is_file():
        text = _small(dot).strip()
        if not text.startswith(b"gitdir:"):
            return None
        target = Path(os.fsdecode(text[len(b"gitdir:") :].strip()))
        return (folder / target).resolve() if (folder / target).is_dir() else None
    bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    return folder if bare and (folder / "refs").exists() else None


def _describe(folder: Path, git_dir: Path) -> Location:
    common = git_dir
    pointer = git_dir / "commondir"
    if pointer.is_file():
        common = (git_dir / os.fsdecode(_small(pointer).strip())).resolve()
    _check_owner(folder, common)
    settings = _settings(common)
    storage = settings.get("extensions.refstorage", "files")
    if storage != "files":
        raise HistoryError(
            f"this repository stores its refs as {storage}, which is not supported",
            slug="unsupported-ref-storage",
            hint="measure a fresh clone made with: git clone --ref-format=files",
        )
    shallow_file = common / "shallow"
    shallow = _small(shallow_file).split() if shallow_file.is_file() else []
    grafts = common / "info" / "grafts"
    objects = common / "objects"
    name = folder.name if folder.name not in {".git", "repo", ""} else folder.parent.name
    return Location(
        name=name.removesuffix(".git") or "repository",
        git_dir=git_dir,
        common_dir=common,
        object_dirs=_with_alternates(objects),
        object_format=settings.get("extensions.objectformat", "sha1").lower(),
        shallow=tuple(sorted(o.decode() for o in shallow if _OBJECT_ID.match(o))),
        partial=_is_partial(settings, objects),
        grafts=len(_small(grafts).splitlines()) if grafts.is_file() else 0,
    )


def _small(path: Path) -> bytes:
    """Read a small control file; a huge one is hostile."""
    with path.open("rb") as file:
        data = file.read(_MAX_SMALL_FILE + 1)
    if len(data) > _MAX_SMALL_FILE:
        raise HistoryError(
            f"the control file {path.name} is larger than 1 MiB",
            slug="control-file-too-large",
            hint="look at the repository with: git fsck",
        )
    return data


def _settings(common: Path) -> dict[str, str]:
    """Read the repository's configuration as data: no includes, nothing acted upon."""
    config = common / "config"
    if not config.is_file():
        return {}
    done = subprocess.run(
        ["git", "config", "--file", str(config), "--no-includes", "--list", "-z"],
        capture_output=True,
        check=False,
        cwd=tempfile.gettempdir(),
        env=_quiet_environment(),
    )
    settings: dict[str, str] = {}
    for entry in done.stdout.split(b"\0"):
        key, _, value = entry.partition(b"\n")
        if key:
            settings[os.fsdecode(key).lower()] = os.fsdecode(value)
    return settings


def _quiet_environment() -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CEILING_DIRECTORIES": tempfile.gettempdir(),
    }


def _is_partial(settings: dict[str, str], objects: Path) -> bool:
    if "extensions.partialclone" in settings:
        return True
    if any(k.startswith("remote.") and k.endswith(".promisor") for k in settings):
        return True
    pack = objects / "pack"
    return pack.is_dir() and any(pack.glob("*.promisor"))


def _with_alternates(objects: Path) -> tuple[Path, ...]:
    found: list[Path] = []
    queue = [objects.resolve()]
    while queue:
        store = queue.pop(0)
        if store in found or not store.is_dir():
            continue
        found.append(store)
        listing = store / "info" / "alternates"
        if len(found) < 32 and listing.is_file():
            lines = _small(listing).splitlines()
            stores = (os.fsdecode(line) for line in lines if line and not line.startswith(b"#"))
            queue.extend((store / other).resolve() for other in stores)
    return tuple(found)


def _check_owner(folder: Path, common: Path) -> None:
    """Refuse what git itself would refuse: a repository of another user not declared safe."""
    if not hasattr(os, "geteuid"):
        return
    owner = common.stat().st_uid
    me = os.geteuid()
    sudo = os.environ.get("SUDO_UID", "") if me == 0 else ""
    if owner == me or (sudo.isdigit() and owner == int(sudo)):
        return
    done = subprocess.run(
        ["git", "config", "--global", "--get-all", "-z", "safe.directory"],
        capture_output=True,
        check=False,
        cwd=tempfile.gettempdir(),
    )
    system = subprocess.run(
        ["git", "config", "--system", "--get-all", "-z", "safe.directory"],
        capture_output=True,
        check=False,
        cwd=tempfile.gettempdir(),
    )
    safe: set[str] = set()
    for entry in (system.stdout + done.stdout).split(b"\0")[:-1]:  # each value ends in a NUL
        value = os.fsdecode(entry)
        if value:
            safe.add(value.rstrip("/") or "/")
        elif safe:
            safe.clear()
    wanted = {str(folder), str(folder.resolve()), str(common), "*"}
    if not wanted & safe:
        raise HistoryError(
            "this repository belongs to another user and is not declared safe",
            slug="dubious-ownership",
            hint=f"if you trust it: git config --global --add safe.directory {folder}",
        )
