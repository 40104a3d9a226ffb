"""What ``provenance recount`` prints: both roads side by side, and where they part."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts

if TYPE_CHECKING:
    from provenance.recount.compare import (
        Comparison,
        FileDifference,
        LineDifference,
        Side,
        StageComparison,
    )
    from provenance.recount.count import Counted
    from provenance.recount.published import Release

_MOST_NAMED = 10


def as_text(counted: Counted, comparison: Comparison, *, tolerance: int) -> Iterator[str]:
    """Yield the comparison in words, the largest differences with their places."""
    sample = ", a sample of its files" if counted.sampled else ""
    yield f"recount of {counted.head[:12]}{sample}: PyDriller and git blame"
    yield from _facts(comparison)
    if comparison.stages:
        yield ""
        width = max(len(_shown(stage.stage)) for stage in comparison.stages)
        yield f"{'stage':<{width}}{'files':>8}{'lines':>11}{'in report':>11}{'apart':>8}  largest"
        for stage in comparison.stages:
            yield _stage(stage, width)
    elif not comparison.facts and not comparison.lines_compared:
        yield from _own_counts(counted)
    yield from _places(comparison)
    yield from _gaps(counted, comparison)
    if comparison.facts or comparison.lines_compared:
        yield ""
        yield _verdict(comparison, tolerance)


def _facts(comparison: Comparison) -> Iterator[str]:
    wrong = [fact for fact in comparison.facts if fact.differs]
    if comparison.facts:
        yield f"{len(comparison.facts) - len(wrong)} of {len(comparison.facts)} facts equal"
    for fact in wrong:
        yield f"  {fact.name}: {fact.recounted} here, {_shown(fact.reported)} in the report"


def _stage(stage: StageComparison, width: int) -> str:
    name, lines, reported = _shown(stage.stage), stage.recounted.total, stage.reported.total
    said = ""
    if stage.apart:
        steps = {t: stage.recounted.of(t) - stage.reported.of(t) for t in AuthorType}
        kind = max(steps, key=lambda t: abs(steps[t]))
        said = f"{kind.value} {steps[kind]:+,}" if steps[kind] else "within files"
    return (
        f"{name:<{width}}{stage.files:>8,}{lines:>11,}{reported:>11,}{stage.apart:>8,}  {said}"
    ).rstrip()


def _own_counts(counted: Counted) -> Iterator[str]:
    total = Counts()
    for file in counted.files.values():
        total += file.counts(cells_only=False)
    yield f"{len(counted.commits.types):,} commits, {len(counted.files):,} files with lines"
    yield f"{'author type':<14}{'commits':>9}{'lines':>11}"
    for kind in AuthorType:
        yield f"{kind.value:<14}{counted.commits.decided[kind]:>9,}{total.of(kind):>11,}"


def _places(comparison: Comparison) -> Iterator[str]:
    """Yield why: the files, and with the runs of the other road the lines, of each stage."""
    for stage in comparison.stages:
        if stage.different:
            yield ""
            differ = f"{len(stage.different):,} of {stage.files:,} files differ"
            yield f"{_shown(stage.stage)}: {differ}"
        for file in stage.different[:_MOST_NAMED]:
            yield f"  {_shown(file.path)}: {_moves(file)}"
    by_stage: dict[str, list[LineDifference]] = defaultdict(list)
    for item in comparison.lines:
        by_stage[item.stage].append(item)
    for name in sorted(by_stage):
        found = sorted(by_stage[name], key=lambda item: (-item.lines, item.path, item.start))
        yield ""
        yield f"{_shown(name)}: {sum(item.lines for item in found):,} lines differ"
        for item in found[:_MOST_NAMED]:
            last = f"-{item.start + item.lines - 1}" if item.lines > 1 else ""
            here, there = _side(item.recounted), _side(item.reported)
            yield f"  {_shown(item.path)}:{item.start}{last}  {here} here, {there} there"
        if len(found) > _MOST_NAMED:
            yield f"  and {len(found) - _MOST_NAMED:,} more runs of lines (all with -f json)"


def _moves(file: FileDifference) -> str:
    return ", ".join(
        f"{kind.value} {file.recounted.of(kind):,} here, {file.reported.of(kind):,} in the report"
        for kind in AuthorType
        if file.recounted.of(kind) != file.reported.of(kind)
    )


def _side(side: Side) -> str:
    if side is None:
        return "no line"
    commit, kind = side
    return f"{_shown(commit[:12]) if commit else 'unknown'} {kind.value}"


def _gaps(counted: Counted, comparison: Comparison) -> Iterator[str]:
    if comparison.not_compared or comparison.uncounted or counted.stood_in:
        yield ""
    for text in comparison.not_compared:
        yield f"not compared: {text}"
    for path, why in comparison.uncounted[:_MOST_NAMED]:
        yield f"not counted again: {_shown(path)}: {_shown(why)}"
    if len(comparison.uncounted) > _MOST_NAMED:
        yield f"not counted again: {len(comparison.uncounted) - _MOST_NAMED:,} more files"
    if counted.stood_in:
        yield _stood_in(len(counted.stood_in))


def _stood_in(number: int) -> str:
    return (
        f"{number:,} contents that this clone lacks were asked for and taken as resembling nothing"
    )


def _verdict(comparison: Comparison, tolerance: int) -> str:
    one_by_one = comparison.lines_compared
    said = f", {one_by_one:,} lines one by one" if one_by_one else ""
    if comparison.agrees(tolerance=tolerance):
        return f"agrees{said}: no stage more than {comparison.largest:,} lines apart"
    return f"DIFFERS{said}: up to {comparison.largest:,} lines apart, {tolerance:,} are tolerated"


def _shown(text: str) -> str:
    from provenance_reports.words import visible

    return visible(text, 300)


def as_json(counted: Counted, comparison: Comparison, *, tolerance: int) -> str:
    """Return the whole comparison as one JSON object, integers only."""
    found = {
        "format": "provenance-recount/1",
        "commit": counted.head,
        "agrees": comparison.agrees(tolerance=tolerance),
        "tolerance": tolerance,
        "largest": comparison.largest,
        "sampled": counted.sampled,
        "facts": [
            {"name": f.name, "recounted": f.recounted, "reported": f.reported}
            for f in comparison.facts
        ],
        "stages": [_stage_object(stage) for stage in comparison.stages],
        "lines_compared": comparison.lines_compared,
        "lines": [
            {
                "stage": item.stage,
                "path": item.path,
                "start": item.start,
                "lines": item.lines,
                "recounted": _side_object(item.recounted),
                "reported": _side_object(item.reported),
            }
            for item in comparison.lines
        ],
        "files": {path: _counts(f.counts(cells_only=False)) for path, f in counted.files.items()},
        "commits": {kind.value: counted.commits.decided[kind] for kind in AuthorType},
        "not_compared": list(comparison.not_compared),
        "uncounted": [{"path": path, "why": why} for path, why in comparison.uncounted],
        "stood_in": list(counted.stood_in),
    }
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def _stage_object(stage: StageComparison) -> dict[str, Any]:
    return {
        "stage": stage.stage,
        "files": stage.files,
        "apart": stage.apart,
        "recounted": _counts(stage.recounted),
        "reported": _counts(stage.reported),
        "different": [
            {
                "path": file.path,
                "recounted": _counts(file.recounted),
                "reported": _counts(file.reported),
            }
            for file in stage.different
        ],
    }


def _side_object(side: Side) -> dict[str, str | None] | None:
    return None if side is None else {"commit": side[0], "author_type": side[1].value}


def _counts(counts: Counts) -> dict[str, int]:
    return {kind.value: counts.of(kind) for kind in AuthorType}


def releases_as_text(releases: Sequence[Release], *, tolerance: int) -> Iterator[str]:
    """Yield one line per published figure."""
    yield f"{'release':<24}{'counted again':>18}{'published':>18}{'apart':>7}{'files':>7}"
    for release in releases:
        told = release.published
        name = f"{told.start}..{told.end}"
        yield (
            f"{_shown(name):<24}{f'{release.ai:,}/{release.whole:,}':>18}"
            f"{f'{told.ai:,}/{told.whole:,}':>18}{release.apart:>7,}{release.files:>7,}"
        )
        for path, why in release.uncounted:
            yield f"  not counted: {_shown(path)}: {_shown(why)}"
    if releases and releases[-1].stood_in:
        yield _stood_in(releases[-1].stood_in)
    yield _releases_verdict(releases, tolerance)


def _releases_verdict(releases: Sequence[Release], tolerance: int) -> str:
    exact = sum(not release.apart for release in releases)
    near = sum(release.apart <= tolerance for release in releases)
    said = f", {near:,} within {tolerance:,} lines" if tolerance else ""
    return f"{exact:,} of {len(releases):,} published figures exact{said}"


def releases_as_json(releases: Iterable[Release], *, tolerance: int) -> str:
    """Return the same as one JSON object."""
    rows = [
        {
            "start": release.published.start,
            "end": release.published.end,
            "recounted": {"ai": release.ai, "whole": release.whole},
            "published": {"ai": release.published.ai, "whole": release.published.whole},
            "apart": release.apart,
            "files": release.files,
            "uncounted": [{"path": path, "why": why} for path, why in release.uncounted],
            "stood_in": release.stood_in,
        }
        for release in releases
    ]
    agrees = all(row["apart"] <= tolerance for row in rows)  # type: ignore[operator]
    found = {
        "format": "provenance-recount-published/1",
        "agrees": agrees,
        "tolerance": tolerance,
        "releases": rows,
    }
    return json.dumps(found, indent=1, sort_keys=True) + "\n"
