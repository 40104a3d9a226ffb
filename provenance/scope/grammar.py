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

_REST_OF_LINE = rb"[^\n]*+"
_ESCAPED = rb"\\(?:\r?+\n|[\s\S]|\Z)"
_CONTINUED = rb"[^\\\n]*+(?:" + _ESCAPED + rb"[^\\\n]*+)*+"


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
    """Names of the string forms, see ``_STRINGS`` and ``_OPAQUE``."""
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


def _until(close: str, *, lines: bool) -> bytes:
    """Return the text before ``close``; at most to the end of the line unless ``lines``."""
    mark = close.encode()
    first, rest = re.escape(mark[:1]), re.escape(mark[1:])
    stop = rb"[^" + first + (b"" if lines else rb"\n") + rb"]*+"
    if not rest:
        return stop
    return stop + rb"(?:" + first + rb"(?!" + rest + rb")" + stop + rb")*+"


def _quoted(mark: bytes, *, lines: bool, escapes: bool = True) -> bytes:
    """Return a string form whose end mark is one byte, closed or cut at its natural limit."""
    stop = mark + (b"" if lines else rb"\n")
    if not escapes:
        body = rb"[^" + stop + rb"]*+"
    else:
        body = rb"[^\\" + stop + rb"]*+(?:" + _ESCAPED + rb"[^\\" + stop + rb"]*+)*+"
    return mark + body + mark + rb"?+"


def _tripled(quote: bytes) -> bytes:
    """Return a triple-quoted form with backslash escapes."""
    triple, pair = quote * 3, quote * 2
    plain = rb"[^\\" + quote + rb"]*+"
    inner = rb"(?:" + _ESCAPED + rb"|" + quote + rb"(?!" + pair + rb"))"
    return triple + plain + rb"(?:" + inner + plain + rb")*+(?:" + triple + rb"|\Z)"


def _template(depth: int) -> bytes:
    """Return a JavaScript template literal whose substitutions nest ``depth`` deep."""
    if depth == 0:
        return _quoted(b"`", lines=True)
    text = rb"[^`\\$]++|\\(?:[\s\S]|\Z)"
    return rb"`(?:" + text + rb"|\$\{" + _braced(depth - 1) + rb"|\$)*+(?:`|\Z)"


def _braced(depth: int) -> bytes:
    """Return the rest of a substitution behind ``${``, closing brace included."""
    tokens = [
        rb"[^`'\"{}/]++",
        _template(depth),
        _quoted(b"'", lines=False),
        _quoted(b'"', lines=False),
        rb"/\*" + _until("*/", lines=True) + rb"(?:\*/|\Z)",
        rb"//" + _REST_OF_LINE,
        rb"/",
        rb"\{(?:[^{}`'\"]|" + _quoted(b"`", lines=True) + rb"|['\"]|\{[^{}]*+(?:\}|\Z))*+(?:\}|\Z)",
    ]
    return rb"(?:" + rb"|".join(tokens) + rb")*+(?:\}|\Z)"


_REGEX_BODY = rb"(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*+\]?+)*+/?+"
_RUST_CHAR = rb"'(?:\\(?:u\{[0-9a-fA-F_]{0,8}+\}|x[0-9a-fA-F]{2}|[^ux\n])|[\x80-\xff]++|[^'\\\n])'"
_RAW_AHEAD = rb"[^()\\\s\"]{0,16}+\("

