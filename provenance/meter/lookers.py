"""Look at the contents of many files, with a second process where it pays.

The second process is this module, started with a list of files on its standard input; it
answers in batches, in order.  Results do not depend on how many processes there are.
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self

from provenance.errors import MeterError
from provenance.history.blobs import Objects, read_blobs
from provenance.scope.covered import is_lfs_pointer
from provenance.scope.lines import LineScan, language, scan
from provenance.stages.facts import FileFacts, file_facts

HEAD: Final = 4096
"""Bytes at the start of a file that facet rules look at."""
LARGEST: Final = 32 << 20
"""Bytes of a file above which only its lines are counted."""
_BATCH: Final = 96
_WORTH_IT: Final = 600


class Wanted(NamedTuple):
    """A content to look at."""

    path: str
    """Path it is read as."""
    blob: bytes
    """Full hexadecimal id."""
    facts: bool
    """Whether facts for the stages are wanted, too."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one content says."""

    head: bytes
    """Its first bytes, where facts were wanted."""
    lfs: bool
    """Whether it is a pointer into Git LFS."""
    scan: LineScan
    """Kinds and lengths of its lines."""
    facts: FileFacts | None
    """Facts for the stages, where wanted."""


def look(
    objects: Objects, wanted: Sequence[Wanted], *, processes: int
) -> Generator[Look | None, None, None]:
    """Yield what each content says, in order; ``None`` for a missing one.

    Raises:
        HistoryError: git could not read the objects.

    """
    if processes < 2 or len(wanted) < _WORTH_IT:
        yield from _look(objects, wanted)
        return
    batches = [wanted[i : i + _BATCH] for i in range(0, len(wanted), _BATCH)]
    first, other = ([i for batch in batches[side::2] for i in batch] for side in (0, 1))
    with closing(_look(objects, first)) as own, _Second(objects, other) as second:
        for number, batch in enumerate(batches):
            if number % 2:
                yield from second.batch()
            else:
                for _ in batch:
                    yield next(own)


def _look(objects: Objects, wanted: Sequence[Wanted]) -> Generator[Look | None, None, None]:
    with closing(read_blobs(objects, [item.blob for item in wanted])) as contents:
        for item, content in zip(wanted, contents, strict=True):
            yield None if content is None else _look_at(item, content)


def _look_at(item: Wanted, content: bytes) -> Look:
    head = content[:HEAD]
    small = len(content) <= LARGEST
    known = language(item.path, head) if small else None
    return Look(
        head=head if item.facts else b"",
        lfs=is_lfs_pointer(head),
        scan=scan(content, known),
        facts=file_facts(item.path, content if small else None) if item.facts else None,
    )


class _Second:
    """A second process that looks at its share and answers in batches."""

    def __init__(self, objects: Objects, wanted: Sequence[Wanted]) -> None:
        self._answers: queue.Queue[list[Look | None] | None] = queue.Queue(16)
        self._stopped = False
        with tempfile.TemporaryFile() as task:
            pickle.dump((str(objects.git_dir), set(objects.missing), list(wanted), _BATCH), task)
            task.seek(0)
            self._process = subprocess.Popen(
                # -P: the current folder is no place to import from, it may be the measured one
                [sys.executable, "-P", "-m", "provenance.meter.lookers"],
                stdin=task,
                stdout=subprocess.PIPE,
                cwd=objects.git_dir,
            )
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        self._process.kill()
        self._process.wait()
        self._thread.join(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _drain(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        answer: list[Look | None] | None = []
        while answer is not None and not self._stopped:
            try:
                answer = pickle.load(pipe)  # noqa: S301 - written by this module
            except (EOFError, pickle.UnpicklingError, AttributeError, ValueError, OSError):
                answer = None  # the process ended, or something else wrote into its pipe
            while not self._stopped:
                with contextlib.suppress(queue.Full):
                    self._answers.put(answer, timeout=0.2)
                    break

    def batch(self) -> list[Look | None]:
        """Return the next answers."""
        answer = self._answers.get()
        if answer is None:
            raise MeterError(
                "the second reading process ended early",
                slug="reader-died",
                hint="measure again with --jobs 1",
            )
        return answer


@dataclass(frozen=True, slots=True)
class _Borrowed:
    git_dir: Path
    missing: set[str]


def serve(task: BinaryIO, answers: BinaryIO) -> None:
    """Read a task and write batches of answers until all is said."""
    git_dir, missing, wanted, size = pickle.load(task)  # noqa: S301 - written by this module
    looks = _look(_Borrowed(Path(git_dir), missing), wanted)
    for start in range(0, len(wanted), size):
        batch = [next(looks) for _ in wanted[start : start + size]]
        pickle.dump(batch, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    # as the module everybody knows, so that what it pickles has the names others read
    from provenance.meter import lookers  # noqa: PLW0406

    lookers.serve(sys.stdin.buffer, sys.stdout.buffer)
