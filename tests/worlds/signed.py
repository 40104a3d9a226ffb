"""A measured pipeline with everything that is signed about it, made in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provenance.attest import envelope, statement
from provenance.attest.keys import signer, verifier
from provenance.attest.runs import Row
from provenance.attest.statement import Statement
from provenance.attest.sums import Header
from provenance.attest.tree import Tree, build
from provenance.ledger.exported import exported_rows
from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance.metrics.measurement import Measurement
from provenance_reports import build as documents
from provenance_reports import json_v1
from worlds.evidence_rows import SECRET

COMMAND = "provenance measure --own claude"
"""How the report says it was made."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One measurement, its report, its rows, and a key."""

    measurement: Measurement
    """The figures."""
    report: bytes
    """Its report."""
    rows: tuple[Row, ...]
    """Its rows."""
    key: Path
    """The private key; the public one lies beside it."""

    @property
    def header(self) -> Header:
        """How its rows are added up."""
        d = self.measurement.definition
        return Header(d.unit, tuple(sorted(f.value for f in d.facets)), d.own_families)

    @property
    def tree(self) -> Tree:
        """Its evidence."""
        return build(self.rows, self.header, secret=SECRET)

    def payload(self, previous: str | None = None) -> bytes:
        """Return what is signed."""
        return statement.about_measurement(
            self.measurement,
            report=self.report,
            command=COMMAND,
            evidence=self.tree,
            previous=previous,
        )

    def spoilt(self, change: Callable[[dict[str, Any]], object]) -> Statement:
        """Return a statement that was changed before it was signed."""
        held = json.loads(self.payload())
        change(held)
        return statement.read(json.dumps(held).encode())

    def sealed(self, payload: bytes | None = None) -> envelope.Envelope:
        """Return the signed statement."""
        return envelope.seal(payload or self.payload(), signer(str(self.key)))

    @property
    def verifier(self) -> envelope.Verifier:
        """The public key."""
        return verifier(self.key.with_name(f"{self.key.stem}.pub.pem"))


def sign(repository: Path, cache: Path, key: Path, *, at: str = "HEAD") -> Signed:
    """Measure a repository and keep what a lab keeps."""
    run = measure(repository, Options(at=at), own=("claude",), cache=cache)
    assert run.folder is not None
    document = documents.build(run.measurement, command=COMMAND)
    rows = tuple(Row(*values) for values in exported_rows(run.folder / "runs.parquet", "runs"))
    return Signed(run.measurement, json_v1.render(document).encode(), rows, key)
