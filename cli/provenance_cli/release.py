"""``provenance release``: everything a release page needs, held against earlier reports."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.metrics.measurement import Finding, Measurement

DEFAULT_OUTPUT = Path("provenance-release")
"""Folder for the files of a release, below the current one."""


def release(
    tag: Annotated[str, typer.Argument(metavar="TAG", help="Tag to measure.", show_default=False)],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the files.")
    ] = DEFAULT_OUTPUT,
    previous: Annotated[
        list[Path] | None,
        typer.Option(
            "--previous",
            metavar="REPORT.json",
            help="An earlier report: all its commits and tags must still be there; may be"
            " repeated.",
            show_default=False,
        ),
    ] = None,
    repo: words.RepoOption = None,
    unit: words.UnitOption = "code_line",
    lens: words.LensOption = "plain",
    own: words.OwnOption = None,
    config: words.ConfigOption = None,
    no_cache: words.NoCacheOption = False,
    cache_dir: words.CacheOption = None,
    jobs: words.JobsOption = 2,
    form: Annotated[
        Literal["text", "json", "markdown"],
        typer.Option("--format", "-f", help="What is printed on stdout."),
    ] = "text",
    quiet: words.QuietOption = False,
    no_progress: words.NoProgressOption = False,
) -> None:
    """Measure a tag and write what its release page needs.

    Report (HTML, JSON, CSV), badge, and a Markdown summary. With --previous the history of
    earlier reports must still be there; if it is not, the files are written all the same,
    with the findings in them, and the exit code is 4.
    """
    from provenance.history.location import locate
    from provenance.meter.measure import measure as run_measure
    from provenance.meter.release import held_against, tag_of
    from provenance.meter.settings import Options
    from provenance.terms.changes import Lens
    from provenance_cli.console import progress
    from provenance_cli.measure import print_report, store_of, write_evidence
    from provenance_cli.outputs import check_folder, rendered, write_files
    from provenance_reports import markdown
    from provenance_reports.build import build

    path = repo or Path()
    location = locate(path)
    check_folder(output, outside=(location.git_dir, location.common_dir))
    earlier = [_earlier(file) for file in previous or ()]
    wanted = Options(at=tag_of(path, tag), unit=unit, lens=Lens(lens), jobs=jobs)
    with (
        progress(quiet=quiet, hidden=no_progress) as told,
        store_of(location, cache_dir, forget=no_cache) as store,
    ):
        run = run_measure(
            path, wanted, config=config, own=tuple(own or ()),
            cache=store, resumable=not no_cache, progress=told,
        )  # fmt: skip
        run = held_against(path, run, earlier)
        told.step("writing the report", None)
        command = _command(tag, unit=unit, lens=lens, own=own or (), config=config)
        document = build(run.measurement, command=command)
        said = _continuity(earlier, run.measurement.findings)
        texts = rendered(document) | {"release.md": markdown.release(document, tag=tag, told=said)}
        places = [*write_files(output, texts), *write_evidence(run, output)]
    if form == "markdown":
        sys.stdout.write(texts["release.md"])
    else:
        print_report(document, form, texts=texts, places=places)
    _conclude(run.measurement.findings)


def _earlier(file: Path) -> Measurement:
    from provenance_cli.report import read_report
    from provenance_reports import json_v1

    return json_v1.parse(read_report(str(file))).measurement


def _continuity(earlier: Sequence[Measurement], findings: Sequence[Finding]) -> list[str]:
    """Say in one line whether earlier reports still hold; nothing when there are none."""
    from provenance.metrics.continuity import is_broken, remembered

    if not earlier:
        return []
    seen = [remembered(measurement) for measurement in earlier]
    commits = len(frozenset().union(*(one.commits for one in seen)))
    tags = len({name for one in seen for name in one.tags})
    reports = ", ".join(sorted({one.head[:12] for one in seen}))
    if is_broken(findings):
        return [f"Continuity: BROKEN since the report at {reports}; see the findings."]
    named = f"all {commits:,} commits and {tags:,} tags named by the report at {reports}"
    return [f"Continuity: {named} are still there."]


def _command(tag: str, *, unit: str, lens: str, own: Sequence[str], config: Path | None) -> str:
    """Return the command that measures the same again, without places of this machine."""
    said = ["provenance", "release", tag]
    said += ["--unit", unit] * (unit != "code_line") + ["--lens", lens] * (lens != "plain")
    said += ["--config", config.name] if config else []
    said += [part for family in sorted(set(own)) for part in ("--own", family)]
    return shlex.join(said)


def _conclude(findings: Sequence[Finding]) -> None:
    from provenance.errors import IntegrityError
    from provenance.metrics.continuity import is_broken

    if is_broken(findings):
        raise IntegrityError(
            "history that an earlier report saw is no more",
            slug="history-rewritten",
            hint="see the findings in the report; fetch all tags with: git fetch --tags",
        )
