"""Small repositories with fixed dates and identities, written with one ``git fast-import``.

A world reads like sentences::

    world = World(tmp_path)
    first = world.commit(edit={"poem": lines("one two three")})
    second = world.commit(first, edit={"poem": lines("one 2 three")})
    built = world.build()

Every commit takes over the tree of its first parent, then removes, renames and edits.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "HOME": os.devnull,
    "LC_ALL": "C",
    "TZ": "UTC",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Ann Author",
    "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_NAME": "Carl Committer",
    "GIT_COMMITTER_EMAIL": "carl@example.org",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
}
"""What every git process of the tests sees: nothing of the machine's own settings."""

_FIRST_SECOND = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What lies at a path: a mode, and its bytes (or the commit id of a submodule)."""

    content: bytes
    """Bytes of the file, target of the link, or hexadecimal id of the submodule's commit."""
    mode: bytes = b"100644"
    """Six octal digits."""

    @property
    def is_regular(self) -> bool:
        """Whether this is a file with lines."""
        return self.mode.startswith(b"100")

    @property
    def looks_binary(self) -> bool:
        """Whether git calls it binary: a NUL among the first 8000 bytes."""
        return b"\0" in self.content[:8000]


def lines(words: str) -> str:
    """Return one line per word."""
    return "".join(f"{word}\n" for word in words.split())


def numbered(count: int, word: str = "line") -> list[str]:
    """Return so many different lines."""
    return [f"{word} {number}\n" for number in range(count)]


def link(target: str) -> Entry:
    """Return a symbolic link."""
    return Entry(target.encode(), b"120000")


def program(text: str) -> Entry:
    """Return an executable file."""
    return Entry(text.encode(), b"100755")


def submodule(digit: str = "1", *, digits: int = 40) -> Entry:
    """Return a submodule at a commit that exists nowhere."""
    return Entry((digit * digits).encode(), b"160000")


@dataclass(frozen=True, slots=True)
class Built:
    """A world on disk."""

    path: Path
    """The folder that was built: a bare repository, or the parent of ``.git``."""
    git_dir: Path
    """The folder with ``HEAD``."""
    ids: tuple[str, ...]
    """Full commit ids in the order of the commits."""
    trees: tuple[Mapping[bytes, Entry], ...]
    """What each commit holds, in the same order."""
    parents: tuple[tuple[int, ...], ...]
    """Numbers of each commit's parents, in the same order."""
    tips: tuple[str, ...]
    """Commits without children."""

    def git(self, *arguments: str | bytes, stdin: bytes = b"", check: bool = True) -> bytes:
        """Run git in this repository and return its output."""
        return git(self.git_dir, *arguments, stdin=stdin, check=check)

    def blob_ref(self, name: str, content: str | bytes) -> str:
        """Point a ref (full name) at a blob and return the blob's id."""
        oid = self.git("hash-object", "-w", "--stdin", stdin=_bytes(content)).decode().strip()
        self.git("update-ref", name, oid)
        return oid


