"""``provenance blame``: author type, model and tier per run of lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.meter.blame import Blamed, Run
    from provenance.terms.authors import Attribution
    from provenance.terms.commits import CommitId

_MOST_NAMED = 10


def blame(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH", help="Files or folders of the revision.", show_default=False
        ),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every file of the revision.")] = False,
    at: words.AtOption = "HEAD",
    lens: words.LensOption = "plain",
    form: words.TextOrLinesOption = "text",
    repo: words.RepoOption = None,
    config: words.ConfigOption = None,
    jobs: words.JobsOption = 2,
    allow_shallow: words.AllowShallowOption = False,
    quiet: words.QuietOption = False,
    no_progress: words.NoProgressOption = False,
) -> None:
    """Show, like git blame, who wrote each run of lines: author type, model and tier."""
    from provenance.errors import UsageError
    from provenance.history.repository import open_repository
    from provenance.meter.blame import blame as run_blame
    from provenance.meter.listing import entries, select
    from provenance.meter.measure import check_depth, read_settings
    from provenance.meter.settings import Options
    from provenance.rules.load import load_catalogue
    from provenance.terms.changes import Lens
    from provenance.terms.commits import CommitId
    from provenance_cli.console import progress

    if not paths and not everything:
        raise UsageError(
            "no path is named", slug="no-path", hint="name files or folders, or give --all"
        )
    with open_repository(repo or Path()) as repository:
        check_depth(repository, Options(allow_shallow=allow_shallow))
        head = CommitId(repository.resolve(at))
        listed = entries(repository, head)
        folder = standing_in() if repo is None else ""
        wanted = listed if everything else select(listed, paths or (), folder=folder)
        settings = read_settings(repository, head, config, ())
        catalogue = load_catalogue([settings.additions])
        options = Options(lens=Lens(lens), jobs=jobs, predates=settings.predates)
        with progress(quiet=quiet, hidden=no_progress) as told:
            files = list(
                run_blame(
                    repository, head, wanted,
                    catalogue=catalogue, options=options, progress=told,
                )
            )  # fmt: skip
    words.write_lines(as_jsonl(files) if form == "jsonl" else as_text(files))
    tell_unshown(files, quiet=quiet)


def standing_in() -> str:
    """Return the current folder below the root of its work tree; empty at the root."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return here.relative_to(folder).as_posix().removeprefix(".")
    return ""


def as_jsonl(files: Iterable[Blamed]) -> Iterator[str]:
    """Yield the object of every run."""
    for file in files:
        path = json.dumps(file.path)
        for run in file.runs:
            author = _author(run.commit, run.attribution)
            yield f'{{"path": {path}, "start": {run.start}, "lines": {run.lines}, {author}'


@cache
def _author(commit: CommitId | None, attribution: Attribution) -> str:
    """Return the part of a run's object that its commit decides."""
    maker = attribution.maker
    about = {
        "commit": commit,
        "author_type": attribution.author_type.value,
        "tier": attribution.tier.value if attribution.tier else None,
        "rule": attribution.rule,
        "agent": maker.agent,
        "vendor": maker.vendor,
        "family": maker.family,
        "model": maker.model,
    }
    return json.dumps(about)[1:]


def as_text(files: Iterable[Blamed]) -> Iterator[str]:
    """Yield every file with one line per run."""
    from provenance_reports.words import visible

    for file in files:
        if file.reason is not None:
            continue
        yield visible(file.path, 1000)
        width = len(str(sum(run.lines for run in file.runs)))
        for run in file.runs:
            last = f"-{run.start + run.lines - 1}" if run.lines > 1 else ""
            yield f"  {run.start:>{width}}{last:<{width + 1}}  {_said(run)}"


def _said(run: Run) -> str:
    from provenance_reports.words import visible

    attribution = run.attribution
    day = "----------"
    if run.committed_at is not None:
        day = f"{datetime.fromtimestamp(run.committed_at, UTC):%Y-%m-%d}"
    commit = run.commit[:10] if run.commit else "unknown   "
    maker = attribution.maker
    named = " ".join(
        visible(part, 60) for part in (maker.agent, maker.model or maker.family) if part
    )
    tier = attribution.tier.value if attribution.tier else ""
    said = (commit, day, f"{attribution.author_type.value:<11}", f"{tier:<9}", named)
    return "  ".join(said).rstrip()


def tell_unshown(files: list[Blamed], *, quiet: bool) -> None:
    """Say which files have no lines to show.

    Raises:
        InconclusiveError: there is none that has.

    """
    from provenance.errors import InconclusiveError
    from provenance_cli.console import note

    unshown = [f"{file.path}: {_why(file)}" for file in files if file.reason is not None]
    for line in unshown[:_MOST_NAMED]:
        note(f"not shown: {line}", quiet=quiet)
    if len(unshown) > _MOST_NAMED:
        note(f"not shown: {len(unshown) - _MOST_NAMED:,} more files", quiet=quiet)
    if len(unshown) == len(files):
        raise InconclusiveError(
            f"no lines can be shown ({unshown[0]})" if unshown else "this revision holds no file",
            slug="nothing-shown",
            hint="see what this clone holds with: provenance doctor",
        )


def _why(file: Blamed) -> str:
    return file.reason.value.replace("_", " ") if file.reason else ""
