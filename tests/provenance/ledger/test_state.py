from __future__ import annotations

import io
import pickle
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn
from numpy.typing import NDArray

from provenance.errors import LedgerError
from provenance.ledger.state import pack, unpack

_ARRAYS = st.dictionaries(
    st.text("abcxyz_", min_size=1, max_size=8),
    hn.arrays(
        st.sampled_from([np.int8, np.int32, np.int64, np.uint8, np.bool_]),
        hn.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=9),
    ),
    max_size=4,
)


@given(_ARRAYS)
def test_arrays_come_back_with_type_shape_and_values(arrays: dict[str, NDArray[Any]]) -> None:
    back = unpack(pack(arrays))

    assert list(back) == sorted(arrays)
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype
        assert back[name].shape == array.shape
        assert np.array_equal(back[name], array)


def test_equal_arrays_give_equal_bytes_in_any_order() -> None:
    """A blob is covered by the manifest, so it must not depend on time or order."""
    one, two = np.arange(1000), np.zeros(10, dtype=bool)

    assert pack({"a": one, "b": two}) == pack({"b": two.copy(), "a": one.copy()})


def test_python_objects_are_refused() -> None:
    """Nothing that could run code is stored."""
    with pytest.raises(LedgerError) as caught:
        pack({"a": np.array([{}, None], dtype=object)})

    assert caught.value.slug == "ledger-state"


class _Bomb:
    """Would end the process if it were ever unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, ("raise SystemExit('ran')",))


def _archive_with_objects() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, a=np.array([_Bomb()], dtype=object))
    return buffer.getvalue()


def _archive_without_arrays() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.npy", "just text")
    return buffer.getvalue()


def _single_array() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.arange(3))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"PK\x03\x04 no archive",
        pickle.dumps(_Bomb()),
        _archive_with_objects(),
        _single_array(),
        pack({"a": np.arange(5000)})[:-40],
        _archive_without_arrays(),
    ],
    ids=["empty", "garbage", "pickle", "objects", "single", "cut", "no array"],
)
def test_a_blob_that_is_no_state_is_refused(blob: bytes) -> None:
    with pytest.raises(LedgerError) as caught:
        unpack(blob)

    assert caught.value.slug == "ledger-state"
