"""Attribution runs: the rows at the head are what blame says, and add up to the report."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from provenance.ledger.exported import exported_rows
from provenance.ledger.questions import flaws
from provenance.ledger.read import open_run
from provenance.ledger.schema import RUNS
from provenance.meter.headruns import head_runs
from provenance.meter.measure import measure
from provenance.meter.run import Run
from provenance.meter.settings import Options
from provenance.metrics.measurement import Measurement
from provenance.ownership.births import UNKNOWN
from provenance.ownership.tree import Version
from provenance.terms.authors import UNATTESTED, AuthorType
from provenance.terms.counts import Counts
from provenance.terms.stages import Facet
from worlds import pipeline
from worlds.marked import history
from worlds.world import World

Row = dict[str, Any]
_NAMES = [column.name for column in RUNS.columns]


def _rows(run: Run) -> list[Row]:
    assert run.folder is not None
    stored = exported_rows(run.folder / "runs.parquet", "runs")
    return [dict(zip(_NAMES, row, strict=True)) for row in stored]


def _counted(rows: list[Row], unit: str) -> Counts:
    column = {"line": "counted", "code_line": "code_lines", "character": "characters"}[unit]
    found: Counter[str] = Counter()
    for row in rows:
        found[row["author_type"]] += row[column]
    return Counts(**found)


def _adds_up(rows: list[Row], measured: Measurement) -> None:
    """Hold every figure at the head against the rows."""
    unit, facets = measured.definition.unit, measured.definition.facets
    inside = [row for row in rows if row["facet"] in facets]
    head = measured.head

    assert _counted(inside, unit) == head.counts
    assert _counted([r for r in rows if r["facet"] == "test"], unit) == head.tests
    assert _counted(rows, "line") == measured.everything
    for stage, figures in head.by_stage.items():
        assert _counted([r for r in inside if r["stage"] == stage], unit) == figures.counts
    for file in measured.files:
        mine = [row for row in rows if row["path"] == file.path]
        assert _counted(mine, unit) == file.counts
        assert sum(row["counted"] for row in mine) == file.lines
    for rule in measured.exclusions:
        assert rule.lines <= sum(r["counted"] for r in rows if r["facet"] == rule.facet)
    for generation in measured.generations:
        made = [
            row for row in inside
            if (row["vendor"], row["family"], row["model"])
            == (generation.vendor, generation.family, generation.model)
        ]  # fmt: skip
        assert _counted(made, unit).ai == generation.ai
        assert _counted(made, unit).assisted == generation.assisted


@pytest.mark.parametrize("unit", ["line", "code_line", "character"])
@pytest.mark.parametrize("seed", range(3))
def test_the_rows_add_up_to_the_report(tmp_path: Path, seed: int, unit: str) -> None:
    """Every unit, random histories with merges, renames and marks."""
    run = measure(history(tmp_path / "w", seed).path, Options(unit=unit), cache=tmp_path / "cache")

    _adds_up(_rows(run), run.measurement)


@pytest.mark.parametrize("seed", range(3))
def test_the_rows_are_git_blame_run_by_run(tmp_path: Path, seed: int) -> None:
    """Start, lines and commit of every run of every file."""
    built = history(tmp_path / "w", seed)
    run = measure(built.path, Options(), cache=tmp_path / "cache")
    found = sorted((r["path"], r["start"], r["lines"], r["commit"]) for r in _rows(run))
    expected = []
    for path in built.git("ls-tree", "-r", "--name-only", "HEAD").decode().splitlines():
        blamed = built.git("blame", "-s", "-l", "--root", "HEAD", "--", path).decode()
        start = 1
        for commit, group in itertools.groupby(line[:40] for line in blamed.splitlines()):
            size = len(list(group))
            expected.append((path, start, size, commit))
            start += size

    assert found == sorted(expected)


def test_rows_of_a_run_that_was_gone_on_with_are_those_of_a_fresh_one(tmp_path: Path) -> None:
    """A cache changes nothing in the evidence."""
    built = history(tmp_path / "w", 5, commits=30)
    cache = tmp_path / "cache"
    measure(built.path, Options(at="HEAD~3"), cache=cache)
    again = measure(built.path, Options(), cache=cache)
    fresh = measure(built.path, Options(), cache=tmp_path / "other")

    assert _rows(again) == _rows(fresh)


def test_the_stored_run_finds_rows_that_do_not_add_up(tmp_path: Path) -> None:
    """The ledger's own questions hold rows against ownership."""
    run = measure(history(tmp_path / "w", 1).path, Options(), cache=tmp_path / "cache")
    assert run.folder is not None

    with open_run(run.folder) as stored:
        assert flaws(stored) == {}