_STRINGS: dict[str, tuple[tuple[bytes, bytes], ...]] = {
    # name: (first byte, pattern) in the order in which they must be tried
    "double": ((b'"', _quoted(b'"', lines=False)),),
    "single": ((b"'", _quoted(b"'", lines=False)),),
    "double-lines": ((b'"', _quoted(b'"', lines=True)),),
    "single-lines": ((b"'", _quoted(b"'", lines=True)),),
    "double-plain": ((b'"', _quoted(b'"', lines=True, escapes=False)),),
    "single-plain": ((b"'", _quoted(b"'", lines=True, escapes=False)),),
    "backtick-plain": ((b"`", _quoted(b"`", lines=True, escapes=False)),),
    "triple-double": ((b'"', _tripled(b'"')),),
    "triple-single": ((b"'", _tripled(b"'")),),
    "escape": ((b"\\", rb"\\(?:\r?+\n|[\s\S])"),),
    "shell-single": (
        (b"'", rb"'(?<=\$')[^'\\]*+(?:\\(?:[\s\S]|\Z)[^'\\]*+)*+'?+"),
        (b"'", _quoted(b"'", lines=True, escapes=False)),
    ),
    "template": ((b"`", _template(3)),),
    "regex": (
        (b"/", rb"/(?<=[(,=:\[!&|?{};+]/)(?![/*])" + _REGEX_BODY),
        (b"/", rb"/(?<=[(,=:\[!&|?{};+>] /)(?![/*])" + _REGEX_BODY),
        (b"/", rb"/(?<=\breturn /)(?![/*])" + _REGEX_BODY),
        (b"\n", rb"\n\s*+/(?![/*])" + _REGEX_BODY),
    ),
    "rust-char": ((b"'", _RUST_CHAR),),
    "rust-double-lines": ((b'"', rb'"(?<!r")' + _quoted(b'"', lines=True)[1:]),),
    "toml-single": ((b"'", _quoted(b"'", lines=False, escapes=False)),),
    "toml-triple-single": ((b"'", rb"'{3}[^']*+(?:'(?!'')[^']*+)*+(?:'{3}|\Z)"),),
    "c-char": (
        (b"'", rb"'(?<=[0-9a-fA-F]')(?=[0-9a-fA-F]{3})"),
        (b"'", _quoted(b"'", lines=False)),
    ),
    "cpp-double": (
        (b'"', rb'"(?:(?<!R")|(?!' + _RAW_AHEAD + rb"))" + _quoted(b'"', lines=False)[1:]),
    ),
    "yaml-double": ((b'"', rb'"(?<=[:,\[{-] ")' + _quoted(b'"', lines=True)[1:]),),
    "yaml-single": ((b"'", rb"'(?<=[:,\[{-] ')" + _quoted(b"'", lines=True, escapes=False)[1:]),),
    "sql-dollar": ((b"$", rb"\$\$[^$]*+(?:\$(?!\$)[^$]*+)*+(?:\$\$|\Z)"),),
    "lua-long": ((b"[", rb"\[\[[^\]]*+(?:\](?!\])[^\]]*+)*+(?:\]\]|\Z)"),),
    "verbatim": ((b'"', rb'"(?<=@")[^"]*+(?:""[^"]*+)*+"?+'),),
}

_HEREDOC_BODY = rb"[^\n]*+(?:\n(?!%s(?P=%s)[ \t\r]*+(?:\n|\Z))[^\n]*+)*+(?:\n[^\n]*+|\Z)"
_OPAQUE: dict[str, tuple[bytes, bytes, bytes]] = {
    # name: (first byte, how it can be told, whole form); the form may capture
    "rust-raw": (
        b'"#',
        rb"(?<=r)#*+\"",
        rb"(?<=r)(?P<hashes>#*+)\"[^\"]*+(?:\"(?!(?P=hashes))[^\"]*+)*+(?:\"(?P=hashes)|\Z)",
    ),
    "cpp-raw": (
        b'"',
        rb"\"(?<=R\")" + _RAW_AHEAD,
        rb"\"(?<=R\")(?P<delimiter>[^()\\\s\"]{0,16}+)\([^)]*+"
        rb"(?:\)(?!(?P=delimiter)\")[^)]*+)*+(?:\)(?P=delimiter)\"|\Z)",
    ),
    "heredoc": (
        b"<",
        rb"<<(?!<)(?<!<<<)-?+(?:[\"'\\]?+[A-Za-z_]|[ \t]++(?:[\"'\\][A-Za-z_]|[A-Z_]))",
        rb"<<-?+[ \t]*+[\"'\\]?+(?P<word>[A-Za-z_]\w*+)" + _HEREDOC_BODY % (rb"\t*+", b"word"),
    ),
    "ruby-heredoc": (
        b"<",
        rb"<<[~-]?+[\"'`]?+[A-Z_]",
        rb"<<[~-]?+[\"'`]?+(?P<word>[A-Z_]\w*+)" + _HEREDOC_BODY % (rb"[ \t]*+", b"word"),
    ),
    "yaml-block": (
        b"|>",
        rb"(?<=\s)[|>][-+0-9]{0,2}+[ \t\r]*+(?:#[^\n]*+)?+(?:\n[ \t\r]*+(?=\n))*+\n ",
        rb"[|>][^\n]*+(?:\n[ \t\r]*+(?=\n))*+\n(?P<indent> ++)[^\n]*+"
        rb"(?:\n(?:(?P=indent)[^\n]*+|[ \t\r]*+(?=\n|\Z)))*+",
    ),
}


