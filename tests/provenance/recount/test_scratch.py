"""Nothing of the other repository is obeyed, and nothing in it changes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from provenance.errors import HistoryError, InconclusiveError, UsageError
from provenance.recount.count import Wanted, count
from provenance.recount.scratch import borrow
from worlds.world import Built, World, git, lines


def _seen(folder: Path) -> dict[str, tuple[int, str]]:
    """Return time of change and digest of every file."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _two(folder: Path, **options: bool | str) -> Built:
    world = World(folder, **options)  # type: ignore[arg-type]
    first = world.commit(edit={"loop.py": lines("one two three")})
    world.commit(first, edit={"loop.py": lines("one 2 three")}, author="A (aider) <a@example.org>")
    return world.build()


def _owners(path: Path, revision: str = "HEAD") -> list[tuple[int, str | None]]:
    with borrow(path) as scratch:
        counted = count(scratch, Wanted(revision))
    return [(run.lines, run.commit) for run in counted.files["loop.py"].runs]


def test_a_hostile_configuration_is_not_obeyed(tmp_path: Path) -> None:
    """Drivers, hooks, ignored commits, replacements, grafts and includes stay without effect."""
    built = _two(tmp_path / "world", bare=False)
    first, second = built.ids
    trap = tmp_path / "ran"
    (tmp_path / "ignored").write_text(f"{second}\n")
    with (built.git_dir / "config").open("a") as config:
        config.write(
            f"[blame]\n\tignoreRevsFile = {tmp_path}/ignored\n\tmarkUnblamableLines = true\n"
            f'[diff]\n\texternal = "touch {trap}"\n[diff "py"]\n\ttextconv = "touch {trap}; cat"\n'
            f'[core]\n\tfsmonitor = "touch {trap}"\n\tpager = "touch {trap}"\n'
            f"[include]\n\tpath = {tmp_path}/missing\n[alias]\n\tblame = !touch {trap}\n"
        )
    (built.git_dir / "info").mkdir(exist_ok=True)
    (built.git_dir / "info/attributes").write_text("* diff=py\n")
    (built.git_dir / "info/grafts").write_text(f"{second}\n")
    built.git("update-ref", f"refs/replace/{second}", first)
    before = _seen(tmp_path)

    assert _owners(built.path) == [(1, first), (1, second), (1, first)]
    assert _seen(tmp_path) == before
    assert not trap.exists()


def test_variables_that_speak_to_git_are_not_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They name another repository, and come back as they were."""
    built, other = _two(tmp_path / "world"), _two(tmp_path / "other")
    hostile = {
        "GIT_DIR": str(other.git_dir),
        "GIT_OBJECT_DIRECTORY": str(tmp_path),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "blame.ignoreRevsFile",
        "GIT_CONFIG_VALUE_0": str(tmp_path / "missing"),
        "GIT_EXTERNAL_DIFF": "false",
    }
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)

    assert len(_owners(built.path)) == 3
    assert dict(os.environ) == before


def test_every_layout_of_a_repository_is_found(tmp_path: Path) -> None:
    """Bare, with a folder inside, seen from below, as a work tree, detached, by alternates."""
    built = _two(tmp_path / "world", bare=False)
    built.git("config", "core.bare", "false")
    git(built.git_dir, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"), "HEAD")
    git(
        built.git_dir,
        "clone",
        "-q",
        "--bare",
        "--shared",
        str(built.path),
        str(tmp_path / "shared"),
    )
    below = tmp_path / "tree" / "below"
    below.mkdir()
    wanted = _owners(built.path)

    assert len(wanted) == 3
    assert _owners(below) == wanted
    assert _owners(tmp_path / "shared") == wanted
    assert _owners(built.git_dir, built.ids[1][:12]) == wanted


def test_ids_that_pydriller_cannot_read_are_inconclusive(tmp_path: Path) -> None:
    """Neither a crash nor a count of nothing."""
    built = _two(tmp_path / "world", object_format="sha256")

    with borrow(built.path) as scratch:
        assert scratch.commit("HEAD") == built.ids[1]
        with pytest.raises(InconclusiveError, match="SHA-256"):
            count(scratch, Wanted("HEAD"))


def test_what_is_no_repository_is_refused(tmp_path: Path) -> None:
    """The reader is told what to give; nothing is guessed."""
    built = _two(tmp_path / "world")

    with pytest.raises(UsageError, match="no git repository"), borrow(tmp_path):
        pass
    for revision in ("missing", "--all", "HEAD:loop.py"):
        with borrow(built.path) as scratch, pytest.raises(UsageError, match="no commit named"):
            scratch.commit(revision)
    (built.git_dir / "reftable").mkdir()
    with pytest.raises(HistoryError, match="reftable"), borrow(built.path):
        pass


def test_references_are_copied_without_replacements_and_links(tmp_path: Path) -> None:
    """Loose, packed and symbolic ones; a link could lead anywhere."""
    built = _two(tmp_path / "world")
    first, second = built.ids
    built.git("tag", "v1", first)
    built.git("update-ref", f"refs/replace/{second}", first)
    built.git("pack-refs", "--all")
    built.git("tag", "v2", second)
    built.git("update-ref", f"refs/replace/{first}", second)
    (built.git_dir / "refs/heads/link").symlink_to(built.git_dir / "refs/tags/v2")
    (built.git_dir / "refs/heads/loop").write_text("ref: refs/heads/loop\n")

    with borrow(built.path) as scratch:
        shown = scratch.run("for-each-ref", "--format=%(refname) %(objectname)").decode().split()

    assert shown == ["refs/heads/main", second, "refs/tags/v1", first, "refs/tags/v2", second]


def test_the_private_repository_is_removed(tmp_path: Path) -> None:
    """Also when the recount fails."""
    built = _two(tmp_path / "world")

    with borrow(built.path) as scratch:
        assert scratch.git_dir.exists()
    assert not scratch.git_dir.exists()
