"""Reports, statements and evidence as the commands that sign and verify read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from provenance.errors import UsageError

if TYPE_CHECKING:
    from provenance.attest.envelope import Envelope
    from provenance.attest.runs import Row
    from provenance.attest.sums import Header
    from provenance.metrics.measurement import Measurement

RUNS = "runs"
"""Table of the ledger that holds the rows."""


def report_at(path: Path) -> tuple[bytes, Measurement, str]:
    """Return a report: its bytes, the measurement in it and the command that made it.

    Raises:
        UsageError: it cannot be read or is no report.

    """
    from provenance.attest.files import REPORT_LIMIT, read_limited

    data = read_limited(path, REPORT_LIMIT, "the report")
    return data, *report_in(data, path)


def report_in(data: bytes, path: Path) -> tuple[Measurement, str]:
    """Return the measurement in the bytes of a report, and the command that made it.

    Raises:
        UsageError: it is no report.

    """
    from provenance_reports import json_v1

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not UTF-8", slug="report-unreadable", hint="measure again"
        ) from error
    document = json_v1.parse(text)
    return document.measurement, document.command


def header_of(measurement: Measurement) -> Header:
    """Return how the rows of a measurement are added up."""
    from provenance.attest.sums import Header

    definition = measurement.definition
    facets = tuple(sorted(facet.value for facet in definition.facets))
    return Header(definition.unit, facets, tuple(sorted(definition.own_families)))


def runs_at(path: Path) -> Iterator[Row]:
    """Yield the rows of an exported table of attribution runs.

    Raises:
        LedgerError: it is missing or damaged.

    """
    from provenance.attest.runs import Row
    from provenance.ledger.exported import exported_rows

    return (Row(*values) for values in exported_rows(path, RUNS))


def runs_file(report: Path, ledger: Path | None) -> Path:
    """Return where the rows of a report lie: in ``evidence`` beside it, if not elsewhere."""
    return ledger or report.parent / "evidence" / f"{RUNS}.parquet"


def envelope_at(path: Path) -> Envelope:
    """Return a signed statement, its payload unread.

    Raises:
        UsageError: it cannot be read.
        AttestationError: it is none.

    """
    from provenance.attest import envelope
    from provenance.attest.files import read_limited

    return envelope.read(read_limited(path, envelope.LIMIT, "the statement"))
