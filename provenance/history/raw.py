"""Read raw differences of trees (modes, blob ids, paths) without their lines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence

from provenance.history import process
from provenance.history.repository import Repository


def raw_tokens(
    repository: Repository, inputs: Sequence[bytes], *options: str
) -> Iterator[list[bytes]]:
    """Yield, per printed commit, its id and the NUL-separated tokens of its raw entries."""
    digits = repository.location.digits
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as feed:
        feed.write(b"".join(line + b"\n" for line in inputs))
        feed.seek(0)
        git = process.start(
            repository.git_dir,
            ["diff-tree", "--stdin", "-r", "--raw", "-z", "--no-renames", *options],
            stderr=errors,
            stdin=feed,
        )
        assert git.stdout is not None
        tokens: list[bytes] = []
        tail = b""
        try:
            while data := git.stdout.read(1 << 20):
                parts = (tail + data).split(b"\0")
                tail = parts.pop()
                for part in parts:
                    # a path may look like an id or a header, but it has an even place
                    whole = not tokens or len(tokens) % 2 == 1
                    if whole and len(part) == digits and part[:1] != b":":
                        if tokens:
                            yield tokens
                        tokens = [part]
                    else:
                        tokens.append(part)
            code = git.wait()
        finally:
            git.kill()
            git.wait()
            git.stdout.close()
        if code != 0:
            errors.seek(0)
            raise process.failure("diff-tree", errors.read(1 << 16))
        if tokens:
            yield tokens
