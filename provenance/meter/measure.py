"""Measure one repository: history, ownership, authorship, stage, figures."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from provenance import __version__
from provenance.errors import InconclusiveError, UsageError
from provenance.history import process
from provenance.history.blobs import read_blobs
from provenance.history.repository import Repository, open_repository
from provenance.history.walk import tags
from provenance.meter.flaws import not_measured
from provenance.meter.mining import Mined, mine, replay
from provenance.meter.progress import Progress, Silent
from provenance.meter.reading import holdings, place
from provenance.meter.settings import Options, Settings, parse_settings
from provenance.metrics import measurement as result
from provenance.metrics.assemble import assemble
from provenance.metrics.facts import Facts
from provenance.metrics.holdings import count
from provenance.metrics.points import Point, choose, first_parents, rfc3339
from provenance.ownership.lives import Life, Lives
from provenance.ownership.replay import Replay
from provenance.ownership.tree import Opaque
from provenance.rules.load import load_catalogue
from provenance.scope.covered import FacetRules
from provenance.stages.lexicon import digest as classifier_digest
from provenance.terms.authors import UNATTESTED
from provenance.terms.commits import CommitId
from provenance.terms.stages import TAXONOMY_VERSION

CONFIG = "provenance.toml"
"""Name of the configuration file at the top of a repository."""


@dataclass(frozen=True, slots=True)
class Run:
    """A measurement with the facts it was added up from."""

    measurement: result.Measurement
    """The figures."""
    facts: Facts
    """What they were made from."""
    mined: Mined
    """The commits."""
    blobs: Mapping[str, str]
    """Blob of every file at the head."""


def measure(
    path: Path,
    options: Options,
    *,
    config: Path | None = None,
    own: Sequence[str] = (),
    progress: Progress | None = None,
) -> Run:
    """Measure the repository that holds ``path``.

    Raises:
        UsageError: wrong words, no repository, no such revision.
        InconclusiveError: the clone cannot answer (shallow, no commits).
        HistoryError: git could not read the history.

    """
    progress = progress or Silent()
    with open_repository(path) as repository:
        _check_depth(repository, options)
        head = repository.resolve(options.at)
        settings = read_settings(repository, head, config, own)
        return _measure(repository, CommitId(head), options, settings, progress)


def _check_depth(repository: Repository, options: Options) -> None:
    if repository.location.shallow and not options.allow_shallow:
        raise InconclusiveError(
            "this clone is shallow: its history is cut, so authorship cannot be measured",
            slug="shallow",
            hint="fetch the rest with: git fetch --unshallow",
        )


def read_settings(
    repository: Repository, head: str, config: Path | None, own: Sequence[str]
) -> Settings:
    """Read ``--config``, or ``provenance.toml`` as committed at the measured head.

    Raises:
        UsageError: the file cannot be read or holds a wrong word.

    """
    if config is not None:
        try:
            return parse_settings(config.read_bytes(), own=own, place=config.name)
        except OSError as error:
            raise UsageError(
                f"cannot read {config.name}: {error.strerror}",
                slug="config-unreadable",
                hint="give a file with --config",
            ) from error
    listed = process.run(repository.git_dir, "ls-tree", "-z", head, "--", CONFIG)
    if not listed:
        return parse_settings(b"", own=own, place="--own")
    blob = listed.split(b"\t")[0].split(b" ")[2]
    (content,) = read_blobs(repository, [blob])
    return parse_settings(content or b"", own=own, place=CONFIG)


def _measure(
    repository: Repository,
    head: CommitId,
    options: Options,
    settings: Settings,
    progress: Progress,
) -> Run:
    catalogue = load_catalogue([settings.additions])
    rules = FacetRules.load(settings.scope)
    mined = mine(repository, head, catalogue=catalogue, progress=progress)
    for oid in repository.location.shallow:
        if oid in mined.number:
            mined.attributions[mined.number[CommitId(oid)]] = UNATTESTED
    points = _points(repository, mined, head, options)
    snapshots = number_snapshots(mined.graph, points)
    done, lives = _lives(repository, mined, snapshots, options, progress)
    paths = [os.fsdecode(raw) for raw in done.paths]
    last = snapshots[points[-1].commit]
    alive = {
        paths[life.path]: life.version.blob for life in lives if life.last >= last >= life.first
    }
    placed = place(
        repository,
        newest_contents(lives, paths, last),
        alive=alive,
        rules=rules,
        pins=settings.pins,
        progress=progress,
    )
    rows = count(
        holdings(repository, lives, paths=paths, placed=placed, progress=progress),
        done.births.commits(),
    )
    progress.step("adding up", None)
    facts = Facts(
        ids=mined.ids,
        dates=mined.committed,
        graph=mined.graph,
        attributions=mined.attributions,
        paths=paths,
        facets=placed.facets,
        stages=placed.stages,
        rows=rows,
        hunks=done.births.table().astype(np.int64),
        points=points,
        snapshot_of=snapshots,
    )
    definition = _definition(repository, options, settings, catalogue.digest, rules.digest)
    measurement = assemble(
        facts,
        repository=_about(repository, mined, head),
        definition=definition,
        not_measured=not_measured(repository, facts, lives, placed, snapshot=last),
        findings=(),
        tool_version=__version__,
    )
    blobs = {path: blob.decode() for path, blob in alive.items()}
    return Run(measurement=measurement, facts=facts, mined=mined, blobs=blobs)


def _points(repository: Repository, mined: Mined, head: CommitId, options: Options) -> list[Point]:
    named = {
        tag: mined.number[CommitId(oid)]
        for tag, oid in tags(repository).items()
        if oid in mined.number
    }
    return choose(
        mined.graph,
        mined.committed,
        head=mined.number[head],
        tags=named,
        every=options.every,
        since=options.since,
    )


def number_snapshots(graph: Sequence[Sequence[int]], points: Sequence[Point]) -> dict[int, int]:
    """Give the measured commits numbers: first-parent chain in order, then releases beside it.

    So neighbours in number share most files, and one row covers many snapshots.
    """
    chain = set(first_parents(graph, points[-1].commit))
    wanted = {point.commit for point in points}
    order = sorted(wanted, key=lambda commit: (commit not in chain, commit))
    return {commit: place for place, commit in enumerate(order)}


def _lives(
    repository: Repository,
    mined: Mined,
    snapshots: Mapping[int, int],
    options: Options,
    progress: Progress,
) -> tuple[Replay, list[Life]]:
    chain = set(first_parents(mined.graph, len(mined.ids) - 1))
    main, beside = Lives(), Lives()
    at = {
        commit: lambda tree, place=place, lives=main if commit in chain else beside: lives.see(
            place, tree
        )
        for commit, place in snapshots.items()
    }
    done = replay(repository, mined, lens=options.lens, at=at, jobs=options.jobs, progress=progress)
    found = [*main.end(), *beside.end()]
    return done, [_settled(done, life) for life in found]


def _settled(done: Replay, life: Life) -> Life:
    """Find the lines of a file that was binary for a while and may be text again."""
    lines = life.version.lines
    if isinstance(lines, Opaque) and lines.may_be_text:
        return life._replace(version=done.resolve(life.path, life.version))
    return life


def newest_contents(lives: Sequence[Life], paths: Sequence[str], head: int) -> dict[str, bytes]:
    """Return the newest text content of every path: at the head, else where it lived last."""
    newest: dict[str, tuple[bool, int, bytes]] = {}
    for life in lives:
        if isinstance(life.version.lines, bytes):
            rank = (life.first <= head <= life.last, life.last, life.version.blob)
            path = paths[life.path]
            if path not in newest or rank > newest[path]:
                newest[path] = rank
    return {path: rank[2] for path, rank in newest.items()}


def _about(repository: Repository, mined: Mined, head: CommitId) -> result.Repository:
    return result.Repository(
        name=repository.location.name,
        head=head,
        head_date=rfc3339(mined.committed[-1]),
        commits=len(mined.ids),
        merges=sum(len(parents) > 1 for parents in mined.graph),
        first_date=rfc3339(min(mined.committed)),
        object_format=repository.location.object_format,
        refs_digest=repository.refs.digest,
    )


def _definition(
    repository: Repository,
    options: Options,
    settings: Settings,
    catalogue: str,
    scope: str,
) -> result.Definition:
    return result.Definition(
        unit=options.unit,
        lens=options.lens.value,
        facets=tuple(sorted(options.facets)),
        own_families=settings.own_families,
        every=tuple(sorted(options.every)),
        catalogue_digest=catalogue,
        classifier_digest=classifier_digest(),
        scope_digest=scope,
        config_digest=settings.digest,
        taxonomy_version=TAXONOMY_VERSION,
        git_version=repository.git_version,
        git_options=(*process.DIFF, "diff.algorithm=myers", "diff.renameLimit=1000"),
        predates_cutoff=None,
    )


def with_options(options: Options, **changes: object) -> Options:
    """Return the options with some of them changed."""
    return dataclasses.replace(options, **changes)  # type: ignore[arg-type]
