"""Commits in topological order, with whatever identities and messages they carry."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.errors import HistoryError
from provenance.history.repository import open_repository
from provenance.history.walk import tags, walk
from provenance.terms.commits import Commit
from worlds.shapes import SHAPES
from worlds.world import Built, World

FAR = 253402300799


def walked(built: Built, *tips: str, but_not: tuple[str, ...] = ()) -> list[Commit]:
    """Return the commits that the tips reach."""
    with open_repository(built.path) as repository:
        return list(walk(repository, tips or built.tips, but_not=but_not))


@pytest.mark.parametrize("name", ["criss_cross", "octopus", "clocks_run_backwards", "many_parents"])
@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_parents_come_before_children(name: str, object_format: str, tmp_path: Path) -> None:
    """Every commit once, after all of its parents, whatever the clocks say."""
    world = World(tmp_path / "repo", object_format=object_format)
    SHAPES[name](world)
    built = world.build()

    commits = walked(built)
    place = {str(commit.id): number for number, commit in enumerate(commits)}

    assert sorted(place) == sorted(set(built.ids))
    for number, parents in enumerate(built.parents):
        commit = commits[place[built.ids[number]]]
        assert [str(p) for p in commit.parents] == [built.ids[parent] for parent in parents]
        assert all(place[built.ids[parent]] < place[built.ids[number]] for parent in parents)


def test_only_what_is_new_since(tmp_path: Path) -> None:
    """``but_not`` leaves out a commit and all it reaches."""
    world = World(tmp_path / "repo")
    SHAPES["linear"](world)
    built = world.build()

    found = [commit.id for commit in walked(built, built.ids[3], but_not=(built.ids[1],))]

    assert found == list(built.ids[2:])


HEADER = b"tree %s\nauthor %s\ncommitter %s\n"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        (b"Ann <ann@x> 5 +0000", ("Ann", "ann@x", 5)),
        (b"Ann <> 5 +9999", ("Ann", "", 5)),
        (b" <> 5 +0000", ("", "", 5)),
        (b"caf\xe9 <\xff@x> 7 +0000", ("caf\udce9", "\udcff@x", 7)),
        (b"A\tB \x1b[31m <a@x> 7 -1234", ("A\tB \x1b[31m", "a@x", 7)),
        (b"Ann <ann@x> 99999999999999999 +0000", ("Ann", "ann@x", FAR)),
        (b"Ann <ann@x> never", ("Ann", "ann@x", 0)),
        (b"Ann <ann@x>", ("Ann", "ann@x", 0)),
    ],
)
def test_odd_identities_and_dates(
    author: bytes, expected: tuple[str, str, int], tmp_path: Path
) -> None:
    """Broken identities come through as bytes, dates that are none as the epoch."""
    world = World(tmp_path / "repo")
    world.commit(edit={"a": "a\n"})
    built = world.build()

    commit = walked(built, _write(built, author, b"Say it\n"))[0]

    assert (commit.author.name, commit.author.email, commit.authored_at) == expected
    assert commit.committed_at == 9


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"", ""),
        (b"One line", "One line"),
        (b"\xff\xfe raw\n\nBody\n", "\udcff\udcfe raw\n\nBody\n"),
        (b"commit 0123\n\nauthor x\n%H%x00\n", "commit 0123\n\nauthor x\n%H%x00\n"),
        (b"Carriage\r\nreturn\r\n", "Carriage\r\nreturn\r\n"),
    ],
)
def test_odd_messages(message: bytes, expected: str, tmp_path: Path) -> None:
    """Messages are data, also where they imitate git's own output."""
    world = World(tmp_path / "repo")
    world.commit(edit={"a": "a\n"})
    built = world.build()
    tip = _write(built, b"Ann <ann@x> 5 +0000", message)

    first, second = walked(built, tip, built.ids[0])

    assert {first.id, second.id} == {tip, built.ids[0]}
    assert next(c for c in (first, second) if c.id == tip).message == expected


def test_the_encoding_header_is_followed(tmp_path: Path) -> None:
    """A message in Latin-1 that says so arrives as text."""
    world = World(tmp_path / "repo")
    world.commit(edit={"a": "a\n"})
    built = world.build()

    tip = _write(built, b"Ann <ann@x> 5 +0000", b"caf\xe9\n", b"encoding ISO-8859-1\n")

    assert walked(built, tip)[0].message == "caf\u00e9\n"


def test_tags_lead_to_commits(tmp_path: Path) -> None:
    """Light, annotated and nested tags are peeled; tags of files are left out."""
    world = World(tmp_path / "repo")
    world.commit(edit={"a": "a\n"})
    built = world.build()
    built.git("tag", "light")
    built.git("tag", "-a", "-m", "m", "full")
    built.git("tag", "-a", "-m", "m", "nested", "full")
    built.git("tag", "file", "HEAD:a")

    with open_repository(built.path) as repository:
        found = tags(repository)

    assert found == dict.fromkeys(("full", "light", "nested"), built.ids[0])


def test_a_missing_commit_is_an_error_of_ours(tmp_path: Path) -> None:
    """History that is not there is said to be unreadable."""
    world = World(tmp_path / "repo", loose=True)
    SHAPES["linear"](world)
    built = world.build()
    oid = built.ids[1]
    (built.git_dir / "objects" / oid[:2] / oid[2:]).unlink()

    with pytest.raises(HistoryError) as caught:
        walked(built)

    assert caught.value.hint


def _write(built: Built, author: bytes, message: bytes, headers: bytes = b"") -> str:
    tree = built.git("rev-parse", f"{built.ids[0]}^{{tree}}").strip()
    text = HEADER % (tree, author, b"Carl <carl@x> 9 +0000") + headers + b"\n" + message
    out = built.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=text)
    return out.decode().strip()
