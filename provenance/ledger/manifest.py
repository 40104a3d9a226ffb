"""The manifest of a run: what was stored, made from what, with the digest of every file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provenance.errors import LedgerError
from provenance.ledger.schema import SCHEMA_VERSION, TABLES

MANIFEST = "manifest.json"
FORMAT = "provenance-ledger-run"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_LARGEST = 16 * 2**20
"""A manifest is a few kilobytes; anything near this is not one."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of a run."""

    sha256: str
    """Digest of its bytes, hexadecimal."""
    bytes: int
    """Its size."""
    rows: int | None = None
    """Rows, for a table; ``None`` for a blob."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a run folder holds."""

    run: str
    """Run id: the folder's name."""
    sequence: int
    """Place among the runs of one repository: one more than the newest before it."""
    inputs: Mapping[str, str]
    """What the run was made from, in the words of whoever wrote it."""
    tables: Mapping[str, Stored]
    """Tables by name."""
    blobs: Mapping[str, Stored]
    """Opaque files by name."""
    schema_version: int = SCHEMA_VERSION
    """Version of the tables."""

    @property
    def files(self) -> dict[str, Stored]:
        """Every file of the run but the manifest, by file name, sorted."""
        tables = {table_file(name): stored for name, stored in self.tables.items()}
        blobs = {blob_file(name): stored for name, stored in self.blobs.items()}
        return dict(sorted((tables | blobs).items()))

    def encode(self) -> bytes:
        """Return the manifest as JSON that carries its own digest."""
        body = self._body()
        text = json.dumps(body | {"digest": _digest(body)}, indent=2, sort_keys=True)
        return f"{text}\n".encode("ascii")

    def same_content(self, other: Manifest) -> bool:
        """Whether both describe the same inputs and bytes (their places may differ)."""
        return {**self._body(), "sequence": 0} == {**other._body(), "sequence": 0}

    def _body(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "schema_version": self.schema_version,
            "run": self.run,
            "sequence": self.sequence,
            "inputs": dict(self.inputs),
            "tables": {name: _as_json(stored) for name, stored in self.tables.items()},
            "blobs": {name: _as_json(stored) for name, stored in self.blobs.items()},
        }


def table_file(name: str) -> str:
    """File name of a table."""
    return f"{name}.parquet"


def blob_file(name: str) -> str:
    """File name of a blob."""
    return f"{name}.blob"


def checked_name(name: str, what: str) -> str:
    """Return ``name`` if it is safe as a folder or file name; raises ``ledger-name``."""
    if not _NAME.fullmatch(name):
        raise LedgerError(
            f"{what} {name!r} is not a safe name",
            slug="ledger-name",
            hint="letters, digits, dot, dash and underscore; at most 128; no dot or dash first",
        )
    return name


def read_manifest(run: Path) -> Manifest:
    """Read the manifest of a run folder.

    Raises ``LedgerError``: ``ledger-manifest`` when it is missing, unreadable or does not
    fit its own digest or folder; ``ledger-schema`` when another version wrote it.
    """
    try:
        with (run / MANIFEST).open("rb") as file:
            data = json.loads(file.read(_LARGEST))
        digest = data.pop("digest")
        fits = data["format"] == FORMAT and digest == _digest(data) and data["run"] == run.name
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise broken(run, "the manifest cannot be read") from error
    if not fits:
        raise broken(run, "the manifest does not fit its digest or its folder")
    if data["schema_version"] != SCHEMA_VERSION:
        raise LedgerError(
            f"run {run.name} has tables of version {data['schema_version']}, "
            f"this tool reads version {SCHEMA_VERSION}",
            slug="ledger-schema",
            hint="measure again; runs of another version are never read",
        )
    return _decode(run, data)


def check_files(run: Path, manifest: Manifest) -> None:
    """Compare every file of a run with its manifest; raises ``ledger-manifest``."""
    for name, stored in manifest.files.items():
        try:
            found = measure_file(run / name, rows=stored.rows)
        except OSError as error:
            raise broken(run, f"{name} cannot be read") from error
        if found != stored:
            raise broken(run, f"{name} does not fit its digest")


def measure_file(path: Path, *, rows: int | None = None) -> Stored:
    """Return size and digest of a file as it is now."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Stored(digest, file.tell(), rows)


def broken(run: Path, what: str) -> LedgerError:
    """Return the error for a run that must not be used."""
    return LedgerError(
        f"stored run {run.name} is damaged: {what}",
        slug="ledger-manifest",
        hint=f"delete the cache folder {str(run.parent.parent)!r} and measure again",
    )


def _decode(run: Path, data: Mapping[str, Any]) -> Manifest:
    try:
        manifest = Manifest(
            run=run.name,
            sequence=int(data["sequence"]),
            inputs={str(key): str(value) for key, value in data["inputs"].items()},
            tables={name: Stored(**stored) for name, stored in data["tables"].items()},
            blobs={name: Stored(**stored) for name, stored in data["blobs"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise broken(run, "the manifest lacks a field") from error
    if not set(manifest.tables) <= set(TABLES):
        raise broken(run, "the manifest names unknown tables")
    for name in manifest.blobs:
        checked_name(name, "blob")
    return manifest


def _as_json(stored: Stored) -> dict[str, int | str]:
    rows = {} if stored.rows is None else {"rows": stored.rows}
    return {"bytes": stored.bytes, "sha256": stored.sha256, **rows}


def _digest(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
