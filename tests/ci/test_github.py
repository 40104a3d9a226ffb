"""The composite action: its shell steps on a shallow clone of a remote on this disk."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from worlds import pipeline
from worlds.pipeline import Book
from worlds.runner import Job, read_yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
_GH = r"""#!/bin/sh
# stands in for gh: comments are files, every call is written down
printf '%s\n' "$*" >> "$STATE/calls"
if [ -e "$STATE/closed" ]; then exit 1; fi
case "$*" in
  *--method*) sed -n p "${5#body=@}" > /dev/null; for word in "$@"; do
    case "$word" in body=@*) cp "${word#body=@}" "$STATE/7.md";; esac; done ;;
  *) if [ -e "$STATE/7.md" ]; then echo 7; fi ;;
esac
"""

Start = Callable[..., Job]


def _context(**more: str) -> dict[str, str]:
    return {
        "github.action_path": str(ROOT),
        "github.event.pull_request.base.sha": "",
        "github.event.pull_request.head.sha": "",
        "github.event.pull_request.number": "",
        "github.ref_name": "main",
        "github.ref_type": "branch",
        "github.repository": "lab/train",
        "github.server_url": "https://example.invalid",
        "github.sha": "",
        "github.token": "",
    } | {f"github.{name}": value for name, value in more.items()}


@pytest.fixture
def start(remote: Book, command: Path, tmp_path: Path, program: Any, clone: Any) -> Start:
    """Return a starter of jobs; pull requests are given by number."""
    state = tmp_path / "state"
    state.mkdir()
    program(tmp_path / "bin", "gh", _GH.replace("$STATE", str(state)))

    def job(name: str, *, pull: int = 0, tag: str = "", **inputs: str) -> Job:
        more: dict[str, str] = {}
        ref = f"refs/tags/{tag}" if tag else "refs/heads/main"
        if pull:
            ref = f"refs/pull/{pull}/head"
            more = {
                "event.pull_request.base.sha": remote.commits[1],
                "event.pull_request.head.sha": remote.commits[pull + 1],
                "event.pull_request.number": str(pull),
            }
        if tag:
            more = {"ref_type": "tag", "ref_name": tag}
        folder = clone(remote.folder, tmp_path / name / "work", ref)
        head = pipeline.git(folder, "rev-parse", "HEAD").decode().strip()
        return Job(
            read_yaml(ACTION),
            folder,
            tmp_path / name / "temp",
            _context(sha=head, **more),
            {"command": str(command)} | inputs,
            path=str(tmp_path / "bin"),
        )

    return job


def _verdict(job: Job) -> str:
    return job.outputs["steps.gate.outputs.verdict"]


def _out(job: Job, name: str) -> str:
    return (job.temp / "provenance-report" / name).read_text()


# ------------------------------------------------------------------------ what it does


def test_a_pull_request_is_judged_from_a_clone_of_depth_one(start: Start, remote: Book) -> None:
    """History, tags and pull heads are fetched by the action; the verdict fails the job."""
    job = start("one", pull=1)
    code = job.run()

    assert code == 1
    assert _verdict(job) == "FAIL"
    assert job.ran[-1].name == "Conclude"
    assert job.summary.splitlines()[1].startswith("**FAIL: 0 of 1 threshold hold")
    assert json.loads(_out(job, "diff.json"))["base"]["commit"] == remote.commits[1]
    assert json.loads(_out(job, "gate.json"))["verdict"] == "FAIL"
    assert json.loads(_out(job, "findings.sarif"))["version"] == "2.1.0"
    refs = pipeline.git(job.folder, "for-each-ref", "--format=%(refname)").decode().split()
    assert {"refs/tags/v0.1.0", "refs/pull/2/head", "refs/remotes/provenance/main"} <= set(refs)
    assert pipeline.git(job.folder, "rev-parse", "--is-shallow-repository") == b"false\n"


def test_a_pull_request_cannot_lower_its_own_gate(start: Start, remote: Book) -> None:
    """Pull 1 makes its configuration informational; that of the base is what counts."""
    job = start("one", pull=1)

    assert job.run() == 1
    assert json.loads(_out(job, "gate.json"))["informational"] is False
    assert remote.commits[1][:12] in json.loads(_out(job, "gate.json"))["thresholds_from"]


@pytest.mark.parametrize(
    ("pull", "inputs", "code", "verdict"),
    [
        (2, {}, 0, "PASS"),
        (3, {}, 3, "INCONCLUSIVE"),
        (3, {"inconclusive": "pass"}, 0, "INCONCLUSIVE"),
        (1, {"inconclusive": "pass"}, 1, "FAIL"),
        (1, {"informational": "true"}, 0, "FAIL"),
    ],
)
def test_the_job_ends_as_the_verdict_says(
    start: Start, pull: int, inputs: dict[str, str], code: int, verdict: str
) -> None:
    job = start("one", pull=pull, **inputs)

    assert job.run() == code
    assert _verdict(job) == verdict


def test_annotations_are_commands_of_ours_alone(start: Start) -> None:
    """The path in pull 1 holds a command; it never begins a line of the log."""
    job = start("one", pull=1)
    job.run()
    commands = [
        line for ran in job.ran for line in ran.out.splitlines() if line.lstrip().startswith("::")
    ]

    assert [line.split("::")[1] for line in commands] == ["error title=gate FAIL"]
    assert not list(job.folder.parent.parent.rglob("pwned"))


def test_one_comment_is_kept_up_to_date(start: Start, tmp_path: Path) -> None:
    """The first run writes a comment, the next ones replace it."""
    calls = tmp_path / "state" / "calls"
    for name in ("one", "two"):
        start(name, pull=2).run()
    said = calls.read_text().splitlines()

    assert len(said) == 4
    assert said[1].startswith("api --silent --method POST repos/lab/train/issues/2/comments")
    assert said[3].startswith("api --silent --method PATCH repos/lab/train/issues/comments/7")
    assert (
        (tmp_path / "state" / "7.md").read_text().startswith("<!-- provenance-change -->\n**PASS")
    )
    assert len((tmp_path / "state" / "7.md").read_text().splitlines()) <= 15


def test_a_token_that_may_not_write_fails_nothing(start: Start, tmp_path: Path) -> None:
    """A pull request from a fork has such a token."""
    (tmp_path / "state" / "closed").touch()
    job = start("one", pull=2)

    assert job.run() == 0
    assert any("::notice::No comment" in ran.out for ran in job.ran)


def test_what_is_not_asked_for_is_not_done(start: Start, tmp_path: Path) -> None:
    job = start("one", pull=2, comment="false", upload="false", cache="false", pulls="false")

    assert job.run() == 0
    assert not pipeline.git(job.folder, "for-each-ref", "refs/pull")
    assert job.used == []
    assert not (tmp_path / "state" / "calls").exists()


def test_a_push_is_measured_whole(start: Start) -> None:
    """Without thresholds for reports there is no gate, and the figures are shown."""
    job = start("one")

    assert job.run() == 0
    assert _verdict(job) == "NO GATE"
    assert "**NO GATE: no threshold is set**" in job.summary
    assert json.loads(_out(job, "report.json"))["format"] == "provenance-report/1"
    assert (job.temp / "provenance-report" / "report.html").exists()


def test_a_tag_is_released_and_held_against_an_earlier_report(
    start: Start, remote: Book, tmp_path: Path
) -> None:
    """The page is in the summary; a history that was rewritten ends the job with 4."""
    job = start("one", tag="v0.1.0")
    assert job.run() == 0
    assert "## v0.1.0: how much of the live code AI wrote" in job.summary

    report = json.loads(_out(job, "report.json"))
    report["repository"]["tags"].append(["v0.0.9", remote.commits[0]])
    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps(report))
    broken = start("two", tag="v0.1.0", previous=str(earlier))

    assert broken.run() == 4
    assert broken.ran[-1].name == "Conclude"
    assert "Continuity: BROKEN" in broken.summary


@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        ({"base": "--upload-pack=touch pwned"}, 2, "not a revision"),
        ({"base": "$(touch pwned)"}, 2, "no commit named"),
        ({"mode": "$(touch pwned)"}, 2, "mode must be"),
        ({"fetch": "false"}, 3, "git fetch --unshallow"),
    ],
)
def test_wrong_words_end_the_job_where_they_are_used(
    start: Start, inputs: dict[str, str], code: int, said: str
) -> None:
    """Inputs are data: none is run, none becomes an option."""
    job = start("one", pull=2, **inputs)

    assert job.run() == code
    assert job.ran[-1].name == "Measure"
    assert said in job.ran[-1].out + job.ran[-1].err
    assert not list(job.folder.parent.parent.rglob("pwned"))


def test_a_token_is_handed_to_git_by_environment_and_left_nowhere(start: Start) -> None:
    job = start("one", pull=2, token="s3cret")

    assert job.run() == 0
    assert "::add-mask::" in job.ran[0].out
    assert "s3cret" not in "".join(ran.out + ran.err for ran in job.ran)
    assert "s3cret" not in (job.folder / ".git" / "config").read_text()
    assert "extraheader" not in (job.folder / ".git" / "config").read_text()


@pytest.mark.parametrize(
    ("version", "expected"), [("", str(ROOT)), ("1.2.3", "provenance-meter==1.2.3")]
)
def test_what_is_installed_is_the_action_itself_or_a_release(
    start: Start, tmp_path: Path, program: Any, version: str, expected: str
) -> None:
    """The commit that the workflow pins is the code that runs."""
    log = tmp_path / "log"
    fake = (
        f'#!/bin/sh\nmkdir -p "$3/bin"\n'
        f'printf \'#!/bin/sh\\necho "$@" >> {log}\\n\' > "$3/bin/python"\n'
        'chmod +x "$3/bin/python"\n'
    )
    program(tmp_path / "bin", "python3", fake)
    job = start("one", pull=2, command="", version=version)
    job.run()

    assert log.read_text() == f"-m pip install --quiet {expected}\n"


# ------------------------------------------------------------------------ how it is written


def test_nothing_untrusted_is_pasted_into_a_script() -> None:
    """Values reach scripts by environment; each script stops at its first failure."""
    for step in read_yaml(ACTION)["runs"]["steps"]:
        if "run" in step:
            assert "${{" not in step["run"], step["name"]
            assert step["run"].startswith("set -euo pipefail\n"), step["name"]
            assert step["shell"] == "bash"


def test_actions_of_others_are_pinned_by_commit() -> None:
    """With the release beside it, so that a reader can look it up."""
    used = re.findall(r"uses: (\S+)(.*)", ACTION.read_text())

    assert len(used) == 2
    for name, rest in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", rest)


def test_every_input_and_output_is_described_and_used() -> None:
    text = ACTION.read_text()
    action = read_yaml(ACTION)
    for about in (*action["inputs"].values(), *action["outputs"].values()):
        assert about["description"].endswith(".")
    for name in action["inputs"]:
        assert f"inputs.{name}" in text


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.github-actions", "action.yml"), ("vendor.gitlab-ci", "ci/gitlab.yml")],
)
def test_files_fit_the_schemas_of_their_hosts(schema: str, file: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / file)],
        check=True,
        capture_output=True,
    )


def test_an_auditor_of_actions_finds_nothing() -> None:
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    if zizmor is None:
        pytest.skip("zizmor is not in this environment")
    done = subprocess.run(
        [zizmor, "--offline", "--no-progress", "--persona=auditor", str(ACTION)],
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout
