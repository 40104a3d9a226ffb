"""Attributes files are read as git reads them; git itself is the witness."""

# ruff: noqa: E501 -- hostile patterns stand on one line

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.scope.attributes import NOTHING, Attributes, Said
from provenance.scope.globs import glob

TOP = b"""
# comment
*.min.js linguist-vendored
/docs/** linguist-documentation
gen/*.py   linguist-generated=true
keep.py -linguist-generated
"with space/*.c" linguist-vendored
data/**/*.json linguist-detectable=false text
[attr]copied linguist-vendored -linguist-detectable
borrowed/* copied
borrowed/ours.py !linguist-vendored
!negative.py linguist-vendored
folder/ linguist-vendored
"""
NESTED = (
    b"*.py linguist-generated\n/only.py -linguist-generated\n[attr]own linguist-vendored\nx.c own\n"
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b/x.min.js", Said(vendored=True)),
        ("docs/a/b.py", Said(documentation=True)),
        ("x/docs/b.py", NOTHING),
        ("gen/a.py", Said(generated=True)),
        ("gen/deep/a.py", NOTHING),
        ("x/gen/a.py", NOTHING),
        ("keep.py", Said(generated=False)),
        ("with space/a.c", Said(vendored=True)),
        ("data/a.json", Said(detectable=False)),
        ("data/x/y/a.json", Said(detectable=False)),
        ("borrowed/a.py", Said(vendored=True, detectable=False)),
        ("borrowed/ours.py", Said(vendored=None, detectable=False)),
        ("!negative.py", NOTHING),
        ("folder/a.py", NOTHING),
        ("nested/a.py", Said(generated=True)),
        ("nested/deep/only.py", Said(generated=True)),
        ("nested/only.py", Said(generated=False)),
        ("nested/x.c", NOTHING),
        ("nestedpy/a.py", NOTHING),
    ],
)
def test_the_last_line_of_the_deepest_folder_decides(path: str, expected: Said) -> None:
    """Patterns, quotes, macros, unsetting and nested folders follow gitattributes(5)."""
    attributes = Attributes.of({"nested": NESTED, "": TOP})

    assert attributes.about(path) == expected


def test_odd_bytes_are_survived() -> None:
    """A broken attributes file says nothing about files it does not name."""
    odd = (
        b"\xff\xfe\x00 linguist-vendored\n"
        + b"x" * 5000
        + b' linguist-vendored\n"open linguist-vendored\n[a linguist-vendored\n\\ linguist-vendored'
    )

    assert Attributes.of({"": odd}).about("a.py") == NOTHING


WORDS = st.sampled_from(["a", "b", "ab", "a.b", "c-d", "A", "ba"])
PIECES = st.sampled_from(
    ["a", "b", "*", "?", "[ab]", "[!a]", "[a-c]", "[b-a]", ".", "\\a", "-", "[[:alpha:]]", "[]a]", "[a/b]", "[^b]", "[a"]
)  # fmt: skip
# stars beside letters are left out: git before 2.41 compares unrelated pointers there
SEGMENTS = st.sampled_from(["**", "***"]) | st.lists(PIECES, min_size=1, max_size=3).map("".join).filter(lambda text: "**" not in text)  # fmt: skip
patterns = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join)
prefixed = st.builds(lambda lead, text: lead + text, st.sampled_from(["", "/", "**/"]), patterns)
paths = st.lists(WORDS, min_size=1, max_size=4).map("/".join)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("attributes")
    subprocess.run(["git", "init", "-q", str(place)], check=True)
    return place


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(prefixed, st.sampled_from(["", "-", "!"])), min_size=1, max_size=8),
    st.lists(paths, min_size=1, max_size=25, unique=True),
)
def test_patterns_match_what_git_matches(
    repository: Path, lines: list[tuple[str, str]], asked: list[str]
) -> None:
    """For any patterns and paths, ``git check-attr`` and we say the same."""
    text = "".join(f"{pattern} {sign}linguist-vendored\n" for pattern, sign in lines)
    (repository / ".gitattributes").write_text(text)
    answer = subprocess.run(
        ["git", "-C", str(repository), "check-attr", "-z", "--stdin", "linguist-vendored"],
        input="\0".join(asked).encode() + b"\0", capture_output=True, check=True,
    ).stdout.decode().split("\0")  # fmt: skip
    words = {"set": True, "unset": False, "unspecified": None}
    expected = [words[value] for value in answer[2::3]]
    attributes = Attributes.of({"": text.encode()})

    assert [attributes.about(path).vendored for path in asked] == expected


def test_a_pattern_of_many_stars_costs_little() -> None:
    """No pattern makes matching explode."""
    compiled = glob("a*" * 40 + "b")
    many = glob("**/a*/" * 20 + "b")
    assert compiled is not None
    assert many is not None

    assert not compiled.matches("a" * 3000)
    assert not many.matches("a/" * 1500 + "c")
