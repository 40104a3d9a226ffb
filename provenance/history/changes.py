"""The changes of ordinary commits, whole history, in order."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Final

from provenance.history.diffs import DiffStream, MissingObjectError, patch_options
from provenance.history.renames import RenameFinder
from provenance.history.repository import Repository
from provenance.terms.changes import Change, Lens

_STRETCH: Final = 48
"""Commits that one process prints before the next one takes over."""


def stream_changes(
    repository: Repository, commits: Sequence[bytes], *, lens: Lens, jobs: int = 2
) -> Generator[list[Change], None, None]:
    """Yield the changes of each commit against its only parent (or nothing), in order.

    ``jobs`` git processes share the work in alternating stretches.  When a blob is
    missing, every missing object gets a stand-in and the stream goes on where it was.
    """
    with closing(RenameFinder(repository, lens=lens)) as finder:
        done = 0
        while done < len(commits):
            known = len(repository.missing)
            try:
                for changes in _stream(repository, commits[done:], patch_options(lens), jobs):
                    yield finder.recheck(changes)
                    done += 1
            except MissingObjectError as error:
                missing = repository.find_missing(_tips(commits, done))
                repository.stand_in_for(missing | error.blobs)
                # a stand-in given by another stream meanwhile is as good as a new one
                if len(repository.missing) == known:
                    raise


def _tips(commits: Sequence[bytes], done: int) -> list[str]:
    return [commit.decode() for commit in commits[done:]]


def _stream(
    repository: Repository, commits: Sequence[bytes], options: tuple[str, ...], jobs: int
) -> Iterator[list[Change]]:
    stretches = [commits[i : i + _STRETCH] for i in range(0, len(commits), _STRETCH)]
    shares = [[c for stretch in stretches[job::jobs] for c in stretch] for job in range(jobs)]
    streams = [DiffStream(repository, share, *options) for share in shares]
    try:
        waiting = [next(stream.parsed, None) for stream in streams]
        for number, stretch in enumerate(stretches):
            job = number % jobs
            for commit in stretch:
                printed = waiting[job]
                if printed is not None and printed[0] == commit:
                    waiting[job] = next(streams[job].parsed, None)
                    yield printed[1]
                else:
                    yield []
    finally:
        for stream in streams:
            stream.stop()
