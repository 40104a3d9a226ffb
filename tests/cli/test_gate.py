"""``gate``: verdicts, exit codes, whose thresholds count, and that it can fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from provenance.gate.figures import of_change
from provenance.gate.judge import judge
from provenance.gate.trial import examples
from provenance.metrics.measurement import Finding
from provenance_cli.gate import code_of
from provenance_reports import change, json_v1
from worlds import pipeline
from worlds.commands import Provenance, Said
from worlds.pipeline import Book

_BASE = """
[gate.change]
max = { ai = "10%" }
[gate.report]
min = { coverage = "40%" }
"""
_SLY = """
[gate]
informational = true
[gate.change]
max = { ai = "100%" }
"""


def _step(kind: str, author: str, day: int, files: dict[str, list[str]]) -> pipeline.Step:
    return pipeline.Step(kind, author, "Go on\n", day, files)


@pytest.fixture(scope="module")
def sly(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Return a history whose last commit is AI's and lowers the gate on its way."""
    return pipeline.build(
        tmp_path_factory.mktemp("sly") / "lab",
        (
            _step("unattested", pipeline.ADA, 0, {
                "provenance.toml": _BASE.splitlines(), "train/a.py": pipeline.code("a", 0, 9),
            }),
            _step("ai", pipeline.CLAUDE, 9, {
                "provenance.toml": _SLY.splitlines(), "train/b.py": pipeline.code("b", 0, 9),
                ".gitattributes": ["*.py linguist-generated"],
            }),
        ),
    )  # fmt: skip


@pytest.fixture
def judged(provenance: Provenance, book: Book) -> Path:
    """Return what is added between two releases, as a file."""
    path = Path("diff.json")
    provenance("diff", "v0.1.0", "--repo", book.folder, "-f", "json", "-o", path)
    return path


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["--max", "floor=90%"], 0, "PASS: 1 of 1 threshold holds"),
        (["--max", "floor=90%", "--min", "ai=1%"], 0, "PASS: 2 of 2 thresholds hold"),
        (["--max", "floor=1%"], 1, "FAIL: 0 of 1 threshold hold"),
        (["--min", "coverage=99%"], 3, "INCONCLUSIVE: 0 of 1 threshold hold"),
        (["--max", "ai=50%"], 3, "INCONCLUSIVE: 0 of 1 threshold hold"),
        (["--max", "ai=50%", "--max", "floor=1%"], 1, "FAIL: 0 of 2 thresholds hold"),
        (
            ["--max", "floor=1%", "--informational"],
            0,
            "FAIL (informational): 0 of 1 threshold hold",
        ),
        (["--min", "coverage=99%", "--informational"], 0, "INCONCLUSIVE (informational): 0 of 1"),
        (["--max", "findings=0", "--max", "unmeasured=0"], 0, "PASS: 2 of 2 thresholds hold"),
        (["--min", "own=1%"], 3, "INCONCLUSIVE"),
        (["--optional"], 0, "NO GATE: no threshold is set"),
    ],
)
def test_the_verdict_comes_first_and_the_exit_code_agrees(
    provenance: Provenance, judged: Path, words: list[str], code: int, word: str
) -> None:
    """PASS 0, FAIL 1, INCONCLUSIVE 3; informational says the same and exits 0."""
    said = provenance("gate", judged, "--no-config", *words)

    assert said.code == code
    assert said.out.startswith(word)
    assert said.err == ""


def test_a_report_is_judged_by_the_same_words(provenance: Provenance, book: Book) -> None:
    provenance("measure", book.folder, "--own", "claude", "-o", "r")
    good = provenance("gate", "r/report.json", "--no-config", "--min", "coverage=43%")
    bad = provenance("gate", "r/report.json", "--no-config", "--max", "own_floor=0%")

    assert (good.code, good.out.split(":")[0]) == (0, "PASS")
    assert (bad.code, bad.out.split(":")[0]) == (1, "FAIL")
    assert "Judged: the live code at" in good.out


def test_a_stage_has_its_own_threshold(provenance: Provenance, judged: Path) -> None:
    said = provenance("gate", judged, "--no-config", "--max", "serving.floor=0%", "-f", "json")
    (check,) = json.loads(said.out)["checks"]

    assert (check["stage"], check["figure"], check["limit"]) == ("serving", "floor", [0, 1])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "no threshold is set"),
        (["--min", "coverage=60"], "is no percentage"),
        (["--min", "covrage=60%"], "unknown word 'covrage'"),
        (["--max", "evaluaton.ai=60%"], "unknown word 'evaluaton'"),
        (["--min", "findings=1"], "has a maximum only"),
        (["--config", "absent.toml"], "cannot read absent.toml"),
    ],
)
def test_wrong_words_are_usage_errors(
    provenance: Provenance, judged: Path, words: list[str], message: str
) -> None:
    """A gate that demands nothing, or something else than was meant, never passes."""
    more = [] if "--config" in words else ["--no-config"]
    said = provenance("gate", judged, *more, *words)

    assert said.code == 2
    assert message in said.err
    assert said.out == ""


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": "provenance-diff/9"}', "\x00"])
def test_what_is_neither_report_nor_change_is_refused(provenance: Provenance, text: str) -> None:
    said = provenance("gate", "-", "--no-config", "--max", "ai=1%", stdin=text)

    assert said.code == 2
    assert said.out == ""


