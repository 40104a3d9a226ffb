"""``provenance gate``: hold a report, or what a change adds, against thresholds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from provenance_cli import options as words
from provenance_cli.report import read_report

if TYPE_CHECKING:
    from provenance.gate.figures import Figures
    from provenance.gate.judge import Verdict
    from provenance.gate.thresholds import Gate, Threshold
    from provenance_cli.failures import ExitCode
    from provenance_reports.change import Change
    from provenance_reports.document import Document
    from provenance_reports.gate_forms import Judged

Form = Literal["text", "json", "markdown", "github", "sarif"]
"""Formats of a verdict; the last two hold findings."""
_FLAGS = "the command line"


def gate(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="REPORT.json|DIFF.json",
            help="What provenance measure or diff wrote; - reads it from stdin.",
            show_default=False,
        ),
    ] = None,
    *,
    least: Annotated[
        list[str] | None,
        typer.Option(
            "--min",
            metavar="[STAGE.]FIGURE=LIMIT",
            help="A figure that must be reached, as coverage=60%; may be repeated.",
            show_default=False,
        ),
    ] = None,
    most: Annotated[
        list[str] | None,
        typer.Option(
            "--max",
            metavar="[STAGE.]FIGURE=LIMIT",
            help="A figure that must not be passed, as ai=50% or findings=0; may be repeated.",
            show_default=False,
        ),
    ] = None,
    informational: Annotated[
        bool, typer.Option("--informational", help="Say the verdict; exit 0 whatever it is.")
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Configuration to use.", show_default=False),
    ] = None,
    config_from: Annotated[
        str | None,
        typer.Option(
            "--config-from",
            metavar="REV",
            help="Revision whose provenance.toml counts. Default: the base of a change, the"
            " head of a report.",
            show_default=False,
        ),
    ] = None,
    optional: Annotated[
        bool, typer.Option("--optional", help="Without any threshold only show the figures.")
    ] = False,
    no_config: Annotated[
        bool, typer.Option("--no-config", help="Use the thresholds of --min and --max alone.")
    ] = False,
    repo: words.RepoOption = None,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Prove that every threshold can fail.")
    ] = False,
    form: Annotated[
        Form,
        typer.Option("--format", "-f", help="What is written; github and sarif hold findings."),
    ] = "text",
    output: words.FileOption = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="FORMAT:FILE",
            help="Write another format to a file, as markdown:gate.md; may be repeated.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Hold a report, or what a change adds, against the thresholds of provenance.toml.

    PASS exits 0, FAIL 1, INCONCLUSIVE 3. The thresholds of a change are those of its base,
    so a pull request cannot change its own gate.
    """
    from provenance.errors import UsageError
    from provenance.gate.judge import judge
    from provenance.gate.thresholds import Gate
    from provenance_cli.failures import ExitCode
    from provenance_reports.gate_forms import Judged

    given = _flags(least, most)
    files = [_file(text) for text in also or ()]
    if self_test:
        demanded, _ = (Gate(), "") if no_config else _demanded(config, config_from, "HEAD", repo)
        _self_test(demanded, given, output)
        return
    if source is None:
        raise UsageError(
            "no report and no diff is named",
            slug="nothing-to-judge",
            hint="name a file of provenance measure or diff, or give --self-test",
        )
    subject = _read(source)
    commit = _stated(subject)
    demanded, origin = (Gate(), "") if no_config else _demanded(config, config_from, commit, repo)
    thresholds, figures = _matter(subject, demanded, given, optional=optional)
    origins = [origin] * bool(origin) + [_FLAGS] * bool(given)
    judged = Judged(
        subject=subject,
        verdict=judge(figures, thresholds),
        informational=informational or demanded.informational,
        origin=" and ".join(origins),
    )
    for other, file in files:
        _write(_rendered(judged, other), file)
    _write(_rendered(judged, form), output)
    code = code_of(judged.verdict)
    if code is not ExitCode.GOOD and not judged.informational:
        raise typer.Exit(code)


def code_of(verdict: Verdict) -> ExitCode:
    """Return the exit code of a verdict: the weightiest of its checks."""
    from provenance.gate.judge import Result
    from provenance_cli.failures import ExitCode, weightiest

    codes = {
        Result.HOLDS: ExitCode.GOOD,
        Result.FAILS: ExitCode.FAILED,
        Result.OPEN: ExitCode.INCONCLUSIVE,
    }
    blocked = ExitCode.INCONCLUSIVE if verdict.blocked else ExitCode.GOOD
    return weightiest(blocked, *(codes[check.result] for check in verdict.checks))


