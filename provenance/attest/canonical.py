"""JSON in one form only: sorted keys, no spaces, ASCII; read strictly, written without floats."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn, TypeAlias

from provenance.errors import AttestationError

Words: TypeAlias = "str | int | list[Words] | dict[str, Words]"
"""What a statement may hold: texts, whole numbers, and lists and objects of them."""

LARGEST: Final = 2**63 - 1
"""Largest whole number anywhere in a statement or a proof."""
_DEEPEST: Final = 32
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Whether this is a SHA-256 as it is written here: 64 small hexadecimal digits."""
    return bool(_DIGEST.fullmatch(text))


def encode(value: object) -> bytes:
    """Return the one form of a JSON value."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False).encode("ascii")


def checked(value: object, place: str = "statement") -> Words:
    """Return ``value`` when it holds whole numbers and texts only.

    Raises:
        AttestationError: it holds a float, a truth value, null, or a number out of range.

    """
    if isinstance(value, dict):
        return {str(key): checked(item, f"{place}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [checked(item, f"{place}[{at}]") for at, item in enumerate(value)]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    raise AttestationError(
        f"{place} is neither a text nor a whole number from 0 to 2^63 - 1",
        slug="attest-value",
        hint="statements hold integers and texts only, so that every reader sees the same",
    )


def decode(data: bytes, what: str) -> dict[str, Any]:
    """Read one JSON object; a key twice, a float or what is no JSON at all is refused.

    Raises:
        AttestationError: it is not such an object.

    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (ValueError, RecursionError) as error:
        raise AttestationError(
            f"{what} cannot be read: {str(error)[:120]}",
            slug="attest-json",
            hint="give the file exactly as it was written",
        ) from error
    if not isinstance(value, dict) or _too_deep(value):
        raise AttestationError(
            f"{what} is not an object, or is nested too deeply",
            slug="attest-json",
            hint="give the file exactly as it was written",
        )
    return value


def _too_deep(value: object) -> bool:
    """Whether lists and objects lie in one another beyond what anybody writes."""
    level = [value]
    for _ in range(_DEEPEST):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
            elif isinstance(item, list):
                inner += item
        level = inner
    return bool(level)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is not a whole number")
