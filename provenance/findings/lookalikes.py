"""Names and addresses that look like a tool's and are not."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import NamedTuple

_MAIL = re.compile(r"<[^<>@]{1,100}@([^<>\s]{1,200})>")
_LONGEST = 300


class _Known(NamedTuple):
    domains: tuple[str, ...]
    shared: tuple[str, ...]
    words: re.Pattern[str]
    letters: Mapping[int, str]


@functools.cache
def _known() -> _Known:
    file = resources.files("provenance.findings") / "lookalikes.toml"
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    words = "|".join(values["words"])
    return _Known(
        tuple(values["domains"]),
        tuple(values["shared_domains"]),
        re.compile(rf"(?<![a-z])(?:{words})(?![a-z])"),
        str.maketrans(values["letters"]),
    )


@functools.lru_cache(maxsize=65_536)
def is_lookalike(identity: str) -> bool:
    """Whether ``Name <mail>`` imitates a tool: foreign letters, or a changed domain."""
    text = identity[:_LONGEST].lower()
    if not text.isascii():
        words = _known().words
        if len(words.findall(_folded(text))) > len(words.findall(text)):
            return True
    found = _MAIL.search(text)
    if found is None:
        return False
    named = _known().words.search(text) is not None
    return _changed(found[1], _known().domains) or (named and _changed(found[1], _known().shared))


def _folded(text: str) -> str:
    """Return the text with letters that look alike made one; accents stay, names have them."""
    return unicodedata.normalize("NFKC", text).translate(_known().letters)


def _changed(domain: str, domains: Sequence[str]) -> bool:
    """Whether a domain is one letter away from a known one, or holds it inside another."""
    if any(domain == known or domain.endswith(f".{known}") for known in domains):
        return False
    return any(_near(domain, known) or f"{known}." in domain for known in domains)


def _near(one: str, two: str) -> bool:
    """Whether one letter was added, lost or changed, or two neighbours were swapped."""
    if abs(len(one) - len(two)) > 1:
        return False
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    rest, other = one[start:], two[start:]
    if len(rest) != len(other):
        return rest[1:] == other or rest == other[1:]
    return rest[1:] == other[1:] or (rest[2:] == other[2:] and rest[:2] == other[:2][::-1])
