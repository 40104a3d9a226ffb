"""``provenance stages``: where every file of a revision belongs, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.meter.stages import Staged, Staging

INIT = "init"
"""Word that asks for a proposed map instead of a list."""
_UNCERTAIN = 0.5


def stages(
    first: Annotated[
        str | None,
        typer.Argument(metavar="init", help="Propose a map as TOML.", show_default=False),
    ] = None,
    repository: words.RepoArgument = None,
    *,
    at: words.AtOption = "HEAD",
    explain: Annotated[
        list[str] | None,
        typer.Option(
            "--explain",
            metavar="PATH",
            help="Only these files or folders, with all that speaks for their stage.",
            show_default=False,
        ),
    ] = None,
    unclassified: Annotated[
        bool, typer.Option("--unclassified", help="Only files whose stage is uncertain.")
    ] = False,
    form: Annotated[
        Literal["text", "jsonl", "json"], typer.Option("--format", "-f", help="What is printed.")
    ] = "text",
    repo: words.RepoOption = None,
    config: words.ConfigOption = None,
    quiet: words.QuietOption = False,
    no_progress: words.NoProgressOption = False,
) -> None:
    """List stage, facet and confidence of every file of a revision; init proposes a map."""
    from provenance.history.repository import open_repository
    from provenance.meter.listing import select_paths
    from provenance.meter.measure import read_settings
    from provenance.meter.stages import stage_files
    from provenance_cli.console import note, progress

    propose, folder = _split(first, repository, repo)
    with open_repository(folder) as opened:
        commit = opened.resolve(at)
        settings = read_settings(opened, commit, config, ())
        with progress(quiet=quiet, hidden=no_progress) as told:
            staging = stage_files(opened, commit, settings=settings, progress=told)
    files: Sequence[Staged] = staging.files
    if explain:
        paths = select_paths([file.path for file in files], explain)
        files = [file for file in files if file.path in paths]
    if unclassified:
        files = [file for file in files if file.call.confidence < _UNCERTAIN]
    lines = _proposed(files) if propose else _listed(files, form, explained=bool(explain))
    words.write_lines(lines)
    for message in _notes(staging):
        note(message, quiet=quiet)
    _conclude(staging)


def _split(first: str | None, repository: Path | None, repo: Path | None) -> tuple[bool, Path]:
    """Tell ``init`` from the folder, which may come alone."""
    from provenance.errors import UsageError

    propose = first == INIT
    if first is not None and not propose:
        if repository is not None:
            raise UsageError(
                "more than one repository is named",
                slug="two-repositories",
                hint="write: provenance stages [init] [REPO]",
            )
        repository = Path(first)
    return propose, words.repository_of(repository, repo)


def _listed(files: Iterable[Staged], form: str, *, explained: bool) -> Iterator[str]:
    if form == "jsonl":
        return (json.dumps(as_object(file)) for file in files)
    if form == "json":
        return iter([json.dumps([as_object(file) for file in files], indent=1)])
    return _as_text(files, explained=explained)


def as_object(file: Staged) -> dict[str, Any]:
    """Return the object of one file; its fields are a contract."""
    call = file.call
    return {
        "path": file.path,
        "stage": call.stage.value,
        "sub": call.sub,
        "facet": file.facet.facet.value,
        "confidence": call.confidence,
        "second": call.second.value if call.second else None,
        "evidence": list(call.evidence),
    }


def _as_text(files: Iterable[Staged], *, explained: bool) -> Iterator[str]:
    from provenance_reports.words import visible

    for file in files:
        call = file.call
        stage = f"{call.stage.value}/{call.sub}" if call.sub else call.stage.value
        path = visible(file.path, 1000)
        yield f"{stage:<16}  {file.facet.facet.value:<9}  {call.confidence:.2f}  {path}"
        if explained:
            yield f"    facet by {file.facet.rule}"
            yield from (f"    {visible(reason, 300)}" for reason in call.evidence)
            for stage_, chance in call.chances:
                yield f"    {chance:.2f} {stage_.value}"


def _proposed(files: Iterable[Staged]) -> Iterator[str]:
    """Yield a map for ``provenance.toml``, with what speaks for each line."""
    from provenance.stages.proposal import propose_map

    yield "# A proposed map of stages: read it, correct it, keep it in provenance.toml."
    yield "# Keep the lines that put something right: a line also pins the odd files below it."
    yield "# Later entries are exceptions to earlier ones."
    calls = {file.path: file.call for file in files}
    for proposed in propose_map(calls):
        pin = proposed.pin
        yield ""
        yield "[[stage]]"
        yield (
            f"# confidence {proposed.confidence:.2f}; {proposed.agreeing} of {proposed.files} files"
        )
        yield f"glob = {_toml_text(pin.glob)}"
        yield f'stage = "{pin.stage.value}"'
        if pin.sub:
            yield f'sub = "{pin.sub}"'


def _toml_text(text: str) -> str:
    """Return a TOML string; a byte that is no text becomes ``?``, which matches any sign."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return f'"{"".join(map(_toml_sign, clean))}"'


def _toml_sign(sign: str) -> str:
    if sign in {'"', "\\"}:
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"


def _notes(staging: Staging) -> Iterator[str]:
    from provenance.stages.shares import is_pipeline
    from provenance.stages.syntax import wheel_of
    from provenance.terms.stages import DEFAULT_FACETS

    if staging.special:
        yield f"{staging.special:,} symbolic links and submodules have no stage"
    counted = Counter(f.call.stage for f in staging.files if f.facet.facet in DEFAULT_FACETS)
    if counted and not is_pipeline(counted):
        yield "no model pipeline: nearly all of this code belongs to no stage of making a model"
    for language, files in staging.ungrammared:
        yield (
            f"no grammar for {language}: {files:,} files are placed by path and words alone; "
            f"install {wheel_of(language)}"
        )
    if staging.unread:
        yield f"{staging.unread:,} files are missing from the clone; placed by their path"


def _conclude(staging: Staging) -> None:
    from provenance.errors import InconclusiveError

    if not staging.files:
        raise InconclusiveError(
            "this revision holds no file",
            slug="no-files",
            hint="name another revision with --at",
        )
