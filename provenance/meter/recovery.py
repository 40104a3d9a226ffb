"""Lead landed lines back through the branch they came from, and let it speak for them.

The branch commits are replayed on top of the measured history.  A line that the landed
commit added belongs to the branch commit that git would blame at the branch's tip, if the
line stands there too (as git compares the two contents).  What the branch says about it
then holds for the landed line, at tier ``recovered``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from provenance.attribution.voices import Voices
from provenance.attribution.weigh import weigh_signs
from provenance.errors import HistoryError
from provenance.history.repository import Repository
from provenance.meter.branches import Branches, Landing, find_branches
from provenance.meter.gather import gather
from provenance.meter.mining import Mined, Start, replay
from provenance.meter.progress import Progress
from provenance.meter.records import Spoken, Sums, listen
from provenance.meter.settings import Options
from provenance.ownership.births import UNKNOWN, BirthIndex
from provenance.ownership.replay import Comparer, Replay, align
from provenance.ownership.tree import Tree
from provenance.rules.load import Catalogue
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
from provenance.terms.commits import CommitId
from provenance.terms.records import Gathered

_AI = frozenset({AuthorType.AI, AuthorType.ASSISTED})
_Ids = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Reached:
    """Lines of a landed commit and the branch lines that they were."""

    landing: Landing
    """The pair of commits."""
    lines: _Ids
    """Line ids born in the landed commit."""
    through: _Ids
    """Line ids born in the branch, in the same order."""


def beside(
    repository: Repository,
    head: CommitId,
    mined: Mined,
    *,
    catalogue: Catalogue,
    progress: Progress,
) -> tuple[Branches, Gathered]:
    """Find what may speak about a measured history: branches that landed in it, and records.

    Raises:
        HistoryError: the history could not be read.

    """
    branches = find_branches(repository, mined, catalogue=catalogue, progress=progress)
    gathered = gather(
        repository, head, mined.number,
        families=catalogue.families, beside=frozenset(branches.mined.ids[branches.size :]),
    )  # fmt: skip
    return branches, gathered


def follow(
    repository: Repository,
    branches: Branches,
    state: Replay,
    trees: Mapping[int, Tree],
    *,
    comparer: Comparer,
    options: Options,
    progress: Progress,
) -> list[Reached]:
    """Replay the branches on top of ``state`` and pair their lines with the landed ones.

    ``trees`` holds the trees of the commits that the branches want.
    """
    landings = [landing for landing in branches.landings if landing.commit in trees]
    if not landings:
        return []
    matcher = _Matcher(state, comparer)
    by_tip: dict[int, list[Landing]] = {}
    for landing in landings:
        by_tip.setdefault(landing.tip, []).append(landing)
    found: list[Reached] = []

    def arrive(number: int, tip: Tree) -> None:
        for landing in by_tip[number]:
            found.extend(matcher.match(landing, trees[landing.commit], tip))

    try:
        replay(
            repository,
            branches.mined,
            state,
            at={number: partial(arrive, number) for number in by_tip},
            start=Start(branches.size, {n: trees[n] for n in branches.forks}),
            options=options,
            progress=progress,
        )
    except HistoryError:  # a tree beside the history is missing: the measurement goes on
        progress.step("leaving out branches that this clone holds only in part", None)
        return []
    return sorted(found, key=lambda reached: reached.landing.commit)


class _Matcher:
    """Pairs the lines of landed commits with those at the tips of branches."""

    def __init__(self, state: Replay, comparer: Comparer) -> None:
        self._births = state.births.index()
        self._first_branch_line = len(state.births)
        self._comparer = comparer

    def match(self, landing: Landing, landed: Tree, tip: Tree) -> Iterator[Reached]:
        """Yield the lines that came through the branch, file by file."""
        births = self._births.births_of(landing.commit)
        for path in np.unique(self._births.rows[births, 1]).tolist():
            here, there = landed.get(path), tip.get(path)
            if here is None or there is None:
                continue
            if not isinstance(here.lines, bytes) or not isinstance(there.lines, bytes):
                continue
            aligned = self._aligned(there.blob, there.lines, here.blob)
            if aligned is None:
                continue
            lines = np.frombuffer(here.lines, dtype=np.uint32)
            if aligned.size != lines.size:
                continue
            came = self._births.commits(lines) == landing.commit
            came &= (aligned != UNKNOWN) & (aligned >= self._first_branch_line)
            if came.any():
                yield Reached(landing, lines[came], aligned[came])

    def _aligned(self, old: bytes, lines: bytes, new: bytes) -> _Ids | None:
        """Return the branch's line ids at the places of the landed content."""
        if old == new:
            return np.frombuffer(lines, dtype=np.uint32)
        hunks = self._comparer.lines_between(old, new)
        return None if hunks is None else align(lines, hunks)


def hear_all(
    mined: Mined,
    branches: Branches,
    gathered: Gathered,
    state: Replay,
    reached: Sequence[Reached],
    *,
    before: Spoken | None = None,
    first: int = 0,
) -> Spoken:
    """Let records, then branches, speak about the lines of a measured history."""
    births = state.births.index()
    paths = [os.fsdecode(path) for path in state.paths]
    spoken = listen(mined, births, paths, gathered, before=before, first=first)
    if not reached:
        return spoken
    branch = listen(
        branches.mined, births, paths, gathered,
        before=replace(spoken, attributions=[]), first=branches.size,
    )  # fmt: skip
    return recover(spoken, branch, reached, births, mined=branches.mined, gathered=gathered)


