"""A proof opens just the row that was signed at its place; every forgery is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attest.canonical import encode
from provenance.attest.proof import check, write
from provenance.attest.sums import WIDTH
from provenance.attest.tree import build
from provenance.errors import AttestationError, IntegrityError, MeterError
from worlds.evidence_rows import HEADER, ROWS, SECRET

ROOT = build(ROWS, HEADER, secret=SECRET).root.hex()
Proof = dict[str, Any]


def _proof(at: int = 4) -> Proof:
    found = json.loads(write(build(ROWS, HEADER, secret=SECRET, wanted=at)))
    assert isinstance(found, dict)
    return found


def _holds(proof: Proof) -> bool:
    try:
        return check(encode(proof)).root == ROOT
    except (AttestationError, IntegrityError):
        return False


def test_a_true_proof_holds_and_says_where_the_row_stands() -> None:
    """Lines before it on its side come first, in the order of stage, facet, path and line."""
    opened = check(encode(_proof()))

    assert opened.root == ROOT
    assert opened.row["path"] == "train/loop.py"
    assert opened.row["start"] == 41
    assert opened.inside
    assert opened.draws("assisted") == range(6)
    assert opened.draws("lines") == range(10 + 4 + 3 + 40, 10 + 4 + 3 + 40 + 8)
    assert not opened.draws("ai")


def test_a_row_outside_the_denominator_is_opened_as_such() -> None:
    """Tests are under the root too, on their own side."""
    opened = check(encode(_proof(7)))

    assert opened.root == ROOT
    assert not opened.inside
    assert opened.draws("lines") == range(20)


def _edit(change: Callable[[Proof], object]) -> Proof:
    proof = copy.deepcopy(_proof())
    change(proof)
    return proof


def _move(proof: Proof, column: int, amount: int) -> None:
    """Move lines from one neighbour to another, the total unchanged."""
    proof["within"][0][1 + column + 1] += amount
    proof["across"][0][1 + column + 1] -= amount


FORGERIES: dict[str, Callable[[Proof], object]] = {
    "another author": lambda p: p["row"].update(author_type="human"),
    "another model family": lambda p: p["row"].update(family=None),
    "fewer code lines": lambda p: p["row"].update(code_lines=1),
    "another commit": lambda p: p["row"].update(commit="cd" * 20),
    "another line": lambda p: p["row"].update(start=42),
    "another path": lambda p: p["row"].update(path="train/other.py"),
    "another stage": lambda p: p["row"].update(stage="evaluation"),
    "another facet, outside": lambda p: p["row"].update(facet="test"),
    "another salt": lambda p: p.update(salt="00" * 32),
    "siblings swapped": lambda p: p["within"].reverse(),
    "sides swapped": lambda p: p["within"][0].__setitem__(
        0, "left" if p["within"][0][0] == "right" else "right"
    ),
    "a step left out": lambda p: p["within"].pop(),
    "a step twice": lambda p: p["within"].append(p["within"][-1]),
    "steps moved across": lambda p: p["across"].insert(0, p["within"].pop()),
    "a neighbour's sum": lambda p: p["within"][0].__setitem__(3, p["within"][0][3] + 1),
    "sums moved between neighbours": lambda p: _move(p, 1, 1),
    "the other side emptied": lambda p: p.update(other=["00" * 32, *[0] * WIDTH]),
    "the sums of the other side": lambda p: p["other"].__setitem__(2, p["other"][2] + 1),
    "another unit": lambda p: p["header"].update(unit="line"),
    "another own family": lambda p: p["header"].update(own_families=["other"]),
    "tests in the denominator": lambda p: p["header"]["facets"].append("test"),
    "a node as leaf": lambda p: p.update(within=[], salt=p["within"][0][1]),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_proof_leads_to_another_root_or_nowhere(name: str) -> None:
    """Nothing in a proof can be changed and still lead to what was signed."""
    assert not _holds(_edit(FORGERIES[name]))


MALFORMED: dict[str, tuple[Callable[[Proof], object], str]] = {
    "a negative sum": (lambda p: p["within"][0].__setitem__(3, -1), "tree-negative"),
    "a sum of 64 bits": (lambda p: p["within"][0].__setitem__(3, 2**63), "tree-overflow"),
    "sums that overflow": (lambda p: p["within"][0].__setitem__(3, 2**63 - 1), "tree-overflow"),
    "too few sums": (lambda p: p["within"][0].pop(), "proof-malformed"),
    "too many sums": (lambda p: p["within"][0].append(0), "proof-malformed"),
    "true for one": (lambda p: p["within"][0].__setitem__(2, True), "proof-malformed"),
    "a short hash": (lambda p: p["other"].__setitem__(0, "00"), "proof-malformed"),
    "a hash with spaces": (lambda p: p["other"].__setitem__(0, " " * 64), "proof-malformed"),
    "no side": (lambda p: p["within"][0].__setitem__(0, "up"), "proof-malformed"),
    "a very long path": (lambda p: p.update(within=p["within"] * 100), "proof-malformed"),
    "a key too many": (lambda p: p.update(extra=1), "proof-malformed"),
    "a key too few": (lambda p: p.pop("salt"), "proof-malformed"),
    "another format": (lambda p: p.update(format="provenance-proof/2"), "proof-malformed"),
    "another scheme": (lambda p: p["header"].update(scheme="x"), "proof-malformed"),
    "a column too many": (lambda p: p["row"].update(extra=1), "proof-malformed"),
    "a column too few": (lambda p: p["row"].pop("tier"), "proof-malformed"),
    "a negative amount": (lambda p: p["row"].update(code_lines=-1), "proof-malformed"),
    "a float": (lambda p: p["row"].update(code_lines=1.0), "attest-json"),
    "more code than lines": (lambda p: p["row"].update(code_lines=99), "proof-malformed"),
    "an unknown author type": (lambda p: p["row"].update(author_type="x"), "proof-malformed"),
    "no author type": (lambda p: p["row"].update(author_type=None), "proof-malformed"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_proof_is_refused_by_name(name: str) -> None:
    """Sums out of range, missing and surplus parts never reach a hash."""
    change, slug = MALFORMED[name]
    with pytest.raises(MeterError) as caught:
        check(json.dumps(_edit(change)).encode())

    assert caught.value.slug == slug
    assert caught.value.hint or slug.startswith("tree-")


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b"\xff", b'{"a": 1, "a": 2}', b"[" * 100_000, b" " * (2 << 20)],
    ids=["empty", "list", "cut", "no text", "a key twice", "deep", "large"],
)
def test_foreign_bytes_are_refused(data: bytes) -> None:
    """Whatever it is, the answer is an error of ours."""
    with pytest.raises(AttestationError):
        check(data)


@settings(deadline=None)
@given(st.data())
def test_no_single_change_of_a_number_or_digit_survives(data: st.DataObject) -> None:
    """Any one value of a proof changed to another of its kind leads elsewhere."""
    proof = _proof(data.draw(st.integers(0, len(ROWS) - 1)))
    places = list(_places(proof))
    holder, key = places[data.draw(st.integers(0, len(places) - 1))]
    old = holder[key]
    if isinstance(old, int):
        holder[key] = data.draw(st.integers(0, 2**63 - 1).filter(lambda new: new != old))
    else:
        at = data.draw(st.integers(0, max(len(old) - 1, 0)))
        holder[key] = old[:at] + ("0" if old[at : at + 1] != "0" else "1") + old[at + 1 :]

    assert not _holds(proof)


def _places(value: Any) -> Any:
    """Yield every text and number of a proof with what holds it."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(items):
        if isinstance(item, dict | list):
            yield from _places(item)
        elif item is not None:
            yield value, key


def test_a_proof_under_a_million_rows_is_small() -> None:
    """Twenty levels whose sums double, and a long path, fit into four kilobytes."""
    proof = _proof()
    proof["within"] = [["left", "ab" * 32, *[15 << level] * WIDTH] for level in range(20)]
    proof["row"]["path"] = "a/long/path/" * 10

    assert len(encode(proof)) <= 4096
