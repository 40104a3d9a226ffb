"""A file has one stage, whichever road leads to it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from oracles.clones import clone
from provenance.history.repository import open_repository
from provenance.meter.measure import measure, read_settings
from provenance.meter.progress import Silent
from provenance.meter.settings import Options
from provenance.meter.stages import Staging, stage_files
from provenance.stages import syntax
from provenance.terms.stages import Facet, Stage
from provenance.terms.unmeasured import Reason
from worlds.world import World, link

_README = "# Crawl\n\nDownload web pages and extract text for pretraining of language models.\n"
_MANIFEST = '[project]\nname = "{}"\ndescription = "{}"\n'
_FILES: dict[str, str | bytes] = {
    "docs/start.md": _README,
    "pyproject.toml": _MANIFEST.format("crawl", "Web crawler for pretraining corpora"),
    "tools/judge/pyproject.toml": _MANIFEST.format("judge", "Evaluation harness for models"),
    "tools/judge/judge/__init__.py": "",
    "tools/judge/judge/score.py": "import torch\n\n\ndef score(x):\n    return x\n",
    "crawl/__init__.py": "",
    "crawl/pages.py": "import requests\nfrom warcio import ArchiveIterator\n",
    "crawl/settings.yaml": "user_agent: x\nrate: 3\n",
    "crawl/blob.py": b"\0\1\2 import torch",
    "crawl/weights.json": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
    "tests/test_pages.py": "from crawl import pages\n",
    "run.sh": "#!/bin/sh\npython -m crawl.pages --rate 3\n",
}

_Place = tuple[Stage, Facet, int, Stage | None]


def _listed(path: Path) -> Staging:
    with open_repository(path) as repository:
        head = repository.resolve("HEAD")
        settings = read_settings(repository, head, None, ())
        return stage_files(repository, head, settings=settings, progress=Silent())


def _both(path: Path) -> tuple[dict[str, _Place], dict[str, _Place]]:
    """Return the stages of the counted files, as measured and as listed."""
    run = measure(path, Options(every=("release",)))
    staging = _listed(path)
    measured = {
        file.path: (file.stage, file.facet, file.confidence, file.second)
        for file in run.measurement.files
    }
    listed = {
        file.path: (
            file.call.stage, file.facet.facet, round(file.call.confidence * 1000),
            file.call.second,
        )
        for file in staging.files
        if file.path in measured
    }  # fmt: skip
    return measured, listed


def test_measuring_and_listing_agree_on_a_world(tmp_path: Path) -> None:
    """Deleted packages, links, nested manifests, binary and LFS files change nothing."""
    world = World(tmp_path / "repo")
    old = world.commit(
        edit={"serve/__init__.py": "", "serve/engine.py": "import vllm\n", "a/package.json": "{}\n"}
    )
    world.commit(
        old, edit={**_FILES, "README.md": link("docs/start.md")}, remove=["serve/engine.py"]
    )
    measured, listed = _both(world.build().path)

    assert measured == listed
    assert len(measured) >= 8


def test_an_absent_grammar_is_said_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files keep a stage from path and words; report and listing say what was lacking."""
    world = World(tmp_path / "repo")
    world.commit(
        edit={"crawl/fetch.rs": "use reqwest::Client;\n", "crawl/warc.py": "import warcio\n"}
    )
    built = world.build()
    monkeypatch.setitem(sys.modules, "tree_sitter_rust", None)
    syntax.forget_grammars()
    measured = measure(built.path, Options()).measurement
    staging = _listed(built.path)
    syntax.forget_grammars()
    (missing,) = measured.not_measured

    assert (missing.reason, missing.files, missing.examples) == (
        Reason.NO_GRAMMAR, 1, ("crawl/fetch.rs",),
    )  # fmt: skip
    assert staging.ungrammared == (("rust", 1),)
    assert len(staging.files) == 2
    assert measured.head.counts.total == 2


@pytest.mark.real
@pytest.mark.parametrize(
    "name", ["karpathy+nanochat", "huggingface+datatrove", "gradio-app+trackio"]
)
def test_measuring_and_listing_agree_on_public_repositories(name: str) -> None:
    """The history behind a file does not move its stage."""
    place = clone(name)
    if place is None:
        pytest.skip(f"no clone of {name}")
    measured, listed = _both(place)

    assert measured == listed
    assert len(measured) > 30
