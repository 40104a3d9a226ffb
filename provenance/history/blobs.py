"""Read sizes and contents of blobs with one ``git cat-file`` process each."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Generator, Iterable, Sequence
from pathlib import Path
from typing import IO, Final, Protocol

from provenance.history import process
from provenance.history.repository import Repository

_AT_ONCE: Final = 400
"""Questions that fit into a pipe together with their answers."""
_REMEMBERED: Final = 100_000
_PIECE: Final = 1 << 20
_LOOKED_AT: Final = 8000


class BlobSizes:
    """Answers how many bytes blobs have."""

    def __init__(self, repository: Repository) -> None:
        """Prepare; git starts with the first question."""
        self._repository = repository
        self._git: process.Popen | None = None
        self._known: dict[bytes, int] = {}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives with the process

    def close(self) -> None:
        """End git."""
        if self._git is not None:
            self._git.kill()
            self._git.wait()
            for pipe in (self._git.stdin, self._git.stdout):
                if pipe is not None:
                    pipe.close()
            self._git = None
        self._errors.close()

    def of(self, blobs: Sequence[bytes]) -> list[int]:
        """Return the size of each blob in bytes; -1 when it is missing."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        new = [blob for blob in dict.fromkeys(blobs) if blob not in self._known]
        self._known.update(zip(new, self._ask(new), strict=True))
        return [self._known[blob] for blob in blobs]

    def _ask(self, blobs: Sequence[bytes]) -> list[int]:
        if self._git is None:
            self._git = process.start(
                self._repository.git_dir,
                ["cat-file", "--batch-check=%(objectsize)"],
                stderr=self._errors,
            )
        assert self._git.stdin is not None
        assert self._git.stdout is not None
        sizes: list[int] = []
        for start in range(0, len(blobs), _AT_ONCE):
            part = blobs[start : start + _AT_ONCE]
            self._git.stdin.write(b"".join(blob + b"\n" for blob in part))
            self._git.stdin.flush()
            for _ in part:
                line = self._git.stdout.readline().strip()
                sizes.append(int(line) if line.isdigit() else -1)
        return sizes


class Objects(Protocol):
    """What reading needs to know of a repository."""

    @property
    def git_dir(self) -> Path:
        """The scratch repository."""

    @property
    def missing(self) -> Collection[str]:
        """Ids that have a stand-in there."""


def read_blobs(
    repository: Objects, blobs: Sequence[bytes], *, most: int | None = None
) -> Generator[bytes | None, None, None]:
    """Yield the content of each blob, in order; ``None`` for one that is missing.

    So is one larger than ``most`` bytes: it is passed over in small pieces.
    """
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as names:
        names.write(b"".join(blob + b"\n" for blob in blobs))
        names.seek(0)
        git = process.start(
            repository.git_dir, ["cat-file", "--batch", "--buffer"], stderr=errors, stdin=names
        )
        assert git.stdout is not None
        try:
            for blob in blobs:
                header = git.stdout.readline()
                if header.endswith(b" missing\n"):
                    yield None
                    continue
                words = header.split()
                size = int(words[2]) if len(words) == 3 and words[2].isdigit() else -1
                if most is not None and size > most:
                    _pass_over(git.stdout, size + 1)
                    yield None
                    continue
                content = git.stdout.read(size) if size >= 0 else b""
                if len(content) != size or git.stdout.read(1) != b"\n":
                    git.wait()  # it met a damaged object and ended, perhaps in its midst
                    errors.seek(0)
                    raise process.failure("cat-file", errors.read(1 << 16))
                yield None if blob.decode() in repository.missing else content
        finally:
            git.kill()
            git.wait()
            git.stdout.close()


def _pass_over(pipe: IO[bytes], size: int) -> None:
    """Read and forget so many bytes."""
    while size > 0 and (piece := pipe.read(min(size, _PIECE))):
        size -= len(piece)


def binary_among(repository: Objects, blobs: Iterable[bytes]) -> set[bytes]:
    """Return those of the blobs that git calls binary: a zero byte near the start."""
    asked = sorted(set(blobs))
    return {
        blob
        for blob, content in zip(asked, read_blobs(repository, asked), strict=True)
        if content is not None and b"\0" in content[:_LOOKED_AT]
    }
