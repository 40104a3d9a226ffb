"""The whole meter against git blame and an independent count."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from provenance.errors import InconclusiveError, MeterError, UsageError
from provenance.ledger import questions
from provenance.ledger.read import open_run
from provenance.meter.measure import measure
from provenance.meter.run import Run
from provenance.meter.settings import Options
from provenance.terms.authors import AuthorType
from provenance.terms.stages import Facet, Stage
from worlds.marked import history
from worlds.world import Built, World, git, submodule


def _blamed(built: Built, revision: str) -> dict[str, Counter[str]]:
    """Count lines by commit for every text file of a revision, by asking git blame."""
    found = {}
    for path in built.git("ls-tree", "-r", "-z", "--name-only", revision).split(b"\0"):
        if path:
            out = built.git("blame", "-s", "-l", "--root", revision, "--", path)
            found[path.decode()] = Counter(line[:40].decode() for line in out.splitlines())
    return found


def _author_type(message: str, author: str) -> AuthorType:
    """Return what the marks of these worlds mean, decided without the rules."""
    if "(aider)" in author:
        return AuthorType.AI
    if "[bot]" in author:
        return AuthorType.AUTOMATION
    return (
        AuthorType.ASSISTED if "o-" in message and "uthored" in message else AuthorType.UNATTESTED
    )


def _types(built: Built) -> dict[str, AuthorType]:
    out = built.git("log", "--all", "--format=%H%x00%an%x00%B%x01").decode()
    rows = [row.strip("\n").split("\0") for row in out.split("\x01") if row.strip()]
    return {oid: _author_type(message, author) for oid, author, message in rows}


@pytest.mark.parametrize("seed", range(6))
def test_every_point_counts_the_lines_that_git_blame_counts(tmp_path: Path, seed: int) -> None:
    built = history(tmp_path / "world", seed)
    run = measure(built.path, Options(unit="line"))
    types = _types(built)
    facets = run.facts.facets

    for point in run.measurement.stock:
        expected: Counter[str] = Counter()
        for path, commits in _blamed(built, point.commit).items():
            if facets[path].facet in {Facet.SOURCE, Facet.CONFIG, Facet.NOTEBOOK}:
                for commit, lines in commits.items():
                    expected[types[commit].value] += lines
        got = {kind.value: point.counts.of(kind) for kind in AuthorType if point.counts.of(kind)}

        assert dict(expected) == got, point.at


@pytest.mark.parametrize("seed", range(4))
def test_flow_is_what_git_says_was_added_between_two_points(tmp_path: Path, seed: int) -> None:
    built = history(tmp_path / "world", seed)
    run = measure(built.path, Options(unit="line"))
    types = _types(built)

    for window in run.measurement.flow:
        scope = [window.end_commit] + ([f"^{window.start_commit}"] if window.start_commit else [])
        inside = set(built.git("rev-list", *scope).decode().split())
        alive: Counter[str] = Counter()
        for path, commits in _blamed(built, window.end_commit).items():
            if run.facts.facets[path].facet in run.measurement.definition.facets:
                for commit, lines in commits.items():
                    if commit in inside:
                        alive[types[commit].value] += lines
        got = {kind.value: window.counts.of(kind) for kind in AuthorType if window.counts.of(kind)}

        assert window.commits == len(inside)
        assert dict(alive) == got, (window.start, window.end)


@pytest.mark.parametrize("seed", range(4))
def test_the_stored_evidence_gives_the_figures_again(tmp_path: Path, seed: int) -> None:
    """The ledger's own arithmetic, in SQL, agrees with the streaming one."""
    built = history(tmp_path / "world", seed)
    run = measure(built.path, Options(unit="line"), cache=tmp_path / "cache")
    assert run.folder is not None
    facets = {Facet.SOURCE, Facet.CONFIG, Facet.NOTEBOOK}

    with open_run(run.folder) as stored:
        by_snapshot = questions.stock_by_author_type(stored, unit="line", facets=facets)
        flaws = questions.flaws(stored)

    assert flaws == {}
    for point in run.facts.points:
        counted = next(p for p in run.measurement.stock if p.commit == run.facts.ids[point.commit])
        assert by_snapshot[run.facts.snapshot_of[point.commit]] == counted.counts


