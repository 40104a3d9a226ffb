"""Figures that a project publishes about its releases, counted again under its own definition."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from provenance.errors import InconclusiveError, UsageError
from provenance.recount.drill import driller
from provenance.recount.listing import content
from provenance.recount.owners import Manner, blame, read_flags
from provenance.recount.scratch import Scratch
from provenance.terms.commits import Commit

_FOLDER = resources.files("provenance") / "recount" / "definitions"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a published figure counts."""

    id: str
    """Its name."""
    title: str
    """One line for people."""
    flags: tuple[str, ...]
    """How git blame is asked."""
    keep: tuple[re.Pattern[str], ...]
    """Paths that count: any of these is found."""
    drop: tuple[re.Pattern[str], ...]
    """Paths that do not: one of these is found."""
    author: re.Pattern[str]
    """Found in the author's name: the tool's commit."""
    subject: re.Pattern[str]
    """Found in the first line of the message: the same."""
    message: re.Pattern[str]
    """Found anywhere in the message: the same."""
    figures: str
    """Path of the figures in the tree."""
    keys: Mapping[str, str]
    """Words of the figures for ``start``, ``end``, ``ai`` and ``whole``."""

    def counts(self, path: str) -> bool:
        """Whether the lines of a path count."""
        kept = any(pattern.search(path) for pattern in self.keep)
        return kept and not any(pattern.search(path) for pattern in self.drop)

    def is_tool(self, commit: Commit) -> bool:
        """Whether a commit is the tool's."""
        return bool(
            self.author.search(commit.author.name)
            or self.subject.search(commit.subject)
            or self.message.search(commit.message)
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One published pair of numbers."""

    start: str
    """Revision at which it starts, exclusive."""
    end: str
    """Revision at which it ends."""
    ai: int
    """Lines by the tool."""
    whole: int
    """Lines in all."""


@dataclass(frozen=True, slots=True)
class Release:
    """One figure, counted again."""

    published: Figure
    """What was published."""
    ai: int
    """Lines by the tool."""
    whole: int
    """Lines in all."""
    files: int
    """Files in which git blame looked."""
    uncounted: tuple[tuple[str, str], ...]
    """Files that could not be counted, and why."""
    stood_in: int
    """Contents missing from the clone that git blame had asked for by then."""

    @property
    def apart(self) -> int:
        """How many lines the two pairs are apart."""
        tool = abs(self.ai - self.published.ai)
        others = abs((self.whole - self.ai) - (self.published.whole - self.published.ai))
        return max(tool, others)


def names() -> list[str]:
    """Return the packaged definitions."""
    return sorted(f.name[:-5] for f in _FOLDER.iterdir() if f.name.endswith(".toml"))


def packaged(name: str) -> Definition:
    """Return a packaged definition.

    Raises:
        UsageError: there is none of this name.

    """
    if name not in names():
        raise UsageError(
            f"no definition {name!r}",
            slug="unknown-definition",
            hint=f"there is: {', '.join(names())}; or give a file that ends in .toml",
        )
    return read_definition((_FOLDER / f"{name}.toml").read_bytes())


def read_definition(raw: bytes) -> Definition:
    """Read a definition.

    Raises:
        UsageError: it is not one.

    """
    try:
        values = tomllib.loads(raw.decode("utf-8"))
        return _definition(values)
    except (ValueError, LookupError, TypeError, re.error) as error:
        raise UsageError(
            f"the definition cannot be read: {type(error).__name__}: {str(error)[:100]}",
            slug="definition-unreadable",
            hint="docs/recount.md shows one",
        ) from error


def _definition(values: Mapping[str, Any]) -> Definition:
    ai, figures = values["ai"], values["figures"]

    def one(key: str) -> re.Pattern[str]:
        return re.compile(ai.get(key, r"(?!)"), re.IGNORECASE)

    return Definition(
        id=values["id"],
        title=values["title"],
        flags=read_flags(values["blame"]),
        keep=tuple(map(re.compile, values["keep"])),
        drop=tuple(map(re.compile, values["drop"])),
        author=one("author"),
        subject=one("subject"),
        message=one("message"),
        figures=figures["path"],
        keys={word: figures[word] for word in ("start", "end", "ai", "whole")},
    )


def read_figures(definition: Definition, text: str) -> list[Figure]:
    """Read the figures: a YAML list of entries with plain values; what is nested is passed over.

    Raises:
        UsageError: an entry lacks a word.

    """
    entries: list[dict[str, str]] = []
    for line in text.splitlines():
        found = re.match(r"(- |  )([\w-]+): *'?([^']*?)'? *$", line)
        if found and found[1] == "- ":
            entries.append({})
        if found and entries:
            entries[-1][found[2]] = found[3]
    words = definition.keys
    try:
        return [
            Figure(e[words["start"]], e[words["end"]], int(e[words["ai"]]), int(e[words["whole"]]))
            for e in entries
        ]
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"the figures in {definition.figures} cannot be read: {error}",
            slug="figures-unreadable",
            hint="see docs/recount.md for their form",
        ) from error


def count_releases(
    scratch: Scratch,
    definition: Definition,
    *,
    at: str,
    jobs: int,
    choose: Callable[[Sequence[Figure]], Sequence[Figure]] = lambda figures: figures,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> Iterator[Release]:
    """Yield every chosen figure with what is counted again.

    Raises:
        InconclusiveError: the tree holds no figures.
        UsageError: they cannot be read, or name revisions that are not in the clone.
        HistoryError: the history cannot be read.

    """
    head = scratch.commit(at)
    raw = content(scratch, head, definition.figures)
    if raw is None:
        raise InconclusiveError(
            f"{definition.figures} is not in the tree of {head[:12]}",
            slug="no-figures",
            hint="give the repository that publishes them with --repo",
        )
    figures = choose(read_figures(definition, raw.decode("utf-8", "replace")))
    with driller(scratch) as drill:
        tool = {str(commit.id): definition.is_tool(commit) for commit in drill.commits(head)}
    for done, figure in enumerate(figures):
        told(done, len(figures))
        yield _count(scratch, definition, figure, tool=tool, jobs=jobs)
    told(len(figures), len(figures))


def _count(
    scratch: Scratch,
    definition: Definition,
    figure: Figure,
    *,
    tool: dict[str, bool],
    jobs: int,
) -> Release:
    start, end = (scratch.commit(f"refs/tags/{tag}") for tag in (figure.start, figure.end))
    manner = Manner(definition.flags)
    ai = whole = files = 0
    uncounted: list[tuple[str, str]] = []
    paths = [path for path in touched(scratch, start, end) if definition.counts(path)]
    for blamed in blame(scratch, f"{start}..{end}", paths, manner=manner, jobs=jobs):
        files += 1
        if blamed.problem:
            uncounted.append((blamed.path, blamed.problem))
        for run in blamed.runs:
            if not run.boundary:
                whole += run.lines
                ai += run.lines * tool[run.commit]
    return Release(figure, ai, whole, files, tuple(uncounted), len(scratch.absent))


def touched(scratch: Scratch, start: str, end: str) -> list[str]:
    """Return the files of ``end`` that a commit of the range changed, against any parent.

    In every other file each line is older than the range, whatever git blame is asked.
    """
    span = (f"{start}..{end}", "--")
    log = ("log", "-m", "--root", "--no-renames", "--name-only", "-z", "--format=")
    changed = set(scratch.run(*log, *span).split(b"\0"))
    there = scratch.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", end).split(b"\0")[:-1]
    return [os.fsdecode(path) for path in there if path in changed]
