"""Structure of source files through tree-sitter queries."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from tree_sitter import Language, Node, Parser, Query, QueryCursor, QueryError

from provenance.stages.reading import NO_GRAMMAR, Reading
from provenance.stages.words import split

PARSE_LIMIT = 24 * 1024
"""Bytes of a source file that are parsed, at most: imports and purpose stand in front."""
_MOST_IMPORTS = 80
_MOST_SYMBOLS = 60
_MOST_LEAD = 60

_PYTHON = """
(import_statement) @import
(import_from_statement) @import
(module (expression_statement (string) @lead))
(module (class_definition name: (identifier) @symbol))
(module (class_definition superclasses: (argument_list) @symbol))
(module (function_definition name: (identifier) @symbol))
(module (decorated_definition definition: (_ name: (identifier) @symbol)))
(decorator) @decorator
"""
_CPP = """
(preproc_include path: (_) @import)
(function_declarator declarator: (_) @symbol)
(class_specifier name: (type_identifier) @symbol)
(struct_specifier name: (type_identifier) @symbol)
"""
_C = """
(preproc_include path: (_) @import)
(function_declarator declarator: (_) @symbol)
(struct_specifier name: (type_identifier) @symbol)
"""
_RUST = """
(use_declaration argument: (_) @import)
(extern_crate_declaration name: (_) @import)
(source_file (function_item name: (identifier) @symbol))
(source_file (struct_item name: (type_identifier) @symbol))
(source_file (trait_item name: (type_identifier) @symbol))
(source_file (enum_item name: (type_identifier) @symbol))
"""
_GO = """
(import_spec path: (_) @import)
(function_declaration name: (identifier) @symbol)
(method_declaration name: (field_identifier) @symbol)
(type_spec name: (type_identifier) @symbol)
"""
_SCRIPT = """
(import_statement source: (string) @import)
(export_statement source: (string) @import)
(call_expression function: (identifier) @call arguments: (arguments (string) @required)
  (#eq? @call "require"))
(program (function_declaration name: (identifier) @symbol))
(program (class_declaration name: (_) @symbol))
(export_statement declaration: (function_declaration name: (identifier) @symbol))
(export_statement declaration: (class_declaration name: (_) @symbol))
"""
_BASH = """
(command) @command
(comment) @lead
"""

_GRAMMARS = {
    "python": ("tree_sitter_python", "language", _PYTHON),
    "c": ("tree_sitter_c", "language", _C),
    "cpp": ("tree_sitter_cpp", "language", _CPP),
    "cuda": ("tree_sitter_cuda", "language", _CPP),
    "rust": ("tree_sitter_rust", "language", _RUST),
    "go": ("tree_sitter_go", "language", _GO),
    "typescript": ("tree_sitter_typescript", "language_tsx", _SCRIPT),
    "javascript": ("tree_sitter_javascript", "language", _SCRIPT),
    "shell": ("tree_sitter_bash", "language", _BASH),
}
_TRITON = re.compile(rb"^\s*@(?:triton\.|tilelang\.|cute\.)?jit\b|^\s*@T\.prim_func", re.MULTILINE)
_ENTRY = {
    "python": rb"__main__",
    "rust": rb"\nfn main(",
    "go": rb"\nfunc main(",
    "c": rb"int main(",
    "cpp": rb"int main(",
    "cuda": rb"int main(",
}
_NAMES = re.compile(r"[\w.]+")


@dataclass(frozen=True, slots=True)
class _Grammar:
    parser: Parser
    query: Query


@cache
def grammar_versions() -> tuple[str, ...]:
    """Return name and version of the parser and of every grammar that is installed, sorted."""
    names = {"tree-sitter", *(module.replace("_", "-") for module, _, _ in _GRAMMARS.values())}
    found = []
    for name in sorted(names):
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return tuple(found)


@cache
def _grammar(language: str) -> _Grammar | None:
    module, attribute, text = _GRAMMARS[language]
    try:
        loaded = Language(getattr(import_module(module), attribute)())
        return _Grammar(Parser(loaded), Query(loaded, text))
    except (ImportError, AttributeError, ValueError, QueryError):
        return None


def forget_grammars() -> None:
    """Look for the installed grammars anew."""
    _grammar.cache_clear()


def wheel_of(language: str) -> str:
    """Return the package that holds the grammar of a language."""
    return _GRAMMARS[language][0].replace("_", "-")


def captures(language: str, content: bytes) -> dict[str, list[Node]] | None:
    """Return the captures of a language's query, in file order; ``None`` without its grammar."""
    grammar = _grammar(language)
    if grammar is None:
        return None
    tree = grammar.parser.parse(content[:PARSE_LIMIT])
    found = QueryCursor(grammar.query).captures(tree.root_node)
    return {name: sorted(nodes, key=_position) for name, nodes in found.items()}


def _position(node: Node) -> int:
    return node.start_byte


def text_of(node: Node) -> str:
    """Return the text of a node (undecodable bytes replaced)."""
    return (node.text or b"").decode("utf-8", "replace")


def read_source(language: str, content: bytes) -> Reading:
    """Read imports, symbols and opening words of a source file."""
    device = _has_device_code(language, content)
    entry = _ENTRY.get(language, b"\0") in content
    found = captures(language, content)
    if found is None:
        return Reading(entry=entry, device=device, degraded=NO_GRAMMAR + language)
    imports: dict[str, None] = {}
    for node in [*found.get("import", ()), *found.get("required", ())][:_MOST_IMPORTS]:
        for name in _modules(language, text_of(node)):
            imports.setdefault(name)
    symbols = dict.fromkeys(
        name[:80]
        for node in found.get("symbol", ())[:_MOST_SYMBOLS]
        for name in _NAMES.findall(text_of(node)[:200])
    )
    lead = found.get("lead", ())
    words = split_words(text_of(lead[0])) if lead and lead[0].start_point[0] < 40 else ()
    return Reading(
        imports=tuple(imports)[:_MOST_IMPORTS],
        symbols=tuple(symbols)[:_MOST_SYMBOLS],
        lead=words,
        entry=entry,
        device=device,
    )


def split_words(text: str) -> tuple[str, ...]:
    """Return the first words of a text, in order."""
    return tuple(word for part in text[:1200].split() for word in split(part))[:_MOST_LEAD]


def _has_device_code(language: str, content: bytes) -> bool:
    if language == "cuda":
        return True
    if language in {"c", "cpp"}:
        return b"__global__" in content or b"__device__" in content or b"cutlass::" in content
    if language != "python" or not (b"jit" in content or b"prim_func" in content):
        return False
    return _TRITON.search(content) is not None


def _modules(language: str, text: str) -> list[str]:
    match language:
        case "python":
            return _python_modules(text)
        case "rust":
            return [_rust_module(text)]
        case _:
            return [text.strip("\"'<>` \n")[:160]]


def _rust_module(text: str) -> str:
    """Return the path of a use declaration up to its braces or its other name."""
    path = text.partition("{")[0].partition(" as ")[0]
    return path.strip().rstrip(":").replace("::", ".")


def _python_modules(text: str) -> list[str]:
    """Return the modules of an import statement; names join a relative or plain package."""
    if text.startswith("import"):
        return [part.split(" as ")[0].strip() for part in text[6:].split(",") if part.strip()]
    head, _, tail = text[4:].partition(" import ")
    module = head.strip()
    names = [name for name in _NAMES.findall(re.sub(r"\bas\s+\w+", "", tail)) if name][:12]
    joint = "" if module.endswith(".") else "."
    return [module] + [f"{module}{joint}{name}" for name in names]