def git(git_dir: Path, *arguments: str | bytes, stdin: bytes = b"", check: bool = True) -> bytes:
    """Run git on a repository with the fixed environment and return its output."""
    done = subprocess.run(
        ["git", f"--git-dir={git_dir}", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        cwd=git_dir,
    )
    if check and done.returncode != 0:
        raise AssertionError(done.stderr.decode("utf-8", "replace"))
    return done.stdout


@dataclass(slots=True)
class World:
    """A repository in the making."""

    folder: Path
    """Where it is built; must not exist or be empty."""
    bare: bool = True
    """Whether there is no ``.git`` folder inside."""
    object_format: str = "sha1"
    """``sha1`` or ``sha256``."""
    loose: bool = False
    """Whether every object becomes a file of its own (so that one can be taken away)."""
    _stream: list[bytes] = field(default_factory=list)
    _trees: list[dict[bytes, Entry]] = field(default_factory=list)
    _parents: list[tuple[int, ...]] = field(default_factory=list)
    _refs: list[tuple[bytes, int]] = field(default_factory=list)
    _notes: dict[bytes, list[tuple[int, bytes]]] = field(default_factory=dict)
    _beside: list[tuple[bytes, dict[bytes, bytes]]] = field(default_factory=list)

    def commit(
        self,
        *parents: int,
        edit: Mapping[str, str | bytes | Entry] | None = None,
        rename: Mapping[str, str] | None = None,
        remove: Iterable[str] = (),
        message: str | bytes = "Change something",
        author: str = "Ann Author <ann@example.org>",
        hours: int = 0,
        authored: int = 0,
    ) -> int:
        """Add a commit and return its number; names may hold surrogate escapes.

        ``remove`` comes first, then ``rename`` (all at once), then ``edit``; ``hours`` moves
        its dates, ``authored`` the author date once more.
        """
        tree = dict(self._trees[parents[0]]) if parents else {}
        for name in remove:
            del tree[_bytes(name)]
        if rename:
            moved = {_bytes(new): tree[_bytes(old)] for old, new in rename.items()}
            for old in rename:
                tree.pop(_bytes(old), None)
            tree.update(moved)
        for path, content in (edit or {}).items():
            entry = content if isinstance(content, Entry) else Entry(_bytes(content))
            tree[_bytes(path)] = entry
        return self._add(tree, parents, _bytes(message), author, hours, authored)

    def tree(self, tree: Mapping[bytes, Entry], *parents: int, hours: int = 0) -> int:
        """Add a commit that holds exactly this and return its number."""
        return self._add(dict(tree), parents, b"Hold this", "Ann Author <ann@example.org>", hours)

    def _add(
        self,
        tree: dict[bytes, Entry],
        parents: Sequence[int],
        message: bytes,
        author: str,
        hours: int,
        authored: int = 0,
    ) -> int:
        number = len(self._trees)
        second = _FIRST_SECOND + 3600 * (number + hours)
        self._trees.append(tree)
        self._parents.append(tuple(parents))
        put = self._stream.append
        put(b"reset refs/heads/main\ncommit refs/heads/main\nmark :%d\n" % (number + 1))
        put(b"author %s %d +0000\n" % (author.encode(), second + 3600 * authored))
        put(b"committer Carl Committer <carl@example.org> %d +0000\n" % second)
        put(b"data %d\n%s\n" % (len(message), message))
        for place, parent in enumerate(parents):
            put(b"%s :%d\n" % (b"merge" if place else b"from", parent + 1))
        put(b"deleteall\n")
        for path, entry in sorted(tree.items()):
            if entry.mode == b"160000":
                put(b"M 160000 %s %s\n" % (entry.content, _quoted(path)))
            else:
                put(b"M %s inline %s\n" % (entry.mode, _quoted(path)))
                put(b"data %d\n%s\n" % (len(entry.content), entry.content))
        return number

    def ref(self, name: str, commit: int) -> None:
        """Point a ref (full name) at a commit."""
        self._refs.append((name.encode(), commit))

    def note(self, commit: int, text: str | bytes, *, ref: str = "refs/notes/ai") -> None:
        """Annotate a commit; all notes of a ref become one commit there."""
        self._notes.setdefault(ref.encode(), []).append((commit, _bytes(text)))

    def beside(self, ref: str, files: Mapping[str, str | bytes]) -> None:
        """Hold files in a commit of their own under a ref (full name), outside the history."""
        held = {_bytes(path): _bytes(content) for path, content in files.items()}
        self._beside.append((ref.encode(), held))

    def _stream_beside(self) -> None:
        """Write what lies beside the history."""
        put = self._stream.append
        who = b"committer Carl Committer <carl@example.org> %d +0000\ndata 0\n" % _FIRST_SECOND
        for ref, notes in self._notes.items():
            put(b"commit %s\n%s" % (ref, who))
            for commit, text in notes:
                put(b"N inline :%d\ndata %d\n%s\n" % (commit + 1, len(text), text))
        for ref, files in self._beside:
            put(b"commit %s\n%s" % (ref, who))
            for path, content in sorted(files.items()):
                put(b"M 100644 inline %s\ndata %d\n" % (_quoted(path), len(content)))
                put(b"%s\n" % content)

    def build(self) -> Built:
        """Write everything; ``main`` is the last commit, other tips get ``tip-N``."""
        git_dir = self.folder if self.bare else self.folder / ".git"
        _lay_out(git_dir, bare=self.bare, object_format=self.object_format)
        with_children = {parent for parents in self._parents for parent in parents}
        tips = [n for n in range(len(self._trees)) if n not in with_children]
        refs = [(b"refs/heads/tip-%d" % n, n) for n in tips if n != len(self._trees) - 1]
        for name, number in refs + self._refs:
            self._stream.append(b"reset %s\nfrom :%d\n\n" % (name, number + 1))
        self._stream_beside()
        marks = git_dir / "marks"
        git(
            git_dir,
            "-c",
            f"fastimport.unpackLimit={1_000_000 if self.loose else 1}",
            "fast-import",
            "--quiet",
            "--date-format=raw",
            f"--export-marks={marks}",
            stdin=b"".join(self._stream) + b"done\n",
        )
        by_mark = dict(line.split(" ") for line in marks.read_text().splitlines())
        marks.unlink()
        ids = tuple(by_mark[f":{number + 1}"] for number in range(len(self._trees)))
        return Built(
            path=self.folder,
            git_dir=git_dir,
            ids=ids,
            trees=tuple(self._trees),
            parents=tuple(self._parents),
            tips=tuple(ids[tip] for tip in tips),
        )


def _lay_out(git_dir: Path, *, bare: bool, object_format: str) -> None:
    """Do what ``git init`` does, without a process."""
    for part in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (git_dir / part).mkdir(parents=True)
    sha256 = object_format == "sha256"
    (git_dir / "config").write_text(
        f"[core]\n\trepositoryformatversion = {int(sha256)}\n\tbare = {str(bare).lower()}\n"
        + ("[extensions]\n\tobjectformat = sha256\n" if sha256 else "")
    )
    (git_dir / "HEAD").write_text("ref: refs/heads/main\n")


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def _quoted(path: bytes) -> bytes:
    plain = all(0x23 <= byte < 0x7F and byte != 0x5C for byte in path)
    if plain:
        return path
    return b'"' + b"".join(b"\\%03o" % byte for byte in path) + b'"'
