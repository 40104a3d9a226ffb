"""Ask the findings about a measured history: gather plain values, then let them be judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from provenance.findings.find import find
from provenance.findings.identities import mapped
from provenance.findings.predates import PREDATES, Ages, ages
from provenance.findings.seen import MOST_READ, MOST_TEXT, Additions, Clone, History, Seen
from provenance.findings.traits import TraitReader
from provenance.findings.wanted import wanted
from provenance.history.blobs import read_blobs
from provenance.history.repository import Repository
from provenance.meter.mining import Mined
from provenance.meter.reading import COUNTED, Placed
from provenance.meter.settings import FIRST_RELEASE, OFF, Options, Settings, cutoff_of
from provenance.meter.tracing import Traced
from provenance.metrics.classes import Table
from provenance.metrics.measurement import Finding
from provenance.rules.load import Catalogue
from provenance.rules.match import match
from provenance.terms.authors import Attribution, AuthorType, Strength, Where
from provenance.terms.commits import Commit, CommitId, Identity
from provenance.terms.records import Record
from provenance.terms.unmeasured import Reason

_TOOLS = frozenset({Strength.WROTE, Strength.CO_WROTE, Strength.AUTOMATION})


def cutoffs(
    settings: Settings, options: Options, catalogue: Catalogue
) -> tuple[str | None, str | None]:
    """Return the cut-offs asked for: of any model, and of the lab's own ones.

    Raises:
        UsageError: the option is neither a day nor ``off``.

    """
    if options.predates == OFF:
        return None, None
    given = cutoff_of(options.predates) if options.predates is not None else settings.predates
    own = settings.own_predates
    if own == FIRST_RELEASE:
        own = catalogue.families.first_release(settings.own_families)
    return given, own if settings.own_families else None


def judge_dates(
    mined: Mined,
    *,
    cutoff: str | None,
    own_cutoff: str | None,
    records: Iterable[Record] = (),
) -> Ages:
    """Say which commits are older than any model, if the dates of the history hold.

    A commit that a line-level record speaks of is left to the record.
    """
    silent = _of_type(mined.attributions, {AuthorType.UNATTESTED})
    recorded = {mined.number[record.commit] for record in records if record.commit in mined.number}
    silent[sorted(recorded)] = False
    return ages(history_of(mined), silent=silent, cutoff=cutoff, own_cutoff=own_cutoff)


def dated(attributions: Sequence[Attribution], judged: Ages) -> list[Attribution]:
    """Return the attributions with those of old commits replaced."""
    found = list(attributions)
    for number in judged.old.tolist():
        found[number] = PREDATES
    return found


def history_of(mined: Mined) -> History:
    """Return the columns of the mined commits."""
    made = _of_type(mined.attributions, {AuthorType.AI, AuthorType.ASSISTED})
    automated = _of_type(mined.attributions, {AuthorType.AUTOMATION})
    return History(
        ids=mined.ids,
        parents=mined.graph,
        committed=np.array(mined.committed, dtype=np.int64),
        authored=np.array(mined.authored, dtype=np.int64),
        authors=np.array(mined.authors, dtype=np.int64),
        traits=np.array(mined.traits, dtype=np.int64),
        marked=made.astype(np.int64),
        automated=automated.astype(np.int64),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What a measurement has found when the questions are asked."""

    mined: Mined
    """The commits."""
    traced: Traced
    """What they added, and the files at the head."""
    placed: Placed
    """Where every path belongs."""
    flaws: Sequence[tuple[str, Reason, int]]
    """(path, reason, lines) of what could not be measured."""
    judged: Ages
    """What the dates prove."""
    records: Sequence[Record] = ()
    """Line-level records, of commits of this history or of others."""
    orphans: Sequence[CommitId] = ()
    """Commits outside this history that records speak of, sorted."""


def ask(
    repository: Repository, found: Found, *, catalogue: Catalogue, own_families: Sequence[str]
) -> tuple[Finding, ...]:
    """Return every finding; the files that matter at the head are read by one git process."""
    mined = found.mined
    texts = _texts(repository, {path: v.blob for path, v in found.traced.head.items()})
    reader = TraitReader(catalogue, own_families=own_families)
    seen = Seen(
        history=with_records(history_of(mined), mined, found.records, reader),
        additions=_additions(found.traced.hunks, len(mined.ids)),
        clone=_clone(repository, found.placed, found.flaws),
        files=texts,
        tools=_tools(texts.get(".mailmap", ""), catalogue),
        orphans=found.orphans,
        undated=found.judged.undated,
    )
    return find(seen)


def with_records(
    history: History, mined: Mined, records: Iterable[Record], reader: TraitReader
) -> History:
    """Return the columns with what line-level records say about models."""
    traits = history.traits.copy()
    for record in records:
        number = mined.number.get(record.commit)
        if number is not None:
            for maker in (*record.makers, *(claim.maker for claim in record.claims)):
                traits[number] |= int(reader.early(maker, mined.committed[number]))
    return replace(history, traits=traits)


def _of_type(attributions: Sequence[Attribution], kinds: set[AuthorType]) -> NDArray[np.bool_]:
    return np.array([found.author_type in kinds for found in attributions], dtype=bool)


def _texts(repository: Repository, alive: Mapping[str, bytes]) -> dict[str, str]:
    paths = wanted(alive)
    contents = read_blobs(repository, [alive[path] for path in paths], most=MOST_READ)
    texts: dict[str, str] = {}
    room = MOST_TEXT
    with closing(contents):
        for path, content in zip(paths, contents, strict=True):
            if content is not None and len(content) <= room:
                room -= len(content)
                texts[path] = content.decode("utf-8", "replace")
    return texts


def _additions(hunks: Table, commits: int) -> Additions:
    commit, path, added = hunks[:, 0], hunks[:, 1], hunks[:, 5]
    known = commit < commits
    lines = np.bincount(commit[known], weights=added[known], minlength=commits)
    paths = int(path.max(initial=0)) + 1
    pairs = np.unique(commit[known] * paths + path[known])
    files = np.bincount(pairs // paths, minlength=commits)
    return Additions(np.rint(lines).astype(np.int64), files.astype(np.int64))


def _clone(
    repository: Repository, placed: Placed, flaws: Iterable[tuple[str, Reason, int]]
) -> Clone:
    """Say what is unusual: a picture that is missing is no code and is left out."""
    unread, submodules = [], []
    for path, reason, lines in flaws:
        call = placed.facets.get(path)
        if reason is Reason.SUBMODULE:
            submodules.append(path)
        elif reason is Reason.MISSING_BLOB and (lines or (call and call.facet in COUNTED)):
            unread.append(path)
    return Clone(
        shallow=repository.location.shallow,
        replaced=repository.refs.replaced,
        grafts=repository.location.grafts,
        unread=unread,
        submodules=submodules,
    )


def _tools(mailmap: str, catalogue: Catalogue) -> frozenset[str]:
    """Return the identities of a mailmap that the rules know as a tool."""
    named = {identity for _, old, new in mapped(mailmap) for identity in (old, new)}
    return frozenset(str(identity) for identity in named if _is_tool(identity, catalogue))


def _is_tool(identity: Identity, catalogue: Catalogue) -> bool:
    signs = match(Commit(CommitId(""), (), identity, identity, 0, 0, ""), catalogue)
    return any(sign.where is Where.AUTHOR and sign.strength in _TOOLS for sign in signs)
