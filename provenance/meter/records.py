"""Lead line-level records to the lines they speak of."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from provenance.attribution.voices import Addition, Codes, Heard, Voices, hear
from provenance.meter.branches import Branches
from provenance.meter.mining import Mined
from provenance.metrics.classes import Table
from provenance.metrics.facts import owner_numbers
from provenance.metrics.measurement import RecordFigures
from provenance.ownership.births import BirthIndex
from provenance.terms.authors import UNATTESTED, Attribution, Maker, RuleId
from provenance.terms.records import Gathered, Record

PATH, START, ADDED = 1, 4, 5
"""Columns of the table of births."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What one dialect gave, added up over commits."""

    commits: int = 0
    """Commits in which it decides at least one line."""
    named: int = 0
    """AI lines it names."""
    added: int = 0
    """Of which the commits really added."""
    estimated: int = 0
    """Commits with an estimate."""
    low: int = 0
    """Pooled estimates: at least so many lines."""
    high: int = 0
    """At most so many."""
    whole: int = 0
    """Of so many."""
    recovered: int = 0
    """Commits of branches whose records were led to landed lines."""

    def __add__(self, other: Sums) -> Sums:
        """Add field by field."""
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Sums)))


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the records say about the lines of a measured history."""

    attributions: list[Attribution]
    """Attribution of every commit, by number, the records' signs among its evidence."""
    voices: Sequence[Attribution] = (UNATTESTED,)
    """Attributions that records give to single lines; the first is a place holder."""
    voice_of_line: Codes | None = None
    """Voice of every line id; 0: the commit's own; ``None`` where no record speaks."""
    sums: Mapping[RuleId, Sums] = field(default_factory=dict)
    """What each dialect gave."""
    disputed: int = 0
    """Added lines on which records disagree."""

    def owners(self, commit_of_line: NDArray[np.uint32], commits: int) -> NDArray[np.uint32]:
        """Return the owner number of every line id."""
        voice = self.voice_of_line
        if voice is None:
            voice = np.zeros(commit_of_line.size, dtype=np.uint16)
        return owner_numbers(commit_of_line, voice, commits=commits)

    def cut(self, births: Table) -> Table:
        """Return the births with their voice as a last column, cut where the voice changes."""
        if self.voice_of_line is None:
            return np.column_stack([births, np.zeros(len(births), dtype=np.int64)])
        return _cut(births, self.voice_of_line)

    def figures(self, gathered: Gathered) -> tuple[RecordFigures, ...]:
        """Return what each dialect gave, sorted by its id."""
        flawed = {(problem.rule, problem.place) for problem in gathered.problems}
        unusable = Counter(rule for rule, _ in flawed)
        reachable = dict(gathered.reachable)
        return tuple(
            _figures(
                rule, total, unusable[rule], reachable.get(rule, 0), self.sums.get(rule, Sums())
            )
            for rule, total in gathered.totals
            if total
        )


def digest(gathered: Gathered, branches: Branches, size: int) -> str:
    """Return the SHA-256 over what records and branches say of the first ``size`` commits."""
    landed = branches.landed(0, size)
    ids = landed.mined.ids
    known = {*ids[:size], *ids[branches.size :]}
    said = [
        [(ids[one.commit], ids[one.tip], one.place) for one in landed.landings],
        list(zip(ids[branches.size :], landed.mined.attributions[branches.size :], strict=True)),
        sorted((oid, signs) for oid, signs in landed.mined.noted.items() if oid in known),
    ]
    summed = hashlib.sha256(repr(said).encode("utf-8", "surrogateescape"))
    for record in gathered.records:
        if record.commit in known:
            summed.update(_spelt(record).encode("utf-8", "surrogateescape"))
    return summed.hexdigest()


def _spelt(record: Record) -> str:
    """Return a record as text: all of it, but faster than ``repr``."""
    makers: dict[Maker, str] = {}
    parts = [record.rule, record.commit, record.place, repr(record.estimate), repr(record.makers)]
    for claim in record.claims:
        maker = makers.get(claim.maker)
        if maker is None:
            maker = makers[claim.maker] = repr(claim.maker)
        parts.append(f"{claim.path}\t{claim.start}\t{claim.stop}")
        parts.append(f"{claim.author_type}\t{claim.tier}\t{maker}")
    return "\n".join(parts) + "\0"


