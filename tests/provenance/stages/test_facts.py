"""What one file says about itself."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.stages import syntax
from provenance.stages.facts import file_facts

NAMES = [
    "a.py", "a.pyi", "a.c", "a.h", "a.cpp", "a.cu", "a.rs", "a.go", "a.ts", "a.tsx", "a.js",
    "a.svelte", "a.sh", "a.slurm", "a.ipynb", "a.yaml", "a.toml", "a.json", "Dockerfile", "a.md",
    "a.jinja", "a.bin", "LICENSE", "task_yaml", "no_ending", "\udcff.py",
]  # fmt: skip


@given(path=st.sampled_from(NAMES), content=st.binary(max_size=400))
def test_any_bytes_give_facts_that_survive_pickling(path: str, content: bytes) -> None:
    """A repository is hostile: no content may stop the run."""
    facts = file_facts(path, content)

    assert pickle.loads(pickle.dumps(facts)) == facts
    assert facts == file_facts(path, content)


@given(path=st.text(max_size=60))
def test_any_path_gives_facts_without_content(path: str) -> None:
    """Files known only from history have a path and nothing else."""
    facts = file_facts(path, None)

    assert not facts.present
    assert facts.reading.imports == ()


def test_python_imports_keep_dots_and_names() -> None:
    """Relative imports and imported names are told apart from the package."""
    text = b"import torch.optim as opt, os\nfrom ..core import (a as b, c)\nfrom . import d\n"
    imports = file_facts("pkg/x.py", text).reading.imports

    assert imports == ("torch.optim", "os", "..core", "..core.a", "..core.c", ".", ".d")


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.cu", b'#include <cuda_runtime.h>\n#include "op.h"\n', ("cuda_runtime.h", "op.h")),
        ("a.cc", b"#include <torch/extension.h>\n", ("torch/extension.h",)),
        ("a.rs", b"use tokenizers::models::bpe;\nuse axum;\n", ("tokenizers.models.bpe", "axum")),
        ("a.go", b'package a\nimport (\n"k8s.io/api/core/v1"\n)\n', ("k8s.io/api/core/v1",)),
        ("a.ts", b'import { x } from "d3";\nexport * from "./y";\n', ("d3", "./y")),
        ("a.js", b'const a = require("express");\n', ("express",)),
    ],
)
def test_imports_of_every_language(path: str, text: bytes, expected: tuple[str, ...]) -> None:
    """Imports are read by grammar, not by guessing."""
    assert file_facts(path, text).reading.imports == expected


@pytest.mark.parametrize(
    ("path", "text", "device"),
    [
        ("k.cu", b"", True),
        ("k.cpp", b"__global__ void k() {}", True),
        ("k.cpp", b"int main() {}", False),
        ("k.py", b"import triton\n\n@triton.jit\ndef k(x): ...\n", True),
        ("k.py", b"text = 'a triton.jit kernel'\n", False),
    ],
)
def test_device_code_is_seen(path: str, text: bytes, device: bool) -> None:
    """Kernels are defined by technology: device code is a fact of the file."""
    assert file_facts(path, text).reading.device is device


def test_a_notebook_is_read_through_its_cells() -> None:
    """Code cells give imports, text cells the opening words; outputs are ignored."""
    text = b"""{"cells": [
        {"cell_type": "markdown", "source": ["# Fit scaling laws"]},
        {"cell_type": "code", "source": ["!pip install x\\n", "import matplotlib.pyplot as p"],
         "outputs": [{"text": "import wandb"}]}]}"""
    reading = file_facts("fit.ipynb", text).reading

    assert reading.imports == ("matplotlib.pyplot",)
    assert reading.lead == ("fit", "scaling", "laws")


def test_a_broken_notebook_says_so() -> None:
    """Degraded reading is a fact, not an exception."""
    assert file_facts("a.ipynb", b"{").reading.degraded == "not a readable notebook"


def test_an_absent_grammar_degrades_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its wheel a language keeps the evidence of its path and its words."""
    monkeypatch.setitem(syntax._GRAMMARS, "rust", ("tree_sitter_not_there", "language", ""))
    syntax.forget_grammars()
    reading = file_facts("a.rs", b"use axum; // tokenizer\n").reading
    syntax.forget_grammars()

    assert reading.imports == ()
    assert reading.degraded == "no grammar for rust"
    assert reading.lacks_grammar == "rust"
    assert reading.body == (("tokenizer", 1),)


def test_binary_content_is_not_read() -> None:
    """Bytes that are no text are named, not parsed."""
    assert file_facts("a.py", b"import torch\n\0").reading.degraded == "binary"


def test_a_long_notebook_is_still_a_notebook() -> None:
    """Outputs may be large; the code stands beside them."""
    image = b"A" * 600_000
    text = (
        b'{"cells": [{"cell_type": "code", "source": ["import wandb"], "outputs": [{"data": "'
        + image
        + b'"}]}]}'
    )

    assert file_facts("run.ipynb", text).reading.imports == ("wandb",)
