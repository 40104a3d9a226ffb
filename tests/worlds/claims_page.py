"""The tables at the end of docs/claims.md: ``python -m worlds.claims_page`` writes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from provenance.claims.known import assumptions, instruments, reasons, remedies

PLACE = Path(__file__).parents[2] / "docs" / "claims.md"
"""Where the page lies."""
MARK = "<!-- tables below: python -m worlds.claims_page -->\n"
"""What stands between the written part and the tables."""


def tables() -> str:
    """Return the tables of reasons, assumptions and instruments."""
    return "\n".join(
        (
            "## Reasons\n",
            _table(
                ("code", "means", "would help"),
                ((f"`{code}`", text, remedies().get(code, "")) for code, text in reasons().items()),
            ),
            "## Assumptions\n",
            _table(
                ("code", "means"), ((f"`{code}`", text) for code, text in assumptions().items())
            ),
            "## Known changes of instruments\n",
            _table(
                ("when", "what", "source"),
                ((item.when, item.what, item.source) for item in instruments()),
            ),
        )
    )


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    written = PLACE.read_text(encoding="utf-8").split(MARK)[0]
    PLACE.write_text(f"{written}{MARK}\n{tables()}", encoding="utf-8")
