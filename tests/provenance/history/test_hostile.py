"""Repositories that nobody should trust, and clones that lack something.

Nothing in a measured repository is run, obeyed or changed; what is missing is named and
the rest is measured as if nothing had happened.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from provenance.errors import HistoryError, InconclusiveError, MeterError, UsageError
from provenance.history.repository import open_repository
from provenance.ownership.tree import Opaque
from provenance.terms.changes import Lens
from worlds.oracle import LENSES, Owners, blame, replay
from worlds.shapes import SHAPES, TEN, text
from worlds.world import ENVIRONMENT, Built, World, git, lines

Listing = dict[str, tuple[int, int, int]]


def listing(folder: Path) -> Listing:
    """Return mode, modification time and size of everything below a folder."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        facts = path.lstat()
        found[str(path.relative_to(folder))] = (facts.st_mode, facts.st_mtime_ns, facts.st_size)
    return found


def small(folder: Path, *, bare: bool = True, loose: bool = False) -> Built:
    """A history with a fork, a rename, a merge and a link-free tree."""
    world = World(folder, bare=bare, loose=loose)
    base = world.commit(edit={"a.py": text(TEN), "b": lines("b")})
    left = world.commit(base, edit={"a.py": text("left\n", TEN)})
    right = world.commit(base, rename={"a.py": "c.py"}, edit={"c.py": text(TEN, "right\n")})
    merge = world.commit(
        left, right, rename={"a.py": "c.py"}, edit={"c.py": text("left\n", TEN, "right\n")}
    )
    world.commit(merge, edit={"b": lines("b c")})
    return world.build()


def owners(path: Path, tip: str = "HEAD", *, lens: Lens = Lens.PLAIN) -> dict[bytes, Owners]:
    """Return the owners of every file at a revision."""
    with open_repository(path) as repository:
        commit = repository.resolve(tip)
        return replay(repository, [commit], lens=lens, at=[commit]).owners(commit)


def blamed(built: Built) -> dict[bytes, Owners]:
    """Return what git blame says about every regular file of the last commit."""
    last = built.trees[-1].items()
    return {
        path: blame(built.git_dir, built.ids[-1], path) for path, entry in last if entry.is_regular
    }


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that exists only if a planted command ran."""
    return tmp_path / "it-ran"


def plant(built: Built, marker: Path) -> None:
    """Plant a command in every place that git is known to run one from."""
    script = marker.with_name("planted.sh")
    script.write_text(f"#!/bin/sh\ntouch '{marker}'\ncat \"$1\" 2>/dev/null\nexit 0\n")
    script.chmod(0o755)
    hooks = built.git_dir / "hooks"
    hooks.mkdir()
    for hook in (
        "post-checkout",
        "reference-transaction",
        "post-index-change",
        "fsmonitor-watchman",
    ):
        (hooks / hook).write_text(script.read_text())
        (hooks / hook).chmod(0o755)
    included = built.git_dir / "included"
    included.write_text(f'[diff "evil"]\n\tcommand = {script}\n')
    with (built.git_dir / "config").open("a") as config:
        config.write(
            f"""
