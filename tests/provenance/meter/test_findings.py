"""Findings and old commits through the whole meter: planted worlds and a clean one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from provenance.errors import UsageError
from provenance.findings.seen import Trait
from provenance.findings.traits import TraitReader
from provenance.history.repository import open_repository
from provenance.meter.asking import Found, ask, history_of, judge_dates, with_records
from provenance.meter.measure import measure
from provenance.meter.reading import Placed
from provenance.meter.run import Run
from provenance.meter.settings import Options
from provenance.metrics.measurement import Finding, Measurement
from provenance.rules.load import load_catalogue
from provenance.terms.authors import Maker, RuleId
from provenance.terms.commits import CommitId
from provenance.terms.records import Record
from worlds.world import Built, World, git, numbered, submodule

_OLD = -24 * 365 * 4
"""Hours back to autumn 2019."""
_CLAUDE = "Claude <noreply@anthropic.com>"


def _asked(measured: Measurement) -> dict[str, Finding]:
    return {finding.id: finding for finding in measured.findings}


def _mark(text: str = _CLAUDE) -> str:
    return f"Change it\n\nCo-Authored-By: {text}\n"


def _old_and_new(folder: Path, *, later: int = 0, config: str = "") -> Built:
    """Ten lines of 2019, five of 2020 with a mark, five of 2023 without, some of today."""
    world = World(folder)
    text = numbered(10, "old")
    files = {"train.py": "".join(text)}
    first = world.commit(edit=files | ({"provenance.toml": config} if config else {}), hours=_OLD)
    marked = [*text, *numbered(5, "marked")]
    second = world.commit(
        first,
        edit={"train.py": "".join(marked)},
        hours=_OLD + 24 * 365,
        message=_mark("Codex <noreply@openai.com>"),
    )
    new = [*marked, *numbered(5, "new")]
    last = world.commit(second, edit={"train.py": "".join(new)}, hours=-24 * 200)
    for number in range(later):
        edit = {"late.py": "".join(numbered(number + 1, "late"))}
        last = world.commit(last, edit=edit, hours=1000 - 2 - number, authored=-24 * 30)
    return world.build()


def test_a_plain_history_raises_no_question(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    last = world.commit(edit={"a.py": "a = 1\n", "CLAUDE.md": "Write tests.\n"})
    for number in range(5):
        last = world.commit(last, edit={"a.py": f"a = {number}\n"}, message=_mark())
    found = measure(world.build().path, Options(unit="line")).measurement

    assert found.findings == ()


def test_lines_older_than_any_model_leave_the_ceiling(tmp_path: Path) -> None:
    """Only where nothing names a tool, and only before the cut-off."""
    built = _old_and_new(tmp_path / "world")
    found = measure(built.path, Options(unit="line")).measurement
    off = measure(built.path, Options(unit="line", predates="off")).measurement

    assert found.definition.predates_cutoff == "2021-06-29"
    assert found.head.counts.predates_ai == 10
    assert found.head.counts.assisted == 5
    assert found.head.counts.ceiling == 10
    assert [step.lines for step in found.ladder if step.rule == "predates-ai"] == [10]
    assert off.definition.predates_cutoff is None
    assert (off.head.counts.predates_ai, off.head.counts.ceiling) == (0, 20)


@pytest.mark.parametrize(
    ("config", "given", "old"),
    [
        ('predates = "2019-01-01"', None, 0),
        ("predates = 2024-01-01", None, 15),
        ("predates = false", None, 0),
        ("predates = false", "2024-01-01", 15),
        ("predates = 2024-01-01", "off", 0),
    ],
)
def test_the_cut_off_is_configured_and_an_option_decides(
    tmp_path: Path, config: str, given: str | None, old: int
) -> None:
    built = _old_and_new(tmp_path / "world", config=f"{config}\n")
    found = measure(built.path, Options(unit="line", predates=given)).measurement

    (code,) = (file for file in found.files if file.path == "train.py")

    assert code.counts.predates_ai == old


@pytest.mark.parametrize("config", ['predates = "soon"', "predates = 7", "predates = true",
                                    'own = { predates = "x" }'])  # fmt: skip
def test_a_wrong_cut_off_is_refused(tmp_path: Path, config: str) -> None:
    built = _old_and_new(tmp_path / "world", config=f"{config}\n")

    with pytest.raises(UsageError, match="predates must be a day or false"):
        measure(built.path, Options())


def test_a_wrong_day_as_option_is_refused(tmp_path: Path) -> None:
    built = _old_and_new(tmp_path / "world")

    with pytest.raises(UsageError, match="not a day"):
        measure(built.path, Options(predates="yesterday"))


def test_what_is_older_than_the_own_models_cannot_be_theirs(tmp_path: Path) -> None:
    """Claude was first released on 2023-03-14: the marked lines of 2020 are by something else."""
    built = _old_and_new(tmp_path / "world")
    run = measure(built.path, Options(unit="line"), own=("claude",)).measurement
    config = tmp_path / "early.toml"
    config.write_text('[own]\nfamilies = ["claude"]\npredates = 2019-01-01\n')
    early = measure(built.path, Options(unit="line"), config=config).measurement
    config.write_text('[own]\nfamilies = ["claude"]\npredates = 2026-01-01\n')
    late = measure(built.path, Options(unit="line"), config=config).measurement
    unknown = measure(built.path, Options(unit="line"), own=("acme",)).measurement

    assert run.definition.own_predates_cutoff == "2023-03-14"
    assert run.head.own.ceiling == 5
    assert early.head.own.ceiling == 10
    assert late.head.own.ceiling == 0
    assert late.head.counts.ceiling == 10
    assert unknown.definition.own_predates_cutoff is None
    assert unknown.head.own.ceiling == 10


def test_a_backdated_commit_is_asked_about_and_no_line_is_old(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    first = world.commit(edit={"a.py": "a = 1\n"}, hours=_OLD)
    second = world.commit(first, edit={"a.py": "a = 1\nb = 2\n"}, hours=_OLD - 24 * 9)
    found = measure(world.build().path, Options(unit="line")).measurement
    asked = _asked(found)

    assert second == 1
    assert asked["backdating"].severity == "A"
    assert len(asked["backdating"].places) == 1
    assert asked["predates-off"].count == 2
    assert found.definition.predates_cutoff is None
    assert found.head.counts.predates_ai == 0
    assert found.head.counts.unattested == 2


def test_a_rewritten_history_keeps_its_old_lines_unattested(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    last = world.commit(edit={"a.py": "a = 1\n"}, hours=_OLD)
    for number in range(25):  # the world moves on by an hour a commit: take it back
        edit = {"a.py": f"a = 1\nb = {number}\n"}
        last = world.commit(last, edit=edit, hours=-1 - number, authored=-24 * 30)
    found = measure(world.build().path, Options(unit="line")).measurement

    assert _asked(found)["rewrite-burst"].count == 25
    assert _asked(found)["predates-off"].count == 1
    assert found.head.counts.predates_ai == 0


def test_models_named_too_early_are_asked_about(tmp_path: Path) -> None:
    """The world is dated November 2023, Opus 5 was released in July 2026."""
    world = World(tmp_path / "world")
    first = world.commit(edit={"a.py": "a = 1\n"})
    early = _mark("Claude Opus 5 <noreply@anthropic.com>")
    world.commit(first, edit={"a.py": "a = 2\n"}, message=early)
    built = world.build()
    found = _asked(measure(built.path, Options()).measurement)
    own = _asked(measure(built.path, Options(), own=("claude",)).measurement)

    assert found["anachronism"].places == (built.ids[1],)
    assert found["anachronism"].severity == "A"
    assert "anachronism" not in own
    assert own["own-model-before-release"].places == (built.ids[1],)


def test_a_lab_dates_its_own_models(tmp_path: Path) -> None:
    config = tmp_path / "lab.toml"
    config.write_text(
        '[own]\nfamilies = ["acme"]\n\n[[model]]\nmatch = "acme-*"\nvendor = "Acme"\n'
        'family = "acme"\nmodel = "acme-3"\nreleased = 2024-01-01\n\n'
        '[[agent]]\nid = "acme-coder"\nemails = ["coder@acme.example"]\nmodel = "acme-3"\n'
    )
    world = World(tmp_path / "world")
    first = world.commit(edit={"a.py": "a = 1\n"})
    world.commit(first, edit={"a.py": "a = 2\n"}, message=_mark("Coder <coder@acme.example>"))
    built = world.build()
    found = measure(built.path, Options(unit="line"), config=config).measurement

    assert found.definition.own_predates_cutoff == "2024-01-01"
    assert _asked(found)["own-model-before-release"].places == (built.ids[1],)


def test_files_at_the_head_are_asked_about(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    first = world.commit(edit={
        ".claude/settings.json": '{\n  "includeCoAuthoredBy": false\n}\n',
        "AGENTS.md": "# Git\nNever add a Co-authored-by line.\n",
        ".husky/commit-msg": "sed -i '/Co-Authored-By/d' $1\n",
        ".mailmap": f"Ann <ann@example.org> {_CLAUDE}\n",
        "deep/.codex/config.toml": 'commit_attribution = ""\n',
        "big/CLAUDE.md": "Never add a Co-authored-by line.\n" + "x" * (1 << 20),
        "a.py": "a = 1\n",
    })  # fmt: skip
    world.commit(first, remove=["deep/.codex/config.toml"], edit={"lib": submodule()})
    found = _asked(measure(world.build().path, Options()).measurement)

    assert {name: finding.places for name, finding in found.items()} == {
        "attribution-gate": (".husky/commit-msg:1",),
        "attribution-off": (".claude/settings.json:2",),
        "attribution-policy": ("AGENTS.md:2",),
        "incomplete-view": ("lib",),
        "mailmap-tool-identity": (".mailmap:1",),
    }


def test_findings_come_by_severity_then_id(tmp_path: Path) -> None:
    built = _old_and_new(tmp_path / "world", later=25)
    found = measure(built.path, Options()).measurement.findings

    assert [(f.severity, f.id) for f in found] == sorted((f.severity, f.id) for f in found)
    assert {finding.severity for finding in found} == {"B", "C"}


def test_findings_move_no_figure(tmp_path: Path) -> None:
    """The same lines and marks, once with instructions (which are no code) to leave marks out."""
    figures = []
    for name, text in (("plain", "Be kind.\n"), ("off", "Never add a Co-authored-by line.\n")):
        world = World(tmp_path / name)
        first = world.commit(edit={"a.py": "a = 1\n", "AGENTS.md": text})
        world.commit(first, edit={"a.py": "a = 1\nb = 2\n"}, message=_mark())
        found = measure(world.build().path, Options()).measurement
        figures.append((found.head.counts, found.head.own, len(found.findings)))

    assert figures[0][:2] == figures[1][:2]
    assert (figures[0][2], figures[1][2]) == (0, 1)


def _bytes(run: Run) -> dict[str, str]:
    assert run.folder is not None
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(run.folder.glob("*.parquet"))
    }


@pytest.mark.parametrize("stop", [0, 1, 2, 10])
def test_what_is_old_is_judged_anew_when_a_stored_run_goes_on(tmp_path: Path, stop: int) -> None:
    """First nothing speaks against the dates, then a burst does: as if measured at once."""
    built = _old_and_new(tmp_path / "world", later=25)
    before = measure(built.path, Options(at=built.ids[stop]), cache=tmp_path / "grown")
    resumed = measure(built.path, Options(), cache=tmp_path / "grown")
    full = measure(built.path, Options(), cache=tmp_path / "fresh")

    assert before.measurement.head.counts.predates_ai == 10
    assert full.measurement.head.counts.predates_ai == 0
    assert "rewrite-burst" in _asked(full.measurement)
    assert resumed.measurement == full.measurement
    assert _bytes(resumed) == _bytes(full)


def test_old_commits_stay_old_when_a_stored_run_goes_on(tmp_path: Path) -> None:
    built = _old_and_new(tmp_path / "world")
    measure(built.path, Options(at=built.ids[0]), cache=tmp_path / "grown")
    resumed = measure(built.path, Options(), cache=tmp_path / "grown")
    full = measure(built.path, Options(), cache=tmp_path / "fresh")

    assert resumed.measurement.head.counts.predates_ai == 10
    assert resumed.measurement == full.measurement
    assert _bytes(resumed) == _bytes(full)


def test_a_shallow_clone_is_an_incomplete_view(tmp_path: Path) -> None:
    built = _old_and_new(tmp_path / "world")
    clone = tmp_path / "clone"
    git(built.git_dir, "clone", "--quiet", "--depth=1", f"file://{built.path}", str(clone))
    found = measure(clone, Options(allow_shallow=True)).measurement

    assert _asked(found)["incomplete-view"].places == (built.ids[-1],)


def _record(commit: str, *makers: Maker) -> Record:
    return Record(
        rule=RuleId("test"), commit=CommitId(commit), place="refs/notes/test", makers=makers
    )


def test_line_level_records_are_asked_about_too(tmp_path: Path) -> None:
    """Their models have release dates, and a record without its commit is an orphan."""
    built = _old_and_new(tmp_path / "world")
    run = measure(built.path, Options(unit="line"))
    early = Maker("claude-code", "Anthropic", "claude", "claude-opus-5")
    records = [_record(built.ids[0], early), _record(built.ids[1]), _record("f" * 40, early)]
    judged = judge_dates(run.mined, cutoff="2021-06-29", own_cutoff=None, records=records)
    reader = TraitReader(load_catalogue())
    history = with_records(history_of(run.mined), run.mined, records, reader)

    assert judged.old.tolist() == []
    assert judge_dates(run.mined, cutoff="2021-06-29", own_cutoff=None).old.tolist() == [0]
    assert history.having(Trait.MODEL_TOO_EARLY).tolist() == [0]
    with open_repository(built.path) as repository:
        placed = Placed({}, {}, {}, frozenset(), frozenset(), frozenset())
        found = ask(
            repository,
            Found(run.mined, run.traced, placed, (), judged, records, (CommitId("f" * 40),)),
            catalogue=load_catalogue(),
            own_families=(),
        )
    assert {one.id: one.places for one in found} == {
        "anachronism": (built.ids[0],),
        "orphan-records": ("f" * 40,),
    }
