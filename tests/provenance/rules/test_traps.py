"""Whole commits that fooled simpler rules, judged end to end."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from provenance.attribution.weigh import weigh
from provenance.rules.load import load_catalogue
from provenance.rules.match import match
from provenance.rules.rule import RuleKind
from provenance.terms.commits import Commit, CommitId, Identity

_FILE = Path(__file__).parents[2] / "data" / "rules" / "traps.toml"
_CASES: list[dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["case"]


def _identity(text: str) -> Identity:
    name, _, email = text.rpartition(" <")
    return Identity(name, email[:-1])


def _commit(case: dict[str, Any]) -> Commit:
    author = _identity(case["author"])
    committer = _identity(case["committer"]) if "committer" in case else author
    parents = tuple(CommitId(f"{at:040x}") for at in range(case.get("parents", 1)))
    return Commit(CommitId("f" * 40), parents, author, committer, 0, 0, case["message"])


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case['trap']}-{case['what']}")
def test_trap_is_judged_as_a_careful_auditor_would(case: dict[str, Any]) -> None:
    """Type, tool, vendor, model and conflict of a commit that looks like something else."""
    catalogue = load_catalogue()
    commit = _commit(case)

    found = weigh(commit, match(commit, catalogue), files_changed=case.get("files_changed"))

    assert found.author_type.value == case["expect"]
    for part in ("agent", "vendor", "family", "model"):
        if part in case:
            assert (getattr(found.maker, part) or "") == case[part], part
    if "conflict" in case:
        assert found.conflict is case["conflict"]
    if case.get("undisclosed"):
        assert found.rule is not None
        assert catalogue.rule(found.rule).kind is RuleKind.UNDISCLOSED


def test_every_group_of_traps_is_covered() -> None:
    """The cases cover the decidable traps of identity, trailers, kinds of commit and words."""
    groups = {case["trap"] for case in _CASES}

    wanted = {f"A{at}" for at in range(1, 14)} | {f"B{at}" for at in range(1, 23)}
    wanted |= {f"C{at}" for at in range(1, 17)} | {"D", "E", "G"}
    assert wanted <= groups
