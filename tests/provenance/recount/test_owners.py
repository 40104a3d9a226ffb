"""git blame's words are read right, and its deaths are noticed."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from provenance.errors import UsageError
from provenance.recount.count import Wanted, count
from provenance.recount.owners import Blamed, Manner, blame, read_flags
from provenance.recount.scratch import Scratch, borrow
from provenance.terms.authors import AuthorType
from provenance.terms.unmeasured import Reason
from worlds.world import Built, World, lines, numbered


def _blame(
    built: Built, revisions: str, *paths: str, flags: str = "", ignored: str = ""
) -> list[Blamed]:
    with borrow(built.path) as scratch:
        manner = Manner(read_flags(flags), ignored)
        return list(blame(scratch, revisions, paths, manner=manner, jobs=2))


def _take(built: Built, revision: str) -> str:
    """Remove a content from the clone and return its id."""
    oid = built.git("rev-parse", revision).decode().strip()
    (built.git_dir / "objects" / oid[:2] / oid[2:]).unlink()
    return oid


NAMES = (
    "plain",
    "with space",
    'quo"te',
    "tab\there",
    "back\\slash",
    "ü",
    "\udcff",
    "a\nb",
    ":(top)x",
)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_names_of_any_bytes_come_back(tmp_path: Path, name: str) -> None:
    """Also the old name of a renamed file, and where git looked last."""
    world = World(tmp_path / "world")
    text = numbered(5)
    first = world.commit(edit={name: "".join(text)})
    world.commit(first, edit={f"{name}2": "".join([*text, "new\n"])}, remove=[name])
    built = world.build()

    (found,) = _blame(built, built.ids[1], f"{name}2")

    assert [(r.start, r.lines, r.commit, r.origin, r.path) for r in found.runs] == [
        (1, 5, built.ids[0], 1, name),
        (6, 1, built.ids[1], 6, f"{name}2"),
    ]
    assert found.runs[1].previous == (built.ids[0], name)


def test_flags_are_obeyed(tmp_path: Path) -> None:
    """Each way of asking gives another owner where it should."""
    world = World(tmp_path / "world")
    body = [f"a long line of code, number {n}, that is copied later\n" for n in range(6)]
    first = world.commit(edit={"a.py": "".join(body)})
    second = world.commit(first, edit={"a.py": "".join("  " + line for line in body)})
    world.commit(second, edit={"b.py": "".join("  " + line for line in body)})
    built = world.build()
    (tmp_path / "ignored").write_text(f"{built.ids[1]}\n")

    def owners(path: str, flags: str = "", ignored: str = "") -> set[int]:
        (found,) = _blame(built, built.ids[2], path, flags=flags, ignored=ignored)
        return {built.ids.index(run.commit) for run in found.runs}

    assert owners("a.py") == {1}
    assert owners("a.py", "-w") == {0}
    assert owners("a.py", ignored=str(tmp_path / "ignored")) == {0}
    assert owners("b.py") == {2}
    assert owners("b.py", "-C -C") == {1}
    assert owners("b.py", "-w -M10 -C10 -C -C") == {0}


def test_the_edge_of_a_range_is_marked(tmp_path: Path) -> None:
    """Lines that are older than the range, and those of a root, are boundary lines."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a": lines("one two")})
    second = world.commit(first, edit={"a": lines("one two three")})
    world.commit(second, edit={"a": lines("one two three four")})
    built = world.build()

    (whole,) = _blame(built, built.ids[2], "a")
    (part,) = _blame(built, f"{built.ids[1]}..{built.ids[2]}", "a")

    assert [run.boundary for run in whole.runs] == [True, False, False]
    assert [run.boundary for run in part.runs] == [True, False]


@pytest.mark.parametrize("text", ["--contents=/etc/passwd", "-L1,2", "-S x", "w", "-C1x", "--"])
def test_only_known_flags_reach_git(text: str) -> None:
    """Nothing else can be slipped in."""
    with pytest.raises(UsageError, match="no flag"):
        read_flags(text)


