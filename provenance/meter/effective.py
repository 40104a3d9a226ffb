"""The configuration in effect, value by value, with the place each one comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provenance.gate.thresholds import Gate
from provenance.history.repository import Repository
from provenance.meter.measure import CONFIG, read_settings
from provenance.meter.settings import OFF, Options, Settings
from provenance.rules.load import load_catalogue
from provenance.scope.covered import FacetRules
from provenance.stages.lexicon import digest as classifier_digest
from provenance.terms.stages import TAXONOMY_VERSION

DEFAULT = "default"
"""Origin of a value that nobody has set."""
COMMAND_LINE = "command line"
"""Origin of a value given as an option."""
PACKAGED = "this release"
"""Origin of what comes with the meter."""

Plain = str | int | Sequence[str] | Sequence[Mapping[str, str | None]] | None
"""What a value may be, ready for JSON."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the configuration."""

    key: str
    """Dotted name."""
    value: Plain
    """What is in effect."""
    origin: str
    """Where it comes from."""


def effective(
    repository: Repository, *, at: str, config: Path | None, own: Sequence[str]
) -> tuple[Value, ...]:
    """Return every value in effect at a revision, sorted by key.

    Raises:
        UsageError: no such revision, or the configuration is wrong.

    """
    head = repository.resolve(at)
    place = config.name if config is not None else f"{CONFIG} at {head[:12]}"
    written = read_settings(repository, head, config, ())
    settings = read_settings(repository, head, config, own)
    found = [*_stated(written, settings, place), *_packaged(settings), *_usual()]
    return tuple(sorted(found, key=lambda value: value.key))


def _stated(written: Settings, settings: Settings, place: str) -> Iterator[Value]:
    """Yield what a lab can state in its configuration."""
    added = sorted(set(settings.own_families) - set(written.own_families))
    origins = [place] if written.own_families else []
    origins += [COMMAND_LINE] if added else []
    yield Value("own.families", list(settings.own_families), " and ".join(origins) or DEFAULT)
    scope = settings.scope
    additions = settings.additions
    for key, value in (
        ("scope.include", list(scope.include)),
        ("scope.exclude", list(scope.exclude)),
        ("scope.facets", [{"glob": glob, "facet": f.value} for glob, f in scope.facets]),
        ("rules.own", sorted(str(rule.id) for rule in additions.rules)),
        ("rules.people", [f"{len(additions.people)} identities"] if additions.people else []),
        ("rules.models", [f"{len(additions.forms)} forms"] if additions.forms else []),
    ):
        yield Value(key, value, place if value else DEFAULT)
    yield from _gate(settings.gate, place)
    pins: list[dict[str, str | None]] = [
        {"glob": pin.glob, "stage": pin.stage.value, "sub": pin.sub} for pin in settings.pins
    ]
    yield Value("stage", pins, place if pins else DEFAULT)
    usual = Settings()
    for key, given, default in (
        ("predates", settings.predates, usual.predates),
        ("own.predates", settings.own_predates, usual.own_predates),
    ):
        yield Value(key, given or OFF, DEFAULT if given == default else place)


def _gate(gate: Gate, place: str) -> Iterator[Value]:
    """Yield the thresholds, each as it is written."""
    for section, thresholds in (("report", gate.report), ("change", gate.change)):
        limits = [f"{one.side.value} {one.name} {one.limit}" for one in thresholds]
        yield Value(f"gate.{section}", limits, place if limits else DEFAULT)
    only = "true" if gate.informational else "false"
    yield Value("gate.informational", only, place if gate.informational else DEFAULT)


def _packaged(settings: Settings) -> Iterator[Value]:
    """Yield the digests of what decides: with the same ones, the same figures."""
    catalogue = load_catalogue([settings.additions]).digest
    scope = FacetRules.load(settings.scope).digest
    yield Value("digest.catalogue", catalogue, PACKAGED)
    yield Value("digest.classifier", classifier_digest(), PACKAGED)
    yield Value("digest.scope", scope, PACKAGED)
    yield Value("taxonomy.version", TAXONOMY_VERSION, PACKAGED)


def _usual() -> Iterator[Value]:
    """Yield what ``measure`` takes where no option says otherwise."""
    usual = Options()
    for field in dataclasses.fields(usual):
        value = getattr(usual, field.name)
        if isinstance(value, frozenset | tuple):
            value = sorted(str(item) for item in value)
        yield Value(f"measure.{field.name}", value, DEFAULT)
