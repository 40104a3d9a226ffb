"""``provenance-diff/1``: what a change adds, arranged for reading, and as canonical JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from provenance.metrics.difference import Difference
from provenance.terms.stages import Stage
from provenance_reports import json_v1
from provenance_reports.document import Interval

FORMAT: Final = "provenance-diff/1"
_TOOL: Final = "provenance-meter"


@dataclass(frozen=True, slots=True)
class StageRow:
    """What a change adds to one stage."""

    stage: Stage
    """The stage."""
    ai: Interval
    """Any AI, in what is still alive."""
    own: Interval | None
    """Own models; ``None`` when no family is configured."""


@dataclass(frozen=True, slots=True)
class Change:
    """A difference, before it meets paper."""

    difference: Difference
    """The integers and their definition."""
    command: str
    """The exact command that measured (hostile text)."""
    added: Interval
    """Any AI in all lines added (unit ``line``)."""
    alive: Interval
    """Any AI in what is still alive at the head."""
    own: Interval | None
    """Own models in it; ``None`` when no family is configured."""
    stages: tuple[StageRow, ...]
    """Stages that hold lines, in pipeline order; ``other`` last."""


def arrange(difference: Difference, *, command: str) -> Change:
    """Arrange a difference for reading; ``command`` is printed as the way to redo it."""
    configured = bool(difference.definition.own_families)
    alive = difference.alive
    return Change(
        difference=difference,
        command=command,
        added=Interval.of(difference.added.counts),
        alive=Interval.of(alive.counts),
        own=Interval.of_own(alive.own, alive.counts) if configured else None,
        stages=tuple(
            StageRow(
                stage,
                Interval.of(figures.counts),
                Interval.of_own(figures.own, figures.counts) if configured else None,
            )
            for stage in Stage
            if (figures := alive.by_stage.get(stage)) and figures.counts.total
        ),
    )


def render(change: Change) -> str:
    """Return the change as JSON: integers only, the same bytes on every machine."""
    told = json_v1.plain(change.difference)
    told["format"] = FORMAT
    told["tool"] = {"name": _TOOL, "version": told.pop("tool_version")}
    told["command"] = change.command
    return json_v1.canonical(told)


def parse(text: str) -> Change:
    """Read a change again.

    Raises:
        UsageError: it is none, or of another version.

    """
    raw = json_v1.outermost(text, form=FORMAT)
    tool = raw.get("tool")
    version = tool.get("version") if isinstance(tool, dict) else None
    difference = json_v1.read_value(Difference, {**raw, "tool_version": version}, "diff")
    return arrange(difference, command=json_v1.read_value(str, raw.get("command", ""), "command"))
