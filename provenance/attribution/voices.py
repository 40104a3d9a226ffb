"""Whose the lines of one commit are, where line-level records tell them apart.

A *voice* is an attribution that a record gives to some lines of a commit; voice 0 is the
commit's own attribution and holds for every line no record speaks of.

Per line the strongest tier decides.  At one tier a person positively recorded comes before
an AI system, so that adding a record never widens what is known and taking a record away
never lowers a ceiling.  Only ``observed`` records may name a person.  A record that the
writer inferred decides nothing where the commit itself is declared or stamped.

Once a record names AI lines of a commit, its other lines are no longer covered by a mark
that says only *co-wrote* or *assisted*: nothing says who wrote them.  A mark that says the
tool wrote the commit keeps covering them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from provenance.attribution.weigh import weigh_signs
from provenance.terms.authors import (
    UNATTESTED,
    Attribution,
    AuthorType,
    Evidence,
    Maker,
    RuleId,
    Strength,
    Tier,
    Where,
)
from provenance.terms.records import Estimate, LineClaim, Record

Codes = NDArray[np.uint16]
"""Voice numbers, one per added line."""

MOST_VOICES = 4000
"""Past so many, new voices are told without harness and model: records are written by strangers."""
_AI = frozenset({AuthorType.AI, AuthorType.ASSISTED})
_TIERS = {tier: rank for rank, tier in enumerate(Tier)}
_WHOSE = {
    AuthorType.AI: "an AI system",
    AuthorType.ASSISTED: "a person and an AI system",
    AuthorType.HUMAN: "a person, observed",
}
_TYPES = (AuthorType.HUMAN, AuthorType.AI, AuthorType.ASSISTED)


@dataclass(frozen=True, slots=True)
class Addition:
    """Consecutive lines that one commit added to one file."""

    path: str
    """Path in the commit."""
    start: int
    """First line, counted from zero."""
    lines: int
    """How many."""


class Voices:
    """Numbers voices; number 0 is kept for the commit's own attribution."""

    def __init__(self, known: Sequence[Attribution] = (UNATTESTED,)) -> None:
        """Go on after ``known``, whose first is a place holder."""
        self.listed = list(known)
        self._numbers = {voice: number for number, voice in enumerate(self.listed) if number}

    def number(self, voice: Attribution) -> int:
        """Return the number of a voice, giving it one when it is new."""
        found = self._numbers.get(voice)
        if found is None and len(self.listed) >= MOST_VOICES:
            voice = replace(voice, maker=Maker())
            found = self._numbers.get(voice)
        if found is None:
            found = self._numbers[voice] = len(self.listed)
            self.listed.append(voice)
        return found


@dataclass(frozen=True, slots=True)
class LineSaid:
    """What one record says about one line."""

    claim: LineClaim
    """The claim that holds in the record: its last one on the line."""
    rule: RuleId
    """Dialect of the record."""
    place: str
    """Where the record was read (hostile text)."""
    why_not: str
    """Why the claim does not decide; empty when it does."""


def about_line(
    own: Attribution, records: Sequence[Record], path: str, number: int
) -> tuple[LineSaid, ...]:
    """Return what each record of a commit says about a line it added, counted from zero.

    The deciding claim comes first; the others say why they do not decide.
    """
    said: list[tuple[LineClaim, Record]] = []
    for record in records:
        claims = [c for c in record.claims if c.path == path and c.start <= number < c.stop]
        if claims:
            said.append((claims[-1], record))
    able = [claim for claim, _ in said if _may_speak(claim) and not _outranked(claim, own)]
    best = max(able, key=_rank) if able else None
    found = [
        LineSaid(claim, record.rule, record.place, "" if claim is best else _why_not(claim, own))
        for claim, record in said
    ]
    return tuple(sorted(found, key=lambda one: bool(one.why_not)))


def _why_not(claim: LineClaim, own: Attribution) -> str:
    if not _may_speak(claim):
        return "the record infers a person, and only an observed one counts"
    if _outranked(claim, own):
        return "the record infers it, and the commit's own mark is stronger"
    return "another record of a stronger or equal tier decides"


@dataclass(frozen=True, slots=True)
class Heard:
    """What the records of one commit decide."""

    attribution: Attribution
    """The commit's own attribution, the records' signs among its evidence."""
    codes: tuple[Codes, ...]
    """Voice of every line, per addition."""
    named: Mapping[RuleId, int]
    """AI lines each dialect names for this commit, whether the commit added them or not."""
    added: Mapping[RuleId, int]
    """Of which the commit really added."""
    disputed: int
    """Lines on which records disagree with each other."""


