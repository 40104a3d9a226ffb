"""``provenance-report/1``: the whole result as canonical JSON, and back again.

Integers only, keys sorted, ASCII, a newline at the end: the same measurement gives the
same bytes on every machine.  Undecodable bytes of a path travel as lone surrogate
escapes, as in the measurement itself.

The *dense* form, embedded in the HTML page, holds the same numbers with counts as
arrays (``columns`` names them) and only the largest files; :func:`parse` reads both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from provenance.errors import UsageError
from provenance.metrics.measurement import FlowWindow, Measurement, StageFigures
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts, Own
from provenance_reports.build import build
from provenance_reports.document import Document, Verdict

FORMAT: Final = "provenance-report/1"
_TOOL: Final = "provenance-meter"
_FLOW_WORDS: Final = {
    "start": "from",
    "end": "to",
    "start_commit": "from_commit",
    "end_commit": "to_commit",
}
_COUNTS: Final = tuple(author_type.value for author_type in AuthorType)
_OWN: Final = ("floor", "declared", "ceiling")
_STAGE: Final = ("counts", "own", "low", "high")
_DENSE: Final[Mapping[type, tuple[str, ...]]] = {
    Counts: _COUNTS,
    Own: _OWN,
    StageFigures: _STAGE,
}
_LATER: Final = frozenset(
    {
        "alive",
        "base_rate",
        "effect",
        "meaning",
        "own_predates_cutoff",
        "records",
        "record_pins",
        "replacements",
    }
)
"""Fields that the first reports did not have."""
_LARGEST_INTEGER: Final = 2**63
_ABSENT: Final = object()


def render(document: Document) -> str:
    """Return ``report.json``: one key a line, one item of a list a line, so that it diffs well."""
    report = _report(document, dense=False)
    return "{\n" + ",\n".join(_entry(key, report[key]) for key in sorted(report)) + "\n}\n"


def render_dense(document: Document, *, files: int) -> str:
    """Return the same result on one line: counts as arrays, only the first ``files`` files."""
    report = _report(document, dense=True)
    report["columns"] = {"counts": list(_COUNTS), "own": list(_OWN), "stage": list(_STAGE)}
    report["files_in_all"] = len(report["files"])
    report["files"] = report["files"][:files]
    return _compact(report)


def parse(text: str) -> Document:
    """Read a report again; raise ``UsageError`` when it is not one."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"not JSON: {str(error)[:120]}") from None
    if not isinstance(raw, dict):
        raise _unreadable("the outermost value is not an object")
    if raw.get("format") != FORMAT:
        raise UsageError(
            f"format {_shown(raw.get('format'))} is not {FORMAT}",
            slug="report-format",
            hint="measure again, or render with the version of the meter that wrote the file",
        )
    tool = raw.get("tool")
    version = tool.get("version") if isinstance(tool, dict) else None
    measurement: Measurement = _value(Measurement, {**raw, "tool_version": version}, "report")
    if not measurement.stock:
        raise _unreadable("stock holds no point")
    return build(
        measurement,
        command=_value(str, raw.get("command", ""), "command"),
        verdicts=_value(tuple[Verdict, ...], raw.get("verdicts", []), "verdicts"),
    )


def _entry(key: str, value: Any) -> str:
    if not isinstance(value, list) or not value:
        return f" {json.dumps(key)}: {_compact(value)}"
    return f" {json.dumps(key)}: [\n  " + ",\n  ".join(map(_compact, value)) + "\n ]"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _report(document: Document, *, dense: bool) -> dict[str, Any]:
    report: dict[str, Any] = _plain(document.measurement, dense=dense)
    report["format"] = FORMAT
    report["tool"] = {"name": _TOOL, "version": report.pop("tool_version")}
    report["command"] = document.command
    report["verdicts"] = _plain(document.verdicts, dense=dense)
    return report


