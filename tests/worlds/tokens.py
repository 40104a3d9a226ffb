"""Random histories in which every line is a token, with a model of who wrote which.

The model never reads notes, blame or anything of the meter: it writes down, when a line is
made, what an honest reader can know about it in the end.  Commits are made by people who
leave no mark, by tools and with their help, by bots, and with notes that tell lines apart;
branches are merged, squashed with and without their marks, rebased and cherry-picked;
files are renamed; lines are removed, brought back and formatted.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from pathlib import Path

from provenance.terms.authors import AuthorType
from worlds.records import agent, git_ai
from worlds.world import Built, World

ANN = "Ann Author <ann@example.org>"
_TOOL = "Ann Author (aider) <ann@example.org>"
_BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
_HELPED = "\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>\n"
_PATHS = ("train/loop.py", "eval/score.py", "data/clean.py", "serve/api.py")

Files = dict[str, list[str]]
"""Lines by path; each line is a token of its own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one commit is made, and what can be known of its lines."""

    name: str
    """For the log of operations."""
    author: str
    """Author."""
    trailer: str
    """What stands below the subject."""
    known: AuthorType
    """What the commit itself says of its lines."""
    noted: bool = False
    """Whether a note names some of its lines."""


KINDS = (
    Kind("nobody", ANN, "", AuthorType.UNATTESTED),
    Kind("tool", _TOOL, "", AuthorType.AI),
    Kind("helped", ANN, _HELPED, AuthorType.ASSISTED),
    Kind("bot", _BOT, "", AuthorType.AUTOMATION),
    Kind("noted", ANN, "", AuthorType.UNATTESTED, noted=True),
    Kind("helped and noted", ANN, _HELPED, AuthorType.UNATTESTED, noted=True),
)
"""A note on a helped commit: lines that no record names are nobody's any more."""


@dataclass
class Tokens:
    """A world, and what is true of every line in it."""

    built: Built
    """The repository."""
    truth: dict[str, AuthorType]
    """What can be known of each line, by its text."""
    files: Files
    """The files at the head."""
    log: list[str]
    """What was done, in words."""


@dataclass
class _Tip:
    """One end of the history."""

    commit: int
    files: Files
    truth: dict[str, AuthorType]


