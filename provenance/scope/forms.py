"""How strings look, language by language, as pieces of a pattern over bytes.

Every form ends in "its end mark, or the place where the language cuts it off", so that an
attempt never fails after a long walk; nothing in it captures, except in ``OPAQUE``, whose
forms stand outside any possessive repeat.
"""

from __future__ import annotations

import re

REST_OF_LINE = rb"[^\n]*+"
"""Everything up to the line feed."""

_ESCAPED = rb"\\(?:\r?+\n|[\s\S]|\Z)"

CONTINUED = rb"[^\\\n]*+(?:" + _ESCAPED + rb"[^\\\n]*+)*+"
"""Everything up to a line feed that no backslash precedes."""


def until(close: str, *, lines: bool) -> bytes:
    """Return the text before ``close``; at most to the end of the line unless ``lines``."""
    mark = close.encode()
    first, rest = re.escape(mark[:1]), re.escape(mark[1:])
    stop = rb"[^" + first + (b"" if lines else rb"\n") + rb"]*+"
    if not rest:
        return stop
    return stop + rb"(?:" + first + rb"(?!" + rest + rb")" + stop + rb")*+"


def quoted(mark: bytes, *, lines: bool, escapes: bool = True) -> bytes:
    """Return a string form whose end mark is one byte, closed or cut at its natural limit."""
    stop = mark + (b"" if lines else rb"\n")
    if not escapes:
        body = rb"[^" + stop + rb"]*+"
    else:
        body = rb"[^\\" + stop + rb"]*+(?:" + _ESCAPED + rb"[^\\" + stop + rb"]*+)*+"
    return mark + body + mark + rb"?+"


def tripled(quote: bytes) -> bytes:
    """Return a triple-quoted form with backslash escapes."""
    triple, pair = quote * 3, quote * 2
    plain = rb"[^\\" + quote + rb"]*+"
    inner = rb"(?:" + _ESCAPED + rb"|" + quote + rb"(?!" + pair + rb"))"
    return triple + plain + rb"(?:" + inner + plain + rb")*+(?:" + triple + rb"|\Z)"


def _template(depth: int) -> bytes:
    """Return a JavaScript template literal whose substitutions nest ``depth`` deep."""
    if depth == 0:
        return quoted(b"`", lines=True)
    text = rb"[^`\\$]++|\\(?:[\s\S]|\Z)"
    return rb"`(?:" + text + rb"|\$\{" + _braced(depth - 1) + rb"|\$)*+(?:`|\Z)"


def _braced(depth: int) -> bytes:
    """Return the rest of a substitution behind ``${``, closing brace included."""
    tokens = [
        rb"[^`'\"{}/]++",
        _template(depth),
        quoted(b"'", lines=False),
        quoted(b'"', lines=False),
        rb"/\*" + until("*/", lines=True) + rb"(?:\*/|\Z)",
        rb"//" + REST_OF_LINE,
        rb"/",
        rb"\{(?:[^{}`'\"]|" + quoted(b"`", lines=True) + rb"|['\"]|\{[^{}]*+(?:\}|\Z))*+(?:\}|\Z)",
    ]
    return rb"(?:" + rb"|".join(tokens) + rb")*+(?:\}|\Z)"


_REGEX_BODY = rb"(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*+\]?+)*+/?+"
_RUST_CHAR = rb"'(?:\\(?:u\{[0-9a-fA-F_]{0,8}+\}|x[0-9a-fA-F]{2}|[^ux\n])|[\x80-\xff]++|[^'\\\n])'"
_RAW_AHEAD = rb"[^()\\\s\"]{0,16}+\("

