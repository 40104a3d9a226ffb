"""The table that leads from a line id back to its origin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import HistoryError
from provenance.ownership import births as module
from provenance.ownership.births import Births

_small = st.integers(0, 50)
rows = st.lists(st.tuples(_small, _small, _small, _small, st.integers(0, 400)), max_size=60)


@settings(max_examples=60)
@given(rows=rows, block=st.sampled_from([1, 2, 7, 64, 1 << 18]))
def test_every_line_id_leads_back(rows: list[tuple[int, ...]], block: int) -> None:
    """Ids come in order without gaps; commit, path and number of each are found again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        births = Births()
        given_out, expected = [], []
        for commit, path, new, removed, added in rows:
            given_out.append(births.add(commit, path, 3, removed, new, added))
            expected += [[commit, path, new + place] for place in range(added)]

    ids = np.frombuffer(b"".join(given_out), dtype=np.uint32)

    assert ids.tolist() == list(range(len(births))) == list(range(len(expected)))
    assert births.index().origins(ids).tolist() == expected
    assert births.commits().tolist() == [row[0] for row in expected]
    assert births.index().commits(ids).tolist() == [row[0] for row in expected]
    for commit in {row[0] for row in rows}:
        born = births.index().lines_of(commit).tolist()
        assert born == [line for line, row in enumerate(expected) if row[0] == commit]


def test_a_hunk_that_only_removes_is_kept() -> None:
    """Removed lines leave a row without ids."""
    births = Births()

    assert births.add(1, 2, 3, 4, 3, 0) == b""
    assert births.table().tolist() == [[1, 2, 3, 4, 3, 0]]


def test_more_lines_than_ids_is_an_error() -> None:
    """Ids never run over into the marks for nobody."""
    births = Births()
    births._next = 0xFFFFFFFE - 5

    assert len(births.add(0, 0, 0, 0, 0, 5)) == 20
    with pytest.raises(HistoryError):
        births.add(0, 0, 0, 0, 0, 1)
