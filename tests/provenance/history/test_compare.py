"""Single questions to git: every answer ends where it ends, whatever it holds."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from provenance.history.compare import BlobComparer
from provenance.history.repository import open_repository
from provenance.terms.changes import Lens
from worlds.world import World


def between(folder: Path, pairs: list[tuple[str, str]], lens: Lens) -> list[list[int] | None]:
    """Ask one process how each old text differs from the new one."""
    world = World(folder / "repo")
    files = {f"{side}{n}": pair[side] for n, pair in enumerate(pairs) for side in (0, 1)}
    world.commit(edit=files)
    built = world.build()
    names = "".join(f"{built.ids[0]}:{name}\n" for name in files).encode()
    out = built.git("cat-file", "--batch-check=%(objectname)", stdin=names).split()
    with (
        open_repository(built.path) as repository,
        closing(BlobComparer(repository, lens=lens)) as comparer,
    ):
        return [
            comparer.lines_between(old, new) for old, new in zip(out[::2], out[1::2], strict=True)
        ]


def test_only_whitespace_differs(tmp_path: Path) -> None:
    """An answer without a single line is an answer, and the next one is its own."""
    pairs = [("a\n", " a\n"), ("a\nb\n", "a\nc\n"), ("\0\n", "\0 \n")]

    found = between(tmp_path, pairs, Lens.IGNORE_WHITESPACE)

    assert found == [[], [1, 1, 1, 1], []]


@pytest.mark.parametrize("before", ["\0", "\n", ""])
def test_content_cannot_end_an_answer(before: str, tmp_path: Path) -> None:
    """Lines that look like an end, wherever a read may stop, belong to the answer."""
    count = 20_000
    line = f"{before}end-of-answer\n".replace("\n\n", "\n")
    pairs = [("x\n", "y" * pad + "\n" + line * count) for pad in range(len(line) + 1)]
    pairs.append(("one\n", "one\ntwo\n"))

    found = between(tmp_path, pairs, Lens.PLAIN)
    added = [sum((hunks or [])[3::4]) for hunks in found]

    assert added == [text.count("\n") for _, text in pairs[:-1]] + [1]
