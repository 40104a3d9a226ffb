from __future__ import annotations

import os
import subprocess
from pathlib import Path

import platformdirs
import pytest

from provenance.errors import LedgerError
from provenance.ledger.place import repository_key, store_root


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Make a repository with a work tree."""
    work = tmp_path / "my repo!"
    subprocess.run(["git", "init", "-q", work], check=True)
    return work


def _root(clone: Path, **environment: str) -> Path:
    return store_root(clone / ".git", measured=[clone], environment=environment)


def test_argument_wins_over_variable_wins_over_user_cache(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    key = repository_key(clone / ".git")
    argued = store_root(
        clone / ".git",
        measured=[clone],
        environment={"PROVENANCE_CACHE": str(tmp_path / "variable")},
        cache=tmp_path / "argument",
    )

    assert argued == tmp_path / "argument" / key
    assert _root(clone, PROVENANCE_CACHE=str(tmp_path / "variable")) == tmp_path / "variable" / key
    assert _root(clone) == Path(platformdirs.user_cache_dir("provenance")) / key
    assert _root(clone, PROVENANCE_CACHE="").is_relative_to(tmp_path / "xdg")


def test_folders_are_private_whatever_the_umask(clone: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        root = _root(clone, PROVENANCE_CACHE=str(tmp_path / "new" / "cache"))
    finally:
        os.umask(before)

    assert root.stat().st_mode & 0o777 == 0o700
    assert root.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_the_user_keeps_its_permissions(clone: Path, tmp_path: Path) -> None:
    """Only what we make is ours to close."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    root = _root(clone, PROVENANCE_CACHE=str(shared))

    assert shared.stat().st_mode & 0o777 == 0o755
    assert root.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("inside", [".", "deep/er", ".git", ".git/x", "../link/x"])
def test_the_measured_repository_is_never_written_to(
    clone: Path, tmp_path: Path, inside: str
) -> None:
    """Refused through links too, and nothing was made before refusing."""
    (tmp_path / "link").symlink_to(clone)
    before = sorted(clone.rglob("*"))
    with pytest.raises(LedgerError) as caught:
        _root(clone, PROVENANCE_CACHE=str(clone / inside))

    assert caught.value.slug == "ledger-inside-repository"
    assert "PROVENANCE_CACHE" in caught.value.hint
    assert sorted(clone.rglob("*")) == before


def test_a_repository_named_through_a_link_is_recognised(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(clone)
    with pytest.raises(LedgerError) as caught:
        store_root(
            tmp_path / "link" / ".git",
            measured=[tmp_path / "link"],
            environment={},
            cache=clone / "cache",
        )

    assert caught.value.slug == "ledger-inside-repository"


def test_a_place_that_cannot_be_made_is_a_clear_error(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError) as caught:
        _root(clone, PROVENANCE_CACHE=str(tmp_path / "file" / "x"))

    assert caught.value.slug == "ledger-io"


def test_links_in_a_circle_are_a_clear_error(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(LedgerError) as caught:
        _root(clone, PROVENANCE_CACHE=str(tmp_path / "loop"))

    assert caught.value.slug == "ledger-io"


def test_two_clones_never_share_runs_and_links_to_one_clone_do(clone: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / clone.name
    (tmp_path / "link").symlink_to(clone)
    key = repository_key(clone / ".git")

    assert key.startswith("my-repo-")
    assert repository_key(tmp_path / "link" / ".git") == key
    assert repository_key(other / ".git") != key


@pytest.mark.parametrize("name", ["...", "-", "数据.git", "a" * 200, "caf\udce9", "it's"])
def test_any_folder_name_gives_a_safe_key(tmp_path: Path, name: str) -> None:
    key = repository_key(tmp_path / name)

    assert key.isascii()
    assert len(key) <= 61
    assert not key.startswith((".", "-"))
    assert "/" not in key
