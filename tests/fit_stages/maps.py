"""What a map of ten lines is worth: ``python -m fit_stages.maps``.

Half of the labelled files of every repository stand for what a person who knows it would
say; the other half are scored.  Weights have not seen the repository.  Two maps are tried:

* *oracle*: the ten folders whose majority label mends most files of the known half;
* *proposal*: the ten largest lines of ``stages init``, with the stage put right where the
  known half says otherwise.

Both halves are swapped, so every labelled file is scored once.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from fit_stages import table
from provenance.stages.classify import classify
from provenance.stages.fit import calibrate, fit, leave_one_out
from provenance.stages.pins import StagePin
from provenance.stages.proposal import propose_map
from provenance.terms.stages import Stage, StageCall

LINES = 10
_WORTH_A_LINE = 2


def halves(paths: Sequence[str]) -> Iterator[tuple[set[str], set[str]]]:
    """Yield known and scored files, both ways round; the cut depends on the path alone."""
    first = {p for p in paths if hashlib.sha256(p.encode(errors="replace")).digest()[0] % 2}
    rest = set(paths) - first
    yield first, rest
    yield rest, first


def folders(path: str) -> list[str]:
    """Return the folders above a file, the nearest first."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:size]) for size in range(len(parts), 0, -1)]


def oracle(known: Mapping[str, Stage], calls: Mapping[str, StageCall]) -> list[StagePin]:
    """Return the lines that mend most known files, chosen one after the other."""
    right = {path: calls[path].stage is stage for path, stage in known.items()}
    below: dict[str, list[str]] = defaultdict(list)
    for path in sorted(known):
        for folder in folders(path):
            below[folder].append(path)
    pins: list[StagePin] = []
    while len(pins) < LINES:
        best, gain = None, 0
        for folder, paths in below.items():
            stage, agreeing = Counter(known[path] for path in paths).most_common(1)[0]
            mended = agreeing - sum(right[path] for path in paths)
            if mended > gain and len(paths) >= _WORTH_A_LINE:
                best, gain = StagePin(f"{folder}/**", stage), mended
        if best is None:
            break
        pins.append(best)
        for path in below[best.glob.removesuffix("/**")]:
            right[path] = known[path] is best.stage
    return sorted(pins, key=lambda pin: (pin.glob.count("/"), pin.glob))


def corrected(known: Mapping[str, Stage], calls: Mapping[str, StageCall]) -> list[StagePin]:
    """Return the largest proposed lines, put right by the known files below them."""
    pins = []
    for line in propose_map(calls, most=LINES):
        folder = line.pin.glob.removesuffix("**")
        told = Counter(stage for path, stage in known.items() if path.startswith(folder))
        stage = told.most_common(1)[0][0] if told else line.pin.stage
        pins.append(StagePin(line.pin.glob, stage))
    return pins


def main() -> None:
    """Print accuracy and macro-F1 without a map and with both."""
    samples = table.samples()
    heat = calibrate(samples, leave_one_out(samples))
    labels: dict[str, dict[str, Stage]] = defaultdict(dict)
    for row in table.rows():
        labels[row["repo"]][row["path"]] = Stage(row["stage"])
    pairs: dict[str, list[tuple[Stage, Stage]]] = defaultdict(list)
    for at, (name, repository, files) in enumerate(table.repositories()):
        model = replace(fit(samples[:at] + samples[at + 1 :]), temperature=heat)
        call = partial(classify, files, repository=repository, model=model)
        true, plain = labels[name], call()
        pairs["no map"] += [(true[path], plain[path].stage) for path in true]
        for known, asked in halves(sorted(true)):
            told = {path: true[path] for path in sorted(known)}
            for way, draw in (("oracle", oracle), ("proposal", corrected)):
                mapped = call(pins=draw(told, plain))
                pairs[way] += [(true[path], mapped[path].stage) for path in sorted(asked)]
    for way, found in pairs.items():
        right = sum(true is said for true, said in found)
        sys.stdout.write(f"{way}: accuracy {right / len(found):.3f}, macro-F1 {macro(found):.3f}\n")


def macro(pairs: Sequence[tuple[Stage, Stage]]) -> float:
    """Return the mean F1 over the stages that occur among the labels."""
    true, said = Counter(t for t, _ in pairs), Counter(s for _, s in pairs)
    right = Counter(t for t, s in pairs if t is s)
    return sum(2 * right[stage] / (true[stage] + said[stage]) for stage in true) / len(true)


if __name__ == "__main__":
    main()
