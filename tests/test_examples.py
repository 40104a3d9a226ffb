"""The example reports are what the meter writes today; ``python -m worlds.examples`` refreshes."""

from __future__ import annotations

import pytest

from provenance_reports import json_v1
from provenance_reports.document import Document
from worlds import examples

_LARGEST = 1024 * 1024


def _check(name: str, document: Document) -> None:
    for file, text in examples.files(document).items():
        written = (examples.PLACE / name / file).read_text(encoding="utf-8")

        assert written == text, f"{name}/{file} is stale: python -m worlds.examples"


def test_the_demo_example_is_what_the_demo_writes() -> None:
    """Byte by byte, whatever version of git is installed here."""
    kept = examples.stored("demo").measurement.definition

    _check("demo", examples.demo(kept.git_version))


@pytest.mark.parametrize("name", examples.REAL)
def test_a_measured_example_is_rendered_as_today(name: str) -> None:
    """Its numbers are those of its day; its pages are of today."""
    document = examples.stored(name)

    _check(name, document)
    assert document.measurement.repository.name == name
    assert document.measurement.repository.head in document.command


def test_the_examples_stay_small() -> None:
    """Somebody who clones this repository pays for them."""
    every = [path for path in examples.PLACE.rglob("*") if path.is_file()]

    assert {path.name for path in every} <= {*examples.KEPT, *examples.CLAIMS, "README.md"}
    assert sum(path.stat().st_size for path in every) < _LARGEST


@pytest.mark.parametrize("name", sorted(examples.CHECKED))
def test_checked_claims_are_judged_as_today(name: str) -> None:
    """The verdicts follow from the report and the claims beside it."""
    written = (examples.PLACE / name / "check.md").read_text(encoding="utf-8")

    assert written == examples.checked(name), "stale: python -m worlds.examples"


def test_what_plain_ownership_can_say_about_aider() -> None:
    """81 published figures: 23 agree, and the readme says so and why the others do not."""
    text = (examples.PLACE / "README.md").read_text(encoding="utf-8")
    summary = examples.checked("aider")

    assert "81 claims: 81 mixed" in summary
    assert "Reading as-published: 81 not decidable" in summary.replace("&#58;", ":")
    assert "Reading plain-blame: 23 supported, 58 contradicted" in summary.replace("&#58;", ":")
    assert "23 agree" in text


def test_the_report_on_aider_is_rendered_as_today() -> None:
    """Its integers are those of its day."""
    text = (examples.PLACE / "aider" / "report.json").read_text(encoding="utf-8")

    assert json_v1.render(examples.stored("aider")) == text


@pytest.mark.parametrize("name", ["demo", *examples.REAL])
def test_the_readme_says_how_each_was_made(name: str) -> None:
    """The command stands beside the report."""
    text = (examples.PLACE / "README.md").read_text(encoding="utf-8")

    assert f"]({name}/report.md)" in text
    assert examples.stored(name).command.removeprefix("provenance measure") in text
