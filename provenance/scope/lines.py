r"""Which lines of a file are code, comment or blank, and how many characters they hold.

Lines are git's: split at ``\n`` only, a last line without one counts.
"""

from __future__ import annotations

from provenance.scope.languages import NOTEBOOK, Language, language
from provenance.scope.lexical import BLANK, CODE, COMMENT, OUTSIDE, LineScan, scan_text
from provenance.scope.notebooks import scan_notebook

__all__ = ["BLANK", "CODE", "COMMENT", "OUTSIDE", "Language", "LineScan", "language", "scan"]


def scan(content: bytes, language: Language | None) -> LineScan:
    """Return kind and length of every line; never raises, whatever the bytes."""
    if language is not None and language.id == NOTEBOOK:
        return scan_notebook(content)
    return scan_text(content, language)
