"""Aider's 81 published figures, counted again with PyDriller and git blame alone.

Needs the clone ``Aider-AI+aider/repo`` in ``PROVENANCE_REAL`` and, in ``PROVENANCE_TRUTH``, a
folder with ``published.csv``: what the project published, and what its own script gives.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from provenance.recount.published import count_releases, packaged
from provenance.recount.scratch import borrow

pytestmark = pytest.mark.real


def _folder(variable: str) -> Path:
    if variable not in os.environ:
        pytest.skip(f"{variable} names no folder")
    return Path(os.environ[variable])


def test_every_published_figure_comes_out_exactly() -> None:
    """All 81 of them, also where missing contents end copy detection; no file is left out."""
    clone = _folder("PROVENANCE_REAL") / "Aider-AI+aider" / "repo"
    with (_folder("PROVENANCE_TRUTH") / "published.csv").open() as file:
        rows = {(row["start_tag"], row["end_tag"]): row for row in csv.DictReader(file)}
    before = sorted(path.stat().st_mtime_ns for path in clone.rglob("*"))

    with borrow(clone) as scratch:
        found = list(count_releases(scratch, packaged("aider-published"), at="HEAD", jobs=2))

    assert len(found) == len(rows) == 81
    assert [release for release in found if release.uncounted] == []
    assert [release for release in found if release.apart] == []
    for release in found:
        row = rows[release.published.start, release.published.end]
        assert release.ai == int(row["published_ai_lines"])
        assert release.whole == int(row["published_total_lines"])
    assert found[-1].stood_in > 0
    assert sorted(path.stat().st_mtime_ns for path in clone.rglob("*")) == before
