"""The tree of a repository: folders, and which file speaks about which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from provenance.stages.facts import FileFacts
from provenance.stages.words import split

_MOST_NAMESAKES = 3
_TESTS = frozenset({"test", "tests", "testing", "unittests", "spec", "e2e"})


@dataclass(frozen=True, slots=True)
class Scene:
    """Neighbours of every file, as positions in the sequence of files."""

    folders: Mapping[str, Sequence[int]]
    """Folder to the files directly in it."""
    speaks_of: Sequence[Sequence[int]]
    """Files that a file imports, launches or tests."""
    spoken_of: Sequence[Sequence[int]]
    """Files that import or launch a file."""


@lru_cache(maxsize=131072)
def is_test(path: str) -> bool:
    """Whether a path names a test or something that serves only tests."""
    parts = path.lower().split("/")
    name = parts[-1]
    stem = name.split(".", 1)[0]
    return (
        stem.startswith("test_")
        or stem.endswith(("_test", "_tests"))
        or stem == "conftest"
        or ".test." in name
        or ".spec." in name
        or any(
            part in _TESTS
            or part in {"__tests__", "testdata", "fixtures", "__snapshots__"}
            or part.endswith(("_tests", "-tests"))
            for part in parts[:-1]
        )
    )


def scene(files: Sequence[FileFacts]) -> Scene:
    """Lay out a tree."""
    folders: dict[str, list[int]] = defaultdict(list)
    for at, facts in enumerate(files):
        folders[facts.path.rpartition("/")[0]].append(at)
    speaks_of = _resolved(files)
    spoken_of: list[list[int]] = [[] for _ in files]
    for at, others in enumerate(speaks_of):
        if is_test(files[at].path):
            continue
        for other in others:
            spoken_of[other].append(at)
    return Scene(folders=dict(folders), speaks_of=speaks_of, spoken_of=spoken_of)


def _resolved(files: Sequence[FileFacts]) -> list[list[int]]:
    modules = _modules(files)
    paths = {facts.path: at for at, facts in enumerate(files) if facts.present}
    stems = _stems(files)
    found: list[list[int]] = []
    for at, facts in enumerate(files):
        others: dict[int, None] = {}
        if facts.language in {"python", "notebook"}:
            _by_module(facts, modules, others)
        elif facts.language in {"javascript", "typescript", "cpp", "c", "cuda"}:
            _by_path(facts, paths, others)
        for name in facts.reading.launches:
            _by_launch(facts, name, paths=paths, modules=modules, others=others)
        if is_test(facts.path):
            _by_namesake(facts, stems, others)
        others.pop(at, None)
        found.append(list(others)[:40])
    return found


def _modules(files: Sequence[FileFacts]) -> dict[str, int]:
    """Return dotted names of Python files, from every folder that may be an import root."""
    homes = {
        facts.path.rpartition("/")[0]
        for facts in files
        if facts.present and facts.path.endswith("/__init__.py")
    }
    found: dict[str, int] = {}
    for at, facts in enumerate(files):
        if facts.language != "python" or not facts.present:
            continue
        parts = facts.path.rsplit(".", 1)[0].split("/")
        if parts[-1] == "__init__":
            parts = parts[:-1]
        root = max(len(parts) - 1, 0)
        while root > 0 and "/".join(parts[:root]) in homes:
            root -= 1
        found.setdefault(".".join(parts[root:]), at)
        found.setdefault(".".join(parts), at)
        if parts and parts[0] in {"src", "python", "lib"}:
            found.setdefault(".".join(parts[1:]), at)
    return found


def _by_module(facts: FileFacts, modules: Mapping[str, int], others: dict[int, None]) -> None:
    here = facts.path.rsplit(".", 1)[0].split("/")
    for name in facts.reading.imports:
        names = [name]
        if name.startswith("."):
            dots = len(name) - len(name.lstrip("."))
            base = here[: len(here) - dots]
            names = [".".join([*base, *[part for part in name.lstrip(".").split(".") if part]])]
        elif len(here) > 1:
            names.append(".".join([*here[:-1], name]))
        for known in names:
            other = modules.get(known)
            if other is not None:
                others.setdefault(other)
                break


def _by_path(facts: FileFacts, paths: Mapping[str, int], others: dict[int, None]) -> None:
    folder = facts.path.rpartition("/")[0]
    for name in facts.reading.imports:
        target = _joined(folder, name)
        for ending in ("", ".ts", ".tsx", ".js", ".jsx", ".svelte", "/index.ts", "/index.js"):
            other = paths.get(target + ending)
            if other is not None:
                others.setdefault(other)
                break


def _by_launch(
    facts: FileFacts,
    name: str,
    *,
    paths: Mapping[str, int],
    modules: Mapping[str, int],
    others: dict[int, None],
) -> None:
    parts = facts.path.split("/")[:-1]
    for depth in range(len(parts), -1, -1):
        other = paths.get("/".join([*parts[:depth], name]))
        if other is not None:
            others.setdefault(other)
            return
    other = modules.get(name)
    if other is not None:
        others.setdefault(other)


def _joined(folder: str, name: str) -> str:
    parts = folder.split("/") if folder else []
    for part in name.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in {".", ""}:
            parts.append(part)
    return "/".join(parts)


def _stems(files: Sequence[FileFacts]) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, facts in enumerate(files):
        if facts.present and not is_test(facts.path) and facts.language not in {"docs", ""}:
            stem = split(facts.path.rsplit("/", 1)[-1].split(".", 1)[0])
            if stem and stem != ("init",):
                found[stem].append(at)
    return found


def _by_namesake(
    facts: FileFacts, stems: Mapping[tuple[str, ...], Sequence[int]], others: dict[int, None]
) -> None:
    words = split(facts.path.rsplit("/", 1)[-1].split(".", 1)[0])
    stem = tuple(word for word in words if word not in _TESTS)
    namesakes = stems.get(stem, ())
    if len(namesakes) <= _MOST_NAMESAKES:
        for other in namesakes:
            others.setdefault(other)
