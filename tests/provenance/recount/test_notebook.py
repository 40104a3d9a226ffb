"""Lines of code cells, found by Python's decoder, are those that the meter's own walk finds."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.recount.notebook import cell_lines
from provenance.scope.lexical import OUTSIDE
from provenance.scope.notebooks import scan_notebook

_WORDS = st.sampled_from(["x = 1\n", "# remark\n", "\n", "y", "", 'print("}")\n', "é\u2028\n"])
_SOURCES = st.one_of(st.lists(_WORDS, max_size=4), _WORDS)
_CELLS = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw"]),
        "source": _SOURCES,
        "outputs": st.lists(st.fixed_dictionaries({"text": _SOURCES, "source": _SOURCES})),
    }
)
_BOOKS = st.one_of(
    st.fixed_dictionaries({"cells": st.lists(_CELLS, max_size=4), "metadata": st.just({})}),
    st.fixed_dictionaries(
        {"worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(_CELLS)}), max_size=2)}
    ),
)


@settings(deadline=None)
@given(_BOOKS, st.sampled_from([None, 0, 1]), st.booleans(), st.booleans())
def test_both_readings_find_the_same_lines(
    book: dict[str, object], indent: int | None, ascii_only: bool, mark: bool
) -> None:
    """Compact or spread out, with or without a byte order mark, in both versions of the form."""
    text = json.dumps(book, indent=indent, ensure_ascii=ascii_only)
    raw = (b"\xef\xbb\xbf" if mark else b"") + text.encode() + b"\n"

    there = np.flatnonzero(scan_notebook(raw).kinds != OUTSIDE) + 1
    assert cell_lines(raw) == frozenset(there.tolist())


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"1", b'{"cells": 3}', b"\xff", b'{"cells": [[]]}', b"[" * 100_000]
)
def test_what_is_no_notebook_has_no_such_lines(raw: bytes) -> None:
    """Hostile content ends in nothing, not in an error."""
    assert cell_lines(raw) == frozenset()
