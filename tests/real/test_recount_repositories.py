"""Public repositories: both roads agree on every line of every file at the head.

``PROVENANCE_REAL`` names a folder of clones, ``<Owner>+<name>/repo`` each; run with
``-m real``.  ``PROVENANCE_REAL_RECOUNT`` names others, separated by commas.
"""

from __future__ import annotations

import os

import pytest

from oracles.clones import VARIABLE, clone
from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance.recount.compare import compare
from provenance.recount.count import Wanted, count
from provenance.recount.report import read_report
from provenance.recount.scratch import borrow
from provenance_reports import json_v1
from provenance_reports.build import build
from worlds.runs import runs

REPOSITORIES = os.environ.get(
    "PROVENANCE_REAL_RECOUNT",
    "karpathy+nanochat,entireio+cli,volcengine+verl,Aider-AI+aider",
).split(",")

pytestmark = pytest.mark.real


@pytest.mark.parametrize("name", REPOSITORIES)
def test_both_roads_agree_to_the_line(name: str) -> None:
    """Facts, every stage, everything left out of it, and each line with its commit."""
    place = clone(name)
    if place is None:
        pytest.skip(f"{VARIABLE} names no folder with a clone of {name}")
    measured = measure(place, Options(unit="line")).measurement
    report = read_report(json_v1.render(build(measured, command="")))
    with borrow(place) as scratch:
        counted = count(scratch, Wanted("HEAD"))

    found = compare(counted, report, runs(place))

    assert [fact for fact in found.facts if fact.differs] == []
    assert [(stage.stage, stage.apart) for stage in found.stages if stage.apart] == []
    assert found.lines == ()
    assert found.uncounted == ()
    assert found.lines_compared > 1000
