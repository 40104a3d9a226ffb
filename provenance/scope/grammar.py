"""One compiled bytes regex per language: it runs over code and stops only where it matters.

The pattern has the form ``SKIP*+ STOP``.  SKIP swallows, without ever giving anything
back, everything that cannot change the kind of a line: plain text, strings, comments
behind code.  STOP is what must be seen: a run of comments that begins on its own line
(group ``own``), a comment that begins behind code and ends on a later line (``tail``),
or a string that stands alone on its lines (``lone``; Python only).  So a match costs
nothing per token and the whole file is read inside the regex engine.

Two properties keep it linear on hostile bytes.  Every construct that may span lines ends
in "its end mark, or the end of the file", so no attempt fails after a long walk.  And
SKIP and STOP are complementary: at each position exactly one of them can go on.

No pattern inside a possessive repeat captures or backtracks, because some releases of
Python 3.11 get both wrong.  The scanned text must begin with an extra newline, so that
the first line needs no case of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from provenance.errors import CatalogueError
from provenance.scope.forms import CONTINUED, OPAQUE, PYTHON_STRING, REST_OF_LINE, STRINGS, until


@dataclass(frozen=True, slots=True)
class Grammar:
    """The lexical facts of a language, as far as comments are concerned."""

    line: tuple[str, ...] = ()
    """Marks that open a comment until the end of the line."""
    block: tuple[tuple[str, str], ...] = ()
    """Pairs of marks around a comment that may span lines."""
    fence: tuple[tuple[str, str], ...] = ()
    """Pairs of words at the beginning of a line around commented lines."""
    strings: tuple[str, ...] = ()
    """Names of the string forms, see ``provenance.scope.forms``."""
    nested: bool = False
    """Whether block comments nest."""
    continued: bool = False
    """Whether a backslash at the end of a line comment continues it."""
    spaced: bool = False
    """Whether a line comment must stand behind white space or a separator."""
    anchored: bool = False
    """Whether line comments exist on lines of their own only."""
    docstrings: bool = False
    """Whether a string that is a whole statement counts as a comment."""


def _block(pair: tuple[str, str], depth: int, *, lines: bool) -> bytes:
    """Return a whole block comment; ``depth`` inner levels are matched when they nest."""
    opened, closed = (re.escape(mark.encode()) for mark in pair)
    end = rb"(?:" + closed + rb"|\Z)" if lines else closed
    if depth == 0:
        return opened + until(pair[1], lines=lines) + end
    firsts = bytes({pair[0].encode()[0], pair[1].encode()[0]})
    plain = rb"[^" + re.escape(firsts) + (b"" if lines else rb"\n") + rb"]"
    inner = _block(pair, depth - 1, lines=lines)
    other = rb"(?!" + closed + rb"|" + opened + rb")[" + re.escape(firsts) + rb"]"
    return opened + rb"(?:" + plain + rb"++|" + inner + rb"|" + other + rb")*+" + end


def _fenced(pair: tuple[str, str]) -> bytes:
    """Return lines between two words that stand at the beginning of their lines."""
    opened, closed = pair[0].encode(), re.escape(pair[1].encode())
    return (
        rb"(?<=\n)(?:" + opened + rb")[^\n]*+(?:\n(?!" + closed + rb")[^\n]*+)*+"
        rb"(?:\n[^\n]*+|\Z)"
    )


class _Builder:
    """Put the pieces of one grammar together."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.depth = 3 if grammar.nested else 0
        self.blocks = [_block(pair, self.depth, lines=True) for pair in grammar.block]
        self.opens = [re.escape(opened.encode()) for opened, _ in grammar.block]
        self.marks = [re.escape(mark.encode()) for mark in grammar.line]
        unknown = set(grammar.strings) - set(STRINGS) - set(OPAQUE)
        if unknown:
            raise CatalogueError(
                f"no string form is called {', '.join(sorted(unknown))}",
                slug="string-form",
                hint="the forms are in provenance.scope.forms",
            )
        self.opaque = [OPAQUE[name] for name in grammar.strings if name in OPAQUE]
        self.strings = [
            form for name in grammar.strings if name in STRINGS for form in STRINGS[name]
        ]

    def comment(self) -> bytes:
        """Return one whole comment, wherever it begins."""
        rest = CONTINUED if self.grammar.continued else REST_OF_LINE
        lines = [mark + rest for mark in self.marks]
        return (
            rb"(?:" + rb"|".join([*self.blocks, *lines, *map(_fenced, self.grammar.fence)]) + rb")"
        )

    def opening(self) -> bytes:
        """Return what tells that a comment begins at the first non-blank byte of a line."""
        fences = [rb"(?<=\n)(?:" + opened.encode() + rb")" for opened, _ in self.grammar.fence]
        return rb"(?:" + rb"|".join([*self.opens, *self.marks, *fences]) + rb")"

    def trailing(self) -> list[bytes]:
        """Return comments behind code that end on their line."""
        if self.grammar.anchored:
            return []
        found = [_block(pair, self.depth, lines=False) for pair in self.grammar.block]
        guard = rb"(?!" + rb"|".join(self.opens) + rb")" if self.opens else b""
        before = rb"(?<=[\s;&|()])" if self.grammar.spaced else b""
        after = rb"(?<!\\)(?<!\\\r)" if self.grammar.continued else b""
        found += [before + guard + mark + REST_OF_LINE + after for mark in self.marks]
        return found

    def specials(self) -> bytes:
        """Return the bytes at which plain text must stop."""
        firsts = {first for first, _ in self.strings} | {
            bytes([b]) for f, _, _ in self.opaque for b in f
        }
        if not self.grammar.anchored:
            firsts |= {mark.encode()[:1] for mark in self.grammar.line}
            firsts |= {opened.encode()[:1] for opened, _ in self.grammar.block}
        return b"".join(re.escape(first) for first in sorted(firsts - {b"\n"}))

    def tail(self) -> list[bytes]:
        """Return the STOP for comments that begin behind code and end on a later line."""
        if self.grammar.anchored:
            return []
        begun = list(self.blocks)
        if self.grammar.continued:
            begun += [mark + CONTINUED for mark in self.marks]
        if not begun:
            return []
        more = rb"(?:\s*+" + self.comment() + rb")*+[ \t\r\f\v]*+"
        return [rb"(?P<tail>(?:" + rb"|".join(begun) + rb")" + more + rb")"]

    def awaited(self) -> bytes:
        """Return a look-ahead that refuses the beginning of a STOP."""
        ahead = [sign for _, sign, _ in self.opaque]
        if not self.grammar.anchored:
            ahead += self.opens
            ahead += self.marks if self.grammar.continued else []
        return rb"(?!" + rb"|".join(ahead) + rb")" if ahead else b""

    def build(self) -> bytes:
        """Return the whole pattern."""
        special = self.specials()
        skips = [rb"[^\n" + special + rb"][^\n" + special + rb"]*+"]
        skips += [form for first, form in self.strings if first == b"\n"]
        stops = [rb"(?P<own>\n(?:\s*+" + self.comment() + rb")++[ \t\r\f\v]*+)"]
        if self.grammar.docstrings:
            lone = rb"(?:" + PYTHON_STRING + rb"[ \t\f]*+)++"
            prefix = rb"[rRbBuUfFtT]{0,2}+"
            skips += [
                rb"\n\s*+(?!#|" + prefix + rb"[\"'])",
                # long strings are read once, as a STOP, and judged by what follows them
                rb"\n\s*+(?!" + prefix + rb"(?:\"{3}|'{3}))" + lone + rb"(?![\r#\n]|\Z)",
            ]
            lone = rb"\n\s*+" + lone
            stops.append(rb"(?P<lone>" + lone + rb")(?:#[^\n]*+)?+\r?+")
        else:
            skips.append(rb"\n\s*+(?!" + self.opening() + rb")")
        skips += [form for first, form in self.strings if first != b"\n"]
        skips += self.trailing()
        if special:
            skips.append(self.awaited() + rb"[" + special + rb"]")
        stops += [form for _, _, form in self.opaque]
        stops += self.tail()
        stops.append(rb"\Z")
        return rb"(?:" + rb"|".join(skips) + rb")*+(?:" + rb"|".join(stops) + rb")"


def compiled(grammar: Grammar) -> re.Pattern[bytes]:
    """Compile the one pattern of a grammar."""
    return re.compile(_Builder(grammar).build())