def test_classes_and_stages_sum_to_the_denominator(tmp_path: Path) -> None:
    built = history(tmp_path / "world", 1)
    run = measure(built.path, Options(), own=["claude"])

    for point in run.measurement.stock:
        assert sum(f.counts.total for f in point.by_stage.values()) == point.counts.total
        assert sum(f.counts.total for f in point.by_tier.values()) == point.counts.total
        assert point.counts.floor <= point.counts.declared <= point.counts.ceiling
        assert point.own.floor <= point.own.declared <= point.own.ceiling <= point.counts.ceiling
        for by in (point.by_stage, point.by_tier):
            assert sum(figures.expected for figures in by.values()) == point.counts.total
            for figures in by.values():
                assert figures.low <= figures.counts.total <= figures.high
    for window in run.measurement.flow:
        assert sum(f.expected for f in window.by_stage.values()) == window.counts.total


def test_the_labs_own_map_is_part_of_the_measurement(tmp_path: Path) -> None:
    """Who reads a figure sees which files were placed by hand, and can tell two maps apart."""
    text = '[[stage]]\nglob = "a.py"\nstage = "training"\n'
    text += '[[stage]]\nglob = "ops/**"\nstage = "infra"\n'
    world = World(tmp_path / "world")
    world.commit(edit={"a.py": "x = 1\n", "b.py": "y = 1\n", "provenance.toml": text})
    built = world.build()
    run = measure(built.path, Options(facets=frozenset({Facet.SOURCE})))
    without = measure(built.path, Options(at="HEAD"), config=_empty(tmp_path))

    assert run.measurement.stage_map == (("a.py", "training"), ("ops/**", "infra:compute"))
    assert run.measurement.definition.stage_map_digest.startswith("sha256:")
    assert run.measurement.head.by_stage[Stage.TRAINING].expected >= 1
    assert without.measurement.stage_map == ()
    assert without.measurement.definition.stage_map_digest == ""


def _empty(folder: Path) -> Path:
    place = folder / "empty.toml"
    place.write_bytes(b"")
    return place


def test_a_repository_without_marks_has_floor_nothing_and_ceiling_everything(
    tmp_path: Path,
) -> None:
    world = World(tmp_path / "world")
    world.commit(edit={"a.py": "x = 1\n"})
    head = measure(world.build().path, Options()).measurement.head

    assert (head.counts.floor, head.counts.ceiling, head.counts.covered) == (0, 1, 0)


def _shallow(built: Built, folder: Path, depth: int) -> Path:
    subprocess.run(
        ["git", "clone", "-q", f"--depth={depth}", built.path.as_uri(), str(folder)],
        check=True,
        capture_output=True,
    )
    return folder


def test_a_shallow_clone_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    clone = _shallow(history(tmp_path / "world", 0), tmp_path / "clone", 1)

    with pytest.raises(InconclusiveError) as caught:
        measure(clone, Options())

    assert "git fetch --unshallow" in caught.value.hint


def test_lines_at_the_edge_of_a_shallow_clone_are_unattested_and_listed(tmp_path: Path) -> None:
    clone = _shallow(history(tmp_path / "world", 3), tmp_path / "clone", 3)
    run = measure(clone, Options(unit="line", allow_shallow=True))
    edge = (clone / ".git" / "shallow").read_text().split()
    reasons = {item.reason.value: item.lines for item in run.measurement.not_measured}

    assert run.measurement.head.counts.unattested > 0
    assert reasons["shallow_boundary"] > 0
    for oid in edge:
        assert run.facts.attributions[run.mined.number[oid]].author_type is AuthorType.UNATTESTED  # type: ignore[index]


def test_a_missing_file_is_listed_and_the_rest_is_measured(tmp_path: Path) -> None:
    world = World(tmp_path / "world", loose=True)
    first = world.commit(edit={"a.py": "x = 1\n", "b.py": "y = 2\n"})
    world.commit(first, edit={"b.py": "y = 3\nz = 4\n"})
    built = world.build()
    blob = built.git("rev-parse", "HEAD:a.py").decode().strip()
    (built.git_dir / "objects" / blob[:2] / blob[2:]).unlink()
    run = measure(built.path, Options())

    assert [(item.reason.value, item.examples) for item in run.measurement.not_measured] == [
        ("missing_blob", ("a.py",))
    ]
    assert run.measurement.head.counts.total == 2


