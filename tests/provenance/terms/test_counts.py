"""Shares never lie by rounding, and counts add."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance import errors
from provenance.terms.counts import Counts, Share
from provenance.terms.stages import LoopTier, Stage, loop_tier

counts = st.builds(Counts, *[st.integers(0, 10**12)] * 6)


@given(counts, counts)
def test_counts_add_type_by_type(one: Counts, other: Counts) -> None:
    both = one + other

    assert both.total == one.total + other.total
    assert both.floor <= both.declared <= both.ceiling <= both.total
    assert both.covered + both.unattested == both.total


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_share_is_never_rounded_to_nothing_or_everything(part: int, rest: int) -> None:
    whole = part + rest

    assert (Share(part, whole).percent() == "0.0 %") == (part == 0)
    assert Share(part, whole).percent() != "100.0 %"
    assert Share(whole, whole).percent() == "100.0 %"


def test_a_share_of_nothing_is_no_number() -> None:
    assert Share(0, 0).percent() == "n/a"


@pytest.mark.parametrize(
    "kind",
    [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.MeterError)
    ],
)
def test_every_error_survives_the_way_between_processes(kind: type[errors.MeterError]) -> None:
    error = pickle.loads(pickle.dumps(kind("what is wrong", slug="some-slug", hint="do this")))

    assert type(error) is kind
    assert (error.message, error.slug, error.hint) == ("what is wrong", "some-slug", "do this")


@pytest.mark.parametrize(
    ("stage", "sub", "tier"),
    [
        (Stage.EVALUATION, None, LoopTier.L1),
        (Stage.INFRA, "compute", LoopTier.L1),
        (Stage.INFRA, "repo", LoopTier.L0),
        (Stage.SERVING, None, LoopTier.L2),
        (Stage.OTHER, None, LoopTier.L0),
    ],
)
def test_loop_tiers_follow_the_taxonomy(stage: Stage, sub: str | None, tier: LoopTier) -> None:
    assert loop_tier(stage, sub) is tier
