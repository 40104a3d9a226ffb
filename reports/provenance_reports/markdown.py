"""The figures as Markdown: fifteen lines for a pull request, a page for a release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from provenance_reports import words
from provenance_reports.document import Document, Interval, StageLine
from provenance_reports.tables import piped as _row
from provenance_reports.tables import ruled as _table

Kind = Literal["pull_request", "release"]
MARKER: Final = "<!-- provenance-report -->"
"""First line of every text, so that a comment can be found and replaced."""
CHANGE_MARKER: Final = "<!-- provenance-change -->"
"""The same for what one change adds."""
MOST_LINES: Final = 15
"""Lines of a text for a pull request."""
_HEADS: Final = ("lines", "at least", "with assisted", "at most", "coverage")
_STAGES_IN_SHORT: Final = 4
_RELEASES: Final = 8
_MODELS: Final = 8
_EXCLUSIONS: Final = 8
_SPECIAL: Final = frozenset("\\`*_{}[]()#+!|~<>&@:=$^\"'")


def render(document: Document, *, kind: Kind = "pull_request", above: Sequence[str] = ()) -> str:
    """Return Markdown that shows the same integers as every other renderer.

    For a pull request lines ``above`` may come first; the table of stages gives way to them.
    """
    if kind == "pull_request":
        return joined(_short(document, above))
    return joined(_long(document, "How much of the live code AI wrote", ()))


def release(document: Document, *, tag: str, told: Sequence[str] = ()) -> str:
    """Return the page of one release: its name, what it added, and what was ``told``."""
    added = _added(document)
    title = f"{plain(tag, 100)}: how much of the live code AI wrote"
    return joined(_long(document, title, [*added, *told]))


def joined(lines: Iterable[str]) -> str:
    """Return lines as one text; nothing in them is read as a tag."""
    return "\n".join(harmless(line) for line in lines) + "\n"


def _added(document: Document) -> list[str]:
    """Say what the window of the measured release added, if it is one."""
    head = document.measurement.repository.head
    unit = words.UNITS.get(document.measurement.definition.unit, "lines")
    for window in document.measurement.flow:
        if window.kind == "release" and window.end_commit == head and window.counts.total:
            since = "the beginning" if window.start == "root" else plain(window.start, 60)
            alive = Interval.of(window.counts)
            cover = words.figures(alive)[3]
            size = f"{words.group(alive.whole)} {unit}"
            return [f"Added since {since}: {size}. {words.three(alive)}; evidence covers {cover}."]
    return []


def harmless(line: str) -> str:
    """Keep ``<0.1 %`` from being read as a tag."""
    if line in {MARKER, CHANGE_MARKER}:
        return line
    return line.replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, limit: int = 80) -> str:
    """Return hostile text as one harmless line: no markup, link, mention or command."""
    shown = words.visible(text, limit)
    return "".join(f"&#{ord(sign)};" if sign in _SPECIAL else sign for sign in shown)


def _short(document: Document, above: Sequence[str]) -> list[str]:
    lines = [MARKER, *above, *_headline(document)]
    room = min(_STAGES_IN_SHORT, MOST_LINES - len(lines) - 5)
    if document.measurement.is_ml_pipeline and document.headline.whole and room > 0:
        largest = sorted(document.stages, key=lambda line: -line.ai.whole)[:room]
        lines += ["", *_stages([line for line in document.stages if line in largest])]
    return [*lines, "", _rest(document)]


def _headline(document: Document) -> list[str]:
    head = document.headline
    if not head.whole:
        return [plain(words.statement(document), 300)]
    unit = words.UNITS.get(document.measurement.definition.unit, "lines")
    commit = document.measurement.repository.head[:12]
    lines = [
        f"**{words.three(head)}**",
        f"Evidence covers {words.figures(head)[3]} of {words.group(head.whole)} live {unit} "
        f"at {plain(commit)}."
        + (" The history holds no evidence about any line." if words.silent(head) else ""),
    ]
    if document.own:
        lines.append(words.three(document.own, "By own models") + ".")
    if document.change:
        lines.append(words.moved(document.change))
    return lines


def _cells(interval: Interval) -> tuple[str, ...]:
    return (words.group(interval.whole), *words.figures(interval))


def _stages(stages: Iterable[StageLine]) -> list[str]:
    return _table(
        ("stage", *_HEADS), [(words.stage(line.stage), *_cells(line.ai)) for line in stages]
    )


def _rest(document: Document) -> str:
    """Return one line on what is not in the figures."""
    parts = [words.unmeasured(document), words.found(document)]
    parts += [
        f"Claim {plain(verdict.claim, 30)}: {plain(words.verdict(verdict), 600)}."
        for verdict in document.verdicts[:3]
    ]
    return " ".join(parts)


def _long(document: Document, title: str, told: Sequence[str]) -> list[str]:
    measurement = document.measurement
    lines = [MARKER, f"## {title}", "", *_headline(document), *told, ""]
    if document.verdicts:
        rows = [
            (plain(verdict.claim), plain(verdict.text, 200), plain(words.verdict(verdict), 600))
            for verdict in document.verdicts
        ]
        lines += ["### Claims", "", *_table(("claim", "disclosed", "verdict"), rows, text=3), ""]
    lines += _stage_part(document) if document.headline.whole else []
    if document.release_windows:
        added = [
            (plain(window.label, 30), *_cells(window.alive))
            for window in document.release_windows[-_RELEASES:]
        ]
        lines += ["### Code added per release", "", *_table(("release", *_HEADS), added), ""]
    if measurement.generations:
        rows = [
            (
                plain(generation.model or "not named", 40),
                words.group(generation.ai),
                words.group(generation.assisted),
            )
            for generation in measurement.generations[:_MODELS]
        ]
        lines += ["### Models", "", *_table(("model", "AI lines", "assisted lines"), rows), ""]
    lines += _taken(document) + _records(document)
    lines += ["### Not in the figures", "", _rest(document), ""]
    counted = [(variant.name, *_cells(variant.ai)) for variant in document.variants]
    lines += [*_table(("counted", *_HEADS), counted), ""] if document.headline.whole else []
    return [*lines, *_outside(document), *_method(document)]


def _taken(document: Document) -> list[str]:
    if not document.taken or words.mute(document):
        return []
    rows = [
        (
            plain(words.kind(taken.old), 40),
            *map(words.group, (taken.by.total, taken.by.ai, taken.by.assisted)),
            words.group(taken.by.unattested),
        )
        for taken in document.taken
    ]
    heads = ("lines by", "gone", "taken by AI", "by assisted", "by no evidence")
    return ["### Who replaces whom", "", *_table(heads, rows), ""]


def _records(document: Document) -> list[str]:
    records = document.measurement.records
    if not records:
        return []
    said = [f"- {plain(words.recorded(figures), 400)}" for figures in records]
    return ["### Line-level records", "", *said, ""]


def _outside(document: Document) -> list[str]:
    """Return the headline with what each of the largest rules excludes inside."""
    if not document.counted or not document.excluded:
        return []
    rows = [("with none of these", *_cells(document.counted))]
    rows += [
        (f"with {plain(item.exclusion.rule, 60)}", *_cells(item.counted))
        for item in document.excluded[:_EXCLUSIONS]
    ]
    return [
        "In lines, if what a rule excludes were inside:",
        "",
        *_table(("counted", *_HEADS), rows),
        "",
    ]


def _stage_part(document: Document) -> list[str]:
    if not document.measurement.is_ml_pipeline:
        return ["This repository does not look like a model pipeline; stages are not shown.", ""]
    tiers = [_row((words.TIER_NAMES[tier.name], *_cells(tier.ai))) for tier in document.tiers]
    return ["### Stages", "", *_stages(document.stages), *tiers, ""]


def _method(document: Document) -> list[str]:
    definition = document.measurement.definition
    facets = ", ".join(sorted(definition.facets))
    own = ", ".join(plain(family, 40) for family in definition.own_families) or "not configured"
    unit = words.UNITS.get(definition.unit, definition.unit)
    rules, version = definition.catalogue_digest[:16], document.measurement.tool_version
    return [
        "### Definition",
        "",
        f"Counted in {plain(unit)}; lens {plain(definition.lens)}; {facets}; own families {own}.",
        f"Rules {plain(rules)}, meter {plain(version, 30)}.",
        f"To redo: {plain(document.command, 200)}",
    ]
