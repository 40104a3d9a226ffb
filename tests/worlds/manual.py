"""The help of every command as one page: ``python -m worlds.manual`` writes it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PLACE = Path(__file__).parents[2] / "docs" / "commands.md"
"""Where the page lies."""
_HEAD = """\
# Commands

What `provenance VERB --help` says. Written by `python -m worlds.manual`; a test holds it
against the commands.
"""


def commands() -> list[tuple[str, ...]]:
    """Return the words of every command, in the order of the help."""
    from provenance_cli.verbs import application

    found: list[tuple[str, ...]] = []
    for command in application.registered_commands:
        assert command.callback is not None
        found.append((command.name or command.callback.__name__,))
    for group in application.registered_groups:
        assert group.typer_instance is not None
        found += [
            (group.name or "", command.name or "")
            for command in group.typer_instance.registered_commands
        ]
    return found


def text() -> str:
    """Return the page."""
    parts = [_HEAD]
    for words in ((), *commands()):
        title = " ".join(("provenance", *words))
        parts.append(f"## {title}\n\n```text\n{_help(words)}```\n")
    return "\n".join(parts)


def _help(words: tuple[str, ...]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "provenance_cli", *words, "--help"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8")
