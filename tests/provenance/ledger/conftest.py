from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from worlds.stored_run import small_world

from provenance.ledger.read import Run, open_run
from provenance.ledger.write import write_run


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Store the small world."""
    folder = write_run(tmp_path / "root", "first", small_world(), inputs={"head": "h"})
    with open_run(folder) as opened:
        yield opened
