from __future__ import annotations

from collections.abc import Iterator

import pytest

from provenance.ledger.read import Run, open_run
from provenance.ledger.write import write_run
from worlds.stored_run import small_world


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Store the small world once; tests only read it."""
    root = tmp_path_factory.mktemp("stored")
    with open_run(write_run(root, "first", small_world(), inputs={"head": "h"})) as opened:
        yield opened
