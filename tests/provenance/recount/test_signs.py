"""The own reading of the rules: against judged commits, every rule's examples, and the engine."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution.weigh import weigh as weigh_there
from provenance.errors import CatalogueError
from provenance.recount.signs import Searcher, co_authors, read_rules
from provenance.recount.weigh import weigh
from provenance.rules.load import load_catalogue
from provenance.rules.match import match
from provenance.rules.own import parse_additions
from provenance.terms.commits import Commit, CommitId, Identity

_DATA = Path(__file__).parents[2] / "data" / "rules" / "traps.toml"
_TRAPS: list[dict[str, Any]] = tomllib.loads(_DATA.read_text(encoding="utf-8"))["case"]
_CATALOGUE = resources.files("provenance") / "rules" / "catalogue"
_RULES = [
    tomllib.loads(file.read_text(encoding="utf-8"))
    for folder in ("agents", "bots")
    for file in (_CATALOGUE / folder).iterdir()
    if file.name.endswith(".toml")
]
_SEARCH = Searcher(read_rules())
_OWN = """
[[agent]]
id = "codex-inside"
names = ["Inner Codex*"]
emails = ["codex@inside.example"]
[[bot]]
id = "mirror"
emails = ["mirror+?@inside.example"]
[[identity]]
names = ["svc-train"]
is = "agent"
agent = "trainer"
[[identity]]
emails = ["claude@people.example"]
is = "person"
[[identity]]
names = ["Nightly"]
is = "bot"
"""


def _identity(text: str) -> Identity:
    name, _, email = text.rpartition(" <")
    return Identity(name, email[:-1])


def _commit(case: dict[str, Any]) -> Commit:
    author = _identity(case.get("author") or "A Person <person@example.org>")
    committer = _identity(case["committer"]) if case.get("committer") else author
    parents = tuple(CommitId(f"{at:040x}") for at in range(case.get("parents", 1)))
    return Commit(
        CommitId("f" * 40), parents, author, committer, 0, 0, case.get("message") or "Fix it"
    )


@pytest.mark.parametrize("case", _TRAPS, ids=lambda case: f"{case['trap']}-{case['what']}")
def test_judged_commits_are_judged_alike(case: dict[str, Any]) -> None:
    """Commits that fooled simpler rules do not fool this reading."""
    commit = _commit(case)

    found = weigh(
        commit, _SEARCH.signs(commit), files_changed=lambda _: int(case.get("files_changed", 0))
    )

    assert found.author_type.value == case["expect"]


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule["id"])
def test_every_rule_finds_its_examples_and_leaves_its_near_misses(rule: dict[str, Any]) -> None:
    """What a rule file promises holds when it is read as plain data."""
    for example in rule["matches"]:
        found = {sign.rule for sign in _SEARCH.signs(_commit(example))}

        assert found == {rule["id"], *example.get("also", [])}
    for example in rule["non_matches"]:
        found = {sign.rule for sign in _SEARCH.signs(_commit(example))}

        assert rule["id"] not in found


_PEOPLE = [case["author"] for case in _TRAPS if case.get("author")]
_TEXTS = [case["message"] for case in _TRAPS] + [
    example["message"] for rule in _RULES for example in rule["matches"] if "message" in example
]
_BEGINNINGS = ("", "Revert ", "Squashed commit of the following:\n\n", "Merge branch 'claude/x'\n")
_LINKS = ("\n", "\n\n", "\n    ", "\\n", "\n\nOriginal commit message:\n\n", " ")


@settings(deadline=None)
@given(
    st.sampled_from(_PEOPLE),
    st.sampled_from(_PEOPLE),
    st.sampled_from(_BEGINNINGS),
    st.lists(st.sampled_from(_TEXTS), max_size=4),
    st.sampled_from(_LINKS),
    st.integers(0, 2),
)
def test_both_readings_agree_on_mixed_commits(
    author: str, committer: str, beginning: str, texts: list[str], link: str, parents: int
) -> None:
    """Any two judged commits joined in any way are of one author type on both roads."""
    case = {"author": author, "committer": committer, "message": beginning + link.join(texts)}
    commit = _commit({**case, "parents": parents})

    here = weigh(commit, _SEARCH.signs(commit), files_changed=lambda _: 1)
    there = weigh_there(commit, match(commit, load_catalogue()), files_changed=1)

    assert (here.author_type, here.tier) == (there.author_type, there.tier)


@pytest.mark.parametrize(
    ("author", "message", "expected"),
    [
        ("Inner Codex 2 <a@b>", "Fix", "ai"),
        ("A <codex@inside.example>", "Fix", "ai"),
        ("A <a@b>", "Fix\n\nCo-authored-by: Inner Codex <x@y>", "assisted"),
        ("A <mirror+1@inside.example>", "Co-authored-by: Claude", "automation"),
        ("svc-train <a@b>", "Fix", "ai"),
        ("Claude <claude@people.example>", "Fix", "unattested"),
        ("Nightly <n@b>", "Fix", "automation"),
    ],
)  # fmt: skip
def test_own_rules_of_a_lab_are_read(author: str, message: str, expected: str) -> None:
    """Agents, bots and identities of a ``provenance.toml``, as the meter reads them."""
    commit = _commit({"author": author, "message": message})
    signs = Searcher(read_rules(_OWN.encode())).signs(commit)
    catalogue = load_catalogue([parse_additions(tomllib.loads(_OWN))])

    found = weigh(commit, signs, files_changed=lambda _: 0)

    assert found.author_type.value == expected
    assert weigh_there(commit, match(commit, catalogue)).author_type.value == expected


def test_co_author_lines_stand_at_the_beginning_of_a_line() -> None:
    """Text about trailers is no trailer; each value counts once; empty ones not at all."""
    text = (
        "x Co-authored-by: A <a@b>\n  * Co-Authored-By: B <b@c>\nco-authored-by:B <b@c>\n"
        "Co-authored-by: unknown <>"
    )

    assert co_authors(text) == ["B <b@c>"]


def test_what_is_no_toml_is_told() -> None:
    """A broken configuration is an error of its own kind."""
    with pytest.raises(CatalogueError, match="no TOML"):
        read_rules(b"[[agent")
