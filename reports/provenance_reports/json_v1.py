"""``provenance-report/1``: the whole result as canonical JSON, and back again.

Integers only, keys sorted, ASCII, a newline at the end: the same measurement gives the
same bytes on every machine.  Undecodable bytes of a path travel as lone surrogate
escapes, as in the measurement itself.

The *dense* form, embedded in the HTML page, holds the same numbers with counts, points,
windows and files as arrays (``columns`` names their places), only the largest files and no
tags; :func:`parse` reads both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from provenance.errors import UsageError
from provenance.metrics.measurement import (
    FileFigures,
    FlowWindow,
    Measurement,
    StageFigures,
    StockPoint,
)
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
_DENSE: Final[Mapping[type, str]] = {
    Counts: "counts",
    Own: "own",
    StageFigures: "stage",
    StockPoint: "stock",
    FlowWindow: "flow",
    FileFigures: "files",
}
"""What the dense form writes as arrays, and the name of their columns."""
_LARGEST_INTEGER: Final = 2**63
_ABSENT: Final = object()


def render(document: Document) -> str:
    """Return ``report.json``: one key a line, one item of a list a line, so that it diffs well."""
    return canonical(_report(document, dense=False))


def canonical(values: Mapping[str, Any]) -> str:
    """Return plain values as JSON: one key a line, one item of a list a line, keys sorted."""
    return "{\n" + ",\n".join(_entry(key, values[key]) for key in sorted(values)) + "\n}\n"


def plain(value: Any) -> Any:
    """Return a value of ours as plain objects, lists, texts and integers."""
    return _plain(value, dense=False)


def read_value(kind: Any, raw: Any, place: str) -> Any:
    """Read plain values as ``kind`` again; ``place`` names them in the error.

    Raises:
        UsageError: something is missing or of another kind.

    """
    return _value(kind, raw, place)


def format_of(text: str) -> str | None:
    """Return the format that a JSON text says it is of; ``None`` when it says none."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return None
    form = raw.get("format") if isinstance(raw, dict) else None
    return form if isinstance(form, str) else None


def outermost(text: str, *, form: str) -> dict[str, Any]:
    """Return the object of a JSON text that says it is of a format.

    Raises:
        UsageError: it is no JSON, no object, or of another format.

    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"not JSON: {str(error)[:120]}") from None
    if not isinstance(raw, dict):
        raise _unreadable("the outermost value is not an object")
    if raw.get("format") != form:
        raise UsageError(
            f"format {_shown(raw.get('format'))} is not {form}",
            slug="report-format",
            hint="measure again, or render with the version of the meter that wrote the file",
        )
    return raw


def render_dense(document: Document, *, files: int) -> str:
    """Return the same result on one line: counts as arrays, only the first ``files`` files."""
    report = _report(document, dense=True)
    report["columns"] = {name: _words(kind) for kind, name in _DENSE.items()}
    report["files_in_all"] = len(report["files"])
    report["files"] = report["files"][:files]
    report["repository"].pop("tags")
    return _compact(report)


def parse(text: str) -> Document:
    """Read a report again; raise ``UsageError`` when it is not one."""
    raw = outermost(text, form=FORMAT)
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
        return [_plain(getattr(value, field.name), dense=True) for field in fields(value)]
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
    return tuple(
        (field.name, words.get(field.name, field.name), hints[field.name], _has_default(field))
        for field in fields(kind)
    )


def _has_default(field: Field[Any]) -> bool:
    """Whether a report may lack it: zeros, and what the first reports did not have."""
    return field.default is not MISSING or field.default_factory is not MISSING


def _words(kind: type) -> list[str]:
    """Return the words in JSON for the fields of a dataclass, in order."""
    return [word for _, word, _, _ in _fields(kind)]


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
        names = _words(kind)
        if len(raw) != len(names):
            raise _unreadable(f"{place} does not have {len(names)} columns")
        raw = dict(zip(names, raw, strict=True))
    if not isinstance(raw, dict):
        raise _unreadable(f"{place} is not an object")
    values: dict[str, Any] = {}
    for name, word, hint, lenient in _fields(kind):
        item = raw.get(word, _ABSENT)
        if item is not _ABSENT:
            values[name] = _value(hint, item, f"{place}.{word}")
        elif not lenient:
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