def test_nothing_to_judge_is_a_usage_error(provenance: Provenance) -> None:
    assert provenance("gate").code == 2


def test_a_file_can_come_on_stdin(provenance: Provenance, judged: Path) -> None:
    words = ("--no-config", "--max", "ai=1%")

    assert provenance("gate", "-", *words, stdin=judged.read_text()) == provenance(
        "gate", judged, *words
    )


# ------------------------------------------------------------------ whose thresholds count


def _diff(provenance: Provenance, sly: Book, *words: str) -> Said:
    provenance("diff", sly.commits[0], "--repo", sly.folder, "-f", "json", "-o", "d.json", *words)
    return provenance("gate", "d.json", "--repo", sly.folder)


def test_a_pull_request_cannot_lower_its_own_gate(provenance: Provenance, sly: Book) -> None:
    """Threshold, informational, attributes: all are read at the base, none in the change."""
    said = _diff(provenance, sly)
    told = json.loads(Path("d.json").read_text())

    assert said.code == 1
    assert said.out.startswith("FAIL: 0 of 1")
    assert f"provenance.toml at {sly.commits[0][:12]}" in said.out
    assert told["alive"]["counts"]["ai"] > 9
    assert told["stated"] == sly.commits[0]


def test_the_revision_of_the_thresholds_can_be_named(provenance: Provenance, sly: Book) -> None:
    """Whoever runs the gate may say so; by the words of the change it would pass."""
    _diff(provenance, sly)
    by_head = provenance("gate", "d.json", "--repo", sly.folder, "--config-from", "HEAD")
    by_base = provenance("gate", "d.json", "--repo", sly.folder, "--config-from", sly.commits[0])

    assert by_head.code == 0
    assert by_head.out.startswith("PASS (informational)")
    assert by_base.code == 1


def test_a_report_is_judged_by_the_thresholds_of_its_head_or_of_a_named_revision(
    provenance: Provenance, sly: Book
) -> None:
    """``measure --config-from`` and ``gate --config-from`` keep a change out of its report too."""
    provenance("measure", sly.folder, "-o", "own")
    provenance("measure", sly.folder, "-o", "base", "--config-from", sly.commits[0])
    own = provenance("gate", "own/report.json", "--repo", sly.folder)
    words = ("--repo", sly.folder, "--config-from", sly.commits[0])
    base = provenance("gate", "base/report.json", *words)
    counted = json.loads(Path("base/report.json").read_text())["stock"][-1]["counts"]

    assert own.code == 2
    assert "no threshold is set" in own.err
    assert base.code == 0
    assert counted["ai"] > 9
    assert counted["unattested"] > 8


def test_flags_go_before_what_is_written(provenance: Provenance, sly: Book) -> None:
    _diff(provenance, sly)
    said = provenance("gate", "d.json", "--repo", sly.folder, "--max", "ai=100%")

    assert said.code == 0
    assert "and the command line" in said.out


def test_a_missing_base_is_no_reason_to_demand_less(
    provenance: Provenance, sly: Book, book: Book
) -> None:
    """In another repository the thresholds cannot be read: an error, not a weaker gate."""
    _diff(provenance, sly)
    said = provenance("gate", "d.json", "--repo", book.folder, "--max", "ai=100%")

    assert said.code == 2
    assert "does not hold" in said.err
    assert "--no-config" in said.err


def test_without_a_repository_flags_are_enough(provenance: Provenance, judged: Path) -> None:
    said = provenance("gate", judged, "--max", "ai=100%")

    assert said.code == 0
    assert "Thresholds: the command line" in said.out


def test_thresholds_change_no_figure(provenance: Provenance, book: Book) -> None:
    """The digest of the configuration, and so every stored run, is the same with a gate."""
    Path("plain.toml").write_text("version = 1\n")
    Path("gate.toml").write_text(f"version = 1\n{_BASE}")
    found = []
    for name in ("plain", "gate"):
        provenance("measure", book.folder, "-o", name, "--config", f"{name}.toml", "-q")
        report = json.loads(Path(f"{name}/report.json").read_text())
        report.pop("command")
        found.append(report)

    assert found[0] == found[1]


def test_the_configuration_in_effect_shows_its_thresholds(
    provenance: Provenance, sly: Book
) -> None:
    """With the place each one comes from, exactly as it decides."""
    base = provenance("config", sly.folder, "--at", sly.commits[0])
    head = provenance("config", sly.folder)

    assert 'gate.change = ["max ai 10 %"]  # provenance.toml at' in base.out
    assert 'gate.report = ["min coverage 40 %"]' in base.out
    assert 'gate.informational = "false"  # default' in base.out
    assert 'gate.informational = "true"  # provenance.toml at' in head.out
    assert "gate.report = []  # default" in head.out


# ------------------------------------------------------------------------ it can fail


