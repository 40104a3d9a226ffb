"""The totals of a root are forced by its rows, and every row has its own place under it."""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from collections import Counter

import pytest
from hypothesis import given, settings

from provenance.attest import runs
from provenance.attest.proof import check, write
from provenance.attest.runs import Row
from provenance.attest.sums import COLUMNS, EMPTY, Header, named
from provenance.attest.tree import build
from provenance.errors import IntegrityError
from worlds.evidence_rows import HEADER, ROWS, SECRET, any_rows, row


def _recount(rows: list[Row], header: Header) -> dict[str, int]:
    """Add up the rows of the denominator without the code under test."""
    found: Counter[str] = Counter(dict.fromkeys(COLUMNS, 0))
    column = {"line": "counted", "code_line": "code_lines", "character": "characters"}[header.unit]
    for one in rows:
        if one.facet not in header.facets:
            continue
        amount = getattr(one, column)
        found["rows"] += 1
        found["lines"] += one.counted
        found[one.author_type] += amount
        ai, helped = one.author_type == "ai", one.author_type == "assisted"
        own = one.family in header.own_families
        found["own_floor"] += amount * (ai and own)
        found["own_declared"] += amount * ((ai or helped) and own)
        found["own_ceiling"] += amount * (
            ((ai or helped) and (own or one.family is None)) or one.author_type == "unattested"
        )
    return dict(found)


def _sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


@settings(max_examples=80, deadline=None)
@given(any_rows())
def test_the_root_carries_the_totals_of_the_denominator(drawn: list[Row]) -> None:
    """For any rows and any unit, against a count that knows nothing of trees."""
    for unit in ("line", "code_line", "character"):
        header = Header(unit, HEADER.facets, HEADER.own_families)
        tree = build(drawn, header, secret=SECRET)

        assert named(tree.inside.sums) == _recount(drawn, header)
        assert tree.inside.sums[0] + tree.outside.sums[0] == len(drawn)


@settings(max_examples=60, deadline=None)
@given(any_rows())
def test_every_row_can_be_proven_and_drawn_numbers_open_one_row_each(drawn: list[Row]) -> None:
    """The ranges of all rows tile the numbers of each column: no gap, no overlap."""
    root = build(drawn, HEADER, secret=SECRET).root.hex()
    opened = [
        check(write(build(drawn, HEADER, secret=SECRET, wanted=at))) for at in range(len(drawn))
    ]

    assert [dict(one.row) for one in opened] == [one._asdict() for one in drawn]
    assert {one.root for one in opened} <= {root}
    for column in COLUMNS:
        tiles = sorted(
            (one.draws(column).start, one.draws(column).stop)
            for one in opened
            if one.inside and one.draws(column)
        )
        whole = _recount(drawn, HEADER)[column]
        assert [start for start, _ in tiles] == [0, *(stop for _, stop in tiles)][: len(tiles)]
        assert (tiles[-1][1] if tiles else 0) == whole


def test_the_hashes_are_those_of_the_documentation() -> None:
    """Leaf, node, part and seal, spelled out by hand for two rows of one part."""
    one, two = ROWS[0], ROWS[1]
    texts = [
        json.dumps(r._asdict(), separators=(",", ":"), sort_keys=True).encode() for r in (one, two)
    ]
    sums = [(1, 10, 8, 0, 0, 0, 0, 0, 8, 8, 8), (1, 4, 0, 0, 0, 0, 0, 3, 0, 0, 3)]
    packed = [struct.pack(">11Q", *s) for s in sums]
    salts = [
        hmac.new(SECRET, b"provenance-runs/1 salt\0" + text, "sha256").digest() for text in texts
    ]
    leaves = [_sha256(b"\0", s, p, t) for s, p, t in zip(salts, packed, texts, strict=True)]
    node = _sha256(b"\1", leaves[0], packed[0], leaves[1], packed[1])
    both = struct.pack(">11Q", *map(sum, zip(*sums, strict=True)))
    part = _sha256(b"\2", node, both, b'["evaluation","source"]')
    header = (
        b'{"facets":["config","notebook","source"],"own_families":["claude"],'
        b'"scheme":"provenance-runs/1","unit":"code_line"}'
    )
    root = _sha256(b"\3", part, both, EMPTY.hash, bytes(88), header)

    assert build([one, two], HEADER, secret=SECRET).root == root


