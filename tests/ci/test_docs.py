"""What docs/ci.md shows works as it is shown."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from provenance.gate.thresholds import Figure, parse_gate
from provenance.gate.trial import attempt

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


def test_the_thresholds_that_are_shown_can_be_read_and_can_fail() -> None:
    (text,) = _blocks("toml")
    gate = parse_gate(tomllib.loads(text)["gate"], place="docs")

    assert len(gate.change) == 7
    assert len(gate.report) == 1
    for threshold in gate.change:
        assert attempt(threshold, is_change=True).succeeds


def test_every_figure_is_explained_and_no_other() -> None:
    table = TEXT[TEXT.index("| figure |") : TEXT.index("A share is text")]
    first = [row.split("|")[1] for row in table.splitlines()[2:] if row.startswith("|")]
    named = [word for cell in first for word in re.findall(r"`(\w+)`", cell)]

    assert sorted(named) == sorted(figure.value for figure in Figure)


def test_the_workflow_that_is_shown_fits_its_schema(tmp_path: Path) -> None:
    """And gives no more than it must."""
    workflow = tmp_path / "workflow.yml"
    workflow.write_text(_blocks("yaml")[0])
    subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema", "--builtin-schema"),
            *("vendor.github-workflows", str(workflow)),
        ],
        check=True,
        capture_output=True,
    )

    assert "permissions: {}" in workflow.read_text()
    assert "persist-credentials: false" in workflow.read_text()


def test_the_pins_of_docs_and_action_agree() -> None:
    """One commit per action, wherever it is named."""
    pins: dict[str, set[str]] = {}
    for file in ("action.yml", "docs/ci.md"):
        for name, pin in re.findall(r"(actions/[\w-]+)@(\S+)", (ROOT / file).read_text()):
            pins.setdefault(name, set()).add(pin)

    assert all(len(found) == 1 for found in pins.values())
    assert set(pins) == {"actions/cache", "actions/checkout", "actions/upload-artifact"}


def test_options_that_are_named_exist() -> None:
    """Every ``--option`` of the page is one of the commands."""
    manual = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", TEXT)):
        assert f"{option} " in manual or f"{option}\n" in manual, option
