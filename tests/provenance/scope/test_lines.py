"""Kinds and lengths of lines: properties over any bytes, and hand-made cases."""

# ruff: noqa: E501, Q003, ERA001 -- sources in other languages stand on one line each

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oracles.samples import SAMPLES
from oracles.syntax import LANGUAGES, parse
from provenance.scope.languages import NOTEBOOK, known, pattern
from provenance.scope.lines import BLANK, CODE, COMMENT, Language, scan

MARKS = (
    b'"', b"'", b"`", b"\\", b'"""', b"'''", b"/*", b"*/", b"//", b"#", b"--", b"\n", b"\r\n",
    b" ", b"\t", b"\n\n", b"x", b"x = ", b"(", b")", b"{", b"}", b"[", b"]", b",", b":", b"${",
    b"<<EOF\n", b"\nEOF\n", b'r#"', b'"#', b'R"(', b')"', b"|\n", b"  a\n", b"{-", b"-}", b"--[[",
    b"]]", b"<!--", b"-->", b"=/", b"\x00", b"\xff", "é".encode(), "😀".encode(), b"\nif x:\n",
)  # fmt: skip
hostile = st.lists(st.sampled_from(MARKS), max_size=60).map(b"".join) | st.binary(max_size=300)
languages = st.sampled_from([name for name in known() if name != NOTEBOOK])


def kinds(content: bytes, language: str | None) -> list[int]:
    spoken = None if language is None else Language(language)
    return [int(kind) for kind in scan(content, spoken).kinds]


