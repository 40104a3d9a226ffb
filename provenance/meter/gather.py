"""Gather the line-level records of a clone: every dialect, every ref it is stored under."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from provenance.errors import HistoryError
from provenance.evidence.dialect import HEAD, Around, Dialect, Entry, Source, Store, place
from provenance.evidence.dialects import DIALECTS
from provenance.evidence.limits import LARGEST, LARGEST_FILE, MOST_BYTES
from provenance.evidence.problems import Problems
from provenance.history.notes import annotated, contents, list_files, look_up
from provenance.history.repository import Repository
from provenance.meter.surroundings import surroundings
from provenance.rules.families import Families
from provenance.terms.authors import RuleId
from provenance.terms.commits import CommitId
from provenance.terms.records import Gathered, Problem, Record

NOTHING = Gathered((), (), (), ())
"""What a clone without records gives."""

_MOST_TREES = 100
_MOST_TRIES = 10


def gather(
    repository: Repository,
    head: CommitId,
    commits: Collection[CommitId],
    *,
    families: Families | None = None,
    beside: Collection[CommitId] = (),
) -> Gathered:
    """Read every record about one of ``commits``, or of branch commits ``beside`` them.

    Files in the tree are read at ``head``; messages and parents are those of the commits
    reachable from ``head``.  What cannot be read is listed, never raised.

    Raises:
        HistoryError: the history itself could not be read.

    """
    wanted = _wanted(repository)
    around = surroundings(repository, (head,), families)
    found = [
        _read(repository, dialect, refs, head, (commits, beside), around)
        for dialect in DIALECTS
        if (refs := wanted.get(dialect.id))
    ]
    if not found:
        return NOTHING
    return Gathered(
        records=tuple(
            sorted(
                (record for one in found for record in one.records),
                key=lambda record: (record.commit, record.rule, record.place),
            )
        ),
        problems=tuple(
            sorted(
                (problem for one in found for problem in one.problems),
                key=lambda problem: (problem.rule, problem.place, problem.slug),
            )
        ),
        totals=tuple(sorted((one.rule, one.total) for one in found if one.total)),
        pins=tuple(sorted({pin for one in found for pin in one.pins})),
        reachable=tuple(sorted((one.rule, one.reachable) for one in found if one.total)),
    )


def annotated_commits(repository: Repository) -> set[CommitId]:
    """Return the commits that notes and blobs speak of, whether they are in the clone or not."""
    unheard = Problems(RuleId(""))  # whoever reads the records meets these problems again
    return {
        one.commit
        for refs in _wanted(repository).values()
        for one in _objects(repository, refs, CommitId(""), unheard)
        if one.commit is not None
    }


@dataclass(frozen=True, slots=True)
class _One:
    """What one dialect gave."""

    rule: RuleId
    records: Sequence[Record]
    problems: Sequence[Problem]
    total: int
    reachable: int
    pins: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Object:
    """An object that may hold a record, not read yet."""

    source: Source
    ref: str
    path: str
    commit: CommitId | None
    name: str
    """Its id, or its path in a commit, as git is asked for it."""

    @property
    def place(self) -> str:
        """Ref and path, as shown to people."""
        return place(self.ref, self.path)


def _wanted(repository: Repository) -> Mapping[RuleId, Sequence[tuple[Source, str]]]:
    """Return the refs each dialect reads, from one look at the names."""
    wanted: dict[RuleId, list[tuple[Source, str]]] = {}
    names = repository.refs.names
    for dialect in DIALECTS:
        for source in dialect.sources:
            if source.ref == HEAD:
                wanted.setdefault(dialect.id, []).append((source, HEAD))
            elif "*" not in source.ref:
                if source.ref in names:
                    wanted.setdefault(dialect.id, []).append((source, source.ref))
            else:
                matches = re.compile(fnmatch.translate(source.ref)).match
                found = [(source, name) for name in names if matches(name)]
                if found:
                    wanted.setdefault(dialect.id, []).extend(found)
    return wanted


def _read(
    repository: Repository,
    dialect: Dialect,
    refs: Sequence[tuple[Source, str]],
    head: CommitId,
    asked: tuple[Collection[CommitId], Collection[CommitId]],
    around: Around,
) -> _One:
    commits, beside = asked
    problems = Problems(dialect.id)
    objects = list(_objects(repository, refs, head, problems))
    noting = [one for one in objects if one.commit is not None]
    about = [one for one in noting if one.commit in commits or one.commit in beside]
    other = [one for one in objects if one.commit is None]
    reading = dialect.read(_entries(repository, about, problems), around)
    records = list(_once(reading.records))
    found = dialect.read(_entries(repository, other, problems), around)
    elsewhere = [r for r in found.records if r.commit in commits or r.commit in beside]
    return _One(
        rule=dialect.id,
        records=[*records, *elsewhere],
        problems=[*problems.listed(), *reading.problems, *found.problems],
        total=len(noting) + found.seen,
        reachable=sum(one.commit in commits for one in about)
        + sum(record.commit in commits for record in elsewhere),
        pins=[(ref, repository.refs.names[ref]) for _, ref in refs if ref != HEAD],
    )


def _once(records: Sequence[Record]) -> Iterator[Record]:
    """Keep, of several records of a commit, the one from the preferred store."""
    known: set[CommitId] = set()
    for record in records:
        if record.commit not in known:
            known.add(record.commit)
            yield record


def _objects(
    repository: Repository,
    refs: Sequence[tuple[Source, str]],
    head: CommitId,
    problems: Problems,
) -> Iterator[_Object]:
    """List every object of the refs that may hold a record."""
    digits = repository.location.digits
    trees = 0
    for source, ref in refs:
        tip = repository.refs.names[ref] if ref != HEAD else head
        match source.store:
            case Store.NOTES | Store.FOLDER:
                trees += 1
                if trees > _MOST_TREES:
                    problems.add(ref, "too-many-refs", f"more than {_MOST_TREES} refs")
                else:
                    yield from _in_tree(repository, source, ref, tip, problems)
            case Store.FILE:
                yield _Object(source, ref, source.name, None, f"{tip}:{source.name}")
            case Store.BLOBS:
                if commit := annotated(ref.rpartition("/")[2], digits):
                    yield _Object(source, ref, "", commit, tip)


def _in_tree(
    repository: Repository, source: Source, ref: str, tip: str, problems: Problems
) -> Iterator[_Object]:
    digits = repository.location.digits
    try:
        for file in list_files(repository, tip):
            if source.store is Store.FOLDER:
                if file.path.rpartition("/")[2] == source.name:
                    yield _Object(source, ref, file.path, None, file.blob)
            elif commit := annotated(file.path, digits):
                yield _Object(source, ref, file.path, commit, file.blob)
    except HistoryError as error:
        problems.add(ref, error.slug, error.message)


def _entries(
    repository: Repository, objects: Sequence[_Object], problems: Problems
) -> Iterator[Entry]:
    """Yield the contents of those that are blobs of a readable size."""
    kept: list[tuple[_Object, str]] = []
    room = MOST_BYTES
    looked_up = look_up(repository, [one.name for one in objects])
    for one, found in zip(objects, looked_up, strict=True):
        largest = LARGEST_FILE if one.source.store is Store.FILE else LARGEST
        if found is None:
            if one.source.store is not Store.FILE:  # else there is no such file
                problems.add(one.place, "missing", "the object is missing from this clone")
        elif found.kind != "blob":
            problems.add(one.place, "not-a-blob", f"a {found.kind} where a record should be")
        elif found.size > largest:
            problems.add(one.place, "too-large", f"{found.size} bytes were not read")
        elif found.size > room:
            problems.add(one.place, "too-much", "more bytes than are read in one run")
        else:
            room -= found.size
            kept.append((one, found.oid))
    done = 0
    for _ in range(_MOST_TRIES):
        if done == len(kept):
            return
        try:
            for content in contents(repository, [oid for _, oid in kept[done:]]):
                one = kept[done][0]
                done += 1
                if content is None:
                    problems.add(one.place, "missing", "the object is missing from this clone")
                else:
                    yield Entry(one.source, one.ref, one.path, one.commit, content)
        except HistoryError as error:
            problems.add(kept[done][0].place, "unreadable", error.message)
            done += 1
    for one, _ in kept[done:]:
        problems.add(one.place, "unreadable", "too many objects of this ref are damaged")
