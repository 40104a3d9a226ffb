from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import LedgerError
from provenance.ledger.columns import Coded, arrange
from provenance.ledger.escape import escape
from provenance.ledger.schema import COMMITS, FILES, OWNERSHIP, UNMEASURED
from provenance.terms.unmeasured import Reason
from worlds.stored_run import small_world


def _unmeasured(**changes: Any) -> dict[str, Any]:
    return {
        "snapshot": [2, 1, 1],
        "path": ["b", "b", "a"],
        "reason": ["binary", "submodule", "lfs_pointer"],
        "lines": [5, 6, 7],
        **changes,
    }


def test_rows_are_put_into_the_order_of_the_table() -> None:
    arranged = arrange(UNMEASURED, _unmeasured())

    assert arranged["snapshot"].tolist() == [1, 1, 2]
    assert arranged["path"].tolist() == ["a", "b", "b"]
    assert arranged["lines"].tolist() == [7, 6, 5]


def test_columns_come_in_the_order_of_the_table_whatever_the_callers() -> None:
    given_back_to_front = dict(reversed(_unmeasured().items()))

    assert list(arrange(UNMEASURED, given_back_to_front)) == ["snapshot", "path", "reason", "lines"]


@pytest.mark.parametrize(
    "path",
    [
        ["b", "b", "a"],
        ("b", "b", "a"),
        np.array(["b", "b", "a"]),
        np.array(["b", "b", "a"], dtype=object),
        Coded(np.array([1, 1, 0], dtype=np.uint8), ["a", "b"]),
        Coded(np.array([0, 3, 1]), ["b", "a", "unused \udc80", "b"]),
    ],
    ids=["list", "tuple", "unicode", "object", "coded", "coded twice"],
)
def test_every_way_to_give_text_means_the_same(path: Any) -> None:
    expected = arrange(UNMEASURED, _unmeasured())
    arranged = arrange(UNMEASURED, _unmeasured(path=path))

    assert [arranged[name].tolist() for name in arranged] == [
        expected[name].tolist() for name in expected
    ]


class _OldEnum(str, Enum):  # noqa: UP042 - foreign code may still do this
    BINARY = "binary"


def test_enum_members_are_stored_as_their_value() -> None:
    """House enums are text; nothing is stored as ``Reason.BINARY``."""
    mixed: list[str] = [Reason.BINARY, _OldEnum.BINARY, "binary"]

    assert set(arrange(UNMEASURED, _unmeasured(reason=mixed))["reason"]) == {"binary"}


def _text() -> st.SearchStrategy[str]:
    return st.text(st.sampled_from("ab\\\udc80é\U0001f600\uffff "), max_size=3)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([-(2**31), -1, 0, 1, 2**31 - 1]),
            _text(),
            st.sampled_from([str(reason) for reason in Reason]),
            st.integers(-(2**31), 2**31 - 1),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_is_total_and_like_sql(rows: list[tuple[Any, ...]], random: Any) -> None:
    """Shuffled rows end in the same order: by value, text by its stored bytes."""
    names = ("snapshot", "path", "reason", "lines")
    shuffled = list(rows)
    random.shuffle(shuffled)
    arranged = arrange(UNMEASURED, {n: [row[k] for row in shuffled] for k, n in enumerate(names)})
    stored = [(a, escape(b), c, d) for a, b, c, d in rows]

    assert list(zip(*(arranged[name].tolist() for name in names), strict=True)) == sorted(
        stored, key=lambda row: (row[0], row[1].encode(), row[2], row[3])
    )


def test_numbers_too_wide_to_join_are_still_sorted() -> None:
    """Sorting packs keys into 62 bits; full-range times must not overflow into each other."""
    commits = dict(small_world()["commits"])
    commits["committed_at"] = [2**63 - 1, -(2**63), 0]
    commits["authored_at"] = [-(2**63), 2**63 - 1, 0]
    arranged = arrange(COMMITS, commits)

    assert arranged["committed_at"].tolist() == [-(2**63), 0, 2**63 - 1]
    assert arranged["authored_at"].tolist() == [2**63 - 1, 0, -(2**63)]
    assert arranged["parents"].tolist() == ["a" * 40, "a" * 40 + " " + "b" * 40, ""]


