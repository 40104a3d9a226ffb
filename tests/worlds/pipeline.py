"""A small invented training pipeline with its own books: who wrote which line is known.

Every line of every file is written once and never comes back, so the commit that first
held it is its origin; the books are kept while the stream for ``git fast-import`` is made
and never look at git, at rules or at the meter.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from provenance.terms.counts import Counts

PEOPLE = ("Adalgisa Fictor", "Borivoj Invento", "Cunegonde Nobody")
"""Names of persons, which no default output may hold."""
ADA = f"{PEOPLE[0]} <adalgisa@example.invalid>"
BOR = f"{PEOPLE[1]} <borivoj@example.invalid>"
CUN = f"{PEOPLE[2]} <cunegonde@example.invalid>"
CLAUDE = "Claude <noreply@anthropic.com>"
AIDER = f"{PEOPLE[1]} (aider) <borivoj@example.invalid>"
BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
TRAILER = "\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>\n"

DAY = 86400
START = 1767441600  # 2026-01-03, noon UTC


@dataclass(frozen=True, slots=True)
class Step:
    """One commit."""

    author_type: str
    """What the rules must say of it."""
    author: str
    """Raw author."""
    message: str
    """Whole message."""
    day: int
    """Days after the start."""
    files: Mapping[str, Sequence[str] | bytes | None]
    """Whole new content of files: lines, raw bytes, or ``None`` for a deletion."""
    ref: str = "refs/heads/main"
    """Branch it is put on."""
    tag: str = ""
    """Release tag it gets."""
    onto: int | None = None
    """Position of its parent; the one before when ``None``."""


@dataclass(slots=True)
class Book:
    """What the builder knows."""

    folder: Path
    """The repository."""
    commits: list[str]
    """Full ids, in the order of the steps."""
    steps: tuple[Step, ...]
    """The steps."""
    files: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """Text files at the head: every line with the position of the commit that wrote it."""

    def runs(self, path: str) -> list[tuple[int, int, str, str]]:
        """Return (start, lines, commit, author type) per run of lines of a file."""
        found: list[tuple[int, int, str, str]] = []
        for number, (_, owner) in enumerate(self.files[path], start=1):
            commit, kind = self.commits[owner], self.steps[owner].author_type
            if found and found[-1][2] == commit:
                start, lines, *_ = found[-1]
                found[-1] = (start, lines + 1, commit, kind)
            else:
                found.append((number, 1, commit, kind))
        return found

    def code(self, folder: str = "") -> Counts:
        """Return live code lines of the source files below a folder by author type."""
        kinds = Counter(
            self.steps[owner].author_type
            for path, lines in self.files.items()
            if path.startswith(folder) and path.endswith(".py") and not path.startswith("tests/")
            for text, owner in lines
            if text.strip() and not text.startswith("#")
        )
        return Counts(**kinds)


def code(word: str, first: int, last: int) -> list[str]:
    """Return lines of code that occur nowhere else."""
    return [f"{word}_{number} = compute_{word}({number})" for number in range(first, last)]


_FILTER = ["import datasets", "", "# keep what is worth learning from", *code("filtering", 0, 20)]
_LOOP = ["import torch", "from torch.optim import AdamW", *code("training", 0, 30)]
_HARNESS = ["import lm_eval", *code("scoring", 0, 10)]
_REWARD = ["from math_verify import parse", *code("reward", 0, 12)]
_DEPLOY = ["import vllm", *code("serving", 0, 8)]

STEPS = (
    Step(
        "unattested", ADA, "Start the pipeline\n", 0,
        {
            "README.md": ["# Trainwright", "", "Pre-training and evaluation of language models."],
            "data/filter.py": _FILTER,
            "train/loop.py": _LOOP,
            "assets/logo.png": b"\x89PNG\r\n\x1a\n\0\0\0\0picture",
        },
    ),
    Step(
        "assisted", BOR, "Score answers" + TRAILER, 20,
        {"evals/harness.py": _HARNESS, "tests/test_harness.py": code("check", 0, 5)},
    ),
    Step("automation", BOT, "Bump torch from 2.5 to 2.6\n", 35,
         {"train/loop.py": [_LOOP[0], "from torch.optim import AdamW, SGD", *_LOOP[2:]]}),
    Step("ai", CLAUDE, "Reward exact answers\n", 50, {"rewards/math.py": _REWARD}, tag="v0.1.0"),
    Step(
        "ai", AIDER, "Filter by length\n", 70,
        {"data/filter.py": [*_FILTER[:10], *code("length", 0, 7), *_FILTER[14:]]},
    ),
    Step("unattested", CUN, "Serve\n\nReviewed-by: Somebody <x@example.invalid>\n", 100,
         {"serve/deploy.py": _DEPLOY, "rewards/math.py": _REWARD[:9]}),
    Step(
        "assisted", ADA, "Resume training" + TRAILER, 130,
        {
            "train/loop.py": [
                _LOOP[0], "from torch.optim import AdamW, SGD", *_LOOP[2:20],
                *code("resume", 0, 9), *_LOOP[25:],
            ],
            "data/caf\udce9 \x1b[31m.py": code("latin", 0, 3),
        },
        tag="v0.2.0",
    ),
    Step(
        "assisted", BOR, "Never merged" + TRAILER, 90, {"evals/extra.py": code("extra", 0, 4)},
        ref="refs/pull/7/head", onto=3,
    ),
)  # fmt: skip
"""The history; the last step lives in a pull request only."""


def build(folder: Path, steps: tuple[Step, ...] = STEPS, *, bare: bool = False) -> Book:
    """Make the repository and return its book."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main", *(["--bare"] if bare else []))
    book = Book(folder, [], steps)
    stream: list[bytes] = []
    for position, step in enumerate(steps):
        stream.append(_commit(position, step))
        if step.tag:
            stream.append(f"reset refs/tags/{step.tag}\nfrom :{position + 1}\n\n".encode())
        if step.ref == "refs/heads/main":
            _keep(book, position, step)
    marks = folder / "marks"
    git(folder, "fast-import", "--quiet", f"--export-marks={marks}", text=b"".join(stream))
    named = dict(line.split() for line in marks.read_text().splitlines())
    marks.unlink()
    book.commits = [named[f":{position + 1}"] for position in range(len(steps))]
    return book


