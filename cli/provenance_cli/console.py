"""Messages and progress on stderr; data never goes here."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from provenance.meter.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID


def note(message: str, *, quiet: bool = False) -> None:
    """Write one harmless line to stderr."""
    from provenance_reports.words import visible

    if not quiet:
        say(f"{visible(message, 2000)}\n")


def say(text: str) -> None:
    """Write to stderr; that nobody reads it any more is no reason to stop."""
    with suppress(BrokenPipeError):
        sys.stderr.write(text)
        sys.stderr.flush()


@contextmanager
def progress(*, quiet: bool, hidden: bool) -> Iterator[Progress]:
    """Draw bars on a terminal, print a line per finished step elsewhere, or stay silent."""
    if quiet or hidden:
        yield Silent()
    elif sys.stderr.isatty():
        bars = Bars()
        with bars.drawn:
            yield bars
            bars.finish()
    else:
        lines = StepLines()
        yield lines
        lines.finish()


class Bars:
    """A bar with rate and remaining time per step; a moving one where the total is unknown."""

    def __init__(self) -> None:
        """Prepare the drawing; entering ``drawn`` starts it."""
        self.drawn = _drawing()
        self._task: TaskID | None = None
        self._total: int | None = None
        self._done = 0

    def step(self, title: str, total: int | None) -> None:
        """End the step before and start the next one."""
        self.finish()
        self._total, self._done = total, 0
        self._task = self.drawn.add_task(title, total=total)

    def advance(self, done: int) -> None:
        """Move the bar."""
        self._done = done
        if self._task is not None:
            self.drawn.update(self._task, completed=done)

    def finish(self) -> None:
        """Fill the bar of the current step."""
        if self._task is not None:
            whole = self._total if self._total is not None else max(self._done, 1)
            self.drawn.update(self._task, total=whole, completed=whole)
            self._task = None


def _drawing() -> RichProgress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    class Rate(ProgressColumn):
        """Units per second."""

        def render(self, task: Task) -> Text:
            """Draw one cell."""
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")

    return RichProgress(
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        console=Console(stderr=True),
        transient=True,
    )


class StepLines:
    """One plain line per finished step, for logs."""

    def __init__(self) -> None:
        """Start before the first step."""
        self._title = ""
        self._done = 0
        self._began = 0.0

    def step(self, title: str, total: int | None) -> None:
        """End the step before and start the next one."""
        self.finish()
        self._title, self._done, self._began = title, total or 0, time.monotonic()

    def advance(self, done: int) -> None:
        """Remember how far the step is."""
        self._done = done

    def finish(self) -> None:
        """Print the line of the current step."""
        if self._title:
            seconds = time.monotonic() - self._began
            count = f": {self._done:,}" if self._done else ""
            say(f"{self._title}{count} ({seconds:.1f} s)\n")
            self._title = ""