def _plain(value: Any, *, dense: bool) -> Any:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return str(value)
    if dense and type(value) in _DENSE:
        return [_plain(getattr(value, name), dense=True) for name in _DENSE[type(value)]]
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key], dense=dense) for key in sorted(value)}
    if is_dataclass(value):
        words = _FLOW_WORDS if isinstance(value, FlowWindow) else {}
        return {
            words.get(field.name, field.name): _plain(getattr(value, field.name), dense=dense)
            for field in fields(value)
        }
    return [_plain(item, dense=dense) for item in value]


@cache
def _fields(kind: type) -> tuple[tuple[str, str, Any, bool], ...]:
    """Return (field, word in JSON, type, may be absent) for every field of a dataclass."""
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    words = _FLOW_WORDS if kind is FlowWindow else {}
    lenient = kind in {Counts, Own, StageFigures}
    return tuple(
        (field.name, words.get(field.name, field.name), hints[field.name], lenient)
        for field in fields(kind)
    )


def _value(kind: Any, raw: Any, place: str) -> Any:
    """Read ``raw`` as ``kind``; ``place`` names it in the error."""
    origin = get_origin(kind)
    if isinstance(kind, UnionType):
        return _optional(kind, raw, place)
    if origin is tuple:
        return _tuple(get_args(kind), raw, place)
    if origin is not None and issubclass(origin, Mapping):
        key_kind, value_kind = get_args(kind)
        if not isinstance(raw, dict):
            raise _unreadable(f"{place} is not an object")
        return {
            _value(key_kind, key, place): _value(value_kind, raw[key], f"{place}.{_shown(key)}")
            for key in sorted(raw)
        }
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(kind, raw, place)
    return _scalar(kind, raw, place)


def _optional(kind: UnionType, raw: Any, place: str) -> Any:
    inner = [option for option in get_args(kind) if option is not NoneType]
    return None if raw is None else _value(inner[0], raw, place)


def _tuple(kinds: tuple[Any, ...], raw: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        raise _unreadable(f"{place} is not an array")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_value(kinds[0], item, f"{place}[{at}]") for at, item in enumerate(raw))
    if len(raw) != len(kinds):
        raise _unreadable(f"{place} does not have {len(kinds)} items")
    return tuple(
        _value(kind, item, f"{place}[{at}]")
        for at, (kind, item) in enumerate(zip(kinds, raw, strict=True))
    )


def _object(kind: type, raw: Any, place: str) -> Any:
    if kind in _DENSE and isinstance(raw, list):
        names = _DENSE[kind]
        if len(raw) != len(names):
            raise _unreadable(f"{place} does not have {len(names)} numbers")
        raw = dict(zip(names, raw, strict=True))
    if not isinstance(raw, dict):
        raise _unreadable(f"{place} is not an object")
    values: dict[str, Any] = {}
    for name, word, hint, lenient in _fields(kind):
        item = raw.get(word, _ABSENT)
        if item is not _ABSENT:
            values[name] = _value(hint, item, f"{place}.{word}")
        elif not lenient and name not in _LATER:
            raise _unreadable(f"{place}.{word} is missing")
    try:
        return kind(**values)
    except TypeError:
        raise _unreadable(f"{place} is incomplete") from None


def _scalar(kind: Any, raw: Any, place: str) -> Any:
    if kind is bool:
        if not isinstance(raw, bool):
            raise _unreadable(f"{place} is not true or false")
        return raw
    if kind is int:
        if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw < _LARGEST_INTEGER:
            raise _unreadable(f"{place} is not a whole number from 0 to 2^63 - 1")
        return raw
    if not isinstance(raw, str):
        raise _unreadable(f"{place} is not a text")
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        try:
            return kind(raw)
        except ValueError:
            raise _unreadable(f"{place}: {_shown(raw)} is not a known word") from None
    return raw


def _shown(value: object) -> str:
    return ascii(value)[:80]


def _unreadable(message: str) -> UsageError:
    return UsageError(
        f"the report cannot be read: {message}",
        slug="report-unreadable",
        hint="give the report.json that provenance measure wrote, unchanged",
    )
