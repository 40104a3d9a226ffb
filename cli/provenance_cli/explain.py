"""``provenance explain``: which rule, on which bytes, decided a commit."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.history.repository import Repository
    from provenance.meter.blame import Run
    from provenance.meter.explain import Explained
    from provenance.rules.load import Catalogue
    from provenance.rules.own import Additions

_PLACE = re.compile(r"(?P<path>.+):(?P<line>[1-9]\d{0,9})\Z", re.DOTALL)
_MOST_NAMED = 5


def explain(
    commits: Annotated[
        list[str],
        typer.Argument(
            metavar="COMMIT",
            help="Commits, or places written PATH:LINE; - reads one per line from stdin.",
            show_default=False,
        ),
    ],
    *,
    form: words.TextOrLinesOption = "text",
    at: words.AtOption = "HEAD",
    repo: words.RepoOption = None,
    config: words.ConfigOption = None,
    quiet: words.QuietOption = False,
) -> None:
    """Say which rule, on which bytes, decided a commit, and whether the signs disagree."""
    from provenance.errors import UsageError
    from provenance.history.repository import open_repository
    from provenance.meter.explain import explain as run_explain
    from provenance.meter.explain import find_commits
    from provenance.rules.load import load_catalogue

    asked = _asked(commits)
    with open_repository(repo or Path()) as repository:
        catalogue = load_catalogue([_additions(repository, at, config)])
        found = find_commits(repository, asked)
        places = [word for word, commit in found.items() if commit is None and _PLACE.match(word)]
        runs = _owners(repository, places, at=at, catalogue=catalogue, quiet=quiet)
        found |= {word: run.commit for word, run in runs.items()}
        wanted = list(dict.fromkeys(commit for commit in found.values() if commit))
        told = {one.commit.id: one for one in run_explain(repository, wanted, catalogue=catalogue)}
    for word in asked:
        commit = found[word]
        if commit is not None:
            run = runs.get(word)
            show = as_line if form == "jsonl" else as_words
            sys.stdout.write(show(word, told[commit], run, catalogue) + "\n")
    unknown = [word for word in dict.fromkeys(asked) if found[word] is None]
    if unknown:
        more = f" and {len(unknown) - _MOST_NAMED} more" if len(unknown) > _MOST_NAMED else ""
        raise UsageError(
            f"no commit in this clone is named {', '.join(unknown[:_MOST_NAMED])}{more}",
            slug="unknown-commit",
            hint="fetch what may be missing, see: provenance doctor",
        )


def as_line(word: str, told: Explained, run: Run | None, catalogue: Catalogue) -> str:
    """Return one commit as JSON; a place adds what holds for its line."""
    from provenance.attribution.explain import as_json, lines_as_json

    del catalogue
    about = as_json(told.attribution, told.commit.id)
    if told.lines:
        about["lines"] = lines_as_json(told.lines)
    if run is not None:
        about["place"] = word
        about["line"] = lines_as_json([(run.attribution, 1)])[0]
    return json.dumps(about)


def as_words(word: str, told: Explained, run: Run | None, catalogue: Catalogue) -> str:
    """Return one commit in words; a place says first what holds for its line, and why."""
    from provenance.attribution.explain import as_text, line_as_text, lines_as_text
    from provenance.attribution.voices import about_line
    from provenance.meter.explain import deciding_bytes
    from provenance_reports.words import visible

    parts = []
    for path, line, _ in run.born if run else ():
        assert run is not None
        said = about_line(told.attribution, told.records, path, line - 1)
        parts.append(f"{visible(word, 1000)}  came in as line {line} of {visible(path, 1000)}")
        parts.append(line_as_text(run.attribution, said))
    shown = deciding_bytes(told.attribution, catalogue)
    parts.append(as_text(shown, told.commit.id, told_apart=bool(told.lines)))
    if told.lines:
        parts.append(lines_as_text(told.lines))
    parts += [
        f"  not used [{one.rule}]: {visible(one.detail, 200)} ({visible(one.place, 200)})"
        for one in told.problems
    ]
    return "\n".join(parts)


def _asked(given: Sequence[str]) -> list[str]:
    """Return the words in order, with stdin in the place of ``-``."""
    asked: list[str] = []
    for word in given:
        if word == "-":
            asked += [line.strip() for line in sys.stdin if line.strip()]
        else:
            asked.append(word)
    return asked


def _additions(repository: Repository, at: str, config: Path | None) -> Additions:
    """Return a lab's own rules; a clone without a head has none."""
    from provenance.meter.measure import read_settings
    from provenance.rules.own import Additions

    if config is None and repository.refs.head is None and at == "HEAD":
        return Additions()
    return read_settings(repository, repository.resolve(at), config, ()).additions


def _owners(
    repository: Repository, places: Sequence[str], *, at: str, catalogue: Catalogue, quiet: bool
) -> dict[str, Run]:
    """Return the run of lines behind each ``PATH:LINE``; those nobody can tell are left out."""
    from provenance.meter.blame import blame as run_blame
    from provenance.meter.listing import entries, select
    from provenance.meter.measure import check_depth
    from provenance.meter.settings import Options
    from provenance.terms.commits import CommitId
    from provenance_cli.blame import standing_in
    from provenance_cli.console import progress

    if not places:
        return {}
    check_depth(repository, Options())
    head = CommitId(repository.resolve(at))
    listed = entries(repository, head)
    split = {word: word.rsplit(":", 1) for word in places}
    files = {path: select(listed, [path], folder=standing_in())[0] for path, _ in split.values()}
    with progress(quiet=quiet, hidden=False) as told:
        runs = {
            file.path: file.runs
            for file in run_blame(
                repository, head, list({e.path: e for e in files.values()}.values()),
                catalogue=catalogue, options=Options(), progress=told,
            )
        }  # fmt: skip
    found = {}
    for word, (path, line) in split.items():
        for run in runs[files[path].path]:
            if run.start <= int(line) < run.start + run.lines and run.commit:
                found[word] = run.at(int(line))
    return found
