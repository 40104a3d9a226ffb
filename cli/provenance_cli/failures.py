"""From a failure to words on stderr and an exit code."""

from __future__ import annotations

import sys
import traceback
from enum import IntEnum, unique
from typing import Protocol, runtime_checkable

from provenance.errors import (
    AttestationError,
    CatalogueError,
    ClaimError,
    EvidenceError,
    HistoryError,
    InconclusiveError,
    IntegrityError,
    LedgerError,
    MeterError,
    UsageError,
)


@unique
class ExitCode(IntEnum):
    """What the exit code of every command says."""

    GOOD = 0
    """Measured, and all holds."""
    FAILED = 1
    """A gate failed, or a claim is contradicted."""
    USAGE = 2
    """Wrong words on the command line or in a configuration file."""
    INCONCLUSIVE = 3
    """The repository cannot answer."""
    MISMATCH = 4
    """Something that must agree does not."""
    INTERNAL = 5
    """A fault of the meter itself."""
    INTERRUPTED = 130
    """Ctrl-C."""


_CODES: tuple[tuple[type[MeterError], ExitCode], ...] = (
    (UsageError, ExitCode.USAGE),
    (CatalogueError, ExitCode.USAGE),
    (ClaimError, ExitCode.USAGE),
    (LedgerError, ExitCode.USAGE),
    (IntegrityError, ExitCode.MISMATCH),
    (AttestationError, ExitCode.MISMATCH),
    (InconclusiveError, ExitCode.INCONCLUSIVE),
    (HistoryError, ExitCode.INCONCLUSIVE),
    (EvidenceError, ExitCode.INCONCLUSIVE),
)
_ORDER = (ExitCode.INTERNAL, ExitCode.MISMATCH, ExitCode.FAILED, ExitCode.INCONCLUSIVE)


@runtime_checkable
class _WrongWords(Protocol):
    """What typer raises for wrong words (its own type is private)."""

    exit_code: int

    def format_message(self) -> str:
        """Return what is wrong."""


def weightiest(*codes: ExitCode) -> ExitCode:
    """Return the code that is reported when several apply: 5, 4, 1, 3."""
    return next((code for code in _ORDER if code in codes), ExitCode.GOOD)


def code_of(error: MeterError) -> ExitCode:
    """Return the exit code of a failure that the reader can act on."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.INTERNAL)


def settle(error: BaseException, *, debug: bool) -> int:
    """Say on stderr what went wrong and return the exit code."""
    if isinstance(error, MeterError):
        complain(error.message, error.hint)
        return code_of(error)
    if isinstance(error, SystemExit):
        return _code_of_exit(error)
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        return ExitCode.INTERRUPTED
    if isinstance(error, _WrongWords):
        _wrong_words(error)
        return ExitCode.USAGE
    if isinstance(error, FileNotFoundError) and error.filename == "git":
        complain("git was not found", "install git, or put it on PATH")
        return ExitCode.USAGE
    if debug:
        traceback.print_exception(error)
    complain(
        f"internal error: {type(error).__name__}: {error}",
        "this is a fault of the meter, not of your repository; please report it with the command"
        " and the output of the same command under PROVENANCE_DEBUG=1",
    )
    return ExitCode.INTERNAL


def _code_of_exit(error: SystemExit) -> int:
    if isinstance(error.__context__, BrokenPipeError):
        return ExitCode.GOOD  # typer makes an exit code 1 of a reader who has gone
    return error.code if isinstance(error.code, int) else ExitCode.INTERNAL


def _wrong_words(error: _WrongWords) -> None:
    message = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{message}\n")
        return
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "provenance"
    message = message.replace("Value error, ", "").rstrip(".")
    complain(message[:1].lower() + message[1:], f"see {path} --help")


def complain(message: str, hint: str = "") -> None:
    """Write one failure to stderr: what is wrong, then what to do next."""
    from provenance_cli.console import say
    from provenance_reports.words import visible

    said = f"error: {visible(message, 2000)}\n"
    if hint:
        lines = [visible(line, 2000) for line in hint.split("\n")]
        said += "\nhint: " + "\n      ".join(lines) + "\n"
    say(said)
