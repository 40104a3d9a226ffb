"""What an earlier report saw must still be there."""

from __future__ import annotations

from dataclasses import replace

from provenance.attest.continuity import Now, continuity
from worlds.signed import Signed


def _now(signed: Signed, **changes: object) -> Now:
    known = {commit.commit for commit in signed.rows} | {
        point.commit for point in signed.measurement.stock
    }
    known |= {window.start_commit for window in signed.measurement.flow}
    known |= {step.example for step in signed.measurement.ladder}
    now = Now(frozenset(known), dict(signed.measurement.repository.tags))
    return replace(now, **changes)  # type: ignore[arg-type]


def test_a_history_that_only_grew_raises_no_question(signed: Signed, earlier: Signed) -> None:
    """New commits and new tags are what histories are for."""
    more = dict(signed.measurement.repository.tags) | {"v9": "ab" * 20}

    assert continuity(earlier.measurement, _now(signed)) == ()
    assert continuity(signed.measurement, _now(signed, tags=more)) == ()


def test_a_lost_head_is_severity_a(signed: Signed, earlier: Signed) -> None:
    """The commit measured then is the first thing to look for."""
    head = earlier.measurement.repository.head
    now = _now(signed)
    (finding, *_) = continuity(
        earlier.measurement, replace(now, commits=frozenset(now.commits) - {head})
    )

    assert (finding.id, finding.severity, finding.places) == ("continuity-head", "A", (head,))


def test_rewritten_commits_are_listed(signed: Signed) -> None:
    """Every commit the earlier report names is looked for, each listed once."""
    found = {f.id: f for f in continuity(signed.measurement, _now(signed, commits=frozenset()))}
    points = {point.commit for point in signed.measurement.stock}

    assert set(found) == {"continuity-head", "continuity-commits"}
    assert points - {signed.measurement.repository.head} <= set(found["continuity-commits"].places)
    assert found["continuity-commits"].count == len(set(found["continuity-commits"].places))


def test_a_moved_or_deleted_tag_is_named(signed: Signed) -> None:
    """A release must stay what it was."""
    tags = dict(signed.measurement.repository.tags)
    moved = tags | {"v0.1.0": "00" * 20}
    (by_move,) = continuity(signed.measurement, _now(signed, tags=moved))
    (by_loss,) = continuity(signed.measurement, _now(signed, tags={"v0.1.0": tags["v0.1.0"]}))

    assert (by_move.id, by_move.severity, by_move.places) == ("continuity-tags", "A", ("v0.1.0",))
    assert by_loss.places == ("v0.2.0",)
