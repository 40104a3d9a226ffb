from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import LedgerError
from provenance.ledger.questions import (
    Unit,
    added_by_author_type,
    commits_by_author_type,
    flaws,
    hunks_of,
    own_stock,
    owners_of,
    stock_by_author_type,
    stock_by_stage,
    unmeasured_at,
)
from provenance.ledger.read import Run, open_run
from provenance.ledger.write import write_run
from provenance.terms.authors import AuthorType
from provenance.terms.commits import CommitId
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import DEFAULT_FACETS, Facet, Stage
from provenance.terms.unmeasured import Reason, Unmeasured
from worlds.stored_run import HELPED, HUMAN, ROBOT, WEIRD, small_world


def test_stock_is_the_sum_of_live_lines_of_each_snapshot_once(run: Run) -> None:
    """A point with two names is counted once, and nothing is left out by default."""
    stock = stock_by_author_type(run)

    assert stock == {
        0: Counts(ai=20, unattested=15),
        1: Counts(ai=18, assisted=7, unattested=15),
    }


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("line", Counts(ai=18, assisted=7, unattested=10)),
        ("code_line", Counts(ai=17, assisted=6, unattested=9)),
        ("character", Counts(ai=500, assisted=200, unattested=300)),
    ],
)
def test_stock_counts_the_unit_and_the_facets_asked_for(
    run: Run, unit: Unit, expected: Counts
) -> None:
    stock = stock_by_author_type(run, unit=unit, facets=DEFAULT_FACETS)

    assert stock[1] == expected


def test_no_facet_at_all_is_an_empty_denominator_at_every_snapshot(run: Run) -> None:
    """Asking for nothing gives zero lines, not all lines and not missing points."""
    assert stock_by_author_type(run, facets=()) == {0: Counts(), 1: Counts()}
    assert stock_by_author_type(run, facets={Facet.VENDORED}) == {0: Counts(), 1: Counts()}


def test_stages_sum_to_the_stock(run: Run) -> None:
    by_stage = stock_by_stage(run)

    assert by_stage == {
        (0, Stage.TRAINING): Counts(unattested=10),
        (0, Stage.EVALUATION): Counts(ai=20),
        (0, Stage.OTHER): Counts(unattested=5),
        (1, Stage.TRAINING): Counts(unattested=10, assisted=4),
        (1, Stage.EVALUATION): Counts(ai=18, assisted=3),
        (1, Stage.OTHER): Counts(unattested=5),
    }


def test_line_records_decide_before_the_commit(tmp_path: Path) -> None:
    """Half of an assisted commit recorded line by line as AI is counted as AI, with its model."""
    world = small_world()
    ownership = {**world["ownership"], "voice": [0, 0, 0, 1, 0, 0]}
    folder = write_run(tmp_path, "r", {**world, "ownership": ownership}, inputs={})
    with open_run(folder) as run:
        stock = stock_by_author_type(run)
        own = own_stock(run, families=["gpt"])

    assert stock[1] == Counts(ai=21, assisted=4, unattested=15)
    assert own[1] == Own(3, 3, 36)


def test_lines_of_an_unknown_voice_are_a_flaw(tmp_path: Path) -> None:
    world = small_world()
    ownership = {**world["ownership"], "voice": [0, 0, 0, 2, 0, 0]}
    folder = write_run(tmp_path, "r", {**world, "ownership": ownership}, inputs={})
    with open_run(folder) as run:
        found = flaws(run)

    assert found["lines owned by an unknown voice"] == 1


def test_lines_of_an_unknown_commit_are_unattested(tmp_path: Path) -> None:
    """Nothing said about a commit never means that a person wrote it."""
    world = small_world()
    ownership = {**world["ownership"], "commit": ["f" * 40] * 6}
    folder = write_run(tmp_path, "r", {**world, "ownership": ownership}, inputs={})
    with open_run(folder) as run:
        stock = stock_by_author_type(run)
        found = flaws(run)

    assert stock[0] == Counts(unattested=35)
    assert found["lines owned by an unknown commit"] == 6


def test_hunks_of_a_commit_come_back_with_the_very_path(run: Run) -> None:
    """A path with quotes, newline, backslash and a stray byte survives storage."""
    weird, train = sorted(hunks_of(run, CommitId(HELPED)), key=lambda hunk: hunk.old_start)

    assert (weird.path, weird.old_start, weird.old_lines) == (WEIRD, 5, 2)
    assert (weird.new_start, weird.new_lines, weird.stage) == (5, 3, None)
    assert (train.path, train.author_type) == ("train.py", AuthorType.ASSISTED)
    assert (train.stage, train.facet) == (Stage.TRAINING, Facet.SOURCE)
    assert hunks_of(run, CommitId("' OR 1=1 --")) == ()


def test_owners_of_a_path_change_between_snapshots(run: Run) -> None:
    """Intervals are spelt out per snapshot."""
    assert owners_of(run, WEIRD, snapshot=0) == {ROBOT: 20}
    assert owners_of(run, WEIRD, snapshot=1) == {ROBOT: 18, HELPED: 3}
    assert owners_of(run, "train.py", snapshot=1) == {HUMAN: 10, HELPED: 4}
    assert owners_of(run, "nowhere", snapshot=1) == {}


@pytest.mark.parametrize(
    ("families", "at_0", "at_1"),
    [
        (["claude"], Own(0, 0, 35), Own(0, 7, 40)),
        (["gpt"], Own(0, 0, 35), Own(0, 0, 33)),
        ([], Own(0, 0, 35), Own(0, 0, 33)),
    ],
)
def test_own_lines_leave_other_vendors_out_and_doubt_in(
    run: Run, families: list[str], at_0: Own, at_1: Own
) -> None:
    """Lines of an unknown model may be the lab's own; lines of a known other model are not."""
    assert own_stock(run, families=families) == {0: at_0, 1: at_1}