def _file(text: str) -> tuple[str, Path]:
    from provenance.errors import UsageError

    form, colon, file = text.partition(":")
    if form not in get_args(Form) or not colon or not file:
        raise UsageError(
            f"--also: {text[:80]!r} is no format and file",
            slug="bad-also",
            hint=f"write it as markdown:gate.md; formats: {', '.join(get_args(Form))}",
        )
    return form, Path(file)


def _flags(least: list[str] | None, most: list[str] | None) -> tuple[Threshold, ...]:
    from provenance.gate.thresholds import Side, parse_flag

    return (
        *(parse_flag(text, Side.MIN) for text in least or ()),
        *(parse_flag(text, Side.MAX) for text in most or ()),
    )


def _read(source: str) -> Document | Change:
    """Read a report or a change, whichever it says it is."""
    from provenance_reports import change, json_v1

    text = read_report(source)
    if json_v1.format_of(text) == change.FORMAT:
        return change.parse(text)
    return json_v1.parse(text)


def _stated(subject: Document | Change) -> str:
    """Return the commit whose thresholds count if nothing else is said."""
    from provenance_reports.change import Change

    if isinstance(subject, Change):
        return subject.difference.base.commit
    return subject.measurement.repository.head


def _demanded(
    config: Path | None, config_from: str | None, usual: str, repo: Path | None
) -> tuple[Gate, str]:
    """Return the thresholds of a configuration and where it was read.

    Raises:
        UsageError: there is none to be read, or it is wrong.

    """
    from provenance.errors import UsageError
    from provenance.gate.thresholds import Gate
    from provenance.history.repository import open_repository
    from provenance.meter.measure import CONFIG, read_settings
    from provenance.meter.settings import read_file

    if config is not None:
        return read_file(config).gate, config.name
    revision = config_from or usual
    try:
        with open_repository(repo or Path()) as opened:
            commit = opened.resolve(revision)
            gate = read_settings(opened, commit, None, ()).gate
    except UsageError as error:
        if error.slug == "no-repository" and repo is None and config_from is None:
            return Gate(), ""
        if error.slug == "unknown-revision" and config_from is None:
            raise UsageError(
                f"the repository here does not hold {usual[:12]}, whose thresholds would count",
                slug="no-thresholds-here",
                hint="name the repository with --repo, a file with --config, or give --no-config",
            ) from error
        raise
    return gate, f"{CONFIG} at {commit[:12]}" if gate != Gate() else ""


def _matter(
    subject: Document | Change,
    demanded: Gate,
    given: tuple[Threshold, ...],
    *,
    optional: bool,
) -> tuple[tuple[Threshold, ...], Figures]:
    """Return the thresholds for what was read, and its figures.

    Raises:
        UsageError: there is no threshold, so there would be nothing to pass, and that is
            not ``optional``.

    """
    from provenance.errors import UsageError
    from provenance.gate.figures import of_change, of_report
    from provenance.gate.thresholds import overlaid
    from provenance_reports.change import Change

    if isinstance(subject, Change):
        section, written, figures = "change", demanded.change, of_change(subject.difference)
    else:
        section, written, figures = "report", demanded.report, of_report(subject.measurement)
    thresholds = overlaid(written, given)
    if not thresholds and not optional:
        raise UsageError(
            "no threshold is set, so there is nothing to pass or fail",
            slug="no-thresholds",
            hint=f"set some under [gate.{section}] in provenance.toml, or with --min and --max",
        )
    return thresholds, figures


def _self_test(demanded: Gate, given: tuple[Threshold, ...], output: Path | None) -> None:
    from provenance.gate.thresholds import overlaid
    from provenance.gate.trial import attempt, examples
    from provenance_cli.failures import ExitCode
    from provenance_reports import gate_forms

    sections = (("report", demanded.report), ("change", demanded.change))
    asked = [
        (section, threshold)
        for section, written in sections
        for threshold in overlaid(written, given)
    ] or [("example", threshold) for threshold in examples()]
    tried = [(name, attempt(one, is_change=name != "report")) for name, one in asked]
    _write(gate_forms.trials(tried), output)
    if not all(trial.succeeds for _, trial in tried):
        raise typer.Exit(ExitCode.FAILED)


def _rendered(judged: Judged, form: str) -> str:
    from provenance_reports import annotations, gate_forms, sarif
    from provenance_reports.change import Change

    subject = judged.subject
    source = subject.difference if isinstance(subject, Change) else subject.measurement
    if form == "github":
        return annotations.render(source.findings, judged.verdict)
    if form == "sarif":
        return sarif.render(source.findings, tool_version=source.tool_version)
    forms = {"text": gate_forms.text, "json": gate_forms.as_json, "markdown": gate_forms.short}
    return forms[form](judged)


def _write(text: str, output: Path | None) -> None:
    from provenance_cli.outputs import write_file

    if output is None:
        sys.stdout.write(text)
    else:
        write_file(output, text)
