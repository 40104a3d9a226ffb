"""The arithmetic of the evidence tree: what is hashed, and what each hash adds up.

Every hash covers the sums below it, left and right apart, so the totals of a root are
forced by its leaves.  The first byte says what was hashed (leaf, node, part, seal); every
other field has a fixed length, but for one that comes last.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from provenance.attest.canonical import LARGEST, encode
from provenance.errors import IntegrityError
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts, Own

SCHEME: Final = "provenance-runs/1"
"""Name of this way to hash, part of every seal."""
COLUMNS: Final = (
    "rows", "lines", *(kind.value for kind in AuthorType),
    "own_floor", "own_declared", "own_ceiling",
)  # fmt: skip
"""What is added up, in order: rows, lines as git counts, and the unit by author type and own."""
WIDTH: Final = len(COLUMNS)
"""How many numbers are added up."""
DIGEST: Final = 32
"""Bytes of a hash, and of a salt."""
_UNITS: Final = {"line": "counted", "code_line": "code_lines", "character": "characters"}
_PACKED: Final = struct.Struct(f">{WIDTH}Q")
_TYPES: Final = tuple(kind.value for kind in AuthorType)
_MADE: Final = ("ai", "assisted")

Sums: TypeAlias = tuple[int, ...]
"""One number for each of ``COLUMNS``."""
NOTHING: Final[Sums] = (0,) * WIDTH
"""The sums of no rows."""


class Branch(NamedTuple):
    """The top of a tree, or a part of one."""

    hash: bytes
    """SHA-256 of what is below."""
    sums: Sums
    """What is below, added up."""


EMPTY: Final = Branch(bytes(DIGEST), NOTHING)
"""The tree of no rows."""


@dataclass(frozen=True, slots=True)
class Header:
    """What decides how rows are added up."""

    unit: str
    """``line``, ``code_line`` or ``character``."""
    facets: tuple[str, ...]
    """Facets in the denominator, sorted."""
    own_families: tuple[str, ...]
    """The lab's own model families, sorted."""

    def as_json(self) -> dict[str, object]:
        """Return the header as it is hashed."""
        return {
            "scheme": SCHEME,
            "unit": self.unit,
            "facets": list(self.facets),
            "own_families": list(self.own_families),
        }


def sums_of(record: Mapping[str, object], header: Header) -> Sums:
    """Return what one row adds: a function of the row and the definition, never a claim."""
    counted, amount = record["counted"], record[_UNITS[header.unit]]
    assert isinstance(counted, int)
    assert isinstance(amount, int)
    return row_sums(
        counted, amount, str(record["author_type"]), record["family"], header.own_families
    )


def row_sums(
    counted: int, amount: int, author_type: str, family: object, own_families: Sequence[str]
) -> Sums:
    """Return what a row adds, from its parts."""
    made = author_type in _MADE
    mine = made and family is not None and family in own_families
    may_be_mine = mine or (made and family is None) or author_type == "unattested"
    return (
        1,
        counted,
        *(amount if author_type == kind else 0 for kind in _TYPES),
        amount if mine and author_type == "ai" else 0,
        amount if mine else 0,
        amount if may_be_mine else 0,
    )


def add(left: Sums, right: Sums) -> Sums:
    """Add number by number.

    Raises:
        IntegrityError: a number is negative, or a sum does not fit 63 bits.

    """
    if min(left) < 0 or min(right) < 0:
        raise IntegrityError("the evidence tree holds a negative sum", slug="tree-negative")
    both = tuple(a + b for a, b in zip(left, right, strict=True))
    if max(both) > LARGEST:
        raise IntegrityError("a sum of the evidence tree overflows", slug="tree-overflow")
    return both


def packed(sums: Sums) -> bytes:
    """Return sums as they are hashed: eight bytes each, most significant first."""
    return _PACKED.pack(*sums)


def leaf(salt: bytes, sums: Sums, record: bytes) -> bytes:
    """Return the hash of one row."""
    return hashlib.sha256(b"\0" + salt + packed(sums) + record).digest()


def node(left: Branch, right: Branch) -> Branch:
    """Join two branches."""
    text = b"\1" + left.hash + packed(left.sums) + right.hash + packed(right.sums)
    return Branch(hashlib.sha256(text).digest(), add(left.sums, right.sums))


def part(stage: str, facet: str, rows: Branch) -> Branch:
    """Name the rows of one stage and facet."""
    text = b"\2" + rows.hash + packed(rows.sums) + encode([stage, facet])
    return Branch(hashlib.sha256(text).digest(), rows.sums)


def seal(header: Header, inside: Branch, outside: Branch) -> bytes:
    """Return the root: what is inside the denominator, what is outside, and how it was added."""
    text = b"\3" + inside.hash + packed(inside.sums) + outside.hash + packed(outside.sums)
    add(inside.sums, outside.sums)
    return hashlib.sha256(text + encode(header.as_json())).digest()


def fold(branches: Sequence[Branch]) -> Branch:
    """Join branches pair by pair; an odd last one moves up alone, so none counts twice."""
    level = list(branches) or [EMPTY]
    while len(level) > 1:
        level = [
            node(level[at], level[at + 1]) if at + 1 < len(level) else level[at]
            for at in range(0, len(level), 2)
        ]
    return level[0]


def named(sums: Sums) -> dict[str, int]:
    """Return sums by the names of their columns."""
    return dict(zip(COLUMNS, sums, strict=True))


def counts_of(sums: Sums) -> Counts:
    """Return the counts by author type that are in sums."""
    return Counts(*sums[2 : 2 + len(_TYPES)])


def own_of(sums: Sums) -> Own:
    """Return the self-written figures that are in sums."""
    return Own(*sums[2 + len(_TYPES) :])
