"""The questions as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.errors import CatalogueError
from provenance.findings.document import findings_markdown
from provenance.findings.find import DETECTORS
from provenance.findings.policies import forbidding_lines, wordings
from provenance.findings.questions import parse_questions, question, questions
from provenance.findings.switches import switches
from provenance.findings.wanted import Sort, sort_of
from provenance.rules.load import load_catalogue

_PAGE = Path(__file__).parents[3] / "docs" / "findings.md"
_ACCUSING = ("fraud", "fake", "forged", "cheat", "hide", "lie ", "manipulat", "suspicious")


def test_page_is_fresh() -> None:
    """If this fails: ``python -m provenance.findings.document > docs/findings.md``."""
    assert _PAGE.read_text(encoding="utf-8") == findings_markdown()


def test_every_question_has_one_detector() -> None:
    assert {one.id for one in questions()} == set(DETECTORS)


@pytest.mark.parametrize("one", questions(), ids=lambda one: one.id)
def test_a_finding_asks_and_does_not_accuse(one: object) -> None:
    """One sentence that ends as a question, without a word of blame or a person's name."""
    asked = question(getattr(one, "id"))  # noqa: B009 - parametrised objects

    assert asked.title.endswith("?")
    assert not any(word in asked.title.lower() for word in _ACCUSING)
    assert len(asked.title) <= 120
    assert asked.definition
    assert asked.base_rate
    assert asked.effect.split(" ")[0] in {"Blocks", "Widens", "Printed:"}
    assert (asked.effect.split(" ")[0], asked.severity) in {
        ("Blocks", "A"),
        ("Widens", "B"),
        ("Printed:", "C"),
    }


def test_rules_named_by_questions_exist() -> None:
    known = {str(rule.id) for rule in load_catalogue().rules}

    assert {rule for one in questions() for rule in one.rules} <= known


def test_only_listed_places_are_cut_and_the_count_is_whole() -> None:
    found = question("backdating").asked(tuple(f"{n:040x}" for n in range(250)), 250)

    assert (len(found.places), found.count) == (100, 250)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"finding": [{"id": "a"}]},
        {"finding": [{**dict.fromkeys(("id", "title", "definition", "base_rate", "effect"), "x"),
                      "severity": "D"}]},
        {"finding": [{**dict.fromkeys(("id", "title", "definition", "base_rate", "effect"), "x"),
                      "severity": "A", "colour": "red"}]},
    ],
)  # fmt: skip
def test_wrong_data_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(CatalogueError):
        parse_questions(values, place="test")


def test_unknown_question_is_refused() -> None:
    with pytest.raises(CatalogueError, match="no finding"):
        question("nothing")


def test_switches_are_sorted_and_their_files_are_read() -> None:
    keys = [(switch.tool, switch.key) for switch in switches()]
    names = [name.removeprefix("**/") for switch in switches() for name in switch.files]

    assert len(set(keys)) == len(keys)
    assert [tool for tool, _ in keys] == sorted(tool for tool, _ in keys)
    assert {sort_of(f"deep/down/{name}") for name in names} == {Sort.SETTINGS}


@pytest.mark.parametrize("wording", wordings(), ids=lambda wording: wording.id)
def test_wordings_find_their_examples_only(wording: object) -> None:
    matches = getattr(wording, "matches")  # noqa: B009 - parametrised objects
    non_matches = getattr(wording, "non_matches")  # noqa: B009 - parametrised objects

    assert [len(forbidding_lines(text)) for text in matches] == [1] * len(matches)
    assert [forbidding_lines(text) for text in non_matches] == [[]] * len(non_matches)
