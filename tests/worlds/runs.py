"""The runs of lines that ``provenance blame`` prints, as plain values for another road."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from provenance.recount.report import ReportedRun, read_runs
from provenance_cli.app import run


def runs(path: Path, *, lens: str = "plain") -> dict[str, list[ReportedRun]]:
    """Return the runs of every file at the head that has lines."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = run(["blame", "--all", "-f", "jsonl", "-q", "--lens", lens, "--repo", str(path)])
    assert code == 0
    return read_runs(printed.getvalue().splitlines())