def hear(
    own: Attribution, additions: Sequence[Addition], records: Sequence[Record], voices: Voices
) -> Heard:
    """Let the ``records`` of one commit speak about the lines it added."""
    lines = _Lines(additions)
    named: dict[RuleId, int] = {}
    added: dict[RuleId, int] = {}
    spoken: list[tuple[LineClaim, RuleId]] = []
    codes = np.zeros(lines.size, dtype=np.int64)  # claim number + 1
    disputed = np.zeros(lines.size, dtype=bool)
    signs: list[Evidence] = []
    for record in records:
        claims = [claim for claim in record.claims if _may_speak(claim)]
        grouped = _by_path(claims)
        mine = lines.paint(grouped, offset=len(spoken))
        spoken += [(claim, record.rule) for claim in claims]
        said = _said(mine, spoken)
        named[record.rule] = named.get(record.rule, 0) + _named(grouped)
        ours = sum(lines for (kind, _, _), lines in said.items() if kind in _AI)
        added[record.rule] = added.get(record.rule, 0) + ours
        signs += _signs(record, said, lines.size)
        codes, clash = _stronger(codes, mine, spoken)
        disputed |= clash
    attribution = weigh_signs(own, signs) if signs else own
    decided = _voiced(codes, disputed, spoken, own, attribution, voices)
    return Heard(attribution, lines.split(decided), named, added, int(disputed.sum()))


def _may_speak(claim: LineClaim) -> bool:
    if claim.author_type is AuthorType.HUMAN:
        return claim.tier is Tier.OBSERVED
    return claim.author_type in _AI


class _Lines:
    """The added lines of a commit, in one row, file by file."""

    def __init__(self, additions: Sequence[Addition]) -> None:
        self.sizes = [addition.lines for addition in additions]
        self.size = sum(self.sizes)
        offset = 0
        by_path: dict[str, list[tuple[int, int, int]]] = {}
        for addition in additions:
            by_path.setdefault(addition.path, []).append((addition.start, addition.lines, offset))
            offset += addition.lines
        self._by_path = {path: sorted(parts) for path, parts in by_path.items()}

    def paint(self, grouped: _Grouped, *, offset: int) -> NDArray[np.int64]:
        """Return per line the number (from 1) of the last claim on it; 0 where there is none."""
        painted = np.zeros(self.size, dtype=np.int64)
        for path, group in grouped.items():
            parts = self._by_path.get(path)
            if parts is None:
                continue
            numbers = np.concatenate([np.arange(s, s + n) for s, n, _ in parts])
            places = np.concatenate([np.arange(o, o + n) for _, n, o in parts])
            here = np.zeros(numbers.size, dtype=np.int64)
            edges = np.array([(claim.start, claim.stop) for _, claim in group], dtype=np.int64)
            found = np.searchsorted(numbers, edges)
            for (number, _), (low, high) in zip(group, found.tolist(), strict=True):
                here[low:high] = offset + number + 1
            painted[places] = here
        return painted

    def split(self, codes: Codes) -> tuple[Codes, ...]:
        """Return the codes addition by addition."""
        return tuple(np.split(codes, np.cumsum(self.sizes)[:-1])) if self.sizes else ()


_Grouped = dict[str, list[tuple[int, LineClaim]]]
"""Claims by path, each with its place in the record."""


def _by_path(claims: Sequence[LineClaim]) -> _Grouped:
    grouped: _Grouped = {}
    for number, claim in enumerate(claims):
        grouped.setdefault(claim.path, []).append((number, claim))
    return grouped


def _named(grouped: _Grouped) -> int:
    """Count the distinct lines that AI claims name."""
    total = 0
    for group in grouped.values():
        end = 0
        spans = [(claim.start, claim.stop) for _, claim in group if claim.author_type in _AI]
        for start, stop in sorted(spans):
            total += max(0, stop - max(start, end))
            end = max(end, stop)
    return total


_Said = dict[tuple[AuthorType, Tier, Maker], int]


def _said(painted: NDArray[np.int64], spoken: Sequence[tuple[LineClaim, RuleId]]) -> _Said:
    """Count the added lines that a record gives to each kind of author."""
    said: _Said = {}
    for number, lines in zip(*np.unique(painted, return_counts=True), strict=True):
        if number:
            claim = spoken[int(number) - 1][0]
            key = claim.author_type, claim.tier, claim.maker
            said[key] = said.get(key, 0) + int(lines)
    return said


