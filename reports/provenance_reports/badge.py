"""The interval as a badge: an SVG of its own, and the JSON of an endpoint badge."""

from __future__ import annotations

import json
from typing import Final

from markupsafe import escape

from provenance_reports import words
from provenance_reports.charts.scale import WIDTH, hundredths
from provenance_reports.document import Document, Interval

_LABEL: Final = "AI"
_GROUND: Final = "#3a424c"
_KNOWN: Final = "#17467c"
_UNKNOWN: Final = "#57606b"
_WIDTHS: Final = {" ": 35, "–": 65, "%": 108, ".": 37, "<": 83, ">": 83, "/": 38}
_DIGIT: Final = 65
_LETTER: Final = 62
_PAD: Final = 7


def message(document: Document) -> str:
    """Return ``38–71 %``, ``no evidence`` or ``no code``."""
    interval = document.headline
    if not interval.whole:
        return "no code"
    return words.NO_EVIDENCE if words.silent(interval) else words.span(interval)


def endpoint(document: Document) -> str:
    """Return the JSON that badge services read from an address."""
    known = document.headline.whole and not words.silent(document.headline)
    badge = {
        "schemaVersion": 1,
        "label": _LABEL,
        "message": message(document),
        "color": (_KNOWN if known else _UNKNOWN).removeprefix("#"),
        "labelColor": _GROUND.removeprefix("#"),
    }
    return json.dumps(badge, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def svg(document: Document) -> str:
    """Return a picture 20 pixels high; a thin bar under the text shows the interval."""
    text, interval = message(document), document.headline
    known = interval.whole and not words.silent(interval)
    left, right = _width(_LABEL), _width(text)
    title = escape(f"{_LABEL} {text}: {words.three(interval)}" if interval.whole else text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img"'
        f' aria-label="{title}"><title>{title}</title>'
        f'<clipPath id="provenance-badge">'
        f'<rect width="{left + right}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#provenance-badge)"><rect width="{left}" height="20" fill="{_GROUND}"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_KNOWN if known else _UNKNOWN}"/>'
        f"{_underline(interval, left, right) if known else ''}</g>"
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
        f'<text x="{_PAD}" y="14">{_LABEL}</text>'
        f'<text x="{left + _PAD}" y="14">{escape(text)}</text></g></svg>\n'
    )


def _underline(interval: Interval, left: int, width: int) -> str:
    start = width * hundredths(interval.floor, interval.whole) // WIDTH
    end = width * hundredths(interval.ceiling, interval.whole) // WIDTH
    return (
        f'<rect x="{left + start}" y="17.5" width="{max(1, end - start)}" height="2.5"'
        ' fill="#8db1d9"/>'
    )


def _width(text: str) -> int:
    """Return the width of text at 11 pixels, rounded up, with its margins."""
    hundredths_of_em = sum(
        _DIGIT if sign.isdigit() else _WIDTHS.get(sign, _LETTER) for sign in text
    )
    return -(-hundredths_of_em * 11 // 100) + 2 * _PAD