@pytest.mark.parametrize("empty", [list, lambda: np.array([]), tuple], ids=["list", "array", "()"])
def test_no_rows_are_legal_in_every_column(empty: Callable[[], Any]) -> None:
    for table in (COMMITS, FILES, OWNERSHIP):
        arranged = arrange(table, {column.name: empty() for column in table.columns})

        assert all(len(values) == 0 for values in arranged.values())


@pytest.mark.parametrize(
    ("changes", "slug", "named"),
    [
        ({"colour": [1, 2, 3]}, "ledger-column", "unknown column 'colour'"),
        ({"lines": [1, 2]}, "ledger-rows", "'lines': 2"),
        ({"lines": [1, None, 2]}, "ledger-value", "unmeasured.lines"),
        ({"lines": [1.5, 2.0, 3.0]}, "ledger-value", "float64"),
        ({"lines": [True, False, True]}, "ledger-value", "bool"),
        ({"lines": [1, 2, 2**31]}, "ledger-value", "outside INTEGER"),
        ({"lines": [1, 2, -(2**31) - 1]}, "ledger-value", "outside INTEGER"),
        ({"lines": [1, 2, 2**70]}, "ledger-value", "unmeasured.lines"),
        ({"lines": np.array([1, 2, 2**63], np.uint64)}, "ledger-value", "outside INTEGER"),
        ({"lines": [[1], [2], [3]]}, "ledger-value", "one value per row"),
        ({"lines": [[1], [2, 3], 4]}, "ledger-value", "one value per row"),
        ({"lines": Coded(np.array([0, 0, 0]), ["1"])}, "ledger-value", "is not text"),
        ({"path": ["a", None, "b"]}, "ledger-value", "must not be NULL"),
        ({"path": ["a", 7, "b"]}, "ledger-value", "not text"),
        ({"path": ["a", b"x", "b"]}, "ledger-value", "not text"),
        ({"path": ["a", ["x"], "b"]}, "ledger-value", "not text"),
        ({"path": "abc"}, "ledger-value", "one value per row"),
        ({"path": Coded(np.array([0, 1, 2]), ["a", "b"])}, "ledger-value", "without a word"),
        ({"path": Coded(np.array([0, -2, 1]), ["a", "b"])}, "ledger-value", "without a word"),
        ({"path": Coded(np.array([0.0, 1, 1]), ["a", "b"])}, "ledger-value", "whole number"),
        ({"reason": ["binary", "bored", "binary"]}, "ledger-value", "'bored'"),
    ],
)
def test_what_a_column_cannot_hold_is_refused_by_name(
    changes: dict[str, Any], slug: str, named: str
) -> None:
    with pytest.raises(LedgerError) as caught:
        arrange(UNMEASURED, _unmeasured(**changes))

    assert caught.value.slug == slug
    assert named in caught.value.message


def test_a_missing_column_is_refused_by_name() -> None:
    columns = _unmeasured()
    del columns["reason"]
    with pytest.raises(LedgerError, match="missing column 'reason'") as caught:
        arrange(UNMEASURED, columns)

    assert "snapshot, path, reason, lines" in caught.value.hint


@pytest.mark.parametrize(
    "parents",
    [
        [[], ["a b"], []],
        [[], [""], []],
        [[], "abc", []],
        [[], None, []],
        [[], [7], []],
        Coded(np.array([0, 0, 0]), ["a"]),
    ],
    ids=["space", "empty word", "text", "null", "number", "coded"],
)
def test_a_list_that_could_not_be_told_apart_again_is_refused(parents: Any) -> None:
    with pytest.raises(LedgerError) as caught:
        arrange(COMMITS, {**small_world()["commits"], "parents": parents})

    assert caught.value.slug == "ledger-value"
    assert "commits.parents" in caught.value.message
