"""Runs of lines as tools write them, and as claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from provenance.errors import EvidenceError
from provenance.evidence.limits import LAST_LINE, LONGEST_PATH, MOST_CLAIMS
from provenance.evidence.problems import Problems
from provenance.evidence.shape import is_path
from provenance.terms.authors import AuthorType, Maker, Tier
from provenance.terms.records import LineClaim

_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?\Z", re.ASCII)


class Claims:
    """The claims of one record, in the record's order."""

    def __init__(self, place: str, problems: Problems) -> None:
        """Begin without any; what cannot be claimed becomes a problem of ``place``."""
        self._place = place
        self._problems = problems
        self._listed: list[LineClaim] = []
        self._good: str | None = None

    def add(
        self, path: str, span: tuple[int, int], author_type: AuthorType, tier: Tier, maker: Maker
    ) -> None:
        """Add lines ``span[0]`` to ``span[1]``, both included, counted from one."""
        first, last = span
        if not 1 <= first <= last <= LAST_LINE:
            self.refuse("bad-range", f"no lines {first} to {last}")
        elif path != self._good and (len(path) > LONGEST_PATH or not is_path(path)):
            self.refuse("bad-path", "a path that git could not hold")
        elif len(self._listed) >= MOST_CLAIMS:
            self.refuse("too-many-lines", f"more than {MOST_CLAIMS} runs of lines")
        else:
            self._good = path
            self._listed.append(LineClaim(path, first - 1, last, author_type, tier, maker))

    def refuse(self, slug: str, detail: str) -> None:
        """Note why a part of the record claims nothing."""
        self._problems.add(self._place, slug, detail)

    def listed(self) -> tuple[LineClaim, ...]:
        """Return them."""
        return tuple(self._listed)


WHOLE_FILE = (1, LAST_LINE)
"""Every line of a file: for records that name files, not lines."""


def ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges in ``1,2,19-222``.

    Raises:
        EvidenceError: something else stands there.

    """
    for part in text.split(","):
        found = _RANGE.match(part)
        if found is None:
            raise EvidenceError(f"no line range: {part[:40]!r}", slug="bad-range")
        first = int(found[1])
        yield first, int(found[2]) if found[2] else first


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of consecutive numbers, in the order given."""
    first = last = 0
    for number in numbers:
        if first and number == last + 1:
            last = number
            continue
        if first:
            yield first, last
        first = last = number
    if first:
        yield first, last


def pair(value: object) -> tuple[int, int]:
    """Return the range in ``5`` or ``[7, 9]``, both ends included.

    Raises:
        EvidenceError: something else stands there.

    """
    first, last = value if isinstance(value, list) and len(value) == 2 else (value, value)
    if type(first) is not int or type(last) is not int:
        raise EvidenceError("no line range", slug="bad-range")
    return first, last