def _keep(book: Book, position: int, step: Step) -> None:
    for path, content in step.files.items():
        if content is None:
            book.files.pop(path)
        elif not isinstance(content, bytes):
            known = dict(book.files.get(path, []))
            book.files[path] = [
                (text, known.get(text, position) if text else _blank(book, path, position))
                for text in content
            ]


def _blank(book: Book, path: str, position: int) -> int:
    """Return who wrote the one blank line of a file."""
    return next((owner for text, owner in book.files.get(path, []) if not text), position)


def _commit(position: int, step: Step) -> bytes:
    when = f"{START + step.day * DAY} +0000"
    message = step.message.encode()
    parent = position if step.onto is None else step.onto + 1
    parts = [
        f"commit {step.ref}\nmark :{position + 1}\n".encode(),
        f"author {step.author} {when}\ncommitter {step.author} {when}\n".encode(),
        b"data %d\n%s\n" % (len(message), message),
        f"from :{parent}\n".encode() if parent else b"",
    ]
    for path, content in step.files.items():
        name = os.fsencode(_quoted(path))
        if content is None:
            parts.append(b"D %s\n" % name)
            continue
        data = content if isinstance(content, bytes) else _text(content)
        parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (name, len(data), data))
    return b"".join(parts) + b"\n"


def _quoted(path: str) -> str:
    return path if path.isascii() and path.isprintable() else f'"{path}"'


def _text(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def git(folder: Path, *words: str, text: bytes = b"") -> bytes:
    """Run git with nothing of the user's settings."""
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        input=text,
        capture_output=True,
        check=False,
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        },
    )
    if done.returncode:
        raise AssertionError(done.stderr.decode("utf-8", "replace"))
    return done.stdout
