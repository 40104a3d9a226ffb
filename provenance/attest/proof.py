"""One row of the evidence ledger opened: that it, and no other, stands at its place under a root.

A proof holds the row, its salt, and the neighbours on the way to the root.  What the row
adds is computed from the row; nothing else in a proof is believed.  Neighbours on the
left give its place: of all lines of an author type inside the denominator, counted from
zero, a drawn number falls into exactly one row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from provenance.attest.canonical import LARGEST, decode, encode, is_digest
from provenance.attest.runs import FIELDS
from provenance.attest.sums import (
    COLUMNS,
    NOTHING,
    SCHEME,
    WIDTH,
    Branch,
    Header,
    Sums,
    add,
    leaf,
    node,
    part,
    seal,
    sums_of,
)
from provenance.errors import AttestationError, IntegrityError
from provenance.terms.authors import AuthorType, Tier
from provenance.terms.stages import Facet, Stage

if TYPE_CHECKING:
    from provenance.attest.tree import Opening, Step, Tree

FORMAT: Final = "provenance-proof/1"
"""Format word of a proof."""
LIMIT: Final = 1 << 20
"""Bytes of a proof, at most: an ordinary one is 2 or 3 KB."""
_KEYS: Final = frozenset({"format", "header", "row", "salt", "within", "across", "other"})
_STEPS: Final = 64
_NUMBERS: Final = frozenset({"characters", "code_lines", "counted", "lines", "start"})
_MAY_LACK: Final = frozenset({"agent", "family", "model", "rule", "tier", "vendor"})
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "author_type": frozenset(map(str, AuthorType)),
    "facet": frozenset(map(str, Facet)),
    "stage": frozenset(map(str, Stage)),
    "tier": frozenset(map(str, Tier)),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a proof says once it is checked."""

    root: str
    """The root it leads to, hexadecimal."""
    header: Header
    """How rows were added up."""
    row: Mapping[str, Any]
    """The row, by column."""
    inside: bool
    """Whether it is inside the denominator."""
    before: Sums
    """Sums of all rows before it on its side."""
    adds: Sums
    """What the row itself adds."""
    totals: Sums
    """Sums of everything inside the denominator."""

    def draws(self, column: str) -> range:
        """Return the numbers, of all lines of a column inside the denominator, that open it."""
        at = COLUMNS.index(column)
        return range(self.before[at], self.before[at] + self.adds[at])


def write(tree: Tree) -> bytes:
    """Return the proof of the row that a tree was asked to open."""
    opening: Opening | None = tree.opening
    assert opening is not None
    return encode(
        {
            "format": FORMAT,
            "header": tree.header.as_json(),
            "row": opening.row._asdict(),
            "salt": opening.salt.hex(),
            "within": _steps(opening.within),
            "across": _steps(opening.across),
            "other": _branch(opening.other),
        }
    )


def _branch(branch: Branch) -> list[object]:
    return [branch.hash.hex(), *branch.sums]


def _steps(steps: Sequence[Step]) -> list[object]:
    return [["left" if step.left else "right", *_branch(step.branch)] for step in steps]


def check(data: bytes) -> Opened:
    """Follow a proof to the root it leads to.

    The caller compares the root with the one that was signed.

    Raises:
        AttestationError: it is not a proof.
        IntegrityError: its sums are impossible.

    """
    if len(data) > LIMIT:
        raise AttestationError(
            "the proof is larger than 1 MiB", slug="proof-too-large", hint="give a proof of one row"
        )
    proof = decode(data, "the proof")
    if proof.keys() != _KEYS or proof["format"] != FORMAT:
        raise _malformed(f"format is not {FORMAT}")
    header = _header(proof["header"])
    row = _row(proof["row"])
    adds = sums_of(row, header)
    salt = _hex(proof["salt"])
    branch = Branch(leaf(salt, adds, encode(row)), adds)
    branch, inner = _climb(branch, proof["within"])
    branch = part(str(row["stage"]), str(row["facet"]), branch)
    branch, outer = _climb(branch, proof["across"])
    other = _read_branch(proof["other"])
    inside = row["facet"] in header.facets
    sides = (branch, other) if inside else (other, branch)
    return Opened(
        root=seal(header, *sides).hex(),
        header=header,
        row=row,
        inside=inside,
        before=add(inner, outer),
        adds=adds,
        totals=sides[0].sums,
    )


def _climb(branch: Branch, steps: Any) -> tuple[Branch, Sums]:
    """Join all neighbours; return the top and the sums of those on the left."""
    if not isinstance(steps, list) or len(steps) > _STEPS:
        raise _malformed("its path is not a list of steps")
    before = NOTHING
    for step in steps:
        if not isinstance(step, list) or not step or step[0] not in ("left", "right"):
            raise _malformed("a step has no side")
        beside = _read_branch(step[1:])
        if step[0] == "left":
            before = add(before, beside.sums)
            branch = node(beside, branch)
        else:
            branch = node(branch, beside)
    return branch, before


def _read_branch(value: Any) -> Branch:
    if not isinstance(value, list) or len(value) != WIDTH + 1:
        raise _malformed("a branch does not have all its sums")
    for number in value[1:]:
        if isinstance(number, bool) or not isinstance(number, int):
            raise _malformed("a sum is not a whole number")
        if number < 0:
            raise IntegrityError("the proof holds a negative sum", slug="tree-negative")
        if number > LARGEST:
            raise IntegrityError("a sum of the proof overflows", slug="tree-overflow")
    return Branch(_hex(value[0]), tuple(value[1:]))


def _hex(value: Any) -> bytes:
    if not isinstance(value, str) or not is_digest(value):
        raise _malformed("a hash is not 64 hexadecimal digits")
    return bytes.fromhex(value)


def _header(value: Any) -> Header:
    if not isinstance(value, dict) or value.get("scheme") != SCHEME:
        raise _malformed(f"its scheme is not {SCHEME}")
    unit, facets, own = value.get("unit"), value.get("facets"), value.get("own_families")
    header = Header(str(unit), _texts(facets), _texts(own))
    if unit not in ("line", "code_line", "character") or header.as_json() != value:
        raise _malformed("its header has other words")
    return header


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _malformed("its header has other words")
    return tuple(value)


def _row(value: Any) -> dict[str, Any]:
    """Return a row whose every field is of its kind, so that it has one form as bytes."""
    if not isinstance(value, dict) or value.keys() != set(FIELDS):
        raise _malformed("the row does not have just the columns of the ledger")
    for name, item in value.items():
        if name in _NUMBERS:
            good = isinstance(item, int) and not isinstance(item, bool) and 0 <= item <= LARGEST
        else:
            good = isinstance(item, str) or (item is None and name in _MAY_LACK)
            good = good and (item is None or name not in _WORDS or item in _WORDS[name])
        if not good:
            raise _malformed(f"{name} of the row is not what the ledger holds")
    if value["start"] < 1 or value["lines"] < 1:
        raise _malformed("the row holds no line")
    if not value["code_lines"] <= value["counted"] <= value["lines"]:
        raise _malformed("the row counts more lines than it has")
    return value


def _malformed(what: str) -> AttestationError:
    return AttestationError(
        f"this is no proof of a row: {what}",
        slug="proof-malformed",
        hint="give the file that provenance ledger prove has written, unchanged",
    )