def test_own_floor_needs_a_line_written_by_an_own_model(tmp_path: Path) -> None:
    world = small_world()
    world["commits"] = {**world["commits"], "family": [None, "claude", "gpt"]}
    with open_run(write_run(tmp_path, "r", world, inputs={})) as run:
        figures = own_stock(run, families=["claude"], facets=DEFAULT_FACETS)

    assert figures == {0: Own(20, 20, 30), 1: Own(18, 18, 28)}


def test_added_lines_are_summed_over_hunks(run: Run) -> None:
    assert added_by_author_type(run) == Counts(ai=20, assisted=7, unattested=10)
    assert added_by_author_type(run, facets={Facet.DOCS}) == Counts()


def test_what_was_not_measured_is_listed_with_its_reason(tmp_path: Path) -> None:
    """Counted whole, shown in part, and the paths are the real ones."""
    world = small_world()
    paths = [WEIRD, *(f"bin/{place}" for place in range(9)), "late"]
    world["unmeasured"] = {
        "snapshot": [1] * 10 + [0],
        "path": paths,
        "reason": ["undecodable", *["binary"] * 9, "symlink"],
        "lines": [3, *range(9), 1],
    }
    with open_run(write_run(tmp_path, "r", world, inputs={})) as run:
        found = unmeasured_at(run, snapshot=1)
        nothing = unmeasured_at(run, snapshot=7)

    assert found == (
        Unmeasured(Reason.BINARY, 9, 36, tuple(f"bin/{place}" for place in range(5))),
        Unmeasured(Reason.UNDECODABLE, 1, 3, (WEIRD,)),
    )
    assert nothing == ()


def test_commits_are_counted_by_author_type(run: Run) -> None:
    assert commits_by_author_type(run) == Counts(ai=1, assisted=1, unattested=1)


def test_a_sound_run_has_no_flaws(run: Run) -> None:
    assert flaws(run) == {}


@pytest.mark.parametrize(
    ("table", "changes", "flaw", "rows"),
    [
        ("commits", {"commit": [HUMAN, ROBOT, ROBOT]}, "commit stored twice", 1),
        ("files", {"path": ["train.py", WEIRD, WEIRD]}, "path stored twice", 1),
        ("files", {"path": ["x", WEIRD, "y"]}, "owned lines in an unknown path", 3),
        ("hunks", {"commit": ["f" * 40] * 4}, "hunk of an unknown commit", 4),
        ("snapshots", {"snapshot": [0, 0, 0]}, "ownership outside the snapshots", 5),
        ("ownership", {"first_snapshot": [1] * 6}, "ownership that ends before it begins", 1),
        ("ownership", {"last_snapshot": [1] * 6}, "ownership that overlaps itself", 1),
        ("ownership", {"characters": [-1, 0, 0, 0, 0, 0]}, "negative amount of lines", 1),
        ("ownership", {"code_lines": [11, 0, 0, 0, 0, 0]}, "more code lines than lines", 1),
    ],
)
def test_every_contradiction_in_the_facts_is_named(
    tmp_path: Path, table: str, changes: dict[str, Any], flaw: str, rows: int
) -> None:
    """Each check can fail, and says how many rows are concerned."""
    world = small_world()
    world[table] = {**world[table], **changes}
    with open_run(write_run(tmp_path, "r", world, inputs={})) as run:
        found = flaws(run)

    assert found[flaw] == rows


def test_a_table_that_was_not_stored_is_an_error_and_never_zero(tmp_path: Path) -> None:
    world = small_world()
    del world["commits"]
    with (
        open_run(write_run(tmp_path, "r", world, inputs={})) as run,
        pytest.raises(LedgerError) as caught,
    ):
        stock_by_author_type(run)

    assert caught.value.slug == "ledger-database"


_INTERVAL = st.tuples(
    st.sampled_from(["p", "q", "r"]),
    st.sampled_from([HUMAN, ROBOT, HELPED]),
    st.integers(0, 1000),
    st.integers(0, 7),
    st.integers(0, 7),
)


@settings(deadline=None, max_examples=20)
@given(st.lists(_INTERVAL, max_size=30))
def test_intervals_mean_what_they_spell_out(
    intervals: list[tuple[str, str, int, int, int]],
) -> None:
    """The fast sum over intervals equals adding every snapshot by hand."""
    kinds = {HUMAN: "unattested", ROBOT: "ai", HELPED: "assisted"}
    rows = [(p, c, n, min(a, b), max(a, b)) for p, c, n, a, b in intervals]
    by_hand = {
        at: sum(
            (Counts(**{kinds[c]: n}) for _, c, n, first, last in rows if first <= at <= last),
            Counts(),
        )
        for at in range(8)
    }

    assert _stored_stock(rows) == by_hand


def _stored_stock(rows: list[tuple[str, str, int, int, int]]) -> dict[int, Counts]:
    world = small_world()
    paths, commits, lines, first, last = ([row[k] for row in rows] for k in range(5))
    world["ownership"] = {
        "path": paths,
        "commit": commits,
        "lines": lines,
        "code_lines": lines,
        "characters": lines,
        "first_snapshot": first,
        "last_snapshot": last,
        "voice": [0] * len(rows),
    }
    world["snapshots"] = {
        "snapshot": list(range(8)),
        "kind": ["month"] * 8,
        "at": [str(k) for k in range(8)],
        "commit": [HELPED] * 8,
        "committed_at": [300] * 8,
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        open_run(write_run(Path(folder), "r", world, inputs={})) as run,
    ):
        return stock_by_author_type(run)
