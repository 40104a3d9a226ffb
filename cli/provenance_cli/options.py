"""Words that several commands understand."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum, unique
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from provenance.rules.load import Catalogue

_TOGETHER = 4096
Lines = Literal["plain", "ignore-whitespace"]
"""Words for a lens."""
TextOrLines = Literal["text", "jsonl"]
"""Text for people, or one JSON object per line."""


@unique
class Period(StrEnum):
    """Points of the series."""

    MONTH = "month"
    WEEK = "week"
    RELEASE = "release"


RepoArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="REPO",
        help="Folder of a git clone; bare ones too. Default: the repository around this folder.",
        show_default=False,
    ),
]
RepoOption = Annotated[
    Path | None,
    typer.Option(
        "--repo",
        metavar="PATH",
        help="Folder of a git clone. Default: the repository around this folder.",
        show_default=False,
    ),
]
AtOption = Annotated[
    str, typer.Option("--at", metavar="REV", help="Branch, tag or commit to look at.")
]
LensOption = Annotated[
    Lines,
    typer.Option(
        "--lens", help="How edits are seen: plain equals git blame, the other git blame -w."
    ),
]
UnitOption = Annotated[
    Literal["line", "code_line", "character"], typer.Option("--unit", help="What is counted.")
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Neither read nor keep earlier results.")
]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache-dir",
        metavar="DIR",
        help="Where results are kept. Default: your cache folder, or PROVENANCE_CACHE.",
        show_default=False,
    ),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="File to write. Default: stdout.",
        show_default=False,
    ),
]
ConfigFromOption = Annotated[
    str | None,
    typer.Option(
        "--config-from",
        metavar="REV",
        help="Revision whose provenance.toml and .gitattributes count.",
        show_default=False,
    ),
]
JobsOption = Annotated[
    int,
    typer.Option("--jobs", min=1, max=64, metavar="N", help="git processes at the same time."),
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")
]
NoProgressOption = Annotated[
    bool, typer.Option("--no-progress", help="Draw no progress on stderr.")
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Configuration to use. Default: provenance.toml as committed at the revision.",
        show_default=False,
    ),
]
OwnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--own",
        metavar="FAMILY",
        help="A model family of your own, for example claude; may be repeated.",
        show_default=False,
    ),
]
PredatesOption = Annotated[
    str | None,
    typer.Option(
        "--predates",
        metavar="DATE|off",
        help="Day before which no model wrote code. Default: as configured, else 2021-06-29.",
        show_default=False,
    ),
]
AllowShallowOption = Annotated[
    bool,
    typer.Option(
        "--allow-shallow",
        help="Work on a shallow clone all the same; lines behind the cut are unattested.",
    ),
]
TextOrLinesOption = Annotated[TextOrLines, typer.Option("--format", "-f", help="What is printed.")]


def file_option(metavar: str, meaning: str, *names: str) -> Any:
    """Return the declaration of an option that names a file and has no default to show."""
    return typer.Option(*names, metavar=metavar, help=meaning, show_default=False)


OutputOption = Annotated[
    Path | None, file_option("FILE", "File to write. Default: stdout.", "--output", "-o")
]


def repository_of(argument: Path | None, option: Path | None) -> Path:
    """Return the one folder that was named, or the current one.

    Raises:
        UsageError: two different ones were named.

    """
    from provenance.errors import UsageError

    if argument is not None and option is not None and argument != option:
        raise UsageError(
            "two repositories are named",
            slug="two-repositories",
            hint="give it once: as an argument or with --repo",
        )
    return argument or option or Path()


def cutoff_from(text: str | None) -> str | None:
    """Return a day as ISO 8601, ``off``, or ``None`` when nothing was said.

    Raises:
        UsageError: it is neither.

    """
    from provenance.meter.settings import OFF, cutoff_of

    return text if text in {None, OFF} else cutoff_of(str(text))


def catalogue_with(config: Path | None) -> Catalogue:
    """Return the packaged rules with those of a configuration file.

    Raises:
        UsageError: the file cannot be read or holds a wrong word.

    """
    from provenance.meter.settings import read_file
    from provenance.rules.load import load_catalogue

    return load_catalogue() if config is None else load_catalogue([read_file(config).additions])


def write_lines(lines: Iterable[str]) -> None:
    """Write many lines to stdout in few pieces."""
    held: list[str] = []
    for line in lines:
        held.append(line)
        if len(held) == _TOGETHER:
            sys.stdout.write("\n".join(held) + "\n")
            held.clear()
    if held:
        sys.stdout.write("\n".join(held) + "\n")
