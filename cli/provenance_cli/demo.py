"""``provenance demo``: an invented pipeline, measured, with the truth beside it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.demo.truth import Truth

DEFAULT_OUTPUT = Path("provenance-demo")
"""Folder for the report, below the current one."""
COMMAND = "provenance demo"
"""What makes the same report again."""


def demo(
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the report.")
    ] = DEFAULT_OUTPUT,
    quiet: words.QuietOption = False,
    no_progress: words.NoProgressOption = False,
) -> None:
    """Measure an invented pipeline whose true authorship is known, and show both.

    Builds three years of an invented lab's history in a passing folder, measures it like any
    repository and writes the report.  Every run gives the same bytes.
    """
    import tempfile

    from provenance.demo.build import build as build_history
    from provenance.demo.truth import truth
    from provenance.meter.measure import measure
    from provenance.meter.settings import Options
    from provenance_cli.console import progress
    from provenance_cli.measure import write_evidence
    from provenance_cli.outputs import check_folder, rendered, write_files
    from provenance_reports.build import build

    check_folder(output, outside=())
    with (
        tempfile.TemporaryDirectory(prefix="provenance-demo-") as passing,
        progress(quiet=quiet, hidden=no_progress) as told,
    ):
        book = build_history(Path(passing))
        run = measure(book.folder, Options(), cache=Path(passing) / "store", progress=told)
        told.step("writing the report", None)
        document = build(run.measurement, command=COMMAND)
        places = write_files(output, rendered(document))
        places += write_evidence(run, output)

    from rich.console import Console

    from provenance_reports import terminal

    terminal.write(document, console=Console(file=sys.stdout, highlight=False))
    words.write_lines([*_known(truth(book.head)), *(str(place) for place in places[:1])])


def _known(truth: Truth) -> tuple[str, ...]:
    """Say what no real history tells."""
    from provenance_reports.words import group, percent

    ai, own = (percent(part, truth.whole, 0) for part in (truth.ai, truth.own))
    return (
        "",
        f"Truth, known only because this history is invented: models wrote {group(truth.ai)} of",
        f"{group(truth.whole)} lines ({ai}), the lab's own models {group(truth.own)} ({own}).",
        "",
        "Worth a look in the page: in 2025-01 a formatter took most marks with it;",
        "from 2025-04 to 2025-06 a model wrote with marks switched off; in 2025-11 the",
        "next model, lark-2, began.",
        "",
    )
