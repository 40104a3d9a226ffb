"""Read raw differences of trees (modes, blob ids, paths) without their lines."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import closing

from provenance.history import process
from provenance.history.repository import Repository


def raw_tokens(
    repository: Repository, inputs: Sequence[bytes], *options: str
) -> Iterator[list[bytes]]:
    """Yield, per printed commit, its id and the NUL-separated tokens of its raw entries."""
    digits = repository.location.digits
    command = ["diff-tree", "--stdin", "-r", "--raw", "-z", "--no-renames", *options]
    tokens: list[bytes] = []
    with closing(process.parts(repository.git_dir, command, inputs)) as printed:
        for part in itertools.chain.from_iterable(printed):
            # a path may look like an id or a header, but it has an even place
            whole = not tokens or len(tokens) % 2 == 1
            if whole and len(part) == digits and part[:1] != b":":
                if tokens:
                    yield tokens
                tokens = [part]
            else:
                tokens.append(part)
    if tokens:
        yield tokens
