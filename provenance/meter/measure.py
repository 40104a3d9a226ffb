"""Measure one repository: history, ownership, authorship, stage, figures."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from provenance import __version__
from provenance.errors import InconclusiveError
from provenance.history import process
from provenance.history.blobs import read_blobs
from provenance.history.repository import Repository, open_repository
from provenance.history.walk import tags
from provenance.meter.asking import Found, ask, cutoffs, dated, judge_dates
from provenance.meter.flaws import find_flaws, not_measured
from provenance.meter.headruns import head_runs
from provenance.meter.listing import entries
from provenance.meter.mining import Mined, mine
from provenance.meter.progress import Progress, Silent
from provenance.meter.reading import attributes_of, holdings, place, which_are_read
from provenance.meter.records import digest
from provenance.meter.recovery import beside, hear_all
from provenance.meter.run import Run
from provenance.meter.settings import Options, Settings, parse_settings, read_file
from provenance.meter.store import Store
from provenance.meter.tracing import Traced, departures, number_snapshots, trace
from provenance.metrics import measurement as result
from provenance.metrics.assemble import assemble
from provenance.metrics.facts import Facts
from provenance.metrics.holdings import Owners, count
from provenance.metrics.points import Point, choose, rfc3339
from provenance.rules.load import Catalogue, load_catalogue
from provenance.scope.covered import FacetRules
from provenance.stages.lexicon import digest as classifier_digest
from provenance.stages.pins import pins_digest, told
from provenance.stages.syntax import grammar_versions
from provenance.terms.commits import CommitId
from provenance.terms.stages import TAXONOMY_VERSION

CONFIG = "provenance.toml"
"""Name of the configuration file at the top of a repository."""


@dataclass(frozen=True, slots=True)
class Base:
    """Where the window of the head starts."""

    name: str
    """What the caller calls it (hostile text)."""
    commits: tuple[CommitId, ...]
    """Commits, at least one; all that they reach lies before the window."""


def measure(  # noqa: PLR0913 - what to measure, whose word counts, and where to keep it
    path: Path,
    options: Options,
    *,
    config: Path | None = None,
    config_from: str | None = None,
    own: Sequence[str] = (),
    cache: Path | None = None,
    resumable: bool = True,
    progress: Progress | None = None,
) -> Run:
    """Measure the repository that holds ``path``.

    With a ``cache`` folder the evidence is stored there, and if it is ``resumable`` a
    later run after new commits replays only those.  What a repository says about its own
    files (``provenance.toml``, ``.gitattributes``) is read at the measured head, or at the
    revision ``config_from``.

    Raises:
        UsageError: wrong words, no repository, no such revision.
        InconclusiveError: the clone cannot answer (shallow, no commits).
        HistoryError: git could not read the history.

    """
    progress = progress or Silent()
    with open_repository(path) as repository:
        check_depth(repository, options)
        head = repository.resolve(options.at)
        stated = repository.resolve(config_from) if config_from is not None else None
        settings = read_settings(repository, stated or head, config, own)
        store = (cache, resumable) if cache else None
        return measure_at(
            repository, CommitId(head), options, settings,
            kept=store, stated=stated, progress=progress,
        )  # fmt: skip


def check_depth(repository: Repository, options: Options) -> None:
    """Refuse a shallow clone unless the options allow it.

    Raises:
        InconclusiveError: it is shallow.

    """
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
        return read_file(config, own)
    listed = process.run(repository.git_dir, "ls-tree", "-z", head, "--", CONFIG)
    if not listed:
        return parse_settings(b"", own=own, place="--own")
    blob = listed.split(b"\t")[0].split(b" ")[2]
    (content,) = read_blobs(repository, [blob])
    return parse_settings(content or b"", own=own, place=CONFIG)


def measure_at(  # noqa: PLR0913 - the same, with the repository open
    repository: Repository,
    head: CommitId,
    options: Options,
    settings: Settings,
    *,
    kept: tuple[Path, bool] | None,
    progress: Progress,
    stated: str | None = None,
    base: Base | None = None,
    anew: bool = False,
) -> Run:
    """Measure an open repository at a commit.

    ``stated`` is the commit whose ``.gitattributes`` are obeyed; ``base`` is where the
    window of the head starts, in place of the last period.

    Raises:
        InconclusiveError: the clone cannot answer (no commits).
        HistoryError: git could not read the history.

    """
    catalogue = load_catalogue([settings.additions])
    rules = FacetRules.load(settings.scope)
    definition = _definition(repository, options, settings, catalogue, rules.digest)
    stating = _attributes_at(repository, stated) if stated else {}
    store = Store(kept[0], definition, options, stated=_digest(stating)) if kept else None
    known, stored = store.find(repository, head) if store and not anew else (None, None)
    read = partial(
        mine, repository, [head],
        catalogue=catalogue, progress=progress, own_families=settings.own_families,
    )  # fmt: skip
    mined = read(known=known)
    points = _points(repository, mined, head, options, base)
    find = partial(beside, repository, head, catalogue=catalogue, progress=progress)
    branches, gathered = find(mined)
    before = stored.usable(mined, points, gathered, branches) if stored else None
    if stored and not before:  # begin anew: what is stored cannot be gone on with
        mined = read()
        points = _points(repository, mined, head, options, base)
        branches, gathered = find(mined)
    traced = trace(
        repository,
        mined,
        points,
        branches=branches,
        options=options,
        before=before,
        progress=progress,
    )
    spoken = hear_all(
        mined, traced.branches, gathered, traced.replay, traced.reached,
        before=before.spoken if before else None, first=before.commits if before else 0,
    )  # fmt: skip
    mined.attributions = spoken.attributions
    placed = place(
        repository, newest_contents(traced), alive=_blobs(traced), rules=rules,
        pins=settings.pins, attributes=attributes_of(repository, stating) if stated else None,
        processes=options.jobs, progress=progress,
    )  # fmt: skip
    if before and not before.fits(
        which_are_read(traced.paths, placed.facets)
    ):  # other files count now than when it was stored
        return measure_at(
            repository, head, options, settings,
            kept=kept, progress=progress, stated=stated, base=base, anew=True,
        )  # fmt: skip
    commit_of_line = traced.replay.births.commits()
    owner_of_line = spoken.owners(commit_of_line, len(mined.ids))
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
            Owners(commit_of_line, spoken.voice_of_line),
        )
    )
    progress.step("adding up", None)
    judged = judge_dates(
        mined, cutoff=definition.predates_cutoff, own_cutoff=definition.own_predates_cutoff,
        records=gathered.records,
    )  # fmt: skip
    facts = Facts(
        ids=mined.ids,
        dates=mined.committed,
        graph=mined.graph,
        attributions=dated(mined.attributions, judged),
        paths=traced.paths,
        facets=placed.facets,
        stages=placed.stages,
        rows=rows,
        hunks=spoken.cut(traced.hunks),
        points=points,
        snapshot_of=number_snapshots(mined, points),
        voices=spoken.voices,
        records=spoken.figures(gathered),
        record_pins=gathered.pins,
        disputed_lines=spoken.disputed,
        departed=departures(traced, mined, owner_of_line),
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
            Found(
                mined,
                traced,
                placed,
                flaws,
                judged,
                records=gathered.records,
                orphans=branches.orphans,
            ),
            catalogue=catalogue,
            own_families=settings.own_families,
        ),
        tool_version=__version__,
        stage_map=told(settings.pins),
    )
    run = Run(
        measurement=measurement, facts=facts, mined=mined, traced=traced, flaws=flaws,
        spoken=spoken,
        said=digest(gathered, branches, len(mined.ids)) if kept and kept[1] else "",
    )  # fmt: skip
    if store and kept:
        progress.step("storing the evidence", None)
        runs = head_runs(
            traced.head,
            commit_of_line=commit_of_line,
            decision_of_line=owner_of_line,
            decisions=facts.owners,
            scans=placed.counted_scans,
        )
        run = replace(run, runs=runs)
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


def _attributes_at(repository: Repository, commit: str) -> dict[str, bytes]:
    """Return path and blob of every attributes file of a commit."""
    return {
        entry.path: entry.blob.encode()
        for entry in entries(repository, commit)
        if entry.special is None and entry.path.rpartition("/")[2] == ".gitattributes"
    }


def _digest(blobs: dict[str, bytes]) -> str:
    """Return a digest of attributes files; empty when there is none."""
    if not blobs:
        return ""
    text = "".join(f"{path}\0{blob.decode()}\0" for path, blob in sorted(blobs.items()))
    return hashlib.sha256(os.fsencode(text)).hexdigest()


def _points(
    repository: Repository, mined: Mined, head: CommitId, options: Options, base: Base | None
) -> list[Point]:
    named = {
        tag: mined.number[CommitId(oid)]
        for tag, oid in tags(repository).items()
        if oid in mined.number
    }
    points = choose(
        mined.graph,
        mined.committed,
        head=mined.number[head],
        tags=named,
        every=options.every,
        since=options.since,
    )
    if base is not None:
        first, *more = (mined.number[commit] for commit in base.commits)
        points[-1] = replace(points[-1], start=first, start_at=base.name, also=tuple(more))
    return points


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
        tree=process.run(repository.git_dir, "rev-parse", f"{head}^{{tree}}").decode().strip(),
        tags=tuple(tags(repository).items()),
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
        stage_map_digest=pins_digest(settings.pins) if settings.pins else "",
        grammars=grammar_versions(),
        since=None if options.since is None else rfc3339(options.since),
    )
