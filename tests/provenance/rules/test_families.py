"""Model names as they are really written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.rules.families import UNKNOWN, Families, Form, Sighting, packaged, resolve


@pytest.mark.parametrize(
    ("text", "vendor", "family", "model"),
    [
        ("claude-opus-4-5-20251101", "Anthropic", "claude", "claude-opus-4.5"),
        ("claude-4.5-opus-high-thinking", "Anthropic", "claude", "claude-opus-4.5"),
        ("claude-4.5-sonnet-thinking", "Anthropic", "claude", "claude-sonnet-4.5"),
        ("Claude Opus 4.6 (1M context)", "Anthropic", "claude", "claude-opus-4.6"),
        ("Claude Opus 5 (Claude Code)", "Anthropic", "claude", "claude-opus-5"),
        ("Claude Opus4.5", "Anthropic", "claude", "claude-opus-4.5"),
        ("Claude Fable 5", "Anthropic", "claude", "claude-fable-5"),
        ("claude-opus-4-8-xhigh", "Anthropic", "claude", "claude-opus-4.8"),
        ("claude-sonnet-4-20250514", "Anthropic", "claude", "claude-sonnet-4"),
        ("claude-3-7-sonnet", "Anthropic", "claude", "claude-sonnet-3.7"),
        ("openrouter/anthropic/claude-3.7-sonnet:beta", "Anthropic", "claude", "claude-sonnet-3.7"),
        (
            "bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0",
            "Anthropic",
            "claude",
            "claude-sonnet-4",
        ),
        ("eu.anthropic.claude-opus-5", "Anthropic", "claude", "claude-opus-5"),
        ("anthropic--claude-4.5-sonnet", "Anthropic", "claude", "claude-sonnet-4.5"),
        ("AWS Claude Opus 4.6", "Anthropic", "claude", "claude-opus-4.6"),
        ("Opus 4.8", "Anthropic", "claude", "claude-opus-4.8"),
        ("Claude", "Anthropic", "claude", None),
        ("Claude Code", None, None, None),
        ("Claude (glm-4.7)", "Z.ai", "glm", "glm-4.7"),
        ("Claude (kimi-k2.5)", "Moonshot AI", "kimi", "kimi-k2.5"),
        ("Claude (MiniMax-M2.1)", "MiniMax", "minimax", "minimax-m2.1"),
        ("Claude (house-model)", None, None, None),
        ("mimo-v2.5-pro", "Xiaomi", "mimo", "mimo-v2.5-pro"),
        ("openai/gpt-5.4", "OpenAI", "gpt", "gpt-5.4"),
        ('"gpt-5"', "OpenAI", "gpt", "gpt-5"),
        ("GPT 5.4", "OpenAI", "gpt", "gpt-5.4"),
        ("gpt 5.4 medium", "OpenAI", "gpt", "gpt-5.4"),
        ("gpt-5.2-codex", "OpenAI", "gpt", "gpt-5.2-codex"),
        ("gpt-5.6-sol", "OpenAI", "gpt", "gpt-5.6-sol"),
        ("gpt-4o-2024-08-06", "OpenAI", "gpt", "gpt-4o"),
        ("o3", "OpenAI", "gpt", "o3"),
        ("o4-mini", "OpenAI", "gpt", "o4-mini"),
        ("gpt-oss-120b", "OpenAI", "gpt-oss", "gpt-oss-120b"),
        ("gemini/gemini-2.5-pro", "Google", "gemini", "gemini-2.5-pro"),
        ("vertex_ai/gemini-2.5-pro-exp-03-25", "Google", "gemini", "gemini-2.5-pro"),
        ("gemini-2.5-pro-preview-05-06", "Google", "gemini", "gemini-2.5-pro"),
        ("gemini/gemini-3.1-pro-preview", "Google", "gemini", "gemini-3.1-pro"),
        ("openrouter/deepseek/deepseek-r1:free", "DeepSeek", "deepseek", "deepseek-r1"),
        ("openrouter/qwen/qwen3-coder", "Alibaba", "qwen", "qwen3-coder"),
        ("qwen3.7-max", "Alibaba", "qwen", "qwen3.7-max"),
        ("grok-code-fast-1", "xAI", "grok", "grok-code-fast-1"),
        ("composer-1", "Cursor (Anysphere)", "composer", "composer-1"),
        ("default", None, None, None),
        ("unknown", None, None, None),
        ("auto", None, None, None),
        ("<synthetic>", None, None, None),
        ("", None, None, None),
    ],
)
def test_written_name_is_normalised(
    text: str, vendor: str | None, family: str | None, model: str | None
) -> None:
    """Vendor, family and version are separate; what is not said stays unknown."""
    name = resolve(text)

    assert (name.vendor, name.family, name.model) == (vendor, family, model)


def test_dates_come_from_the_registry() -> None:
    """A dated version carries its date, an undated one none."""
    assert resolve("Claude Sonnet 4.6").released == "2026-02-17"
    assert resolve("gemini-1.5-pro").released is None


def test_dated_versions_are_names_the_forms_produce() -> None:
    """A date can only be found under the normalised name."""
    for date in packaged().dates:
        assert resolve(date.model).model == date.model


@given(st.text(max_size=300))
def test_any_text_resolves(text: str) -> None:
    """Hostile names never fail and never yield a version without vendor and family."""
    name = resolve(text)

    assert name == UNKNOWN or (name.vendor and name.family)


def test_dates_name_their_source_and_only_releases_accuse() -> None:
    """A sighting is no release; every date lies in the past of the catalogue."""
    families = packaged()
    releases = families.releases()

    assert all(date.source for date in families.dates)
    assert all("2020" < date.released < "2026-11-22" for date in families.dates)
    assert "kimi-k2.5" not in releases
    assert releases["claude-opus-4.5"] == 1_763_942_400
    assert len({date.model for date in families.dates}) == len(families.dates)


def test_no_version_is_older_than_the_first_model_of_its_family() -> None:
    firsts = {first.family: first.released for first in packaged().firsts}

    for date in packaged().dates:
        family = resolve(date.model).family
        assert date.released >= firsts.get(family or "", "")


@pytest.mark.parametrize(
    ("text", "harness"),
    [("default", None), ("<synthetic>", None), ("Unknown", None), ("tab", "cursor"),
     ('"auto"', None), ("Claude Code", "claude-code"), ("codex", "codex"), ("null", None)],
)  # fmt: skip
def test_words_that_name_no_model_stay_unknown(text: str, harness: str | None) -> None:
    """The harness may be known; the model is never guessed from it."""
    found = resolve(text)

    assert (found.vendor, found.family, found.model, found.released) == (None, None, None, None)
    assert found.harness == harness


def test_the_first_model_of_several_families_is_the_earliest() -> None:
    """One family without a date leaves the question open."""
    families = packaged()

    assert families.first_release(["claude"]) == "2023-03-14"
    assert families.first_release(["claude", "gemini"]) == "2023-03-14"
    assert families.first_release(["claude", "qwen"]) is None
    assert families.first_release([]) is None
    assert families.first_release(["nobody"]) is None


def test_a_family_of_the_lab_is_dated_when_every_form_is() -> None:
    forms = (
        Form("Acme", "acme", "^acme-1$", "acme-1"),
        Form("Acme", "acme", "^acme-2$", "acme-2"),
    )
    one = Sighting("acme-2", "2025-05-01", "release", "test")
    two = Sighting("acme-1", "2024-05-01", "release", "test")

    assert Families(forms, (one,)).first_release(["acme"]) is None
    assert Families(forms, (one, two)).first_release(["acme"]) == "2024-05-01"
