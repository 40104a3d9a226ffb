"""``provenance attest``: sign a measurement, or a claim check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.attest.tree import Tree
    from provenance.metrics.measurement import Measurement


def attest(
    report: Annotated[
        Path,
        typer.Argument(
            metavar="REPORT.json", help="The report, with its folder evidence beside it."
        ),
    ],
    *,
    key: Annotated[
        str,
        typer.Option(
            metavar="PRIVATE",
            help="Private key: ed25519 in PEM form, one of OpenSSH (its public half when an agent"
            " holds it), or a URI.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="STATEMENT", help="File to write.")
    ],
    secret: Annotated[
        Path | None,
        words.file_option(
            "FILE", "Secret behind the salts; made when absent. Default: PRIVATE.ledger-secret."
        ),
    ] = None,
    previous: Annotated[
        Path | None,
        words.file_option(
            "STATEMENT",
            "The statement before this one; later readers can check that nothing is gone.",
        ),
    ] = None,
    check: Annotated[
        Path | None,
        words.file_option("CHECK.json", "Sign the claims checked against it, not its figures."),
    ] = None,
    ledger: Annotated[
        Path | None,
        words.file_option("FILE", "The rows. Default: evidence/runs.parquet beside the report."),
    ] = None,
    public: Annotated[
        Path | None,
        words.file_option("FILE", "Public key (PEM) of a URI."),
    ] = None,
    quiet: words.QuietOption = False,
) -> None:
    """Sign what a report says, so that others can check that it is yours and unchanged.

    The statement holds the figures, their definition, and a root over every row of the
    evidence; single rows can be shown later with: provenance ledger prove.
    """
    from provenance.attest import envelope
    from provenance.attest.files import KEY_LIMIT, read_limited
    from provenance.attest.keys import signer
    from provenance.attest.statement import about_check, about_measurement
    from provenance_cli.console import note
    from provenance_cli.outputs import write_file
    from provenance_cli.statements import envelope_at, report_at, runs_file

    _spare(output, (Path(key), report, secret, previous, check, ledger, public))
    signing = signer(key, public=public)
    data, measurement, command = report_at(report)
    earlier = _digest(envelope_at(previous).payload) if previous else None
    if check is not None:
        checked = read_limited(check, KEY_LIMIT << 8, "the claim check")
        payload = about_check(measurement, report=data, check=checked, previous=earlier)
    else:
        place = secret or _secret_beside(key)
        evidence = _evidence(measurement, runs_file(report, ledger), place, quiet=quiet)
        payload = about_measurement(
            measurement, report=data, command=command, evidence=evidence, previous=earlier
        )
    write_file(output, envelope.seal(payload, signing).write())
    note(f"signed: {output}", quiet=quiet)


def _spare(output: Path, given: Sequence[Path | None]) -> None:
    """Refuse to write over anything that is read.

    Raises:
        UsageError: the output is one of the given files.

    """
    from provenance.errors import UsageError

    if output.resolve() in {path.resolve() for path in given if path is not None}:
        raise UsageError(
            f"{output} would be written over",
            slug="output-is-input",
            hint="choose another place with: -o STATEMENT",
        )


def _digest(data: bytes) -> str:
    from provenance.attest.files import sha256_of

    return sha256_of(data)


def _secret_beside(key: str) -> Path:
    """Return where the secret lies when nobody says: beside the private key.

    Raises:
        UsageError: the key is no file.

    """
    from provenance.errors import UsageError

    path = Path(key)
    if not path.is_file():
        raise UsageError(
            "a key behind a URI has no place for the secret",
            slug="secret-place",
            hint="name one with: --secret FILE",
        )
    return path.with_name(f"{path.name}.ledger-secret")


def _evidence(measurement: Measurement, runs: Path, secret: Path, *, quiet: bool) -> Tree:
    """Hash the rows and hold them against the report.

    Raises:
        IntegrityError: the rows do not add up to the figures of the report.

    """
    from provenance.attest.keys import make_secret, read_secret
    from provenance.attest.statement import evidence_of
    from provenance.attest.tree import build
    from provenance.attest.verify import row_flaws
    from provenance.errors import IntegrityError
    from provenance_cli.console import note
    from provenance_cli.statements import header_of, runs_at

    known = secret.exists()
    rows = runs_at(runs)
    held = read_secret(secret) if known else b""
    tree = build(rows, header_of(measurement), secret=held or make_secret(secret))
    if not known:
        note(f"made {secret}: keep it, it opens single rows; never publish it", quiet=quiet)
    if flaws := row_flaws(measurement, evidence_of(tree)):
        raise IntegrityError(
            f"the evidence does not belong to this report: {flaws[0]}",
            slug="evidence-mismatch",
            hint="measure again, and attest the report.json beside its own folder evidence",
        )
    return tree
