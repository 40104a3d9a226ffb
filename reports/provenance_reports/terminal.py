"""The summary that ``measure`` ends with: three figures, stages, coverage, what is missing.

Readable at 60 columns, without colour, and when the output is a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from provenance_reports import words
from provenance_reports.document import Document, Interval

_WIDEST: Final = 96
_SIGNS: Final = ("█", "▓", "░", "·")
_ASCII_SIGNS: Final = ("#", "=", "?", ".")
_STYLES: Final = ("blue", "cyan", "bright_black", "bright_black")


def write(document: Document, *, console: Console, places: Sequence[str] = ()) -> None:
    """Print the summary to ``console``; ``places`` are the files that were written."""
    head = document.headline
    _say(console, _title(document), style="bold")
    if not head.whole:
        _say(console, "Nothing to measure: the head holds no counted line.")
    else:
        _figures(document, console)
        if document.measurement.is_ml_pipeline:
            console.print(_stages(document, console))
            console.print()
        else:
            _say(console, "Not a model pipeline: stages are not shown.")
    _say(console, words.unmeasured(document))
    for figures in document.measurement.records:
        _say(console, f"Records, {words.recorded(figures)}")
    _say(console, words.found(document))
    for verdict in document.verdicts:
        claim, said = words.visible(verdict.claim, 30), words.visible(words.verdict(verdict), 600)
        _say(console, f"Claim {claim}: {said}")
    for place in places:
        console.print(_fit(console, words.visible(place, 400)), soft_wrap=True)


def _say(console: Console, text: str, *, style: str = "") -> None:
    console.print(Text(_fit(console, text), style=style))


def _fit(console: Console, text: str) -> str:
    """Return the text in the signs that the console can write."""
    return text.encode(console.encoding, "backslashreplace").decode(console.encoding)


def _title(document: Document) -> str:
    repository = document.measurement.repository
    unit = words.UNITS.get(document.measurement.definition.unit, "lines")
    return (
        f"{words.visible(repository.name, 60)} at {repository.head[:12]}, "
        f"{repository.head_date[:10]}: {words.group(document.headline.whole)} live {unit}"
    )


def _figures(document: Document, console: Console) -> None:
    head = document.headline
    width = min(console.width, _WIDEST)
    console.print()
    rows = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for _ in range(4):
        rows.add_column(overflow="fold")
    rows.add_row("AI-written", *_three(head))
    if document.own:
        rows.add_row("own models", *_three(document.own))
    console.print(rows)
    console.print(_bar(head, width, console))
    _say(console, f"coverage {words.figures(head)[3]}, no evidence for the rest")
    if words.silent(head):
        _say(console, "The history says nothing about who wrote this code.")
    elif not document.own:
        _say(console, "Own models: not configured (own.families), so not stated.")
    if document.change:
        _say(console, words.moved(document.change))
    console.print()


def _three(interval: Interval) -> tuple[Text, Text, Text]:
    low, middle, high, _ = words.figures(interval)
    return (
        Text.assemble("at least ", (low, "bold")),
        Text.assemble("assisted ", (middle, "bold")),
        Text.assemble("at most ", (high, "bold")),
    )


def _bar(interval: Interval, width: int, console: Console) -> Text:
    signs = _SIGNS if console.encoding.lower().startswith("utf") else _ASCII_SIGNS
    stops = [
        part * width // interval.whole
        for part in (0, interval.floor, interval.declared, interval.ceiling, interval.whole)
    ]
    bar = Text()
    for sign, style, left, right in zip(signs, _STYLES, stops, stops[1:], strict=False):
        bar.append(sign * (right - left), style=style)
    return bar


def _stages(document: Document, console: Console) -> Table:
    ruled = box.SIMPLE_HEAD if console.encoding.lower().startswith("utf") else box.ASCII2
    table = Table(box=ruled, padding=0, pad_edge=False, show_edge=False)
    table.add_column("stage", overflow="fold")
    for head in ("lines", "floor", "declared", "ceiling", "coverage"):
        table.add_column(head, justify="right", overflow="fold")
    for line in document.stages:
        table.add_row(words.stage(line.stage), *_cells(line.ai))
    if document.tiers:
        table.add_section()
    for tier in document.tiers:
        table.add_row(tier.name, *_cells(tier.ai))
    return table


def _cells(interval: Interval) -> tuple[str, ...]:
    return (words.group(interval.whole), *words.figures(interval))
