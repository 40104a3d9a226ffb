"""``stages`` places every file of one revision, with its reasons."""

from __future__ import annotations

import csv
import json
import sys
import tomllib
from pathlib import Path

import pytest

from provenance.stages import syntax
from provenance.stages.facts import file_facts
from provenance.stages.pins import parse_pins
from provenance.stages.repository import repository_facts
from worlds import pipeline
from worlds.commands import Provenance
from worlds.pipeline import Book

KEYS = ["path", "stage", "sub", "facet", "confidence", "second", "evidence"]


def _objects(text: str) -> dict[str, dict]:  # type: ignore[type-arg]
    found = [json.loads(line) for line in text.splitlines()]
    return {item["path"]: item for item in found}


def test_every_file_is_placed(provenance: Provenance, book: Book) -> None:
    """All files of the tree, each facet, in order, with the contract's keys."""
    said = provenance("stages", book.folder, "-f", "jsonl")
    found = _objects(said.out)

    assert said.code == 0
    assert list(found) == sorted(
        {*book.files, "assets/logo.png"}, key=lambda p: p.encode("utf-8", "surrogateescape")
    )
    assert all(list(item) == KEYS for item in found.values())
    assert all(0 <= item["confidence"] <= 1 for item in found.values())
    assert found["train/loop.py"]["stage"] == "training"
    assert found["rewards/math.py"]["stage"] == "rewards_envs"
    assert found["tests/test_harness.py"]["facet"] == "test"
    assert found["README.md"]["facet"] == "docs"


def test_stages_and_measure_tell_the_same(provenance: Provenance, book: Book) -> None:
    """A file has one stage and one facet, whichever command is asked."""
    provenance("measure", book.folder)
    rows = csv.DictReader(Path("provenance-report/files.csv").read_text().splitlines())
    measured = {row["path"]: (row["stage"], row["facet"]) for row in rows}
    found = _objects(provenance("stages", book.folder, "-f", "jsonl").out)

    assert {p: (found[p]["stage"], found[p]["facet"]) for p in measured if p in found} == {
        p: place for p, place in measured.items() if p in found
    }
    assert len(measured) >= 6


def test_an_earlier_revision_is_placed_alone(provenance: Provenance, book: Book) -> None:
    """``--at`` shows the files of that tree only."""
    said = provenance("stages", book.folder, "--at", book.commits[0], "-f", "jsonl")

    assert set(_objects(said.out)) == set(pipeline.STEPS[0].files)


def test_the_reasons_are_shown_on_demand(provenance: Provenance, book: Book) -> None:
    """``--explain`` narrows to a file or folder and shows facet rule, reasons and chances."""
    said = provenance("stages", book.folder, "--explain", "rewards")

    assert said.out.count("rewards/math.py") == 1
    assert "facet by source/ordinary" in said.out
    assert "math_verify" in said.out
    assert "train/loop.py" not in said.out


def test_uncertain_files_can_be_listed(provenance: Provenance, book: Book) -> None:
    """Below one half the choice is a guess, and a lab may want to pin it."""
    everything = _objects(provenance("stages", book.folder, "-f", "jsonl").out)
    uncertain = _objects(provenance("stages", book.folder, "--unclassified", "-f", "jsonl").out)

    assert set(uncertain) == {p for p, item in everything.items() if item["confidence"] < 0.5}


@pytest.mark.parametrize("folder", ["kernels", 'a"b\\c', "caf\udce9", "\x1b[31m\x7f\u202e"])
def test_a_proposed_map_can_be_used_as_it_is(
    provenance: Provenance, tmp_path: Path, folder: str
) -> None:
    """``stages init`` prints TOML; kept as configuration it pins what it proposed."""
    files = {f"{folder}/k{number}.cu": ["__global__ void softmax() {}"] for number in range(4)}
    step = pipeline.Step("unattested", pipeline.ADA, "Start\n", 0, files)
    world = pipeline.build(tmp_path / "kernels", (step,))
    said = provenance("stages", "init", world.folder)
    Path("map.toml").write_text(said.out, encoding="utf-8")
    pinned = _objects(provenance("stages", world.folder, "--config", "map.toml", "-f", "jsonl").out)

    assert said.code == 0
    assert said.out.replace("\n", "").isprintable()
    assert len(parse_pins(tomllib.loads(said.out)["stage"])) == 1
    assert len(pinned) == 4
    assert {item["confidence"] for item in pinned.values()} == {1.0}
    assert all(item["evidence"][0].startswith("pinned by ") for item in pinned.values())


def test_json_is_one_list(provenance: Provenance, book: Book) -> None:
    """The same objects, for readers of one document."""
    lines = provenance("stages", book.folder, "-f", "jsonl").out
    whole = provenance("stages", book.folder, "-f", "json").out

    assert json.loads(whole) == [json.loads(line) for line in lines.splitlines()]


@pytest.mark.parametrize("words", [["a", "b"], ["init", "a", "b"], ["--explain", "nowhere"]])
def test_wrong_words_are_usage_errors(provenance: Provenance, book: Book, words: list[str]) -> None:
    """At most one repository, and only paths that are there."""
    said = provenance("stages", *words, *(["--repo", str(book.folder)] if len(words) == 2 else []))

    assert said.code == 2


def test_a_file_whose_content_is_missing_is_placed_by_its_path(
    provenance: Provenance, tmp_path: Path
) -> None:
    """A partial clone still lists every file, and says how many it could not read."""
    world = pipeline.build(tmp_path / "world")
    pipeline.git(world.folder, "config", "uploadpack.allowFilter", "true")
    pipeline.git(
        tmp_path, "clone", "-q", "--bare", "--filter=blob:none", f"file://{world.folder}", "partial"
    )
    said = provenance("stages", tmp_path / "partial", "-f", "jsonl")

    assert said.code == 0
    assert set(_objects(said.out)) == {*world.files, "assets/logo.png"}
    assert "9 files are missing" in said.err


def test_a_package_that_is_gone_says_nothing() -> None:
    """The stage of a living file does not hang on what was deleted, so both commands agree."""
    living = [file_facts("core/loop.py", b"import torch\n")]
    gone = [file_facts("legacy/loop.py", None), file_facts("old/__init__.py", None)]
    alone = repository_facts("x", None, {}, living)
    with_gone = repository_facts("x", None, {}, [*living, *gone])

    assert alone == with_gone


def test_an_absent_grammar_is_told_with_its_cure(
    provenance: Provenance, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads the list learns which files were placed without reading their imports."""
    monkeypatch.setitem(sys.modules, "tree_sitter_python", None)
    syntax.forget_grammars()
    said = provenance("stages", book.folder, "--explain", "rewards/math.py")
    syntax.forget_grammars()

    assert said.code == 0
    assert "no grammar for python" in said.err
    assert "install tree-sitter-python" in said.err
    assert "imports and names not read: no grammar for python" in said.out


def test_a_product_is_said_to_be_no_pipeline(
    provenance: Provenance, book: Book, tmp_path: Path
) -> None:
    """A SQL tool has no stages of model making, and the list says so once."""
    files = {
        "README.md": ["# tablet", "", "A command line tool for SQL databases."],
        "tablet/query.py": ["import sqlite3", "def run(sql): return sqlite3.connect(sql)"],
        "tablet/export.py": ["import csv", "def export(rows): return csv.writer(rows)"],
    }
    step = pipeline.Step("unattested", pipeline.ADA, "Start\n", 0, files)
    world = pipeline.build(tmp_path / "tablet", (step,))

    assert "no model pipeline" in provenance("stages", world.folder).err
    assert "no model pipeline" not in provenance("stages", book.folder).err
