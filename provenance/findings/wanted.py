"""Which files at the head say how marks are dealt with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum, unique
from pathlib import PurePosixPath

from provenance.findings.switches import switches

MOST_FILES = 2000
"""Files that are read; a tree with more of them is made to be slow."""


@unique
class Sort(StrEnum):
    """What sort of file it is."""

    SETTINGS = "settings"
    """Settings of a tool."""
    INSTRUCTIONS = "instructions"
    """Prose for agents or contributors."""
    HOOK = "hook"
    """A hook on commit messages, or the file of a hook manager."""
    WORKFLOW = "workflow"
    """A check that runs elsewhere."""
    MAILMAP = "mailmap"
    """``.mailmap`` at the top."""
    SKIPPED = "skipped"
    """``.git-blame-ignore-revs`` at the top."""


_INSTRUCTIONS = re.compile(
    r"""(?:^|/)(?:
        (?:agents?|claude|gemini|crush|qwen|warp|codex|contributing|conventions
          |ai[_-]?(?:policy|usage|contributions?)|llm[_-]?policy|pull_request_template
          )(?:\.local)?(?:\.(?:md|mdx|rst|txt|adoc))?
        |\.?(?:cursorrules|windsurfrules|clinerules|goosehints)
        |\.cursor/rules/[^/]+\.mdc?|\.clinerules/[^/]+\.md|\.github/copilot-instructions\.md
        |\.claude/(?:[^/]+/){0,2}[^/]+\.md
    )$""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_HOOK = re.compile(
    r"""(?:^|/)(?:
        (?:commit-msg|prepare-commit-msg)(?:\.[a-z]{1,6})?
        |\.(?:claude|cursor|codex)/hooks/[^/]+
        |lefthook(?:-local)?\.(?:ya?ml|toml|json)|\.lefthook\.ya?ml
        |\.pre-commit-config\.ya?ml|\.pre-commit-hooks\.ya?ml
        |commitlint\.config\.[a-z]{1,4}|\.commitlintrc(?:\.[a-z]{1,5})?
    )$""",
    re.ASCII | re.VERBOSE,
)
_WORKFLOW = re.compile(
    r"""^(?:
        \.github/(?:workflows/[^/]+\.ya?ml|(?:actions|scripts)/(?:[^/]+/){0,3}[^/]+)
        |\.gitlab-ci\.yml|\.gitlab/(?:[^/]+/){0,3}[^/]+\.yml
        |\.circleci/config\.yml|azure-pipelines\.yml|Jenkinsfile|[Dd]angerfile(?:\.[a-z]{1,4})?
    )$""",
    re.ASCII | re.VERBOSE,
)


def sort_of(path: str) -> Sort | None:
    """Return what a file at the head can say; ``None`` for nearly all of them."""
    if path == ".mailmap":
        return Sort.MAILMAP
    if path == ".git-blame-ignore-revs":
        return Sort.SKIPPED
    if any(path_matches(path, glob) for switch in switches() for glob in switch.files):
        return Sort.SETTINGS
    if _HOOK.search(path):
        return Sort.HOOK
    if _WORKFLOW.search(path):
        return Sort.WORKFLOW
    return Sort.INSTRUCTIONS if _INSTRUCTIONS.search(path) else None


def path_matches(path: str, glob: str) -> bool:
    """Whether a path is the file ``**/NAME`` or ``**/FOLDER/NAME``, at any depth."""
    tail = glob.removeprefix("**/")
    return path == tail or path.endswith(f"/{tail}")


def wanted(paths: Iterable[str]) -> list[str]:
    """Return the files to read, sorted; shallow ones first where there are too many."""
    chosen = [path for path in paths if sort_of(path) is not None]
    chosen.sort(key=lambda path: (len(PurePosixPath(path).parts), path))
    return sorted(chosen[:MOST_FILES])
