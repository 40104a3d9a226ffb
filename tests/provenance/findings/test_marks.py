"""Detectors over marks, on planted columns."""

from __future__ import annotations

import numpy as np
import pytest

from provenance.findings import marks
from provenance.findings.questions import question
from provenance.findings.seen import Additions, Trait
from worlds.columns import DAY, HOUR, START, chain

_COLLAPSE = question("attribution-collapse").numbers
_SQUASH = question("squash-loss").numbers
_LARGE = question("oversized-marked-commit").numbers


def _fallen(marked: list[int], *, step: int = HOUR, authors: list[int] | None = None) -> list[int]:
    dates = [START + step * number for number in range(len(marked))]
    history = chain(committed=dates, marked=marked, authors=authors)
    return [int(n) for n in marks.attribution_collapse(history, _COLLAPSE)]


def test_a_fall_from_all_to_none_is_found_at_its_first_commit() -> None:
    assert _fallen([1] * 60 + [0] * 30) == [60]


def test_a_slow_change_is_no_fall() -> None:
    """One mark less at a time, over hundreds of commits."""
    rng = np.random.default_rng(7)
    shares = np.linspace(1.0, 0.0, 600)

    assert _fallen((rng.random(600) < shares).astype(int).tolist()) == []


def test_steady_marks_and_no_marks_are_quiet() -> None:
    assert _fallen([1] * 200) == []
    assert _fallen([0] * 200) == []
    assert _fallen([1, 0] * 100) == []


def test_too_few_commits_after_the_fall_are_quiet() -> None:
    """Nineteen commits may be a holiday of the tool."""
    assert _fallen([1] * 60 + [0] * 19) == []


def test_commits_that_trickle_afterwards_are_quiet() -> None:
    """The volume must persist: a contributor who left says nothing."""
    dates = [START + HOUR * n for n in range(60)]
    dates += [dates[-1] + 60 * DAY * (n + 1) for n in range(30)]
    history = chain(committed=dates, marked=[1] * 60 + [0] * 30)

    assert marks.attribution_collapse(history, _COLLAPSE).tolist() == []


def test_contributors_are_looked_at_one_by_one() -> None:
    """Another contributor without marks does not look like a fall of the first."""
    assert _fallen([1] * 60 + [0] * 60, authors=[1] * 60 + [2] * 60) == []


def test_automation_under_way_is_left_out() -> None:
    dates = [START + HOUR * n for n in range(120)]
    history = chain(committed=dates, marked=[1] * 60 + [0] * 60, automated=[0] * 60 + [1] * 60)

    assert marks.attribution_collapse(history, _COLLAPSE).tolist() == []


def test_squashes_since_the_first_mark_are_found() -> None:
    squashed = int(Trait.SQUASHED)
    traits = [squashed] * 60
    dates = [START + DAY * n for n in range(60)]
    loud = chain(committed=dates, traits=traits, marked=[0] * 20 + [1] + [0] * 39)
    quiet = chain(committed=dates, traits=traits)
    few = chain(committed=dates, traits=traits, marked=[0] * 45 + [1] * 15)

    assert marks.squash_loss(loud, _SQUASH).tolist() == list(range(20, 60))
    assert marks.squash_loss(quiet, _SQUASH).tolist() == []
    assert marks.squash_loss(few, _SQUASH).tolist() == []


def test_squashes_among_many_plain_commits_are_quiet() -> None:
    traits = [int(Trait.SQUASHED)] * 25 + [0] * 300
    history = chain(
        committed=[START + DAY * n for n in range(325)], traits=traits, marked=[1] * 325
    )

    assert marks.squash_loss(history, _SQUASH).tolist() == []


@pytest.mark.parametrize(
    ("lines", "files", "marked", "found"),
    [(5000, 3, 1, [149]), (5000, 3, 0, []), (900, 3, 1, []), (10, 51, 1, [149]), (10, 50, 1, [])],
)
def test_a_marked_commit_far_beyond_the_others_is_found(
    lines: int, files: int, marked: int, found: list[int]
) -> None:
    history = chain(committed=[START] * 150, marked=[0] * 149 + [marked])
    additions = Additions(np.array([20] * 149 + [lines]), np.array([2] * 149 + [files]))

    assert marks.oversized_marked_commit(history, additions, _LARGE).tolist() == found


def test_without_counted_additions_nothing_is_large() -> None:
    history = chain(committed=[START], marked=[1])

    assert marks.oversized_marked_commit(history, None, _LARGE).tolist() == []
