"""``rules`` lists the catalogue and tries it; ``config`` shows what is in effect."""

from __future__ import annotations

import json
from pathlib import Path

from provenance.rules.load import load_catalogue
from worlds.commands import Provenance
from worlds.pipeline import Book


def test_every_rule_is_listed(provenance: Provenance) -> None:
    """One line per rule, as text and for machines."""
    text = provenance("rules", "list")
    lines = provenance("rules", "list", "-f", "jsonl")
    known = [rule.id for rule in load_catalogue().rules]

    assert [line.split()[0] for line in text.out.splitlines()] == known
    assert [json.loads(line)["rule"] for line in lines.out.splitlines()] == known


def test_a_message_on_stdin_is_tried(provenance: Provenance) -> None:
    """A lab can see what its own trailers would say before it uses them."""
    message = "Fix\n\nCo-authored-by: Claude <noreply@anthropic.com>\n"
    said = provenance("rules", "test", "-f", "jsonl", stdin=message)
    agent = provenance(
        "rules", "test", "--author", "Claude <noreply@anthropic.com>", "-f", "jsonl", stdin="Fix\n"
    )

    assert json.loads(said.out)["author_type"] == "assisted"
    assert json.loads(agent.out)["author_type"] == "ai"


def test_a_commit_is_tried_like_explain(provenance: Provenance, book: Book) -> None:
    """The same answer by both names."""
    tried = provenance("rules", "test", "HEAD", "--repo", book.folder)
    explained = provenance("explain", "HEAD", "--repo", book.folder)

    assert tried == explained


def test_a_wrong_identity_is_a_usage_error(provenance: Provenance) -> None:
    """An author has a name and an address."""
    said = provenance("rules", "test", "--author", "nobody", stdin="x")

    assert said.code == 2


def test_a_labs_own_rules_are_listed_and_tried(provenance: Provenance) -> None:
    """What the configuration adds counts like what is packaged."""
    Path("own.toml").write_text('[[bot]]\nid = "train"\nemails = ["train@lab.invalid"]\n')
    listed = provenance("rules", "list", "--config", "own.toml")
    tried = provenance(
        "rules", "test", "--author", "Train <train@lab.invalid>", "--config", "own.toml",
        "-f", "jsonl", stdin="Release\n",
    )  # fmt: skip

    assert "own-train" in listed.out
    assert json.loads(tried.out)["author_type"] == "automation"


def test_the_origin_of_every_value_is_shown(provenance: Provenance, book: Book) -> None:
    """Default, file or command line: a reader sees why a value is what it is."""
    Path("own.toml").write_text(
        '[own]\nfamilies = ["acme"]\n[scope]\nexclude = ["vendor/**"]\n'
        '[[stage]]\nglob = "ops/**"\nstage = "infra"\n'
    )
    said = provenance(
        "config", book.folder, "--config", "own.toml", "--own", "Claude", "-f", "json"
    )
    found = json.loads(said.out)

    assert said.code == 0
    assert found["own.families"] == {
        "value": ["acme", "claude"], "origin": "own.toml and command line",
    }  # fmt: skip
    assert found["scope.exclude"] == {"value": ["vendor/**"], "origin": "own.toml"}
    assert found["stage"]["value"] == [{"glob": "ops/**", "stage": "infra", "sub": "compute"}]
    assert found["scope.include"] == {"value": [], "origin": "default"}
    assert found["measure.unit"] == {"value": "code_line", "origin": "default"}
    assert len(found["digest.catalogue"]["value"]) == 64
