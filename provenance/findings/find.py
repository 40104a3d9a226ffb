"""Ask every question: one detector each, findings in the order of severity and id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from provenance.findings import clone, dates, identities, marks
from provenance.findings.gates import gate_lines
from provenance.findings.policies import forbidding_lines
from provenance.findings.questions import Question, questions
from provenance.findings.seen import Column, Seen, Trait
from provenance.findings.switches import switches, turned_off
from provenance.findings.wanted import Sort, path_matches, sort_of
from provenance.metrics.measurement import Finding

Numbers = Mapping[str, int]
"""Thresholds of a detector."""
Detector = Callable[[Seen, Numbers], Sequence[str]]
"""Returns the places: commit ids (newest first), paths, or ``path:line``."""


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return every finding that is made, by severity, then id."""
    found = [(question, _places(question, seen)) for question in questions()]
    made = [question.asked(places, len(places)) for question, places in found if places]
    return tuple(sorted(made, key=lambda finding: (finding.severity, finding.id)))


def _places(question: Question, seen: Seen) -> tuple[str, ...]:
    return tuple(DETECTORS[question.id](seen, question.numbers))


def _over_dates(detect: Callable[..., Column], seen: Seen, numbers: Numbers) -> Sequence[str]:
    return seen.history.places(detect(seen.history, numbers))


def _with(trait: Trait, seen: Seen, _: Numbers) -> Sequence[str]:
    return seen.history.places(seen.history.having(trait))


def _oversized(seen: Seen, numbers: Numbers) -> Sequence[str]:
    found = marks.oversized_marked_commit(seen.history, seen.additions, numbers)
    return seen.history.places(found)


def _incomplete(seen: Seen, _: Numbers) -> Sequence[str]:
    return clone.incomplete_view(seen.clone)


def _orphans(seen: Seen, _: Numbers) -> Sequence[str]:
    return sorted(set(seen.orphans))


def _undated(seen: Seen, _: Numbers) -> Sequence[str]:
    return [] if seen.undated is None else seen.history.places(seen.undated)


def _lines(
    sorts: frozenset[Sort], read: Callable[[str, str, Numbers], Sequence[int]],
    seen: Seen, numbers: Numbers,
) -> Sequence[str]:  # fmt: skip
    return list(_of_files(sorts, read, seen, numbers))


def _of_files(
    sorts: frozenset[Sort], read: Callable[[str, str, Numbers], Sequence[int]],
    seen: Seen, numbers: Numbers,
) -> Iterator[str]:  # fmt: skip
    for path in sorted(seen.files):
        if sort_of(path) in sorts:
            yield from (f"{path}:{line}" for line in read(path, seen.files[path], numbers))


def _switched(path: str, text: str, _: Numbers) -> Sequence[int]:
    fitting = tuple(s for s in switches() if any(path_matches(path, glob) for glob in s.files))
    return turned_off(path, text, fitting)


def _forbidden(_: str, text: str, __: Numbers) -> Sequence[int]:
    return forbidding_lines(text)


def _gates(_: str, text: str, numbers: Numbers) -> Sequence[int]:
    return gate_lines(text, near=numbers["near"])


def _skipped(_: str, text: str, __: Numbers) -> Sequence[int]:
    return identities.skipped_lines(text)


def _tools(seen: Seen, _: Numbers) -> Sequence[str]:
    text = seen.files.get(".mailmap", "")
    return [f".mailmap:{line}" for line in identities.tool_lines(text, seen.tools)]


DETECTORS: Mapping[str, Detector] = {
    "anachronism": partial(_with, Trait.MODEL_TOO_EARLY),
    "attribution-collapse": partial(_over_dates, marks.attribution_collapse),
    "attribution-gate": partial(_lines, frozenset({Sort.HOOK, Sort.WORKFLOW}), _gates),
    "attribution-off": partial(_lines, frozenset({Sort.SETTINGS}), _switched),
    "attribution-policy": partial(_lines, frozenset({Sort.INSTRUCTIONS}), _forbidden),
    "backdating": partial(_over_dates, dates.backdating),
    "blame-ignore-revs": partial(_lines, frozenset({Sort.SKIPPED}), _skipped),
    "future-authoring": partial(_over_dates, dates.future_authoring),
    "incomplete-view": _incomplete,
    "lookalike-identity": partial(_with, Trait.LOOKALIKE),
    "mailmap-tool-identity": _tools,
    "orphan-records": _orphans,
    "own-model-before-release": partial(_with, Trait.OWN_MODEL_TOO_EARLY),
    "oversized-marked-commit": _oversized,
    "predates-off": _undated,
    "rewrite-burst": partial(_over_dates, dates.rewrite_burst),
    "skewed-dates": partial(_over_dates, dates.skewed_dates),
    "squash-loss": partial(_over_dates, marks.squash_loss),
    "trailer-spelling": partial(_with, Trait.SPELLING),
    "undisclosed-machine": partial(_with, Trait.UNDISCLOSED),
}
"""One detector per question."""


def against_dates(seen: Seen) -> bool:
    """Whether a finding was made that leaves no date of this history beyond doubt."""
    return any(
        DETECTORS[question.id](seen, question.numbers)
        for question in questions()
        if question.against_dates
    )
