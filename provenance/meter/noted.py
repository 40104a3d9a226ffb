"""Signs in git's default notes: read like trailers, kept apart as notes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from provenance.errors import HistoryError
from provenance.evidence.limits import LARGEST
from provenance.evidence.said import REF, naming_lines
from provenance.history.notes import annotated, contents, list_files, look_up
from provenance.history.repository import Repository
from provenance.rules.load import Catalogue
from provenance.rules.match import match
from provenance.terms.authors import Evidence, Where
from provenance.terms.commits import Commit, CommitId, Identity

_NOBODY = Identity("", "")


def noted_signs(
    repository: Repository, catalogue: Catalogue, *, commits: Collection[CommitId] | None = None
) -> Mapping[CommitId, tuple[Evidence, ...]]:
    """Return what the rules find in git's default notes: of some commits, or of all.

    A ref that cannot be read as notes gives nothing.
    """
    tip = repository.refs.names.get(REF)
    if tip is None:
        return {}
    found: dict[CommitId, tuple[Evidence, ...]] = {}
    for commit, content in _notes(repository, tip, commits):
        if lines := naming_lines(content):
            said = Commit(commit, (), _NOBODY, _NOBODY, 0, 0, f"\n\n{lines}\n")
            signs = tuple(replace(s, where=Where.NOTE) for s in match(said, catalogue))
            if signs:
                found[commit] = signs
    return found


def _notes(
    repository: Repository, tip: str, commits: Collection[CommitId] | None
) -> list[tuple[CommitId, bytes]]:
    digits = repository.location.digits
    try:
        files = [
            (commit, file.blob)
            for file in list_files(repository, tip)
            if (commit := annotated(file.path, digits)) is not None
            and (commits is None or commit in commits)
        ]
    except HistoryError:
        return []
    sizes = look_up(repository, [blob for _, blob in files])
    small = [
        pair
        for pair, one in zip(files, sizes, strict=True)
        if one is not None and one.kind == "blob" and one.size <= LARGEST
    ]
    read = contents(repository, [blob for _, blob in small])
    return [
        (commit, content)
        for (commit, _), content in zip(small, read, strict=True)
        if content is not None
    ]
