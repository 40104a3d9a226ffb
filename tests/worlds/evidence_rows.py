"""Rows of an invented evidence ledger, and a Hypothesis strategy for any others."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from provenance.attest.runs import Row
from provenance.attest.sums import Header
from provenance.ledger.escape import escape
from provenance.terms.authors import AuthorType, Tier
from provenance.terms.stages import Facet, Stage

HEADER = Header("code_line", ("config", "notebook", "source"), ("claude",))
"""The usual definition, with one own family."""
SECRET = b"a secret of thirty-two bytes or more"
"""What the salts of these rows come from."""


def row(
    stage: str,
    path: str,
    start: int,
    lines: int,
    author_type: str = "unattested",
    *,
    facet: str = "source",
    family: str | None = None,
) -> Row:
    """Return a row; one line in four is blank."""
    return Row(
        stage, facet, path, start, lines, lines, lines - lines // 4, lines * 30, "ab" * 20,
        author_type, "declared" if author_type == "ai" else None,
        "some-rule" if author_type == "ai" else None, None, None, family, None,
    )  # fmt: skip


ROWS: tuple[Row, ...] = (
    row("evaluation", "eval/score.py", 1, 10, "ai", family="claude"),
    row("evaluation", "eval/score.py", 11, 4),
    row("training", "train/a.py", 1, 3, "human"),
    row("training", "train/loop.py", 1, 40, "ai", family="other"),
    row("training", "train/loop.py", 41, 8, "assisted", family="claude"),
    row("training", "train/loop.py", 49, 1),
    row("training", "train/z.py", 1, 12, "ai"),
    row("training", "tests/test_loop.py", 1, 20, "ai", facet="test", family="claude"),
    row("training", "tests/test_loop.py", 21, 5, facet="test"),
)
"""Three parts of two, five and two rows; the last one lies outside the denominator."""

_texts = st.one_of(
    st.sampled_from(("a.py", "b\\c.py", "d\udce9.py", 'e".py', "f\n.py")), st.text(max_size=12)
)


@st.composite
def any_rows(draw: st.DrawFn) -> list[Row]:
    """Draw rows in the order of a ledger: every path in one part, its lines once."""
    paths = draw(st.lists(_texts, unique=True, max_size=6))
    drawn: list[Row] = []
    for path in paths:
        stage, facet = draw(st.sampled_from(Stage)), draw(st.sampled_from(Facet))
        start = 1
        for _ in range(draw(st.integers(1, 4))):
            start += draw(st.integers(0, 3))
            made = _row(draw, stage.value, facet.value, path, start)
            drawn.append(made)
            start += made.lines
    return in_order(drawn)


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Return rows in the order of the ledger."""
    return sorted(rows, key=lambda r: (r.stage, r.facet, escape(r.path), r.start))


def _row(draw: st.DrawFn, stage: str, facet: str, path: str, start: int) -> Row:
    lines = draw(st.integers(1, 50))
    counted = draw(st.integers(0, lines))
    words = [draw(st.none() | st.sampled_from(("claude", "other", "ö"))) for _ in range(5)]
    return Row(
        stage, facet, path, start, lines, counted, draw(st.integers(0, counted)),
        draw(st.integers(0, 4000)), draw(st.sampled_from(("ab" * 20, "cd" * 32, "unknown"))),
        draw(st.sampled_from(AuthorType)).value,
        draw(st.none() | st.sampled_from([tier.value for tier in Tier])),
        *words,
    )  # fmt: skip
