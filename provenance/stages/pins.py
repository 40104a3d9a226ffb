"""A lab's own map: path globs that fix a stage."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from provenance.errors import UsageError
from provenance.terms.stages import Stage

SUBS = ("compute", "repo", "storage")
"""Parts of ``infra``."""
_KEYS = ("glob", "stage", "sub")


@dataclass(frozen=True, slots=True)
class StagePin:
    """One line of the map."""

    glob: str
    """Path glob: ``*`` stays in a folder, ``**`` crosses folders, a folder means all below."""
    stage: Stage
    """The stage it fixes."""
    sub: str | None = None
    """Part of ``infra`` (``compute``, ``repo``, ``storage``); ``None`` otherwise."""


def parse_pins(entries: Iterable[Mapping[str, object]]) -> tuple[StagePin, ...]:
    """Read the ``[[stage]]`` entries of ``provenance.toml``.

    Raises ``UsageError`` (slug ``stage-map``) for unknown keys, stages or parts, naming
    the nearest word.
    """
    return tuple(_pin(entry, number) for number, entry in enumerate(entries, start=1))


def _pin(entry: Mapping[str, object], number: int) -> StagePin:
    where = f"[[stage]] entry {number}"
    for key in entry:
        if key not in _KEYS:
            raise _wrong(f"{where} has an unknown key {key!r}", key, _KEYS)
    glob, stage, sub = entry.get("glob"), entry.get("stage"), entry.get("sub")
    if not isinstance(glob, str) or not glob.strip("/ "):
        raise UsageError(
            f"{where} has no glob", slug="stage-map", hint='write glob = "path/to/folder/**"'
        )
    if not isinstance(stage, str):
        raise UsageError(f"{where} has no stage", slug="stage-map", hint='write stage = "training"')
    stages = tuple(item.value for item in Stage)
    if stage not in stages:
        raise _wrong(f"{where} names an unknown stage {stage!r}", stage, stages)
    if sub is not None and (not isinstance(sub, str) or sub not in SUBS):
        raise _wrong(f"{where} names an unknown part {sub!r}", str(sub), SUBS)
    found = Stage(stage)
    if sub is not None and found is not Stage.INFRA:
        raise UsageError(
            f"{where} gives a part to {stage}",
            slug="stage-map",
            hint="only infra has parts: remove sub",
        )
    if found is Stage.INFRA and sub is None:
        sub = "compute"
    return StagePin(glob=glob, stage=found, sub=sub if isinstance(sub, str) else None)


def _wrong(message: str, word: str, known: Sequence[str]) -> UsageError:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return UsageError(message, slug="stage-map", hint=hint)


def pin_of(path: str, pins: Sequence[StagePin]) -> StagePin | None:
    """Return the last pin that matches (later lines are exceptions to earlier ones)."""
    for pin in reversed(pins):
        if _matcher(pin.glob).fullmatch(path):
            return pin
    return None


def pins_digest(pins: Sequence[StagePin]) -> str:
    """Return the SHA-256 of a map: its lines in order, as they decide."""
    made = hashlib.sha256(b"stages map\n")
    for pin in pins:
        line = f"{pin.glob}\t{pin.stage.value}\t{pin.sub or ''}\n"
        made.update(line.encode("utf-8", "surrogateescape"))
    return "sha256:" + made.hexdigest()


def told(pins: Sequence[StagePin]) -> tuple[tuple[str, str], ...]:
    """Return a map as pairs of glob and ``stage`` or ``stage:sub``, in order."""
    return tuple(
        (pin.glob, f"{pin.stage.value}:{pin.sub}" if pin.sub else pin.stage.value) for pin in pins
    )


@lru_cache(maxsize=1024)
def _matcher(glob: str) -> re.Pattern[str]:
    """Translate a glob; runs of ``*`` are merged, so that matching stays linear in practice."""
    glob = re.sub(r"\*{3,}", "**", glob.strip().lstrip("/"))
    glob = re.sub(r"(?:\*\*/)+", "**/", glob)
    if glob.endswith("/"):
        glob += "**"
    made = []
    at = 0
    while at < len(glob):
        if glob.startswith("**/", at):
            made.append("(?:.*/)?")
            at += 3
        elif glob.startswith("**", at):
            made.append(".*")
            at += 2
        else:
            char = glob[at]
            made.append({"*": "[^/]*", "?": "[^/]"}.get(char, re.escape(char)))
            at += 1
    text = "".join(made)
    if not any(char in glob for char in "*?"):
        text += "(?:/.*)?"
    return re.compile(text, re.DOTALL)
