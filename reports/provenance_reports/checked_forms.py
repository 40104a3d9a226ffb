"""Judged claims as text, Markdown and JSON."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from provenance.claims.known import assumptions
from provenance.claims.verdict import ClaimVerdict, Judgement, Outcome, ReadingVerdict, Word
from provenance.terms.counts import Share
from provenance_reports import words
from provenance_reports.checked import WORDS, figures, source, span, why
from provenance_reports.document import Document
from provenance_reports.markdown import plain

FORMAT: Final = "provenance-check/1"
_WIDTH: Final = 80
_MOST_NOTES: Final = 5
_MOST_ROWS: Final = 400


def as_json(judgement: Judgement) -> str:
    """Return one object per claim and reading: integers and codes, keys sorted, one a line."""
    rows = [
        json.dumps(row, separators=(",", ":"), sort_keys=True)
        for claim in judgement.claims
        for row in _rows(claim, judgement.disclosure.digest)
    ]
    inside = "\n  " + ",\n  ".join(rows) + "\n " if rows else ""
    return f'{{\n "format": "{FORMAT}",\n "verdicts": [{inside}]\n}}\n'


def _rows(claim: ClaimVerdict, digest: str) -> Iterator[dict[str, Any]]:
    whole = {
        "claim": claim.claim.id,
        "kind": claim.claim.kind.value,
        "overall": claim.word.value,
        "conflict": claim.conflict,
        "disclosure": digest,
    }
    if not claim.readings:
        yield {**whole, "reading": "", **outcome_entry(Outcome(claim.word, claim.reasons))}
    for found in claim.readings:
        yield {
            **whole,
            "reading": found.reading.id,
            **outcome_entry(found.outcome),
            "definition": found.definition,
            "assumptions": list(found.assumptions),
            "parts": [{"name": part.name, **outcome_entry(part.outcome)} for part in found.parts],
        }


def outcome_entry(outcome: Outcome) -> dict[str, Any]:
    """Return one outcome: integers and codes."""
    return {
        "verdict": outcome.word.value,
        "reasons": list(outcome.reasons),
        "low": _share(outcome.low),
        "high": _share(outcome.high),
        "measured": outcome.measured,
        "needed": list(outcome.needed),
        "crossed": list(outcome.between) if outcome.between else None,
        "change": [_pair(end) for end in outcome.change] if outcome.change else None,
    }


def _share(share: Share | None) -> list[int] | None:
    return [share.part, share.whole] if share else None


def _pair(number: Fraction) -> list[int]:
    return [number.numerator, number.denominator]


def text(judgement: Judgement, document: Document) -> str:
    """Return the verdicts for a terminal or a log: the sum first, then claim by claim."""
    lines = [_title(judgement, document), summary(judgement), *_notes(judgement, document)]
    for claim in judgement.claims:
        lines += ["", *_claim(claim, judgement)]
    lines += [
        "",
        words.found(document),
        *_folded(words.visible(words.unmeasured(document), 400), 0),
        f"Claims file SHA-256 {judgement.disclosure.digest}",
        f"Measured with: {words.visible(document.command, 400)}",
    ]
    return "\n".join(lines) + "\n"


def _title(judgement: Judgement, document: Document) -> str:
    repository = document.measurement.repository
    return (
        f"Claims of {words.visible(judgement.disclosure.name, 60)} against "
        f"{words.visible(repository.name, 60)} at {repository.head[:12]} "
        f"({repository.head_date[:10]})"
    )


def summary(judgement: Judgement) -> str:
    """Return ``7 claims: 1 supported, 6 not decidable``."""
    return (
        f"{words.count(len(judgement.claims), 'claim')}: {_tally(c.word for c in judgement.claims)}"
    )


def _tally(found: Iterator[Word]) -> str:
    counts = Counter(found)
    return (
        ", ".join(f"{counts[word]} {name}" for word, name in WORDS.items() if counts[word])
        or "none"
    )


def _notes(judgement: Judgement, document: Document) -> list[str]:
    """Return what a reader must know before any verdict."""
    blocking = sum(finding.severity == "A" for finding in document.measurement.findings)
    notes = []
    if blocking:
        notes.append(f"Blocked: {words.count(blocking, 'finding')} of severity A in the report")
    conflicts = {claim.conflict for claim in judgement.claims if claim.conflict}
    notes += [f"Dates disagree: {words.visible(told, 200)}" for told in sorted(conflicts)]
    return [*notes[:_MOST_NOTES], *_by_reading(judgement)]


def _by_reading(judgement: Judgement) -> list[str]:
    """Return the sum per reading where many claims share the same few readings."""
    by_id: dict[str, list[Word]] = {}
    for claim in judgement.claims:
        for found in claim.readings:
            by_id.setdefault(found.reading.id, []).append(found.outcome.word)
    if len(judgement.claims) < 4 * max(1, len(by_id)):
        return []
    return [f"Reading {name}: {_tally(iter(found))}" for name, found in by_id.items()]


def _claim(verdict: ClaimVerdict, judgement: Judgement) -> Iterator[str]:
    claim = verdict.claim
    said = f": {words.visible(claim.what.text, 100)}" if claim.what else f": {claim.kind.value}"
    yield f"{WORDS[verdict.word].upper()}  {claim.id}{said}"
    named = "; ".join(source(judgement.disclosure, name) for name in claim.sources)
    yield from _folded(f'"{words.visible(claim.wording, 600)}" {words.visible(named, 200)}', 2)
    if verdict.conflict:
        yield from _folded(f"Dates disagree: {words.visible(verdict.conflict, 200)}", 2)
    if not verdict.readings:
        yield from _folded(why(Outcome(verdict.word, verdict.reasons)), 2)
    for found in verdict.readings:
        yield from _reading(found)


def _reading(found: ReadingVerdict) -> Iterator[str]:
    outcome = found.outcome
    where = f", {words.visible(outcome.measured, 120)}" if outcome.measured else ""
    said = f"{WORDS[outcome.word]}; measured {figures(outcome)}{where}"
    yield from _folded(f"{found.reading.id}: {said}", 2)
    yield from _folded(words.visible(found.definition, 800), 6)
    yield from _folded(f"why: {words.visible(why(outcome), 800)}", 6)
    for part in found.parts:
        inside = part.outcome
        yield from _folded(
            f"{words.stage(part.name)}: {WORDS[inside.word]}; {span(inside.low, inside.high)}", 8
        )
    if outcome.needed and outcome.word is not Word.SUPPORTED:
        lead = "by how much" if outcome.word is Word.CONTRADICTED else "would decide it"
        yield from _folded(f"{lead}: {words.visible('; '.join(outcome.needed), 800)}", 6)
    if found.assumptions:
        taken = "; ".join(assumptions()[code] for code in found.assumptions)
        yield from _folded(f"assuming: {taken}", 6)


def _folded(line: str, indent: int) -> list[str]:
    return textwrap.wrap(
        line,
        width=_WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def markdown(judgement: Judgement, document: Document) -> str:
    """Return a summary of at most fifteen lines and one table."""
    notes = [plain(note, 300) for note in _notes(judgement, document)]
    head = [
        f"### {plain(_title(judgement, document), 200)}",
        "",
        f"**{summary(judgement)}**",
        *([""] if notes else []),
        *(f"- {note}" for note in notes),
    ]
    lines = [*head[:14], "", "| claim | disclosed | reading | measured | verdict | why |"]
    lines.append("| --- | --- | --- | ---: | --- | --- |")
    rows = [row for claim in judgement.claims for row in _table(claim)]
    lines += rows[:_MOST_ROWS]
    if len(rows) > _MOST_ROWS:
        lines += ["", f"{len(rows) - _MOST_ROWS} more rows are in the JSON."]
    return "\n".join(line.replace("<", "&lt;").replace(">", "&gt;") for line in lines) + "\n"


def _table(verdict: ClaimVerdict) -> Iterator[str]:
    claim = verdict.claim
    said = plain(claim.what.text if claim.what else claim.wording, 100)
    if not verdict.readings:
        reason = plain(why(Outcome(verdict.word, verdict.reasons)), 200)
        yield f"| {plain(claim.id, 60)} | {said} | – | – | {WORDS[verdict.word]} | {reason} |"
    for found in verdict.readings:
        outcome = found.outcome
        cells = (
            plain(claim.id, 60),
            said,
            plain(found.reading.id, 60),
            figures(outcome),
            WORDS[outcome.word],
            plain(why(outcome), 300) + _taken(found),
        )
        yield f"| {' | '.join(cells)} |"


def _taken(found: ReadingVerdict) -> str:
    if found.outcome.word is not Word.SUPPORTED:
        return ""
    known: Mapping[str, str] = assumptions()
    return f". Assuming: {'; '.join(plain(known[code], 200) for code in found.assumptions)}"
