"""Launchers, configuration, notebooks and prose, read by cheap scans."""

from __future__ import annotations

import json
import re
from itertools import islice

from provenance.stages.reading import NO_GRAMMAR, Reading
from provenance.stages.syntax import captures, read_source, split_words, text_of

_MOST_KEYS = 120
_MOST_LAUNCHES = 24
_SCAN = 32 * 1024

_YAML_KEY = re.compile(
    rb"^[ \t]{0,8}(?:-[ \t]+)?[\"']?([A-Za-z_][\w.\-/]{0,60})[\"']?[ \t]*:", re.MULTILINE
)
_TOML_KEY = re.compile(
    rb"^[ \t]*\[{0,2}[\"']?([A-Za-z_][\w.\-]{0,60})[\"']?[ \t]*[=\]]", re.MULTILINE
)
_JSON_KEY = re.compile(rb"\"([A-Za-z_][\w.\-/]{0,60})\"[ \t]*:")
_KIND = re.compile(rb"^kind:[ \t]*[\"']?([A-Za-z]{1,40})", re.MULTILINE)
_TARGET = re.compile(
    rb"(?:_target_|_component_|class_path|type|func|function)[\"']?[ \t]*[:=][ \t]*[\"']?"
    rb"([A-Za-z_]\w*(?:\.\w+){1,8})"
)
_PROGRAM = re.compile(
    rb"(?:^|[\s\"'=/(])((?:[\w.\-]+/){0,8}[\w\-]{1,80}\.(?:py|sh|slurm|sbatch|yaml|yml))(?=$|[\s\"',;)\\])",
    re.MULTILINE,
)
_MODULE = re.compile(
    rb"(?:python[\d.]*|torchrun|accelerate launch|deepspeed)[^\n\\]{0,120}?"
    rb"[ ,\"']-m[ ,\"']+([A-Za-z_][\w.]{1,100})"
)
_TOOL = re.compile(
    rb"\b(vllm[\s\"',]{1,4}serve|text-generation-launcher|llama-server|lm[_-]eval"
    rb"|trl[\s\"',]{1,4}(?:sft|dpo|grpo|kto|reward))(?=$|[\s\"',\]])",
    re.MULTILINE,
)
_FLAG = re.compile(rb"(?:^|[\s\"'(=\[])--([A-Za-z][\w\-.]{1,60})", re.MULTILINE)
_SBATCH = re.compile(rb"^#(?:SBATCH|PBS|BSUB|FLUX)\b", re.MULTILINE)
_ASSIGN = re.compile(rb"^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]{2,40})=", re.MULTILINE)
_TEMPLATE = re.compile(rb"\b(add_generation_prompt|bos_token|eos_token|messages|tool_calls)\b")
_RUNNERS = (
    "python",
    "python3",
    "torchrun",
    "accelerate",
    "deepspeed",
    "srun",
    "bash",
    "sh",
    "ray",
    "vllm",
    "sbatch",
    "kubectl",
    "helm",
    "docker",
    "mpirun",
    "uv",
    "composer",
    "gantry",
    "beaker",
    "mcli",
    "sky",
    "modal",
    "lm_eval",
    "trl",
    "huggingface-cli",
    "aws",
    "gsutil",
    "terraform",
    "ansible-playbook",
    "nsys",
    "ncu",
    "pytest",
    "cargo",
    "go",
    "npm",
    "pip",
)


def _texts(found: list[bytes], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.decode("utf-8", "replace") for item in found))[:most]


def _scan(pattern: re.Pattern[bytes], content: bytes, most: int) -> tuple[str, ...]:
    found = [match.group(1) for match in islice(pattern.finditer(content), 400)]
    return _texts(found, most)


def launches_of(content: bytes) -> tuple[str, ...]:
    """Return programs and modules named in a text that starts something."""
    found = [
        name
        for pattern in (_MODULE, _PROGRAM, _TOOL)
        for name in _scan(pattern, content, _MOST_LAUNCHES)
    ]
    return tuple(found[:_MOST_LAUNCHES])


def read_shell(content: bytes) -> Reading:
    """Read what a shell script starts, with which flags."""
    content = content[:_SCAN]
    found = captures("shell", content)
    commands: list[str] = []
    lead: tuple[str, ...] = ()
    if found is not None:
        comments = [text_of(node) for node in found.get("lead", ())[:8]]
        lead = split_words(
            " ".join(text for text in comments if not text.startswith(("#!", "#SB")))
        )
        for node in found.get("command", ())[:200]:
            words = text_of(node)[:400].split()
            commands += [word for word in words[:6] if word in _RUNNERS]
    keys = _scan(_FLAG, content, _MOST_KEYS) + _scan(_ASSIGN, content, 40)
    marks = ("sbatch",) if _SBATCH.search(content) else ()
    return Reading(
        lead=lead,
        keys=(marks + tuple(dict.fromkeys(commands)) + keys)[:_MOST_KEYS],
        launches=launches_of(content),
        entry=True,
        degraded="" if found is not None else NO_GRAMMAR + "shell",
    )


def read_config(language: str, content: bytes) -> Reading:
    """Read keys, kinds, targets and programs of a configuration file."""
    content = content[:_SCAN]
    match language:
        case "yaml":
            keys = _scan(_YAML_KEY, content, _MOST_KEYS)
        case "toml":
            keys = _scan(_TOML_KEY, content, _MOST_KEYS)
        case "json":
            keys = _scan(_JSON_KEY, content, _MOST_KEYS)
        case _:
            keys = _scan(_TEMPLATE, content, 8)
    keys = tuple(f"kind {kind}" for kind in _scan(_KIND, content, 8)) + keys
    return Reading(
        imports=_scan(_TARGET, content, 30),
        lead=_comment(content),
        keys=(keys + _scan(_FLAG, content, 40))[:_MOST_KEYS],
        launches=launches_of(content) if language != "json" else (),
    )


def _comment(content: bytes) -> tuple[str, ...]:
    lines = [line for line in content[:1500].split(b"\n")[:12] if line.lstrip().startswith(b"#")]
    return split_words(b" ".join(lines).decode("utf-8", "replace"))


def read_prose(content: bytes) -> Reading:
    """Read the opening words of a document."""
    text = content[:4000].decode("utf-8", "replace")
    return Reading(
        lead=split_words(re.sub(r"<[^>]{0,300}>|https?://\S+|[!\[]\[[^\]]{0,200}\]", " ", text))
    )


def read_notebook(content: bytes) -> Reading:
    """Read the code and the first words of a notebook; a broken one degrades."""
    try:
        cells = json.loads(content).get("cells", [])
        parts = [(cell.get("cell_type"), "".join(cell.get("source", ""))) for cell in cells[:60]]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return Reading(degraded="not a readable notebook")
    code = "\n".join(
        line
        for kind, text in parts
        if kind == "code"
        for line in text.split("\n")
        if not line.startswith(("!", "%"))
    )
    prose = " ".join(text for kind, text in parts if kind == "markdown")
    reading = read_source("python", code.encode("utf-8", "replace"))
    return Reading(
        imports=reading.imports,
        symbols=reading.symbols,
        lead=split_words(prose),
        launches=launches_of(code.encode("utf-8", "replace")[:_SCAN]),
        entry=True,
        degraded=reading.degraded,
    )
