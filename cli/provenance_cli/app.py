"""The entry point: answer ``--version`` at once, run everything else, choose the exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Final

DEBUG: Final = "PROVENANCE_DEBUG"
"""Environment variable that asks for the whole traceback of an internal error."""


def main() -> None:
    """Run the command line of this process and end it."""
    for name in ("SIGTERM", "SIGHUP"):  # not every system has both
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    code = run(sys.argv[1:])
    _close_quietly()
    sys.exit(code)


def _end(number: int, _frame: FrameType | None) -> None:
    """Leave in order when the machine asks to: scratch repositories are removed on the way."""
    raise SystemExit(128 + number)


def run(words: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing is raised."""
    try:
        if list(words[:1]) in (["--version"], ["-V"]):
            from provenance import __version__

            sys.stdout.write(f"provenance {__version__}\n")
            code = 0
        else:
            code = _obey(words)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever asked has read enough
        return 0
    except BaseException as error:  # noqa: BLE001 - the one place where every failure gets a code
        from provenance_cli.failures import settle

        return settle(error, debug=bool(os.environ.get(DEBUG)))
    return code


def _obey(words: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="surrogateescape")
    from provenance_cli.verbs import application

    code = application(list(words), prog_name="provenance", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _close_quietly() -> None:
    """Let Python end without complaint when the reader of a pipe has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