def test_the_lab_pins_stages_and_names_its_own_files(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.commit(
        edit={
            "a/x.py": "x = 1\n",
            "b/y.py": "y = 1\n",
            "provenance.toml": 'version = 1\n[[stage]]\nglob = "a/**"\nstage = "evaluation"\n'
            '[scope]\nexclude = ["b/**"]\n[own]\nfamilies = ["Claude"]\n',
        }
    )
    run = measure(world.build().path, Options())

    assert run.facts.stages["a/x.py"].stage.value == "evaluation"
    assert run.facts.facets["b/y.py"].rule == "config/exclude"
    assert run.measurement.definition.own_families == ("claude",)


@pytest.mark.parametrize(
    ("text", "slug", "hint"),
    [
        ("version = 2", "config-version", "version = 1"),
        ("stages = 1", "config-key", "stage"),
        ("[own]\nfamily = []", "config-key", "families"),
        ("[scope]\nfacets = { a = 'sorce' }", "config-value", "source"),
        ("[[[", "config-syntax", "line"),
    ],
)
def test_a_wrong_word_in_the_configuration_is_named(
    tmp_path: Path, text: str, slug: str, hint: str
) -> None:
    built = history(tmp_path / "world", 0, commits=2)
    config = tmp_path / "provenance.toml"
    config.write_text(text)

    with pytest.raises(UsageError) as caught:
        measure(built.path, Options(), config=config)

    assert caught.value.slug == slug
    assert hint in caught.value.hint


def test_measuring_writes_nothing_to_the_repository(tmp_path: Path) -> None:
    built = history(tmp_path / "world", 2)
    before = _listing(built.path)
    measure(built.path, Options(), cache=tmp_path / "cache")

    assert _listing(built.path) == before


def _listing(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(folder.rglob("*"))
    }


def _figures(run: Run) -> object:
    return run.measurement


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_number_of_processes_changes_nothing(tmp_path: Path, jobs: int) -> None:
    built = history(tmp_path / "world", 5)

    assert _figures(measure(built.path, Options(jobs=jobs))) == _figures(
        measure(built.path, Options(jobs=2))
    )


def test_head_names_are_understood(tmp_path: Path) -> None:
    built = history(tmp_path / "world", 0)
    before = git(built.git_dir, "rev-parse", "HEAD~1").decode().strip()

    assert measure(built.path, Options(at="HEAD~1")).measurement.repository.head == before


def test_a_second_reading_process_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = history(tmp_path / "world", 7)
    alone = measure(built.path, Options(jobs=1))
    monkeypatch.setattr("provenance.meter.lookers._WORTH_IT", 1)
    monkeypatch.setattr("provenance.meter.lookers._BATCH", 2)

    assert measure(built.path, Options(jobs=2)).measurement == alone.measurement


def test_a_reading_process_that_dies_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = history(tmp_path / "world", 7)
    monkeypatch.setattr("provenance.meter.lookers._WORTH_IT", 1)
    monkeypatch.setattr("provenance.meter.lookers._BATCH", 2)
    monkeypatch.setattr("sys.executable", "/bin/false")

    with pytest.raises(MeterError) as caught:
        measure(built.path, Options(jobs=2))

    assert caught.value.slug == "reader-died"


def test_what_lies_elsewhere_or_cannot_be_read_is_listed_with_its_reason(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 5\n" % ("a" * 64)
    world.commit(
        edit={"a.py": "x = 1\n", "weights.py": pointer, "b.ipynb": "{ no json", "s": submodule()}
    )
    run = measure(world.build().path, Options())
    reasons = {item.reason.value: item.examples for item in run.measurement.not_measured}

    assert reasons == {
        "lfs_pointer": ("weights.py",),
        "submodule": ("s",),
        "undecodable": ("b.ipynb",),
    }
    assert run.measurement.head.counts.total == 1


def test_what_is_binary_has_no_lines_to_count(tmp_path: Path) -> None:
    """A picture that was replaced once is no text, and a text that was a picture once is."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"logo.png": b"\0a\nb\n", "loop.py": b"\0a\nb\n"})
    world.commit(first, edit={"logo.png": b"\0a\nc\nd\n", "loop.py": "a\nb\nc\n"})
    built = world.build()

    found = measure(built.path, Options(unit="line")).measurement

    assert found.everything.total == 3
    assert [file.path for file in found.files] == ["loop.py"]
    assert found.exclusions == ()
