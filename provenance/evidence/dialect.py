"""What a dialect is: a way in which one tool stores who wrote which lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Protocol

from provenance.terms.authors import Maker, RuleId
from provenance.terms.commits import CommitId
from provenance.terms.records import Problem, Record

HEAD = ""
"""In place of a ref: the measured revision."""


@unique
class Store(StrEnum):
    """How objects lie under a ref."""

    NOTES = "notes"
    """A notes tree: the path of each blob is the annotated commit."""
    BLOBS = "blobs"
    """Each ref is a blob; the last part of its name is the annotated commit."""
    FILE = "file"
    """One file at a fixed path in the tree of each ref."""
    FOLDER = "folder"
    """Every file of one name, anywhere in the tree of each ref."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a dialect is stored."""

    store: Store
    """How."""
    ref: str
    """Ref by full name, ``*`` standing for anything; :data:`HEAD` for the measured revision."""
    name: str = ""
    """Path of the file, or name of the files; empty for notes and blobs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored object."""

    source: Source
    """Where it was looked for."""
    ref: str
    """Ref it was found under."""
    path: str
    """Path in the tree of the ref (hostile text); empty for a blob ref."""
    commit: CommitId | None
    """The annotated commit, where the place names one."""
    content: bytes
    """The bytes."""

    @property
    def place(self) -> str:
        """Ref and path, as shown to people."""
        return place(self.ref, self.path)


def place(ref: str, path: str) -> str:
    """Return how the place of an object is shown."""
    return f"{ref or 'HEAD'}:{path}" if path else ref


@dataclass(frozen=True, slots=True)
class Reading:
    """What a dialect made of its entries."""

    records: tuple[Record, ...] = ()
    """In the order read."""
    problems: tuple[Problem, ...] = ()
    """In the order met."""
    seen: int = 0
    """Records seen, readable or not."""


def _nothing_known(name: str) -> Maker:
    del name
    return Maker()


def _no_messages(word: str) -> Iterable[tuple[CommitId, str]]:
    del word
    return ()


def _no_children(commit: CommitId) -> Sequence[CommitId]:
    del commit
    return ()


def _no_date(commit: CommitId) -> int | None:
    del commit
    return None


def _no_lines(wanted: Sequence[tuple[CommitId, str]]) -> Mapping[tuple[CommitId, str], int]:
    del wanted
    return {}


@dataclass(frozen=True, slots=True)
class Around:
    """What a dialect may ask about models and about the history."""

    model: Callable[[str], Maker] = _nothing_known
    """Vendor, family and version of a model by any name it goes by."""
    saying: Callable[[str], Iterable[tuple[CommitId, str]]] = _no_messages
    """(commit, message) of every commit whose message holds a word."""
    children: Callable[[CommitId], Sequence[CommitId]] = _no_children
    """Commits that have this one as a parent."""
    committed_at: Callable[[CommitId], int | None] = _no_date
    """Commit date in seconds; ``None`` for a commit that is not in the measured history."""
    lines: Callable[[Sequence[tuple[CommitId, str]]], Mapping[tuple[CommitId, str], int]] = field(
        default=_no_lines
    )
    """How many lines a commit left in a text file that it changed; others are left out."""


class Dialect(Protocol):
    """One way of storing line-level records."""

    @property
    def id(self) -> RuleId:
        """Id of the rule that is shown wherever such a record decides."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where it is stored, the store that is preferred first."""

    def read(self, entries: Iterable[Entry], around: Around) -> Reading:
        """Read every entry; what cannot be read becomes a problem, never an error."""