@dataclass
class Story:
    """Builds one history; ``notes`` says whether the notes are kept."""

    folder: Path
    seed: int
    notes: bool = True
    branches: bool = True
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with one commit."""
        self._choose = random.Random(self.seed)
        self._world = World(self.folder)
        self._count = 0
        self._hours = 0
        self._requests = 0

    def tell(self, steps: int = 14) -> Tokens:
        """Tell the story and build it."""
        main = self._commit(None, KINDS[0], "Begin")
        does = (
            self._straight, self._straight, self._straight, self._merge, self._squash,
            self._squash, self._rebase, self._restore, self._rename, self._format,
        )  # fmt: skip
        for _ in range(steps):
            main = self._choose.choice(does)(main)
        # the head is the commit made last
        main = self._commit(main, KINDS[0], "End")
        return Tokens(self._world.build(), main.truth, main.files, self.log)

    def _straight(self, main: _Tip) -> _Tip:
        return self._commit(main, self._choose.choice(KINDS), "Change")

    def _branch(self, main: _Tip) -> list[_Tip]:
        tips = [main]
        for _ in range(self._choose.randint(1, 3)):
            tips.append(self._commit(tips[-1], self._choose.choice(KINDS), "Work"))
        return tips[1:]

    def _merge(self, main: _Tip) -> _Tip:
        self.log.append("merge")
        side = self._branch(main)[-1]
        return self._made(side, side.files, side.truth, main.commit, side.commit, subject="Merge")

    def _squash(self, main: _Tip) -> _Tip:
        """Land a branch as one commit; its request ref and its marks may be kept or not."""
        said = len(self._says)
        tips = self._branch(main)
        says = any(self._says[said:])
        kept = self._choose.random() < 0.7 and self.branches
        marked = self._choose.random() < 0.4
        self._requests += 1
        if kept:
            self._world.ref(f"refs/pull/{self._requests}/head", tips[-1].commit)
        own = AuthorType.ASSISTED if marked else AuthorType.UNATTESTED
        truth = dict(main.truth)
        for line in _new_lines(main.files, tips[-1].files):
            # a branch that names no AI does not speak against the mark of its squash
            truth[line] = tips[-1].truth[line] if kept and says else own
        self.log.append(f"squash #{self._requests} kept={kept} marked={marked}")
        subject = f"Land it (#{self._requests})"
        trailer = _HELPED if marked else ""
        return self._made(
            main, tips[-1].files, truth, main.commit, subject=subject, trailer=trailer
        )

    def _rebase(self, main: _Tip) -> _Tip:
        """Replay a noted commit on a newer base; the old one stays under a ref of its own."""
        where = self._choose.choice(_PATHS)
        old = self._commit(main, KINDS[4], f"Rebase {self._count}", path=where)
        when = old.commit + self._hours
        if not self.branches:
            old.truth.update(
                dict.fromkeys(_new_lines(main.files, old.files), AuthorType.UNATTESTED)
            )
        else:
            self._world.ref(f"refs/heads/old-{self._count}", old.commit)
        between = self._commit(main, self._choose.choice(KINDS[:4]), "Between", path="between.py")
        files = {name: list(lines) for name, lines in between.files.items()}
        for name in old.files:
            if old.files[name] != main.files.get(name):
                files[name] = list(old.files[name])
        truth = {**between.truth, **old.truth}
        self.log.append("rebase")
        subject = self._subject_of_last_noted
        return self._made(between, files, truth, between.commit, subject=subject, when=when)

    def _restore(self, main: _Tip) -> _Tip:
        """Remove lines and bring them back: they belong to whoever brings them back."""
        path = self._choose.choice(sorted(main.files))
        if len(main.files[path]) < 2:
            return self._straight(main)
        fewer = {**main.files, path: main.files[path][1:]}
        gone = self._made(main, fewer, dict(main.truth), main.commit, subject="Remove")
        kind = self._choose.choice(KINDS[:4])
        truth = {**main.truth, main.files[path][0]: kind.known}
        self.log.append(f"restore by {kind.name}")
        return self._made(
            gone, main.files, truth, gone.commit,
            subject="Restore", trailer=kind.trailer, author=kind.author,
        )  # fmt: skip

    def _rename(self, main: _Tip) -> _Tip:
        """Rename a file: its lines stay whose they were."""
        path = self._choose.choice(sorted(main.files))
        self._count += 1
        name = f"{path.rpartition('/')[0] or 'top'}/moved_{self._count}.py"
        files = dict(main.files)
        files[name] = files.pop(path)
        self.log.append(f"rename {path} {name}")
        return self._made(main, files, dict(main.truth), main.commit, subject="Rename")

    def _format(self, main: _Tip) -> _Tip:
        """Indent a file: under the plain lens the formatter owns it."""
        path = self._choose.choice(sorted(main.files))
        lines = [f"  {line}" for line in main.files[path]]
        truth = {**main.truth, **dict.fromkeys(lines, AuthorType.AUTOMATION)}
        self.log.append(f"format {path}")
        files = {**main.files, path: lines}
        return self._made(main, files, truth, main.commit, subject="Format", author=_BOT)

    def _commit(self, tip: _Tip | None, kind: Kind, subject: str, *, path: str = "") -> _Tip:
        files = {name: list(lines) for name, lines in tip.files.items()} if tip else {}
        truth = dict(tip.truth) if tip else {}
        name = path or self._choose.choice([*_PATHS, *sorted(files)])
        lines = files.setdefault(name, [])
        at = self._choose.randint(0, len(lines))
        del lines[at : at + self._choose.choice((0, 0, 1, 2))]
        new = [self._token() for _ in range(self._choose.randint(2, 6))]
        lines[at:at] = new
        truth.update(dict.fromkeys(new, kind.known))
        subject = f"{subject} {self._count}"
        self.log.append(f"{kind.name}: {name}[{at}] +{len(new)}")
        made = self._made(
            tip or _Tip(-1, {}, {}), files, truth, *([tip.commit] if tip else []),
            subject=subject, trailer=kind.trailer, author=kind.author,
        )  # fmt: skip
        ai = kind.known in {AuthorType.AI, AuthorType.ASSISTED} or bool(kind.trailer)
        self._says.append(ai or (kind.noted and self.notes))
        if kind.noted:
            self._subject_of_last_noted = subject
            self._note(made, name, new, helped=bool(kind.trailer))
        return made

    def _note(self, tip: _Tip, name: str, new: list[str], *, helped: bool) -> None:
        """Say which of the new lines the agent wrote, and which a person was seen typing."""
        robot = new[: self._choose.randint(1, len(new))]
        typed = new[len(robot) : len(robot) + 1]
        if not self.notes:
            own = AuthorType.ASSISTED if helped else AuthorType.UNATTESTED
            tip.truth.update(dict.fromkeys(new, own))
            return
        place = {line: number for number, line in enumerate(tip.files[name], start=1)}
        said = [f"s_0a1b2c3d4e5f60::t_99aa88bb77cc66 {_ranges([place[line] for line in robot])}"]
        if typed:
            said.append(f"h_5566778899aabb {place[typed[0]]}")
        # a careless tool also claims lines that the commit did not add
        claimed = sorted(set(place.values()) - {place[line] for line in new})[:2]
        if claimed:
            said.append(f"s_0a1b2c3d4e5f60::t_99aa88bb77cc67 {_ranges(claimed)}")
        text = git_ai(
            {name: said},
            sessions={"s_0a1b2c3d4e5f60": agent("claude", "claude-opus-4-5-20251101")},
            humans={"h_5566778899aabb": {"author": "A <a@example.org>"}},
        )
        self._world.note(tip.commit, text)
        tip.truth.update(dict.fromkeys(robot, AuthorType.AI))
        tip.truth.update(dict.fromkeys(typed, AuthorType.HUMAN))

    def _made(
        self,
        before: _Tip,
        files: Files,
        truth: dict[str, AuthorType],
        *parents: int,
        subject: str,
        trailer: str = "",
        author: str = ANN,
        when: int | None = None,
    ) -> _Tip:
        self._hours += 30
        first = self._world_files(parents[0]) if parents else {}
        number = self._world.commit(
            *parents,
            edit={
                name: "".join(f"{line}\n" for line in lines)
                for name, lines in files.items()
                if first.get(name) != lines
            },
            remove=sorted(first.keys() - files.keys()),
            message=subject + trailer,
            author=author,
            hours=self._hours,
            authored=0 if when is None else when - len(self._known) - self._hours,
        )
        del before
        tip = _Tip(number, {name: list(lines) for name, lines in files.items()}, dict(truth))
        self._known[number] = tip.files
        return tip

    _known: dict[int, Files] = field(default_factory=dict)
    _says: list[bool] = field(default_factory=list)
    _subject_of_last_noted: str = ""

    def _world_files(self, commit: int) -> Files:
        return self._known[commit]

    def _token(self) -> str:
        self._count += 1
        return f"token_{self.seed}_{self._count} = {self._choose.getrandbits(64)}"


def _new_lines(before: Files, after: Files) -> list[str]:
    known = {line for lines in before.values() for line in lines}
    return [line for lines in after.values() for line in lines if line not in known]


def _ranges(numbers: list[int]) -> str:
    return ",".join(str(number) for number in sorted(numbers))


def without(story: Story, **changed: bool) -> Story:
    """Return the same story told without some of its evidence."""
    other = replace(story, folder=story.folder.with_name("without"), log=[], **changed)
    other._known = {}
    other._says = []
    return other
