"""Take foreign JSON apart: nothing is believed before its type was looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provenance.errors import EvidenceError
from provenance.evidence.limits import LARGEST

_BAD_PATH = re.compile("[\x00\ud800-\udc7f\udd00-\udfff]")


def parse(content: bytes) -> Mapping[str, Any]:
    """Return the JSON object in ``content``.

    Raises:
        EvidenceError: too large, nested too deeply, no JSON, or no object.

    """
    if len(content) > LARGEST:
        raise EvidenceError(f"{len(content)} bytes are too many", slug="too-large")
    try:
        value = json.loads(content.decode("utf-8", "surrogateescape"))
    except RecursionError as error:
        raise EvidenceError("nested too deeply", slug="too-deep") from error
    except ValueError as error:
        raise EvidenceError(f"no JSON: {error}", slug="not-json") from error
    if not isinstance(value, dict):
        raise EvidenceError("no JSON object", slug="not-an-object")
    return value


def table(value: object) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def tables(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a list; anything else is passed over."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def items(value: object) -> Sequence[Any]:
    """Return a list, or an empty one in place of anything else."""
    return value if isinstance(value, list) else ()


def text(value: object) -> str:
    """Return a string, or an empty one in place of anything else."""
    return value if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """Return a whole number that is not negative, else ``None``."""
    return value if type(value) is int and value >= 0 else None


def is_path(path: str) -> bool:
    """Whether git could hold a file by this name."""
    return bool(path) and not path.startswith("/") and not _BAD_PATH.search(path)
