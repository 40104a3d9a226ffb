"""The evidence tree over all rows: parts by stage and facet, one root, paths to single rows."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from provenance.attest.canonical import LARGEST
from provenance.attest.runs import Row, ordered, record, salt, sums_of_row
from provenance.attest.sums import (
    WIDTH,
    Branch,
    Header,
    fold,
    leaf,
    part,
    seal,
)
from provenance.errors import IntegrityError

_BYTES = WIDTH * 8


class Step(NamedTuple):
    """One step of a path: the neighbour that is joined."""

    left: bool
    """Whether the neighbour is on the left."""
    branch: Branch
    """The neighbour."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one stage and facet."""

    stage: str
    """Stage."""
    facet: str
    """Facet."""
    rows: Branch
    """Top of the tree of its rows."""

    @property
    def branch(self) -> Branch:
        """The part as it is joined with others."""
        return part(self.stage, self.facet, self.rows)


@dataclass(frozen=True, slots=True)
class Opening:
    """One row with the path that leads from it to the root."""

    row: Row
    """The row."""
    salt: bytes
    """Its salt."""
    within: tuple[Step, ...]
    """Steps to the top of its part."""
    across: tuple[Step, ...]
    """Steps to the top of its side of the root."""
    other: Branch
    """The other side: what is outside the denominator, or inside."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The whole evidence, sealed."""

    header: Header
    """How rows were added up."""
    parts: tuple[Part, ...]
    """Parts in the order of stage and facet."""
    opening: Opening | None = None
    """The row that was asked for."""

    @property
    def inside(self) -> Branch:
        """What is inside the denominator."""
        return fold([p.branch for p in self.parts if p.facet in self.header.facets])

    @property
    def outside(self) -> Branch:
        """What is outside of it."""
        return fold([p.branch for p in self.parts if p.facet not in self.header.facets])

    @property
    def root(self) -> bytes:
        """The root."""
        return seal(self.header, self.inside, self.outside)


@dataclass(slots=True)
class _Leaves:
    """The leaves of one part, while its rows come in."""

    stage: str
    facet: str
    hashes: list[bytes] = field(default_factory=list)
    sums: array[int] = field(default_factory=lambda: array("Q"))
    wanted: int | None = None
    row: Row | None = None
    salt: bytes = b""


def build(rows: Iterable[Row], header: Header, *, secret: bytes, wanted: int | None = None) -> Tree:
    """Hash all rows; ``wanted`` is the position of a row whose path is kept.

    Raises:
        IntegrityError: rows are out of order or overlap, or sums overflow.

    """
    parts: list[Part] = []
    leaves: _Leaves | None = None
    found: tuple[_Leaves, list[Step]] | None = None
    for position, row in enumerate(ordered(rows)):
        if leaves is None or (row.stage, row.facet) != (leaves.stage, leaves.facet):
            found = _close(leaves, parts) or found
            leaves = _Leaves(row.stage, row.facet)
        text = record(row)
        salted, sums = salt(secret, text), sums_of_row(row, header)
        if position == wanted:
            leaves.wanted, leaves.row, leaves.salt = len(leaves.hashes), row, salted
        leaves.hashes.append(leaf(salted, sums, text))
        leaves.sums.extend(sums)
    found = _close(leaves, parts) or found
    tree = Tree(header, tuple(parts))
    if found is None:
        return tree
    return Tree(header, tree.parts, _opening(tree, *found))


def _close(leaves: _Leaves | None, parts: list[Part]) -> tuple[_Leaves, list[Step]] | None:
    if leaves is None:
        return None
    top, steps = _climb(leaves.hashes, leaves.sums, leaves.wanted)
    parts.append(Part(leaves.stage, leaves.facet, top))
    return None if leaves.wanted is None else (leaves, steps)


def _climb(hashes: list[bytes], flat: array[int], wanted: int | None) -> tuple[Branch, list[Step]]:
    """Join neighbours level by level; the same as ``fold``, in bulk."""
    sums = np.frombuffer(flat, dtype=np.uint64).reshape(-1, WIDTH)
    _check_room(sums)
    steps: list[Step] = []
    while len(hashes) > 1:
        if wanted is not None:
            beside = wanted ^ 1
            if beside < len(hashes):
                branch = Branch(hashes[beside], tuple(sums[beside].tolist()))
                steps.append(Step(beside < wanted, branch))
            wanted //= 2
        hashes, sums = _level(hashes, sums)
    return Branch(hashes[0], tuple(sums[0].tolist())), steps


def _level(
    hashes: list[bytes], sums: np.ndarray[tuple[int, int], np.dtype[np.uint64]]
) -> tuple[list[bytes], np.ndarray[tuple[int, int], np.dtype[np.uint64]]]:
    text = sums.astype(">u8").tobytes()
    sha256 = hashlib.sha256
    pairs = len(hashes) // 2
    joined = [
        sha256(
            b"\1" + hashes[2 * at] + text[2 * at * _BYTES : (2 * at + 1) * _BYTES]
            + hashes[2 * at + 1] + text[(2 * at + 1) * _BYTES : (2 * at + 2) * _BYTES]
        ).digest()
        for at in range(pairs)
    ]  # fmt: skip
    added = sums[: 2 * pairs].reshape(pairs, 2, WIDTH).sum(axis=1, dtype=np.uint64)
    if len(hashes) % 2:
        joined.append(hashes[-1])
        added = np.concatenate([added, sums[-1:]])
    return joined, added


def _check_room(sums: np.ndarray[tuple[int, int], np.dtype[np.uint64]]) -> None:
    """Refuse rows whose total could overflow: then no sum on the way can."""
    if len(sums) and int(sums.max()) > LARGEST // len(sums):
        total = [sum(column) for column in sums.T.tolist()]
        if max(total) > LARGEST:
            raise IntegrityError("a sum of the evidence tree overflows", slug="tree-overflow")


def _opening(tree: Tree, leaves: _Leaves, within: list[Step]) -> Opening:
    facets = tree.header.facets
    mine = leaves.facet in facets
    side = [p for p in tree.parts if (p.facet in facets) is mine]
    at = next(i for i, p in enumerate(side) if (p.stage, p.facet) == (leaves.stage, leaves.facet))
    assert leaves.row is not None
    return Opening(
        row=leaves.row,
        salt=leaves.salt,
        within=tuple(within),
        across=tuple(_path([p.branch for p in side], at)),
        other=tree.outside if mine else tree.inside,
    )


def _path(branches: Sequence[Branch], wanted: int) -> list[Step]:
    steps = []
    level = list(branches)
    while len(level) > 1:
        beside = wanted ^ 1
        if beside < len(level):
            steps.append(Step(beside < wanted, level[beside]))
        level = [fold(level[at : at + 2]) for at in range(0, len(level), 2)]
        wanted //= 2
    return steps
