"""``recount`` end to end: a right report, a wrong one, and everything between."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from worlds.commands import Provenance
from worlds.pipeline import Book
from worlds.world import World, numbered

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def report(provenance: Provenance, book: Book) -> Callable[..., str]:
    """Return a measurer in lines that can change a word of what it wrote."""

    def make(*words: str, change: Change = lambda _: None) -> str:
        said = provenance("measure", book.folder, "-q", "-o", "out", *(words or ("--unit", "line")))
        assert said.code == 0, said.err
        path = Path("out/report.json")
        found = json.loads(path.read_text())
        change(found)
        path.write_text(json.dumps(found))
        return str(path)

    return make


def test_a_right_report_agrees(
    provenance: Provenance, book: Book, report: Callable[..., str]
) -> None:
    """Stage by stage and line by line; data on stdout, steps on stderr."""
    runs = provenance("blame", "--all", "-f", "jsonl", "--repo", book.folder, "-q").out

    said = provenance("recount", report(), "--lines", "-", "--repo", book.folder, stdin=runs)

    assert said.code == 0, said.out
    assert "DIFFERS" not in said.out
    assert "lines one by one" in said.out
    assert "everything" in said.out
    assert "asking git blame" in said.err


def _one_more(found: dict[str, Any]) -> None:
    file = found["files"][0]
    file["counts"]["human"] += 3


def test_a_wrong_figure_ends_in_a_mismatch(
    provenance: Provenance, book: Book, report: Callable[..., str]
) -> None:
    """Exit code 4, the file and the author type named; a tolerance lets it pass."""
    path = report(change=_one_more)
    name = json.loads(Path(path).read_text())["files"][0]["path"]

    strict = provenance("recount", path, "--repo", book.folder)
    within = provenance("recount", path, "--repo", book.folder, "--tolerance", "2")

    assert strict.code == within.code == 4  # the stage is not the sum of its files any more
    assert f"{name}: human 0 here, 3 in the report" in strict.out
    assert "DIFFERS: up to 3 lines apart, 0 are tolerated" in strict.out


_ESCAPE = "\x1b[31mred"


def _hostile(found: dict[str, Any]) -> None:
    found["repository"]["head_date"] = _ESCAPE
    found["files"][0].update(path=_ESCAPE)
    figures = found["stock"][-1]["by_stage"]
    figures[_ESCAPE] = figures.pop(next(iter(figures)))
    found["flow"][-1].update({"from": _ESCAPE})


def test_a_hostile_report_reaches_no_terminal(
    provenance: Provenance, book: Book, report: Callable[..., str]
) -> None:
    """Control characters of a report and of runs are spelled out."""
    run = {"path": _ESCAPE, "start": 1, "lines": 1, "commit": _ESCAPE, "author_type": "ai"}
    path = report(change=_hostile)

    said = provenance("recount", path, "--lines", "-", "--repo", book.folder, stdin=json.dumps(run))

    assert said.code == 4
    assert "\x1b" not in said.out + said.err
    assert "red" in said.out


def _everything(found: dict[str, Any]) -> None:
    found["everything"]["unattested"] += 3


@pytest.mark.parametrize(("tolerance", "code"), [("2", 4), ("3", 0)])
def test_the_tolerance_is_a_number_of_lines(
    provenance: Provenance, book: Book, report: Callable[..., str], tolerance: str, code: int
) -> None:
    """Declared by whoever asks, none by default."""
    path = report(change=_everything)

    assert provenance("recount", path, "--repo", book.folder, "--tolerance", tolerance).code == code


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--every", "release"), "not compared: exact figures by stage"),
        (("--unit", "character"), "the report counts characters"),
    ],
)
def test_other_units_are_compared_as_far_as_lines_can_say(
    provenance: Provenance, book: Book, report: Callable[..., str], words: tuple[str, ...], why: str
) -> None:
    """The default unit as an upper bound; what cannot be compared is said."""
    said = provenance("recount", report(*words), "--repo", book.folder)

    assert said.code == 0, said.out
    assert why in said.out
    assert "everything" in said.out


def test_other_flags_show_how_far_the_definition_moves_the_figure(
    provenance: Provenance, book: Book, report: Callable[..., str]
) -> None:
    """The lens of the report decides unless told otherwise."""
    lens = report("--unit", "line", "--lens", "ignore-whitespace")

    assert provenance("recount", lens, "--repo", book.folder).code == 0
    assert provenance("recount", lens, "--repo", book.folder, "--blame=-w").code == 0
    refused = provenance("recount", lens, "--repo", book.folder, "--blame=-w --contents=x")
    assert refused.code == 2
    assert "no flag" in refused.err


def test_a_sample_is_the_same_for_the_same_seed(
    provenance: Provenance, book: Book, report: Callable[..., str]
) -> None:
    """And another for another one."""

    def drawn(seed: str) -> set[str]:
        words = ("--sample", "4", "--seed", seed, "-f", "json", "--repo", str(book.folder))
        said = provenance("recount", report(), *words)
        found = json.loads(said.out)
        assert said.code == 0
        assert found["sampled"]
        return set(found["files"])

    assert len(drawn("1")) == 4
    assert drawn("1") == drawn("1")
    assert len({frozenset(drawn(str(seed))) for seed in range(4)}) > 1


def test_without_a_report_it_only_counts(provenance: Provenance, book: Book) -> None:
    """The own figures, in words and as data."""
    said = provenance("recount", "--repo", book.folder)
    found = json.loads(provenance("recount", "--repo", book.folder, "-f", "json").out)

    assert said.code == 0
    assert "files with lines" in said.out
    assert found["agrees"]
    assert found["facts"] == found["stages"] == found["lines"] == []
    assert sum(found["commits"].values()) > 0


def test_a_file_that_cannot_be_counted_is_inconclusive(
    provenance: Provenance, tmp_path: Path
) -> None:
    """Named with git's own last word; never left out in silence."""
    world = World(tmp_path / "world", loose=True)
    first = world.commit(edit={"d/a.py": "".join(numbered(3)), "b.py": "1\n"})
    world.commit(first, edit={"d/a.py": "".join(numbered(4)), "b.py": "2\n"})
    built = world.build()
    oid = built.git("rev-parse", f"{built.ids[0]}:d").decode().strip()
    (built.git_dir / "objects" / oid[:2] / oid[2:]).unlink()

    said = provenance("recount", "--repo", built.path)
    found = json.loads(provenance("recount", "--repo", built.path, "-f", "json").out)

    assert said.code == 3
    assert "not counted again: d/a.py: " in said.out
    assert [item["path"] for item in found["uncounted"]] == ["d/a.py"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("missing.json",), "cannot read missing.json"),
        (("-", "--lines", "-"), "stdin cannot be both"),
        (("--definition", "missing"), "no definition"),
        (("--definition", "missing.toml"), "cannot read missing.toml"),
        (("--definition", "aider-published", "--blame=-w"), "brings its own"),
        (("--at", "missing"), "no commit named"),
        (("--ignore-revs-file", "missing"), "cannot read missing"),
        (("--config", "missing"), "cannot read missing"),
    ],
)
def test_wrong_words_are_refused(
    provenance: Provenance, book: Book, words: tuple[str, ...], why: str
) -> None:
    """Exit code 2 with what to do; nothing is counted."""
    said = provenance("recount", "--repo", book.folder, *words)

    assert said.code == 2
    assert why in said.err
    assert "hint:" in said.err
    assert said.out == ""


