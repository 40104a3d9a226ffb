"""The stage of a file is decided in the light of its tree."""

from __future__ import annotations

from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from provenance.stages.classify import classify
from provenance.stages.facts import FileFacts, file_facts
from provenance.stages.pins import StagePin
from provenance.stages.repository import RepositoryFacts, repository_facts
from provenance.terms.stages import Stage

WORLD = {
    "trainkit/loop.py": b"import torch\nfrom torch.optim import AdamW\n",
    "trainkit/rewards/math_reward.py": b"from math_verify import parse\n\ndef reward(x): ...\n",
    "trainkit/kernels/softmax.cu": b"__global__ void softmax(float *x) {}\n",
    "eval/harness.py": b"import lm_eval\n",
    "LICENSE": b"Apache\n",
    ".github/workflows/ci.yml": b"jobs:\n  test:\n    runs-on: ubuntu\n",
}


def _calls(pins: tuple[StagePin, ...] = ()) -> dict[str, Stage]:
    files = [file_facts(path, content) for path, content in WORLD.items()]
    repository = repository_facts(
        "trainkit", readme=b"# trainkit\n\nDistributed training of large models", manifests={},
        files=files,
    )  # fmt: skip
    return {
        path: call.stage for path, call in classify(files, repository=repository, pins=pins).items()
    }


def test_a_small_training_repository_is_told_apart() -> None:
    """Device code, rewards, evaluation, governance and CI each find their stage."""
    calls = _calls()

    assert calls["trainkit/kernels/softmax.cu"] is Stage.KERNELS
    assert calls["trainkit/rewards/math_reward.py"] is Stage.REWARDS_ENVS
    assert calls["eval/harness.py"] is Stage.EVALUATION
    assert calls["LICENSE"] is Stage.OTHER
    assert calls[".github/workflows/ci.yml"] is Stage.INFRA


def test_a_pin_always_wins() -> None:
    """What the map says is not weighed against evidence."""
    calls = _calls((StagePin("trainkit/kernels/**", Stage.SERVING),))

    assert calls["trainkit/kernels/softmax.cu"] is Stage.SERVING


def _repository(files: list[FileFacts]) -> RepositoryFacts:
    return repository_facts(
        "trainkit", readme=b"# trainkit\n\nTraining large models", manifests={}, files=files
    )


PATHS = st.lists(
    st.sampled_from(["train", "eval", "data", "tests", "rewards", "x"]), min_size=0, max_size=3
).flatmap(
    lambda folders: st.sampled_from(
        ["a.py", "b.yaml", "run.sh", "README.md", "test_a.py", "__init__.py", "k.cu"]
    ).map(lambda name: "/".join([*folders, name]))
)
TREES = st.dictionaries(
    PATHS,
    st.sampled_from(
        [None, b"", b"import torch\nfrom . import a\n", b"lr: 1\n", b"python -m train.a\n", b"\0"]
    ),
    max_size=12,
)


@given(tree=TREES, seed=st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(tree: dict[str, bytes | None], seed: Random) -> None:
    """The same tree gives the same calls, however it was listed."""
    files = [file_facts(path, content) for path, content in tree.items()]
    repository = _repository(files)
    shuffled = list(files)
    seed.shuffle(shuffled)

    assert classify(files, repository=repository) == classify(shuffled, repository=repository)


@given(tree=TREES)
def test_calls_are_whole(tree: dict[str, bytes | None]) -> None:
    """Every file gets a stage, a probability, reasons, and a part exactly when it is infra."""
    files = [file_facts(path, content) for path, content in tree.items()]
    calls = classify(files, repository=_repository(files))

    assert set(calls) == set(tree)
    for call in calls.values():
        assert 1 / len(Stage) <= call.confidence <= 1
        assert call.second is not call.stage
        assert call.evidence
        assert (call.sub is not None) is (call.stage is Stage.INFRA)
        assert sum(share for _, share in call.chances) <= 1.001


@given(tree=TREES, gone=TREES)
def test_files_of_the_past_bear_no_witness(
    tree: dict[str, bytes | None], gone: dict[str, bytes | None]
) -> None:
    """Asking for vanished files in the same call does not move those that can be read."""
    present = [file_facts(path, content or b"") for path, content in tree.items()]
    assume(any(facts.present for facts in present))
    past = [file_facts(path, None) for path in gone if path not in tree]
    repository = _repository(present)
    alone = classify(present, repository=repository)
    together = classify([*present, *past], repository=repository)

    assert {path: together[path].stage for path in alone} == {
        path: call.stage for path, call in alone.items()
    }


@given(tree=TREES, stage=st.sampled_from(Stage))
def test_pinned_files_have_their_pinned_stage(tree: dict[str, bytes | None], stage: Stage) -> None:
    """Whatever the files say."""
    files = [file_facts(path, content) for path, content in tree.items()]
    pin = StagePin("**", stage)
    calls = classify(files, repository=_repository(files), pins=(pin,))

    assert {call.stage for call in calls.values()} <= {stage}
    assert {call.confidence for call in calls.values()} <= {1.0}


def test_a_vanished_file_follows_its_folder() -> None:
    """Path and folder are enough for files known only from history."""
    files = [file_facts(path, content) for path, content in WORLD.items()]
    gone = file_facts("trainkit/rewards/old.py", None)
    calls = classify([*files, gone], repository=_repository(files))

    assert calls[gone.path].stage is Stage.REWARDS_ENVS
    assert "content not read: not at this revision" in calls[gone.path].evidence


def test_software_that_makes_no_models_has_no_pipeline() -> None:
    """Words of model making mean something else in a SQL engine or a web product."""
    world = {
        "src/parser/tokenizer.rs": b"use nom;\npub fn tokenize() {}\n",
        "src/optimizer/rules.rs": b"pub struct Optimizer;\n",
        "src/models/user.py": b"from sqlalchemy import Column\n",
        "src/training/onboarding.py": b"import flask\n",
        "web/src/App.tsx": b'import React from "react";\n',
        "eval/evaluator.go": b"package eval\n",
    }
    files = [file_facts(path, content) for path, content in world.items()]
    repository = repository_facts(
        "queryd", readme=b"# queryd\n\nA SQL database with a web application.", manifests={},
        files=files,
    )  # fmt: skip
    calls = classify(files, repository=repository)

    assert {call.stage for call in calls.values()} <= {Stage.OTHER, Stage.INFRA}


def test_no_files_no_calls() -> None:
    """An empty tree is not an error."""
    assert classify([], repository=_repository([])) == {}


def test_a_product_that_calls_models_makes_none() -> None:
    """Clients of hosted models do not turn an application into a pipeline."""
    world = {
        "server/chat.py": b"import openai\nimport anthropic\n\ndef complete(): ...\n",
        "server/models/workspace.py": b"from sqlalchemy import Column\n",
        "frontend/src/Chat.tsx": b'import React from "react";\n',
        "collector/convert.py": b"import pypdf\n",
    }
    files = [file_facts(path, content) for path, content in world.items()]
    repository = repository_facts(
        "deskmate", readme=b"# deskmate\n\nThe all-in-one AI app: chat with your documents.",
        manifests={}, files=files,
    )  # fmt: skip
    calls = classify(files, repository=repository)

    assert {call.stage for call in calls.values()} <= {Stage.OTHER, Stage.INFRA}
