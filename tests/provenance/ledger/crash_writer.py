"""Write runs until killed; every finished run is announced on stdout."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np

from provenance.ledger.columns import Coded, Columns
from provenance.ledger.upkeep import prune
from provenance.ledger.write import write_run

ROWS = 60_000


def world(number: int) -> dict[str, Columns]:
    """Rows that all carry ``number``, so that a mixture would show."""
    rows = np.arange(ROWS)
    return {
        "unmeasured": {
            "snapshot": np.full(ROWS, number),
            "path": Coded(rows % 997, [f"p{place}" for place in range(997)]),
            "reason": ["binary"] * ROWS,
            "lines": rows,
        },
        "snapshots": {
            "snapshot": [number],
            "kind": ["head"],
            "at": ["HEAD"],
            "commit": ["a" * 40],
            "committed_at": [number],
        },
    }


def main(root: Path, first: int, *, keep: int) -> None:
    """Write one run after the other; keep only the newest when ``keep`` is not 0."""
    for number in itertools.count(first):
        blobs = {"state": b"%d" % number * 5000}
        inputs = {"number": str(number)}
        write_run(root, f"run-{number}", world(number), inputs=inputs, blobs=blobs)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        if keep:
            prune(root, keep=keep)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), keep=int(sys.argv[3]))
