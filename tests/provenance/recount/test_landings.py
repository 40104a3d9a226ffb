"""Lines that landed from a branch belong to the branch's commits, where they stand in both."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.recount.count import Counted, Wanted, count
from provenance.recount.scratch import borrow
from worlds.world import Built, World, numbered

_TOOL = "A (aider) <a@example.org>"
_CLAUDE = "Do\n\nCo-authored-by: Claude <noreply@anthropic.com>"


def _count(built: Built, head: int) -> Counted:
    with borrow(built.path) as scratch:
        return count(scratch, Wanted(built.ids[head]))


def _kinds(counted: Counted, path: str) -> list[tuple[int, str]]:
    return [(run.lines, run.author_type.value) for run in counted.files[path].runs]


def _squash(folder: Path, ref: str, message: str, *, marked: bool = True) -> tuple[Built, int]:
    """A branch of two commits, one by a tool, squashed; one line was changed on landing."""
    world = World(folder)
    first = world.commit(edit={"a.py": "".join(numbered(3))})
    text = numbered(3)
    one = world.commit(
        first, edit={"a.py": "".join([*text, "tool 1\n", "tool 2\n", "tool 3\n"])},
        author=_TOOL if marked else "A <a@example.org>",
    )  # fmt: skip
    two = world.commit(
        one, edit={"a.py": "".join(["own\n", *text, "tool 1\n", "tool 2\n", "tool 3\n"])}
    )
    world.ref(ref, two)
    landed = world.commit(
        first,
        edit={"a.py": "".join(["own\n", *text, "tool 1\n", "changed\n", "tool 3\n"])},
        message=message,
    )
    world.commit(landed, edit={"b.py": "later\n"})
    return world.build(), 4


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("refs/pull/7/head", "Add a thing (#7)"),
        ("refs/remotes/origin/pr/7", "Add a thing (#7)"),
        ("refs/pull/7/head", "Add a thing (pull request #7)\n\nBody"),
    ],
)
def test_a_squash_that_lost_its_marks_gets_them_back(
    tmp_path: Path, ref: str, message: str
) -> None:
    """Line by line: the tool's, the person's, and what was changed on landing."""
    built, head = _squash(tmp_path / "world", ref, message)

    counted = _count(built, head)

    assert _kinds(counted, "a.py") == [
        (1, "unattested"),
        (3, "unattested"),
        (1, "ai"),
        (1, "unattested"),
        (1, "ai"),
    ]
    assert counted.commits.landings == {built.ids[3]: built.ids[2]}


def test_a_mark_that_a_squash_spreads_over_a_branch_is_taken_back(tmp_path: Path) -> None:
    """A whole squash says assisted; the branch tells whose lines nobody declared."""
    built, head = _squash(
        tmp_path / "world", "refs/pull/7/head", "Add (#7)" + _CLAUDE.removeprefix("Do")
    )

    kinds = _kinds(_count(built, head), "a.py")

    assert kinds == [
        (1, "unattested"),
        (3, "unattested"),
        (1, "ai"),
        (1, "assisted"),
        (1, "ai"),
    ]


@pytest.mark.parametrize(
    ("ref", "message", "marked"),
    [
        ("refs/pull/8/head", "Add a thing (#7)", True),
        ("refs/pull/7/merge", "Add a thing (#7)", True),
        ("refs/pull/7/head", "See (#7) for more", True),
        ("refs/pull/7/head", "Add a thing (#7)", False),
    ],
)
def test_other_branches_say_nothing(tmp_path: Path, ref: str, message: str, marked: bool) -> None:
    """Another request, a test merge, a mere mention, and a branch without any mark."""
    built, head = _squash(tmp_path / "world", ref, message, marked=marked)

    counted = _count(built, head)

    assert counted.commits.landings == {}
    assert {kind for _, kind in _kinds(counted, "a.py")} == {"unattested"}


def test_a_rebased_twin_speaks(tmp_path: Path) -> None:
    """Same author, author date and title: a note or trailer that stayed behind still counts."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a.py": "".join(numbered(2))})
    old = world.commit(
        first, edit={"a.py": "".join([*numbered(2), "new\n"])}, message="Do" + _CLAUDE[2:]
    )
    world.ref("refs/heads/old", old)
    world.commit(
        first, edit={"a.py": "".join([*numbered(2), "new\n"])}, message="Do\n\nBody", hours=-1
    )
    built = world.build()

    counted = _count(built, 2)

    assert counted.commits.landings == {built.ids[2]: built.ids[1]}
    assert _kinds(counted, "a.py") == [(2, "unattested"), (1, "assisted")]


def test_a_merge_of_a_squash_names_its_request(tmp_path: Path) -> None:
    """As GitLab writes it: the second parent is the squash."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a.py": "1\n"})
    branch = world.commit(first, edit={"a.py": "1\n2\n"}, author=_TOOL)
    world.ref("refs/merge-requests/3/head", branch)
    squash = world.commit(first, edit={"a.py": "1\n2\n"}, message="Squashed")
    world.commit(
        first, squash, edit={"a.py": "1\n2\n"}, message="Merge\n\nSee merge request group/project!3"
    )
    built = world.build()

    assert _kinds(_count(built, 3), "a.py") == [(1, "unattested"), (1, "ai")]
