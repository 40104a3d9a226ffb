"""Aider's published figures as a disclosure file: ``python -m worlds.aider_claims PUBLISHED.csv``.

The table has one row per release: ``start_tag``, ``end_tag``, ``published_ai_lines`` and
``published_total_lines`` as in ``aider/website/_data/blame.yml`` of Aider-AI/aider at
5dc9490bb.  Each figure is read in two ways: by the rule it was published under, and by the
same rule with plain line ownership.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from provenance.claims.disclosure import SCHEMA

PLACE = Path(__file__).parents[2] / "reports" / "examples" / "aider" / "claims.toml"
"""Where the file lies."""
_HEAD = f"""\
# Aider's published figures: how much of each release it wrote, v0.6.0 to v0.86.0.
# Written by `python -m worlds.aider_claims`; public facts of the source named below.
schema = "{SCHEMA}"

[discloser]
name = "Aider"
role = "maker of a coding tool"
model_family = []

[[source]]
id = "blame"
tier = "primary"
title = "aider/website/_data/blame.yml"
published = "2025-08-09"
locator = "https://github.com/Aider-AI/aider at 5dc9490bb; the rule is scripts/blame.py there"
"""
_CLAIM = """
[[claim]]
id = "{end}"
kind = "level"
sources = ["blame"]
wording = "{start} to {end}: aider wrote {ai} of {total} lines"
value = "{percent}%"
comparator = "about"
reading = [
  {{ id = "as-published", lens = "copies", {rest} }},
  {{ id = "plain-blame", lens = "plain", {rest} }},
]
"""
_REST = (
    'quantity = {{ unit = "line", basis = "flow", event = "surviving" }}, '
    'window = "{start}..{end}", attribution = "marked", assisted = "counted"'
)


def text(rows: Iterable[Mapping[str, str]]) -> str:
    """Return the disclosure file of a table of published figures."""
    return _HEAD + "".join(_claim(row) for row in rows)


def _claim(row: Mapping[str, str]) -> str:
    start, end = row["start_tag"], row["end_tag"]
    ai, total = int(row["published_ai_lines"]), int(row["published_total_lines"])
    hundredths = (ai * 20000 + total) // (2 * total)
    percent = f"{hundredths // 100}.{hundredths % 100:02d}"
    return _CLAIM.format(
        start=start, end=end, ai=ai, total=total, percent=percent,
        rest=_REST.format(start=start, end=end),
    )  # fmt: skip


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as table:
        PLACE.write_text(text(csv.DictReader(table)), encoding="utf-8")
