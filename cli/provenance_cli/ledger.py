"""``provenance ledger``: the rows behind a report, and proofs of single ones."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.attest.proof import Opened
    from provenance.attest.runs import Row
    from provenance.attest.sums import Header

ledger = typer.Typer(
    help="Export the rows behind a report; prove single rows, and verify such proofs.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_REPORT = Path("provenance-report/report.json")
_DRAW = re.compile(r"(?P<column>[a-z_]+)#(?P<number>\d{1,18})\Z")
_PLACE = re.compile(r"(?P<path>.+):(?P<line>[1-9]\d{0,9})\Z", re.DOTALL)
_NUMBER = re.compile(r"[1-9]\d{0,17}\Z")

_ReportOption = Annotated[
    Path,
    typer.Option("--report", metavar="REPORT.json", help="The report the rows belong to."),
]
_LedgerOption = Annotated[
    Path | None,
    words.file_option(
        "FILE", "The rows. Default: evidence/runs.parquet beside the report.", "--ledger"
    ),
]


@ledger.command("export")
def export_rows(
    *,
    report: _ReportOption = _REPORT,
    rows: _LedgerOption = None,
    output: words.OutputOption = None,
) -> None:
    """Print every attribution run as one JSON object a line, just as it is hashed."""
    from provenance.attest.runs import ordered, record
    from provenance_cli.outputs import write_stream
    from provenance_cli.statements import runs_at, runs_file

    lines = (record(row).decode("ascii") for row in ordered(runs_at(runs_file(report, rows))))
    if output is None:
        words.write_lines(lines)
    else:
        write_stream(output, lines)


@ledger.command("prove")
def prove(
    line: Annotated[
        str,
        typer.Argument(
            metavar="LINE",
            help="PATH:LINE, the number of a row as exported (from 1), or a drawn number of an"
            " author type inside the denominator (from 0), for example unattested#17.",
        ),
    ],
    *,
    secret: Annotated[
        Path, typer.Option(metavar="FILE", help="The secret the statement was made with.")
    ],
    report: _ReportOption = _REPORT,
    rows: _LedgerOption = None,
    output: words.OutputOption = None,
) -> None:
    """Open one row of the evidence, with the path that leads from it to the signed root."""
    from provenance.attest import proof
    from provenance.attest.keys import read_secret
    from provenance.attest.tree import build
    from provenance_cli.outputs import write_file
    from provenance_cli.statements import header_of, report_at, runs_at, runs_file

    salted = read_secret(secret)
    _, measurement, _ = report_at(report)
    header, place = header_of(measurement), runs_file(report, rows)
    wanted = _position(line, runs_at(place), header)
    tree = build(runs_at(place), header, secret=salted, wanted=wanted)
    text = proof.write(tree).decode("ascii") + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        write_file(output, text)


def _position(line: str, rows: Iterator[Row], header: Header) -> int:
    """Return the position of the row that a word names.

    Raises:
        UsageError: there is none.

    """
    from provenance.errors import UsageError

    draw = _DRAW.fullmatch(line)
    if _NUMBER.fullmatch(line):
        wanted = int(line) - 1
        found = next((at for at, _ in enumerate(rows) if at == wanted), None)
    elif draw and draw["column"] in _drawable():
        found = _drawn(draw["column"], int(draw["number"]), rows, header)
    elif place := _PLACE.fullmatch(line):
        number = int(place["line"])
        found = next(
            (
                at
                for at, row in enumerate(rows)
                if row.path == place["path"] and row.start <= number < row.start + row.lines
            ),
            None,
        )
    else:
        found = None
    if found is None:
        raise UsageError(
            f"no row of the evidence is {line!r}",
            slug="no-such-row",
            hint="write PATH:LINE with the path from the root of the repository, the number of a"
            " row, or a drawn number such as unattested#17",
        )
    return found


def _drawable() -> tuple[str, ...]:
    from provenance.attest.sums import COLUMNS

    return COLUMNS[1:]


def _drawn(column: str, number: int, rows: Iterator[Row], header: Header) -> int | None:
    """Return the row that a drawn number falls into, in the order of the tree."""
    from provenance.attest.runs import sums_of_row
    from provenance.attest.sums import COLUMNS

    at, before = COLUMNS.index(column), 0
    for position, row in enumerate(rows):
        if row.facet in header.facets:
            before += sums_of_row(row, header)[at]
            if number < before:
                return position
    return None


@ledger.command("verify")
def verify_proof(
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="A proof of one row.")],
    *,
    statement: Annotated[
        Path | None,
        typer.Option(metavar="STATEMENT", help="The statement that signed the root."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="PUBLIC", help="Public key of the statement.")
    ] = None,
    root: Annotated[
        str | None,
        typer.Option(metavar="HEX", help="The root itself, where it was published alone."),
    ] = None,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", "-f", help="What is printed.")
    ] = "text",
) -> None:
    """Check that a row is the one that was signed at its place. Exit 4 when it is not."""
    from provenance.attest.files import read_limited
    from provenance.attest.proof import LIMIT, check
    from provenance.errors import IntegrityError

    expected, head = _expected(statement, key, root)
    opened = check(read_limited(proof, LIMIT, "the proof"))
    if opened.root != expected:
        raise IntegrityError(
            f"the proof leads to the root {opened.root}, not to {expected}",
            slug="proof-root",
            hint="ask for a proof from the evidence that was signed",
        )
    if form == "json":
        sys.stdout.write(_as_json(opened, head))
    else:
        words.write_lines(_as_text(opened, head))


def _expected(statement: Path | None, key: Path | None, root: str | None) -> tuple[str, str]:
    """Return the signed root and the commit it is about.

    Raises:
        UsageError: nothing to compare with was given.
        IntegrityError: the statement is not signed by the key.

    """
    from provenance.attest import statement as statements
    from provenance.attest.keys import verifier
    from provenance.attest.verify import check_digests, check_signature, sealed
    from provenance.errors import IntegrityError, UsageError
    from provenance_cli.statements import envelope_at

    if root is not None and statement is None:
        return root.lower(), ""
    if statement is None or key is None or root is not None:
        raise UsageError(
            "there is nothing to compare the proof with",
            slug="proof-against",
            hint="give --statement with --key, or --root",
        )
    envelope = envelope_at(statement)
    facts = [check_signature(envelope, verifier(key))]
    if facts[0].state.value == "good":
        said = statements.read(envelope.payload)
        facts.append(check_digests(said, report=None))
        if facts[1].state.value == "good":
            return sealed(said.predicate)[2], said.head
    raise IntegrityError(
        f"the statement does not hold: {facts[-1].notes[0]}",
        slug="statement-bad",
        hint="see what is wrong with: provenance verify",
    )


def _as_json(opened: Opened, head: str) -> str:
    return (
        json.dumps(
            {
                "holds": True,
                "root": opened.root,
                "commit": head or None,
                "row": dict(opened.row),
                "inside": opened.inside,
                "draws": {
                    column: [opened.draws(column).start, opened.draws(column).stop]
                    for column in _drawable()
                    if opened.inside and opened.draws(column)
                },
            },
            indent=1,
        )
        + "\n"
    )


def _as_text(opened: Opened, head: str) -> Iterator[str]:
    from provenance.attest.sums import COLUMNS
    from provenance_reports.words import visible

    row = opened.row
    last = row["start"] + row["lines"] - 1
    yield f"the row is under the root {opened.root}"
    if head:
        yield f"  signed about commit  {visible(head, 64)}"
    yield f"  lines                {visible(row['path'], 1000)}:{row['start']}-{last}"
    yield f"  of commit            {visible(row['commit'], 64)}"
    said = (row["author_type"], row["tier"], row["rule"], row["agent"], row["model"])
    yield f"  says                 {' '.join(visible(word, 80) for word in said if word)}"
    yield f"  in                   {row['stage']} ({row['facet']})"
    if not opened.inside:
        yield "  outside the denominator"
        return
    for column in _drawable():
        drawn = opened.draws(column)
        if drawn:
            total = opened.totals[COLUMNS.index(column)]
            yield f"  opened by            {column}#{drawn.start} to #{drawn.stop - 1} of {total:,}"
