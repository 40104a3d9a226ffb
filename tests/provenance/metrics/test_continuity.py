from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.metrics.continuity import (
    COMMITS_ELSEWHERE,
    COMMITS_GONE,
    TAGS_GONE,
    TAGS_MOVED,
    Remembered,
    continuity,
    is_broken,
    remembered,
    with_findings,
)
from worlds.measurements import pipeline

_IDS = [f"{number:040x}" for number in range(60)]
_BEFORE = Remembered(_IDS[2], frozenset(_IDS[:3]), {"v1": _IDS[1], "v2": _IDS[2]})


@pytest.mark.parametrize(
    ("reachable", "kept", "tags", "expected"),
    [
        (_IDS[:5], _IDS[:5], {"v1": _IDS[1], "v2": _IDS[2], "v3": _IDS[4]}, []),
        (_IDS[:2], _IDS[:2], dict(_BEFORE.tags), [(COMMITS_GONE, "A", (_IDS[2],))]),
        (_IDS[:2], _IDS[:5], dict(_BEFORE.tags), [(COMMITS_ELSEWHERE, "C", (_IDS[2],))]),
        (_IDS[:5], _IDS[:5], {"v2": _IDS[2]}, [(TAGS_GONE, "A", ("v1",))]),
        (_IDS[:5], _IDS[:5], {"v1": _IDS[1], "v2": _IDS[3]}, [(TAGS_MOVED, "A", ("v2",))]),
        (
            [], [], {},
            [(COMMITS_GONE, "A", tuple(_IDS[:3])), (TAGS_GONE, "A", ("v1", "v2"))],
        ),
        (
            _IDS[:1], _IDS[:2], {"v1": _IDS[2]},
            [
                (COMMITS_GONE, "A", (_IDS[2],)), (TAGS_GONE, "A", ("v2",)),
                (TAGS_MOVED, "A", ("v1",)), (COMMITS_ELSEWHERE, "C", (_IDS[1],)),
            ],
        ),
    ],
)  # fmt: skip
def test_each_break_of_history_is_its_own_finding(
    reachable: list[str],
    kept: list[str],
    tags: dict[str, str],
    expected: list[tuple[str, str, tuple[str, ...]]],
) -> None:
    """Gone, moved and elsewhere are told apart; history that only grew is no finding."""
    found = continuity(_BEFORE, reachable=set(reachable), kept=set(kept), tags=tags)

    assert [(f.id, f.severity, f.places) for f in found] == expected
    assert is_broken(found) is any(severity == "A" for _, severity, _ in expected)


def test_many_places_are_counted_and_some_are_shown() -> None:
    before = Remembered(_IDS[0], frozenset(_IDS), {})
    (found,) = continuity(before, reachable=(), kept=(), tags={})

    assert found.count == len(_IDS) > len(found.places) == 20


@given(
    st.sets(st.sampled_from(_IDS)), st.sets(st.sampled_from(_IDS)), st.sets(st.sampled_from(_IDS))
)
def test_every_commit_is_there_elsewhere_or_gone(
    named: set[str], reachable: set[str], more: set[str]
) -> None:
    """No commit is in two findings, and none is forgotten."""
    before = Remembered("", frozenset(named), {})
    found = continuity(before, reachable=reachable, kept=reachable | more, tags={})
    counted = {finding.id: finding.count for finding in found}

    assert counted.get(COMMITS_GONE, 0) == len(named - reachable - more)
    assert counted.get(COMMITS_ELSEWHERE, 0) == len((named - reachable) & more)


def test_a_report_remembers_every_commit_it_names() -> None:
    """Head, series, windows and examples; the empty start of the first window is none."""
    measurement = pipeline()
    tagged = replace(measurement.repository, tags=(("v1", _IDS[1]),))
    found = remembered(replace(measurement, repository=tagged))

    assert found.head == measurement.repository.head
    assert {point.commit for point in measurement.stock} <= found.commits
    assert {window.end_commit for window in measurement.flow} <= found.commits
    assert {step.example for step in measurement.ladder} <= found.commits
    assert "" not in found.commits
    assert found.tags == {"v1": _IDS[1]}


def test_findings_are_joined_in_order_of_severity() -> None:
    measurement = pipeline()
    found = continuity(_BEFORE, reachable=(), kept=(), tags={})
    together = with_findings(measurement, found)

    assert len(together) == len(measurement.findings) + len(found)
    assert [one.severity for one in together] == sorted(one.severity for one in together)
