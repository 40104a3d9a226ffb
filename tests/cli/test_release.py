"""``release``: the files of a release page, and the history behind earlier reports."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from worlds import pipeline
from worlds.commands import Provenance

_FILES = {
    "badge.json", "badge.svg", "evidence", "files.csv", "flow.csv", "release.md", "report.html",
    "report.json", "report.md", "records.csv", "replacements.csv", "stock.csv",
}  # fmt: skip


@pytest.fixture
def lab(tmp_path: Path) -> pipeline.Book:
    """Return a pipeline that a test may rewrite."""
    return pipeline.build(tmp_path / "lab" / "trainwright")


def _findings(folder: str) -> list[tuple[str, str, int]]:
    report = json.loads(Path(folder, "report.json").read_text())
    return [
        (f["id"], f["severity"], f["count"])
        for f in report["findings"]
        if f["id"].startswith("continuity")
    ]


def test_a_release_page_is_written(provenance: Provenance, lab: pipeline.Book) -> None:
    """Report, tables, badge with the interval, and a summary that says what was added."""
    said = provenance("release", "v0.2.0", "--repo", lab.folder, "-o", "out", "-q")
    page = Path("out/release.md").read_text()
    badge = json.loads(Path("out/badge.json").read_text())

    assert said.code == 0
    assert {path.name for path in Path("out").iterdir()} == _FILES
    assert "## v0.2.0: how much of the live code AI wrote" in page
    assert "Added since v0.1.0: 28 code lines. AI-written: at least" in page
    assert "To redo: provenance release v0.2.0" in page
    assert (badge["label"], badge["message"]) == ("AI", "17–99 %")
    assert "out/report.html" in said.out


def test_the_report_fits_its_schema_and_remembers_the_tags(
    provenance: Provenance, lab: pipeline.Book
) -> None:
    """Tags with the commits they lead to, so that a later report can be held against them."""
    provenance("release", "v0.1.0", "--repo", lab.folder, "-o", "out")
    report = json.loads(Path("out/report.json").read_text())
    place = files("provenance_reports").joinpath("schema/provenance-report-1.schema.json")
    schema = Draft202012Validator(json.loads(place.read_text()))

    assert list(schema.iter_errors(report)) == []
    assert report["repository"]["tags"] == [
        ["v0.1.0", lab.commits[3]], ["v0.2.0", lab.commits[6]],
    ]  # fmt: skip
    assert report["repository"]["head"] == lab.commits[3]


def test_history_that_grew_keeps_earlier_reports(
    provenance: Provenance, lab: pipeline.Book
) -> None:
    provenance("release", "v0.1.0", "--repo", lab.folder, "-o", "old")
    said = provenance(
        "release", "v0.2.0", "--repo", lab.folder, "-o", "new", "--previous", "old/report.json",
        "-f", "markdown",
    )  # fmt: skip

    assert said.code == 0
    assert "Continuity: all" in said.out
    assert f"2 tags named by the report at {lab.commits[3][:12]} are still there." in said.out
    assert _findings("new") == []


def test_an_older_line_of_development_is_told_from_a_rewritten_one(
    provenance: Provenance, lab: pipeline.Book
) -> None:
    """A later report names commits that this tag does not reach, but another ref does."""
    provenance("release", "v0.2.0", "--repo", lab.folder, "-o", "new")
    said = provenance(
        "release", "v0.1.0", "--repo", lab.folder, "-o", "old", "--previous", "new/report.json"
    )
    ((id_, severity, _),) = _findings("old")

    assert said.code == 0
    assert (id_, severity) == ("continuity-commits-elsewhere", "C")


def test_a_rewritten_history_is_a_finding_and_exit_code_4(
    provenance: Provenance, lab: pipeline.Book
) -> None:
    """The files are written with the findings in them, and nobody can miss it."""
    provenance("release", "v0.2.0", "--repo", lab.folder, "-o", "old")
    for words in (
        ("update-ref", "refs/heads/main", lab.commits[4]),
        ("tag", "-f", "v0.2.0", lab.commits[4]),
        ("tag", "-d", "v0.1.0"),
    ):
        pipeline.git(lab.folder, *words)
    said = provenance(
        "release", "v0.2.0", "--repo", lab.folder, "-o", "new", "--previous", "old/report.json"
    )
    found = _findings("new")

    assert said.code == 4
    assert "history that an earlier report saw is no more" in said.err
    assert [(id_, severity) for id_, severity, _ in found] == [
        ("continuity-commits-gone", "A"),
        ("continuity-tags-gone", "A"),
        ("continuity-tags-moved", "A"),
    ]
    assert "Continuity: BROKEN" in Path("new/release.md").read_text()
    blocked = provenance("gate", "new/report.json", "--no-config", "--min", "coverage=1%")
    assert blocked.code == 3


def test_every_earlier_report_is_held_against_the_history(
    provenance: Provenance, lab: pipeline.Book
) -> None:
    provenance("release", "v0.1.0", "--repo", lab.folder, "-o", "one")
    provenance("release", "v0.2.0", "--repo", lab.folder, "-o", "two")
    said = provenance(
        "release", "v0.2.0", "--repo", lab.folder, "-o", "three", "-f", "markdown",
        "--previous", "one/report.json", "--previous", "two/report.json",
    )  # fmt: skip
    heads = ", ".join(sorted((lab.commits[3][:12], lab.commits[6][:12])))

    assert f"named by the report at {heads} are still there" in said.out


@pytest.mark.parametrize("name", ["v9", "main", "HEAD", "--x", "v0.1.0^"])
def test_what_is_no_tag_is_a_usage_error(
    provenance: Provenance, lab: pipeline.Book, name: str
) -> None:
    """A branch moves: a release page of one would not stay true."""
    said = provenance("release", "--repo", lab.folder, "--", name)

    assert said.code == 2
    assert "no tag named" in said.err
    assert "git fetch --tags" in said.err
    assert not Path("provenance-release").exists()


def test_a_wrong_earlier_report_is_a_usage_error(
    provenance: Provenance, lab: pipeline.Book
) -> None:
    Path("no.json").write_text("{}")
    for name in ("absent.json", "no.json"):
        said = provenance("release", "v0.1.0", "--repo", lab.folder, "--previous", name)

        assert said.code == 2


def test_two_runs_give_equal_bytes(provenance: Provenance, lab: pipeline.Book) -> None:
    for folder in ("one", "two"):
        provenance("release", "v0.2.0", "--repo", lab.folder, "-o", folder)
    one, two = (
        {p.name: p.read_bytes() for p in Path(folder).iterdir() if p.is_file()}
        for folder in ("one", "two")
    )

    assert one == two


def test_a_hostile_tag_is_shown_as_text(provenance: Provenance, lab: pipeline.Book) -> None:
    name = "v1.0<b>`x`|@me"
    pipeline.git(lab.folder, "tag", name, lab.commits[3])
    said = provenance("release", name, "--repo", lab.folder, "-o", "out", "-f", "markdown")

    assert said.code == 0
    assert "<b>" not in said.out
    assert "`" not in said.out
    assert "@me" not in said.out
