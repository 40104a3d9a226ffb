"""The files of the invented pipeline: what they begin with, and what they are for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from provenance.terms.stages import Facet, Stage


@dataclass(frozen=True, slots=True)
class File:
    """One file of the story."""

    noun: str
    """Word that its lines are made of."""
    stage: Stage
    """What it is for, as its inventor meant it."""
    facet: Facet = Facet.SOURCE
    """What kind of file it is, as its inventor meant it."""
    head: tuple[str, ...] = ()
    """First lines, written with the file."""


CONFIG: Final = (
    "version = 1",
    "",
    "# a model family of the lab itself, and one bought elsewhere; all of it invented",
    "[own]",
    'families = ["lark"]',
    "",
    "[[model]]",
    'match = "lark*1*"',
    'vendor = "Larkspur"',
    'family = "lark"',
    'model = "lark-1"',
    "",
    "[[model]]",
    'match = "lark*2*"',
    'vendor = "Larkspur"',
    'family = "lark"',
    'model = "lark-2"',
    "",
    "[[model]]",
    'match = "quill*3*"',
    'vendor = "Inkwell"',
    'family = "quill"',
    'model = "quill-3"',
    "",
    "[[agent]]",
    'id = "larkhand-1"',
    'product = "Larkhand"',
    'emails = ["lark-1@larkspur.invalid"]',
    'model = "lark-1"',
    "",
    "[[agent]]",
    'id = "larkhand-2"',
    'product = "Larkhand"',
    'emails = ["lark-2@larkspur.invalid"]',
    'model = "lark-2"',
    "",
    "[[agent]]",
    'id = "quillpen"',
    'product = "Quillpen"',
    'emails = ["quill-3@inkwell.invalid"]',
    'model = "quill-3"',
    "",
    "[[stage]]",
    'glob = "provenance.toml"',
    'stage = "infra"',
    'sub = "repo"',
)
"""The lab's own words, committed like any other file."""

_TRAINING: Final = ("import torch", "from torch.optim import AdamW")

FILES: Final = {
    "data/crawl/fetch.py": File(
        "page", Stage.DATA_ACQUISITION, head=("import requests", "import warcio")
    ),
    "data/filter/quality.py": File(
        "quality", Stage.DATA_CURATION, head=("import datasets", "import fasttext")
    ),
    "data/filter/minhash.py": File(
        "bucket", Stage.DATA_CURATION, head=("from datasketch import MinHash, MinHashLSH",)
    ),
    "tokenizer/train_bpe.py": File(
        "merge_rule", Stage.TOKENIZATION, head=("from tokenizers import Tokenizer, models",)
    ),
    "model/transformer.py": File(
        "block", Stage.MODEL, head=("import torch", "from torch import nn")
    ),
    "kernels/attention.py": File(
        "tile", Stage.KERNELS, head=("import triton", "import triton.language as tl")
    ),
    "train/loop.py": File("step", Stage.TRAINING, head=_TRAINING),
    "train/pretrain.py": File("step", Stage.TRAINING, head=_TRAINING),
    "train/pretrain.yaml": File("schedule", Stage.TRAINING, Facet.CONFIG),
    "post_training/dpo.py": File(
        "preference", Stage.POST_TRAINING, head=("from trl import DPOTrainer",)
    ),
    "rewards/math_verifier.py": File(
        "proof", Stage.REWARDS_ENVS, head=("from math_verify import parse, verify",)
    ),
    "evals/harness.py": File("score", Stage.EVALUATION, head=("import lm_eval",)),
    "evals/gsm8k.py": File("problem", Stage.EVALUATION, head=("import lm_eval",)),
    "safety/red_team.py": File("probe", Stage.SAFETY, head=("from garak import probes",)),
    "serving/server.py": File(
        "request", Stage.SERVING, head=("import vllm", "from fastapi import FastAPI")
    ),
    "infra/cluster/launch.py": File("node", Stage.INFRA, head=("import submitit",)),
    "requirements.txt": File("package", Stage.INFRA, Facet.CONFIG),
    "provenance.toml": File("", Stage.INFRA, Facet.CONFIG, CONFIG),
    "tests/test_quality.py": File("case", Stage.DATA_CURATION, Facet.TEST, ("import pytest",)),
    "README.md": File(
        "Larkspur",
        Stage.SHARED,
        Facet.DOCS,
        ("# Larkspur", "An invented pipeline that trains language models."),
    ),
}  # fmt: skip
"""Every path of the story."""
