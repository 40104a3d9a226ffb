"""``provenance measure``: the whole history to a report."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words
from provenance_cli.check import read_claims

if TYPE_CHECKING:
    from provenance.history.location import Location
    from provenance.meter.run import Run
    from provenance.meter.settings import Options
    from provenance_reports.document import Document

DEFAULT_OUTPUT = Path("provenance-report")
"""Folder for the report, below the current one."""


def measure(
    repository: words.RepoArgument = None,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the report.")
    ] = DEFAULT_OUTPUT,
    repo: words.RepoOption = None,
    at: words.AtOption = "HEAD",
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Leave out points before this date (YYYY-MM-DD).",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        list[words.Period] | None,
        typer.Option(
            metavar="month|week|release",
            help="Points of the series; may be repeated. Default: month and release.",
            show_default=False,
        ),
    ] = None,
    unit: words.UnitOption = "code_line",
    lens: words.LensOption = "plain",
    own: words.OwnOption = None,
    predates: words.PredatesOption = None,
    config: words.ConfigOption = None,
    config_from: words.ConfigFromOption = None,
    claims: Annotated[
        Path | None,
        typer.Option(
            "--claims",
            metavar="FILE",
            help="Disclosed figures to hold against the measured ones (see provenance check).",
            show_default=False,
        ),
    ] = None,
    no_cache: words.NoCacheOption = False,
    cache_dir: words.CacheOption = None,
    jobs: words.JobsOption = 2,
    allow_shallow: words.AllowShallowOption = False,
    form: Annotated[
        Literal["text", "json", "markdown"],
        typer.Option("--format", "-f", help="What is printed on stdout."),
    ] = "text",
    quiet: words.QuietOption = False,
    no_progress: words.NoProgressOption = False,
) -> None:
    """Measure how much of the live code AI wrote, per stage and over time.

    Writes report.html, report.json and their companions, and prints the three figures.
    Nothing is written to the repository itself.
    """
    from provenance.claims.judge import judge
    from provenance.history.location import locate
    from provenance.meter.measure import measure as run_measure
    from provenance.meter.settings import Options
    from provenance.terms.changes import Lens
    from provenance_cli.console import progress
    from provenance_cli.outputs import check_folder, rendered, write_files
    from provenance_reports import checked
    from provenance_reports.build import build

    path = words.repository_of(repository, repo)
    location = locate(path)
    disclosed = read_claims(claims) if claims else None
    check_folder(output, outside=(location.git_dir, location.common_dir))
    wanted = Options(
        at=at,
        unit=unit,
        lens=Lens(lens),
        every=tuple(dict.fromkeys(p.value for p in every)) if every else Options().every,
        since=parse_date(since) if since else None,
        predates=words.cutoff_from(predates),
        jobs=jobs,
        allow_shallow=allow_shallow,
    )
    with (
        progress(quiet=quiet, hidden=no_progress) as told,
        store_of(location, cache_dir, forget=no_cache) as store,
    ):
        run = run_measure(
            path,
            wanted,
            config=config,
            config_from=config_from,
            own=tuple(own or ()),
            cache=store,
            resumable=not no_cache,
            progress=told,
        )
        told.step("writing the report", None)
        document = build(
            run.measurement,
            command=command_of(wanted, since, own or (), config, config_from, claims),
            verdicts=checked.verdicts(judge(run.measurement, disclosed)) if disclosed else (),
        )
        texts = rendered(document)
        places = write_files(output, texts)
        places += write_evidence(run, output)
    print_report(document, form, texts=texts, places=places)
    _conclude(document)


@contextmanager
def store_of(location: Location, cache: Path | None, *, forget: bool) -> Iterator[Path]:
    """Give the folder that keeps results of this repository; a passing one to forget."""
    import os
    import tempfile

    from provenance.ledger.place import store_root

    if forget:
        with tempfile.TemporaryDirectory(prefix="provenance-") as folder:
            yield Path(folder)
    else:
        measured = (location.git_dir, location.common_dir)
        yield store_root(location.git_dir, measured=measured, environment=os.environ, cache=cache)


def write_evidence(run: Run, folder: Path) -> list[Path]:
    """Copy the evidence tables beside the report and return their folder."""
    from provenance.ledger.write import export

    assert run.folder is not None
    export(run.folder, folder / "evidence")
    return [folder / "evidence"]


def parse_date(text: str) -> int:
    """Return the first second of a day in UTC, or of a given moment.

    Raises:
        UsageError: it is no date.

    """
    from datetime import UTC, datetime

    from provenance.errors import UsageError

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"not a date: {text!r}", slug="bad-date", hint="write it as 2026-03-31"
        ) from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def command_of(
    wanted: Options,
    since: str | None,
    own: list[str] | tuple[str, ...],
    config: Path | None,
    config_from: str | None = None,
    claims: Path | None = None,
) -> str:
    """Return the command that measures the same again, without places or speed of this machine."""
    from provenance.meter.settings import Options

    usual = Options()
    said = ["provenance", "measure"]
    for word, value, default in (
        ("--at", wanted.at, usual.at),
        ("--unit", wanted.unit, usual.unit),
        ("--lens", wanted.lens.value, usual.lens.value),
        ("--since", since, None),
        ("--predates", wanted.predates, usual.predates),
        ("--config", config.name if config else None, None),
        ("--config-from", config_from, None),
        ("--claims", claims.name if claims else None, None),
    ):
        if value is not None and value != default:
            said += [word, value]
    if sorted(wanted.every) != sorted(usual.every):
        said += [part for period in sorted(wanted.every) for part in ("--every", period)]
    said += [part for family in sorted(set(own)) for part in ("--own", family)]
    said += ["--allow-shallow"] if wanted.allow_shallow else []
    return shlex.join(said)


def print_report(
    document: Document, form: str, *, texts: dict[str, str], places: list[Path]
) -> None:
    """Print a finished report on stdout in one of its forms."""
    if form == "json":
        sys.stdout.write(texts["report.json"])
    elif form == "markdown":
        from provenance_reports import markdown

        sys.stdout.write(markdown.render(document))
    else:
        from rich.console import Console

        from provenance_reports import terminal

        shown = [str(place) for place in places]
        terminal.write(document, console=Console(file=sys.stdout, highlight=False), places=shown)


def _conclude(document: Document) -> None:
    from provenance.errors import InconclusiveError

    if not document.headline.whole:
        raise InconclusiveError(
            "there is nothing to measure: the head holds no counted line",
            slug="nothing-to-measure",
            hint="see which files are left out, and why, in the report",
        )