[core]
\tfsmonitor = {script}
\thooksPath = {hooks}
\tpager = {script}
\tsshCommand = {script}
\taskPass = {script}
\teditor = {script}
\tgitProxy = {script}
\talternateRefsCommand = {script}
\tattributesFile = {built.git_dir / "info/attributes"}
\tquotePath = true
[pager]
\tlog = {script}
\tdiff-tree = {script}
[alias]
\tdiff-tree = !{script}
\tlog = !{script}
\tcat-file = !{script}
\trev-list = !{script}
[diff]
\texternal = {script}
\talgorithm = patience
\trenames = false
\tnoprefix = true
\torderFile = {script}
\tcontext = 5
\tinterHunkContext = 9
[diff "evil"]
\ttextconv = {script}
\tcommand = {script}
\tbinary = true
[filter "evil"]
\tsmudge = {script}
\tclean = {script}
\tprocess = {script}
[log]
\tshowSignature = true
\tfollow = true
[gpg]
\tprogram = {script}
[credential]
\thelper = !{script}
[uploadpack]
\tpackObjectsHook = {script}
[include]
\tpath = {included}
[includeIf "gitdir:**"]
\tpath = {included}
[i18n]
\tlogOutputEncoding = UTF-16
"""
        )
    attributes = (
        "*.py diff=evil filter=evil -diff\n* binary\nb -text working-tree-encoding=UTF-16\n"
    )
    (built.git_dir / "info").mkdir(exist_ok=True)
    (built.git_dir / "info" / "attributes").write_text(attributes)


@pytest.mark.parametrize("bare", [True, False])
def test_nothing_runs_and_nothing_is_written(bare: bool, tmp_path: Path, marker: Path) -> None:
    """Planted commands stay asleep, owners stay the same, not a byte or time changes."""
    built = small(tmp_path / "repo", bare=bare)
    wanted = blamed(built)
    plant(built, marker)
    before = listing(built.path)

    found = {lens: owners(built.path, lens=lens) for lens in LENSES}

    assert found[Lens.PLAIN] == wanted
    assert set(found[Lens.IGNORE_WHITESPACE]) == set(wanted)
    assert not marker.exists()
    assert listing(built.path) == before


def test_the_planted_commands_are_alive(tmp_path: Path, marker: Path) -> None:
    """The trap of the test above works: git itself steps into it."""
    built = small(tmp_path / "repo")
    plant(built, marker)
    environment = {**ENVIRONMENT, "GIT_PAGER": "cat"}

    subprocess.run(
        ["git", f"--git-dir={built.git_dir}", "log", "-p", "--ext-diff", "--textconv"],
        env=environment,
        capture_output=True,
        check=False,
    )

    assert marker.exists()


def test_the_environment_of_the_caller_is_not_used(
    tmp_path: Path, marker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables that redirect git or make it run something have no effect."""
    built = small(tmp_path / "repo")
    other = World(tmp_path / "other")
    other.commit(edit={"z": "z\n"})
    wanted = blamed(built)
    script = tmp_path / "planted.sh"
    script.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    script.chmod(0o755)
    monkeypatch.setenv("GIT_DIR", str(other.build().git_dir))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(script))
    monkeypatch.setenv("GIT_DIFF_OPTS", "-u9")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "diff.external")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(script))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    monkeypatch.setenv("GIT_PAGER", str(script))
    monkeypatch.setenv("TZ", "Asia/Kathmandu")

    assert owners(built.path) == wanted
    assert not marker.exists()
    assert not (tmp_path / "trace").exists()


def test_attributes_in_the_tree_hide_no_lines(tmp_path: Path) -> None:
    """A committed ``.gitattributes`` cannot turn text into something without lines."""
    world = World(tmp_path / "repo", bare=False)
    hide = "* -diff\n*.py binary diff=evil\n"
    base = world.commit(edit={".gitattributes": hide, "a.py": text(TEN)})
    world.commit(base, edit={"a.py": text(TEN, "more\n"), "dir/.gitattributes": hide})
    built = world.build()

    found = owners(built.path)

    assert found == {
        path: [(built.ids[commit], path, line) for commit, line in rows]
        for path, rows in {
            b".gitattributes": [(0, 0), (0, 1)],
            b"a.py": [*[(0, line) for line in range(10)], (1, 10)],
            b"dir/.gitattributes": [(1, 0), (1, 1)],
        }.items()
    }


def test_replace_refs_and_grafts_are_counted_and_never_obeyed(tmp_path: Path) -> None:
    """History rewritten by replace refs or grafts stays what it is."""
    built = small(tmp_path / "repo")
    wanted = blamed(built)
    replace = built.git_dir / "refs" / "replace"
    replace.mkdir()
    (replace / built.ids[-1]).write_text(f"{built.ids[0]}\n")
    blob = built.git("rev-parse", f"{built.ids[-1]}:b").decode().strip()
    other = built.git("rev-parse", f"{built.ids[-1]}:c.py").decode().strip()
    with (built.git_dir / "packed-refs").open("a") as packed:
        packed.write(f"{other} refs/replace/{blob}\n")
    grafts = built.git_dir / "info" / "grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{built.ids[-1]}\n{built.ids[3]} {built.ids[0]}\n")

    with open_repository(built.path) as repository:
        replaced, grafted = repository.refs.replaced, repository.location.grafts
        names = set(repository.refs.names)

    assert owners(built.path) == wanted
    assert (replaced, grafted) == (2, 2)
    assert not any(name.startswith("refs/replace/") for name in names)