def test_lines_of_unknown_origin_are_rows_of_nobody(tmp_path: Path) -> None:
    """What a clone cannot tell is unattested, of commit ``unknown``, and still adds up."""
    world = World(tmp_path / "w", loose=True)
    first = world.commit(edit={"train/a.py": "x = 1\ny = 2\n"})
    second = world.commit(first, edit={"train/a.py": "x = 1\ny = 3\nz = 4\n"})
    world.commit(second, edit={"train/a.py": "x = 1\ny = 3\nz = 4\nw = 5\n"})
    built = world.build()
    lost = built.git("rev-parse", f"{built.ids[1]}:train/a.py").decode().strip()
    (built.git_dir / "objects" / lost[:2] / lost[2:]).unlink()
    run = measure(built.path, Options(), cache=tmp_path / "cache")
    rows = _rows(run)

    assert "unknown" in {row["commit"] for row in rows}
    assert {r["author_type"] for r in rows if r["commit"] == "unknown"} == {"unattested"}
    _adds_up(rows, run.measurement)


def test_notebooks_and_files_outside_the_denominator_have_rows(tmp_path: Path) -> None:
    """Docs count as lines only; of a notebook only cell source counts."""
    notebook = (
        '{\n "cells": [\n  {\n   "cell_type": "code",\n   "source": [\n    "x = 1\\n",\n'
        '    "# note"\n   ]\n  }\n ],\n "nbformat": 4,\n "metadata": {}\n}\n'
    )
    world = World(tmp_path / "w")
    world.commit(edit={"a.ipynb": notebook, "README.md": "one\ntwo\n", "train.py": "x = 1\n"})
    run = measure(world.build().path, Options(), cache=tmp_path / "cache")
    rows = {row["path"]: row for row in _rows(run)}

    assert rows["README.md"]["facet"] == Facet.DOCS
    assert (rows["README.md"]["counted"], rows["README.md"]["code_lines"]) == (2, 0)
    assert rows["a.ipynb"]["lines"] == 13
    assert rows["a.ipynb"]["counted"] < 13
    assert rows["a.ipynb"]["code_lines"] == 1
    _adds_up(list(rows.values()), run.measurement)


def test_a_file_that_says_it_was_generated_counts_as_lines_only(tmp_path: Path) -> None:
    """It is read as configuration, and left out for what it says at its top."""
    made = "# This file was autogenerated by uv via the following command:\nnumpy==2.0\n"
    world = World(tmp_path / "w")
    world.commit(edit={"requirements.txt": made, "train.py": "x = 1\n"})
    run = measure(world.build().path, Options(), cache=tmp_path / "cache")
    (row,) = (row for row in _rows(run) if row["path"] == "requirements.txt")

    assert row["facet"] == Facet.GENERATED
    assert (row["counted"], row["code_lines"], row["characters"]) == (2, 0, 0)
    assert run.folder is not None
    with open_run(run.folder) as stored:
        assert flaws(stored) == {}


def test_a_change_of_decision_within_a_commit_parts_its_lines() -> None:
    """Lines of one commit that different evidence decided are different rows."""
    lines = np.arange(6, dtype=np.uint32)
    commits = np.array([0, 0, 0, 1, 1, UNKNOWN], dtype=np.uint32)
    decided = np.array([0, 0, 2, 1, 1, 1], dtype=np.uint32)
    found = head_runs(
        {"a": Version(b"", lines.tobytes()), "empty": Version(b"", b"")},
        commit_of_line=commits,
        decision_of_line=decided,
        decisions=[UNATTESTED] * 3,
        scans={},
    )

    assert found.start.tolist() == [1, 3, 4, 6]
    assert found.lines.tolist() == [2, 1, 2, 1]
    assert found.commit.tolist() == [0, 0, 1, UNKNOWN]
    assert found.decision.tolist() == [0, 2, 1, -1]


def test_a_head_without_text_has_no_rows(tmp_path: Path) -> None:
    """Only a picture: no row, no error."""
    world = World(tmp_path / "w")
    world.commit(edit={"logo.png": b"\x89PNG\0\0"})
    run = measure(world.build().path, Options(), cache=tmp_path / "cache")

    assert _rows(run) == []


def test_undecodable_paths_come_back_as_they_were(tmp_path: Path) -> None:
    """From git through Parquet and back, stray bytes and all."""
    book = pipeline.build(tmp_path / "trainwright")
    run = measure(book.folder, Options(), cache=tmp_path / "cache")
    rows = _rows(run)

    assert {row["path"] for row in rows} == set(book.files)
    for path in book.files:
        mine = [
            (r["start"], r["lines"], r["commit"], r["author_type"])
            for r in rows
            if r["path"] == path
        ]
        assert mine == book.runs(path)
    assert {row["author_type"] for row in rows} <= set(AuthorType)
