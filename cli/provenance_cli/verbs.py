"""The commands, one module each; what is heavy is imported when a command runs."""

from __future__ import annotations

from typing import Annotated

import typer

from provenance_cli.attest import attest
from provenance_cli.blame import blame
from provenance_cli.check import check
from provenance_cli.claims import claims
from provenance_cli.compare import compare
from provenance_cli.config import config
from provenance_cli.demo import demo
from provenance_cli.diff import diff
from provenance_cli.doctor import doctor
from provenance_cli.explain import explain
from provenance_cli.gate import gate
from provenance_cli.ledger import ledger
from provenance_cli.measure import measure
from provenance_cli.recount import recount
from provenance_cli.release import release
from provenance_cli.report import report
from provenance_cli.rules import rules
from provenance_cli.stages import stages
from provenance_cli.verify import verify

application = typer.Typer(
    name="provenance",
    help="Measure, from a git history, how much of the live code AI wrote.",
    epilog=(
        "Exit codes: 0 measured and all holds; 1 a gate failed or a claim is contradicted; "
        "2 wrong words or configuration; 3 inconclusive; 4 integrity mismatch; 5 internal error."
    ),
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
application.command()(measure)
application.command()(demo)
application.command()(doctor)
application.command()(blame)
application.command()(explain)
application.command()(stages)
application.command()(report)
application.command()(compare)
application.command()(diff)
application.command()(gate)
application.command()(release)
application.command()(check)
application.add_typer(claims, name="claims")
application.command()(recount)
application.command()(attest)
application.command()(verify)
application.add_typer(ledger, name="ledger")
application.add_typer(rules, name="rules")
application.command()(config)


@application.callback()
def provenance(
    *,
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version and stop.")
    ] = False,
) -> None:
    """Measure, from a git history, how much of the live code AI wrote."""
    if version:
        from provenance import __version__

        typer.echo(f"provenance {__version__}")
        raise typer.Exit
