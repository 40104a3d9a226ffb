"""What a change adds, as text for a terminal and as fifteen lines of Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from provenance.metrics.measurement import Exclusion, Finding
from provenance.terms.authors import AuthorType
from provenance.terms.stages import Facet
from provenance.terms.unmeasured import Unmeasured
from provenance_reports import words
from provenance_reports.change import Change
from provenance_reports.document import Interval
from provenance_reports.markdown import CHANGE_MARKER, MOST_LINES, joined, plain
from provenance_reports.tables import Row, columns, ruled

_HEADS: Final = ("lines", "at least", "with assisted", "at most", "coverage")
_ASIDE: Final = frozenset({Facet.GENERATED, Facet.VENDORED})
_RULES: Final = 4
_MODELS: Final = 4


def text(change: Change) -> str:
    """Return the change for a terminal or a log."""
    parts = [
        [_title(change), _commits(change), _size(change)],
        [f"{three}." for three in _threes(change)],
        columns(("stage", *_HEADS), _stages(change) if change.difference.is_ml_pipeline else ()),
        columns(("added, as git counts", *_HEADS), _kinds(change)),
        [*_models(change), *notes(change)],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def markdown(change: Change, *, above: Sequence[str] = ()) -> str:
    """Return at most fifteen lines; lines ``above`` come first, and stages give way."""
    lines = [CHANGE_MARKER, *above]
    lines += [f"**{three}.**" for three in _threes(change)]
    lines += [f"{_size(change)} {_commits(change)}"]
    rest = " ".join(notes(change, shown=plain))
    room = MOST_LINES - len(lines) - 5  # two blank lines, two of the table's head, the rest
    largest = sorted(change.stages, key=lambda row: -row.ai.whole)[: max(room, 0)]
    kept = {row.stage for row in largest}
    rows = [row for row, of in zip(_stages(change), change.stages, strict=True) if of.stage in kept]
    if change.difference.is_ml_pipeline and rows:
        lines += ["", *ruled(("stage", *_HEADS), rows)]
    return joined([*lines, "", rest])


def notes(change: Change, *, shown: Callable[[str], str] = words.visible) -> Iterator[str]:
    """Yield what is not in the figures, sentence by sentence."""
    difference = change.difference
    yield unmeasured(difference.not_measured)
    unsure = sum(difference.unclassified.values())
    yield f"Stage uncertain: {_things(change, unsure)}." if unsure else "Stage uncertain: none."
    aside = [item for item in difference.outside if item.facet in _ASIDE]
    if aside:
        yield f"Set aside as generated or vendored: {_by_rule(aside, shown)}."
    yield findings(difference.findings, difference.unplaced)


def unmeasured(items: Iterable[Unmeasured]) -> str:
    """Say in one sentence what could not be measured."""
    reasons = [f"{words.REASONS.get(i.reason, i.reason)} {words.group(i.files)}" for i in items]
    return f"Not measured: {', '.join(reasons)}." if reasons else "Not measured: none."


def findings(items: Sequence[Finding], unplaced: int) -> str:
    """Say in one sentence how many findings are new, and how many may be."""
    kinds = ", ".join(
        f"{number} {name}"
        for severity, name in words.SEVERITIES.items()
        if (number := sum(item.severity == severity for item in items))
    )
    open_ = f"; {unplaced} more may be, not all their places are listed" if unplaced else ""
    return f"Findings in it: {kinds or 'none'}{open_}."


def _title(change: Change) -> str:
    base, head = change.difference.base, change.difference.head
    return (
        f"{words.visible(change.difference.name, 60)}: "
        f"{words.visible(base.name, 60)} ({base.commit[:12]}) to "
        f"{words.visible(head.name, 60)} ({head.commit[:12]}, {head.date[:10]})"
    )


def _commits(change: Change) -> str:
    counts, merges = change.difference.commits, change.difference.merges
    if not counts.total:
        return "No commits: the base holds all that the head holds."
    kinds = ", ".join(
        f"{words.AUTHOR_TYPES[kind.value]} {words.group(counts.of(kind))}"
        for kind in AuthorType
        if counts.of(kind)
    )
    joined = f", of which {words.count(merges, 'merge')}" if merges else ""
    return f"{words.count(counts.total, 'commit')}{joined}: {kinds}."


def _size(change: Change) -> str:
    added, removed = change.added.whole, change.difference.removed
    return (
        f"+{words.group(added)} −{words.group(removed)} lines, "
        f"of which {_things(change, change.alive.whole)} are alive at the head."
    )


def _things(change: Change, number: int) -> str:
    unit = words.UNITS.get(change.difference.definition.unit, "lines")
    return f"{words.group(number)} {unit}"


def _threes(change: Change) -> Iterator[str]:
    """Yield the sentence of the three figures, and that of the own models."""
    if not change.alive.whole:
        yield "It adds no line that is counted"
        return
    cover = f"evidence covers {words.figures(change.alive)[3]}"
    if words.silent(change.alive):
        cover = f"{words.NO_EVIDENCE} about any of these lines"
    yield f"{words.three(change.alive)}; {cover}"
    if change.own:
        yield words.three(change.own, "By own models")


def _cells(interval: Interval) -> Row:
    return (words.group(interval.whole), *words.figures(interval))


def _stages(change: Change) -> Iterator[Row]:
    for row in change.stages:
        yield (words.stage(row.stage), *_cells(row.ai))


def _kinds(change: Change) -> Iterator[Row]:
    """Yield what was added in files of each kind, in lines as git counts."""
    if change.added.whole:
        yield ("counted", *_cells(change.added))
    by_facet: dict[Facet, Interval] = {}
    for facet in Facet:
        counts = [item.counts for item in change.difference.outside if item.facet is facet]
        if counts:
            by_facet[facet] = Interval.of(sum(counts[1:], counts[0]))
    for facet, interval in by_facet.items():
        yield (f"outside: {facet.value}", *_cells(interval))


def _models(change: Change) -> Iterator[str]:
    made = change.difference.makers
    if made:
        named = ", ".join(
            f"{words.visible(one.model or 'not named', 40)} {words.group(one.ai + one.assisted)}"
            for one in made[:_MODELS]
        )
        more = f" and {len(made) - _MODELS} more" if len(made) > _MODELS else ""
        yield f"Models of AI and assisted lines: {named}{more}."


def _by_rule(items: Sequence[Exclusion], shown: Callable[[str], str]) -> str:
    named = ", ".join(f"{words.group(i.lines)} lines by {shown(i.rule)}" for i in items[:_RULES])
    more = f" and {len(items) - _RULES} more rules" if len(items) > _RULES else ""
    return named + more
