"""Where runs are kept: a private folder of the user, never inside what is measured."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import platformdirs

from provenance.errors import LedgerError

VARIABLE = "PROVENANCE_CACHE"
"""Environment variable that names another cache folder."""

_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


def repository_key(git_dir: Path) -> str:
    """Return the folder name under which the runs of a repository are kept.

    A readable word and a digest of the resolved path: two clones never share runs.
    """
    resolved = git_dir.resolve()
    named = resolved.parent if resolved.name == ".git" else resolved
    word = _STRANGE.sub("-", named.name).strip(".-")[:40]
    digest = hashlib.sha256(str(resolved).encode("utf-8", "surrogateescape")).hexdigest()[:20]
    return f"{word}-{digest}" if word else digest


def store_root(
    git_dir: Path,
    *,
    measured: Iterable[Path],
    environment: Mapping[str, str],
    cache: Path | None = None,
) -> Path:
    """Return the folder that keeps the runs of one repository, made private (0700).

    ``cache`` wins over the variable ``PROVENANCE_CACHE``, which wins over the user's cache
    folder.  ``measured`` are the folders of the repository (work tree and git folder).
    Raises ``LedgerError``: ``ledger-inside-repository`` when the place lies in one of
    them, ``ledger-io`` when it cannot be made.
    """
    chosen = cache or Path(environment.get(VARIABLE) or platformdirs.user_cache_dir("provenance"))
    base = _resolved(chosen)
    root = base / repository_key(git_dir)
    for folder in (git_dir, *measured):
        if root.is_relative_to(folder.resolve()):
            raise LedgerError(
                f"the cache folder {str(chosen)!r} lies inside the measured repository",
                slug="ledger-inside-repository",
                hint=f"set {VARIABLE} to a folder outside of it, or measure without a cache",
            )
    try:
        if not base.exists():  # a folder that was there keeps the permissions it has
            base.mkdir(parents=True)
            base.chmod(0o700)
        root.mkdir(exist_ok=True)
        root.chmod(0o700)
    except OSError as error:
        raise LedgerError(
            f"cannot make the cache folder {str(root)!r}: {error.strerror}",
            slug="ledger-io",
            hint=f"set {VARIABLE} to a folder you can write to, or measure without a cache",
        ) from error
    return root


def _resolved(folder: Path) -> Path:
    try:
        return folder.expanduser().resolve()
    except (RuntimeError, OSError) as error:  # no home, or links in a circle
        raise LedgerError(
            f"the cache folder {str(folder)!r} cannot be found",
            slug="ledger-io",
            hint=f"set {VARIABLE} to a folder you can write to",
        ) from error
