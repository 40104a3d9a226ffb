"""``provenance recount``: count again by another road, and compare."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.meter.progress import Progress
    from provenance.recount.compare import Comparison
    from provenance.recount.count import Counted
    from provenance.recount.owners import Manner
    from provenance.recount.published import Definition, Release
    from provenance.recount.report import Report, ReportedRun
    from provenance.recount.scratch import Scratch

Form = Literal["text", "json"]
"""Text for people, or one JSON object."""


def recount(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="REPORT.json",
            help="The report to hold against; - reads it from stdin. Default: count only.",
            show_default=False,
        ),
    ] = None,
    *,
    lines: Annotated[
        str | None,
        typer.Option(
            "--lines",
            metavar="RUNS.jsonl",
            help="What provenance blame --all -f jsonl printed, compared line by line; - is stdin.",
            show_default=False,
        ),
    ] = None,
    repo: words.RepoOption = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="REV",
            help="Branch, tag or commit. Default: the commit of the report, else HEAD.",
            show_default=False,
        ),
    ] = None,
    flags: Annotated[
        str | None,
        typer.Option(
            "--blame",
            metavar="FLAGS",
            help="How git blame is asked, from -w, -M and -C with their numbers, in one word:"
            ' --blame="-M100 -C100 -C -C". Default: as the lens of the report says.',
            show_default=False,
        ),
    ] = None,
    ignored: Annotated[
        Path | None,
        typer.Option(
            "--ignore-revs-file",
            metavar="FILE",
            help="Commits that git blame looks through, one id a line.",
            show_default=False,
        ),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(
            "--sample",
            metavar="N",
            min=1,
            help="Count only so many files, drawn at random. Default: all.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Seed of the draw.")] = 1,
    tolerance: Annotated[
        int,
        typer.Option(
            "--tolerance",
            metavar="N",
            min=0,
            help="Lines that any stage may be apart before it counts as a difference.",
        ),
    ] = 0,
    definition: Annotated[
        str | None,
        typer.Option(
            "--definition",
            metavar="NAME",
            help="Count what a project publishes about its releases, under its own definition:"
            " aider-published, or a file that ends in .toml.",
            show_default=False,
        ),
    ] = None,
    config: words.ConfigOption = None,
    jobs: words.JobsOption = 2,
    form: Annotated[Form, typer.Option("--format", "-f", help="What is printed.")] = "text",
    quiet: words.QuietOption = False,
    no_progress: words.NoProgressOption = False,
) -> None:
    """Count again by another road, PyDriller and git blame, and compare class by class.

    Exit code 4 when a stage is further apart than the tolerance, 3 when nothing could be
    compared or a file could not be counted.
    """
    from provenance.recount.scratch import borrow
    from provenance_cli.console import progress

    draw = drawn(sample, seed)
    with (
        borrow(repo or Path()) as scratch,
        progress(quiet=quiet, hidden=no_progress) as told,
    ):
        if definition is not None:
            _alone(source, lines, flags, ignored)
            releases = list(
                _releases(scratch, definition, at=at or "HEAD", jobs=jobs, draw=draw, told=told)
            )
        else:
            report, runs = _other_road(source, lines)
            manner = _manner(report, flags, ignored)
            counted = _counted(
                scratch, report, manner,
                at=at, config=config, jobs=jobs, draw=draw, told=told,
            )  # fmt: skip
    if definition is not None:
        _conclude_releases(releases, form=form, tolerance=tolerance)
    else:
        _conclude(counted, report, runs, form=form, tolerance=tolerance)


def drawn(sample: int | None, seed: int) -> Callable[[Sequence[str]], list[str]]:
    """Return a draw without replacement that depends on the seed and the sorted names only."""

    def draw(names: Sequence[str]) -> list[str]:
        ordered = sorted(names)
        if sample is None or sample >= len(ordered):
            return ordered
        return sorted(random.Random(seed).sample(ordered, sample))  # noqa: S311 - a drawing, no secret

    return draw


def _alone(*others: object) -> None:
    from provenance.errors import UsageError

    if any(other is not None for other in others):
        raise UsageError(
            "a definition brings its own figures and flags",
            slug="definition-alone",
            hint="give --definition without a report, --lines, --blame and --ignore-revs-file",
        )


def _other_road(
    source: str | None, lines: str | None
) -> tuple[Report | None, dict[str, list[ReportedRun]] | None]:
    from provenance.errors import UsageError
    from provenance.recount.report import read_report, read_runs
    from provenance_cli import report as files

    if source == "-" and lines == "-":
        raise UsageError(
            "stdin cannot be both",
            slug="stdin-twice",
            hint="give the report or the runs as a file",
        )
    report = read_report(files.read_report(source)) if source is not None else None
    runs = read_runs(files.read_report(lines).splitlines()) if lines is not None else None
    return report, runs


def _manner(report: Report | None, flags: str | None, ignored: Path | None) -> Manner:
    """Return how git blame is asked: as told, else as the lens of the report says."""
    from provenance.errors import UsageError
    from provenance.recount.owners import Manner, read_flags

    if ignored is not None and not ignored.is_file():
        raise UsageError(
            f"cannot read {ignored}",
            slug="no-such-file",
            hint="give a file with --ignore-revs-file",
        )
    if flags is None:
        flags = "-w" if report is not None and report.lens == "ignore-whitespace" else ""
    return Manner(read_flags(flags), str(ignored.resolve()) if ignored else "")


def _counted(
    scratch: Scratch,
    report: Report | None,
    manner: Manner,
    *,
    at: str | None,
    config: Path | None,
    jobs: int,
    draw: Callable[[Sequence[str]], list[str]],
    told: Progress,
) -> Counted:
    from provenance.errors import UsageError
    from provenance.recount.count import Wanted, count

    try:
        own = config.read_bytes() if config else None
    except OSError as error:
        raise UsageError(
            f"cannot read {config}: {error.strerror}",
            slug="config-unreadable",
            hint="give a file with --config",
        ) from error
    telling = _Telling(told)

    def choose(paths: list[str]) -> Collection[str]:
        chosen = draw(paths)
        telling.total = len(chosen)
        return chosen

    return count(
        scratch,
        Wanted(
            head=at or (report.head if report else "HEAD"),
            choose=choose,
            manner=manner,
            config=own,
            cutoff=report.cutoff if report else None,
            jobs=jobs,
        ),
        told=telling.tell,
    )


class _Telling:
    """Turns what the recount tells into steps of the progress."""

    def __init__(self, told: Progress) -> None:
        self.told = told
        self.total: int | None = None
        self.title = ""

    def tell(self, title: str, done: int) -> None:
        if title != self.title:
            self.title = title
            self.told.step(title, self.total)
        self.told.advance(done)


def _releases(
    scratch: Scratch,
    name: str,
    *,
    at: str,
    jobs: int,
    draw: Callable[[Sequence[str]], list[str]],
    told: Progress,
) -> Iterator[Release]:
    from provenance.recount.published import Figure, count_releases

    telling = _Telling(told)

    def choose(figures: Sequence[Figure]) -> list[Figure]:
        chosen = set(draw([figure.end for figure in figures]))
        return [figure for figure in figures if figure.end in chosen]

    def tell(done: int, all_of_them: int) -> None:
        telling.total = all_of_them
        telling.tell("asking git blame, release by release", done)

    yield from count_releases(
        scratch, _definition(name), at=at, jobs=jobs, choose=choose, told=tell
    )


def _definition(name: str) -> Definition:
    from provenance.errors import UsageError
    from provenance.recount.published import packaged, read_definition

    if not name.endswith(".toml"):
        return packaged(name)
    try:
        return read_definition(Path(name).read_bytes())
    except OSError as error:
        raise UsageError(
            f"cannot read {name}: {error.strerror}",
            slug="definition-unreadable",
            hint="give a file, or the name of a packaged definition",
        ) from error


def _conclude(
    counted: Counted,
    report: Report | None,
    runs: dict[str, list[ReportedRun]] | None,
    *,
    form: Form,
    tolerance: int,
) -> None:
    from provenance.recount.compare import compare
    from provenance_cli import recounted

    comparison = compare(counted, report, runs)
    agrees = comparison.agrees(tolerance=tolerance)
    if form == "json":
        sys.stdout.write(recounted.as_json(counted, comparison, tolerance=tolerance))
    else:
        words.write_lines(recounted.as_text(counted, comparison, tolerance=tolerance))
    _exit(comparison, agrees=agrees, asked=report is not None or runs is not None)


def _exit(comparison: Comparison, *, agrees: bool, asked: bool) -> None:
    from provenance_cli.failures import ExitCode

    if not agrees:
        raise typer.Exit(ExitCode.MISMATCH)
    if comparison.uncounted or (asked and not comparison.compared):
        raise typer.Exit(ExitCode.INCONCLUSIVE)


def _conclude_releases(releases: Sequence[Release], *, form: Form, tolerance: int) -> None:
    from provenance_cli import recounted
    from provenance_cli.failures import ExitCode

    if form == "json":
        sys.stdout.write(recounted.releases_as_json(releases, tolerance=tolerance))
    else:
        words.write_lines(recounted.releases_as_text(releases, tolerance=tolerance))
    if any(release.apart > tolerance for release in releases):
        raise typer.Exit(ExitCode.MISMATCH)
    if any(release.uncounted for release in releases) or not releases:
        raise typer.Exit(ExitCode.INCONCLUSIVE)
