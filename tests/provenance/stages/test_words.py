"""Names cut into words."""

from __future__ import annotations

import pytest

from provenance.stages.words import language_of, split, terms


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("GRPOTrainerConfig", ("grpo", "trainer", "config")),
        ("reward_model", ("reward", "model")),
        ("kv-cache.block", ("kv", "cache", "block")),
        ("fp8", ("fp8",)),
        ("", ()),
    ],
)
def test_names_are_cut_at_case_and_signs(name: str, words: tuple[str, ...]) -> None:
    """Snake, camel and dotted names speak the same words."""
    assert split(name) == words


def test_longer_runs_come_first() -> None:
    """A run of words can hide the single words in it."""
    assert terms("a_b_c") == ("a_b_c", "a_b", "b_c", "a", "b", "c")


@pytest.mark.parametrize(
    ("path", "content", "language"),
    [
        ("tools/run", b"#!/usr/bin/env python3\n", "python"),
        ("tools/run", b"#!/bin/bash\n", "shell"),
        ("docker/Dockerfile.gpu", None, "dockerfile"),
        ("tasks/_default_template_yaml", None, "yaml"),
        ("README", None, "docs"),
        ("weights.bin", None, ""),
    ],
)
def test_languages(path: str, content: bytes | None, language: str) -> None:
    """Endings decide, then well-known names, then the first line."""
    assert language_of(path, content) == language
