"""Start git, always the same way: argument list, pinned options, no outside configuration."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Collection, Generator, Iterable, Sequence
from pathlib import Path
from typing import IO

from provenance.errors import HistoryError

Popen = subprocess.Popen[bytes]

PINNED = (
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.attributesFile=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "core.logAllRefUpdates=false",
    "-c", "core.commitGraph=false",
    "-c", "core.preloadIndex=false",
    "-c", "diff.external=",
    "-c", "diff.algorithm=myers",
    "-c", "diff.indentHeuristic=true",
    "-c", "diff.renames=true",
    "-c", "diff.renameLimit=1000",
    "-c", "diff.noprefix=false",
    "-c", "diff.mnemonicPrefix=false",
    "-c", "diff.orderFile=",
    "-c", "diff.suppressBlankEmpty=false",
    "-c", "diff.ignoreSubmodules=none",
    "-c", "diff.submodule=short",
    "-c", "log.showSignature=false",
    "-c", "log.follow=false",
    "-c", "protocol.allow=never",
    "-c", "gc.auto=0",
    "-c", "color.ui=never",
)  # fmt: skip
"""Configuration given to every git process (``-c key=value`` pairs)."""

DIFF = ("--no-ext-diff", "--no-textconv", "--no-color", "--full-index", "-U0", "-M50%")
"""Options of every diff: they are part of each figure's definition."""


def environment() -> dict[str, str]:
    """Return the whole environment of a git process: nothing of the user's git settings."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "LC_ALL": "C",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
        "GIT_ADVICE": "0",
    }


def command(git_dir: Path, *arguments: str) -> list[str]:
    """Return the argument list of a git command on the scratch repository."""
    return ["git", f"--git-dir={git_dir}", *PINNED, *arguments]


def start(
    git_dir: Path,
    arguments: Sequence[str],
    *,
    stderr: IO[bytes],
    stdin: IO[bytes] | None = None,
) -> Popen:
    """Start a streaming git process.

    ``stderr`` is a file, so that it can never fill a pipe; without ``stdin`` a pipe is opened.
    """
    return subprocess.Popen(
        command(git_dir, *arguments),
        stdin=subprocess.PIPE if stdin is None else stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=environment(),
        cwd=git_dir,
    )


def parts(
    git_dir: Path, arguments: Sequence[str], lines: Iterable[bytes]
) -> Generator[list[bytes], None, None]:
    """Feed ``lines`` to a git command and yield what it prints, cut at its NULs, as it comes.

    Raises:
        HistoryError: git failed; known only after the last part.

    """
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as feed:
        feed.write(b"".join(line + b"\n" for line in lines))
        feed.seek(0)
        git = start(git_dir, arguments, stderr=errors, stdin=feed)
        assert git.stdout is not None
        tail = b""
        try:
            while data := git.stdout.read(1 << 20):
                found = (tail + data).split(b"\0")
                tail = found.pop()
                yield found
            code = git.wait()
        finally:
            git.kill()
            git.wait()
            git.stdout.close()
        if code != 0:
            errors.seek(0)
            raise failure(arguments[0], errors.read(1 << 16))


def run(
    git_dir: Path, *arguments: str, text: bytes = b"", answers: Collection[int] = (0,)
) -> bytes:
    """Run a short git command to its end and return its output.

    ``answers`` are the exit codes that are an answer and no failure.

    Raises:
        HistoryError: git failed; the hint holds git's own last line.

    """
    done = subprocess.run(
        command(git_dir, *arguments),
        input=text,
        capture_output=True,
        check=False,
        env=environment(),
        cwd=git_dir,
    )
    if done.returncode not in answers:
        raise failure(arguments[0] if arguments else "git", done.stderr)
    return done.stdout


def failure(what: str, stderr: bytes) -> HistoryError:
    """Translate the end of a failed git process into one error."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    last = lines[-1] if lines else "no message"
    return HistoryError(
        f"git {what} failed: {last[:300]}",
        slug="git-failed",
        hint="see what this clone lacks with: provenance doctor",
    )