def git_lines(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


@settings(deadline=None)
@given(hostile, languages | st.none())
@example(b"", "python")
@example(b"\n", "c")
@example(b"a\r", "c")
@example(b"\r\n\r\n", "yaml")
def test_one_element_per_line_of_git(content: bytes, language: str | None) -> None:
    """Lines are counted as git counts them, whatever the bytes."""
    found = scan(content, None if language is None else Language(language))
    expected = content.count(b"\n") + (bool(content) and not content.endswith(b"\n"))

    assert found.kinds.size == found.chars.size == expected
    assert found.kinds.dtype == np.uint8
    assert found.chars.dtype == np.uint32
    assert not found.problem


@settings(deadline=None)
@given(hostile, languages | st.none())
def test_blank_lines_are_those_of_white_space_only(content: bytes, language: str | None) -> None:
    """A line is blank exactly when it holds nothing but ASCII white space."""
    blank = [kind == BLANK for kind in kinds(content, language)]

    assert blank == [not line.strip() for line in git_lines(content)]


@settings(deadline=None)
@given(hostile)
def test_characters_are_counted_without_the_line_end(content: bytes) -> None:
    """UTF-8 lines count characters, other lines bytes; CR LF is one line end."""
    ends = content.endswith(b"\n")
    lines = git_lines(content)
    pieces = [
        line.removesuffix(b"\r") if ends or number < len(lines) - 1 else line
        for number, line in enumerate(lines)
    ]
    expected = []
    for piece in pieces:
        try:
            expected.append(len(piece.decode()))
        except UnicodeDecodeError:
            expected.append(len(piece))

    assert scan(content, None).chars.tolist() == expected


@settings(deadline=None)
@given(hostile)
def test_unknown_language_has_no_comments(content: bytes) -> None:
    """Nothing is called a comment where nobody knows what a comment is."""
    assert COMMENT not in kinds(content, None)


@settings(deadline=None)
@given(hostile, languages)
def test_the_pattern_leaves_no_gap(content: bytes, language: str) -> None:
    """Matches follow one another without a gap: no byte is tried twice, so time is linear."""
    text = b"\n" + content
    position = 0
    starts = []
    for match in pattern(language).finditer(text):
        starts.append((position, match.start()))
        position = match.end()

    assert position == len(text)
    assert all(end == start for end, start in starts)


CHUNKS: dict[str, tuple[bytes, ...]] = {
    "c": (
        b"int a;\n", b"// x \" '\n", b"/* x\n   y */\n", b"\n", b'char *s = "/*";\n',
        b"int f(void) { /* a\n b */ return 1; }\n", b"char c = '\"'; /* q\n */\n", b"/* a */ /* b */\n",
    ),
    "go": (b"var a = `\n// x\n`\n", b"// b `\n", b"/* c\n*/ var d = '\"'\n", b"\n", b'var e = "`"\n'),
    "java": (b'String s = """\n // x\n """;\n', b"/** d\n */\n", b"int a; // '\n", b"char c = '\\'';\n"),
    "javascript": (
        b"const a = `\n// x ${b}\n`;\n", b"// b `\n", b"/* c\n*/ f();\n", b"x = /[`\"]/;\n", b"'\\'';\n",
    ),
    "rust": (
        b'let a = r#"\n// x"\n"#;\n', b"/// b \"\n", b"/* /* c */\n*/\n", b"let d = '\"';\n",
        b"fn f<'a>() {}\n", b'let e = "\n// f\n";\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(CHUNKS))
@settings(deadline=None)
@given(data=st.data())
def test_whole_chunks_do_not_change_one_another(language: str, data: st.DataObject) -> None:
    """In brace languages a complete piece has the same kinds wherever it stands."""
    chunks = data.draw(st.lists(st.sampled_from(CHUNKS[language]), max_size=12))
    apart = [kind for chunk in chunks for kind in kinds(chunk, language)]

    assert kinds(b"".join(chunks), language) == apart


@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_agree_with_a_full_parse(language: str) -> None:
    """Every construct that misleads scanners is judged as the parser judges it."""
    content = SAMPLES[language]
    parsed = parse(content, language)

    assert not parsed.broken
    assert kinds(content, language) == parsed.kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_windows_line_ends_change_nothing(language: str) -> None:
    """The same source with CR LF has the same kinds and the same characters."""
    unix = scan(SAMPLES[language], Language(language))
    windows = scan(SAMPLES[language].replace(b"\n", b"\r\n"), Language(language))

    assert windows.chars.tolist() == unix.chars.tolist()
    assert windows.kinds.tolist() == unix.kinds.tolist()


B, M, C = BLANK, COMMENT, CODE
CASES: tuple[tuple[str, bytes, list[int]], ...] = (
    ("assembly", b"; a\n mov r1, r2 ; b\n# c\n", [M, C, M]),
    ("batch", b"REM a\n@echo off\n:: b\n", [M, C, M]),
    ("cmake", b"# a\nset(X \"# b\nc\")\n#[[ d\ne ]]\nf() # g\n", [M, C, C, M, M, C]),
    ("csharp", b'// a\nvar s = @"b\n// c";\n/* d */\n', [M, C, C, M]),
    ("css", b'/* a\nb */\nc { d: "/*"; }\n/* e */ f {}\n', [M, M, C, C]),
    ("dockerfile", b"# a\nRUN x \\\n  # b\n  y # c\n", [M, C, M, C]),
    ("fortran", b"! a\nx = 1 ! b\n", [M, C]),
    ("haskell", b"-- a\n{- b {- c -}\n-}\nf = 1 -- d\n", [M, M, M, C]),
    ("hcl", b"# a\nb = <<EOT\n# c\nEOT\n// d\n", [M, C, C, C, M]),
    ("html", b"<!-- a\n-->\n<p>b</p> <!-- c -->\n", [M, M, C]),
    ("ini", b"; a\n# b\nc = d # e\n", [M, M, C]),
    ("jinja", b"{# a\n#}\n{{ b }}\n", [M, M, C]),
    ("julia", b"#= a\n=#\nb = 1 # c\n# d\n", [M, M, C, M]),
    ("lua", b"-- a\n--[[ b\n]]\nc = [[\n-- d\n]]\ne = 1 -- f\n", [M, M, M, C, C, C, C]),
    ("makefile", b"# a\nb: c # d\n\t# e\n\tf\n", [M, C, M, C]),
    ("ocaml", b"(* a (* b *)\n*)\nlet c = 1 (* d *)\n", [M, M, C]),
    ("perl", b"# a\nmy $b = 1; # c\n=head1 d\n\ne\n=cut\nf;\n", [M, C, M, B, M, M, C]),
    ("php", b"<?php\n// a\n# b\n/* c */ d();\n", [C, M, M, C]),
    ("powershell", b"<# a\n#>\n$b = 1 # c\n", [M, M, C]),
    ("protobuf", b"// a\nmessage B {} /* c\n*/\n", [M, C, M]),
    ("r", b"# a\nb <- 'c # d'\n", [M, C]),
    ("ruby", b"# a\n=begin\nb\n=end\nc = \"#{d}\" # e\nf = <<~EOS\n# g\nEOS\n# h\n",
     [M, M, M, M, C, C, C, C, M]),
    ("sql", b"-- a\nselect '--b' -- c\n/* d\n*/ from e\n{# f #}\n", [M, C, M, C, M]),
    ("tex", b"% a\nb % c\n", [M, C]),
    ("vim", b'" a\nlet b = 1 " c\n', [M, C]),
    ("zig", b"// a\nconst b = 1; // c\n", [M, C]),
    # endings: a comment or string that is never closed reaches to the end
    ("c", b"int a; /* b\nc\n\nd", [C, M, B, M]),
    ("go", b"a := `\n// b", [C, C]),
    ("python", b'x = """\n# a\n', [C, C]),
    ("python", b'"""a\n\nb', [M, B, M]),
    ("python", b"", []),
    ("python", b"# a", [M]),
    ("python", b"\xef\xbb\xbf# a\n", [C]),
    # Python: what stands alone on its line, but is a value
    ("python", b'f(\n    "a"\n)\n', [C, C, C]),
    ("python", b'f(  # b\n    "a"\n)\n', [C, C, C]),
    ("python", b'x = ("a"\n     "b"\n     "c")\n', [C, C, C]),
    ("python", b'x = {\n    "a":\n        "b"\n}\n', [C, C, C, C]),
    ("python", b'x = a or \\\n    "b"\n', [C, C]),
    ("python", b'x = [\n    a and\n    "b"\n]\n', [C, C, C, C]),
    # Python: statements
    ("python", b'def f(x={"#": 1}):  # c\n    "a"\n', [C, M]),
    ("python", b'class A:\n\n    # b\n\n    """a"""\n    x = 1\n', [C, B, M, B, M, C]),
    ("python", b'x = "a"\n"""Attribute."""\ny = 1\n', [C, M, C]),
    ("python", b'x = f(1)\n"""Attribute."""\n', [C, M]),
    ("python", b'"a" \'b\'\nx = 1\n', [M, C]),
    ("python", b"'''a''' # b\n'''c'''; d()\n", [M, C]),
)  # fmt: skip


@pytest.mark.parametrize(("language", "content", "expected"), CASES)
def test_cases(language: str, content: bytes, expected: list[int]) -> None:
    """Code beside a comment is code; marks inside strings are no comments."""
    assert kinds(content, language) == expected


FLOODS = (
    b'"', b"'", b"\\", b"`", b"/*", b"`${", b"\n\"", b"\n# x", b"=/[", b'r#"', b"<<A\n", b"a: |\n b\n",
    b"(", b"\n", b" ", b'"""', b"\n\xff", b"{-", b"R\"a(", b"x", b"\n=begin", b"//\\\n", b"\n\"a\"\n# b",
)  # fmt: skip
SECONDS_PER_MEGABYTE = 6.0  # ordinary text needs 0.01; the worst flood of one-byte lines about 0.8


@pytest.mark.parametrize(
    "language", ["python", "cpp", "rust", "tsx", "shell", "yaml", "ruby", "lua"]
)
def test_time_grows_with_the_size_only(language: str) -> None:
    """No flood of quotes, backslashes or openings costs more than its share of time."""
    for flood in FLOODS:
        content = flood * (120_000 // len(flood))
        began = time.process_time()
        scan(content, Language(language))
        spent = time.process_time() - began

        assert spent < SECONDS_PER_MEGABYTE * len(content) / 1e6, flood


def test_one_line_of_ten_megabytes() -> None:
    """A line without end is one line, read once."""
    content = b'x = "' + b"a'" * 5_000_000
    began = time.process_time()
    found = scan(content, Language("javascript"))
    spent = time.process_time() - began

    assert found.kinds.tolist() == [CODE]
    assert found.chars.tolist() == [len(content)]
    assert spent < 20
