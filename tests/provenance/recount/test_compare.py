"""The comparison finds what is planted, and nothing where the roads agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.errors import UsageError
from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance.recount.compare import EVERYTHING, Comparison, compare
from provenance.recount.count import Counted, Wanted, count
from provenance.recount.owners import Manner
from provenance.recount.report import ReportedRun, read_report, read_runs
from provenance.recount.scratch import borrow
from provenance.terms.authors import AuthorType
from provenance.terms.changes import Lens
from provenance_reports import json_v1
from provenance_reports.build import build
from worlds.marked import history
from worlds.runs import runs
from worlds.world import Built


def _report(built: Built, **options: Any) -> str:
    return json_v1.render(build(measure(built.path, Options(**options)).measurement, command=""))


def _count(built: Built, *, flags: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> Counted:
    def choose(paths: list[str]) -> list[str]:
        return [path for path in paths if not only or path in only]

    with borrow(built.path) as scratch:
        return count(scratch, Wanted("HEAD", choose=choose, manner=Manner(flags)))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.sampled_from(list(Lens)))
def test_both_roads_agree_on_random_histories(
    tmp_path_factory: pytest.TempPathFactory, seed: int, lens: Lens
) -> None:
    """Forks, merges, renames, marks: stage by stage and line by line, under either lens."""
    built = history(tmp_path_factory.mktemp("random") / "world", seed)
    counted = _count(built, flags=("-w",) if lens is Lens.IGNORE_WHITESPACE else ())

    report = read_report(_report(built, unit="line", lens=lens))
    found = compare(counted, report, runs(built.path, lens=lens.value))

    assert [fact for fact in found.facts if fact.differs] == []
    assert [(stage.stage, stage.apart) for stage in found.stages if stage.apart] == []
    assert found.lines == ()
    assert found.lines_compared == sum(file.lines for file in counted.files.values())
    assert found.agrees(tolerance=0)
    assert {stage.stage for stage in found.stages} >= {"tests", EVERYTHING}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return one random history with several files alive."""
    return history(tmp_path_factory.mktemp("one") / "world", 3, commits=40)


@pytest.fixture(scope="module")
def report(built: Built) -> dict[str, Any]:
    """Return its report in lines."""
    found: dict[str, Any] = json.loads(_report(built, unit="line"))
    assert len(found["files"]) > 1
    assert found["stock"][-1]["counts"]["ai"] > 2
    return found


def _compared(built: Built, report: dict[str, Any]) -> Comparison:
    return compare(_count(built), read_report(json.dumps(report)), None)


def _again(report: dict[str, Any]) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(report))
    return copied


def _stage_with_ai(report: dict[str, Any]) -> tuple[str, dict[str, int]]:
    for name, figures in report["stock"][-1]["by_stage"].items():
        if figures["counts"]["ai"]:
            return name, figures["counts"]
    raise AssertionError


def test_a_figure_that_is_one_line_wrong_is_found(built: Built, report: dict[str, Any]) -> None:
    """A line moved from unattested to ai in a stage, its files left alone."""
    planted = _again(report)
    name, counts = _stage_with_ai(planted)
    counts["ai"] += 1
    counts["unattested"] -= 1

    found = _compared(built, planted)

    assert [(stage.stage, stage.apart) for stage in found.stages if stage.apart] == [(name, 1)]
    assert [fact.name for fact in found.facts if fact.differs] == [
        "stages that are not the sum of their files"
    ]
    assert found.largest == 1
    assert not found.agrees(tolerance=1)


def test_lines_that_cancel_out_between_files_are_found(
    built: Built, report: dict[str, Any]
) -> None:
    """The sum of a stage is right, two of its files are not."""
    planted = _again(report)
    groups: dict[str, list[dict[str, Any]]] = {}
    for file in planted["files"]:
        if file["facet"] in planted["definition"]["facets"]:
            groups.setdefault(file["stage"], []).append(file)
    one, two = next(files for files in groups.values() if len(files) > 1)[:2]
    one["counts"]["automation"] += 4
    one["counts"]["unattested"] -= 4
    two["counts"]["automation"] -= 4
    two["counts"]["unattested"] += 4

    found = _compared(built, planted)

    (stage,) = [stage for stage in found.stages if stage.apart]
    assert stage.recounted == stage.reported
    assert sorted(file.path for file in stage.different) == sorted([one["path"], two["path"]])
    assert stage.apart == 8
    assert found.agrees(tolerance=8)
    assert not found.agrees(tolerance=7)


_PLANTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "commits": lambda r: r["repository"].update(commits=r["repository"]["commits"] + 1),
    "merges": lambda r: r["repository"].update(merges=0),
    "earliest date": lambda r: r["repository"].update(first_date="2020-01-01T00:00:00Z"),
    "date of the measured commit": lambda r: r["repository"].update(head_date=""),
    "windows of flow with other commits": lambda r: r["flow"][1].update(commits=999),
    "commits that are ai": lambda r: r["ladder"][0].update(author_type="ai", commits=99),
}


@pytest.mark.parametrize("name", _PLANTS)
def test_a_wrong_fact_is_found(built: Built, report: dict[str, Any], name: str) -> None:
    """Facts have no tolerance."""
    planted = _again(report)
    _PLANTS[name](planted)

    found = _compared(built, planted)

    assert name in [fact.name for fact in found.facts if fact.differs]
    assert found.largest == 0
    assert not found.agrees(tolerance=1000)


