"""Notebooks: only lines that hold code-cell source count."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.scope.lines import BLANK, CODE, COMMENT, OUTSIDE, Language, scan

NOTEBOOK = Language("notebook")


def code(*source: str, **fields: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": list(source), **fields}


def book(*cells: Mapping[str, object], **metadata: object) -> dict[str, object]:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def held(content: bytes) -> list[tuple[int, int]]:
    """Kind and characters of the lines that are not outside."""
    found = scan(content, NOTEBOOK)
    return [
        (kind, size)
        for kind, size in zip(found.kinds.tolist(), found.chars.tolist(), strict=True)
        if kind != OUTSIDE
    ]


def test_source_lines_count_by_their_content() -> None:
    """Code, comment and blank lines of a cell are what the kernel's language says."""
    cell = code("# é\n", "\n", 'x = "a"\n', '"""doc"""')
    content = json.dumps(book(cell), indent=1).encode()

    assert held(content) == [(COMMENT, 3), (BLANK, 0), (CODE, 7), (COMMENT, 9)]


def test_text_cells_outputs_and_metadata_are_outside() -> None:
    """Markdown, output text and look-alike keys are no code."""
    look_alike = {"cells": [{"cell_type": "code", "source": ["y = 2\n"]}], "source": ["z = 3"]}
    outputs = [{"output_type": "display_data", "data": {"application/json": look_alike}}]
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# title\n"]},
        code("x = 1\n", outputs=outputs, metadata={"source": ["w = 4"]}),
        {"cell_type": "raw", "source": ["raw"]},
    ]
    content = json.dumps(book(*cells, widgets=look_alike), indent=2).encode()

    assert held(content) == [(CODE, 5)]


def test_the_type_may_stand_behind_the_source() -> None:
    """Keys of a cell come in any order."""
    content = b'{"cells": [\n{"source": [\n"a = 1"\n], "cell_type":\n"code"}\n]}\n'

    assert scan(content, NOTEBOOK).kinds.tolist() == [
        OUTSIDE,
        OUTSIDE,
        CODE,
        OUTSIDE,
        OUTSIDE,
        OUTSIDE,
    ]


def test_one_string_and_one_line_for_a_whole_notebook() -> None:
    """A compact notebook is one line of code with all its characters."""
    cell = {"cell_type": "code", "source": "# a\nx = 1\r\n\ny"}
    content = json.dumps(book(cell, code("z"))).encode()

    assert held(content) == [(CODE, 3 + 5 + 1 + 1)]


def test_strings_do_not_leak_into_the_next_cell() -> None:
    """Every cell is read for itself."""
    content = json.dumps(book(code('x = """'), code("# comment")), indent=1).encode()

    assert [kind for kind, _ in held(content)] == [CODE, COMMENT]


def test_the_kernel_names_the_language() -> None:
    """A comment mark of another language is code."""
    rust = json.dumps(book(code("// a\n", "# b"), language_info={"name": "rust"}), indent=1)
    unknown = json.dumps(book(code("# b"), kernelspec={"language": "klingon"}), indent=1)

    assert [kind for kind, _ in held(rust.encode())] == [COMMENT, CODE]
    assert [kind for kind, _ in held(unknown.encode())] == [CODE]


def test_the_older_format_is_read() -> None:
    """Format 3 keeps cells in worksheets and calls the source input."""
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\n", "# b"]}]}]}

    assert [kind for kind, _ in held(json.dumps(old, indent=1).encode())] == [CODE, COMMENT]


def test_what_is_no_notebook_is_outside_with_a_reason() -> None:
    """Nothing is guessed about broken JSON, and nothing is raised."""
    for content in (
        b'{"cells": [\n',
        b"[1,\n2]\n",
        b"\xff\n",
        b"[" * 100_000,
        b"1" * 10_000,
        b"null",
        json.dumps(book(code("x"))).encode("utf-16"),
    ):
        found = scan(content, NOTEBOOK)

        assert set(found.kinds.tolist()) == {OUTSIDE}
        assert found.problem
        assert not found.chars.any()


def test_long_white_space_behind_a_notebook_is_read_once() -> None:
    """Time grows with the size only."""
    content = json.dumps(book(code("x"))).encode() + b" " * 1_000_000
    began = time.process_time()
    found = scan(content, NOTEBOOK)

    assert found.kinds.tolist() == [CODE]
    assert time.process_time() - began < 5


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "source", "cell_type", "input", "metadata", "outputs"])
            | st.text(max_size=5),
            inner | st.sampled_from(["code", "x = 1\n"]),
            max_size=4,
        )
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(json_values, st.sampled_from([None, 1]))
def test_any_json_has_one_element_per_line(value: object, indent: int | None) -> None:
    """Shapes no notebook has are survived."""
    content = json.dumps(value, indent=indent).encode()

    assert scan(content, NOTEBOOK).kinds.size == content.count(b"\n") + 1


@settings(deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=10), max_size=4), max_size=4), st.sampled_from([1, 2, None])
)
def test_characters_are_those_of_the_sources(cells: list[list[str]], indent: int | None) -> None:
    """The characters of all lines add up to the sources without their line ends."""
    sources = [source for cell in cells for source in cell]
    content = json.dumps(book(*(code(*cell) for cell in cells)), indent=indent).encode()
    expected = sum(len(s) - s.count("\n") - s.count("\r\n") for s in sources)

    assert int(scan(content, NOTEBOOK).chars.sum()) == expected
