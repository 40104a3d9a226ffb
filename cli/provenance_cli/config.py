"""``provenance config``: the configuration in effect, and where each value comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.meter.effective import Value


def config(
    repository: words.RepoArgument = None,
    *,
    at: words.AtOption = "HEAD",
    own: words.OwnOption = None,
    file: words.ConfigOption = None,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", "-f", help="What is printed.")
    ] = "text",
    repo: words.RepoOption = None,
) -> None:
    """Show the configuration in effect, with the origin of each value."""
    from provenance.history.repository import open_repository
    from provenance.meter.effective import effective

    with open_repository(words.repository_of(repository, repo)) as opened:
        values = effective(opened, at=at, config=file, own=tuple(own or ()))
    words.write_lines(_as_json(values) if form == "json" else _as_text(values))


def _as_json(values: tuple[Value, ...]) -> Iterator[str]:
    found = {value.key: {"value": value.value, "origin": value.origin} for value in values}
    yield json.dumps(found, indent=1, sort_keys=True)


def _as_text(values: tuple[Value, ...]) -> Iterator[str]:
    from provenance_reports.words import visible

    for value in values:
        shown = visible(json.dumps(value.value, ensure_ascii=False), 400)
        yield f"{value.key} = {shown}  # {visible(value.origin, 200)}"