def test_a_missing_content_beside_the_road_costs_nothing(tmp_path: Path) -> None:
    """Copy detection dies on a picture that is missing; the file is counted all the same."""
    world = World(tmp_path / "world", loose=True)
    first = world.commit(edit={"a.py": "".join(numbered(9)), "film.mp4": b"\0film\n"})
    second = world.commit(first, edit={"b.py": "".join(numbered(9, "other"))})
    world.commit(second, edit={"a.py": "".join(numbered(12))}, remove=["film.mp4"])
    built = world.build()
    oid = _take(built, f"{built.ids[0]}:film.mp4")
    before = sorted(built.git_dir.rglob("*"))

    with borrow(built.path) as scratch:
        manner = Manner(read_flags("-C -C -C"))
        found = list(blame(scratch, built.ids[2], ["a.py", "b.py"], manner=manner, jobs=2))
        counted = count(scratch, Wanted(built.ids[1], manner=manner))

        assert scratch.absent == {oid}
    assert [file.problem for file in found] == ["", ""]
    assert not any(run.hidden for file in found for run in file.runs)
    assert [(run.lines, run.commit) for run in found[0].runs] == [
        (9, built.ids[0]),
        (3, built.ids[2]),
    ]
    assert counted.without_lines == {"film.mp4": Reason.MISSING_BLOB}
    assert counted.stood_in == (oid,)
    assert sorted(built.git_dir.rglob("*")) == before


def test_several_may_miss_the_same_content_at_once(tmp_path: Path) -> None:
    """Files are asked about side by side; each that dies puts the stand-in itself."""
    world = World(tmp_path / "world", loose=True)
    world.commit(edit={"a.py": "1\n"})
    built = world.build()
    oid = _take(built, "HEAD:a.py")

    for _ in range(20):
        together = Barrier(8)

        def miss(scratch: Scratch, together: Barrier = together) -> bool:
            together.wait()
            return scratch.stand_in_for(oid)

        with borrow(built.path) as scratch, ThreadPoolExecutor(8) as pool:
            assert all(pool.map(miss, [scratch] * 8))
            assert scratch.absent == {oid}


def test_lines_that_end_at_a_missing_content_are_not_guessed(tmp_path: Path) -> None:
    """They may be older than the commit after the hole: unattested, and without a commit."""
    world = World(tmp_path / "world", loose=True)
    author = "A (aider) <a@example.org>"
    text = numbered(4)
    first = world.commit(edit={"a.py": "".join(text)}, author=author)
    second = world.commit(first, edit={"a.py": "".join([*text, "5\n"])}, author=author)
    third = world.commit(second, edit={"a.py": "".join([*text, "5\n", "6\n"])}, author=author)
    world.commit(third, edit={"a.py": "".join([*text, "5\n", "6\n", "7\n"])}, author=author)
    built = world.build()
    _take(built, f"{built.ids[1]}:a.py")

    with borrow(built.path) as scratch:
        file = count(scratch, Wanted(built.ids[3])).files["a.py"]

    assert [(run.lines, run.commit, run.author_type) for run in file.runs] == [
        (6, None, AuthorType.UNATTESTED),
        (1, built.ids[3], AuthorType.AI),
    ]


def test_a_death_that_no_stand_in_cures_is_reported(tmp_path: Path) -> None:
    """A missing tree, a missing path: git's last word instead of lines, and no endless retry."""
    world = World(tmp_path / "world", loose=True)
    first = world.commit(edit={"d/a.py": "1\n", "b.py": "1\n"})
    world.commit(first, edit={"d/a.py": "1\n2\n", "b.py": "1\n2\n"})
    built = world.build()
    _take(built, f"{built.ids[0]}^{{tree}}")

    tree, path = _blame(built, built.ids[1], "d/a.py", "missing.py")

    assert not tree.runs
    assert tree.problem
    assert "no such path" in path.problem


def test_nothing_is_fetched_for_a_partial_clone(tmp_path: Path) -> None:
    """A clone without contents stays without them, whatever its configuration promises."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a.py": lines("one two")})
    world.commit(first, edit={"a.py": lines("one two three"), "b.py": lines("x")})
    built = world.build()
    built.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    built.git(
        "-c", "protocol.allow=always", "clone", "-q", "--bare", "--filter=blob:none",
        f"file://{built.path}", str(clone),
    )  # fmt: skip
    packs = sorted(path.name for path in (clone / "objects").rglob("*"))

    with borrow(clone) as scratch:
        counted = count(scratch, Wanted("HEAD"))

    assert counted.without_lines == dict.fromkeys(("a.py", "b.py"), Reason.MISSING_BLOB)
    assert sorted(path.name for path in (clone / "objects").rglob("*")) == packs
    shutil.rmtree(clone)
