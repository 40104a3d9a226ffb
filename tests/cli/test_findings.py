"""Cut-offs, findings and model names on the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from provenance.rules.families import packaged
from worlds.commands import Provenance
from worlds.world import World


def _world(folder: Path) -> Path:
    world = World(folder)
    world.commit(edit={"old.py": "old = 1\n"}, hours=-24 * 365 * 5)
    world.commit(0, edit={"new.py": "new = 1\n", "AGENTS.md": "Add no Co-authored-by lines.\n"})
    return world.build().path


def _report(provenance: Provenance, *words: str | Path) -> Mapping[str, Any]:
    said = provenance("measure", *words, "--unit", "line", "-f", "json", "-q")
    assert said.code == 0, said.err
    report: Mapping[str, Any] = json.loads(said.out)
    return report


def _old_and_silent(report: Mapping[str, Any]) -> tuple[int, int]:
    counts = report["stock"][-1]["counts"]
    return counts["predates_ai"], counts["unattested"]


def test_the_cut_off_of_a_run_stands_in_its_report(provenance: Provenance, tmp_path: Path) -> None:
    """Definition, command and counts agree."""
    repo = _world(tmp_path / "repo")
    usual = _report(provenance, repo)
    off = _report(provenance, repo, "--predates", "off")
    later = _report(provenance, repo, "--predates", "2024-01-01")

    assert usual["definition"]["predates_cutoff"] == "2021-06-29"
    assert off["definition"]["predates_cutoff"] is None
    assert _old_and_silent(usual) == (1, 2)
    assert _old_and_silent(off) == (0, 3)
    assert _old_and_silent(later) == (3, 0)
    assert "--predates off" in off["command"]
    assert "--predates" not in usual["command"]


def test_findings_stand_in_the_report_with_their_places(
    provenance: Provenance, tmp_path: Path
) -> None:
    report = _report(provenance, _world(tmp_path / "repo"))

    assert [(one["id"], one["places"]) for one in report["findings"]] == [
        ("attribution-policy", ["AGENTS.md:1"])
    ]


def test_a_wrong_cut_off_is_a_usage_error(provenance: Provenance, tmp_path: Path) -> None:
    said = provenance("measure", _world(tmp_path / "repo"), "--predates", "soon")

    assert said.code == 2
    assert "2021-06-29" in said.err


def test_blame_calls_the_same_lines_old(provenance: Provenance, tmp_path: Path) -> None:
    """And so does the configuration it obeys."""
    repo = _world(tmp_path / "repo")
    off = tmp_path / "off.toml"
    off.write_text("predates = false\n")
    usual = provenance("blame", "old.py", "--repo", repo, "-f", "jsonl")
    without = provenance("blame", "old.py", "--repo", repo, "-f", "jsonl", "--config", off)
    shown = json.loads(usual.out)

    assert (shown["author_type"], shown["rule"]) == ("predates_ai", "predates-ai")
    assert json.loads(without.out)["author_type"] == "unattested"


def test_the_configuration_shows_the_cut_offs(provenance: Provenance, tmp_path: Path) -> None:
    repo = _world(tmp_path / "repo")
    file = tmp_path / "lab.toml"
    file.write_text('predates = 2019-07-01\n\n[own]\nfamilies = ["claude"]\npredates = false\n')
    usual = json.loads(provenance("config", repo, "-f", "json").out)
    given = json.loads(provenance("config", repo, "-f", "json", "--config", file).out)

    assert usual["predates"] == {"value": "2021-06-29", "origin": "default"}
    assert usual["own.predates"] == {"value": "first-release", "origin": "default"}
    assert given["predates"] == {"value": "2019-07-01", "origin": "lab.toml"}
    assert given["own.predates"] == {"value": "off", "origin": "lab.toml"}


def test_a_written_model_name_is_resolved(provenance: Provenance, tmp_path: Path) -> None:
    """Harness and model are told apart; a lab's own names count with its configuration."""
    lab = tmp_path / "lab.toml"
    lab.write_text(
        '[[model]]\nmatch = "acme-*"\nvendor = "Acme"\nfamily = "acme"\nmodel = "acme-3"\n'
        'released = "2026-01-31"\n'
    )
    said = provenance("rules", "models", "Claude (glm-4.7)", "tab", "acme-x", "-f", "jsonl",
                      "--config", lab)  # fmt: skip
    glm, tab, acme = (json.loads(line) for line in said.out.splitlines())

    assert (glm["vendor"], glm["model"], glm["released"]) == ("Z.ai", "glm-4.7", "2025-12-22")
    assert (tab["model"], tab["harness"]) == (None, "cursor")
    assert (acme["family"], acme["released"]) == ("acme", "2026-01-31")
    assert "no model (cursor)" in provenance("rules", "models", "tab").out


def test_every_dated_version_is_listed(provenance: Provenance) -> None:
    lines = provenance("rules", "models").out.splitlines()

    assert [line.split()[0] for line in lines] == [date.model for date in packaged().dates]