def test_a_cut_off_is_obeyed(built: Built, report: dict[str, Any]) -> None:
    """What is older than the date of the report, by both its dates, predates AI."""
    planted = _again(report)
    planted["definition"]["predates_cutoff"] = "2100-01-01"
    cutoff = read_report(json.dumps(planted)).cutoff

    with borrow(built.path) as scratch:
        found = count(scratch, Wanted("HEAD", cutoff=cutoff)).commits.decided
        usual = count(scratch, Wanted("HEAD")).commits.decided

    assert found[AuthorType.PREDATES_AI] == usual[AuthorType.UNATTESTED] > 0
    assert found[AuthorType.AI] == usual[AuthorType.AI] > 0
    planted["definition"]["predates_cutoff"] = "soon"
    with pytest.raises(UsageError, match="report cannot be read"):
        read_report(json.dumps(planted))


def test_a_file_left_out_or_invented_is_found(built: Built, report: dict[str, Any]) -> None:
    """Nothing can be hidden by not listing it, nor made up."""
    less, more = _again(report), _again(report)
    gone = less["files"].pop()
    more["files"].append({**gone, "path": "invented.py"})

    apart = sum(gone["counts"].values())
    assert _compared(built, less).largest == apart
    assert _compared(built, more).largest == apart


def test_the_head_with_nothing_left_out_is_compared(built: Built, report: dict[str, Any]) -> None:
    """Also what the denominator leaves out is counted again."""
    planted = _again(report)
    planted["everything"]["unattested"] += 5

    found = _compared(built, planted)

    assert [(stage.stage, stage.apart) for stage in found.stages if stage.apart] == [
        (EVERYTHING, 5)
    ]


def test_what_a_window_added_is_counted_again(built: Built, report: dict[str, Any]) -> None:
    """Of a window that ends at the head: its lines are alive in what was counted."""
    planted = _again(report)
    (last,) = [one for one in planted["flow"] if one["to_commit"] == planted["stock"][-1]["commit"]]
    last["counts"]["ai"] += 2

    found = _compared(built, planted)

    (stage,) = [stage for stage in found.stages if stage.apart]
    assert stage.stage == f"added {last['from']} to HEAD"
    assert (stage.apart, stage.recounted.total + 2) == (2, stage.reported.total)


def test_code_lines_are_bounded_by_lines(built: Built) -> None:
    """Too many of an author type are found; that there are fewer is what the unit means."""
    planted = json.loads(_report(built))
    fine = _compared(built, planted)
    file = next(file for file in planted["files"] if file["counts"]["ai"])
    file["counts"]["ai"] = file["lines"] + 7

    found = _compared(built, planted)

    assert fine.agrees(tolerance=0)
    assert "upper bound" in fine.not_compared[0]
    assert found.largest >= 7


def test_a_sample_compares_the_files_drawn(built: Built, report: dict[str, Any]) -> None:
    """Its stages are the sums of those files; a wrong one among them is found, others are not."""
    planted = _again(report)
    first, second = planted["files"][:2]
    first["counts"]["human"] += 3
    parsed = read_report(json.dumps(planted))

    with_it = compare(_count(built, only=(first["path"],)), parsed, None)
    without = compare(_count(built, only=(second["path"],)), parsed, None)

    assert with_it.largest == 3
    assert without.largest == 0
    assert EVERYTHING not in {stage.stage for stage in without.stages}
    assert any("not every file" in text for text in without.not_compared)


def test_line_by_line_a_swap_within_a_file_is_found(built: Built) -> None:
    """Two lines of equal number change owners: every count is right, the lines are not."""
    there = runs(built.path)
    path = next(p for p, r in there.items() if len({x.author_type for x in r}) > 1)
    changed = [
        ReportedRun(r.start, r.lines, "0" * 40 if n == 0 else r.commit, r.author_type)
        for n, r in enumerate(there[path])
    ]
    counted = _count(built)

    same = compare(counted, None, there)
    found = compare(counted, None, {**there, path: changed})
    gone = compare(counted, None, {p: r for p, r in there.items() if p != path})

    assert same.agrees(tolerance=0)
    (difference,) = found.lines
    assert (difference.path, difference.start, difference.lines) == (path, 1, changed[0].lines)
    assert difference.reported is not None
    assert difference.reported[0] == "0" * 40
    assert gone.largest == sum(run.lines for run in there[path])


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "other"}', '{"format": "provenance-report/1"}', "[" * 9999]
)
def test_what_is_no_report_is_refused(text: str) -> None:
    """Damaged input is an error of the reader's, never a difference."""
    with pytest.raises(UsageError, match="report cannot be read"):
        read_report(text)


_RUN = '{"path": "a", "start": %s, "lines": %s, "commit": null, "author_type": "ai"}'


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{}",
        "3",
        '{"path": "a", "start": 1, "lines": 1}',
        _RUN % (0, 1),
        _RUN % (2, 1),
        _RUN % (1, 0),
        _RUN % (1, 10**15),
        _RUN.replace("ai", "robot") % (1, 1),
    ],
)
def test_what_is_no_run_is_refused(line: str) -> None:
    """The number of the line is told."""
    with pytest.raises(UsageError, match="line 1 is no run"):
        read_runs([line])
