"""Whatever the columns hold, every detector answers, and the order of commits changes nothing."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.findings.find import find
from provenance.findings.predates import ages
from provenance.findings.seen import Additions, Clone, History, Seen, Trait
from worlds.columns import START

_DATES = st.one_of(
    st.integers(START - 10**6, START + 10**6), st.integers(-(10**11), 253_402_300_799)
)
_ALL = int(~Trait(0))


@st.composite
def _seen(draw: st.DrawFn) -> Seen:
    size = draw(st.integers(0, 40))

    def column(values: st.SearchStrategy[int]) -> list[int]:
        return draw(st.lists(values, min_size=size, max_size=size))

    parents = [
        tuple(sorted(draw(st.sets(st.integers(0, n - 1), max_size=3)))) if n else ()
        for n in range(size)
    ]
    history = History(
        ids=[f"{(n * 7919) % 10007:040x}" for n in range(size)],
        parents=parents,
        committed=np.array(column(_DATES), dtype=np.int64),
        authored=np.array(column(_DATES), dtype=np.int64),
        authors=np.array(column(st.integers(0, 2)), dtype=np.int64),
        traits=np.array(column(st.integers(0, _ALL)), dtype=np.int64),
        marked=np.array(column(st.integers(0, 1)), dtype=np.int64),
        automated=np.array(column(st.integers(0, 1)), dtype=np.int64),
    )
    additions = Additions(
        np.array(column(st.integers(0, 10**9)), dtype=np.int64),
        np.array(column(st.integers(0, 500)), dtype=np.int64),
    )
    names = st.sampled_from(
        ["CLAUDE.md", ".claude/settings.json", ".husky/commit-msg", ".mailmap",
         ".aider.conf.yml", ".codex/config.toml", ".git-blame-ignore-revs", "a/AGENTS.md"]
    )  # fmt: skip
    files = draw(st.dictionaries(names, st.text(max_size=200), max_size=4))
    return Seen(history, additions, Clone(replaced=draw(st.integers(0, 2))), files)


def _shuffled(history: History, order: list[int]) -> History:
    """Return the same commits under other numbers."""
    place = {old: new for new, old in enumerate(order)}
    return History(
        ids=[history.ids[old] for old in order],
        parents=[tuple(place[parent] for parent in history.parents[old]) for old in order],
        **{
            name: getattr(history, name)[order]
            for name in ("committed", "authored", "authors", "traits", "marked", "automated")
        },
    )


@given(_seen(), st.randoms(use_true_random=False))
def test_the_order_of_commits_changes_nothing(seen: Seen, rng: random.Random) -> None:
    order = list(range(len(seen.history.ids)))
    rng.shuffle(order)
    assert seen.additions is not None
    other = Seen(
        _shuffled(seen.history, order),
        Additions(seen.additions.lines[order], seen.additions.files[order]),
        seen.clone,
        seen.files,
    )
    found = find(seen)

    assert find(other) == found
    assert all(one.count >= len(one.places) > 0 for one in found)
    assert [(one.severity, one.id) for one in found] == sorted(
        (one.severity, one.id) for one in found
    )


@given(_seen(), st.dates())
def test_no_commit_is_old_that_names_a_tool_or_has_a_later_date(seen: Seen, day: object) -> None:
    history = seen.history
    silent = np.ones(len(history.ids), dtype=bool)
    judged = ages(history, silent=silent, cutoff=str(day), own_cutoff=None)

    assert not (history.traits[judged.old] & int(Trait.NAMED)).any()
    assert (judged.old.size == 0) or judged.cutoff == str(day)
    assert (judged.undated is None) == (judged.cutoff is not None)