def listen(
    mined: Mined,
    births: BirthIndex,
    paths: Sequence[str],
    gathered: Gathered,
    *,
    before: Spoken | None = None,
    first: int = 0,
) -> Spoken:
    """Let every record speak about the lines its commit added; all others say nothing.

    With ``before``, what was said of the commits below ``first`` holds.
    """
    about = _by_number(mined, gathered, first)
    attributions = list(mined.attributions)
    voices = Voices(before.voices if before else (UNATTESTED,))
    sums = dict(before.sums) if before else {}
    disputed = before.disputed if before else 0
    spoken: list[tuple[int, Codes]] = []
    for number in sorted(about):
        rows = births.births_of(number)
        heard = hear(
            attributions[number],
            [
                Addition(paths[path], start, lines)
                for path, start, lines in births.rows[rows][:, (PATH, START, ADDED)].tolist()
            ],
            about[number],
            voices,
        )
        attributions[number] = heard.attribution
        disputed += heard.disputed
        for rule, one in _summed(about[number], heard).items():
            sums[rule] = sums.get(rule, Sums()) + one
        spoken += [
            (int(births.ends[row]), codes)
            for row, codes in zip(rows.tolist(), heard.codes, strict=True)
            if codes.any()
        ]
    known = before.voice_of_line if before else None
    lines = int(births.ends[-1]) if births.ends.size else 0
    return Spoken(attributions, voices.listed, _placed(known, spoken, lines), sums, disputed)


def _placed(known: Codes | None, spoken: Sequence[tuple[int, Codes]], lines: int) -> Codes | None:
    """Return the voice of every line id; ``spoken`` gives voices by the line id they end at."""
    if known is None and not spoken:
        return None
    voice_of_line = np.zeros(lines, dtype=np.uint16)
    if known is not None:
        voice_of_line[: known.size] = known
    for end, codes in spoken:
        voice_of_line[end - codes.size : end] = codes
    return voice_of_line


def _by_number(mined: Mined, gathered: Gathered, first: int) -> dict[int, list[Record]]:
    about: dict[int, list[Record]] = {}
    for record in gathered.records:
        number = mined.number.get(record.commit, -1)
        if number >= first:
            about.setdefault(number, []).append(record)
    return about


def _cut(births: Table, voice_of_line: Codes) -> Table:
    """Cut births where the voice changes; what was removed stays with the first part."""
    ends = np.cumsum(births[:, ADDED])
    starts = ends - births[:, ADDED]
    lines = int(ends[-1]) if ends.size else 0
    changes = np.flatnonzero(np.diff(voice_of_line[:lines])) + 1
    # a cut inside a birth makes one more part
    row = np.searchsorted(ends, changes, side="right")
    changes, row = changes[changes > starts[row]], row[changes > starts[row]]
    part = np.concatenate([np.arange(len(births)), row])
    first = np.concatenate([starts, changes])
    order = np.lexsort((first, part))
    part, first = part[order], first[order]
    last = np.empty(part.size, dtype=bool)
    last[:-1] = part[1:] != part[:-1]
    last[-1:] = True
    stop = np.where(last, ends[part], np.append(first[1:], 0))
    table = births[part]
    offset = first - starts[part]
    table[:, 2] += np.where(offset > 0, table[:, 3], 0)
    table[:, 3] = np.where(offset > 0, 0, table[:, 3])
    table[:, START] += offset
    table[:, ADDED] = stop - first
    voice = np.zeros(part.size, dtype=np.int64)
    adds = table[:, ADDED] > 0
    voice[adds] = voice_of_line[first[adds]]
    return np.column_stack([table, voice])


def _summed(records: Sequence[Record], heard: Heard) -> dict[RuleId, Sums]:
    """Return what each dialect gave for one commit."""
    sums: dict[RuleId, Sums] = {}
    for record in records:
        one = Sums()
        if record.estimate is not None:
            low, high, whole = record.estimate.low, record.estimate.high, record.estimate.whole
            one += Sums(estimated=1, low=low, high=high, whole=whole)
        sums[record.rule] = sums.get(record.rule, Sums()) + one
    for rule, named in heard.named.items():
        added = heard.added[rule]
        sums[rule] += Sums(commits=int(added > 0), named=named, added=added)
    return sums


def _figures(rule: RuleId, total: int, unusable: int, reachable: int, sums: Sums) -> RecordFigures:
    return RecordFigures(
        rule=rule,
        total=total,
        unusable=min(unusable, total),
        reachable=reachable,
        recovered=sums.recovered,
        commits=sums.commits,
        named_lines=sums.named,
        added_lines=sums.added,
        estimate=(sums.low, sums.high, sums.whole),
        estimated=sums.estimated,
    )
