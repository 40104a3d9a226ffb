"""What a repository is for: its name, its opening words, its manifests, its packages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from provenance.stages.facts import FileFacts
from provenance.stages.lexicon import COLUMN, STAGES, lexicon
from provenance.stages.words import split, terms
from provenance.terms.stages import Stage

_LEAD_WORDS = 220
_MANIFEST_DEPTH = 2
_MOST_MANIFESTS = 48
_MANIFESTS = frozenset(
    {"pyproject.toml", "setup.py", "setup.cfg", "Cargo.toml", "package.json", "go.mod"}
)
_MARKUP = re.compile(
    r"```.{0,4000}?```|<!--.{0,4000}?-->|<[^<>]{0,400}>|https?://\S+|\]\([^)]{0,400}\)|!?\[[^\]]{0,80}\]:\s*\S+",
    re.DOTALL,
)
_HEADING_TAG = re.compile(r"<h[1-6][^<>]{0,200}>")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}|\^{3,}")
_ASIDE = re.compile(
    r"(?i)\b(install|requirement|prerequisite|dependenc|licen[sc]e|citation|citing|cite\b|contribut"
    r"|acknowledg|credits|sponsor|thanks|table of contents|upgrad|troubleshoot|support matrix)"
)
_A_SENTENCE = 3
_NAMED = 2.5
"""Weight of a word in the name of a repository, against one of its description."""
_ALSO_TRAINING = 3.0
"""Points of post-training that halve what the words of training say."""
_TRAINING = COLUMN[Stage.TRAINING]
_POST_TRAINING = COLUMN[Stage.POST_TRAINING]
_DESCRIPTION = re.compile(
    r"(?im)^[ \t]*[\"']?description[\"']?[ \t]*[=:][ \t]*[\"']+([^\"'\n]{3,400})"
)
_KEYWORDS = re.compile(
    r"(?is)^[ \t]*[\"']?keywords[\"']?[ \t]*[=:][ \t]*[\[\"']([^\]\n]{0,600}|[^\]]{0,600})\]?",
    re.MULTILINE,
)
_PACKAGE = re.compile(r"(?im)^[ \t]*[\"']?name[\"']?[ \t]*[=:][ \t]*[\"']([\w.@/\-]{2,80})[\"']")
_MODULE = re.compile(r"(?m)^module[ \t]+(\S{2,120})")
_NAMELESS = frozenset(
    {"", "checkout", "clone", "code", "git", "main", "project", "repo", "repository", "source"}
    | {"src", "tmp", "work", "workspace"}
)
_MODEL_IMPORTS = frozenset(
    {"torch", "transformers", "jax", "flax", "tensorflow", "keras", "accelerate", "deepspeed"}
    | {"vllm", "sglang", "trl", "peft", "datasets", "tokenizers", "triton", "lightning"}
    | {"pytorch_lightning", "safetensors", "sentencepiece", "tiktoken", "huggingface_hub"}
    | {"diffusers", "timm", "torchvision", "wandb", "mlflow", "onnxruntime"}
    | {"sklearn", "xgboost", "gymnasium", "candle_core", "tch"}
    | {"megatron", "nltk", "spacy", "fasttext", "evaluate", "cuda_runtime.h", "cuda.h"}
)
_MODEL_WORDS = frozenset(
    {"llm", "llms", "neural", "transformer", "transformers", "pretraining", "finetuning", "rlhf"}
    | {"ml", "ai", "gpt", "gpu", "gpus", "pytorch", "jax", "huggingface", "checkpoints"}
)
CODE = frozenset(
    {"python", "c", "cpp", "cuda", "rust", "go", "typescript", "javascript", "notebook"}
)
"""Languages of programs."""


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """What the repository as a whole says about its purpose."""

    name: str
    """Name of the repository, without owner."""
    purpose: tuple[float, ...]
    """Points per stage from name, opening words and manifests, in the order of ``STAGES``."""
    said: tuple[tuple[str, ...], ...]
    """The phrases behind the points, per stage."""
    packages: frozenset[str]
    """First-party package names: importing them is no library evidence."""
    names_models: bool
    """Whether the opening words speak of language models or machine learning."""
    model_share: float
    """Share of code files that import a library of model making, 0..1."""


def is_manifest(path: str) -> bool:
    """Whether a file near the root says what the repository is (readme included)."""
    if _is_readme(path):
        return True
    return path.count("/") <= _MANIFEST_DEPTH and path.rsplit("/", 1)[-1] in _MANIFESTS


def _is_readme(path: str) -> bool:
    return "/" not in path and path.lower().startswith("readme")


def manifests_of(paths: Iterable[str]) -> list[str]:
    """Return the files that say what a repository is, the nearest to the root first."""
    found = [path for path in paths if is_manifest(path)]
    return sorted(found, key=lambda path: (path.count("/"), path))[:_MOST_MANIFESTS]


def described(name: str, texts: Mapping[str, bytes], files: Sequence[FileFacts]) -> RepositoryFacts:
    """Return the facts of a repository from the texts of its ``manifests_of``."""
    readmes = sorted(
        filter(_is_readme, texts), key=lambda path: (path.lower() != "readme.md", path)
    )
    manifests = {path: text for path, text in texts.items() if not _is_readme(path)}
    return repository_facts(name, texts[readmes[0]] if readmes else None, manifests, files)


def repository_facts(
    name: str,
    readme: bytes | None,
    manifests: Mapping[str, bytes],
    files: Sequence[FileFacts],
) -> RepositoryFacts:
    """Return the facts of a repository from its name, readme, manifests and files."""
    short = _short(name, manifests)
    nearest = sorted(manifests, key=lambda path: (path.count("/"), path))
    texts = [manifests[path][:65536].decode("utf-8", "replace") for path in nearest]
    points = [0.0] * len(STAGES)
    said: list[dict[str, float]] = [{} for _ in STAGES]
    description = " . ".join(
        found for text in texts for found in _DESCRIPTION.findall(text) + _KEYWORDS.findall(text)
    )
    _add(points, said, _words(description)[:120], full=80)
    lead = _readme_words(readme) if readme is not None else []
    _add(points, said, lead, full=50)
    opening = [*_words(description)[:120], *lead[:120]]
    for term in terms(short):
        named = lexicon().purpose.get(term) or lexicon().keywords.get(term, ())
        for column, value in named:
            points[column] += _NAMED * value
            said[column].setdefault(short, value)
    # fine-tuning and reinforcement learning call themselves training, too
    points[_TRAINING] /= 1.0 + points[_POST_TRAINING] / _ALSO_TRAINING
    return RepositoryFacts(
        name=short,
        purpose=tuple(points),
        said=tuple(tuple(found)[:6] for found in said),
        packages=_packages(files, texts),
        names_models=bool(_MODEL_WORDS & set(opening)),
        model_share=_model_share(files),
    )


def _short(name: str, manifests: Mapping[str, bytes]) -> str:
    """Return the name without owner; one that says nothing gives way to a root manifest's."""
    short = name.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
    short = short.rpartition("+")[2] or short
    if short.lower() not in _NAMELESS:
        return short
    for path in sorted(manifests):
        found = _PACKAGE.search(manifests[path][:65536].decode("utf-8", "replace"))
        if "/" not in path and found is not None:
            return found.group(1).rsplit("/", 1)[-1]
    return short


