"""A map proposed for a person to edit: one line per folder, with its confidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from provenance.stages.pins import StagePin
from provenance.terms.stages import Stage, StageCall

_ONE_STAGE = 0.8
_WORTH_A_LINE = 3


@dataclass(frozen=True, slots=True)
class ProposedPin:
    """One proposed line of the map."""

    pin: StagePin
    """The line."""
    confidence: float
    """Mean probability of the stage over the files it covers, 0..1."""
    files: int
    """Files it covers."""
    agreeing: int
    """Files of them whose own stage is the proposed one."""


def propose_map(calls: Mapping[str, StageCall], *, most: int = 40) -> tuple[ProposedPin, ...]:
    """Return lines for the largest folders of one stage, in order of path.

    A folder with one dominant stage gets one line; a mixed one is taken apart.  Folders
    of fewer than three files get none.  Files of ``infra`` at repository level are left
    to the path rules.
    """
    below: dict[str, list[StageCall]] = defaultdict(list)
    children: dict[str, set[str]] = defaultdict(set)
    for path in sorted(calls):
        if calls[path].sub == "repo":
            continue
        parts = path.split("/")[:-1]
        for size in range(1, len(parts) + 1):
            folder = "/".join(parts[:size])
            below[folder].append(calls[path])
            children["/".join(parts[: size - 1])].add(folder)
    found: list[ProposedPin] = []
    waiting = sorted(children[""], reverse=True)
    while waiting:
        folder = waiting.pop()
        proposed = _line(folder, below[folder])
        if proposed is None:
            waiting.extend(sorted(children[folder], reverse=True))
        elif proposed.files >= _WORTH_A_LINE:
            found.append(proposed)
    kept = sorted(found, key=lambda item: (-item.files, item.pin.glob))[:most]
    return tuple(sorted(kept, key=lambda item: item.pin.glob))


def _line(folder: str, calls: list[StageCall]) -> ProposedPin | None:
    """Return the line of a folder, or ``None`` when no stage dominates."""
    weight: dict[tuple[Stage, str | None], float] = defaultdict(float)
    for call in calls:
        weight[call.stage, call.sub] += call.confidence
    (stage, sub), _ = max(sorted(weight.items(), key=str), key=lambda item: item[1])
    agreeing = [call for call in calls if call.stage is stage]
    if len(agreeing) < _ONE_STAGE * len(calls):
        return None
    return ProposedPin(
        pin=StagePin(glob=f"{folder}/**", stage=stage, sub=sub),
        confidence=round(sum(call.confidence for call in agreeing) / len(calls), 2),
        files=len(calls),
        agreeing=len(agreeing),
    )
