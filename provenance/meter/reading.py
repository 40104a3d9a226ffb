"""Contents of the files that count: facet, stage facts and line kinds, blob by blob."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from provenance.history.blobs import read_blobs
from provenance.history.repository import Repository
from provenance.meter.lookers import Wanted, look
from provenance.meter.progress import Progress
from provenance.metrics.holdings import Holding
from provenance.ownership.lives import Life
from provenance.scope.attributes import Attributes
from provenance.scope.covered import FacetRules
from provenance.scope.lines import LineScan
from provenance.stages.classify import classify
from provenance.stages.facts import FileFacts, file_facts
from provenance.stages.pins import StagePin
from provenance.stages.repository import described, manifests_of
from provenance.terms.stages import Facet, FacetCall, StageCall

COUNTED = frozenset({Facet.SOURCE, Facet.CONFIG, Facet.NOTEBOOK, Facet.TEST})
"""Facets whose contents are read: the default denominator, and tests beside it."""
LFS = FacetCall(Facet.DATA, "data/lfs-pointer")
"""Facet of a file that lies in Git LFS: what git holds is a pointer."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where every path belongs."""

    facets: Mapping[str, FacetCall]
    """Facet of every path, alive or gone."""
    stages: Mapping[str, StageCall]
    """Stage of every path that counts."""
    first_scans: Mapping[tuple[bytes, str], LineScan]
    """Line kinds of the newest content of each path, by (blob, path)."""
    lfs: frozenset[str]
    """Paths that are pointers into Git LFS."""
    undecodable: frozenset[str]
    """Paths whose newest content is not what the name says (a notebook that is no JSON)."""
    ungrammared: frozenset[str]
    """Paths whose stage was decided without the grammar of their language."""

    @property
    def counted_scans(self) -> dict[tuple[bytes, str], LineScan]:
        """Line kinds of those paths that count once their content is known."""
        return {
            (blob, path): scan
            for (blob, path), scan in self.first_scans.items()
            if self.facets[path].facet in COUNTED
        }


def place(  # noqa: PLR0913 - the contents, what decides, and how fast
    repository: Repository,
    newest: Mapping[str, bytes | None],
    *,
    alive: Mapping[str, bytes],
    rules: FacetRules,
    pins: Sequence[StagePin],
    processes: int,
    progress: Progress,
    attributes: Attributes | None = None,
) -> Placed:
    """Decide facet and stage of every path.

    ``newest`` gives the newest text content (blob) of every path of the history, ``None``
    where there is none; ``alive`` the blobs of the measured head, whose ``attributes``
    are obeyed if no others are given.
    """
    if attributes is None:
        attributes = attributes_of(repository, alive)
    facets = {path: rules.facet(path, attributes=attributes) for path in newest}
    counted = sorted(path for path, call in facets.items() if call.facet in COUNTED)
    readable = {path: blob for path in counted if (blob := newest[path]) is not None}
    progress.step("reading files", len(readable))
    facts = [file_facts(path, None) for path in counted if path not in readable]
    scans: dict[tuple[bytes, str], LineScan] = {}
    lfs: set[str] = set()
    undecodable: set[str] = set()
    wanted = [Wanted(path, blob, facts=path in alive) for path, blob in readable.items()]
    with closing(look(repository, wanted, processes=processes)) as looks:
        for done, (path, found) in enumerate(zip(readable, looks, strict=True)):
            if found is not None and found.lfs:
                lfs.add(path)
                facets[path] = LFS
            elif found is not None:
                if found.facts is not None:
                    facets[path] = rules.facet(path, attributes=attributes, head=found.head)
                scans[readable[path], path] = found.scan
                if found.scan.problem:
                    undecodable.add(path)
            facts.append((found and found.facts) or file_facts(path, None))
            if done % 64 == 0:
                progress.advance(done)
    progress.advance(len(readable))
    texts = {path: blob for path, blob in alive.items() if newest.get(path) is not None}
    stages = _stages(repository, texts, facts, pins)
    unknown = frozenset(fact.path for fact in facts if fact.reading.lacks_grammar)
    return Placed(facets, stages, scans, frozenset(lfs), frozenset(undecodable), unknown)


def which_are_read(paths: Sequence[str], facets: Mapping[str, FacetCall]) -> list[bool]:
    """Say of every path whether its contents are read; else its rows hold lines alone."""
    return [facets[path].facet in COUNTED for path in paths]


def attributes_of(repository: Repository, alive: Mapping[str, bytes]) -> Attributes:
    """Read every ``.gitattributes`` of a tree, given as path and blob."""
    paths = [path for path in sorted(alive) if path.rpartition("/")[2] == ".gitattributes"]
    contents = read_blobs(repository, [alive[path] for path in paths])
    return Attributes.of(
        {
            path.rpartition("/")[0]: content
            for path, content in zip(paths, contents, strict=True)
            if content is not None
        }
    )


def _stages(
    repository: Repository,
    texts: Mapping[str, bytes],
    facts: Sequence[FileFacts],
    pins: Sequence[StagePin],
) -> dict[str, StageCall]:
    """Classify all paths in the light of the text files (by blob) of the measured head."""
    manifests = manifests_of(texts)
    contents = read_blobs(repository, [texts[path] for path in manifests])
    read = zip(manifests, contents, strict=True)
    said = {path: content for path, content in read if content is not None}
    known = described(repository.location.name, said, facts)
    return classify(facts, repository=known, pins=pins)


def holdings(
    repository: Repository,
    lives: list[Life],
    *,
    paths: Sequence[str],
    placed: Placed,
    processes: int,
    progress: Progress,
) -> Iterator[Holding]:
    """Yield every life with the line kinds of its content; each content is read once.

    ``lives`` is emptied on the way: line ids of a long history are most of the memory.
    """
    wanted: dict[tuple[bytes, str], list[Life]] = {}
    lives.sort(key=lambda life: life.path, reverse=True)
    while lives:
        life = lives.pop()
        path = paths[life.path]
        if not isinstance(life.version.lines, bytes):
            continue
        if placed.facets[path].facet in COUNTED:
            wanted.setdefault((life.version.blob, path), []).append(life)
        else:
            yield _holding(life, None)
    # contents of one path lie close together in a pack
    todo = sorted(wanted.keys() - placed.first_scans.keys(), key=lambda key: (key[1], key[0]))
    for key in sorted(wanted.keys() & placed.first_scans.keys(), key=lambda key: key[1]):
        for life in wanted.pop(key):
            yield _holding(life, placed.first_scans[key])
    progress.step("reading earlier contents", len(todo))
    asked = [Wanted(path, blob, facts=False) for blob, path in todo]
    with closing(look(repository, asked, processes=processes)) as looks:
        for done, (key, found) in enumerate(zip(todo, looks, strict=True)):
            for life in wanted.pop(key):
                yield _holding(life, found.scan if found else None)
            if done % 256 == 0:
                progress.advance(done)
    progress.advance(len(todo))


def _holding(life: Life, found: LineScan | None) -> Holding:
    assert isinstance(life.version.lines, bytes)
    return Holding(
        path=life.path,
        line_ids=life.version.lines,
        first=life.first,
        last=life.last,
        kinds=found.kinds if found else None,
        chars=found.chars if found else None,
    )
