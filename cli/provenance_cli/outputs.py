"""Files written for the reader: whole or not there, never inside a measured repository."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from provenance.errors import UsageError

if TYPE_CHECKING:
    from provenance_reports.document import Document


def check_folder(folder: Path, *, outside: Sequence[Path]) -> None:
    """Refuse a place for output that lies in a git folder or cannot be written to.

    Raises:
        UsageError: it cannot be used.

    """
    target = folder.resolve()
    if any(target.is_relative_to(private.resolve()) for private in outside):
        raise UsageError(
            f"the output folder {folder} lies inside the git folder of the repository",
            slug="output-inside-repository",
            hint="choose another place with: -o DIR",
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"the output folder {folder} is a file",
            slug="output-is-a-file",
            hint="choose another place with: -o DIR",
        )
    nearest = next(place for place in (target, *target.parents) if place.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(
            f"cannot write to {folder}",
            slug="output-unwritable",
            hint="choose another place with: -o DIR",
        )


def write_files(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write every text under its name; each file appears whole.  Return the places.

    Raises:
        UsageError: the folder cannot be written to.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_replace(folder / name, text) for name, text in texts.items()]
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_file(path: Path, text: str) -> Path:
    """Write one file, whole.

    Raises:
        UsageError: it cannot be written.

    """
    return write_files(path.parent, {path.name: text})[0]


def write_stream(path: Path, lines: Iterable[str]) -> Path:
    """Write many lines to one file, whole.

    Raises:
        UsageError: it cannot be written.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _replace(path, (f"{line}\n" for line in lines))
    except OSError as error:
        raise _unwritable(path.parent, error) from error


def _unwritable(folder: Path, error: OSError) -> UsageError:
    return UsageError(
        f"cannot write to {folder}: {error.strerror}",
        slug="output-unwritable",
        hint="choose another place with: -o DIR",
    )


def _replace(path: Path, text: str | Iterable[str]) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines([text] if isinstance(text, str) else text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def rendered(document: Document) -> dict[str, str]:
    """Return every file of a report by its name, the page first."""
    from provenance_reports import badge, csv_v1, html, json_v1, markdown

    return {
        "report.html": html.render(document),
        "report.json": json_v1.render(document),
        "report.md": markdown.render(document, kind="release"),
        **{f"{name}.csv": table(document) for name, table in csv_v1.TABLES.items()},
        "badge.svg": badge.svg(document),
        "badge.json": badge.endpoint(document),
    }
