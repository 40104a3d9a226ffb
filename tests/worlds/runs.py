"""The runs of lines that the meter's own blame gives, as plain values for another road."""

from __future__ import annotations

from pathlib import Path

from provenance.history.repository import open_repository
from provenance.meter.blame import blame
from provenance.meter.listing import entries
from provenance.meter.progress import Silent
from provenance.recount.report import ReportedRun
from provenance.rules.load import load_catalogue
from provenance.terms.changes import Lens
from provenance.terms.commits import CommitId


def runs(path: Path, *, lens: Lens = Lens.PLAIN) -> dict[str, list[ReportedRun]]:
    """Return the runs of every file at the head that has lines."""
    with open_repository(path) as repository:
        head = CommitId(repository.resolve("HEAD"))
        files = blame(
            repository, head, entries(repository, head),
            lens=lens, catalogue=load_catalogue(), jobs=2, progress=Silent(),
        )  # fmt: skip
        return {
            file.path: [
                ReportedRun(r.start, r.lines, r.commit, r.attribution.author_type)
                for r in file.runs
            ]
            for file in files
            if file.runs
        }