def _words(text: str) -> list[str]:
    return [word for part in text.split() for word in split(part)]


def _readme_words(readme: bytes) -> list[str]:
    text = _MARKUP.sub(" ", _HEADING_TAG.sub("\n# ", readme[:16384].decode("utf-8", "replace")))
    lines = [line for line in _about(text.split("\n")) if len(line.split()) >= _A_SENTENCE]
    return _words("\n".join(lines))[:_LEAD_WORDS]


def _about(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a readme without its sections on what it takes to use or join it."""
    aside = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("#") or _UNDERLINE.fullmatch(following.strip()):
            aside = _ASIDE.search(line) is not None
        if not aside:
            yield line


def _add(points: list[float], said: list[dict[str, float]], words: list[str], *, full: int) -> None:
    """Add the phrases of a text, each once; later words count less."""
    purpose = lexicon().purpose
    seen: set[str] = set()
    covered = [False] * len(words)
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            phrase = "_".join(words[at : at + size])
            if phrase not in purpose or any(covered[at : at + size]):
                continue
            covered[at : at + size] = [True] * size
            if phrase in seen:
                continue
            seen.add(phrase)
            share = 1.0 if at < full else max(0.25, 1.0 - (at - full) / 120)
            for column, value in purpose[phrase]:
                points[column] += share * value
                said[column].setdefault(phrase.replace("_", " "), value)


def phrase_shares(words: Sequence[str]) -> list[float]:
    """Return the shares of the stages that a text names in its opening words."""
    points = [0.0] * len(STAGES)
    _add(points, [{} for _ in STAGES], list(words), full=len(words))
    total = sum(points)
    return [value / (1.0 + total) for value in points]


def _packages(files: Sequence[FileFacts], manifests: Sequence[str]) -> frozenset[str]:
    # what is gone bears no witness: the stage of a file must not hang on deleted packages
    files = [facts for facts in files if facts.present] or files
    homes = {
        facts.path.rpartition("/")[0] for facts in files if facts.path.endswith("/__init__.py")
    }
    tops = {home.rsplit("/", 1)[-1] for home in homes if home.rpartition("/")[0] not in homes}
    roots = {
        facts.path.split("/", 1)[0]
        for facts in files
        if facts.language == "python" and facts.path.count("/") == 1
    }
    named = {
        found
        for text in manifests
        for found in _PACKAGE.findall(text)[:1] + _MODULE.findall(text)[:1]
    }
    return frozenset(tops | roots | named | {name.replace("-", "_") for name in named})


def _model_share(files: Sequence[FileFacts]) -> float:
    code = [facts for facts in files if facts.language in CODE and facts.present]
    if not code:
        return 0.0
    having = sum(
        facts.reading.device
        or any(name.split(".", 1)[0] in _MODEL_IMPORTS for name in facts.reading.imports)
        for facts in code
    )
    return having / len(code)


def purpose_shares(repository: RepositoryFacts) -> list[float]:
    """Return the purpose points as shares that leave room for silence."""
    total = sum(repository.purpose)
    return [value / (1.0 + total) for value in repository.purpose]
