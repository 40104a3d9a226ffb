"""``provenance diff``: what one pull request or release adds."""

from __future__ import annotations

import shlex
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.meter.difference import Asked
    from provenance.meter.settings import Options


def diff(
    base: Annotated[
        str,
        typer.Argument(
            metavar="BASE", help="Branch, tag or commit it starts from.", show_default=False
        ),
    ],
    head: Annotated[
        str, typer.Argument(metavar="HEAD", help="Branch, tag or commit it ends at.")
    ] = "HEAD",
    *,
    repo: words.RepoOption = None,
    unit: words.UnitOption = "code_line",
    lens: words.LensOption = "plain",
    own: words.OwnOption = None,
    config: words.ConfigOption = None,
    config_from: words.ConfigFromOption = None,
    form: Annotated[
        Literal["text", "json", "markdown"],
        typer.Option("--format", "-f", help="What is written."),
    ] = "text",
    output: words.FileOption = None,
    no_cache: words.NoCacheOption = False,
    cache_dir: words.CacheOption = None,
    jobs: words.JobsOption = 2,
    allow_shallow: words.AllowShallowOption = False,
    quiet: words.QuietOption = False,
    no_progress: words.NoProgressOption = False,
) -> None:
    """Say what a pull request or release adds, by author type and stage.

    Counted are the commits that HEAD has and BASE has not. Whose word counts is settled by
    BASE: provenance.toml and .gitattributes are read there, not in what is judged.
    """
    from provenance.history.location import locate
    from provenance.meter.difference import Asked, difference
    from provenance.meter.settings import Options
    from provenance.terms.changes import Lens
    from provenance_cli.console import progress
    from provenance_cli.measure import store_of
    from provenance_cli.outputs import write_file
    from provenance_reports import change, change_forms

    path = repo or Path()
    asked = Asked(base, head, config=config, config_from=config_from, own=tuple(own or ()))
    wanted = Options(unit=unit, lens=Lens(lens), jobs=jobs, allow_shallow=allow_shallow)
    keeping = nullcontext(None) if no_cache else store_of(locate(path), cache_dir, forget=False)
    with progress(quiet=quiet, hidden=no_progress) as told, keeping as store:
        found = difference(path, asked, wanted, cache=store, progress=told)
    arranged = change.arrange(found, command=command_of(asked, wanted))
    forms = {"text": change_forms.text, "json": change.render, "markdown": change_forms.markdown}
    written = forms[form](arranged)
    if output is None:
        sys.stdout.write(written)
    else:
        write_file(output, written)


def command_of(asked: Asked, wanted: Options) -> str:
    """Return the command that says the same again, without places or speed of this machine."""
    from provenance.meter.settings import Options

    usual = Options()
    said = ["provenance", "diff"]
    for word, value, default in (
        ("--unit", wanted.unit, usual.unit),
        ("--lens", wanted.lens.value, usual.lens.value),
        ("--config", asked.config.name if asked.config else None, None),
        ("--config-from", asked.config_from, None),
    ):
        if value is not None and value != default:
            said += [word, value]
    said += [part for family in sorted(set(asked.own)) for part in ("--own", family)]
    said += ["--allow-shallow"] if wanted.allow_shallow else []
    return shlex.join([*said, asked.base, asked.head])
