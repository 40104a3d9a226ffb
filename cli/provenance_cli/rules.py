"""``provenance rules``: the authorship rules, listed and tried."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.rules.rule import Rule
    from provenance.terms.commits import Commit, Identity

rules = typer.Typer(
    help="List the authorship rules, or try them on a message or a commit.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Configuration whose own rules are added.",
        show_default=False,
    ),
]
_PERSON = "Person <person@example.invalid>"


@rules.command("list")
def list_rules(*, form: words.TextOrLinesOption = "text", config: _ConfigOption = None) -> None:
    """List every rule: what it recognises, where, and what that says."""
    catalogue = words.catalogue_with(config)
    lines = (
        (json.dumps(as_object(rule)) for rule in catalogue.rules)
        if form == "jsonl"
        else (_line(rule) for rule in catalogue.rules)
    )
    words.write_lines(lines)


def as_object(rule: Rule) -> dict[str, object]:
    """Return one rule for machines."""
    return {
        "rule": rule.id,
        "title": rule.title,
        "kind": rule.kind.value,
        "where": rule.where.value,
        "strength": rule.strength.value,
        "tier": rule.tier.value,
        "agent": rule.agent,
        "since": rule.since,
        "patterns": list(rule.patterns),
        "sources": [source.at for source in rule.sources],
    }


@rules.command("models")
def list_models(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Names as tools write them. Default: every version with a date.",
            show_default=False,
        ),
    ] = None,
    *,
    form: words.TextOrLinesOption = "text",
    config: _ConfigOption = None,
) -> None:
    """List the model versions with their dates, or say what a written name resolves to."""
    from provenance.rules.families import resolve

    families = words.catalogue_with(config).families
    asked = names or [date.model for date in families.dates]
    found = [{"name": name, **asdict(resolve(name, families=families))} for name in asked]
    lines = (
        (json.dumps(item) for item in found)
        if form == "jsonl"
        else (_model(item) for item in found)
    )
    words.write_lines(lines)


def _model(item: dict[str, str | None]) -> str:
    from provenance_reports.words import visible

    said = " ".join(word for word in (item["vendor"], item["family"], item["model"]) if word)
    told = said or f"no model{' (' + item['harness'] + ')' if item['harness'] else ''}"
    return f"{visible(item['name'] or '', 80):<32}  {told}  {item['released'] or 'no date'}"


def _line(rule: Rule) -> str:
    from provenance_reports.words import visible

    said = f"{rule.where.value} says {rule.strength.value} ({rule.tier.value})"
    return f"{rule.id:<32}  {said:<36}  {visible(rule.title, 200)}"


@rules.command("test")
def try_rules(
    commit: Annotated[
        str | None,
        typer.Argument(
            metavar="COMMIT",
            help="A commit of the repository. Default: a commit message on stdin.",
            show_default=False,
        ),
    ] = None,
    *,
    author: Annotated[
        str,
        typer.Option(
            metavar="'NAME <MAIL>'", help="Author of the message on stdin.", show_default=False
        ),
    ] = _PERSON,
    committer: Annotated[
        str | None,
        typer.Option(
            metavar="'NAME <MAIL>'",
            help="Committer of the message on stdin. Default: the author.",
            show_default=False,
        ),
    ] = None,
    form: words.TextOrLinesOption = "text",
    repo: words.RepoOption = None,
    config: _ConfigOption = None,
) -> None:
    """Try the rules on a commit message from stdin, or on a commit."""
    from provenance.attribution.explain import as_json, as_text
    from provenance.attribution.weigh import weigh
    from provenance.meter.explain import deciding_bytes
    from provenance.rules.match import match

    if commit is not None:
        from provenance_cli.explain import explain

        explain([commit], form=form, repo=repo, config=config)
        return
    catalogue = words.catalogue_with(config)
    given = _commit(sys.stdin.read(), author, committer or author)
    found = weigh(given, match(given, catalogue))
    if form == "jsonl":
        sys.stdout.write(json.dumps(as_json(found, given.id)) + "\n")
    else:
        sys.stdout.write(as_text(deciding_bytes(found, catalogue), given.id) + "\n")


def _commit(message: str, author: str, committer: str) -> Commit:
    from provenance.terms.commits import Commit, CommitId

    return Commit(
        id=CommitId("(message)"),
        parents=(),
        author=_identity(author),
        committer=_identity(committer),
        authored_at=0,
        committed_at=0,
        message=message,
    )


def _identity(text: str) -> Identity:
    from provenance.errors import UsageError
    from provenance.terms.commits import Identity

    name, bracket, mail = text.strip().partition("<")
    if not bracket or not mail.endswith(">"):
        raise UsageError(
            f"not an identity: {text!r}", slug="bad-identity", hint="write it as 'NAME <MAIL>'"
        )
    return Identity(name.strip(), mail[:-1].strip())
