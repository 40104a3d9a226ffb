r"""Read git's streams of file changes and line hunks.

One process serves any number of commits: ids go in at one end, changes come out at the
other.  Paths and ids come from the ``-z`` raw part; the patch part gives hunk headers
only, bodies are skipped by their count (a body line begins with ``+``, ``-`` or ``\``,
so content can never pass for a header).
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Final

from provenance.errors import HistoryError
from provenance.history import process
from provenance.history.repository import Repository
from provenance.terms.changes import Change, Lens

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@").match
_READ: Final = 1 << 20
_PIPE_SIZE: Final = 1 << 20
_SET_PIPE_SIZE: Final = 1031  # F_SETPIPE_SZ on Linux; elsewhere the default size serves
_AHEAD: Final = 24

Printed = tuple[bytes, list[Change]]
"""What git printed for one input line: the line (commit or pair of trees) and its changes."""


_UNREADABLE = re.compile(rb"unable to read|missing blob|could not read").search
_BLOB = re.compile(rb"unable to read ([0-9a-f]{40}(?:[0-9a-f]{24})?)\b").findall


class MissingObjectError(HistoryError):
    """git met an object that the clone does not hold, or holds damaged."""

    blobs: frozenset[str] = frozenset()
    """Ids of the blobs that git named."""


def failed(stderr: bytes) -> HistoryError:
    """Tell a missing object from any other failure of ``git diff-tree``."""
    error = process.failure("diff-tree", stderr)
    if not _UNREADABLE(stderr):
        return error
    missing = MissingObjectError(error.message, slug="missing-object", hint=error.hint)
    missing.blobs = frozenset(blob.decode() for blob in _BLOB(stderr))
    return missing


class DiffStream:
    """One ``git diff-tree --stdin`` process with its parser."""

    def __init__(self, repository: Repository, inputs: Sequence[bytes], *options: str) -> None:
        """Start git on ``inputs`` (one line each)."""
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives with the process
        with tempfile.TemporaryFile() as lines:
            lines.write(b"".join(line + b"\n" for line in inputs))
            lines.seek(0)
            self._process = process.start(
                repository.git_dir,
                ["diff-tree", "--stdin", "-r", "--root", "--raw", "-z", *options],
                stderr=self._errors,
                stdin=lines,
            )
        self._chunks: queue.Queue[bytes] = queue.Queue(_AHEAD)
        self._stopped = False
        _widen(self._process.stdout)
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()
        self.parsed = parse(self._next, repository.location.digits)

    def _next(self) -> bytes:
        """Return the next output, and empty bytes only after git ended well."""
        data = self._chunks.get()
        if not data:
            self.close()
        return data

    def _drain(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        while True:
            data = os.read(pipe.fileno(), _READ)
            while not self._stopped:
                try:
                    self._chunks.put(data, timeout=0.5)
                    break
                except queue.Full:
                    continue
            if not data or self._stopped:
                return

    def close(self) -> None:
        """Wait for the end of git.

        Raises:
            MissingObjectError: an object was missing.
            HistoryError: git failed otherwise.

        """
        code = self._process.wait()
        self._errors.seek(0)
        text = self._errors.read(1 << 16)
        self.stop()
        if code != 0:
            raise failed(text)

    def stop(self) -> None:
        """End the process at once; safe to call twice."""
        self._stopped = True
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._thread.join(timeout=10)
        for pipe in (self._process.stdout, self._errors):
            if pipe is not None:
                pipe.close()


def _widen(pipe: IO[bytes] | None) -> None:
    try:
        import fcntl  # noqa: PLC0415 - not on every platform
    except ImportError:
        return
    if pipe is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.fileno(), _SET_PIPE_SIZE, _PIPE_SIZE)


def parse(  # noqa: PLR0915 - one loop over millions of lines, a call per line would double it
    read: Callable[[], bytes], digits: int
) -> Iterator[Printed]:
    """Parse the stream of ``diff-tree --stdin --raw -z -p -U0``: one item per printed commit.

    ``read`` returns the next bytes, and empty bytes at the end.  Hunks come as half-open,
    zero-based spans: this is the one place where git's one-based ranges enter.
    """
    is_header = re.compile(rb"[0-9a-f]{%d}(?:\0| [0-9a-f]{%d}(?:\n|\Z))" % (digits, digits)).match
    tail: list[bytes] = []
    skip = 0
    header = b""
    changes: list[Change] = []
    current: Change | None = None
    at = 0
    block: list[bytes] | None = None
    while True:
        data = read()
        if data:
            tail.append(data)
            if b"\n" not in data:
                continue  # a long line is joined once, at its end
            lines = b"".join(tail).split(b"\n")
            tail = [lines.pop()]
        else:
            last = b"".join(tail)
            lines = [last] if last else []
            tail = []
        size = len(lines)
        if skip >= size:
            skip -= size
            if not data:
                break
            continue
        i = skip
        skip = 0
        while i < size:
            line = lines[i]
            i += 1
            first = line[:1]
            if block is None and first == b"@":
                found = _HUNK(line)
                if found is None:
                    continue
                a, b, c, d = found.groups()
                removed = 1 if b is None else int(b)
                added = 1 if d is None else int(d)
                if current is not None:
                    # an empty side is given by the line before it
                    current.hunks += (
                        int(a) - 1 if removed else int(a),
                        removed,
                        int(c) - 1 if added else int(c),
                        added,
                    )
                i += removed + added
            elif block is None and first == b"i" and line.startswith(b"index "):
                old, new = line[6 : 6 + digits], line[8 + digits : 8 + 2 * digits]
                at, current = _match(changes, at, old, new)
            elif block is None and first == b"B" and line.startswith(b"Binary files "):
                if current is not None:
                    current.binary = True
            elif block is not None or is_header(line):
                # raw block: ids and paths between NULs; a path may hold line feeds
                if block is not None:
                    block.append(line)
                    if b"\0\0" not in line:
                        continue  # the block ends in two NULs: it is split once, when whole
                    line = b"\n".join(block)
                while True:
                    taken = _raw_block(line, digits)
                    if taken is None:
                        block = block or [line]
                        break
                    if header:
                        yield header, changes
                    block = None
                    header, changes, line = taken
                    at, current = 0, None
                    if not is_header(line):
                        break
        skip = i - size
        if not data:
            break
    if header:
        yield header, changes


def _match(changes: list[Change], at: int, old: bytes, new: bytes) -> tuple[int, Change | None]:
    """Find the raw entry that a patch section belongs to; both come in the same order."""
    for i in range(at, len(changes)):
        change = changes[i]
        if change.old_blob == old and change.new_blob == new:
            return i + 1, change
        if change.status == b"T":
            # a type change prints a deletion, then a creation: only the second one gives lines
            if change.old_blob == old:
                return i, None
            if change.new_blob == new:
                return i + 1, change
    return at, None


def _raw_block(  # noqa: PLR0911 - every way to be incomplete leaves at once
    text: bytes, digits: int
) -> tuple[bytes, list[Change], bytes] | None:
    """Split ``id NUL entries NUL rest``; ``None`` when the block is not complete yet."""
    cut = 2 * digits + 1 if text[digits : digits + 1] == b" " else digits
    header, position = text[:cut], cut + 1  # two trees end in a line feed, a commit in a NUL
    if position > len(text):
        return None
    changes: list[Change] = []
    while text[position : position + 1] == b":":
        end = text.find(b"\0", position)
        if end < 0:
            return None
        old_mode, new_mode, old, new, status = text[position + 1 : end].split(b" ")
        stop = text.find(b"\0", end + 1)
        if stop < 0:
            return None
        path = old_path = text[end + 1 : stop]
        if status[:1] in b"RC":
            start = stop + 1
            stop = text.find(b"\0", start)
            if stop < 0:
                return None
            path = text[start:stop]
        change = Change(status[:1], old_mode, new_mode, old, new, path, old_path)
        if status[1:].isdigit():
            change.score = int(status[1:])
        changes.append(change)
        position = stop + 1
    if not changes:
        return header, changes, text[position:]
    if text[position : position + 1] != b"\0":
        return None
    return header, changes, text[position + 1 :]


def patch_options(lens: Lens) -> tuple[str, ...]:
    """Return the diff options of a lens."""
    whitespace = ("-w",) if lens is Lens.IGNORE_WHITESPACE else ()
    return ("-p", "--irreversible-delete", *process.DIFF, *whitespace)
