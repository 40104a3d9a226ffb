"""The whole meter against a model that knows, token by token, who wrote what."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from provenance.history.repository import open_repository
from provenance.meter.blame import blame
from provenance.meter.listing import entries
from provenance.meter.measure import measure
from provenance.meter.progress import Silent
from provenance.meter.settings import Options
from provenance.rules.load import load_catalogue
from provenance.terms.authors import AuthorType
from provenance.terms.commits import CommitId
from provenance.terms.counts import Counts
from worlds.tokens import Story, Tokens

_OPTIONS = Options(unit="line", predates="off")
_SEEDS = range(24)


def _blamed(told: Tokens) -> dict[str, AuthorType]:
    """Return the author type of every line at the head, by its text."""
    found: dict[str, AuthorType] = {}
    with open_repository(told.built.path) as repository:
        head = CommitId(repository.resolve("HEAD"))
        files = blame(
            repository, head, entries(repository, head),
            catalogue=load_catalogue(), options=Options(predates=None), progress=Silent(),
        )  # fmt: skip
        for file in files:
            lines = told.files[file.path]
            for run in file.runs:
                for line in lines[run.start - 1 : run.start - 1 + run.lines]:
                    found[line] = run.attribution.author_type
    return found


def _truth(told: Tokens) -> dict[str, AuthorType]:
    return {line: told.truth[line] for lines in told.files.values() for line in lines}


@pytest.mark.parametrize("seed", _SEEDS)
def test_every_line_is_whose_the_model_says(tmp_path: Path, seed: int) -> None:
    """Notes, squashes, rebases, reverts, renames and formatters: line by line, and in sum."""
    told = Story(tmp_path / "world", seed).tell()
    truth = _truth(told)
    blamed = _blamed(told)
    wrong = {
        line: (kind.value, truth[line].value)
        for line, kind in blamed.items()
        if kind != truth[line]
    }
    run = measure(told.built.path, _OPTIONS)
    counted = Counter(kind.value for kind in truth.values())

    assert not wrong, told.log
    assert blamed.keys() == truth.keys()
    assert run.measurement.everything == Counts(**counted), told.log


@pytest.mark.parametrize("seed", _SEEDS)
def test_evidence_never_widens_and_its_loss_never_lowers_a_ceiling(
    tmp_path: Path, seed: int
) -> None:
    """The same history with its notes and branches, without notes, and without both."""
    whole = measure(Story(tmp_path / "a", seed).tell().built.path, _OPTIONS).measurement
    no_notes = Story(tmp_path / "b", seed, notes=False).tell()
    neither = Story(tmp_path / "c", seed, notes=False, branches=False).tell()
    less = measure(no_notes.built.path, _OPTIONS).measurement
    least = measure(neither.built.path, _OPTIONS).measurement

    for more, fewer in ((whole, less), (less, least)):
        known, before = more.everything, fewer.everything
        assert known.total == before.total
        assert known.ceiling - known.floor <= before.ceiling - before.floor
        assert known.floor >= before.floor
        assert known.ceiling <= before.ceiling
        assert known.floor <= known.declared <= known.ceiling


@pytest.mark.parametrize("seed", [1, 8, 15])
def test_a_resumed_run_hears_what_a_full_one_hears(tmp_path: Path, seed: int) -> None:
    """Records and branches of old commits are carried on, those of new ones are found."""
    told = Story(tmp_path / "world", seed).tell()
    chain = told.built.git("rev-list", "--first-parent", "--reverse", "HEAD").decode().split()
    for stop in (len(chain) // 3, 2 * len(chain) // 3):
        early = Options(unit="line", predates="off", at=chain[stop])
        measure(told.built.path, early, cache=tmp_path / "grown")
    resumed = measure(told.built.path, _OPTIONS, cache=tmp_path / "grown")
    full = measure(told.built.path, _OPTIONS, cache=tmp_path / "fresh")
    many = measure(told.built.path, Options(unit="line", predates="off", jobs=3))

    assert resumed.measurement == full.measurement == many.measurement
