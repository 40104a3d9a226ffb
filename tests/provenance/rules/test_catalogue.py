"""Every rule file, read pedantically."""

from __future__ import annotations

import pickle
import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from provenance.rules.load import FOLDERS, load_catalogue
from provenance.rules.match import match
from provenance.rules.parse import EXAMPLE_KEYS, RULE_KEYS
from provenance.rules.rule import Example, Rule, RuleKind
from provenance.terms.authors import Strength, Tier, Where
from provenance.terms.commits import Commit, CommitId, Identity

_ROOT = Path(str(resources.files("provenance.rules"))) / "catalogue"
_FILES = sorted(file for folder in FOLDERS for file in (_ROOT / folder).glob("*.toml"))
_RULES = load_catalogue().rules
_NEUTRAL = "A Person <person@example.org>"
_PLACE = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{7,40}\Z|documented: .+\Z")


def _commit(example: Example) -> Commit:
    name, _, email = (example.author or _NEUTRAL).rpartition(" <")
    author = Identity(name, email[:-1])
    name, _, email = (example.committer or str(author)).rpartition(" <")
    committer = Identity(name, email[:-1])
    return Commit(CommitId("0" * 40), (), author, committer, 0, 0, example.message or "Fix it")


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.stem)
def test_file_keeps_its_keys_in_order(file: Path) -> None:
    """Files read alike: known keys, in one order, in the folder of their kind."""
    values = tomllib.loads(file.read_text(encoding="utf-8"))

    assert list(values) == [key for key in RULE_KEYS if key in values]
    assert values["id"] == file.stem
    assert (values["kind"] == "agent") == (file.parent.name == "agents")
    for section in ("matches", "non_matches"):
        for example in values[section]:
            assert list(example) == [key for key in EXAMPLE_KEYS if key in example]


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.id)
def test_rule_has_examples_and_sources(rule: Rule) -> None:
    """Every rule shows where it was seen, what it takes and what it leaves."""
    assert rule.sources
    assert rule.matches
    assert rule.non_matches
    for example in (*rule.matches, *rule.non_matches):
        assert _PLACE.match(example.at), example.at
        assert example.author or example.committer or example.message


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.id)
def test_rule_matches_what_it_says(rule: Rule) -> None:
    """A match is found by this rule and by no other that is not declared, with its model."""
    for example in rule.matches:
        found = match(_commit(example), load_catalogue())

        assert {sign.rule for sign in found} == {rule.id, *example.also}
        if example.model:
            assert {sign.maker.model for sign in found if sign.rule == rule.id} == {example.model}


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.id)
def test_rule_leaves_what_it_says(rule: Rule) -> None:
    """A near miss is left alone by this rule."""
    for example in rule.non_matches:
        found = match(_commit(example), load_catalogue())

        assert rule.id not in {sign.rule for sign in found}


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.id)
def test_quick_words_lose_nothing(rule: Rule) -> None:
    """The words of the quick look occur in every example that matches."""
    for example in rule.matches:
        text = example.message.lower()

        assert not rule.needles or any(needle in text for needle in rule.needles)


def test_products_are_named_alike() -> None:
    """One tool has one product name and one maker in every file."""
    products: dict[str, set[tuple[str | None, str | None]]] = {}
    for rule in _RULES:
        if rule.agent:
            products.setdefault(rule.agent, set()).add((rule.product, rule.harness_vendor))

    assert {agent: names for agent, names in products.items() if len(names) > 1} == {}


def test_committers_and_branches_never_claim_authorship() -> None:
    """Who applied a commit, and what a branch was called, says nothing about who wrote it."""
    weak = {Strength.PROCESS, Strength.HINT}

    for rule in _RULES:
        if rule.where in (Where.COMMITTER, Where.BRANCH):
            assert rule.strength in weak


def test_undisclosed_machines_can_be_listed() -> None:
    """Their kind sets them apart from known bots, and they yield to declared evidence."""
    kinds = {rule.kind for rule in _RULES}

    assert kinds == set(RuleKind)
    for rule in _RULES:
        if rule.kind is RuleKind.UNDISCLOSED:
            assert rule.id.startswith("undisclosed-")
            assert rule.tier is Tier.INFERRED


def test_no_person_is_named_in_an_example() -> None:
    """Ordinary mailboxes in examples are placeholders or tools' own."""
    mailbox = re.compile(r"[\w.+-]+@(?:gmail|outlook|hotmail|icloud|yahoo|163|qq)\.\w+")

    found = [file.name for file in _FILES if mailbox.search(file.read_text(encoding="utf-8"))]
    assert found == []


def test_catalogue_is_sorted_and_its_digest_is_stable() -> None:
    """Same content, same digest; ids are sorted and unique."""
    ids = [rule.id for rule in _RULES]

    assert ids == sorted(set(ids))
    assert load_catalogue().digest == load_catalogue(()).digest
    assert re.fullmatch(r"[0-9a-f]{64}", load_catalogue().digest)
    assert load_catalogue() == load_catalogue()
    assert pickle.loads(pickle.dumps(load_catalogue())) == load_catalogue()


@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_explains_itself(folder: str) -> None:
    """Each folder says which keys its files hold and where the tests are."""
    text = (_ROOT / folder / "README.md").read_text(encoding="utf-8")

    assert "agents/README.md" in text or all(
        f"`{key}`" in text or f"[{key}]" in text for key in RULE_KEYS
    )
