"""Gather the line-level records of a clone: every dialect, every ref it is stored under."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from provenance.errors import HistoryError
from provenance.evidence.dialect import HEAD, Around, Dialect, Entry, Source, Store
from provenance.evidence.dialects import DIALECTS
from provenance.evidence.limits import LARGEST, LARGEST_FILE, MOST_BYTES
from provenance.evidence.problems import Problems
from provenance.history.notes import Found, annotated, contents, list_files, look_up
from provenance.history.repository import Repository
from provenance.meter.surroundings import surroundings
from provenance.rules.families import Families
from provenance.terms.authors import RuleId
from provenance.terms.commits import CommitId
from provenance.terms.records import Gathered, Problem, Record

NOTHING = Gathered((), (), (), ())
"""What a clone without records gives."""

_MOST_TREES = 100


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
    problems = Problems(RuleId(""))
    found: set[CommitId] = set()
    for refs in _wanted(repository).values():
        for source, ref in refs:
            if source.store is Store.BLOBS:
                commit = annotated(ref.rpartition("/")[2], repository.location.digits)
                found |= {commit} if commit else set()
            elif source.store is Store.NOTES:
                tip = repository.refs.names[ref]
                for _, _, path, _ in _in_tree(repository, source, ref, tip, problems):
                    commit = annotated(path, repository.location.digits)
                    found |= {commit} if commit else set()
    return found


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
    found: Found | None


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
    objects = _objects(repository, refs, head, problems)
    annotating = [one for one in objects if one.commit is not None]
    about = [one for one in annotating if one.commit in commits or one.commit in beside]
    rest = [one for one in objects if one.commit is None]
    reading = dialect.read(_entries(repository, [*about, *rest], problems), around)
    records = [
        r for r in _once(reading.records, dialect) if r.commit in commits or r.commit in beside
    ]
    others = reading.seen - len(about) if rest else 0
    noted = {one.commit for one in about}
    reachable = sum(commit in commits for commit in noted)
    reachable += len({r.commit for r in records if r.commit in commits} - noted)
    return _One(
        rule=dialect.id,
        records=records,
        problems=[*problems.listed(), *reading.problems],
        total=len(annotating) + others,
        reachable=reachable,
        pins=[(ref, repository.refs.names[ref]) for _, ref in refs if ref != HEAD],
    )


def _once(records: Sequence[Record], dialect: Dialect) -> Iterator[Record]:
    """Keep, of several records of a commit in notes or blobs, the one read first."""
    several = any(s.store in {Store.FILE, Store.FOLDER} for s in dialect.sources)
    known: set[CommitId] = set()
    for record in records:
        if several or record.commit not in known:
            known.add(record.commit)
            yield record


def _objects(
    repository: Repository,
    refs: Sequence[tuple[Source, str]],
    head: CommitId,
    problems: Problems,
) -> list[_Object]:
    """List every object of the refs, with its size."""
    digits = repository.location.digits
    listed: list[tuple[Source, str, str, str]] = []
    trees = 0
    for source, ref in refs:
        tip = repository.refs.names[ref] if ref != HEAD else head
        match source.store:
            case Store.NOTES | Store.FOLDER:
                trees += 1
                if trees > _MOST_TREES:
                    problems.add("", "too-many-refs", f"more than {_MOST_TREES} refs")
                    break
                listed += _in_tree(repository, source, ref, tip, problems)
            case Store.FILE:
                listed.append((source, ref, source.name, f"{tip}:{source.name}"))
            case Store.BLOBS:
                listed.append((source, ref, "", tip))
    found = look_up(repository, [name for *_, name in listed])
    objects = []
    for (source, ref, path, _), one in zip(listed, found, strict=True):
        if source.store is Store.FILE and one is None:
            continue
        commit = None
        if source.store is Store.NOTES:
            commit = annotated(path, digits)
        elif source.store is Store.BLOBS:
            commit = annotated(ref.rpartition("/")[2], digits)
        if commit is not None or source.store in {Store.FILE, Store.FOLDER}:
            objects.append(_Object(source, ref, path, commit, one))
    return objects


def _in_tree(
    repository: Repository, source: Source, ref: str, tip: str, problems: Problems
) -> Iterator[tuple[Source, str, str, str]]:
    try:
        for file in list_files(repository, tip):
            if not source.name or file.path.rpartition("/")[2] == source.name:
                yield source, ref, file.path, file.blob
    except HistoryError as error:
        problems.add(ref, error.slug, error.message)


def _entries(
    repository: Repository, objects: Sequence[_Object], problems: Problems
) -> Iterator[Entry]:
    """Yield the contents of those that are blobs of a readable size."""
    kept: list[_Object] = []
    room = MOST_BYTES
    for one in objects:
        place = f"{one.ref or 'HEAD'}:{one.path}" if one.path else one.ref
        largest = LARGEST_FILE if one.source.store is Store.FILE else LARGEST
        if one.found is None:
            problems.add(place, "missing", "the object is missing from this clone")
        elif one.found.kind != "blob":
            problems.add(place, "not-a-blob", f"a {one.found.kind} where a record should be")
        elif one.found.size > largest:
            problems.add(place, "too-large", f"{one.found.size} bytes are too many")
        elif one.found.size > room:
            problems.add(place, "too-much", "more bytes than are read in one run")
        else:
            room -= one.found.size
            kept.append(one)
    blobs = [one.found.oid for one in kept if one.found is not None]
    for one, content in zip(kept, contents(repository, blobs), strict=True):
        if content is None:
            problems.add(one.ref, "missing", "the object is missing from this clone")
        else:
            yield Entry(one.source, one.ref, one.path, one.commit, content)