def _signs(record: Record, said: _Said, size: int) -> list[Evidence]:
    """Return what a record says of the commit as a whole."""
    signs = [
        Evidence(
            rule=record.rule,
            where=Where.NOTE,
            text=f"{lines} of {size} added lines: {_named_as(kind, maker)} ({record.place})",
            strength=Strength.NONE if kind is AuthorType.HUMAN else Strength.CO_WROTE,
            tier=tier,
            maker=maker,
        )
        for (kind, tier, maker), lines in sorted(
            said.items(), key=lambda item: (-item[1], str(item[0]))
        )
    ]
    if record.estimate is not None:
        signs.append(_estimated(record, record.estimate))
    return signs


def _named_as(kind: AuthorType, maker: Maker) -> str:
    """Say who wrote, as far as a record names them."""
    names = [name for name in (maker.agent, maker.model or maker.family) if name]
    return ", ".join([_WHOSE[kind], *names])


def _estimated(record: Record, estimate: Estimate) -> Evidence:
    low, high = estimate.low, estimate.high
    lines = f"{low}" if low == high else f"{low} to {high}"
    return Evidence(
        rule=record.rule,
        where=Where.NOTE,
        text=f"an estimate: {lines} of {estimate.whole} lines by an AI system ({record.place})",
        strength=Strength.ASSISTED if high else Strength.NONE,
        tier=Tier.DECLARED,
        maker=record.makers[0] if len(record.makers) == 1 else Maker(),
    )


def _stronger(
    codes: NDArray[np.int64],
    new: NDArray[np.int64],
    spoken: Sequence[tuple[LineClaim, RuleId]],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Keep, per line, the claim that decides; tell where two claims disagree."""
    ranks = np.array([0, *(_rank(claim) for claim, _ in spoken)], dtype=np.int64)
    whose = [(claim.author_type, claim.maker.family) for claim, _ in spoken]
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(whose), start=1)}
    kind = np.array([0, *(kinds[one] for one in whose)], dtype=np.int64)
    both = (codes > 0) & (new > 0)
    clash = both & (kind[codes] != kind[new])
    takes = (new > 0) & ((codes == 0) | (ranks[new] > ranks[codes]))
    return np.where(takes, new, codes).astype(np.int64), clash


def _rank(claim: LineClaim) -> int:
    """How strong a claim is; larger decides."""
    return 10 * (len(_TIERS) - _TIERS[claim.tier]) - _TYPES.index(claim.author_type)


def _voiced(
    codes: NDArray[np.int64],
    disputed: NDArray[np.bool_],
    spoken: Sequence[tuple[LineClaim, RuleId]],
    own: Attribution,
    attribution: Attribution,
    voices: Voices,
) -> Codes:
    """Turn claim numbers into voice numbers."""
    result = np.zeros(codes.size, dtype=np.uint16)
    recorded = inferred = False
    for number in np.unique(codes[codes > 0]).tolist():
        claim, rule = spoken[number - 1]
        if _outranked(claim, own):
            continue
        if claim.author_type in _AI:
            recorded |= claim.tier is not Tier.INFERRED
            inferred = True
        here = codes == number
        for doubt in (False, True):
            chosen = here & (disputed == doubt)
            if chosen.any():
                conflict = doubt or _contradicts(claim, own)
                voice = Attribution(claim.author_type, claim.tier, rule, claim.maker, (), conflict)
                result[chosen] = voices.number(voice)
    if attribution.author_type is AuthorType.ASSISTED and inferred:
        rest = _rest(own, recorded=recorded)
        if rest is not None:
            result[codes == 0] = voices.number(rest)
    return result


def _rest(own: Attribution, *, recorded: bool) -> Attribution | None:
    """Return whose the lines are that no record names; ``None``: the commit's own."""
    match own.author_type:
        case AuthorType.ASSISTED:
            return UNATTESTED if recorded else None
        case AuthorType.UNATTESTED | AuthorType.AI:
            return UNATTESTED
        case _:
            return replace(own, evidence=())


def _outranked(claim: LineClaim, own: Attribution) -> bool:
    """Whether the commit's own evidence is stronger than a record that was inferred."""
    return claim.tier is Tier.INFERRED and own.tier is not None and own.tier is not Tier.INFERRED


def _contradicts(claim: LineClaim, own: Attribution) -> bool:
    if own.author_type in (AuthorType.UNATTESTED, AuthorType.PREDATES_AI):
        return False
    if claim.author_type is AuthorType.HUMAN:
        return own.author_type is not AuthorType.ASSISTED
    if own.author_type not in _AI:
        return True
    families = {claim.maker.family, own.maker.family} - {None}
    return len(families) > 1
