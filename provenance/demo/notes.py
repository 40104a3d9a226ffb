"""What a recording tool notes about one commit, as git-ai 1.5 writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from provenance.demo.lines import PERSON, Lines

_TYPED: Final = "h_0f1e2d3c4b5a69"
"""Key of lines that a person was seen to type."""
_WRITER: Final = "1.5.2"
"""Version of the tool: later ones guess that lines are a person's."""


def note(number: int, tree: Mapping[str, Lines], *, commit: str) -> str:
    """Return the note about the commit of a number: whose every line is that it added."""
    listed: list[str] = []
    models: set[str] = set()
    for path, lines in sorted(tree.items()):
        hands: dict[str, list[int]] = {}
        for place, line in enumerate(lines, 1):
            if line.owner == number:
                hands.setdefault(line.maker, []).append(place)
        if hands:
            listed.append(path)
        listed += [
            f"  {_TYPED if maker == PERSON else _session(maker)} {_spans(places)}"
            for maker, places in sorted(hands.items())
        ]
        models |= hands.keys() - {PERSON}
    sessions = {
        _session(model): {"agent_id": {"tool": "larkhand", "id": f"run-{number}", "model": model}}
        for model in sorted(models)
    }
    about = {
        "schema_version": "authorship/3.0.0",
        "git_ai_version": _WRITER,
        "base_commit_sha": commit,
        "humans": {_TYPED: {"author": "not named"}},
        "sessions": sessions,
    }
    return "\n".join([*listed, "---", json.dumps(about, indent=2, sort_keys=True)]) + "\n"


def _session(model: str) -> str:
    return f"s_{model}"


def _spans(places: Iterable[int]) -> str:
    """Return line numbers as git-ai does: ``3,7-9``."""
    return ",".join(f"{a}-{b}" if a < b else f"{a}" for a, b in _runs(places))


def _runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    for _, members in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        run = [place for _, place in members]
        yield run[0], run[-1]
