"""What stages cost: one measurement with and one without them, each in a process of its own.

``python tests/bench/bench_stages.py REPO [--every month] [--jobs 2]`` prints wall and
processor seconds of both and their ratio.  Without stages no file is read for its purpose
and no tree is classified; facets, line kinds and ownership are the same.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from provenance.meter import reading
from provenance.meter.lookers import Wanted
from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance.terms.stages import StageCall


def main() -> int:
    """Print the cost of both runs; exit status 0 when both ran."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("repository", type=Path)
    words.add_argument("--every", default="month")
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--one", choices=("with", "without"))
    given = words.parse_args()
    options = Options(every=(given.every,), jobs=given.jobs)
    if given.one:
        if given.one == "without":
            _leave_out_stages()
        measure(given.repository, options)
        return 0
    cost = {one: _cost(one, sys.argv[1:]) for one in ("without", "with")}
    for one, (wall, busy) in cost.items():
        sys.stdout.write(f"{one} stages: {wall:.1f} s, {busy:.1f} s of processors\n")
    ratios = [cost["with"][at] / cost["without"][at] for at in (0, 1)]
    sys.stdout.write(f"ratio: {ratios[0]:.2f} of wall, {ratios[1]:.2f} of processors\n")
    return 0


def _leave_out_stages() -> None:
    def no_facts(path: str, blob: bytes, *, facts: bool) -> Wanted:
        del facts
        return Wanted(path, blob, facts=False)

    def no_stages(*_: object) -> Mapping[str, StageCall]:
        return {}

    vars(reading).update(Wanted=no_facts, _stages=no_stages)


def _cost(one: str, words: list[str]) -> tuple[float, float]:
    """Return wall and processor seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([sys.executable, __file__, *words, "--one", one], check=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
