"""What the dialects of line-level records may ask about models and about the history."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from provenance.evidence.dialect import Around
from provenance.evidence.limits import LARGEST_FILE
from provenance.history.notes import contents, look_up
from provenance.history.raw import raw_tokens
from provenance.history.repository import Repository
from provenance.history.walk import mentioning, walk
from provenance.rules.families import Families, resolve
from provenance.terms.authors import Maker
from provenance.terms.commits import CommitId


def surroundings(repository: Repository, tips: Sequence[str], families: Families | None) -> Around:
    """Return what dialects may ask about models and about the commits reachable from ``tips``."""
    history = _History(repository, tips)

    @functools.cache
    def model(name: str) -> Maker:
        known = resolve(name, families=families)
        return Maker(None, known.vendor, known.family, known.model)

    return Around(
        model=model,
        saying=history.saying,
        children=history.children,
        committed_at=history.committed_at,
        lines=history.lines,
    )


@dataclass
class _History:
    """Answers about the commits reachable from some tips; git is asked when somebody asks."""

    repository: Repository
    tips: Sequence[str]
    _dates: dict[CommitId, int] = field(default_factory=dict)

    @functools.cached_property
    def _children(self) -> Mapping[CommitId, list[CommitId]]:
        children: dict[CommitId, list[CommitId]] = {}
        for commit in walk(self.repository, self.tips):
            self._dates[commit.id] = commit.committed_at
            for parent in commit.parents:
                children.setdefault(parent, []).append(commit.id)
        return children

    def saying(self, word: str) -> Iterable[tuple[CommitId, str]]:
        """Return the commits whose message holds a word."""
        found = mentioning(self.repository, self.tips, word)
        return ((commit.id, commit.message) for commit in found)

    def children(self, commit: CommitId) -> Sequence[CommitId]:
        """Return the children of a commit."""
        return self._children.get(commit, ())

    def committed_at(self, commit: CommitId) -> int | None:
        """Return the date of a commit of this history."""
        self._children  # noqa: B018 - the walk fills the dates
        return self._dates.get(commit)

    def lines(self, wanted: Sequence[tuple[CommitId, str]]) -> Mapping[tuple[CommitId, str], int]:
        """Return how many lines the commits left in the files, where they changed them."""
        asked = set(wanted)
        commits = list(dict.fromkeys(commit for commit, _ in wanted))
        blobs: dict[tuple[CommitId, str], bytes] = {}
        if not commits:
            return {}
        for tokens in raw_tokens(self.repository, [c.encode() for c in commits], "--root"):
            commit = CommitId(tokens[0].decode())
            for header, path in zip(tokens[1::2], tokens[2::2], strict=False):
                place = (commit, path.decode("utf-8", "surrogateescape"))
                blob = header.split(b" ")[3]
                if place in asked and header.split(b" ")[1].startswith(b"100"):
                    blobs[place] = blob
        sizes = look_up(self.repository, [blob.decode() for blob in blobs.values()])
        small = {
            place: one.oid
            for place, one in zip(blobs, sizes, strict=True)
            if one is not None and one.size <= LARGEST_FILE
        }
        read = contents(self.repository, list(small.values()))
        return {
            place: _count(content)
            for place, content in zip(small, read, strict=True)
            if content is not None and b"\0" not in content[:8000]
        }


def _count(content: bytes) -> int:
    return content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
