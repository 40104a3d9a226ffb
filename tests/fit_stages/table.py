"""The labelled repositories as committed tables: facts of files, never their text.

``facts.jsonl.xz`` has one line per repository and per file.  Prose is reduced to words of
the catalogue; large repositories are thinned to the labelled files, the files beside them
and an even sample of the rest.  ``labels.csv`` has the stages as a person decided them.
"""

from __future__ import annotations

import csv
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provenance.stages.facts import FileFacts
from provenance.stages.fit import Label, Sample, sample
from provenance.stages.reading import Reading
from provenance.stages.repository import RepositoryFacts
from provenance.terms.stages import Stage

DATA = Path(__file__).parents[1] / "data" / "stages"
FACTS = DATA / "facts.jsonl.xz"
LABELS = DATA / "labels.csv"
WEIGHTS = Path(__file__).parents[2] / "provenance" / "stages" / "catalogue" / "weights.json"


def rows() -> list[dict[str, str]]:
    """Return the labels as written."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def repositories() -> Iterator[tuple[str, RepositoryFacts, list[FileFacts]]]:
    """Return every repository with its full name, its facts and those of its files."""
    current: tuple[str, RepositoryFacts, list[FileFacts]] | None = None
    with lzma.open(FACTS, "rt", encoding="utf-8") as file:
        for line in file:
            loaded = json.loads(line)
            if isinstance(loaded, dict):
                if current is not None:
                    yield current
                current = (loaded.pop("full_name"), _repository(loaded), [])
            elif current is not None:
                current[2].append(_facts(loaded))
    if current is not None:
        yield current


def samples() -> list[Sample]:
    """Return every labelled repository, laid out."""
    labels: dict[str, list[Label]] = {}
    for row in rows():
        second = Stage(row["second"]) if row["second"] else None
        labels.setdefault(row["repo"], []).append(Label(row["path"], Stage(row["stage"]), second))
    return [
        sample(files, repository=facts, labels=labels[name])
        for name, facts, files in repositories()
    ]


def dump_repository(full_name: str, facts: RepositoryFacts) -> str:
    """Return the line of a repository."""
    return json.dumps(
        {
            "full_name": full_name,
            "name": facts.name,
            "purpose": [round(value, 4) for value in facts.purpose],
            "said": facts.said,
            "packages": sorted(facts.packages),
            "names_models": facts.names_models,
            "model_share": round(facts.model_share, 4),
        },
        separators=(",", ":"),
    )


def dump_facts(facts: FileFacts) -> str:
    """Return the line of a file."""
    reading = facts.reading
    return json.dumps(
        [
            facts.path,
            facts.language,
            int(facts.present),
            reading.imports,
            reading.symbols,
            reading.lead,
            reading.keys,
            reading.launches,
            reading.body,
            reading.marks,
            int(reading.entry),
            int(reading.device),
            reading.degraded,
        ],
        separators=(",", ":"),
    )


def _repository(loaded: dict[str, Any]) -> RepositoryFacts:
    return RepositoryFacts(
        name=loaded["name"],
        purpose=tuple(loaded["purpose"]),
        said=tuple(tuple(words) for words in loaded["said"]),
        packages=frozenset(loaded["packages"]),
        names_models=loaded["names_models"],
        model_share=loaded["model_share"],
    )


def _facts(loaded: list[Any]) -> FileFacts:
    path, language, present, imports, symbols, lead, keys, launches, body, marks = loaded[:10]
    entry, device, degraded = loaded[10:]
    reading = Reading(
        imports=tuple(imports),
        symbols=tuple(symbols),
        lead=tuple(lead),
        keys=tuple(keys),
        launches=tuple(launches),
        body=tuple((word, count) for word, count in body),
        marks=tuple(marks),
        entry=bool(entry),
        device=bool(device),
        degraded=degraded,
    )
    return FileFacts(path, language, reading, present=bool(present))
