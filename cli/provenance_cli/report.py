"""``provenance report``: render a stored measurement again; needs no git."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance_reports.document import Document

Form = Literal["html", "markdown", "csv", "badge", "json", "text"]
"""Formats of a finished report."""
Table = Literal["stock", "flow", "files", "records", "replacements"]
"""Tables of a report as CSV."""


def report(
    source: Annotated[
        str,
        typer.Argument(
            metavar="REPORT.json", help="A report; - reads it from stdin.", show_default=False
        ),
    ],
    *,
    form: Annotated[Form, typer.Option("--format", "-f", help="What is rendered.")] = "text",
    output: words.FileOption = None,
    table: Annotated[Table, typer.Option("--table", help="Which table, for csv.")] = "stock",
    short: Annotated[
        bool, typer.Option("--short", help="For markdown: the length of a comment.")
    ] = False,
) -> None:
    """Render a stored measurement again, as page, Markdown, CSV, badge, JSON or text."""
    from provenance_cli.outputs import write_file
    from provenance_reports import json_v1

    document = json_v1.parse(read_report(source))
    text = _render(document, form, table=table, short=short, output=output)
    if output is None:
        sys.stdout.write(text)
    else:
        write_file(output, text)


def read_report(source: str) -> str:
    """Return the text of a report file, or of stdin for ``-``.

    Raises:
        UsageError: it cannot be read or is not UTF-8.

    """
    from provenance.errors import UsageError

    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return raw.decode("utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot read {source}: {error.strerror}",
            slug="report-unreadable",
            hint="give the report.json that provenance measure has written",
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{source} is not UTF-8", slug="report-unreadable", hint="measure again"
        ) from error


def _render(
    document: Document, form: Form, *, table: Table, short: bool, output: Path | None
) -> str:
    from provenance_reports import badge, csv_v1, html, json_v1, markdown

    match form:
        case "html":
            return html.render(document)
        case "markdown":
            return markdown.render(document, kind="pull_request" if short else "release")
        case "csv":
            return csv_v1.TABLES[table](document)
        case "badge":
            as_json = output is not None and output.suffix == ".json"
            return badge.endpoint(document) if as_json else badge.svg(document)
        case "json":
            return json_v1.render(document)
        case "text":
            return _summary(document, plain=output is not None)


def _summary(document: Document, *, plain: bool) -> str:
    from io import StringIO

    from rich.console import Console

    from provenance_reports import terminal

    if plain or not sys.stdout.isatty():
        text = StringIO()
        terminal.write(document, console=Console(file=text, highlight=False, width=80))
        return text.getvalue()
    terminal.write(document, console=Console(file=sys.stdout, highlight=False))
    return ""
