"""The page about provenance.toml shows every key, and its sample is accepted as it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from provenance.errors import UsageError
from provenance.meter import settings
from provenance.meter.settings import parse_settings

_PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"


def _sample() -> str:
    found = re.search(r"```toml\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_sample_is_accepted_and_means_what_its_words_say() -> None:
    read = parse_settings(_sample().encode(), place="provenance.toml")

    assert read.own_families == ("lark",)
    assert (read.predates, read.own_predates) == ("2021-06-29", "2024-03-01")
    assert [rule.id for rule in read.additions.rules] == [
        "own-house-agent-author", "own-house-agent-co-author", "own-house-agent-committer",
        "own-nightly",
    ]  # fmt: skip
    assert len(read.additions.people) == len(read.additions.forms) == 1
    assert [pin.glob for pin in read.pins] == ["pipeline/filter/**"]
    assert len(read.gate.change) == 1


def test_every_key_is_shown() -> None:
    """What may stand in the file stands in the sample."""
    assert tomllib.loads(_sample()).keys() == set(settings._KEYS)


def test_a_wrong_word_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError) as caught:
        parse_settings(_sample().replace("[[agent]]", "[[agnet]]").encode(), place="x.toml")

    assert "agent" in caught.value.hint