def test_the_self_test_proves_that_the_gate_can_fail(provenance: Provenance) -> None:
    said = provenance("gate", "--self-test", "--no-config")

    assert said.code == 0
    assert said.out.startswith(f"PASS: each of {len(examples())} thresholds can fail\n")
    assert said.out.count("FAIL") + said.out.count("INCONCLUSIVE") == len(examples())


def test_the_self_test_takes_the_thresholds_in_effect(provenance: Provenance, sly: Book) -> None:
    """Those of the head of the repository: here one that nothing can break."""
    said = provenance("gate", "--self-test", "--repo", sly.folder)
    of_base = provenance("gate", "--self-test", "--repo", sly.folder, "--config-from", "HEAD~1")

    assert (said.code, of_base.code) == (1, 0)
    assert said.out.startswith("FAIL: 1 of 1 threshold cannot fail")
    assert "change: ai at most 100 %" in said.out


def test_the_self_test_reads_a_file(provenance: Provenance) -> None:
    Path("provenance.toml").write_text('[gate.report]\nmin = { coverage = "60" }\n')
    wrong = provenance("gate", "--self-test", "--config", "provenance.toml")
    Path("provenance.toml").write_text(_BASE)
    right = provenance("gate", "--self-test", "--config", "provenance.toml")

    assert (wrong.code, right.code) == (2, 0)
    assert "PASS: each of 2 thresholds can fail" in right.out


def test_word_and_exit_code_never_disagree() -> None:
    """Every example at its edge and beyond."""
    from provenance.gate.trial import attempt

    codes = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3, "NO GATE": 0}
    for one in examples():
        trial = attempt(one, is_change=True)
        for verdict in (trial.kept, trial.broken):
            assert verdict is not None
            assert code_of(verdict) == codes[verdict.word]


# ------------------------------------------------------------------------ forms


def _with_findings(judged: Path, *found: Finding) -> None:
    arranged = change.parse(judged.read_text())
    told = replace(arranged.difference, findings=found)
    judged.write_text(change.render(change.arrange(told, command="x")))


def test_findings_reach_github_and_sarif(provenance: Provenance, judged: Path) -> None:
    """And nothing else of a report does: no line of code is a result."""
    _with_findings(judged, Finding("odd", "B", "Odd\n::set-output", ("train/loop.py:3",), 1))
    words = ("--no-config", "--max", "ai=100%")
    github = provenance("gate", judged, *words, "-f", "github")
    sarif = provenance("gate", judged, *words, "-f", "sarif")
    (result,) = json.loads(sarif.out)["runs"][0]["results"]

    assert github.code == sarif.code == 0
    assert github.out == (
        "::warning file=train/loop.py,line=3,title=odd (1 place)::Odd\\n::set-output\n"
    )
    assert result["ruleId"] == "odd"


def test_a_finding_that_blocks_verdicts_is_said(provenance: Provenance, judged: Path) -> None:
    _with_findings(judged, Finding("rewritten", "A", "History was rewritten", (), 1))
    said = provenance("gate", judged, "--no-config", "--max", "ai=100%")
    asked = provenance("gate", judged, "--no-config", "--max", "findings_a=1")
    figures = of_change(change.parse(judged.read_text()).difference)

    assert said.code == 3
    assert "No verdict: 1 finding of severity A." in said.out
    assert asked.code == 0
    assert judge(figures, ()).word == "NO GATE"


@pytest.mark.parametrize("form", ["text", "json", "markdown", "github", "sarif"])
def test_forms_are_the_same_twice_and_in_a_file(
    provenance: Provenance, judged: Path, form: str
) -> None:
    words = ("gate", judged, "--no-config", "--max", "ai=50%", "-f", form)
    one, two = provenance(*words), provenance(*words)
    kept = provenance(*words, "-o", "out")

    assert one == two
    assert (kept.code, kept.out) == (one.code, "")
    assert Path("out").read_text() == one.out


def test_the_markdown_of_a_report_holds_its_figures(provenance: Provenance, book: Book) -> None:
    provenance("measure", book.folder, "-o", "r")
    said = provenance("gate", "r/report.json", "--no-config", "--max", "ai=50%", "-f", "markdown")
    document = json_v1.parse(Path("r/report.json").read_text())

    assert said.out.startswith("<!-- provenance-report -->\n**INCONCLUSIVE: 0 of 1")
    assert document.measurement.repository.head[:12] in said.out
    assert len(said.out.splitlines()) <= 15


def test_several_forms_are_written_by_one_run(provenance: Provenance, judged: Path) -> None:
    """Each equals what the form alone gives; a form that is none is refused before any file."""
    words = ("gate", judged, "--no-config", "--max", "ai=50%")
    said = provenance(
        *words, "-f", "github", "--also", "markdown:a.md", "--also", "json:below/it/a.json"
    )

    assert said.code == 3
    assert Path("a.md").read_text() == provenance(*words, "-f", "markdown").out
    assert Path("below/it/a.json").read_text() == provenance(*words, "-f", "json").out
    for wrong in ("html:x", "markdown", "markdown:", ":x"):
        refused = provenance(*words, "--also", "json:b.json", "--also", wrong)

        assert refused.code == 2
        assert not Path("b.json").exists()
