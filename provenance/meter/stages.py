"""The stage and the facet of every file of one revision, without its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from provenance.history.blobs import read_blobs
from provenance.history.repository import Repository
from provenance.meter.listing import Entry, entries
from provenance.meter.lookers import HEAD, LARGEST
from provenance.meter.progress import Progress
from provenance.meter.reading import COUNTED, LFS, attributes_of
from provenance.meter.settings import Settings
from provenance.scope.attributes import Attributes
from provenance.scope.covered import FacetRules, is_lfs_pointer
from provenance.stages.classify import classify
from provenance.stages.facts import FileFacts, file_facts, is_binary
from provenance.stages.repository import described, manifests_of
from provenance.terms.stages import FacetCall, StageCall


@dataclass(frozen=True, slots=True)
class Staged:
    """Where one file belongs."""

    path: str
    """Path (hostile text)."""
    call: StageCall
    """Its stage."""
    facet: FacetCall
    """Its facet."""


@dataclass(frozen=True, slots=True)
class Staging:
    """Every file of one revision."""

    files: tuple[Staged, ...]
    """In order of path."""
    special: int
    """Symbolic links and submodules, which have no stage."""
    unread: int
    """Files whose content is missing from the clone or too large; placed by their path."""
    ungrammared: tuple[tuple[str, int], ...] = ()
    """Languages whose grammar is not installed, with the files placed without it."""


def stage_files(
    repository: Repository, commit: str, *, settings: Settings, progress: Progress
) -> Staging:
    """Place every file of a commit, from one listing and one stream of contents.

    Raises:
        HistoryError: the tree cannot be read.

    """
    listed = entries(repository, commit)
    files = [entry for entry in listed if entry.special is None]
    rules = FacetRules.load(settings.scope)
    attributes = attributes_of(repository, {e.path: e.blob.encode() for e in files})
    facts: list[FileFacts] = []
    facets: list[FacetCall] = []
    manifests = frozenset(manifests_of(entry.path for entry in files))
    texts: dict[str, bytes] = {}
    unread = 0
    progress.step("reading files", len(files))
    for entry, content in _contents(repository, files):
        unread += content is None
        facts.append(file_facts(entry.path, content))
        facets.append(_facet(rules, entry.path, attributes, content))
        if content is not None and entry.path in manifests and not is_binary(content):
            texts[entry.path] = content
        if len(facts) % 64 == 0:
            progress.advance(len(facts))
    progress.advance(len(facts))
    progress.step("weighing stages", None)
    counted = [
        fact for fact in facts if rules.facet(fact.path, attributes=attributes).facet in COUNTED
    ]
    calls = _classify(repository, facts, texts, settings)
    calls |= _classify(repository, counted, texts, settings)
    return Staging(
        files=tuple(
            Staged(entry.path, calls[entry.path], facet)
            for entry, facet in zip(files, facets, strict=True)
        ),
        special=len(listed) - len(files),
        unread=unread,
        ungrammared=tuple(
            sorted(
                Counter(f.reading.lacks_grammar for f in facts if f.reading.lacks_grammar).items()
            )
        ),
    )


def _facet(
    rules: FacetRules, path: str, attributes: Attributes, content: bytes | None
) -> FacetCall:
    if content is None:
        return rules.facet(path, attributes=attributes)
    head = content[:HEAD]
    return LFS if is_lfs_pointer(head) else rules.facet(path, attributes=attributes, head=head)


def _classify(
    repository: Repository,
    facts: Sequence[FileFacts],
    texts: Mapping[str, bytes],
    settings: Settings,
) -> dict[str, StageCall]:
    """Classify files in the light of each other.

    Files that count are placed among files that count, as a measurement does, so that
    both tell the same stage; the others are placed among all.
    """
    known = described(repository.location.name, texts, facts)
    return classify(facts, repository=known, pins=settings.pins)


def _contents(
    repository: Repository, files: Sequence[Entry]
) -> Iterator[tuple[Entry, bytes | None]]:
    """Yield every file with its content; ``None`` when it is missing or very large."""
    readable = [entry for entry in files if 0 <= entry.size <= LARGEST]
    contents = read_blobs(repository, [entry.blob.encode() for entry in readable])
    for entry in files:
        yield entry, next(contents) if 0 <= entry.size <= LARGEST else None
