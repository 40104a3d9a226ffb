"""Measure one repository: history, ownership, authorship, stage, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from provenance import __version__
from provenance.errors import InconclusiveError, UsageError
from provenance.history import process
from provenance.history.blobs import read_blobs
from provenance.history.repository import Repository, open_repository
from provenance.history.walk import tags
from provenance.meter.asking import Found, ask, cutoffs, dated, judge_dates
from provenance.meter.flaws import find_flaws, not_measured
from provenance.meter.mining import Mined, mine
from provenance.meter.progress import Progress, Silent
from provenance.meter.reading import holdings, place
from provenance.meter.run import Run
from provenance.meter.settings import Options, Settings, parse_settings
from provenance.meter.store import Store
from provenance.meter.tracing import Traced, number_snapshots, trace
from provenance.metrics import measurement as result
from provenance.metrics.assemble import assemble
from provenance.metrics.facts import Facts
from provenance.metrics.holdings import count
from provenance.metrics.points import Point, choose, rfc3339
from provenance.rules.load import Catalogue, load_catalogue
from provenance.scope.covered import FacetRules
from provenance.stages.lexicon import digest as classifier_digest
from provenance.terms.commits import CommitId
from provenance.terms.stages import TAXONOMY_VERSION

CONFIG = "provenance.toml"
"""Name of the configuration file at the top of a repository."""


def measure(
    path: Path,
    options: Options,
    *,
    config: Path | None = None,
    own: Sequence[str] = (),
    cache: Path | None = None,
    resumable: bool = True,
    progress: Progress | None = None,
) -> Run:
    """Measure the repository that holds ``path``.

    With a ``cache`` folder the evidence is stored there, and if it is ``resumable`` a
    later run after new commits replays only those.

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
        store = (cache, resumable) if cache else None
        return _measure(repository, CommitId(head), options, settings, store, progress)


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
    kept: tuple[Path, bool] | None,
    progress: Progress,
) -> Run:
    catalogue = load_catalogue([settings.additions])
    rules = FacetRules.load(settings.scope)
    definition = _definition(repository, options, settings, catalogue, rules.digest)
    store = Store(kept[0], definition, options) if kept else None
    known, stored = store.find(repository, head) if store else (None, None)
    read = partial(
        mine, repository, head,
        catalogue=catalogue, progress=progress, own_families=settings.own_families,
    )  # fmt: skip
    mined = read(known=known)
    points = _points(repository, mined, head, options)
    before = stored.usable(mined, points) if stored else None
    if stored and not before:  # begin anew: what is stored cannot be gone on with
        mined = read()
        points = _points(repository, mined, head, options)
    traced = trace(
        repository,
        mined,
        points,
        options=options,
        before=before,
        progress=progress,
    )
    placed = place(
        repository, newest_contents(traced), alive=_blobs(traced), rules=rules,
        pins=settings.pins,
        processes=options.jobs, progress=progress,
    )  # fmt: skip
    rows = traced.finish(
        count(
            holdings(
                repository,
                traced.lives,
                paths=traced.paths,
                placed=placed,
                processes=options.jobs,
                progress=progress,
            ),
            traced.replay.births.commits(),
        )
    )
    progress.step("adding up", None)
    judged = judge_dates(
        mined, cutoff=definition.predates_cutoff, own_cutoff=definition.own_predates_cutoff
    )
    facts = Facts(
        ids=mined.ids,
        dates=mined.committed,
        graph=mined.graph,
        attributions=dated(mined.attributions, judged),
        paths=traced.paths,
        facets=placed.facets,
        stages=placed.stages,
        rows=rows,
        hunks=traced.hunks,
        points=points,
        snapshot_of=number_snapshots(mined, points),
        before_own=frozenset(judged.before_own.tolist()),
    )
    flaws = find_flaws(repository, facts, traced.head, placed)
    measurement = assemble(
        facts,
        repository=_about(repository, mined, head),
        definition=replace(
            definition,
            predates_cutoff=judged.cutoff,
            own_predates_cutoff=judged.own_cutoff,
        ),
        not_measured=not_measured(flaws),
        findings=ask(
            repository,
            Found(mined, traced, placed, flaws, judged),
            catalogue=catalogue,
            own_families=settings.own_families,
        ),
        tool_version=__version__,
    )
    run = Run(measurement=measurement, facts=facts, mined=mined, traced=traced, flaws=flaws)
    if store and kept:
        progress.step("storing the evidence", None)
        run = replace(run, folder=store.keep(repository, run, resumable=kept[1]))
    return run


def _blobs(traced: Traced) -> dict[str, bytes]:
    """Blob of every file at the head, whatever it holds."""
    return {path: version.blob for path, version in traced.head.items()}


def newest_contents(traced: Traced) -> dict[str, bytes | None]:
    """Return the newest text content of every path: at the head, else where it lived last."""
    newest: dict[str, bytes | None] = dict.fromkeys(traced.paths)
    for number, (_, blob) in traced.seen.items():
        newest[traced.paths[number]] = blob
    for path, version in traced.head.items():
        newest[path] = version.blob if isinstance(version.lines, bytes) else None
    return newest


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
    catalogue: Catalogue,
    scope: str,
) -> result.Definition:
    """Return the definition asked for; findings against the dates take the cut-offs out."""
    cutoff, own_cutoff = cutoffs(settings, options, catalogue)
    return result.Definition(
        unit=options.unit,
        lens=options.lens.value,
        facets=tuple(sorted(options.facets)),
        own_families=settings.own_families,
        every=tuple(sorted(options.every)),
        catalogue_digest=catalogue.digest,
        classifier_digest=classifier_digest(),
        scope_digest=scope,
        config_digest=settings.digest,
        taxonomy_version=TAXONOMY_VERSION,
        git_version=repository.git_version,
        git_options=(*process.DIFF, "diff.algorithm=myers", "diff.renameLimit=1000"),
        predates_cutoff=cutoff,
        own_predates_cutoff=own_cutoff,
    )
