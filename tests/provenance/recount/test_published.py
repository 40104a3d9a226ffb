"""A published definition is data: its files, its flags, its rule, and where its figures stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.errors import InconclusiveError, UsageError
from provenance.recount.published import (
    Figure,
    Release,
    count_releases,
    names,
    packaged,
    read_definition,
    read_figures,
)
from provenance.recount.scratch import borrow
from worlds.world import World, numbered

_DEFINITION = rb"""
id = "small"
title = "A small project"
blame = "-M100 -C100 -C -C"
keep = ['\.py$']
drop = ['^drop\.py$']
[ai]
author = '\(tool\)'
subject = '^tool:'
message = 'made-by: tool'
[figures]
path = "figures.yml"
start = "from"
end = "to"
ai = "ours"
whole = "all"
"""
_FIGURES = """\
- from: v1
  nested:
    ours: 99
  ours: {}
  all: {}
  'to': nothing
  to: v2
"""


def _world(folder: Path, ours: int, everything: int) -> Path:
    """Build a release with lines of the tool, of others, moved, dropped, and of a second root."""
    world = World(folder)
    body = [f"a long line of code, number {n}, that is long enough to be found\n" for n in range(9)]
    first = world.commit(edit={"a.py": "".join(body), "still.py": "".join(numbered(4))})
    world.ref("refs/tags/v1", first)
    second = world.commit(
        first, edit={"b.py": "".join([*body, "x\n"]), "drop.py": "x\n"}, author="A (Tool) <a@b>"
    )
    third = world.commit(second, edit={"a.py": "".join([*body, "y\n", "z\n"])})
    other = world.commit(edit={"root.py": "".join(numbered(3))})
    merged = world.commit(
        third, other, edit={"root.py": "".join(numbered(3))}, message="tool: join"
    )
    fourth = world.commit(
        merged,
        edit={"c.py": "c\n" * 4, "figures.yml": _FIGURES.format(ours, everything)},
        message="Add\n\nMade-By: tool",
    )
    world.ref("refs/tags/v2", fourth)
    return world.build().path


def _releases(path: Path, at: str = "HEAD") -> list[Release]:
    with borrow(path) as scratch:
        return list(count_releases(scratch, read_definition(_DEFINITION), at=at, jobs=1))


def test_a_release_is_counted_by_its_definition(tmp_path: Path) -> None:
    """Copied lines stay with the old release, roots and dropped files are out, three rules hold."""
    (found,) = _releases(_world(tmp_path / "world", 5, 7))

    assert (found.ai, found.whole) == (5, 7)
    assert found.apart == 0
    assert found.uncounted == ()


def test_a_wrong_figure_is_found(tmp_path: Path) -> None:
    """Also one whose total is right."""
    (found,) = _releases(_world(tmp_path / "world", 6, 7))

    assert found.apart == 1


def test_figures_are_read_at_the_first_level_only() -> None:
    """Nested numbers of the same name do not count; a missing word is told."""
    definition = read_definition(_DEFINITION)

    assert read_figures(definition, _FIGURES.format(1, 2)) == [Figure("v1", "v2", 1, 2)]
    assert read_figures(definition, "") == []
    with pytest.raises(UsageError, match="cannot be read"):
        read_figures(definition, "- from: v1\n  to: v2\n  ours: many\n")


def test_a_tree_without_figures_is_inconclusive(tmp_path: Path) -> None:
    """There is nothing to hold against."""
    path = _world(tmp_path / "world", 5, 7)

    with pytest.raises(InconclusiveError, match="not in the tree"):
        _releases(path, at="refs/tags/v1")


def test_packaged_definitions_are_whole() -> None:
    """Each has the name of its file and the flags that git blame is given."""
    assert names() == ["aider-published"]
    for name in names():
        assert packaged(name).id == name
    assert packaged("aider-published").flags == ("-M100", "-C100", "-C", "-C")
    with pytest.raises(UsageError, match="no definition"):
        packaged("missing")


@pytest.mark.parametrize("raw", [b"", b"id = 3", b"\xff", _DEFINITION.replace(b"'\\.py$'", b"'('")])
def test_what_is_no_definition_is_refused(raw: bytes) -> None:
    """The reader is told where one is shown."""
    with pytest.raises(UsageError, match="definition cannot be read"):
        read_definition(raw)


def test_a_definition_cannot_slip_other_flags_to_git() -> None:
    """Only the known ones."""
    with pytest.raises(UsageError, match="no flag"):
        read_definition(_DEFINITION.replace(b"-M100", b"--contents=x"))


_KEPT = (
    "aider/main.py", "a.js", "q/x.scm", "run.sh", "docker/Dockerfile", "aider/website/Gemfile",
    ".github/workflows/ci.yml", "aider/resources/model-settings.yml", "aider/website/index.html",
    "aider/website/share/index.md", "aider/website/_includes/home.css",
    "tests/fixtures/languages/python/test.py", "tests/fixtures/languages/elm/test.elm",
)  # fmt: skip
_LEFT = (
    "README.md", "aider/prompts.py", "aider/coders/base_prompts.py", "tests/fixtures/watch.py",
    "aider/website/install.sh", "aider/website/install.ps1", "aider/website/docs/index.md",
    "tests/fixtures/languages/x/other.elm", "conf/ci.yml", "x/.github/workflows/ci.yml",
)  # fmt: skip


@pytest.mark.parametrize("path", _KEPT)
def test_aider_counts_this(path: str) -> None:
    """The published set of files."""
    assert packaged("aider-published").counts(path)


@pytest.mark.parametrize("path", _LEFT)
def test_aider_does_not_count_that(path: str) -> None:
    """What the published script drops or never looked at."""
    assert not packaged("aider-published").counts(path)
