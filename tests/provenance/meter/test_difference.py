"""What a change adds, against git blame and the world's own books."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from provenance.errors import InconclusiveError, UsageError
from provenance.history.repository import open_repository
from provenance.history.walk import merge_bases
from provenance.meter.difference import Asked, difference
from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance.metrics.difference import Difference
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts
from provenance.terms.stages import Stage
from worlds.marked import history
from worlds.world import Built, World, lines, submodule

_CLAUDE = "Claude <noreply@anthropic.com>"
_COUNTED = {"source", "config", "notebook"}


def _asked(base: str, head: str, **more: object) -> Asked:
    return replace(Asked(base, head), **more)


def _difference(built: Built, base: str, head: str, **more: object) -> Difference:
    return difference(built.path, _asked(base, head, **more), Options(unit="line"))


def _alive_by_blame(built: Built, base: str, head: str, counted: set[str]) -> Counter[str]:
    """Count lines of the head that git blame gives to commits the base has not."""
    inside = set(built.git("rev-list", head, f"^{base}").decode().split())
    found: Counter[str] = Counter()
    for name in built.git("ls-tree", "-r", "-z", "--name-only", head).split(b"\0"):
        if name.decode() in counted:
            printed = built.git("blame", "-s", "-l", "--root", head, "--", name).decode()
            found += Counter(line[:40] for line in printed.splitlines() if line[:40] in inside)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_is_alive_is_what_git_blame_gives_to_the_new_commits(
    tmp_path: Path, seed: int
) -> None:
    """For any two revisions, whichever side of a fork or a merge they are on."""
    built = history(tmp_path / "world", seed, commits=16)
    for base, head in itertools.permutations(built.ids[3::4], 2):
        found = _difference(built, base, head)
        facets = measure(built.path, Options(at=head, every=())).facts.facets
        counted = {path for path, call in facets.items() if call.facet in _COUNTED}
        expected = _alive_by_blame(built, base, head, counted)
        commits = built.git("rev-list", "--count", head, f"^{base}").decode()

        assert found.alive.counts.total == sum(expected.values())
        assert found.commits.total == int(commits)


@pytest.mark.parametrize("seed", range(3))
def test_the_sums_are_those_of_the_measurement(tmp_path: Path, seed: int) -> None:
    """From one release to the next a change is the flow window that the report shows."""
    built = history(tmp_path / "world", seed, commits=30)
    at_head = measure(built.path, Options(unit="line", every=("release",))).measurement.flow
    for end in (window.end_commit for window in at_head if window.start_commit):
        options = Options(unit="line", every=("release",), at=end)
        windows = measure(built.path, options).measurement.flow
        window = next(w for w in windows if w.kind == "release" and w.end_commit == end)
        found = _difference(built, window.start_commit, window.end_commit)

        assert found.alive.counts == window.counts
        assert found.added.counts == window.added
        assert found.alive.own == window.own
        assert found.commits.total == window.commits
        assert {s: f.counts for s, f in found.alive.by_stage.items()} == {
            s: f.counts for s, f in window.by_stage.items()
        }


@pytest.mark.parametrize("seed", range(3))
def test_the_parts_add_up(tmp_path: Path, seed: int) -> None:
    """Stages, files and commits sum to the whole, whatever the history."""
    built = history(tmp_path / "world", seed, commits=20)
    found = _difference(built, built.ids[2], built.ids[-1])
    inside = [file for file in found.files if file.facet in _COUNTED]

    for lines_ in (found.added, found.alive):
        assert sum((f.counts for f in lines_.by_stage.values()), Counts()) == lines_.counts
    assert sum((file.added for file in inside), Counts()) == found.added.counts
    assert sum((file.alive for file in inside), Counts()) == found.alive.counts
    assert sum(m.ai + m.assisted for m in found.makers) == found.alive.counts.declared
    assert sum(m.commits for m in found.makers) == found.commits.declared
    assert sum(found.unclassified.values()) <= found.alive.counts.total


@pytest.fixture
def forked(tmp_path: Path) -> Built:
    """Return a base that moved on after a pull request had left it."""
    world = World(tmp_path / "world")
    root = world.commit(edit={"train/loop.py": lines("a b c"), "README.md": "# Models\n"})
    world.commit(root, edit={"train/loop.py": lines("a b c base")})
    world.commit(
        root,
        edit={"train/loop.py": lines("x y b c"), "eval/score.py": lines("p q")},
        author=_CLAUDE,
    )
    return world.build()


def test_the_base_may_have_moved_on(forked: Built) -> None:
    """What counts is what the merge base has not; what the base got since is not taken away."""
    found = _difference(forked, "tip-1", "main")

    assert found.merge_bases == (forked.ids[0],)
    assert found.base.commit == forked.ids[1]
    assert found.alive.counts == Counts(ai=4)
    assert (found.added.counts.total, found.removed) == (4, 1)


def test_a_crossed_merge_has_two_bases_and_still_one_change(tmp_path: Path) -> None:
    """What either base reaches is left out; taking one of them would count the other anew."""
    world = World(tmp_path / "world")
    root = world.commit(edit={"a.py": lines("a"), "b.py": lines("b")})
    one = world.commit(root, edit={"a.py": lines("a a1")})
    two = world.commit(root, edit={"b.py": lines("b b1")})
    left = world.commit(one, two, edit={"b.py": lines("b b1")})
    right = world.commit(two, one, edit={"a.py": lines("a a1"), "c.py": lines("new")})
    built = world.build()
    found = _difference(built, built.ids[left], built.ids[right])

    assert found.merge_bases == tuple(sorted((built.ids[one], built.ids[two])))
    assert [file.path for file in found.files] == ["c.py"]
    assert found.alive.counts.total == 1


def test_a_head_that_the_base_holds_adds_nothing(forked: Built) -> None:
    found = _difference(forked, forked.ids[1], forked.ids[0])
    same = _difference(forked, "main", "main")

    for one in (found, same):
        assert (one.commits.total, one.added.counts.total, one.alive.counts.total) == (0, 0, 0)
        assert (one.files, one.makers, one.outside) == ((), (), ())


def test_unrelated_histories_have_no_difference(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.commit(edit={"a.py": lines("a")})
    world.commit(edit={"b.py": lines("b")})
    built = world.build()
    with pytest.raises(UsageError) as caught:
        _difference(built, built.ids[0], built.ids[1])

    assert caught.value.slug == "unrelated-histories"
    assert "provenance measure --at" in caught.value.hint


def test_a_shallow_clone_is_refused_before_any_name_is_looked_up(
    forked: Built, tmp_path: Path
) -> None:
    """The base is often what is missing: the cure is said, not that it does not exist."""
    clone = tmp_path / "clone"
    forked.git("clone", "-q", "--bare", "--depth=1", f"file://{forked.path}", str(clone))
    with pytest.raises(InconclusiveError) as caught:
        difference(clone, Asked("nowhere"), Options())

    assert caught.value.slug == "shallow"
    assert "git fetch --unshallow" in caught.value.hint


def test_merge_bases_of_the_history_room(forked: Built) -> None:
    with open_repository(forked.path) as repository:
        assert merge_bases(repository, *forked.ids[1:]) == (forked.ids[0],)
        assert merge_bases(repository, forked.ids[0], forked.ids[1]) == (forked.ids[0],)


_PINS = (
    '[[stage]]\nglob = "eval/**"\nstage = "evaluation"\n'
    '[[stage]]\nglob = "train/**"\nstage = "training"\n'
)
_TOML = f'[own]\nfamilies = ["claude"]\n{_PINS}'
_EVASIONS = {
    "attributes": {".gitattributes": "*.py linguist-generated\n"},
    "attributes below": {"eval/.gitattributes": "* linguist-vendored\n"},
    "scope": {"provenance.toml": _TOML + '[scope]\nexclude = ["**"]\n'},
    "bot": {
        "provenance.toml": _TOML + '[[bot]]\nid = "house-bot"\nemails = ["noreply@anthropic.com"]\n'
    },
    "own": {"provenance.toml": '[own]\nfamilies = ["gpt"]\n'},
    "stages": {"provenance.toml": _TOML + '[[stage]]\nglob = "**"\nstage = "other"\n'},
    "gone": {"provenance.toml": None},
    "broken": {"provenance.toml": "[["},
}


@pytest.mark.parametrize("evasion", sorted(_EVASIONS))
def test_a_change_has_no_say_in_how_it_is_measured(tmp_path: Path, evasion: str) -> None:
    """Configuration and attributes come from the base: the figures are those without tricks."""
    found = []
    for name, more in (("honest", {}), ("sly", _EVASIONS[evasion])):
        world = World(tmp_path / name)
        root = world.commit(edit={"provenance.toml": _TOML, "eval/score.py": lines("a b")})
        edit = {"eval/score.py": lines("a b c d"), "train/loop.py": lines("x y z")}
        world.commit(
            root,
            edit=edit | {path: text for path, text in more.items() if text is not None},
            remove=[path for path, text in more.items() if text is None],
            author=_CLAUDE,
        )
        built = world.build()
        found.append(_difference(built, built.ids[0], "main"))
    honest, sly = (
        {file.path: file for file in one.files if file.path.endswith(".py")} for one in found
    )

    assert honest == sly
    assert found[0].definition.config_digest == found[1].definition.config_digest
    assert found[0].definition.scope_digest == found[1].definition.scope_digest
    assert {file.stage: file.alive.ai for file in sly.values()} == {
        Stage.EVALUATION: 2, Stage.TRAINING: 3,
    }  # fmt: skip


def test_another_revision_can_be_given_the_say(tmp_path: Path) -> None:
    """``config_from`` names whose word counts instead."""
    world = World(tmp_path / "world")
    root = world.commit(edit={"a.py": lines("a"), "provenance.toml": _TOML})
    world.commit(root, edit={"a.py": lines("a b"), ".gitattributes": "a.py linguist-generated\n"})
    built = world.build()
    by_base = _difference(built, built.ids[0], "main")
    by_head = _difference(built, built.ids[0], "main", config_from="main")

    assert by_base.stated == built.ids[0]
    assert by_head.stated == built.ids[1]
    assert [file.path for file in by_base.files] == [".gitattributes", "a.py"]
    assert [file.path for file in by_head.files] == [".gitattributes"]
    assert [(item.rule, item.lines) for item in by_head.outside if item.facet == "generated"]


def test_what_changed_and_cannot_be_measured_is_said_and_nothing_else(tmp_path: Path) -> None:
    """A submodule that the change touches is named; one that was there before is not."""
    world = World(tmp_path / "world")
    root = world.commit(edit={"a.py": lines("a"), "old": submodule("1")})
    world.commit(root, edit={"a.py": lines("a b"), "new": submodule("2")})
    found = _difference(built := world.build(), built.ids[0], "main")

    assert [(item.reason, item.examples) for item in found.not_measured] == [
        ("submodule", ("new",))
    ]


@pytest.mark.parametrize("seed", range(3))
def test_a_cache_changes_nothing(tmp_path: Path, seed: int) -> None:
    """Base by base and head by head, with what was stored before and without."""
    built = history(tmp_path / "world", seed, commits=20)
    chain = built.git("rev-list", "--first-parent", "--reverse", "HEAD").decode().split()
    for base, head in zip(chain[1:-2:3], chain[3::3], strict=False):
        asked = Asked(base, head)
        kept = difference(built.path, asked, Options(), cache=tmp_path / "cache")

        assert kept == difference(built.path, asked, Options())


def test_every_author_type_of_a_commit_is_counted_once(tmp_path: Path) -> None:
    built = history(tmp_path / "world", 7, commits=20)
    found = _difference(built, built.ids[0], "main")
    merges = built.git("rev-list", "--count", "--merges", "main", f"^{built.ids[0]}").decode()

    assert found.commits.total == sum(found.commits.of(kind) for kind in AuthorType)
    assert found.merges == int(merges)
