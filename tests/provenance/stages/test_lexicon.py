"""The catalogue is sorted, known in full, and named by a digest."""

from __future__ import annotations

import re
import time
from importlib.resources import files

import pytest

from provenance.stages.lexicon import TABLES, digest, lexicon
from provenance.terms.stages import Stage

CATALOGUE = files("provenance.stages") / "catalogue"
HOSTILE = ["a/" * 400, "_" * 3000, "bbq" * 900, "." * 3000, "requirements" * 200]


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_sorted_and_say_nothing_twice(name: str) -> None:
    """A table can be read and changed line by line."""
    lines = (CATALOGUE / name).read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]

    assert rows == sorted(rows)
    assert len(set(lines)) == len(lines)


def test_every_table_and_weight_is_in_the_digest() -> None:
    """Same repository and same digest means same figures."""
    found = {item.name for item in CATALOGUE.iterdir() if item.name.endswith((".tsv", ".json"))}

    assert found == {*TABLES, "weights.json"}
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", digest())


def test_every_stage_has_words() -> None:
    """No stage can be reached by bias alone."""
    named = {column for weights in lexicon().keywords.values() for column, _ in weights}

    assert len(named) == len(Stage)


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path[:12])
def test_path_rules_answer_in_time(path: str) -> None:
    """No path makes a pattern search without end."""
    started = time.process_time()
    for rule in lexicon().rules:
        rule.pattern.search(path)

    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (".github/workflows/a.yml", "ci"),
        (".gitlab-ci.yml", "ci"),
        ("pyproject.toml", "build-manifest"),
        ("a/b/Cargo.toml", "build-manifest"),
        ("uv.lock", "lock-file"),
        ("LICENSE", "governance"),
        ("CONTRIBUTING.md", "governance"),
        ("AGENTS.md", "agent-instructions"),
        (".claude/skills/x/SKILL.md", "agent-instructions"),
        ("docker/Dockerfile.gpu", "container-image"),
        ("requirements/dev.txt", "requirements"),
        ("Makefile", "build-script"),
        ("ui/vite.config.ts", "frontend-tooling"),
        ("tasks/wmdp/wmdp.yaml", "safety-benchmark"),
        ("CHANGELOG.md", "release-notes"),
        ("src/model.py", None),
        ("src/license_plate_model.py", None),
        ("data/finetuning/tasks.py", None),
        ("src/requirements_parser.py", None),
    ],
)
def test_path_rules(path: str, rule: str | None) -> None:
    """Rules decide alone, so each is shown where it decides and where it does not."""
    found = next((item.id for item in lexicon().rules if item.pattern.search(path)), None)

    assert found == rule
