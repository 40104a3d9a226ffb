"""Findings on public histories: what is known of them is found, and no model came too early."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provenance.findings import marks
from provenance.findings.questions import question
from provenance.findings.seen import Trait
from provenance.history.repository import open_repository
from provenance.history.walk import walk
from provenance.meter.asking import history_of
from provenance.meter.mining import Mined, mine
from provenance.meter.progress import Silent
from provenance.rules.load import load_catalogue

pytestmark = pytest.mark.real
_NAMED = ("refs/heads/", "refs/pull/", "refs/remotes/")


def _clone(name: str) -> Path:
    folder = Path(os.environ.get("PROVENANCE_REAL", "/nowhere")) / name / "repo"
    if not folder.exists():
        pytest.skip(f"no clone {name}")
    return folder


def _mined(name: str) -> Mined:
    with open_repository(_clone(name)) as repository:
        head = repository.resolve("HEAD")
        return mine(repository, head, catalogue=load_catalogue(), progress=Silent())


@pytest.mark.parametrize(
    "name",
    ["Aider-AI+aider", "GitoxideLabs+gitoxide", "NVIDIA+Megatron-LM", "charmbracelet+crush",
     "git-ai-project+git-ai", "karpathy+nanochat", "steveyegge+beads"],
)  # fmt: skip
def test_no_public_commit_names_a_model_before_its_release(name: str) -> None:
    """Over every branch and request; a date that is wrong in the registry would show here."""
    from provenance.findings.traits import TraitReader
    from provenance.rules.match import match

    catalogue = load_catalogue()
    reader, known = TraitReader(catalogue), catalogue.families.releases()
    early, datable = [], 0
    with open_repository(_clone(name)) as repository:
        tips = {oid for ref, oid in repository.refs.names.items() if ref.startswith(_NAMED)}
        for commit in walk(repository, sorted(tips)):
            evidence = match(commit, catalogue)
            datable += any(sign.maker.model in known for sign in evidence)
            if Trait.MODEL_TOO_EARLY in reader.of(commit, evidence):
                early.append(commit.id)

    assert datable > 0
    assert early == []


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("steveyegge+beads", ["a61ca252ae3d29d508a1d385221df1597812eba4"]),
        ("simonw+sqlite-utils", ["9a2c58246528109c63afa48af3c0c5b5f943f2b0"]),
        ("Aider-AI+aider", []),
        ("huggingface+trl", []),
    ],
)
def test_the_known_falls_of_marks_are_found(name: str, places: list[str]) -> None:
    """In beads in December 2025, in sqlite-utils in July 2026, and nowhere in two others."""
    history = history_of(_mined(name))
    numbers = question("attribution-collapse").numbers
    found = history.places(marks.attribution_collapse(history, numbers))

    assert found == places
