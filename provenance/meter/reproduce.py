"""Measure again under the definition of an earlier measurement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from provenance.errors import AttestationError
from provenance.history.repository import open_repository
from provenance.history.walk import is_ancestor, tags
from provenance.meter.measure import measure
from provenance.meter.progress import Progress
from provenance.meter.run import Run
from provenance.meter.settings import Options
from provenance.terms.changes import Lens
from provenance.terms.stages import Facet


def options_of(definition: Mapping[str, Any], *, at: str, jobs: int) -> Options:
    """Return the options under which a signed definition measured.

    Raises:
        AttestationError: the definition holds words that are not known here.

    """
    try:
        since = definition.get("since")
        return Options(
            at=at,
            unit=str(definition["unit"]),
            lens=Lens(definition["lens"]),
            every=tuple(map(str, definition["every"])),
            since=None if since is None else int(datetime.fromisoformat(since).timestamp()),
            facets=frozenset(map(Facet, definition["facets"])),
            jobs=jobs,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AttestationError(
            "the definition of the statement is not known to this version",
            slug="statement-definition",
            hint="verify with the version of the meter that made the statement",
        ) from error


def reproduce(
    path: Path,
    definition: Mapping[str, Any],
    *,
    at: str,
    config: Path | None,
    cache: Path,
    jobs: int,
    progress: Progress,
) -> Run:
    """Measure commit ``at`` as ``definition`` says, without any earlier result.

    Raises:
        AttestationError: the definition is not known here.
        UsageError: the commit is not in this clone.
        InconclusiveError: the clone cannot answer.

    """
    return measure(
        path,
        options_of(definition, at=at, jobs=jobs),
        config=config,
        own=tuple(map(str, definition.get("ownFamilies", ()))),
        cache=cache,
        resumable=False,
        progress=progress,
    )


def place_in(
    path: Path, *, at: str, earlier: str | None
) -> tuple[str, bool | None, dict[str, str]]:
    """Return the commit ``at`` names, whether ``earlier`` is among its ancestors, and all tags.

    Raises:
        UsageError: no such commit.

    """
    with open_repository(path) as repository:
        commit = repository.resolve(at)
        before = None if earlier is None else is_ancestor(repository, earlier, commit)
        return commit, before, tags(repository)
