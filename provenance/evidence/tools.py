"""What recording tools call the harnesses; the names are data (``tools.toml``)."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources

from provenance.evidence.dialect import Around
from provenance.terms.authors import Maker

_JOINT = re.compile(r"[\s_]+")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Tools:
    """The names, cleaned."""

    agents: Mapping[str, str]
    """Catalogue id of the harness by the tool's name for it."""
    test: frozenset[str]
    """Writers of test data."""
    background: frozenset[str]
    """Agents that a record only infers."""
    unknown: frozenset[str]
    """Words that name nobody."""


@functools.cache
def tools() -> Tools:
    """Return the packaged names."""
    file = resources.files("provenance.evidence") / "tools.toml"
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    return Tools(
        agents=values["agents"],
        test=frozenset(values["test"]),
        background=frozenset(values["background"]),
        unknown=frozenset(values["unknown"]),
    )


def clean(name: str) -> str:
    """Lower case, words joined by single hyphens."""
    return _JOINT.sub("-", name[:_LONGEST].strip().lower())


def maker(tool: str, model: str, around: Around) -> Maker:
    """Return who is meant by a tool's and a model's name; what is not known stays ``None``."""
    named = around.model(model[:_LONGEST]) if model else Maker()
    return replace(named, agent=tools().agents.get(clean(tool)))