STRINGS: dict[str, tuple[tuple[bytes, bytes], ...]] = {
    # name: (first byte, pattern) in the order in which they must be tried
    "double": ((b'"', quoted(b'"', lines=False)),),
    "single": ((b"'", quoted(b"'", lines=False)),),
    "double-lines": ((b'"', quoted(b'"', lines=True)),),
    "single-lines": ((b"'", quoted(b"'", lines=True)),),
    "double-plain": ((b'"', quoted(b'"', lines=True, escapes=False)),),
    "single-plain": ((b"'", quoted(b"'", lines=True, escapes=False)),),
    "backtick-plain": ((b"`", quoted(b"`", lines=True, escapes=False)),),
    "triple-double": ((b'"', tripled(b'"')),),
    "triple-single": ((b"'", tripled(b"'")),),
    "escape": ((b"\\", rb"\\(?:\r?+\n|[\s\S])"),),
    "shell-single": (
        (b"'", rb"'(?<=\$')[^'\\]*+(?:\\(?:[\s\S]|\Z)[^'\\]*+)*+'?+"),
        (b"'", quoted(b"'", lines=True, escapes=False)),
    ),
    "template": ((b"`", _template(3)),),
    "regex": (
        (b"/", rb"/(?<=[(,=:\[!&|?{};+]/)(?![/*])" + _REGEX_BODY),
        (b"/", rb"/(?<=[(,=:\[!&|?{};+>] /)(?![/*])" + _REGEX_BODY),
        (b"/", rb"/(?<=\breturn /)(?![/*])" + _REGEX_BODY),
        (b"\n", rb"\n\s*+/(?![/*])" + _REGEX_BODY),
    ),
    "rust-char": ((b"'", _RUST_CHAR),),
    "rust-double-lines": ((b'"', rb'"(?<!r")' + quoted(b'"', lines=True)[1:]),),
    "toml-single": ((b"'", quoted(b"'", lines=False, escapes=False)),),
    "toml-triple-single": ((b"'", rb"'{3}[^']*+(?:'(?!'')[^']*+)*+(?:'{3}|\Z)"),),
    "c-char": (
        (b"'", rb"'(?<=[0-9a-fA-F]')(?=[0-9a-fA-F]{3})"),
        (b"'", quoted(b"'", lines=False)),
    ),
    "cpp-double": (
        (b'"', rb'"(?:(?<!R")|(?!' + _RAW_AHEAD + rb"))" + quoted(b'"', lines=False)[1:]),
    ),
    "yaml-double": ((b'"', rb'"(?<=[:,\[{-] ")' + quoted(b'"', lines=True)[1:]),),
    "yaml-single": ((b"'", rb"'(?<=[:,\[{-] ')" + quoted(b"'", lines=True, escapes=False)[1:]),),
    "sql-dollar": ((b"$", rb"\$\$[^$]*+(?:\$(?!\$)[^$]*+)*+(?:\$\$|\Z)"),),
    "lua-long": ((b"[", rb"\[\[[^\]]*+(?:\](?!\])[^\]]*+)*+(?:\]\]|\Z)"),),
    "verbatim": ((b'"', rb'"(?<=@")[^"]*+(?:""[^"]*+)*+"?+'),),
}

_HEREDOC_BODY = rb"[^\n]*+(?:\n(?!%s(?P=%s)[ \t\r]*+(?:\n|\Z))[^\n]*+)*+(?:\n[^\n]*+|\Z)"
OPAQUE: dict[str, tuple[bytes, bytes, bytes]] = {
    # name: (first bytes, how it can be told, whole form); what is told must match, as the
    # scanner skips nothing else at that place
    "rust-raw": (
        b'"#',
        rb"(?<=r)#*+\"",
        rb"(?<=r)(?P<hashes>#*+)\"[^\"]*+(?:\"(?!(?P=hashes))[^\"]*+)*+(?:\"(?P=hashes)|\Z)",
    ),
    "cpp-raw": (
        b'"',
        rb"\"(?<=R\")" + _RAW_AHEAD,
        (
            rb"\"(?<=R\")(?P<delimiter>[^()\\\s\"]{0,16}+)\([^)]*+"
            rb"(?:\)(?!(?P=delimiter)\")[^)]*+)*+(?:\)(?P=delimiter)\"|\Z)"
        ),
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
        (
            rb"[|>][^\n]*+(?:\n[ \t\r]*+(?=\n))*+\n(?P<indent> ++)[^\n]*+"
            rb"(?:\n(?:(?P=indent)[^\n]*+|[ \t\r]*+(?=\n|\Z)))*+"
        ),
    ),
}


PYTHON_STRING = (
    rb"[rRbBuUfFtT]{0,2}+(?:"
    + rb"|".join(
        [tripled(b'"'), tripled(b"'"), quoted(b'"', lines=False), quoted(b"'", lines=False)]
    )
    + rb")"
)
