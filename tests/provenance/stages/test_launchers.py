"""Launchers are understood by what they launch."""

from __future__ import annotations

import pytest

from provenance.stages.classify import classify
from provenance.stages.facts import file_facts
from provenance.stages.repository import repository_facts
from provenance.terms.stages import Stage, StageCall

PROGRAMS = {
    "lab/__init__.py": b"",
    "lab/pretrain_gpt.py": b"import torch\nfrom torch.distributed.fsdp import fully_shard\n"
    b"loss.backward()\noptimizer.step()\n",
    "lab/train_dpo.py": b"from trl import DPOTrainer, DPOConfig\nDPOTrainer(ref_model=None)\n",
    "lab/evaluate_model.py": b"import lm_eval\nresults = lm_eval.simple_evaluate()\n",
    "lab/tokenize_corpus.py": b"from tokenizers import Tokenizer\nvocab = tokenizer.encode()\n",
    "lab/serve_model.py": b"import vllm\nfrom fastapi import FastAPI\napp = FastAPI()\n",
}
README = b"# lab\n\nEverything we need to build large language models.\n"

LAUNCHERS: list[tuple[str, bytes, Stage]] = [
    (
        "jobs/a.slurm",
        (
            b"#!/bin/bash\n#SBATCH --nodes=8\n#SBATCH --gres=gpu:8\n"
            b"srun torchrun --nproc-per-node 8 lab/pretrain_gpt.py --train-iters 1000 --lr 3e-4 "
            b"--global-batch-size 512 --lr-warmup-iters 10 --weight-decay 0.1\n"
        ),
        Stage.TRAINING,
    ),
    (
        "jobs/b.yaml",
        (
            b"apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: dpo\nspec:\n  containers:\n"
            b'  - command: ["python", "lab/train_dpo.py", "--beta", "0.1", "--ref-model", "x"]\n'
        ),
        Stage.POST_TRAINING,
    ),
    (
        "jobs/c.yaml",
        (
            b"apiVersion: ray.io/v1\nkind: RayJob\nmetadata:\n  name: x\nspec:\n"
            b"  entrypoint: python lab/evaluate_model.py --tasks mmlu --num-fewshot 5\n"
        ),
        Stage.EVALUATION,
    ),
    (
        "jobs/d.yaml",
        (
            b"version: v2\nbudget: x\ntasks:\n- image: {beaker: i}\n"
            b'  command: ["python", "lab/tokenize_corpus.py"]\n'
            b"  arguments: [--tokenizer-type, bpe, --append-eod]\n"
        ),
        Stage.TOKENIZATION,
    ),
    (
        "jobs/e.sh",
        (
            b"#!/bin/sh\naccelerate launch --config_file zero3.yaml lab/train_dpo.py "
            b"--learning_rate 5e-7 --beta 0.1 --lora_r 16\n"
        ),
        Stage.POST_TRAINING,
    ),
    (
        "jobs/f.yaml",
        (
            b"defaults:\n  - _self_\ntrainer:\n  _target_: lab.pretrain_gpt.run\n  max_steps: 100\n"
            b"optimizer:\n  _target_: torch.optim.AdamW\n  lr: 1e-4\n  weight_decay: 0.1\n"
        ),
        Stage.TRAINING,
    ),
    (
        "jobs/g.sh",
        (
            b"#!/bin/bash\npython -m lab.serve_model --port 8000 --max-model-len 4096 "
            b"--gpu-memory-utilization 0.9\n"
        ),
        Stage.SERVING,
    ),
    (
        "ops/cluster.yaml",
        (
            b"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: scratch\n"
            b"  namespace: lab\nspec:\n  resources: {}\n"
        ),
        Stage.INFRA,
    ),
]


def _calls() -> dict[str, StageCall]:
    world = {**PROGRAMS, **{path: text for path, text, _ in LAUNCHERS}}
    files = [file_facts(path, text) for path, text in world.items()]
    repository = repository_facts("lab", readme=README, manifests={}, files=files)
    return classify(files, repository=repository)


@pytest.mark.parametrize(
    ("path", "stage"), [(path, stage) for path, _, stage in LAUNCHERS], ids=str
)
def test_a_launcher_has_the_stage_of_its_program(path: str, stage: Stage) -> None:
    """Placing a program on machines does not make it infrastructure; placing alone does."""
    call = _calls()[path]

    assert call.stage is stage, call


def test_a_script_that_runs_everything_is_shared() -> None:
    """Three or more stages in one launcher serve the whole pipeline."""
    script = b"".join(b"python -m lab.%s\n" % name for name in (
        b"tokenize_corpus", b"pretrain_gpt", b"train_dpo", b"evaluate_model", b"serve_model"
    ))  # fmt: skip
    world = {**PROGRAMS, "run_all.sh": b"#!/bin/bash\n" + script}
    files = [file_facts(path, text) for path, text in world.items()]
    repository = repository_facts("lab", readme=README, manifests={}, files=files)
    call = classify(files, repository=repository)["run_all.sh"]

    assert Stage.SHARED in {call.stage, call.second}, call
