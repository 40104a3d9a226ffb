"""Judged claims, as a document carries them and as words say them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from provenance.claims.disclosure import Acceleration, Claim, Crossing, Days, Disclosure, Level
from provenance.claims.known import assumptions, reasons
from provenance.claims.verdict import ClaimVerdict, Judgement, Outcome, ReadingVerdict, Word
from provenance.claims.vocabulary import Author
from provenance.terms.counts import Share
from provenance_reports import words
from provenance_reports.document import Reading, Verdict

WORDS: Final = {
    Word.SUPPORTED: "supported",
    Word.CONTRADICTED: "contradicted",
    Word.MIXED: "mixed",
    Word.NOT_DECIDABLE: "not decidable",
    Word.NOT_A_MEASUREMENT: "not a measurement",
}
_ANOTHER_RULE: Final = frozenset({"denominator_differs", "lens_differs"})
_LARGEST: Final = 2**62
_GRAIN: Final = 10**9


def verdicts(judgement: Judgement) -> tuple[Verdict, ...]:
    """Return the claims as every renderer of a report shows them."""
    return tuple(_verdict(judgement.disclosure, claim) for claim in judgement.claims)


def _verdict(disclosure: Disclosure, verdict: ClaimVerdict) -> Verdict:
    claim = verdict.claim
    first = claim.readings[0] if claim.readings else None
    begins, ends = _days(disclosure, claim)
    low, high = _target(claim)
    own = first is not None and first.author is Author.SELF_FAMILY
    return Verdict(
        claim=claim.id,
        text=claim.wording,
        source="; ".join(source(disclosure, name) for name in claim.sources),
        verdict=verdict.word.value,
        readings=tuple(reading for found in verdict.readings for reading in _readings(found)),
        states=claim.kind.value,
        conflict=verdict.conflict,
        begins=begins,
        ends=ends,
        target_low=low,
        target_high=high,
        basis=first.quantity.basis.value if first else "",
        subject=("own" if own else "ai") if first else "",
        disclosed=disclosure.digest,
    )


def source(disclosure: Disclosure, name: str) -> str:
    """Return a source as ``title (tier, 2026-06-04)``."""
    found = disclosure.source(name)
    when = f", {found.published.text}" if found.published else ""
    return f"{found.title} ({found.tier.value}{when})"


def _days(disclosure: Disclosure, claim: Claim) -> tuple[str, str]:
    """Return the first and the last day a claim speaks of, where it names days."""
    when = claim.readings[0].window if claim.readings else None
    if isinstance(claim.what, Crossing):
        when = claim.what.window
    elif isinstance(claim.what, Acceleration):
        event = disclosure.event(claim.what.event)
        when = event.resolved or event.claimed
    return (when.first.isoformat(), when.last.isoformat()) if isinstance(when, Days) else ("", "")


def _target(claim: Claim) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    if isinstance(claim.what, Level):
        return _pair(claim.what.region.low), _pair(claim.what.region.high)
    if isinstance(claim.what, Crossing):
        return _pair(claim.what.threshold), _pair(claim.what.threshold)
    return None, None


def _pair(share: Fraction) -> tuple[int, int]:
    return share.numerator, share.denominator


def _readings(found: ReadingVerdict) -> Iterator[Reading]:
    yield _reading(found.reading.id, found.outcome, found)
    for part in found.parts:
        yield _reading(f"{found.reading.id}: {words.stage(part.name)}", part.outcome, None)


def _reading(name: str, outcome: Outcome, found: ReadingVerdict | None) -> Reading:
    low, high, whole = _common(outcome)
    return Reading(
        name=name,
        low=low,
        high=high,
        whole=whole,
        verdict=outcome.word.value,
        reason=why(outcome),
        defined=found.definition if found else "",
        needed=outcome.needed if found else (),
        assumes=tuple(assumptions()[code] for code in found.assumptions) if found else (),
    )


def _common(outcome: Outcome) -> tuple[int, int, int]:
    """Return both ends over one denominator, rounded outwards where that gets too large."""
    low, high = outcome.low, outcome.high
    if low is None or high is None or not low.whole or not high.whole:
        return 0, 0, 0
    if low.whole == high.whole:
        return low.part, high.part, low.whole
    whole = low.whole * high.whole
    if whole < _LARGEST:
        return low.part * high.whole, high.part * low.whole, whole
    return low.part * _GRAIN // low.whole, -(-high.part * _GRAIN // high.whole), _GRAIN


def why(outcome: Outcome) -> str:
    """Return the reasons as sentences, with the places where a threshold can be crossed."""
    texts = [reasons()[code] for code in outcome.reasons]
    said = "; ".join(text[0].lower() + text[1:] if at else text for at, text in enumerate(texts))
    if outcome.between:
        said += f" (crossed {crossed(outcome.between)})"
    if outcome.change:
        least, greatest = (signed(end) for end in outcome.change)
        said += f" (change per week between {least} and {greatest})"
    return said


def crossed(between: tuple[str, str]) -> str:
    """Say between which bins a threshold is crossed."""
    first, last = (words.visible(label, 40) for label in between)
    if not last:
        return f"in {first} at the earliest, and not surely at all"
    return f"in {first}" if first == last else f"between {first} and {last}"


def figures(outcome: Outcome) -> str:
    """Return the measured interval, and whether the claim defines its figure otherwise."""
    said = span(outcome.low, outcome.high)
    if outcome.low is None:
        return said
    if "scope_not_covered" in outcome.reasons:
        return f"{said} of other code"
    return f"{said} by another rule" if _ANOTHER_RULE & set(outcome.reasons) else said


def signed(change: Fraction) -> str:
    """Return a change to six decimals, rounded towards the lesser."""
    millionths = change.numerator * 10**6 // change.denominator
    whole, rest = divmod(abs(millionths), 10**6)
    return f"{'−' if millionths < 0 else '+'}{whole}.{rest:06d}"


def span(low: Share | None, high: Share | None) -> str:
    """Return ``38–71 %``, one figure where both ends print alike, or ``no share``."""
    if low is None or high is None:
        return "no share"
    width = Fraction(high.part, high.whole) - Fraction(low.part, low.whole)
    places = 2 if width == 0 else 1 if width < Fraction(1, 10) else 0
    ends = [words.percent(share.part, share.whole, places) for share in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0].removesuffix(' %')}–{ends[1]}"
