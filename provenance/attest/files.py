"""Small files read with care: a limit, no pipes, and privacy where it matters."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from provenance.errors import UsageError

KEY_LIMIT = 64 << 10
"""Bytes of a key file, at most."""
REPORT_LIMIT = 1 << 30
"""Bytes of a report, at most."""


def read_limited(path: Path, limit: int, what: str) -> bytes:
    """Return the bytes of an ordinary file that is not too large.

    Raises:
        UsageError: it cannot be read, is no ordinary file, or is larger than ``limit``.

    """
    return _read(path, limit, what, private=False)


def read_private(path: Path, limit: int, what: str) -> bytes:
    """Return the bytes of a file that nobody but its owner may read.

    Raises:
        UsageError: as ``read_limited``, or others may read or write it.

    """
    return _read(path, limit, what, private=True)


def _read(path: Path, limit: int, what: str, *, private: bool) -> bytes:
    try:
        if not path.is_file():
            raise UsageError(
                f"{what} {path} is missing or no ordinary file",
                slug="file-missing",
                hint="give the path of a file",
            )
        with path.open("rb") as file:
            if private:
                _check_private(path, os.fstat(file.fileno()), what)
            data = file.read(limit + 1)
    except OSError as error:
        raise UsageError(
            f"cannot read {what} {path}: {error.strerror}",
            slug="file-unreadable",
            hint="check the path and its permissions",
        ) from error
    if len(data) > limit:
        raise UsageError(
            f"{what} {path} is larger than {limit >> 10:,} KiB",
            slug="file-too-large",
            hint="give the right file",
        )
    return data


def _check_private(path: Path, found: os.stat_result, what: str) -> None:
    if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
        raise UsageError(
            f"{what} {path} can be read or changed by other users",
            slug="key-permissions",
            hint=f"take their rights away with: chmod 600 {path}",
        )


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 of bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()
