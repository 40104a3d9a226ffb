"""What killed writers left behind is swept; old runs are pruned."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import shutil
import socket
import time
from pathlib import Path

from provenance.errors import LedgerError
from provenance.ledger.manifest import MANIFEST, read_manifest

_LOG = logging.getLogger(__name__)
_HALF = re.compile(r"\.tmp-([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{16}")
_OLD = 3600.0
"""Seconds after which a half-written folder is nobody's."""


def runs_folder(root: Path) -> Path:
    """Return the folder that holds the runs of one repository."""
    return root / "runs"


def half_name() -> str:
    """Return a name for a folder in the making: whose machine, which process, a random part."""
    return f".tmp-{_host()}-{os.getpid()}-{secrets.token_hex(8)}"


def sweep(root: Path) -> int:
    """Delete half-written runs of writers that are gone; return how many."""
    return sweep_folder(runs_folder(root))


def sweep_folder(folder: Path) -> int:
    """Delete what ``half_name`` named in ``folder`` and nobody works on; return how many.

    Something is swept when its process no longer runs on this machine or when nothing in
    it changed for an hour.  Finished runs and foreign files are never touched.
    """
    swept = 0
    for half in _children(folder):
        match = _HALF.fullmatch(half.name)
        if match and (_is_gone(match[1], int(match[2])) or _is_old(half)):
            _LOG.debug("sweeping %s", half.name)
            _delete(half)
            swept += not half.exists()
    return swept


def finished(root: Path) -> list[Path]:
    """Run folders of a repository, newest first; runs of other schema versions are left out.

    Raises ``LedgerError`` (``ledger-manifest``) when any run has a damaged manifest.
    """
    placed = []
    for folder in _children(runs_folder(root)):
        if folder.name.startswith(".") or not folder.is_dir():
            continue
        try:
            placed.append((read_manifest(folder).sequence, folder.name, folder))
        except LedgerError as error:
            if error.slug != "ledger-schema" and folder.exists():
                raise
    return [folder for _, _, folder in sorted(placed, reverse=True)]


def prune(root: Path, *, keep: int = 2) -> int:
    """Delete all but the ``keep`` newest runs, and those of other versions; return how many."""
    if keep < 1:
        raise LedgerError("at least one run must be kept", slug="ledger-keep")
    kept = set(finished(root)[:keep])
    gone = [
        folder
        for folder in _children(runs_folder(root))
        if folder not in kept and folder.is_dir() and not folder.name.startswith(".")
    ]
    for folder in gone:
        discard(folder)
    return len(gone)


def discard(folder: Path) -> None:
    """Take a run out of sight in one step, then delete it."""
    hidden = folder.with_name(half_name())
    try:
        folder.rename(hidden)
    except FileNotFoundError:
        return
    except OSError as error:
        raise LedgerError(
            f"cannot remove run {folder.name}: {error.strerror}", slug="ledger-io"
        ) from error
    _delete(hidden)


def next_sequence(root: Path) -> int:
    """Return a place behind every readable run."""
    highest = 0
    for folder in _children(runs_folder(root)):
        if (folder / MANIFEST).is_file():
            try:
                highest = max(highest, read_manifest(folder).sequence)
            except LedgerError as error:
                _LOG.debug("no place in %s: %s", folder.name, error.message)
    return highest + 1


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LedgerError(
            f"cannot list the stored runs: {error.strerror}",
            slug="ledger-io",
            hint="check the permissions of the cache folder",
        ) from error


def _delete(path: Path) -> None:
    """Delete a folder or file as far as possible; what stays is swept another time."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def _is_gone(host: str, pid: int) -> bool:
    """Whether the process ran on this machine and does not any more."""
    if os.name != "posix" or host != _host() or pid == 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _is_old(folder: Path) -> bool:
    try:
        inside = folder.iterdir() if folder.is_dir() else ()
        newest: float = max(path.stat().st_mtime for path in (folder, *inside))
    except OSError:
        return False
    return time.time() - newest > _OLD