ODD_REFS = [
    "refs/heads/--upload-pack=touch",
    "refs/heads/-x",
    "refs/tags/$(touch${IFS}x)",
    "refs/heads/a'b",
]


def test_refs_with_odd_names_are_names(tmp_path: Path) -> None:
    """Leading dashes, quotes and undecodable bytes in ref names do nothing."""
    built = small(tmp_path / "repo")
    for name in ODD_REFS:
        path = built.git_dir / name
        path.write_text(f"{built.ids[0]}\n")
    undecodable = os.fsencode(built.git_dir) + b"/refs/heads/caf\xe9"
    Path(os.fsdecode(undecodable)).write_text(f"{built.ids[1]}\n")
    (built.git_dir / "refs/heads/broken").write_text("not an id\n")
    (built.git_dir / "refs/heads/half.lock").write_text(f"{built.ids[0]}\n")

    with open_repository(built.path) as repository:
        names = repository.refs.names
        commit = repository.resolve("refs/heads/-x")

        for odd in ("-x", "--all", "--upload-pack=touch", "HEAD^{/x}", "main..tip", ":/x", "a\nb"):
            with pytest.raises(UsageError):
                repository.resolve(odd)

    assert set(ODD_REFS) <= set(names)
    assert names[os.fsdecode(b"refs/heads/caf\xe9")] == built.ids[1]
    assert "refs/heads/broken" not in names
    assert "refs/heads/half.lock" not in names
    assert commit == built.ids[0]


@pytest.mark.parametrize(
    "text_of_head", ["", "rubbish", "ref:", "ref: refs/heads/../../x", "0" * 39]
)
def test_a_broken_head_is_an_error_of_ours(text_of_head: str, tmp_path: Path) -> None:
    """Whatever ``HEAD`` holds, what comes out is an error with a hint, or no commit."""
    built = small(tmp_path / "repo")
    (built.git_dir / "HEAD").write_text(text_of_head)

    with pytest.raises(MeterError) as caught:
        owners(built.path)

    assert caught.value.hint


@pytest.mark.parametrize("bare", [True, False])
def test_a_missing_head_is_an_error_of_ours(bare: bool, tmp_path: Path) -> None:
    """A repository without ``HEAD`` is no repository, or a broken one."""
    built = small(tmp_path / "repo", bare=bare)
    (built.git_dir / "HEAD").unlink()

    with pytest.raises(MeterError):
        owners(built.path)


def test_an_unborn_branch_and_an_empty_repository(tmp_path: Path) -> None:
    """No commit yet: said as such; other branches can still be measured."""
    empty = World(tmp_path / "empty").build()
    built = small(tmp_path / "repo")
    (built.git_dir / "HEAD").write_text("ref: refs/heads/unborn\n")

    with pytest.raises(InconclusiveError) as nothing:
        owners(empty.path)
    with pytest.raises(UsageError) as elsewhere:
        owners(built.path)

    assert nothing.value.slug == "no-commits"
    assert "--at" in elsewhere.value.hint
    assert owners(built.path, "main") == blamed(built)


def test_a_detached_head_and_a_head_that_is_a_link(tmp_path: Path) -> None:
    """Both old forms of ``HEAD`` are read."""
    built = small(tmp_path / "repo")
    head = built.git_dir / "HEAD"
    head.write_text(f"{built.ids[-1]}\n")
    detached = owners(built.path)
    head.unlink()
    head.symlink_to("refs/heads/main")

    assert detached == owners(built.path) == blamed(built)


