"""``provenance check``: disclosed figures against a stored measurement; needs no git."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words
from provenance_cli.report import read_report

if TYPE_CHECKING:
    from provenance.claims.disclosure import Disclosure
    from provenance.claims.verdict import Judgement
    from provenance_reports.document import Document

Form = Literal["text", "json", "markdown", "cyclonedx"]
"""Formats of judged claims."""
ClaimsOption = Annotated[
    Path,
    typer.Option(
        "--claims",
        metavar="FILE",
        help="Disclosure file (TOML); provenance claims init writes one.",
        show_default=False,
    ),
]


def check(
    source: Annotated[
        str,
        typer.Argument(
            metavar="REPORT.json", help="A report; - reads it from stdin.", show_default=False
        ),
    ],
    *,
    claims: ClaimsOption,
    form: Annotated[Form, typer.Option("--format", "-f", help="What is written.")] = "text",
    output: words.FileOption = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Also write the report as a page with the claims in it.",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="Also write the report as JSON with the claims in it.",
            show_default=False,
        ),
    ] = None,
    require_decision: Annotated[
        bool,
        typer.Option(
            "--require-decision", help="Exit with 3 unless every measurable claim is decided."
        ),
    ] = False,
) -> None:
    """Hold disclosed figures against measured ones: a verdict per claim and reading.

    Exit code 1 when a claim is contradicted; 3, with --require-decision, when one is not
    decided or only in part.
    """
    from provenance.claims.judge import judge
    from provenance_cli.outputs import write_file
    from provenance_reports import checked, html, json_v1

    document = json_v1.parse(read_report(source))
    judgement = judge(document.measurement, read_claims(claims))
    document = replace(document, verdicts=checked.verdicts(judgement))
    written = _render(judgement, document, form)
    if output is None:
        sys.stdout.write(written)
    else:
        write_file(output, written)
    if page is not None:
        write_file(page, html.render(document))
    if report is not None:
        write_file(report, json_v1.render(document))
    _conclude(judgement, require_decision=require_decision)


def read_claims(path: Path) -> Disclosure:
    """Return the disclosure in a file.

    Raises:
        ClaimError: it is no disclosure, or cannot be read.

    """
    from provenance.claims.read import read
    from provenance.claims.table import LARGEST
    from provenance.errors import ClaimError

    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise ClaimError(
            f"cannot read {path.name}: {error.strerror}",
            slug="claims-unreadable",
            hint="provenance claims init FILE writes one to start from",
        ) from error
    return read(raw, name=path.name)


def _render(judgement: Judgement, document: Document, form: Form) -> str:
    from provenance_reports import checked_forms, cyclonedx

    match form:
        case "text":
            return checked_forms.text(judgement, document)
        case "json":
            return checked_forms.as_json(judgement)
        case "markdown":
            return checked_forms.markdown(judgement, document)
        case "cyclonedx":
            return cyclonedx.render(judgement, document)


def _conclude(judgement: Judgement, *, require_decision: bool) -> None:
    from provenance_cli.failures import ExitCode, complain, weightiest

    codes = []
    if judgement.contradicted:
        codes.append(ExitCode.FAILED)
        complain("a claim is contradicted")
    if require_decision and judgement.undecided:
        codes.append(ExitCode.INCONCLUSIVE)
        complain(
            "a claim is not decided, or only in part",
            "each verdict says what would decide it",
        )
    if code := weightiest(*codes):
        raise typer.Exit(code)
