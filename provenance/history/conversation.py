"""A git process that answers one question at a time."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from collections.abc import Sequence

from provenance.history import process
from provenance.history.diffs import MissingObjectError, Printed, failed, parse
from provenance.history.repository import Repository


class Conversation:
    """``git diff-tree --stdin``, asked about pairs of trees; one process for the whole run."""

    def __init__(self, repository: Repository, *options: str) -> None:
        """Prepare; git starts with the first question."""
        self._repository = repository
        self._options = options
        self._git: process.Popen | None = None
        # no object id, so git repeats it and flushes: the mark after each answer, which no
        # content or name can hold because nobody can know it before
        self._end = f"end-of-answer-{secrets.token_hex(16)}\n".encode()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives with the process

    def close(self) -> None:
        """End git."""
        self._stop()
        self._errors.close()

    def _stop(self) -> None:
        if self._git is not None:
            self._git.kill()
            self._git.wait()
            for pipe in (self._git.stdin, self._git.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
        self._git = None

    def ask(self, lines: Sequence[bytes], *, blobs: Sequence[bytes]) -> list[Printed]:
        """Return what git prints for each line; ``blobs`` are those it will have to read.

        Raises:
            HistoryError: git failed, also after stand-ins for missing blobs.

        """
        try:
            return self._ask(lines)
        except MissingObjectError as error:
            self._stop()
            # another stream may have given the stand-in since this process read its refs
            absent = self._repository.absent({b.decode() for b in blobs})
            self._repository.stand_in_for(absent | error.blobs)
            return self._ask(lines)

    def _ask(self, lines: Sequence[bytes]) -> list[Printed]:
        if self._git is None:
            self._errors.seek(0)
            self._errors.truncate()
            self._git = process.start(
                self._repository.git_dir,
                ["diff-tree", "--stdin", "-r", "--root", "--raw", "-z", *self._options],
                stderr=self._errors,
            )
        assert self._git.stdin is not None
        printed: list[Printed] = []
        # a few at a time: git's answer to one line is read before the pipe can fill up
        for line in lines:
            with contextlib.suppress(BrokenPipeError):
                self._git.stdin.write(line + b"\n" + self._end)
                self._git.stdin.flush()
            answer = iter([self._read(), b""])
            printed += parse(lambda answer=answer: next(answer), self._repository.location.digits)  # type: ignore[misc]
        return printed

    def _read(self) -> bytes:
        assert self._git is not None
        assert self._git.stdout is not None
        text = bytearray()
        while not text.endswith(self._end):
            data = self._git.stdout.read1(1 << 20)  # type: ignore[attr-defined]
            if not data:
                self._git.wait()
                self._errors.seek(0)
                raise failed(self._errors.read(1 << 16))
            text += data
        del text[-len(self._end) :]
        return bytes(text)
