"""Speed and size of the evidence tree: a million rows hashed, one proven, one proof checked.

Run as a program: ``python tests/bench/bench_evidence.py [ROWS]``.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

from provenance.attest import proof
from provenance.attest.runs import Row
from provenance.attest.sums import Header
from provenance.attest.tree import build
from provenance.terms.stages import Stage

ROWS = 1_000_000
HEADER = Header("code_line", ("config", "notebook", "source"), ("claude",))
BARS = {"seconds to hash": 20.0, "bytes of a proof": 4096, "milliseconds to check": 50.0}
_STAGES = sorted(stage.value for stage in Stage)
_MAKERS = (
    ("ai", "declared", "aider-author", "aider", None, None, None),
    (
        "assisted", "declared", "claude-co-author", "claude-code", "Anthropic", "claude",
        "claude-opus-4.5",
    ),
    ("unattested", None, None, None, None, None, None),
)  # fmt: skip


def rows(count: int) -> Iterator[Row]:
    """Yield rows of a large repository: about eighty a file, in the order of the ledger."""
    choose = random.Random(7)
    each = -(-count // (len(_STAGES) * 2))
    made = 0
    for stage in _STAGES:
        for facet in ("source", "test"):
            line = 1
            for number in range(min(each, count - made)):
                if number % 80 == 0:
                    line = 1
                size = choose.randint(1, 60)
                yield Row(
                    stage, facet, f"package/{stage}/module_{number // 80:06}/{facet}.py", line,
                    size, size, size * 3 // 4, size * 31, f"{choose.getrandbits(160):040x}",
                    *choose.choice(_MAKERS),
                )  # fmt: skip
                line += size
                made += 1


def main() -> None:
    """Write one line per bar."""
    count = int(sys.argv[1]) if sys.argv[1:] else ROWS
    held = list(rows(count))
    began, worked = time.perf_counter(), time.process_time()
    tree = build(held, HEADER, secret=b"s" * 32, wanted=count // 2)
    hashed, worked = time.perf_counter() - began, time.process_time() - worked
    text = proof.write(tree)
    spans = []
    for _ in range(50):
        began = time.perf_counter()
        opened = proof.check(text)
        spans.append(time.perf_counter() - began)
    assert opened.root == tree.root.hex()
    found = (hashed, len(text), max(spans) * 1000)
    sys.stdout.write(f"processor seconds to hash: {worked:.2f}\n")
    for (name, bar), value in zip(BARS.items(), found, strict=True):
        sys.stdout.write(f"{name}: {value:,.2f} (bar {bar:,}), {len(held):,} rows\n")


if __name__ == "__main__":
    main()
