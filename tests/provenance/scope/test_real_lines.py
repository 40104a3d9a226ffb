"""The scanner against full parses of public repositories."""

from __future__ import annotations

import os

import pytest

from oracles.clones import VARIABLE, clone, files
from oracles.syntax import parse
from provenance.scope.lines import language, scan

PLACES = (
    ("Aider-AI+aider", "python"),
    ("NVIDIA+Megatron-LM", "cpp"),
    ("NVIDIA+Megatron-LM", "cuda"),
    ("NVIDIA+Megatron-LM", "python"),
    ("NVIDIA+Megatron-LM", "shell"),
    ("NVIDIA+Megatron-LM", "yaml"),
    ("UKGovernmentBEIS+inspect_ai", "python"),
    ("UKGovernmentBEIS+inspect_ai", "yaml"),
    ("entireio+cli", "go"),
    ("git+git", "c"),
    ("git+git", "shell"),
    ("google-gemini+gemini-cli", "javascript"),
    ("google-gemini+gemini-cli", "tsx"),
    ("google-gemini+gemini-cli", "typescript"),
    ("huggingface+text-generation-inference", "cuda"),
    ("zizmorcore+zizmor", "json"),
    ("zizmorcore+zizmor", "rust"),
    ("zizmorcore+zizmor", "toml"),
)
LARGEST = 400_000


@pytest.mark.real
@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} names no folder of clones")
@pytest.mark.parametrize(("name", "spoken"), PLACES)
def test_lines_agree_with_a_full_parse(name: str, spoken: str) -> None:
    """At least 995 of 1,000 lines of wholly parsed files have the parser's kind."""
    place = clone(name)
    if place is None:
        pytest.skip(f"no clone {name}")
    lines = wrong = 0
    for path, content in files(place, lambda path: _speaks(path, spoken), limit=300):
        if len(content) > LARGEST:
            continue
        parsed = parse(content, spoken)
        if parsed.broken:
            continue
        kinds = scan(content, language(path)).kinds.tolist()
        lines += len(kinds)
        wrong += sum(ours != theirs for ours, theirs in zip(kinds, parsed.kinds, strict=True))

    assert wrong * 1000 <= lines * 5, f"{wrong} of {lines}"


def _speaks(path: str, spoken: str) -> bool:
    found = language(path)
    return found is not None and found.id == spoken
