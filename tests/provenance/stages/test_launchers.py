"""Launchers are understood by what they launch."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.stages.classify import classify
from provenance.stages.facts import file_facts
from provenance.stages.repository import repository_facts
from provenance.terms.stages import Stage, StageCall

DATA = Path(__file__).parents[2] / "data" / "launchers"
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


LAB = {
    "lab/__init__.py": b"",
    "lab/modeling.py": b"from torch import nn\nclass Decoder(nn.Module):\n"
    b"    def forward(self, x): return self.attention(x)\n",
    "lab/pretrain.py": b"import torch\nfrom torch.distributed.fsdp import fully_shard\n"
    b"loss.backward()\noptimizer.step()\n",
    "lab/minhash_dedup.py": b"from datasketch import MinHash\nduplicates = filter(documents)\n",
    "lab/crawl_pages.py": b"import requests\nfrom warcio import ArchiveIterator\nhtml = b''\n",
    "lab/tokenize_shards.py": b"from tokenizers import Tokenizer\nvocab = tokenizer.encode()\n",
    "lab/finetune_sft.py": b"from trl import SFTTrainer, SFTConfig\nSFTTrainer()\n",
    "lab/train_grpo.py": b"from trl import GRPOTrainer, GRPOConfig\nadvantages = rewards\n",
    "lab/run_evals.py": b"import lm_eval\nresults = lm_eval.simple_evaluate()\n",
    "lab/serve_api.py": b"import vllm\nfrom fastapi import FastAPI\napp = FastAPI()\n",
}
REAL: list[tuple[str, str, Stage, str | None]] = [
    ("jobs/pretrain_array.sbatch", "pretrain_array.sbatch", Stage.TRAINING, None),
    ("jobs/wrapper.sbatch", "wrapper.sbatch", Stage.INFRA, "compute"),
    ("jobs/dedup_array.slurm", "dedup_array.slurm", Stage.DATA_CURATION, None),
    ("k8s/base-1b.yaml", "pytorchjob.yaml", Stage.TRAINING, None),
    ("k8s/chat-70b.yaml", "vllm_deployment.yaml", Stage.SERVING, None),
    ("k8s/scratch.yaml", "storage_class.yaml", Stage.INFRA, None),
    ("k8s/nightly.yaml", "ray_eval_job.yaml", Stage.EVALUATION, None),
    ("ray/cluster.yaml", "ray_cluster.yaml", Stage.INFRA, "compute"),
    ("ray/math.sh", "ray_grpo.sh", Stage.POST_TRAINING, None),
    ("beaker/chat-7b.yaml", "beaker_sft.yaml", Stage.POST_TRAINING, None),
    ("beaker/web.sh", "gantry_tokenize.sh", Stage.TOKENIZATION, None),
    ("configs/fsdp.yaml", "accelerate_fsdp.yaml", Stage.TRAINING, None),
    ("configs/ds_zero3.json", "ds_zero3.json", Stage.TRAINING, None),
    ("conf/config.yaml", "hydra_train.yaml", Stage.TRAINING, None),
    ("conf/model/base_7b.yaml", "hydra_model.yaml", Stage.MODEL, None),
    ("conf/optimizer/adamw.yaml", "hydra_optimizer.yaml", Stage.TRAINING, None),
    ("conf/data_mix/web_v3.yaml", "mixture.yaml", Stage.DATA_CURATION, None),
    ("tasks/science_qa.yaml", "eval_task.yaml", Stage.EVALUATION, None),
    ("mcli/base-3b.yaml", "mcli_train.yaml", Stage.TRAINING, None),
    ("sky/chat.yaml", "sky_serve.yaml", Stage.SERVING, None),
    ("terraform/pool.tf", "cluster.tf", Stage.INFRA, "compute"),
    ("run_everything.sh", "pipeline.sh", Stage.SHARED, None),
]
"""Place in the lab, file under ``tests/data/launchers``, stage and part."""


@pytest.fixture(scope="module")
def lab() -> dict[str, StageCall]:
    """Return the stages of a lab with all its launchers and configurations."""
    world = {**LAB, **{path: (DATA / name).read_bytes() for path, name, _, _ in REAL}}
    files = [file_facts(path, text) for path, text in world.items()]
    repository = repository_facts("lab", readme=README, manifests={}, files=files)
    return classify(files, repository=repository)


@pytest.mark.parametrize(("path", "stage", "sub"), [(p, s, b) for p, _, s, b in REAL], ids=str)
def test_launchers_as_labs_write_them(
    lab: dict[str, StageCall], path: str, stage: Stage, sub: str | None
) -> None:
    """SLURM, Kubernetes, Ray, Beaker, accelerate, DeepSpeed, Hydra and the like, at full length."""
    call = lab[path]

    assert call.stage is stage, call
    assert sub is None or call.sub == sub


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