def _block(pair: tuple[str, str], depth: int, *, lines: bool) -> bytes:
    """Return a whole block comment; ``depth`` inner levels are matched when they nest."""
    opened, closed = (re.escape(mark.encode()) for mark in pair)
    end = rb"(?:" + closed + rb"|\Z)" if lines else closed
    if depth == 0:
        return opened + _until(pair[1], lines=lines) + end
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
        unknown = set(grammar.strings) - set(_STRINGS) - set(_OPAQUE)
        if unknown:
            raise CatalogueError(
                f"no string form is called {', '.join(sorted(unknown))}",
                slug="string-form",
                hint="the forms are in provenance.scope.grammar",
            )
        self.opaque = [_OPAQUE[name] for name in grammar.strings if name in _OPAQUE]
        self.strings = [
            form for name in grammar.strings if name in _STRINGS for form in _STRINGS[name]
        ]

    def comment(self) -> bytes:
        """Return one whole comment, wherever it begins."""
        rest = _CONTINUED if self.grammar.continued else _REST_OF_LINE
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
        found += [before + guard + mark + _REST_OF_LINE + after for mark in self.marks]
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

    def tails(self) -> list[bytes]:
        """Return comments that begin behind code and end on a later line."""
        if self.grammar.anchored:
            return []
        found = []
        more = rb"(?:\s*+" + self.comment() + rb")*+[ \t\r\f\v]*+)"
        for pair, opened in zip(self.grammar.block, self.opens, strict=True):
            if self.depth:
                whole = _block(pair, self.depth, lines=True)
                found.append(rb"(?=" + opened + rb")(?P<tail>" + whole + more)
            else:
                end = rb"(?:" + re.escape(pair[1].encode()) + rb"|\Z)"
                whole = opened + _until(pair[1], lines=True) + end
                found.append(rb"(?P<tail>" + whole + more)
        if self.grammar.continued:
            found += [rb"(?P<tail>" + mark + _CONTINUED + more for mark in self.marks]
        return (
            [rb"(?P<tail>" + rb"|".join(f.replace(rb"(?P<tail>", b"(?:") for f in found) + rb")"]
            if found
            else []
        )

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
            lone = rb"(?:" + _PYTHON_STRING + rb"[ \t\f]*+)++"
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
        stops += self.tails()
        stops.append(rb"\Z")
        return rb"(?:" + rb"|".join(skips) + rb")*+(?:" + rb"|".join(stops) + rb")"


_PYTHON_STRING = (
    rb"[rRbBuUfFtT]{0,2}+(?:"
    + rb"|".join(
        [_tripled(b'"'), _tripled(b"'"), _quoted(b'"', lines=False), _quoted(b"'", lines=False)]
    )
    + rb")"
)


def compiled(grammar: Grammar) -> re.Pattern[bytes]:
    """Compile the one pattern of a grammar."""
    return re.compile(_Builder(grammar).build())
