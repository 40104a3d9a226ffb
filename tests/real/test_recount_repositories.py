"""Public repositories: both roads agree on every line of every file at the head.

``PROVENANCE_REAL`` names a folder of clones, ``<Owner>+<name>/repo`` each; run with
``-m real``.  ``PROVENANCE_REAL_RECOUNT`` names others, separated by commas.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provenance.history.repository import open_repository
from provenance.meter.blame import blame
from provenance.meter.listing import entries
from provenance.meter.measure import measure
from provenance.meter.progress import Silent
from provenance.meter.settings import Options
from provenance.recount.compare import compare
from provenance.recount.count import Wanted, count
from provenance.recount.report import ReportedRun, read_report
from provenance.recount.scratch import borrow
from provenance.rules.load import load_catalogue
from provenance.terms.changes import Lens
from provenance.terms.commits import CommitId
from provenance_reports import json_v1
from provenance_reports.build import build

REPOSITORIES = os.environ.get(
    "PROVENANCE_REAL_RECOUNT",
    "karpathy+nanochat,entireio+cli,volcengine+verl,Aider-AI+aider",
).split(",")

pytestmark = pytest.mark.real


def _clone(name: str) -> Path:
    clones = os.environ.get("PROVENANCE_REAL")
    if not clones:
        pytest.skip("PROVENANCE_REAL names no folder of clones")
    path = Path(clones) / name / "repo"
    if not path.is_dir():
        pytest.skip(f"no clone of {name}")
    return path


def _runs(clone: Path) -> dict[str, list[ReportedRun]]:
    with open_repository(clone) as repository:
        head = CommitId(repository.resolve("HEAD"))
        files = blame(
            repository, head, entries(repository, head),
            lens=Lens.PLAIN, catalogue=load_catalogue(), jobs=2, progress=Silent(),
        )  # fmt: skip
        return {
            file.path: [
                ReportedRun(r.start, r.lines, r.commit, r.attribution.author_type)
                for r in file.runs
            ]
            for file in files
        }


@pytest.mark.parametrize("name", REPOSITORIES)
def test_both_roads_agree_to_the_line(name: str) -> None:
    """Facts, every stage, everything left out of it, and each line with its commit."""
    clone = _clone(name)
    measured = measure(clone, Options(unit="line")).measurement
    report = read_report(json_v1.render(build(measured, command="")))
    with borrow(clone) as scratch:
        counted = count(scratch, Wanted("HEAD"))

    found = compare(counted, report, _runs(clone))

    assert [fact for fact in found.facts if fact.differs] == []
    assert [(stage.stage, stage.apart) for stage in found.stages if stage.apart] == []
    assert found.lines == ()
    assert found.uncounted == ()
    assert found.lines_compared > 1000
