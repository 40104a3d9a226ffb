"""``provenance compare``: what moved between two reports, and why; needs no git."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from provenance_cli import options as words
from provenance_cli.report import read_report


def compare(
    before: Annotated[
        str,
        typer.Argument(
            metavar="BEFORE.json", help="The first report; - is stdin.", show_default=False
        ),
    ],
    after: Annotated[
        str, typer.Argument(metavar="AFTER.json", help="The second report.", show_default=False)
    ],
    *,
    form: Annotated[
        Literal["text", "json", "markdown"],
        typer.Option("--format", "-f", help="What is written."),
    ] = "text",
    output: words.OutputFileOption = None,
) -> None:
    """Say what moved between two reports: new code, other marks, other files or definition.

    Each cause is given in points of the three figures and in lines.  Reports of different
    definitions are named as such and not subtracted (exit code 3).
    """
    from provenance.errors import InconclusiveError
    from provenance_cli.outputs import write_file
    from provenance_reports import json_v1, moves_forms
    from provenance_reports.moves import compare as compare_documents

    moves = compare_documents(json_v1.parse(read_report(before)), json_v1.parse(read_report(after)))
    forms = {
        "text": moves_forms.text,
        "json": moves_forms.as_json,
        "markdown": moves_forms.markdown,
    }
    written = forms[form](moves)
    if output is None:
        sys.stdout.write(written)
    else:
        write_file(output, written)
    if not moves.comparable:
        raise InconclusiveError(
            "the two reports do not measure the same thing",
            slug="other-definition",
            hint="measure both commits with the same unit, lens and facets",
        )