def recover(
    spoken: Spoken, branch: Spoken, reached: Sequence[Reached], births: BirthIndex,
    *, mined: Mined, gathered: Gathered,
) -> Spoken:  # fmt: skip
    """Let the branches speak for the landed lines they became.

    ``spoken`` is what the records say of the measured history, ``branch`` what they and the
    marks say of the branch commits as well; ``births`` those of both.
    """
    if not reached:
        return spoken
    voices = Voices(branch.voices)
    voice_of_line = _room(spoken, branch, births)
    attributions = list(spoken.attributions)
    owners = _Owners(births, branch)
    led: dict[RuleId, set[int]] = {}
    by_commit: dict[int, list[Reached]] = {}
    for one in reached:
        by_commit.setdefault(one.landing.commit, []).append(one)
    for number, parts in by_commit.items():
        own = attributions[number]
        signs = _speak(own, parts, owners, voices, voice_of_line, led)
        if not signs:
            continue
        attributions[number] = weigh_signs(own, _signs(signs, parts[0].landing, mined))
        if own.author_type is AuthorType.UNATTESTED is not attributions[number].author_type:
            # what did not come through the branch is still nobody's
            mine = births.lines_of(number)
            voice_of_line[mine[voice_of_line[mine] == 0]] = voices.number(UNATTESTED)
    sums = dict(spoken.sums)
    for rule in sorted(led.keys() & {rule for rule, _ in gathered.totals}):
        sums[rule] = sums.get(rule, Sums()) + Sums(recovered=len(led[rule]))
    return replace(
        spoken, attributions=attributions, voices=voices.listed,
        voice_of_line=voice_of_line, sums=sums,
    )  # fmt: skip


_Said = dict[tuple[RuleId, AuthorType, Maker], int]
"""Lines by deciding rule, author type and maker."""


def _speak(
    own: Attribution,
    parts: Sequence[Reached],
    owners: _Owners,
    voices: Voices,
    voice_of_line: NDArray[np.uint16],
    led: dict[RuleId, set[int]],
) -> _Said:
    """Give the lines of one landed commit the voices of its branch; return what was given."""
    lines = np.concatenate([part.lines for part in parts])
    through = np.concatenate([part.through for part in parts])
    free = _free(voice_of_line[lines], voices)
    said: _Said = {}
    for (commit, attribution), chosen in owners.of(through).items():
        taking = chosen & free
        voice = _recovered(attribution)
        if voice is None:
            if own.author_type is AuthorType.ASSISTED:
                voice_of_line[lines[taking]] = voices.number(UNATTESTED)
            continue
        if voice.rule is None or voice.author_type is own.author_type or not taking.any():
            continue  # the commit's own mark is the stronger one, or its record has spoken
        voice_of_line[lines[taking]] = voices.number(voice)
        led.setdefault(voice.rule, set()).add(commit)
        key = voice.rule, voice.author_type, voice.maker
        said[key] = said.get(key, 0) + int(taking.sum())
    return said


def _room(spoken: Spoken, branch: Spoken, births: BirthIndex) -> NDArray[np.uint16]:
    """Return the voices of all lines, those of the measured history as they were heard there."""
    voice_of_line = np.zeros(int(births.ends[-1]), dtype=np.uint16)
    for known in (branch.voice_of_line, spoken.voice_of_line):
        if known is not None:
            voice_of_line[: known.size] = known
    return voice_of_line


def _free(voices_there: NDArray[np.uint16], voices: Voices) -> NDArray[np.bool_]:
    """Tell which lines no record of the landed commit itself decides."""
    silent = [0] + [n for n, voice in enumerate(voices.listed) if n and voice == UNATTESTED]
    return np.isin(voices_there, silent)


def _recovered(attribution: Attribution) -> Attribution | None:
    """Return what a branch line says of the landed one; ``None`` when nothing."""
    if attribution.author_type in (AuthorType.UNATTESTED, AuthorType.PREDATES_AI):
        return None
    return replace(attribution, tier=Tier.RECOVERED, evidence=())


def _signs(signs: _Said, landing: Landing, mined: Mined) -> list[Evidence]:
    tip = mined.ids[landing.tip][:12]
    return [
        Evidence(
            rule=rule,
            where=Where.BRANCH,
            text=f"{lines} added lines came through {tip} ({landing.place}): {kind.value}",
            strength=Strength.SESSION if kind in _AI else Strength.NONE,
            tier=Tier.RECOVERED,
            maker=maker,
        )
        for (rule, kind, maker), lines in sorted(signs.items(), key=lambda s: (-s[1], str(s[0])))
    ]


class _Owners:
    """Who owns the lines of the branches."""

    def __init__(self, births: BirthIndex, branch: Spoken) -> None:
        self._births = births
        self._branch = branch

    def of(self, through: _Ids) -> dict[tuple[int, Attribution], NDArray[np.bool_]]:
        """Return every owner (commit, attribution) with the places of its lines."""
        commits = self._births.commits(through)
        spoken = self._branch.voice_of_line
        voice = np.zeros(through.size, dtype=np.int64)
        if spoken is not None:
            voice = spoken[through].astype(np.int64)
        found: dict[tuple[int, Attribution], NDArray[np.bool_]] = {}
        for commit, number in sorted(set(zip(commits.tolist(), voice.tolist(), strict=True))):
            attribution = (
                self._branch.voices[number] if number else self._branch.attributions[commit]
            )
            chosen = (commits == commit) & (voice == number)
            key = commit, replace(attribution, evidence=())
            found[key] = found[key] | chosen if key in found else chosen
        return found
