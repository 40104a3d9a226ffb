"""``compare`` on an invented history: each cause is made alone and must be found alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provenance.demo.build import Book, build
from provenance.demo.files import CONFIG
from worlds.commands import Provenance

Report = Callable[..., Path]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Return the demo's history."""
    return build(tmp_path_factory.mktemp("story"))


@pytest.fixture
def report(provenance: Provenance, story: Book) -> Report:
    """Return a measurer; ``extra`` lines of configuration, ``without`` one of its agents."""

    def make(name: str, *words: str, extra: str = "", without: str = "") -> Path:
        text = "\n".join(CONFIG).replace(f'emails = ["{without}@', 'emails = ["nobody@')
        Path(f"{name}.toml").write_text(f"{text}\n{extra}\n")
        config = ("--config", f"{name}.toml") if extra or without else ()
        assert provenance("measure", story.folder, "-o", name, "-q", *config, *words).code == 0
        return Path(name) / "report.json"

    return make


def told(provenance: Provenance, before: Path, after: Path) -> dict[str, Any]:
    said = provenance("compare", before, after, "-f", "json")
    assert said.code == 0
    found: dict[str, Any] = json.loads(said.out)
    return found


def moved(comparison: dict[str, Any]) -> dict[str, int]:
    """Return lines moved per cause, without those that moved none."""
    return {
        cause["cause"]: sum(map(abs, cause["counts"].values()))
        for cause in comparison["causes"]
        if any(cause["counts"].values())
    }


def test_new_code_alone(provenance: Provenance, report: Report) -> None:
    """The head of the first report is a release of the second."""
    found = told(provenance, report("old", "--at", "v0.4.0"), report("new"))

    assert list(moved(found)) == ["new code"]
    assert found["definition"] == []
    assert found["anchor"] == found["before"]["head"]
    assert all(stage["reclassified"] == 0 for stage in found["stages"])


def test_new_code_between_two_points_of_nobody(provenance: Provenance, report: Report) -> None:
    """Where the first head is no point of the second, an earlier month serves."""
    found = told(provenance, report("old", "--at", "HEAD~1"), report("new"))

    assert list(moved(found)) == ["new code"]
    assert found["anchor"] not in {None, found["before"]["head"]}


def test_other_marks_alone(provenance: Provenance, report: Report) -> None:
    """An agent that one configuration does not know: its lines change sides, none is new."""
    found = told(provenance, report("old", without="lark-2"), report("new"))
    cause = next(c for c in found["causes"] if c["cause"] == "re-marking")

    assert list(moved(found)) == ["re-marking"]
    assert cause["counts"]["unattested"] < 0 < cause["counts"]["ai"]
    assert sum(cause["counts"].values()) == 0
    assert cause["after"]["ceiling"] == cause["before"]["ceiling"]


def test_other_files_alone(provenance: Provenance, report: Report) -> None:
    """A folder that one configuration leaves out."""
    found = told(provenance, report("old"), report("new", extra='[scope]\nexclude = ["evals/**"]'))
    cause = next(c for c in found["causes"] if c["cause"] == "re-classification")
    stages = {line["stage"]: line["reclassified"] for line in found["stages"]}

    assert list(moved(found)) == ["re-classification"]
    assert sum(cause["counts"].values()) == stages.pop("evaluation") < 0
    assert set(stages.values()) == {0}


def test_other_stages_move_no_figure(provenance: Provenance, report: Report) -> None:
    """A pin moves lines from one stage to another, and only there."""
    pin = '[[stage]]\nglob = "safety/**"\nstage = "serving"'
    found = told(provenance, report("old"), report("new", extra=pin))
    stages = {s["stage"]: s["reclassified"] for s in found["stages"] if s["reclassified"]}

    assert moved(found) == {}
    assert set(stages) == {"safety", "serving"}
    assert sum(stages.values()) == 0


def test_two_causes_at_one_commit_are_told_apart_file_by_file(
    provenance: Provenance, report: Report
) -> None:
    """Other marks and other files together, each with its own lines."""
    exclude = '[scope]\nexclude = ["evals/**"]'
    old, new = report("old"), report("new", extra=exclude, without="lark-2")
    only_files = moved(told(provenance, old, report("files", extra=exclude)))
    both = moved(told(provenance, old, new))

    assert set(both) == {"re-classification", "re-marking"}
    assert sum(only_files.values()) > 0


def test_other_marks_and_new_code_are_told_apart(provenance: Provenance, report: Report) -> None:
    """The second report measures the first one's commit again."""
    old = report("old", "--at", "v0.5.0", without="lark-2")
    found = told(provenance, old, report("new"))
    again = told(provenance, old, report("again", "--at", "v0.5.0"))

    assert list(moved(found)) == ["re-marking", "new code"]
    assert found["causes"][0]["counts"] == again["causes"][1]["counts"]


def test_another_lens_is_inconclusive(provenance: Provenance, report: Report) -> None:
    """It is said, nothing is subtracted, and a script can tell."""
    old, new = report("old"), report("new", "--lens", "ignore-whitespace")
    said = provenance("compare", old, new)

    assert said.code == 3
    assert "Definition: lens was plain, is ignore-whitespace" in said.out
    assert "%" not in said.out
    assert "hint: measure both commits with the same unit, lens and facets" in said.err


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_forms_for_people(
    provenance: Provenance, report: Report, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Definition first, then causes; no git is needed; a file gets the same."""
    old, new = report("old", "--at", "v0.4.0"), report("new")
    monkeypatch.setenv("PATH", "")
    said = provenance("compare", old, new, "-f", form)
    written = provenance("compare", old, new, "-f", form, "-o", "moves.out")

    assert (said.code, written.out) == (0, "")
    assert Path("moves.out").read_text() == said.out
    assert said.out.index("the same") < said.out.index("new code")
    assert "+21.1" in said.out
