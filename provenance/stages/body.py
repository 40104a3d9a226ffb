"""Telling words of the text of a file, counted."""

from __future__ import annotations

import re
from collections import Counter

from provenance.stages.lexicon import lexicon

_SCAN = 16 * 1024
_MARK_SCAN = 96 * 1024
_MOST = 24
_WORD = re.compile(rb"[a-z][a-z0-9]+")


def body_of(content: bytes) -> tuple[tuple[str, int], ...]:
    """Return the catalogue's body words in the first part of a text, most frequent first."""
    counted = Counter(_WORD.findall(content[:_SCAN].lower()))
    known = lexicon().body
    found = [
        (word, count) for raw, count in counted.items() if (word := raw.decode("ascii")) in known
    ]
    found.sort(key=lambda item: (-item[1], item[0]))
    return tuple(found[:_MOST])


def marks_of(content: bytes) -> tuple[str, ...]:
    """Return the ids of the catalogue's marks seen in a program text."""
    text = content[:_MARK_SCAN]
    return tuple(
        mark.id
        for mark in lexicon().marks.values()
        if all(phrase in text for phrase in mark.all)
        and (not mark.any or any(phrase in text for phrase in mark.any))
        and not any(phrase in text for phrase in mark.none)
    )
