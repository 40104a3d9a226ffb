"""Notes and side branches: listed and read whole, bounded, whatever their shape."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from provenance.errors import HistoryError
from provenance.history.notes import (
    Found,
    Listed,
    TooManyFilesError,
    annotated,
    contents,
    list_files,
    look_up,
)
from provenance.history.repository import Repository, open_repository
from provenance.history.walk import mentioning
from worlds.world import Built, World

REF = "refs/notes/ai"


def world(folder: Path, commits: int = 3, **options: str) -> World:
    """Return a world with a note on every commit."""
    made = World(folder / "repo", **options)  # type: ignore[arg-type]
    last: tuple[int, ...] = ()
    for number in range(commits):
        last = (made.commit(*last, edit={"file": f"{number}\n"}),)
        made.note(last[0], f"note {number}\n")
    return made


def notes(repository: Repository, ref: str = REF) -> dict[str, bytes | None]:
    """Return the notes of a ref by commit."""
    digits = repository.location.digits
    files = [
        (commit, file.blob)
        for file in list_files(repository, repository.refs.names[ref])
        if (commit := annotated(file.path, digits))
    ]
    read = contents(repository, [blob for _, blob in files])
    return dict(zip((commit for commit, _ in files), read, strict=True))


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_notes_are_read_as_git_shows_them(object_format: str, tmp_path: Path) -> None:
    """Every note, by its commit, under both object formats."""
    built = world(tmp_path, object_format=object_format).build()

    with open_repository(built.path) as repository:
        found = notes(repository)

    assert set(found) == set(built.ids)
    for number, commit in enumerate(built.ids):
        shown = built.git("notes", f"--ref={REF}", "show", commit)
        assert found[commit] == shown == f"note {number}\n".encode()


@pytest.mark.parametrize(
    "fan", [0, 1, 2, 19], ids=["flat", "one-level", "two-levels", "to-the-end"]
)
def test_fan_out(fan: int, tmp_path: Path) -> None:
    """Git cuts the names of notes into folders as their number grows."""
    made = World(tmp_path / "repo")
    made.commit(edit={"a": "1\n"})
    names = [f"{number:040x}" for number in range(0xABCD, 0xABCD + 300)]
    paths = {
        "/".join([*(n[i : i + 2] for i in range(0, 2 * fan, 2)), n[2 * fan :]]): n for n in names
    }
    made.beside(REF, paths | {"README": "no note"})
    built = made.build()

    with open_repository(built.path) as repository:
        found = notes(repository)

    assert found == {name: name.encode() for name in names}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("ab" * 20, True),
        ("ab/" + "cd" * 19, True),
        ("AB" * 20, False),
        ("ab" * 19, False),
        ("ab" * 32, False),
        ("zz" * 20, False),
        ("a" * 39 + "\u0661", False),
        ("", False),
    ],
)
def test_what_a_note_annotates(path: str, *, expected: bool) -> None:
    """Only a whole lower-case id is one."""
    assert (annotated(path, 40) is not None) is expected


def test_more_files_than_wanted(tmp_path: Path) -> None:
    """A huge tree is cut, and that is said."""
    built = world(tmp_path, 5).build()
    read: list[Listed] = []

    with open_repository(built.path) as repository:
        tip = repository.refs.names[REF]
        with pytest.raises(TooManyFilesError):
            read.extend(list_files(repository, tip, most=4))

        assert len(list(list_files(repository, tip, most=5))) == 5
    assert len(read) == 4


def test_a_ref_that_is_no_tree(tmp_path: Path) -> None:
    """A notes ref may point at anything."""
    made = world(tmp_path)
    built = made.build()
    built.blob_ref("refs/notes/blob", "not a tree")

    with open_repository(built.path) as repository, pytest.raises(HistoryError):
        list(list_files(repository, repository.refs.names["refs/notes/blob"]))


def test_only_ordinary_files_are_listed(tmp_path: Path) -> None:
    """Submodules and folders under a notes ref hold no note; an annotated tag leads to a tree."""
    made = World(tmp_path / "repo")
    made.commit(edit={"a": "1\n"})
    built = made.build()
    name = "d" * 40
    tree = built.git("mktree", stdin=f"160000 commit {'1' * 40}\t{name}\n".encode())
    built.git("update-ref", "refs/notes/odd", tree.decode().strip())
    built.git("tag", "-a", "-m", "a tag", "tagged", "main")

    with open_repository(built.path) as repository:
        odd = list(list_files(repository, repository.refs.names["refs/notes/odd"]))
        tagged = list(list_files(repository, repository.refs.names["refs/tags/tagged"]))

    assert odd == []
    assert [file.path for file in tagged] == ["a"]


def remove(built: Built, oid: str) -> None:
    """Take a loose object away."""
    (built.git_dir / "objects" / oid[:2] / oid[2:]).unlink()


def test_missing_blobs_are_none(tmp_path: Path) -> None:
    """Of a partial clone, what is there is read."""
    built = world(tmp_path, loose=True).build()  # type: ignore[arg-type]
    lost = built.git("rev-parse", f"{REF}:{built.ids[1]}").decode().strip()
    remove(built, lost)

    with open_repository(built.path) as repository:
        found = notes(repository)
        known = look_up(repository, [lost, built.ids[0], f"{built.ids[0]}:file", "nonsense"])

    assert [found[commit] for commit in built.ids] == [b"note 0\n", None, b"note 2\n"]
    assert known[0] is None
    assert (known[1].kind if known[1] else "") == "commit"
    assert known[2] == Found(
        built.git("rev-parse", f"{built.ids[0]}:file").decode().strip(), "blob", 2
    )
    assert known[3] is None


def test_look_up_of_nothing_starts_nothing(tmp_path: Path) -> None:
    """Without a name git is not asked."""
    with open_repository(world(tmp_path).build().path) as repository:
        repository.git_dir = tmp_path / "nowhere"  # git would fail here

        assert look_up(repository, []) == []

        repository.git_dir = tmp_path / "really-nowhere"


def test_messages_that_hold_a_word(tmp_path: Path) -> None:
    """The word is no expression; parents come first."""
    made = World(tmp_path / "repo")
    first = made.commit(edit={"a": "1\n"}, message="One a.b")
    second = made.commit(first, edit={"a": "2\n"}, message="Two axb")
    made.commit(second, edit={"a": "3\n"}, message="Three\n\nlast a.b line")
    built = made.build()

    with open_repository(built.path) as repository:
        found = [commit.id for commit in mentioning(repository, [built.ids[2]], "a.b")]

    assert found == [built.ids[0], built.ids[2]]


def damage(built: Built, oid: str) -> None:
    """Overwrite a loose object with bytes that do not match its name."""
    file = built.git_dir / "objects" / oid[:2] / oid[2:]
    file.chmod(0o644)
    file.write_bytes(zlib.compress(b"blob 5\0wrong")[:-4])


def test_a_damaged_object_is_an_error(tmp_path: Path) -> None:
    """Reading ends at it; whoever reads decides how to go on."""
    built = world(tmp_path, loose=True).build()  # type: ignore[arg-type]
    names = [built.git("rev-parse", f"{REF}:{commit}").decode().strip() for commit in built.ids]
    damage(built, names[1])

    with open_repository(built.path) as repository:
        read = contents(repository, names)

        assert next(read) == b"note 0\n"
        with pytest.raises(HistoryError):
            list(read)
