"""Settings that switch marks off: the known switches, and where they are turned."""

from __future__ import annotations

import functools
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from provenance.errors import CatalogueError

_KEYS = {"tool", "files", "key", "off", "source"}
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*+"?)|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
"""A string, or a comment; one that never ends reaches to the end, so the time stays linear."""
_COMMA = re.compile(r",(\s*[}\]])")
_YAML = re.compile(r"^(?P<key>[A-Za-z][\w-]{0,60})\s*:\s*(?P<value>[^#\n]{0,80})", re.MULTILINE)
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Switch:
    """One setting of one tool."""

    tool: str
    """Id of the tool."""
    files: tuple[str, ...]
    """Where it stands: ``**/NAME`` or ``**/FOLDER/NAME``."""
    key: tuple[str, ...]
    """The way down to the value."""
    off: tuple[str | bool, ...]
    """Values that turn the mark off."""
    source: str
    """Where the setting is described."""


@functools.cache
def switches() -> tuple[Switch, ...]:
    """Return the known switches; raises ``CatalogueError`` when the file is wrong."""
    file = resources.files("provenance.findings") / "switches.toml"
    found = []
    for item in tomllib.loads(file.read_text(encoding="utf-8"))["switch"]:
        if set(item) != _KEYS:
            raise CatalogueError("switches.toml has other keys", slug="catalogue-value")
        found.append(
            Switch(
                item["tool"], tuple(item["files"]), tuple(item["key"]),
                tuple(item["off"]), item["source"],
            )
        )  # fmt: skip
    return tuple(found)


def turned_off(path: str, text: str, wanted: tuple[Switch, ...]) -> list[int]:
    """Return the lines (from one) of a settings file on which a switch is turned off."""
    values = _values(path, text)
    return sorted(
        {
            _line(text, switch.key)
            for switch in wanted
            for value in _found(values, switch.key)
            if any(type(value) is type(off) and value == off for off in switch.off)
        }
    )


def _values(path: str, text: str) -> Mapping[str, Any]:
    """Parse a settings file; one that cannot be read says nothing."""
    try:
        if path.endswith(".toml"):
            return tomllib.loads(text)
        if path.endswith((".yml", ".yaml")):
            return dict(_yaml(text))
        parsed = json.loads(_plain_json(text))
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _plain_json(text: str) -> str:
    """Take comments and hanging commas out, which editors allow in their settings."""
    bare = _COMMENT.sub(lambda found: found[1] or "", text)
    return _COMMA.sub(r"\1", bare)


def _yaml(text: str) -> Iterator[tuple[str, str | bool]]:
    """Yield the plain values at the left margin: all that the known switches need."""
    for found in _YAML.finditer(text):
        word = found["value"].strip().strip("'\"")
        yield found["key"], _WORDS.get(word.lower(), word)


def _found(values: Any, key: tuple[str, ...]) -> Iterator[object]:
    for part in key:
        if not isinstance(values, dict) or part not in values:
            return
        values = values[part]
    yield values


def _line(text: str, key: tuple[str, ...]) -> int:
    """Return the line of the last part of the way, looked for behind the first ones."""
    at = 0
    for part in key:
        quoted = re.compile(rf"""(?<![\w-])["']?{re.escape(part)}["']?\s*[:=\].]""")
        found = quoted.search(text, at)
        at = found.start() if found else at
    return text.count("\n", 0, at) + 1
