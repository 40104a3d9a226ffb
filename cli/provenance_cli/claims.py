"""``provenance claims``: disclosure files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

claims = typer.Typer(
    help="Write disclosure files, to be checked with provenance check.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@claims.callback()
def group() -> None:
    """Write disclosure files, to be checked with provenance check."""


@claims.command("init")
def init(
    output: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="File to write. Default: stdout.", show_default=False),
    ] = None,
) -> None:
    """Write a commented disclosure file to start from; an existing file is left alone."""
    from provenance.claims.known import template
    from provenance.errors import UsageError
    from provenance_cli.outputs import write_file

    if output is None:
        sys.stdout.write(template())
        return
    if output.exists():
        raise UsageError(
            f"{output} exists already",
            slug="output-exists",
            hint="give another name, or remove it first",
        )
    write_file(output, template())
