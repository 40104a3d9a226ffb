"""The stage of a file is decided in the light of its tree."""

from __future__ import annotations

from provenance.stages.classify import classify
from provenance.stages.facts import file_facts
from provenance.stages.pins import StagePin
from provenance.stages.repository import repository_facts
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
