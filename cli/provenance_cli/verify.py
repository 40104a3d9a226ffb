"""``provenance verify``: signature, digests and measurement as separate facts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provenance_cli import options as words

if TYPE_CHECKING:
    from provenance.attest.statement import Statement
    from provenance.attest.verify import Fact
    from provenance.metrics.measurement import Measurement

_TITLES = {
    "signature": "signature",
    "digests": "digests recomputed",
    "measurement": "measurement reproduced",
    "continuity": "continuity",
    "timestamp": "time stamp",
}
_WORDS = {"good": "good", "bad": "MISMATCH", "not_checked": "not checked"}


def verify(
    statement: Annotated[Path, typer.Argument(metavar="STATEMENT", help="A signed statement.")],
    *,
    key: Annotated[
        Path, typer.Option(metavar="PUBLIC", help="Public key: PEM, or one of OpenSSH.")
    ],
    report: Annotated[
        Path | None,
        words.file_option("REPORT.json", "The report it speaks of."),
    ] = None,
    check: Annotated[
        Path | None,
        words.file_option("CHECK.json", "The claim check it speaks of."),
    ] = None,
    repo: Annotated[
        Path | None,
        words.file_option("PATH", "A clone: measure again and compare."),
    ] = None,
    at: Annotated[
        str, typer.Option(metavar="REV", help="Revision of the clone the statement must be about.")
    ] = "HEAD",
    config: Annotated[
        Path | None,
        words.file_option(
            "FILE", "Configuration that was used. Default: provenance.toml as committed."
        ),
    ] = None,
    previous: Annotated[
        Path | None,
        words.file_option("STATEMENT", "The statement before it: is all still there?"),
    ] = None,
    previous_key: Annotated[
        Path | None,
        words.file_option("PUBLIC", "Key of that one. Default: the same."),
    ] = None,
    secret: Annotated[
        Path | None,
        words.file_option("FILE", "The signer's secret: compare the root too."),
    ] = None,
    timestamp: Annotated[
        Path | None,
        words.file_option("TOKEN", "RFC 3161 answer over the statement file."),
    ] = None,
    tsa: Annotated[
        Path | None,
        words.file_option(
            "CERTIFICATES", "Certificates (PEM) that end in the root of the time-stamp authority."
        ),
    ] = None,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", "-f", help="What is printed.")
    ] = "text",
    jobs: words.JobsOption = 2,
    quiet: words.QuietOption = False,
    no_progress: words.NoProgressOption = False,
) -> None:
    """Check a signed statement: who signed it, whether it fits its report, and whether it is true.

    Each is a fact of its own. Exit 4 when any of them does not hold.
    """
    from provenance.attest import statement as statements
    from provenance.attest.keys import verifier
    from provenance.attest.verify import check_digests, check_signature, not_checked
    from provenance_cli.statements import envelope_at

    public = verifier(key)
    envelope = envelope_at(statement)
    given = _report(report) if report else None
    checked = _bytes(check) if check else None
    facts = [check_signature(envelope, public)]
    said: Statement | None = None
    if facts[0].state.value != "good":
        why = "a payload whose signature is not good is not read"
        facts += [not_checked(name, why) for name in ("digests", "measurement")]
    else:
        said = statements.read(envelope.payload)
        facts.append(check_digests(said, report=given, check=checked))
        facts.append(
            _again(
                said, repo, at, config, secret, given[1] if given else None, jobs=jobs,
                quiet=quiet, no_progress=no_progress,
            )
        )  # fmt: skip
        if previous is not None:
            facts.append(_continuity(said, previous, previous_key or key, repo))
    if timestamp is not None:
        facts.append(_stamped(statement, timestamp, tsa))
    _print(facts, said, form)


def _report(path: Path) -> tuple[bytes, Measurement | None, str]:
    """Return a report; what is in it may be spoilt, which is for the digests to say."""
    from provenance.attest.files import REPORT_LIMIT, read_limited
    from provenance.errors import UsageError
    from provenance_cli.statements import report_in

    data = read_limited(path, REPORT_LIMIT, "the report")
    try:
        return data, *report_in(data, path)
    except UsageError:
        return data, None, ""


def _bytes(path: Path) -> bytes:
    from provenance.attest.files import KEY_LIMIT, read_limited

    return read_limited(path, KEY_LIMIT << 8, "the claim check")


def _again(
    said: Statement,
    repo: Path | None,
    at: str,
    config: Path | None,
    secret: Path | None,
    report: Measurement | None,
    *,
    jobs: int,
    quiet: bool,
    no_progress: bool,
) -> Fact:
    """Measure the same commit again and compare."""
    from provenance.attest.statement import MEASUREMENT, evidence_of
    from provenance.attest.verify import check_reproduced, judged, not_checked

    if repo is None:
        return not_checked("measurement", "give a clone with --repo to measure again")
    if said.predicate_type != MEASUREMENT:
        return not_checked("measurement", "this statement is about claims, not about figures")

    import tempfile

    from provenance.attest.keys import read_secret
    from provenance.attest.tree import build
    from provenance.meter.reproduce import place_in, reproduce
    from provenance_cli.console import progress
    from provenance_cli.statements import RUNS, header_of, runs_at

    salted = read_secret(secret) if secret else b""
    commit, _, _ = place_in(repo, at=at, earlier=None)
    if commit != said.head:
        return judged(
            "measurement",
            (),
            (f"the statement is about {said.head}, {at} of this clone is {commit}",),
        )
    with (
        progress(quiet=quiet, hidden=no_progress) as told,
        tempfile.TemporaryDirectory(prefix="provenance-") as folder,
    ):
        run = reproduce(
            repo, said.predicate.get("definition", {}), at=commit, config=config,
            cache=Path(folder), jobs=jobs, progress=told,
        )  # fmt: skip
        assert run.folder is not None
        rows = runs_at(run.folder / f"{RUNS}.parquet")
        tree = build(rows, header_of(run.measurement), secret=salted or b"unsalted")
    return check_reproduced(
        said, run.measurement, evidence_of(tree), report=report, salted=bool(salted)
    )


def _continuity(said: Statement, previous: Path, key: Path, repo: Path | None) -> Fact:
    from provenance.attest import statement as statements
    from provenance.attest.keys import verifier
    from provenance.attest.verify import check_continuity, check_signature, judged
    from provenance_cli.statements import envelope_at

    envelope = envelope_at(previous)
    if check_signature(envelope, verifier(key)).state.value != "good":
        return judged("continuity", (), ("the previous statement is not signed by its key",))
    earlier = statements.read(envelope.payload)
    if repo is None:
        return check_continuity(said, earlier, reachable=None, tags=None)

    from provenance.errors import UsageError
    from provenance.meter.reproduce import place_in

    try:
        _, reachable, tags = place_in(repo, at=said.head, earlier=earlier.head)
    except UsageError as error:
        if error.slug != "unknown-revision":
            raise
        return judged("continuity", (), (f"commit {said.head} is not in this clone",))
    return check_continuity(said, earlier, reachable=reachable, tags=tags)


def _stamped(statement: Path, token: Path, roots: Path | None) -> Fact:
    from provenance.attest.stamp import check_stamp

    return check_stamp(statement, token, roots)


def _print(facts: Sequence[Fact], said: Statement | None, form: str) -> None:
    from provenance.attest.verify import State
    from provenance_cli.failures import ExitCode

    if form == "json":
        sys.stdout.write(_as_json(facts, said))
    else:
        words.write_lines(_as_text(facts, said))
    if any(fact.state is State.BAD for fact in facts):
        raise typer.Exit(ExitCode.MISMATCH)


def _as_json(facts: Sequence[Fact], said: Statement | None) -> str:
    held: dict[str, object] = {
        "holds": all(fact.state.value != "bad" for fact in facts),
        "facts": {
            fact.name: {"state": fact.state.value, "notes": list(fact.notes)} for fact in facts
        },
    }
    if said is not None:
        held["statement"] = {
            "sha256": said.digest,
            "predicate_type": said.predicate_type,
            "commit": said.head,
            "report_sha256": said.report,
        }
    return json.dumps(held, indent=1) + "\n"


def _as_text(facts: Sequence[Fact], said: Statement | None) -> Iterator[str]:
    from provenance_reports.words import visible

    if said is not None:
        yield f"{visible(said.predicate_type, 100)} about commit {visible(said.head, 64)}"
        yield f"statement sha256 {said.digest}"
    for fact in facts:
        yield f"  {_TITLES[fact.name]:<24}{_WORDS[fact.state.value]}"
        for note in fact.notes:
            yield f"      {visible(note, 400)}"
