"""Line kinds by a full parse with tree-sitter: slow, independent of our scanner."""

from __future__ import annotations

import importlib
import warnings
from dataclasses import dataclass
from functools import cache

import tree_sitter

_MODULES = {
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "cuda": ("tree_sitter_cuda", "language"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "json": ("tree_sitter_json", "language"),
    "python": ("tree_sitter_python", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "shell": ("tree_sitter_bash", "language"),
    "toml": ("tree_sitter_toml", "language"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "yaml": ("tree_sitter_yaml", "language"),
}
LANGUAGES = tuple(sorted(_MODULES))
"""Ids for which there is a grammar to compare with."""

_COMMENTS = frozenset({"comment", "line_comment", "block_comment", "html_comment", "doc_comment"})
_STRINGS = frozenset({"string", "concatenated_string"})
_INSIDE_NOTHING = frozenset({"string_content", "string_fragment", "raw_string_literal"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the parser says about a file."""

    kinds: list[int]
    """0 blank, 1 comment, 2 code, one per line."""
    broken: bool
    """Whether the parser met something it does not understand."""


@cache
def _parser(language: str) -> tree_sitter.Parser:
    name, function = _MODULES[language]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = getattr(importlib.import_module(name), function)()
        return tree_sitter.Parser(tree_sitter.Language(made))


def parse(content: bytes, language: str) -> Parsed:
    """Return the kind of every line of ``content``."""
    root = _parser(language).parse(content).root_node
    shown = bytearray(content)
    for start, end in _comment_spans(root, language):
        for index in range(start, end):
            if shown[index] != 10:
                shown[index] = 32
    lines = content.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    rest = bytes(shown).split(b"\n")
    kinds = [
        0 if not line.strip() else 2 if rest[number].strip() else 1
        for number, line in enumerate(lines)
    ]
    return Parsed(kinds, root.has_error)


def _comment_spans(root: tree_sitter.Node, language: str) -> list[tuple[int, int]]:
    spans = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in _COMMENTS or (language == "python" and _is_lone_string(node)):
            spans.append((node.start_byte, node.end_byte))
        elif node.type not in _INSIDE_NOTHING:
            waiting.extend(node.children)
    return spans


def _is_lone_string(node: tree_sitter.Node) -> bool:
    return (
        node.type == "expression_statement"
        and node.child_count == 1
        and node.children[0].type in _STRINGS
    )
