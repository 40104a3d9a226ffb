"""What a repository is for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provenance.stages.facts import file_facts
from provenance.stages.lexicon import STAGES
from provenance.stages.repository import is_manifest, purpose_shares, repository_facts
from provenance.terms.stages import Stage


def _leading(readme: bytes, manifests: dict[str, bytes] | None = None) -> Stage:
    facts = repository_facts("thing", readme=readme, manifests=manifests or {}, files=())
    shares = purpose_shares(facts)
    return STAGES[shares.index(max(shares))]


def test_the_opening_words_name_the_purpose() -> None:
    """The first sentences of a readme say what the whole is for."""
    assert _leading(b"# X\n\nAn evaluation harness for language models.") is Stage.EVALUATION
    assert _leading(b"# X\n\nA high-throughput LLM inference server.") is Stage.SERVING
    assert _leading(b"# X\n\nThe SQL database for data analysts.") is Stage.OTHER


def test_a_manifest_speaks_too() -> None:
    """A description in a manifest stands in for a missing readme."""
    manifest = b'[project]\nname = "x"\ndescription = "Experiment tracking for deep learning"\n'

    assert _leading(b"", {"pyproject.toml": manifest}) is Stage.TRACKING


def test_badges_and_code_are_not_prose() -> None:
    """Links, images and examples do not say what a project is for."""
    readme = b"[![wandb](https://x/wandb.svg)](https://wandb.ai)\n```\nserve inference\n```\n"
    facts = repository_facts("thing", readme=readme, manifests={}, files=())

    assert sum(facts.purpose) == 0


def test_own_packages_are_no_library_evidence() -> None:
    """Folders with an ``__init__.py`` and names in manifests are first-party."""
    files = [file_facts("src/mine/__init__.py", b""), file_facts("src/mine/a/__init__.py", b"")]
    facts = repository_facts(
        "r", readme=None, manifests={"go.mod": b"module x.io/y\n"}, files=files
    )

    assert {"mine", "x.io/y"} <= facts.packages
    assert "a" not in facts.packages


def test_manifests_are_near_the_root() -> None:
    """Only the outer manifests describe the whole."""
    assert is_manifest("README.md")
    assert is_manifest("rust/core/Cargo.toml")
    assert not is_manifest("a/b/c/package.json")
    assert not is_manifest("docs/README.md")


@given(readme=st.binary(max_size=300), text=st.binary(max_size=300))
def test_any_bytes_give_shares(readme: bytes, text: bytes) -> None:
    """Hostile manifests are read as far as they go."""
    facts = repository_facts("r", readme=readme, manifests={"setup.py": text}, files=())

    assert 0 <= sum(purpose_shares(facts)) <= 1


def test_a_clone_without_a_name_takes_that_of_its_manifest() -> None:
    """A folder called ``repo`` says nothing about what is in it."""
    manifest = b'[project]\nname = "reward-kit"\n'
    facts = repository_facts("x/repo", None, {"pyproject.toml": manifest}, ())

    assert facts.name == "reward-kit"
    assert facts.purpose[STAGES.index(Stage.REWARDS_ENVS)] > 0
