"""``provenance doctor``: what this clone can and cannot show."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.meter.doctor import Diagnosis


def doctor(
    repository: words.RepoArgument = None,
    *,
    at: words.AtOption = "HEAD",
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", "-f", help="What is printed.")
    ] = "text",
    repo: words.RepoOption = None,
    quiet: words.QuietOption = False,
    no_progress: words.NoProgressOption = False,
) -> None:
    """Tell what this clone can and cannot show, with the git fetch that would cure it."""
    from provenance.history.repository import open_repository
    from provenance.meter.doctor import State, diagnose
    from provenance.rules.load import load_catalogue
    from provenance_cli.console import progress
    from provenance_cli.failures import ExitCode

    path = words.repository_of(repository, repo)
    with (
        open_repository(path) as opened,
        progress(quiet=quiet, hidden=no_progress) as told,
    ):
        name = opened.location.name
        found = list(diagnose(opened, at=at, catalogue=load_catalogue(), progress=told))
    blocked = any(item.state is State.BLOCKS for item in found)
    if form == "json":
        sys.stdout.write(_as_json(name, found, measurable=not blocked))
    else:
        words.write_lines(_as_text(name, found))
    if blocked:
        raise typer.Exit(ExitCode.INCONCLUSIVE)


def _as_json(name: str, found: Iterable[Diagnosis], *, measurable: bool) -> str:
    report = {
        "repository": name,
        "measurable": measurable,
        "findings": [
            {
                "id": item.id,
                "state": item.state.value,
                "text": item.text,
                "count": item.count,
                "cures": list(item.cures),
            }
            for item in found
        ],
    }
    return json.dumps(report, indent=1) + "\n"


def _as_text(name: str, found: Iterable[Diagnosis]) -> Iterator[str]:
    from provenance_reports.words import visible

    yield visible(name, 200)
    for item in found:
        yield f"  {item.state.value:<6}  {visible(item.text, 400)}"
        for number, cure in enumerate(item.cures):
            yield f"          {'or:  ' if number else 'cure:'} {visible(cure, 400)}"
