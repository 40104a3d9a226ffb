"""What one pull request or release adds, from the same replay as a whole measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from provenance.errors import UsageError
from provenance.history.repository import Repository, open_repository
from provenance.history.walk import merge_bases, paths_between, pick
from provenance.meter.flaws import not_measured
from provenance.meter.measure import Base, check_depth, measure_at, read_settings
from provenance.meter.progress import Progress, Silent
from provenance.meter.settings import Options
from provenance.metrics.change import change
from provenance.metrics.difference import Difference, End
from provenance.metrics.points import rfc3339
from provenance.terms.commits import CommitId


@dataclass(frozen=True, slots=True)
class Asked:
    """Which change, and whose word counts in it."""

    base: str
    """Revision the change starts from."""
    head: str = "HEAD"
    """Revision it ends at."""
    config: Path | None = None
    """Configuration file; takes the place of the committed one."""
    config_from: str | None = None
    """Revision whose ``provenance.toml`` and ``.gitattributes`` count; the base by default."""
    own: Sequence[str] = ()
    """Own families besides those of the configuration."""


def difference(
    path: Path,
    asked: Asked,
    options: Options,
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Difference:
    """Say what is added between the merge base of two revisions and the second one.

    The configuration comes from the base, so a change has no say in how it is measured.
    ``options`` gives unit, lens, facets and speed; its revision and series are not used.

    Raises:
        UsageError: wrong words, no such revision, or the two have no common ancestor.
        InconclusiveError: the clone cannot answer (shallow, no commits).
        HistoryError: git could not read the history.

    """
    with open_repository(path) as repository:
        check_depth(repository, options)
        base, head = (CommitId(repository.resolve(name)) for name in (asked.base, asked.head))
        stated = repository.resolve(asked.config_from) if asked.config_from else base
        settings = read_settings(repository, stated, asked.config, asked.own)
        common = merge_bases(repository, base, head)
        if not common:
            raise _unrelated(asked, cut=bool(repository.location.shallow))
        run = measure_at(
            repository, head, replace(options, at=asked.head, every=(), since=None), settings,
            kept=(cache, True) if cache else None,
            progress=progress or Silent(),
            stated=stated,
            base=Base(asked.base, common),
        )  # fmt: skip
        changed = paths_between(repository, common[0], head)
        return change(
            run.facts,
            run.measurement,
            base=End(asked.base, base, _date(repository, base)),
            head=asked.head,
            stated=stated,
            not_measured=not_measured([flaw for flaw in run.flaws if flaw[0] in changed]),
            changed=changed,
        )


def _date(repository: Repository, commit: CommitId) -> str:
    (found,) = pick(repository, [commit])
    return rfc3339(found.committed_at)


def _unrelated(asked: Asked, *, cut: bool) -> UsageError:
    hint = "name a base that shares history with it, or measure it alone: provenance measure --at"
    return UsageError(
        f"{asked.base!r} and {asked.head!r} have no common ancestor",
        slug="unrelated-histories",
        hint="fetch the rest with: git fetch --unshallow" if cut else f"{hint} {asked.head}",
    )
