"""A lab adds its own agents, bots, identities and models."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from provenance.attribution.weigh import weigh
from provenance.errors import CatalogueError
from provenance.rules.families import resolve
from provenance.rules.load import Catalogue, load_catalogue
from provenance.rules.match import match
from provenance.rules.own import parse_additions
from provenance.terms.authors import Attribution, AuthorType
from provenance.terms.commits import Commit, CommitId, Identity

_LAB: dict[str, Any] = {
    "agent": [
        {
            "id": "forge",
            "product": "Forge",
            "vendor": "Acme",
            "names": ["forge"],
            "emails": ["forge-*@agents.acme.example"],
            "model": "acme-coder-2",
        }
    ],
    "bot": [{"id": "weekly", "emails": ["weekly@acme.example"]}],
    "identity": [
        {"names": ["svc-joana"], "is": "person"},
        {"emails": ["helper@acme.example"], "is": "agent", "agent": "claude-code"},
    ],
    "model": [
        {
            "match": "acme-coder-*",
            "vendor": "Acme",
            "family": "Acme",
            "model": "acme-coder-2",
            "released": dt.date(2026, 2, 3),
        }
    ],
}


def _lab() -> Catalogue:
    return load_catalogue([parse_additions(_LAB)])


def _judge(author: str, message: str = "Change") -> Attribution:
    name, _, email = author.rpartition(" <")
    who = Identity(name, email[:-1])
    commit = Commit(CommitId("0" * 40), (), who, who, 0, 0, message)
    return weigh(commit, match(commit, _lab()))


def test_own_agent_as_author_is_ai_with_its_model() -> None:
    """The lab's agent is found by pattern and its own model is resolved."""
    found = _judge("Runner 7 <forge-7@agents.acme.example>")

    assert found.author_type is AuthorType.AI
    assert found.maker.agent == "forge"
    assert (found.maker.vendor, found.maker.family) == ("Acme", "acme")
    assert found.maker.model == "acme-coder-2"


def test_own_agent_as_co_author_is_assisted() -> None:
    """The same agent beside a person shares the commit."""
    message = "Change\n\nCo-authored-by: forge <x@y.example>"

    assert _judge("A Person <person@example.org>", message).author_type is AuthorType.ASSISTED


def test_star_does_not_cross_the_bracket() -> None:
    """A pattern for the address never matches inside a name."""
    found = _judge("forge-1@agents.acme.example <person@example.org>")

    assert found.author_type is AuthorType.UNATTESTED


def test_own_bot_and_identities() -> None:
    """Bots are automation, persons are freed from general rules, agents are agents."""
    assert _judge("Weekly <weekly@acme.example>").author_type is AuthorType.AUTOMATION
    assert _judge("svc-joana <joana@acme.example>").author_type is AuthorType.UNATTESTED
    assert _judge("svc-render <render@acme.example>").author_type is AuthorType.AUTOMATION
    assert _judge("H <helper@acme.example>").maker.agent == "claude-code"


def test_additions_change_the_digest() -> None:
    """Figures made with other rules carry another digest."""
    assert _lab().digest != load_catalogue().digest
    assert _lab().digest == _lab().digest


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"agents": []}, "'agents' in provenance.toml"),
        ({"agent": [{"id": "x", "email": ["y"]}]}, "'email' in provenance.toml: agent[0]"),
        ({"agent": [{"id": "x"}]}, "names nobody"),
        ({"agent": [{"id": "??", "names": ["y"]}]}, "no usable name"),
        ({"identity": [{"names": ["x"], "is": "human"}]}, "'human' is no is"),
        ({"identity": [{"names": ["x"], "is": "agent"}]}, "'agent' in provenance.toml: identity"),
        ({"model": [{"match": "x"}]}, "'vendor' in provenance.toml: model[0]"),
        ({"bot": {}}, "'bot' in provenance.toml"),
    ],
)
def test_mistake_names_the_bad_key(values: dict[str, Any], says: str) -> None:
    """The error says which key of which table is wrong."""
    with pytest.raises(CatalogueError) as caught:
        parse_additions(values)

    assert says in caught.value.message


def test_two_rules_with_one_id_are_refused() -> None:
    """An addition cannot shadow another."""
    addition = parse_additions({"bot": [{"id": "x", "names": ["a"]}]})

    with pytest.raises(CatalogueError, match="two rules have the id"):
        load_catalogue([addition, addition])


@pytest.mark.parametrize("released", ["2025-01-31", dt.date(2025, 1, 31)])
def test_a_lab_dates_its_models_before_the_packaged_registry(released: object) -> None:
    """A date may be a text; what the lab says of a version comes first."""
    model = {"match": "opus-x", "vendor": "Acme", "family": "acme", "model": "claude-opus-5"}
    catalogue = load_catalogue([parse_additions({"model": [{**model, "released": released}]})])

    assert resolve("opus-x", families=catalogue.families).released == "2025-01-31"
    assert catalogue.families.releases()["claude-opus-5"] == 1_738_281_600


def test_a_date_that_is_none_is_refused() -> None:
    model = {"match": "x", "vendor": "Acme", "family": "acme", "model": "x", "released": "soon"}

    with pytest.raises(CatalogueError, match="must be a date"):
        parse_additions({"model": [model]})
