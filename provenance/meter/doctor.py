"""What a clone can and cannot show, and what would cure it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

from provenance.errors import HistoryError
from provenance.history.blobs import read_blobs
from provenance.history.repository import Repository
from provenance.history.walk import tags
from provenance.meter.listing import Entry, entries
from provenance.meter.mining import Mined, mine
from provenance.meter.progress import Progress
from provenance.metrics.points import is_release
from provenance.rules.load import Catalogue
from provenance.scope.covered import is_lfs_pointer
from provenance.terms.authors import AuthorType
from provenance.terms.unmeasured import Reason

_POINTER = 1024


@unique
class State(StrEnum):
    """What a finding does to a measurement."""

    GOOD = "good"
    """Nothing is lost."""
    LIMITS = "limits"
    """Something is counted as unattested, or evidence may be elsewhere."""
    BLOCKS = "blocks"
    """The clone cannot be measured as it is."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing a clone can or cannot show."""

    id: str
    """Stable word."""
    state: State
    """What it does to a measurement."""
    text: str
    """What was found, in one sentence."""
    count: int = 0
    """How many of them."""
    cures: tuple[str, ...] = ()
    """Commands that would cure it; empty when nothing is wrong or nothing would."""


def diagnose(
    repository: Repository, *, at: str, catalogue: Catalogue, progress: Progress
) -> Iterator[Diagnosis]:
    """Yield every finding about a clone, what blocks first.

    Raises:
        UsageError: no such revision.
        HistoryError: git could not read the history.

    """
    if not repository.refs.names and repository.refs.head is None:
        yield Diagnosis("commits", State.BLOCKS, "this repository has no commit yet")
        return
    head = repository.resolve(at)
    remote = _remote(repository)
    yield _depth(repository)
    yield _objects(repository, head, remote, progress)
    mined = mine(repository, [head], catalogue=catalogue, progress=progress)
    yield _marks(mined)
    yield from _refs(repository, remote)
    yield from _tree(repository, head, remote)
    yield from _layout(repository)


def _remote(repository: Repository) -> str:
    """Return the remote that ``git fetch`` would be told, as far as the refs show one."""
    parts = (name.split("/") for name in repository.refs.names)
    names = sorted({part[2] for part in parts if part[1] == "remotes" and len(part) > 3})
    return names[0] if names and "origin" not in names else "origin"


def _depth(repository: Repository) -> Diagnosis:
    cut = len(repository.location.shallow)
    if not cut:
        return Diagnosis("shallow", State.GOOD, "the history is complete, not shallow")
    return Diagnosis(
        "shallow",
        State.BLOCKS,
        "this clone is shallow: its history is cut, so authorship cannot be measured",
        cut,
        ("git fetch --unshallow",),
    )


def _objects(repository: Repository, head: str, remote: str, progress: Progress) -> Diagnosis:
    progress.step("looking for missing objects", None)
    missing = len(repository.find_missing([head]))
    if missing:
        return Diagnosis(
            "objects",
            State.LIMITS,
            f"{missing:,} objects are missing from this clone; lines that need them count as"
            " unattested",
            missing,
            (_refetch(remote),),
        )
    partial = " (the clone is partial, but holds what the head needs)"
    return Diagnosis(
        "objects",
        State.GOOD,
        f"every object is there{partial if repository.location.partial else ''}",
    )


def _marks(mined: Mined) -> Diagnosis:
    total = len(mined.ids)
    silent = sum(a.author_type is AuthorType.UNATTESTED for a in mined.attributions)
    text = f"{total:,} commits, {silent:,} of them without any mark of who wrote them"
    if total == silent:
        return Diagnosis("marks", State.LIMITS, f"{text}: no evidence", silent)
    return Diagnosis("marks", State.GOOD, text, silent)


_RECORDS = tuple(f"'refs/{name}/*:refs/{name}/*'" for name in ("notes", "ai", "agentdiff"))
"""Where tools keep line-level records; a plain clone brings none of them."""


def _refs(repository: Repository, remote: str) -> Iterator[Diagnosis]:
    names = list(repository.refs.names)
    notes = sum(name.startswith("refs/notes/") for name in names)
    if notes:
        yield Diagnosis("notes", State.GOOD, f"{notes:,} notes refs are here", notes)
    else:
        yield Diagnosis(
            "notes",
            State.LIMITS,
            "no notes refs are here; a plain clone never brings them",
            0,
            (f"git fetch {remote} {' '.join(_RECORDS)}",),
        )
    pulls = sum(_is_request(name) for name in names)
    if pulls:
        yield Diagnosis("requests", State.GOOD, f"{pulls:,} pull request heads are here", pulls)
    else:
        yield Diagnosis(
            "requests",
            State.LIMITS,
            "no pull or merge request heads are here; marks lost in a squash stay lost",
            0,
            (
                f"git fetch {remote} '+refs/pull/*/head:refs/pull/*/head'",
                f"git fetch {remote} '+refs/merge-requests/*/head:refs/merge-requests/*/head'",
            ),
        )
    releases = sum(is_release(tag) for tag in tags(repository))
    if releases:
        yield Diagnosis("releases", State.GOOD, f"{releases:,} release tags are here", releases)
    else:
        yield Diagnosis(
            "releases",
            State.LIMITS,
            "no release tags are here, so nothing is shown per release",
            0,
            (f"git fetch {remote} --tags",),
        )


def _is_request(name: str) -> bool:
    return name.startswith(("refs/pull/", "refs/merge-requests/")) and name.endswith("/head")


def _tree(repository: Repository, head: str, remote: str) -> Iterator[Diagnosis]:
    try:
        listed = entries(repository, head)
    except HistoryError:
        yield Diagnosis(
            "tree",
            State.BLOCKS,
            "the list of files of this revision is missing from this clone",
            0,
            (_refetch(remote),),
        )
    else:
        yield from _contents(repository, listed)


def _refetch(remote: str) -> str:
    return f"git fetch --refetch --no-filter {remote}"


def _contents(repository: Repository, listed: Sequence[Entry]) -> Iterator[Diagnosis]:
    small = [e.blob.encode() for e in listed if e.special is None and 0 <= e.size < _POINTER]
    pointers = sum(is_lfs_pointer(content or b"") for content in read_blobs(repository, small))
    if pointers:
        yield Diagnosis(
            "lfs",
            State.LIMITS,
            f"{pointers:,} files are pointers into Git LFS; their content is not in git",
            pointers,
        )
    modules = sum(entry.special is Reason.SUBMODULE for entry in listed)
    if modules:
        yield Diagnosis(
            "submodules",
            State.LIMITS,
            f"{modules:,} submodules are not followed; measure each as a repository of its own",
            modules,
        )


def _layout(repository: Repository) -> Iterator[Diagnosis]:
    """Yield what is unusual about the repository and never obeyed."""
    location = repository.location
    for word, count, text in (
        ("replace", repository.refs.replaced, "replace refs are here and not obeyed"),
        ("grafts", location.grafts, "grafts are here and not obeyed"),
        ("alternates", len(location.object_dirs) - 1, "object stores of others are borrowed"),
    ):
        if count:
            yield Diagnosis(word, State.GOOD, f"{count:,} {text}", count)
    yield Diagnosis("format", State.GOOD, f"object ids are {location.object_format}")
