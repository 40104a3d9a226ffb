"""Say which rule, on which bytes, decided a commit."""

from __future__ import annotations

from typing import Any

from provenance.terms.authors import Attribution, AuthorType
from provenance.terms.commits import CommitId

_MEANING = {
    AuthorType.AI: "an AI system wrote it",
    AuthorType.ASSISTED: "a person and an AI system; the lines cannot be told apart",
    AuthorType.AUTOMATION: "a program that is not known to be a language model",
    AuthorType.HUMAN: "a person, positively recorded",
    AuthorType.PREDATES_AI: "older than any capable model",
    AuthorType.UNATTESTED: "nothing says who wrote it",
}


def as_json(attribution: Attribution, commit_id: CommitId) -> dict[str, Any]:
    """Return the object of ``explain -f jsonl``; unknown parts are ``None``."""
    return {
        "commit": commit_id,
        "author_type": attribution.author_type.value,
        "tier": attribution.tier.value if attribution.tier else None,
        "rule": attribution.rule,
        "agent": attribution.maker.agent,
        "vendor": attribution.maker.vendor,
        "family": attribution.maker.family,
        "model": attribution.maker.model,
        "evidence": [
            {"rule": sign.rule, "where": sign.where.value, "text": sign.text}
            for sign in attribution.evidence
        ],
        "conflict": attribution.conflict,
    }


def as_text(attribution: Attribution, commit_id: CommitId) -> str:
    """Return the same in plain words, control characters made visible."""
    author_type = attribution.author_type
    lines = [f"{commit_id}  {author_type.value}: {_MEANING[author_type]}"]
    if attribution.rule and attribution.tier:
        lines.append(f"  decided by {attribution.rule} ({attribution.tier.value})")
    maker = attribution.maker
    if maker.agent:
        lines.append(f"  tool {maker.agent}")
    if maker.family:
        model = maker.model or f"{maker.family}, version unknown"
        lines.append(f"  model {model} ({maker.vendor or 'vendor unknown'})")
    elif author_type in (AuthorType.AI, AuthorType.ASSISTED):
        lines.append("  model unknown")
    if attribution.conflict:
        lines.append("  conflict: the signs disagree")
    lines.extend(
        f"  {sign.where.value} says {sign.strength.value} [{sign.rule}]: {_visible(sign.text)}"
        for sign in attribution.evidence
    )
    return "\n".join(lines)


def _visible(text: str) -> str:
    """Escape what a terminal would obey; ordinary letters of any script stay."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
