"""Say which rule, on which bytes, decided a commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from provenance.attribution.voices import LineSaid
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


def line_as_text(attribution: Attribution, said: Sequence[LineSaid]) -> str:
    """Say in plain words who wrote a line, and why; ``said`` is what the records say of it."""
    author_type = attribution.author_type
    lines = [f"  this line is {author_type.value}: {_MEANING[author_type]}"]
    if attribution.rule and attribution.tier:
        lines.append(f"    decided by {attribution.rule} ({attribution.tier.value})")
    for one in said:
        claim = one.claim
        names = [name for name in (claim.maker.agent, claim.maker.model) if name]
        words = ", ".join([claim.author_type.value, *names])
        span = f"lines {claim.start + 1}-{claim.stop}"
        verdict = f"does not decide: {one.why_not}" if one.why_not else "decides"
        lines.append(
            f"    {one.rule} says {_visible(words)} of {span} ({claim.tier.value}) "
            f"in {_visible(one.place)}; {verdict}"
        )
    if not said and author_type is AuthorType.UNATTESTED and attribution.rule is None:
        lines.append("    no record names this line, and no mark of its commit holds for it")
    return "\n".join(lines)


def lines_as_json(lines: Sequence[tuple[Attribution, int]]) -> list[dict[str, Any]]:
    """Return the added lines of a commit by who wrote them, most first."""
    return [
        {
            "lines": count,
            "author_type": attribution.author_type.value,
            "tier": attribution.tier.value if attribution.tier else None,
            "rule": attribution.rule,
            "agent": attribution.maker.agent,
            "model": attribution.maker.model,
        }
        for attribution, count in lines
    ]


def lines_as_text(lines: Sequence[tuple[Attribution, int]]) -> str:
    """Return the same in one line of words for each author."""
    said = []
    for attribution, count in lines:
        maker = attribution.maker
        names = [name for name in (maker.agent, maker.model or maker.family) if name]
        decided = f" by {attribution.rule}" if attribution.rule else ""
        tier = f" ({attribution.tier.value})" if attribution.tier else ""
        named = f" {_visible(' '.join(names))}" if names else ""
        said.append(f"  {count} added lines: {attribution.author_type.value}{decided}{tier}{named}")
    return "\n".join(said)


def as_text(attribution: Attribution, commit_id: CommitId, *, told_apart: bool = False) -> str:
    """Return the same as the object in plain words, control characters made visible.

    ``told_apart`` says that records tell the lines of the commit apart.
    """
    author_type = attribution.author_type
    meaning = _MEANING[author_type].partition(";")[0] if told_apart else _MEANING[author_type]
    lines = [f"{commit_id}  {author_type.value}: {meaning}"]
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
