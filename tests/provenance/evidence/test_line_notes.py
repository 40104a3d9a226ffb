"""Tools that name lines in JSON notes: Agent Blame and whogitit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provenance.evidence.agentblame import AgentBlame
from provenance.evidence.dialect import Around, Dialect, Entry
from provenance.evidence.whogitit import Whogitit
from provenance.terms.authors import AuthorType, Maker, Tier
from provenance.terms.records import LineClaim
from worlds.records import entry, known_model

AROUND = Around(model=known_model)


def agentblame(*items: dict[str, Any], version: object = 2) -> Entry:
    """Return a note of Agent Blame."""
    return entry(json.dumps({"version": version, "attributions": items}))


def blamed(first: int, last: int, **more: Any) -> dict[str, Any]:
    """Return an attribution of the second version."""
    return {
        "path": "a",
        "startLine": first,
        "endLine": last,
        "category": "ai_generated",
        "provider": "claudeCode",
        "model": "opus-9",
        "matchType": "exact_hash",
    } | more


def test_agentblame_reads_both_spellings() -> None:
    """Snake case in version 1, camel case in version 2."""
    old = {
        "path": "a",
        "start_line": 3,
        "end_line": 5,
        "category": "ai_generated",
        "provider": "claude_code",
        "model": "opus-9",
        "match_type": "normalized_hash",
    }
    notes = [agentblame(old, version=1), agentblame(blamed(3, 5))]
    reading = AgentBlame().read(notes, AROUND)

    maker = Maker("claude-code", "Anthropic", "claude", "opus-9")
    wanted = (LineClaim("a", 2, 5, AuthorType.AI, Tier.OBSERVED, maker),)
    assert [record.claims for record in reading.records] == [wanted, wanted]


@pytest.mark.parametrize("how", ["ai_content_in_line", "line_in_ai_content", "move_detected", []])
def test_agentblame_infers_from_parts_of_lines(how: object) -> None:
    """Only whole lines are an observation."""
    (record,) = AgentBlame().read([agentblame(blamed(1, 2, matchType=how))], AROUND).records

    assert record.claims[0].tier is Tier.INFERRED


def test_agentblame_keeps_what_is_whole() -> None:
    """Other categories say nothing; a bad range costs itself."""
    items = [blamed(0, 2), blamed(4, 4), blamed(1, 2, category="human"), blamed(5, 5, path=None)]
    items.append(blamed(6, 6, path="half a pair: \ud800"))
    reading = AgentBlame().read([agentblame(*items)], AROUND)

    assert [(c.start, c.stop) for c in reading.records[0].claims] == [(3, 4)]
    assert [p.slug for p in reading.problems] == ["bad-range", "bad-path"]
    assert reading.problems[1].detail.endswith("(and 1 more like this)")


def whogitit(*lines: dict[str, Any], version: object = 3) -> Entry:
    """Return a note of whogitit about one file."""
    model = {"id": "opus-9", "provider": "anthropic"}
    return entry(
        json.dumps(
            {
                "version": version,
                "session": {"session_id": "s", "model": model},
                "prompts": [],
                "files": [{"path": "a", "lines": lines}],
            }
        )
    )


def line(number: object, kind: str, confidence: float = 1.0) -> dict[str, Any]:
    """Return one line."""
    return {"line_number": number, "source": {"type": kind}, "confidence": confidence}


@pytest.mark.parametrize("version", [2, 3])
def test_whogitit_joins_neighbours(version: int) -> None:
    """Only the agent's lines are claimed; human there is what was left over."""
    note = whogitit(
        line(1, "Original"),
        line(2, "AI"),
        line(3, "AI"),
        line(4, "Human"),
        line(5, "AI"),
        line(6, "AIModified", 0.7),
        line(7, "AI", 0.96),
        line(8, "Unknown"),
        version=version,
    )
    (record,) = Whogitit().read([note], AROUND).records

    assert [(c.start, c.stop, c.author_type.value, c.tier.value) for c in record.claims] == [
        (1, 3, "ai", "observed"),
        (4, 5, "ai", "observed"),
        (5, 6, "assisted", "observed"),
        (6, 7, "ai", "inferred"),
    ]
    assert record.claims[0].maker == Maker("claude-code", "Anthropic", "claude", "opus-9")


@pytest.mark.parametrize(
    ("dialect", "note", "slug"),
    [
        (AgentBlame(), agentblame(version=3), "unsupported-version"),
        (AgentBlame(), agentblame(version=[1]), "unsupported-version"),
        (AgentBlame(), entry('{"version": 2, "summary": {}}'), "unknown-format"),
        (Whogitit(), whogitit(version=4), "unsupported-version"),
        (Whogitit(), whogitit(version=None), "unsupported-version"),
        (Whogitit(), entry('{"version": 2}'), "unknown-format"),
        (Whogitit(), entry(b"\xff\xfe{}"), "not-json"),
    ],
)
def test_versions_are_never_guessed(dialect: Dialect, note: Entry, slug: str) -> None:
    """An unknown form is listed and claims nothing."""
    reading = dialect.read([note], AROUND)

    assert reading.records == ()
    assert [problem.slug for problem in reading.problems] == [slug]


def test_whogitit_survives_nonsense() -> None:
    """Numbers that are none, lines out of order."""
    note = whogitit(line("1", "AI"), line(0, "AI"), line(-3, "AI"), line(9, "AI"), line(8, "AI"))
    (record,) = Whogitit().read([note], AROUND).records

    assert [(c.start, c.stop) for c in record.claims] == [(8, 9), (7, 8)]