def test_a_published_definition_without_its_figures_is_inconclusive(
    provenance: Provenance, book: Book
) -> None:
    """Most repositories publish nothing of the kind."""
    said = provenance("recount", "--definition", "aider-published", "--repo", book.folder)

    assert said.code == 3
    assert "is not in the tree" in said.err


_DEFINITION = """
id = "small"
title = "Small"
blame = "-M"
keep = ['[.]py$']
drop = []
[ai]
author = 'tool'
[figures]
path = "figures.yml"
start = "from"
end = "to"
ai = "ours"
whole = "all"
"""


@pytest.mark.parametrize(("ours", "code", "said"), [(2, 0, "1 of 1"), (1, 4, "0 of 1")])
def test_published_figures_are_held_against_a_count(
    provenance: Provenance, tmp_path: Path, ours: int, code: int, said: str
) -> None:
    """Exact or not, release by release."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a.py": "1\n"})
    world.ref("refs/tags/v1", first)
    figures = f"- from: v1\n  to: v2\n  ours: {ours}\n  all: 2\n"
    second = world.commit(
        first, edit={"a.py": "1\n2\n3\n", "figures.yml": figures}, author="tool <t@x>"
    )
    world.ref("refs/tags/v2", second)
    built = world.build()
    Path("small.toml").write_text(_DEFINITION)
    words = ("recount", "--definition", "small.toml", "--repo", built.path)

    text = provenance(*words)
    found = json.loads(provenance(*words, "-f", "json").out)

    assert text.code == code
    assert f"{said} published figures exact" in text.out
    assert found["releases"][0]["recounted"] == {"ai": 2, "whole": 2}
    assert found["agrees"] is (code == 0)