def test_a_pipe_among_the_refs_does_not_block(tmp_path: Path) -> None:
    """A named pipe where a ref should be is passed over."""
    built = small(tmp_path / "repo")
    os.mkfifo(built.git_dir / "refs" / "heads" / "pipe")

    assert owners(built.path) == blamed(built)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_another_user_needs_the_users_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``safe.directory`` of the user decides, as in git."""
    built = small(tmp_path / "repo")
    wanted = blamed(built)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("GIT_CONFIG_GLOBAL", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("SUDO_UID", raising=False)
    for path in [built.path, *built.path.rglob("*")]:
        os.chown(path, 12345, 12345)

    with pytest.raises(HistoryError) as caught:
        owners(built.path)
    (home / ".gitconfig").write_text(f"[safe]\n\tdirectory = {built.path}\n")
    trusted = owners(built.path)
    (home / ".gitconfig").write_text(f"[safe]\n\tdirectory = {built.path}\n\tdirectory =\n")

    assert caught.value.slug == "dubious-ownership"
    assert trusted == wanted
    with pytest.raises(HistoryError):
        owners(built.path)


def test_chains_of_alternates_are_followed(tmp_path: Path) -> None:
    """Objects may lie three stores away, by absolute and relative paths, even in a circle."""
    built = small(tmp_path / "repo")
    stores = [tmp_path / f"store {n}" / "objects" for n in range(3)]
    for store in stores:
        (store / "info").mkdir(parents=True)
    shutil.move(built.git_dir / "objects" / "pack", stores[2] / "pack")
    (built.git_dir / "objects/pack").mkdir()
    alternates = built.git_dir / "objects" / "info" / "alternates"
    alternates.write_text(f"# a comment\n{stores[0]}\n\n/does/not/exist\n")
    (stores[0] / "info/alternates").write_text("../../store 1/objects\n")
    (stores[1] / "info/alternates").write_text(f"{stores[2]}\n{stores[0]}\n")

    found = owners(built.path)

    assert found == blamed(built)


def test_linked_worktrees_and_git_files(tmp_path: Path) -> None:
    """A linked worktree and a submodule-like ``.git`` file lead to the repository."""
    built = small(tmp_path / "main", bare=False)
    wanted = blamed(built)
    tree = tmp_path / "tree"
    built.git("worktree", "add", "-q", "--detach", str(tree), built.ids[1])
    module = tmp_path / "module"
    module.mkdir()
    (module / ".git").write_text("gitdir: ../main/.git\n")
    (module / "sub").mkdir()

    worktree = owners(tree)

    assert owners(module / "sub") == wanted
    assert worktree == {path: blame(built.git_dir, built.ids[1], path) for path in built.trees[1]}


def test_a_bare_repository_without_config(tmp_path: Path) -> None:
    """``config`` may be missing altogether."""
    built = small(tmp_path / "repo")
    wanted = blamed(built)
    (built.git_dir / "config").unlink()

    assert owners(built.path) == wanted


def loose_path(built: Built, oid: str) -> Path:
    """Where a loose object lies."""
    return built.git_dir / "objects" / oid[:2] / oid[2:]


def blob_of(built: Built, commit: int, path: str) -> str:
    """Return the blob of a path."""
    return built.git("rev-parse", f"{built.ids[commit]}:{path}").decode().strip()


def lossy(folder: Path) -> Built:
    """A history with text, a binary neighbour, a rename, a merge and a later repair."""
    world = World(folder, loose=True)
    base = world.commit(
        edit={
            "old": text(TEN),
            "keep": text("keep\n", TEN),
            "bin": "\0\0\n",
            "late": text("late\n", TEN),
        }
    )
    edited = world.commit(
        base,
        edit={"old": text(TEN, "lost\n"), "keep": text("keep\n", TEN, "k\n"), "bin": "\0\n1\n"},
    )
    moved = world.commit(
        edited,
        rename={"old": "new"},
        edit={"new": text("top\n", TEN, "lost\n"), "keep": text(TEN, "k k\n")},
    )
    left = world.commit(moved, edit={"keep": text("left\n", TEN, "k k\n"), "new": text("l\n", TEN)})
    right = world.commit(
        moved, edit={"keep": text(TEN, "k k\n", "r\n"), "new": text(TEN, "right\n")}
    )
    merge = world.commit(
        left,
        right,
        edit={"keep": text("left\n", TEN, "k k\n", "r\n"), "new": text("l\n", TEN, "right\n")},
    )
    world.commit(merge, edit={"late": text("late\n", TEN, "end\n"), "bin": "text now\n"})
    return world.build()


LOST: dict[str, tuple[int, str]] = {
    "a middle version": (1, "old"),
    "the first version": (0, "old"),
    "after the rename": (2, "new"),
    "one side of a merge": (3, "new"),
    "the other side of a merge": (4, "new"),
    "the merge itself": (5, "new"),
    "a binary version": (1, "bin"),
    "the last version": (6, "late"),
}


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("where", sorted(LOST))
def test_a_missing_blob_is_survived_and_named(where: str, lens: Lens, tmp_path: Path) -> None:
    """Every other file equals git blame; no line of the file itself goes to a wrong owner."""
    whole = lossy(tmp_path / "whole")
    built = lossy(tmp_path / "lossy")
    commit, path = LOST[where]
    blob = blob_of(built, commit, path)
    loose_path(built, blob).unlink()
    touched = {path.encode(), b"old", b"new"} if path in {"old", "new"} else {path.encode()}

    with open_repository(built.path) as repository:
        result = replay(repository, built.tips, lens=lens)
        missing = set(repository.missing)

    assert missing == {blob}
    for number, tree in enumerate(built.trees):
        found = result.owners(built.ids[number])

        assert set(found) == set(tree)
        for name, entry in tree.items():
            if name not in touched and not entry.looks_binary:
                assert found[name] == blame(whole.git_dir, whole.ids[number], name, lens=lens)
        if (
            number < commit
            and b"\0" not in tree.get(path.encode(), next(iter(tree.values()))).content
        ):
            for name in touched & set(tree):
                assert found[name] == blame(whole.git_dir, whole.ids[number], name, lens=lens)
    _assert_no_lie(result.owners(built.ids[-1]), whole, touched, lens)


def _assert_no_lie(
    found: dict[bytes, Owners], whole: Built, touched: set[bytes], lens: Lens
) -> None:
    """A line whose owner was lost is unknown, or the rename from the lost file made it."""
    for name in touched & set(found):
        rows = found[name]
        if isinstance(rows, Opaque):
            continue
        truth = blame(whole.git_dir, whole.ids[-1], name, lens=lens)

        assert len(rows) == len(truth)
        for row, true in zip(rows, truth, strict=True):
            assert row[0] == "unknown" or row == true or row[0] == whole.ids[2]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_many_missing_blobs_in_every_stream_at_once(jobs: int, tmp_path: Path) -> None:
    """Ordinary commits, merges and rename questions may all meet lost blobs in one run."""
    built = lossy(tmp_path / "repo")
    lost = {blob_of(built, *place) for place in LOST.values()}
    for blob in lost:
        loose_path(built, blob).unlink()

    for lens in LENSES:
        with open_repository(built.path) as repository:
            result = replay(repository, built.tips, lens=lens, jobs=jobs)

            assert repository.missing == lost
        assert set(result.owners(built.ids[-1])) == set(built.trees[-1])


def _cut_short(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-7])


def _rubbish(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"this is no zlib stream")


def _empty(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_cut_short, _rubbish, _empty])
@pytest.mark.parametrize("kind", ["blob", "tree", "commit"])
def test_a_corrupt_object_is_named_or_survived(
    damage: Callable[[Path], None], kind: str, tmp_path: Path
) -> None:
    """A damaged blob is like a missing one; a damaged tree or commit is an error of ours."""
    built = lossy(tmp_path / "repo")
    oid = {
        "blob": blob_of(built, 1, "old"),
        "tree": blob_of(built, 1, ""),
        "commit": built.ids[1],
    }[kind]
    damage(loose_path(built, oid))

    if kind == "blob":
        with open_repository(built.path) as repository:
            result = replay(repository, built.tips)
            missing = set(repository.missing)
        whole = lossy(tmp_path / "whole")

        assert missing == {oid}
        for name in (b"keep", b"late"):
            assert result.owners(built.ids[-1])[name] == blame(whole.git_dir, whole.ids[-1], name)
    else:
        with pytest.raises(MeterError) as caught:
            owners(built.path)

        assert caught.value.hint


def clone(built: Built, target: Path, *options: str) -> Path:
    """Clone through the file protocol, as from a server."""
    built.git("config", "uploadpack.allowFilter", "true")
    subprocess.run(
        ["git", "clone", "-q", "--bare", *options, f"file://{built.path}", str(target)],
        check=True,
        capture_output=True,
        env={**ENVIRONMENT, "GIT_NO_LAZY_FETCH": "0"},
    )
    return target


@pytest.mark.parametrize("depth", [1, 3])
def test_a_shallow_clone_says_where_it_was_cut(depth: int, tmp_path: Path) -> None:
    """Owners equal git blame in the clone itself; the boundary is known."""
    world = World(tmp_path / "full")
    tip = world.commit(edit={"a": text(TEN)})
    for number in range(6):
        tip = world.commit(tip, edit={"a": text(TEN, f"{number}\n"), "b": lines(f"b {number}")})
    built = world.build()
    shallow = clone(built, tmp_path / "shallow", f"--depth={depth}")
    before = listing(shallow)

    with open_repository(shallow) as repository:
        boundary = repository.location.shallow
        missing = set(repository.missing)

    assert boundary == (built.ids[-depth],)
    assert not missing
    for lens in LENSES:
        found = owners(shallow, lens=lens)
        for path in built.trees[-1]:
            assert found[path] == blame(shallow, built.ids[-1], path, lens=lens)
    assert listing(shallow) == before


def test_a_partial_clone_fetches_nothing(tmp_path: Path, marker: Path) -> None:
    """Without blobs there are no lines, every blob is named, and nobody is called."""
    built = small(tmp_path / "full")
    partial = clone(built, tmp_path / "partial", "--filter=blob:none")
    script = tmp_path / "called.sh"
    script.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    script.chmod(0o755)
    git(partial, "config", "remote.origin.url", f"ext::{script}")
    git(partial, "config", "protocol.ext.allow", "always")
    before = listing(partial)
    blobs = {
        built.git("rev-parse", b"%s:%s" % (oid.encode(), path)).decode().strip()
        for oid, tree in zip(built.ids, built.trees, strict=True)
        for path in tree
    }

    with open_repository(partial) as repository:
        is_partial = repository.location.partial
        result = replay(repository, [built.ids[-1]])
        missing = set(repository.missing)

    assert is_partial
    assert missing == blobs
    assert all(isinstance(v, Opaque) for v in result.owners(built.ids[-1]).values())
    assert not marker.exists()
    assert listing(partial) == before


def test_a_partial_clone_with_some_blobs_is_measured_where_it_can_be(tmp_path: Path) -> None:
    """``--filter=blob:limit`` leaves small files whole: those equal git blame."""
    world = World(tmp_path / "full")
    base = world.commit(edit={"small": text(TEN), "large": "x\n" * 2000})
    world.commit(base, edit={"small": text(TEN, "end\n"), "large": "x\n" * 2001})
    built = world.build()
    partial = clone(built, tmp_path / "partial", "--filter=blob:limit=1k")

    found = owners(partial)

    assert found[b"small"] == blame(built.git_dir, built.ids[-1], b"small")
    assert isinstance(found[b"large"], Opaque)


def test_a_clone_without_trees_is_an_error_of_ours(tmp_path: Path) -> None:
    """Without trees there is no file name: said, not guessed."""
    built = small(tmp_path / "full")
    partial = clone(built, tmp_path / "partial", "--filter=tree:0")

    with pytest.raises(MeterError) as caught:
        owners(partial)

    assert caught.value.hint


def test_names_that_are_special_on_disk(tmp_path: Path) -> None:
    """The folder of the repository may have spaces, quotes, line feeds and a leading dash."""
    for number, name in enumerate(["-dash", 'quo"te', "line\nfeed", "#hash", "a:b", '"q"', "é"]):
        built = small(tmp_path / str(number) / name)

        assert owners(built.path) == blamed(built)


def test_the_scratch_repository_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the run nothing of ours is left in the temporary folder, also after an error."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    built = small(tmp_path / "repo")

    owners(built.path)
    with pytest.raises(UsageError):
        owners(built.path, "no-such-branch")

    assert list(scratch.iterdir()) == []


def test_a_read_only_repository_is_measured(tmp_path: Path) -> None:
    """No write permission is needed anywhere."""
    built = small(tmp_path / "repo")
    wanted = blamed(built)
    for path in [built.path, *built.path.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))

    found = owners(built.path)
    for path in [built.path, *built.path.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)

    assert found == wanted


def test_every_shape_is_left_untouched(tmp_path: Path) -> None:
    """No world is written to, whatever trouble it holds."""
    for name in ("binary_and_back", "evil_merge", "octopus", "two_new_files_alike_one_deleted"):
        world = World(tmp_path / name)
        SHAPES[name](world)
        built = world.build()
        before = listing(built.path)
        owners(built.path)

        assert listing(built.path) == before
