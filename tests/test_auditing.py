"""The commands of docs/auditing.md work as they stand there, in the order in which they stand."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.attest.statement import CLAIM_CHECK, MEASUREMENT
from provenance.attest.sums import SCHEME
from worlds import pipeline

_TEXT = (Path(__file__).parent.parent / "docs" / "auditing.md").read_text(encoding="utf-8")


def _commands() -> list[list[str]]:
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", _TEXT, re.DOTALL | re.MULTILINE)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def test_every_command_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who types them gets what the page says."""
    pipeline.build(tmp_path / "clone")
    monkeypatch.chdir(tmp_path)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PROVENANCE_CACHE": str(tmp_path / "cache"),
    }
    commands = _commands()
    for words in commands:
        program = (
            [sys.executable, "-m", "provenance_cli"] if words[0] == "provenance" else words[:1]
        )
        done = subprocess.run(
            [*program, *words[1:]], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (words, done.stderr)

    assert len(commands) >= 13
    assert {"attest", "verify", "ledger"} <= {words[1] for words in commands}
    assert Path("next.json").exists()
    assert Path("proof.json").stat().st_size < 4096


def test_the_page_names_the_forms_as_they_are() -> None:
    """Another implementation goes by these words."""
    for word in (MEASUREMENT, CLAIM_CHECK, SCHEME):
        assert f"`{word}`" in _TEXT
