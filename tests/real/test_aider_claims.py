"""The disclosure file of Aider's figures is what its published table says.

Needs, in ``PROVENANCE_TRUTH``, a folder with ``published.csv``: one row per release, as
published in ``aider/website/_data/blame.yml``.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from worlds import aider_claims

pytestmark = pytest.mark.real


def test_the_example_holds_every_published_figure() -> None:
    """81 releases, none typed by hand."""
    if "PROVENANCE_TRUTH" not in os.environ:
        pytest.skip("PROVENANCE_TRUTH names no folder")
    table = Path(os.environ["PROVENANCE_TRUTH"]) / "published.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 81
    assert aider_claims.PLACE.read_text(encoding="utf-8") == aider_claims.text(rows)
