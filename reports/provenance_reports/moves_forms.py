"""What moved between two reports, as text, Markdown and JSON: one table behind all three."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from provenance.terms.authors import AuthorType
from provenance_reports import words
from provenance_reports.document import Document, Interval
from provenance_reports.markdown import harmless, plain
from provenance_reports.moves import EVERYTHING, OWN, STAGES, Cause, Moves, Signed
from provenance_reports.tables import Row, columns, ruled

FORMAT: Final = "provenance-moves/1"
_HEADS: Final = ("", "floor", "declared", "ceiling", "coverage", "whole")
_FIGURES: Final = ("floor", "declared", "ceiling", "covered")
_DIGEST: Final = 16


def text(moves: Moves) -> str:
    """Return the comparison for a terminal or a log."""
    parts = [[_title(moves)], _definition(moves)]
    if moves.comparable:
        parts += [
            columns(_HEADS, _causes(moves)),
            columns(("lines by author type", *_types()), _integers(moves)),
            columns(_HEADS, _own(moves)),
            columns((*_HEADS, "re-classified"), _stages(moves)),
            _why(moves),
        ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def markdown(moves: Moves) -> str:
    """Return the comparison as Markdown."""
    parts = [[f"## {plain(_title(moves), 300)}"], _definition(moves)]
    parts[1] = [f"- {plain(line, 300)}" for line in parts[1]]
    if moves.comparable:
        parts += [
            _table(_HEADS, _causes(moves)),
            _table(("lines by author type", *_types()), _integers(moves)),
            _table(_HEADS, _own(moves)),
            _table((*_HEADS, "re-classified"), _stages(moves)),
            [f"- {plain(line, 300)}" for line in _why(moves)],
        ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def as_json(moves: Moves) -> str:
    """Return the comparison as JSON: integers only, points follow from them."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "before": _place(moves.before),
        "after": _place(moves.after),
        "comparable": moves.comparable,
        "definition": [
            {"name": d.name, "before": d.before, "after": d.after, "breaks": d.breaks}
            for d in moves.differences
        ],
        "anchor": moves.anchor.commit if moves.anchor else None,
        "causes": [_cause(cause) for cause in moves.causes],
        "stages": [
            {
                "stage": line.stage.value,
                "before": _interval(line.before),
                "after": _interval(line.after),
                "reclassified": line.reclassified,
            }
            for line in moves.stages
        ],
    }
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def _place(document: Document) -> dict[str, Any]:
    repository = document.measurement.repository
    return {"name": repository.name, "head": repository.head, "head_date": repository.head_date}


def _cause(cause: Cause) -> dict[str, Any]:
    mine = cause.before.mine, cause.after.mine
    return {
        "cause": cause.name,
        "why": cause.why,
        "counts": dict(zip(_types(), cause.counts, strict=True)),
        "before": _interval(cause.before.ai),
        "after": _interval(cause.after.ai),
        "own": [_interval(i) for i in mine if i] if all(mine) else None,
    }


def _interval(interval: Interval) -> dict[str, int]:
    return {
        "floor": interval.floor,
        "declared": interval.declared,
        "ceiling": interval.ceiling,
        "covered": interval.covered,
        "whole": interval.whole,
    }


def _title(moves: Moves) -> str:
    before, after = moves.before.measurement.repository, moves.after.measurement.repository
    return (
        f"{words.visible(after.name, 60)}: {before.head[:12]} ({before.head_date[:10]}) "
        f"to {after.head[:12]} ({after.head_date[:10]})"
    )


def _definition(moves: Moves) -> list[str]:
    """Say first what does not mean the same, and what follows for the figures."""
    lines = [
        f"Definition: {item.name.replace('_', ' ')} was {_short(item.before)}, "
        f"is {_short(item.after)}" + _broken(item.breaks)
        for item in moves.differences
    ]
    if not moves.comparable:
        lines.append("The two reports do not measure the same thing: no figures are subtracted.")
    return lines or ["Definition: the same."]


def _short(value: str) -> str:
    is_digest = len(value) == 64 and set(value) <= set("0123456789abcdef")
    return value[:_DIGEST] if is_digest else words.visible(value, 100) or "none"


def _broken(breaks: str) -> str:
    return f"; {breaks} cannot be compared" if breaks in {EVERYTHING, OWN, STAGES} else ""


def _types() -> Row:
    return tuple(kind.value for kind in AuthorType)


def _causes(moves: Moves) -> Iterator[Row]:
    """Yield figures before, points by cause, figures after."""
    yield ("before", *_now(moves.causes[0].before.ai))
    for cause in moves.causes:
        yield (cause.name, *_step(cause.before.ai, cause.after.ai))
    yield ("after", *_now(moves.causes[-1].after.ai))


def _own(moves: Moves) -> list[Row]:
    """Return the same for the own models; nothing where they are not known."""
    before, after = moves.causes[0].before.mine, moves.causes[-1].after.mine
    if before is None or after is None or not moves.after.own:
        return []
    rows: list[Row] = [("own models, before", *_now(before))]
    for cause in moves.causes:
        steps = cause.before.mine, cause.after.mine
        unknown = ("not known",) * 5
        rows.append(
            (cause.name, *(_step(steps[0], steps[1]) if steps[0] and steps[1] else unknown))
        )
    return [*rows, ("own models, after", *_now(after))]


def _integers(moves: Moves) -> Iterator[Row]:
    yield ("before", *map(words.group, moves.causes[0].before.counts))
    for cause in moves.causes:
        yield (cause.name, *_signed(cause.counts))
    yield ("after", *map(words.group, moves.causes[-1].after.counts))


def _stages(moves: Moves) -> list[Row]:
    return [
        (
            words.stage(line.stage),
            *_step(line.before, line.after),
            "not known" if line.reclassified is None else _sign(line.reclassified),
        )
        for line in moves.stages
    ]


def _why(moves: Moves) -> list[str]:
    """Say of each cause what shows it."""
    return [f"{cause.name}: {cause.why}." for cause in moves.causes]


def _now(interval: Interval) -> Row:
    return (*words.figures(interval), words.group(interval.whole))


def _step(before: Interval, after: Interval) -> Row:
    if not (before.whole and after.whole):
        return (*("n/a",) * len(_FIGURES), _sign(after.whole - before.whole))
    moved = (words.points(before, after, figure) for figure in _FIGURES)
    return (*moved, _sign(after.whole - before.whole))


def _signed(counts: Signed) -> Row:
    return tuple(map(_sign, counts))


def _sign(number: int) -> str:
    if number == 0:
        return "±0"
    return f"{'+' if number > 0 else '−'}{words.group(abs(number))}"


def _table(heads: Row, rows: Iterable[Row]) -> list[str]:
    """Return a Markdown table; nothing when there is no row."""
    found = list(rows)
    return [harmless(line) for line in ruled(heads, found)] if found else []
