"""Collect what could not be used, without letting a stranger flood the report."""

from __future__ import annotations

from provenance.evidence.limits import MOST_PROBLEMS
from provenance.terms.authors import RuleId
from provenance.terms.records import Problem

_LONGEST = 200


class Problems:
    """The problems of one dialect: one per place and slug, the rest as a number."""

    def __init__(self, rule: RuleId) -> None:
        """Begin without any."""
        self._rule = rule
        self._found: dict[tuple[str, str], tuple[str, int]] = {}
        self._dropped = 0

    def add(self, place: str, slug: str, detail: str) -> None:
        """Note one; repetitions at a place are counted."""
        key = (place, slug)
        if key not in self._found and len(self._found) >= MOST_PROBLEMS:
            self._dropped += 1
            return
        first, times = self._found.get(key, (detail, 0))
        self._found[key] = (first, times + 1)

    def listed(self) -> tuple[Problem, ...]:
        """Return them in the order met."""
        problems = [
            Problem(self._rule, place, slug, _counted(detail, times))
            for (place, slug), (detail, times) in self._found.items()
        ]
        if self._dropped:
            text = f"{self._dropped} more problems are not listed"
            problems.append(Problem(self._rule, "", "more-problems", text))
        return tuple(problems)


def _counted(detail: str, times: int) -> str:
    detail = detail[:_LONGEST]
    return detail if times == 1 else f"{detail} (and {times - 1} more like this)"
