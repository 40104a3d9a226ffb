"""The parser of git's stream of changes: any chunking, any number of processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.history import process
from provenance.history.changes import stream_changes
from provenance.history.diffs import DiffStream, Printed, parse, patch_options
from provenance.history.repository import open_repository
from provenance.terms.changes import Change, Lens
from worlds.oracle import LENSES, replay
from worlds.shapes import SHAPES
from worlds.world import World, git, lines

TROUBLE = (
    "content_that_imitates_diffs",
    "odd_names",
    "odd_names_in_merges",
    "symlink_and_file",
    "binary_and_back",
    "mode_change",
    "no_final_newline",
    "empty_files",
    "submodules",
    "whitespace_only",
)


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bytes, int]]:
    """What git prints for worlds full of trouble, with the digits of its ids."""
    found = []
    for name in TROUBLE:
        for object_format in ("sha1", "sha256"):
            folder = tmp_path_factory.mktemp("streams") / "repo"
            world = World(folder, object_format=object_format)
            SHAPES[name](world)
            built = world.build()
            for lens in LENSES:
                out = git(
                    built.git_dir,
                    *("diff-tree", "--stdin", "-r", "--root", "--raw", "-z"),
                    *patch_options(lens),
                    stdin="".join(f"{oid}\n" for oid in built.ids).encode(),
                )
                found.append((out, 64 if object_format == "sha256" else 40))
    return found


def reader(chunks: list[bytes]) -> Callable[[], bytes]:
    """Return a function that gives one chunk after the other, then nothing."""
    rest = iter([chunk for chunk in chunks if chunk])
    return lambda: next(rest, b"")


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_cutting_the_stream_anywhere_changes_nothing(
    streams: list[tuple[bytes, int]], data: st.DataObject
) -> None:
    """However the bytes arrive, the same commits, changes and hunks come out."""
    stream, digits = streams[data.draw(st.integers(0, len(streams) - 1), label="stream")]
    whole = list(parse(reader([stream]), digits))
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=30), label="cuts")
    bounds = [0, *sorted(cuts), len(stream)]

    assert list(parse(reader([stream[a:b] for a, b in pairwise(bounds)]), digits)) == whole


def test_one_byte_at_a_time(streams: list[tuple[bytes, int]]) -> None:
    """The smallest chunks give the same result."""
    for stream, digits in streams:
        if len(stream) > 20_000:
            continue
        single = [stream[i : i + 1] for i in range(len(stream))]

        assert list(parse(reader(single), digits)) == list(parse(reader([stream]), digits))


@pytest.mark.parametrize("name", TROUBLE)
def test_names_and_blobs_are_those_of_the_raw_stream(name: str, tmp_path: Path) -> None:
    """Statuses, modes, blobs and paths equal what git prints without a patch."""
    world = World(tmp_path / "repo")
    SHAPES[name](world)
    built = world.build()
    out = built.git(
        *("diff-tree", "--stdin", "-r", "--root", "--raw", "-z", "--no-abbrev", "-M50%"),
        stdin="".join(f"{oid}\n" for oid in built.ids).encode(),
    )
    wanted = dict(_raw(out))

    with open_repository(built.path) as repository:
        stream = DiffStream(
            repository, [oid.encode() for oid in built.ids], *patch_options(Lens.PLAIN)
        )
        found = {oid: [_facts(change) for change in changes] for oid, changes in stream.parsed}
        stream.stop()

    assert found == wanted


Facts = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes]


def _facts(change: Change) -> Facts:
    c = change
    return c.status, c.old_mode, c.new_mode, c.old_blob, c.new_blob, c.old_path, c.path


def _raw(out: bytes) -> Iterator[tuple[bytes, list[Facts]]]:
    tokens = iter(out.split(b"\0")[:-1])
    commit, several = b"", list[Facts]()
    for token in tokens:
        if not token.startswith(b":"):
            if commit:
                yield commit, several
            commit, several = token, []
            continue
        old_mode, new_mode, old, new, status = token[1:].split(b" ")
        source = target = next(tokens)
        if status[:1] == b"R":
            target = next(tokens)
        several.append((status[:1], old_mode, new_mode, old, new, source, target))
    yield commit, several


@pytest.mark.parametrize("lens", LENSES)
def test_the_number_of_processes_changes_nothing(lens: Lens, tmp_path: Path) -> None:
    """One, two, three or more processes than commits: equal changes, equal owners."""
    world = World(tmp_path / "repo")
    tip = world.commit(edit={"a": lines("start")})
    for number in range(120):
        tip = world.commit(tip, edit={"a": lines(f"start {number} {number % 7}")})
        if number % 40 == 0:
            tip = world.commit(tip)  # prints nothing
    built = world.build()

    @cache
    def changes(jobs: int) -> list[list[Change]]:
        with (
            open_repository(built.path) as repository,
            closing(
                stream_changes(
                    repository, [oid.encode() for oid in built.ids], lens=lens, jobs=jobs
                )
            ) as stream,
        ):
            return list(stream)

    assert len(changes(1)) == len(built.ids)
    for jobs in (2, 3, 5):
        assert changes(jobs) == changes(1)


@pytest.mark.parametrize("jobs", [1, 3])
def test_owners_do_not_depend_on_jobs(jobs: int, tmp_path: Path) -> None:
    """Line ids, births and owners are the same bytes whatever ``jobs`` is."""
    world = World(tmp_path / "repo")
    SHAPES["criss_cross"](world)
    SHAPES["rename_chain"](world)
    built = world.build()

    with open_repository(built.path) as repository:
        two = replay(repository, built.tips, jobs=2)
        other = replay(repository, built.tips, jobs=jobs)

    assert other.replay.births.table().tolist() == two.replay.births.table().tolist()
    assert [other.owners(c) for c in built.ids] == [two.owners(c) for c in built.ids]


def test_a_stream_can_be_left_early(tmp_path: Path) -> None:
    """Stopping in the middle ends the processes and leaves nothing open."""
    world = World(tmp_path / "repo")
    tip = world.commit(edit={"a": "start\n"})
    for number in range(200):
        tip = world.commit(tip, edit={"a": f"{number}\n" * 1000})
    built = world.build()

    with open_repository(built.path) as repository:
        inputs = [oid.encode() for oid in built.ids]
        stream = stream_changes(repository, inputs, lens=Lens.PLAIN)
        first = next(stream)
        stream.close()

    assert [change.path for change in first] == [b"a"]


def test_an_added_file_of_one_long_line_is_read_in_linear_time() -> None:
    """Small chunks of a long line are joined once, not again and again."""
    digits = 40
    raw = b":000000 100644 %s %s A\0a\0" % (b"0" * 40, b"1" * 40)
    head = b"2" * 40 + b"\0" + raw + b"\0diff --git a/a b/a\nnew file mode 100644\n"
    head += b"index %s..%s\n--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+" % (b"0" * 40, b"1" * 40)
    chunks = [head, *[b"x" * 4096] * 20_000, b"\n"]

    ((commit, (change,)),) = parse(reader(chunks), digits)

    assert commit == b"2" * 40
    assert change.hunks == [0, 0, 0, 1]


def test_thousands_of_names_with_line_feeds_are_read_in_linear_time() -> None:
    """A raw block is split once it is whole, not at every line feed in a name."""
    entry = b":000000 100644 %s %s A\0" % (b"0" * 40, b"1" * 40)
    names = b"".join(entry + b"a\n%d\0" % number for number in range(20_000))
    stream = b"2" * 40 + b"\0" + names + b"\0diff --git x y\n"

    printed: list[Printed] = list(parse(reader([stream]), 40))

    assert len(printed[0][1]) == 20_000


def test_every_process_is_pinned(tmp_path: Path) -> None:
    """The environment gives nothing of the user's configuration to git."""
    environment = process.environment()

    assert environment["GIT_CONFIG_NOSYSTEM"] == "1"
    assert "GIT_DIR" not in environment
    assert not any(key.startswith(("GIT_TRACE", "GIT_EXTERNAL")) for key in environment)
