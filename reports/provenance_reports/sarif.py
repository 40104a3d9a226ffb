"""Findings as SARIF 2.1.0: questions with a place, never one result per line of code."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from provenance.metrics.measurement import Finding
from provenance_reports import words
from provenance_reports.annotations import is_commit, split

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_NO_BYTE: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_LEVELS: Final = {"A": "error", "B": "warning", "C": "note"}


def render(findings: Iterable[Finding], *, tool_version: str) -> str:
    """Return the log of one run: one result per finding."""
    listed = list(findings)
    rules = {finding.id: finding for finding in listed}
    driver = {
        "name": "provenance-meter",
        "version": words.visible(tool_version, 60),
        "rules": [
            {
                "id": words.visible(rule, 120),
                "shortDescription": {"text": _title(finding)},
                "defaultConfiguration": {"level": _level(finding)},
            }
            for rule, finding in sorted(rules.items())
        ],
    }
    order = {rule: number for number, rule in enumerate(sorted(rules))}
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "results": [_result(finding, order[finding.id]) for finding in listed],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, sort_keys=True) + "\n"


def _title(finding: Finding) -> str:
    return words.visible(finding.title, 1000) or "A finding"


def _level(finding: Finding) -> str:
    return _LEVELS.get(finding.severity, "note")


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    locations = [_location(place) for place in finding.places]
    result: dict[str, Any] = {
        "ruleId": words.visible(finding.id, 120),
        "ruleIndex": rule,
        "level": _level(finding),
        "message": {"text": f"{_title(finding)} ({words.count(finding.count, 'place')})"},
        "partialFingerprints": {"provenance/v1": _fingerprint(finding)},
    }
    if locations:
        result["locations"] = locations
    return result


def _fingerprint(finding: Finding) -> str:
    return hashlib.sha256(_bytes("\n".join((finding.id, *finding.places)))).hexdigest()


def _bytes(text: str) -> bytes:
    """Return a path as git holds it; a surrogate that stands for no byte is replaced."""
    return _NO_BYTE.sub("\N{REPLACEMENT CHARACTER}", text).encode("utf-8", "surrogateescape")


def _location(place: str) -> dict[str, Any]:
    """Return where a place is: a line of a file, or a commit by its name."""
    spot = split(place)
    if spot is None:
        kind = "commit" if is_commit(place) else "place"
        return {
            "logicalLocations": [{"fullyQualifiedName": words.visible(place, 300), "kind": kind}]
        }
    path, line = spot
    uri = quote(_bytes(path), safe="/")
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line},
        }
    }