def test_a_record_is_canonical_json() -> None:
    """What is hashed is what any JSON writer gives with sorted keys and no spaces."""
    strange = row("training", 'we"ird \udce9\n\\.py', 1, 2, "ai", family="ö")

    for one in (*ROWS, strange):
        expected = json.dumps(one._asdict(), separators=(",", ":"), sort_keys=True)
        assert runs.record(one) == expected.encode("ascii")


def test_no_leaf_counts_twice_where_their_number_is_odd() -> None:
    """Repeating the last row, or a whole row elsewhere, is refused before it is hashed."""
    three = list(ROWS[2:5])

    for twice in ([*three, three[-1]], [three[0], *three]):
        with pytest.raises(IntegrityError, match="overlap or are out of order"):
            build(twice, HEADER, secret=SECRET)


@pytest.mark.parametrize(
    "wrong",
    [
        [ROWS[2], ROWS[0]],
        [ROWS[4], ROWS[3]],
        [ROWS[3], ROWS[2]],
        [ROWS[3], ROWS[4]._replace(start=40)],
        [ROWS[0], ROWS[2]._replace(path=ROWS[0].path)],
        [ROWS[2]._replace(start=0)],
        [ROWS[2]._replace(lines=0)],
    ],
    ids=["stage", "line", "path", "overlap", "one path in two parts", "line zero", "no line"],
)
def test_rows_out_of_order_or_twice_are_refused(wrong: list[Row]) -> None:
    """One line of a file is at most in one row."""
    with pytest.raises(IntegrityError) as caught:
        build(wrong, HEADER, secret=SECRET)

    assert caught.value.slug == "runs-order"


def test_sums_that_overflow_are_refused() -> None:
    """A total that wraps around could hide any amount of lines."""
    huge = [row("training", f"p{at}.py", 1, 1)._replace(code_lines=2**62) for at in range(2)]

    with pytest.raises(IntegrityError) as caught:
        build(huge, HEADER, secret=SECRET)

    assert caught.value.slug == "tree-overflow"


def test_overflow_across_parts_is_refused() -> None:
    """Each part fits, their sum does not."""
    huge = [
        row(stage, f"{stage}.py", 1, 1)._replace(code_lines=2**62)
        for stage in ("evaluation", "training")
    ]
    tree = build(huge, HEADER, secret=SECRET)

    with pytest.raises(IntegrityError) as caught:
        _ = tree.root

    assert caught.value.slug == "tree-overflow"


def test_the_secret_decides_every_hash_and_no_sum() -> None:
    """Without it, a hash cannot be compared with a guessed row."""
    one, other = (build(ROWS, HEADER, secret=secret) for secret in (SECRET, b"another"))

    assert one.root != other.root
    assert one.inside.sums == other.inside.sums
    assert build(ROWS, HEADER, secret=SECRET).root == one.root


def test_unit_own_families_and_facets_are_part_of_the_root() -> None:
    """The same rows added up otherwise are another root, even where the sums agree."""
    headers = (
        HEADER,
        Header("line", HEADER.facets, HEADER.own_families),
        Header("code_line", (*HEADER.facets, "test"), HEADER.own_families),
        Header("code_line", HEADER.facets, ("nobody",)),
        Header("code_line", ("source",), HEADER.own_families),
    )

    assert len({build(ROWS, header, secret=SECRET).root for header in headers}) == len(headers)


def test_no_rows_at_all_have_a_root() -> None:
    """An empty head can be signed too."""
    tree = build([], HEADER, secret=SECRET)

    assert tree.inside == tree.outside == EMPTY
    assert len(tree.root) == 32
