"""Paths and names cut into the words that the catalogue knows."""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SPLIT = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 3

_BY_NAME = {
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "makefile": "make",
    "gnumakefile": "make",
    "justfile": "make",
    "cmakelists.txt": "cmake",
    "build.bazel": "make",
    "license": "docs",
    "notice": "docs",
    "readme": "docs",
    "go.mod": "text",
    "requirements.txt": "text",
}
_BY_ENDING = {
    "py": "python",
    "pyi": "python",
    "pyx": "python",
    "c": "c",
    "h": "cpp",
    "cc": "cpp",
    "cpp": "cpp",
    "cxx": "cpp",
    "hpp": "cpp",
    "hh": "cpp",
    "inl": "cpp",
    "cu": "cuda",
    "cuh": "cuda",
    "hip": "cuda",
    "rs": "rust",
    "go": "go",
    "ts": "typescript",
    "tsx": "typescript",
    "mts": "typescript",
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "svelte": "javascript",
    "vue": "javascript",
    "sh": "shell",
    "bash": "shell",
    "zsh": "shell",
    "sbatch": "shell",
    "slurm": "shell",
    "sub": "shell",
    "ipynb": "notebook",
    "yaml": "yaml",
    "yml": "yaml",
    "toml": "toml",
    "cfg": "toml",
    "ini": "toml",
    "gin": "toml",
    "json": "json",
    "json5": "json",
    "jsonnet": "json",
    "dockerfile": "dockerfile",
    "md": "docs",
    "mdx": "docs",
    "rst": "docs",
    "qmd": "docs",
    "adoc": "docs",
    "jinja": "text",
    "jinja2": "text",
    "j2": "text",
    "tf": "text",
    "hcl": "text",
    "tpl": "text",
    "txt": "text",
}


def language_of(path: str, content: bytes | None = None) -> str:
    """Return the language of a path (``""`` if unknown); a first line ``#!`` may decide."""
    name = path.rsplit("/", 1)[-1].lower()
    stem, dot, ending = name.rpartition(".")
    known = _BY_NAME.get(name)
    if known is None and dot:
        known = _BY_ENDING.get(ending)
    if known is None:
        known = _BY_NAME.get(stem.split(".")[0] if dot else "") or _BY_NAME.get(name.split(".")[0])
    if known is None and name.endswith("_yaml"):
        return "yaml"
    if known is None and content is not None and content.startswith(b"#!"):
        first = content[:80].split(b"\n", 1)[0]
        return "python" if b"python" in first else "shell" if b"sh" in first else ""
    return known or ""


@lru_cache(maxsize=65536)
def split(name: str) -> tuple[str, ...]:
    """Cut a name into lower-case words: ``GRPOTrainerConfig`` is ``grpo trainer config``."""
    return tuple(
        word.lower() for part in _SPLIT.split(name[:200]) if part for word in _pieces(part)
    )


def _pieces(part: str) -> list[str]:
    if part.islower() and part.isalpha():
        return [part]
    if any(char.isdigit() for char in part) and part.lower() == part and len(part) <= 8:
        return [part]
    return _CAMEL.findall(part)


@lru_cache(maxsize=65536)
def terms(name: str) -> tuple[str, ...]:
    """Return the words of a name and their runs of up to three, longest first."""
    words = split(name)
    found: list[str] = []
    for size in range(min(_LONGEST, len(words)), 0, -1):
        found.extend("_".join(words[at : at + size]) for at in range(len(words) - size + 1))
    return tuple(found)
