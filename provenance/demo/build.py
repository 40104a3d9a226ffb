"""Write the story as a repository, and keep the books about it.

The books hold, for every commit, every line with the commit that git must name for it and
with its true maker.  They are kept while the stream for git is made: nothing is read back
from git, from rules or from the meter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from provenance.demo.lines import Lines, Pen, formatted, joined
from provenance.demo.notes import note
from provenance.demo.story import BOT, Hand, Step, read
from provenance.history import process

NAME: Final = "larkspur-demo"
"""Name of the invented repository."""
RECORDED: Final = True
"""Whether the notes of the story are written; only where the meter reads them."""
_NOTES: Final = "refs/notes/ai"
_PEOPLE: Final = {
    "ada": "Ada Invented <ada@larkspur.invalid>",
    "ben": "Ben Invented <ben@larkspur.invalid>",
    "cleo": "Cleo Invented <cleo@larkspur.invalid>",
    BOT: "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
}
_AGENTS: Final = {
    "lark-1": "Larkhand <lark-1@larkspur.invalid>",
    "lark-2": "Larkhand <lark-2@larkspur.invalid>",
    "quill-3": "Quillpen <quill-3@inkwell.invalid>",
}

Tree = Mapping[str, Lines]
"""Files of a commit by path."""


@dataclass(frozen=True, slots=True)
class Made:
    """One commit with its books."""

    step: Step
    """What the story says of it."""
    parents: tuple[int, ...]
    """Numbers of its parents."""
    tree: Tree
    """Every file."""


@dataclass(frozen=True, slots=True)
class Book:
    """The invented repository and the truth about it."""

    folder: Path
    """The bare repository."""
    commits: tuple[Made, ...]
    """Every commit, the pull requests' too, in the order of their dates."""
    ids: tuple[str, ...]
    """Their full ids."""
    recorded: bool
    """Whether the notes of the story were written."""

    @property
    def head(self) -> Made:
        """The commit that is measured."""
        return [made for made in self.commits if made.step.branch == "main"][-1]


@dataclass(slots=True)
class _Teller:
    pen: Pen = field(default_factory=Pen)
    commits: list[Made] = field(default_factory=list)
    tips: dict[str, int] = field(default_factory=dict)
    forks: dict[str, int] = field(default_factory=dict)

    def tell(self, step: Step) -> None:
        """Add one commit."""
        if self.commits and step.branch not in self.tips:
            self.tips[step.branch] = self.forks[step.branch] = self.tips["main"]
        number = len(self.commits)
        parents = [self.tips[step.branch]] if self.commits else []
        tree = dict(self.commits[parents[0]].tree) if parents else {}
        if step.merge:
            tree = self._brought(tree, step.merge)
            parents.append(self.tips[step.merge])
        if step.squash:
            tree = {
                path: _owned(lines, tree.get(path, ()), number)
                for path, lines in self._brought(tree, step.squash).items()
            }
        for old, new in step.moves:
            tree[new] = tree.pop(old)
        if step.formats:
            self.pen.indent = "    "
            for path in [path for path in tree if path.endswith(".py")]:
                tree[path] = formatted(tree[path], owner=number, indent=self.pen.indent)
        for edit in step.edits:
            before = tree.get(edit.path, ())
            tree[edit.path] = self.pen.edit(before, edit, owner=number, hand=step.hand)
        self.commits.append(Made(step, tuple(parents), tree))
        self.tips[step.branch] = number

    def _brought(self, tree: Tree, branch: str) -> dict[str, Lines]:
        theirs = self.commits[self.tips[branch]].tree
        base = self.commits[self.forks[branch]].tree
        both = dict(tree)
        for path, lines in theirs.items():
            if lines != base.get(path):
                both[path] = joined(tree.get(path, ()), lines, base.get(path, ()))
        return both


def _owned(lines: Lines, before: Lines, number: int) -> Lines:
    """Give the lines that were not there before to a commit."""
    return tuple(line if line in before else replace(line, owner=number) for line in lines)


def build(parent: Path, *, recorded: bool = RECORDED) -> Book:
    """Write the repository into a new folder below ``parent`` and return its book.

    The same bytes come out on every machine.  If ``recorded``, the notes that a recording
    tool left are written too.

    Raises:
        HistoryError: git failed.

    """
    teller = _Teller()
    for step in read():
        teller.tell(step)
    folder = parent / NAME
    _lay_out(folder)
    marks = folder / "marks"
    process.run(
        folder, "fast-import", "--quiet", "--done", "--date-format=raw", f"--export-marks={marks}",
        text=_stream(teller.commits),
    )  # fmt: skip
    ids = dict(line.split(" ") for line in marks.read_text(encoding="ascii").splitlines())
    marks.unlink()
    named = tuple(ids[f":{number + 1}"] for number in range(len(teller.commits)))
    book = Book(folder, tuple(teller.commits), named, recorded)
    if recorded:
        process.run(
            folder, "fast-import", "--quiet", "--done", "--date-format=raw", text=_noted(book)
        )
    return book


def _noted(book: Book) -> bytes:
    """Return the stream for the notes: one commit that holds all of them."""
    who = f"Recorder <recorder@larkspur.invalid> {book.head.step.second} +0000"
    parts = [f"commit {_NOTES}\ncommitter {who}\ndata 0\n".encode()]
    for number, made in enumerate(book.commits):
        if made.step.noted:
            text = note(number, made.tree, commit=book.ids[number]).encode()
            parts.append(
                b"N inline %s\ndata %d\n%s\n" % (book.ids[number].encode(), len(text), text)
            )
    return b"".join([*parts, b"\ndone\n"])


def _lay_out(folder: Path) -> None:
    """Do what ``git init --bare`` does, whatever this machine's settings and templates."""
    for part in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (folder / part).mkdir(parents=True)
    (folder / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = true\n", encoding="ascii"
    )
    (folder / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")


def _stream(commits: list[Made]) -> bytes:
    return b"".join(_commit(number, commits) for number in range(len(commits))) + b"done\n"


def _commit(number: int, commits: list[Made]) -> bytes:
    made = commits[number]
    step = made.step
    branch = step.branch
    ref = f"refs/heads/{branch}" if branch == "main" else f"refs/pull/{branch}/head"
    message = _message(step).encode()
    who = f"{_identity(step.hand)} {step.second} +0000"
    parts = [
        f"reset {ref}\ncommit {ref}\nmark :{number + 1}\nauthor {who}\ncommitter {who}\n".encode(),
        b"data %d\n%s\n" % (len(message), message),
    ]
    for place, parent in enumerate(made.parents):
        parts.append(f"{'merge' if place else 'from'} :{parent + 1}\n".encode())
    before = commits[made.parents[0]].tree if made.parents else {}
    parts += [f"D {path}\n".encode() for path in sorted(before) if path not in made.tree]
    for path, lines in sorted(made.tree.items()):
        if before.get(path) != lines:
            data = "".join(f"{line.text}\n" for line in lines).encode()
            parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    parts.append(b"\n")
    if step.tag:
        parts.append(f"reset refs/tags/{step.tag}\nfrom :{number + 1}\n\n".encode())
    return b"".join(parts)


def _identity(hand: Hand) -> str:
    return _PEOPLE.get(hand.name) or _AGENTS[hand.name]


def _message(step: Step) -> str:
    if not step.hand.shared:
        return f"{step.subject}\n"
    assert step.hand.model
    return f"{step.subject}\n\nCo-authored-by: {_AGENTS[step.hand.model]}\n"
