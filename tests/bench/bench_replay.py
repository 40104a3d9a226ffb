"""Measure the replay against what it costs git to print the same history.

    python tests/bench/bench_replay.py CLONE [CLONE...] [--runs 3] [--others] [--blame]

Every run of a clone starts each contender in a fresh process, one after the other, and
medians of the runs are printed, with the largest process of each contender.  ``--others``
adds git-of-theseus, git-fame and PyDriller where they are installed, ``--blame`` adds
``git blame`` of every file at HEAD.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from provenance.history.repository import open_repository  # noqa: E402 - a script, not a package
from provenance.terms.changes import Lens  # noqa: E402
from worlds.oracle import replay  # noqa: E402

PARTS: Final = (8, 4, 2, 1)
_QUIET: Final = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C"}


class Cost(NamedTuple):
    """What one run of one contender took."""

    seconds: float
    """Wall clock."""
    cpu: float
    """Processor seconds of the process and its children."""
    megabytes: int
    """Largest single process, MiB."""


class Contender(NamedTuple):
    """One row of the table."""

    name: str
    """What is measured."""
    command: tuple[str, ...]
    """Argument list."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each clone and print a table per clone."""
    parser = argparse.ArgumentParser(description="speed of the replay against git")
    parser.add_argument("clones", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--blame", action="store_true")
    parser.add_argument("--replay", nargs=4, metavar=("CLONE", "TIP", "LENS", "JOBS"))
    options = parser.parse_args(arguments)
    if options.replay:
        replay_once(Path(options.replay[0]), *options.replay[1:])
        return
    for clone in options.clones:
        measure(clone, options)


def measure(clone: Path, options: argparse.Namespace) -> None:
    """Print the table of one clone."""
    with open_repository(clone) as repository:
        # git log stops at a missing blob: a stand-in lets it print the rest
        repository.stand_in_for(repository.find_missing([repository.resolve("HEAD")]))
        if repository.missing:
            _say(f"\n{clone.parent.name} lacks {len(repository.missing)} objects")
        _table(clone, str(repository.git_dir), options)


def _table(clone: Path, git_dir: str, options: argparse.Namespace) -> None:
    order = _git(clone, "rev-list", "--first-parent", "--reverse", "HEAD").split()
    head = order[-1]
    commits = int(_git(clone, "rev-list", "--count", "HEAD"))
    _say(f"\n{clone.parent.name}: {commits} commits, medians of {options.runs} runs")
    _say(f"{'':34}{'seconds':>9}{'x git':>8}{'cpu':>8}{'MiB':>7}")
    base = _row(contender_git(git_dir, head), options.runs, None)
    for lens in ("plain", "ignore-whitespace"):
        _row(contender_replay(clone, head, lens, options.jobs), options.runs, base)
    _say("growth with the history (plain)")
    for part in PARTS:
        tip = order[max(0, len(order) // part - 1)]
        count = int(_git(clone, "rev-list", "--count", tip))
        git = _row(contender_git(git_dir, tip, f"  git log, {count} commits"), options.runs, None)
        name = f"  replay, {count} commits"
        _row(contender_replay(clone, tip, "plain", options.jobs, name), options.runs, git)
    rest = contenders_blame(git_dir, head) if options.blame else []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rest += contenders_other(clone, folder) if options.others else []
        for contender in rest:
            _row(contender, 1, base)


def contender_git(git_dir: str, tip: str, name: str = "git log -p -U0 -M --raw") -> Contender:
    """Print the history, to nowhere."""
    log = ("log", "--no-merges", "-p", "-U0", "-M", "--raw", tip)
    return Contender(name, ("git", f"--git-dir={git_dir}", *log))


def contender_replay(clone: Path, tip: str, lens: str, jobs: int, name: str = "") -> Contender:
    """Replay the history in a fresh process."""
    words = (sys.executable, __file__, "--replay", str(clone), tip, lens, str(jobs))
    return Contender(name or f"replay, {lens}, {jobs} jobs", words)


def contenders_blame(git_dir: str, head: str) -> list[Contender]:
    """Blame every file at one revision, as many at a time as there are processors."""
    text = (
        'git --git-dir="$0" ls-tree -r -z --name-only "$1" | '
        'xargs -0 -P "$2" -I{} git --git-dir="$0" blame --porcelain "$1" -- {}'
    )
    cores = str(os.cpu_count() or 1)
    return [Contender("git blame of every file at HEAD", ("sh", "-c", text, git_dir, head, cores))]


def contenders_other(clone: Path, folder: str) -> list[Contender]:
    """Other tools, where they are installed, on a shared clone with a configuration."""
    copy = f"{folder}/clone.git"
    _git(clone, "clone", "-q", "--bare", "--shared", str(clone.resolve()), copy)
    theseus = "from git_of_theseus.analyze import analyze_cmdline; analyze_cmdline()"
    driller = (
        "import sys; from pydriller import Repository\n"
        "for n, c in enumerate(Repository(sys.argv[1]).traverse_commits()):\n"
        "    [f.diff_parsed for f in c.modified_files]\n"
        "    if n == 199: break\n"
    )
    python = sys.executable
    commands: dict[str, tuple[str, tuple[str, ...]]] = {
        "git_of_theseus": (
            "git-of-theseus, monthly",
            (python, "-c", theseus, "--outdir", f"{folder}/theseus", "--quiet", copy),
        ),
        "gitfame": ("git-fame, one revision", (python, "-m", "gitfame", "-s", copy)),
        "pydriller": ("PyDriller, first 200 commits", (python, "-c", driller, copy)),
    }
    return [Contender(*row) for name, row in commands.items() if importlib.util.find_spec(name)]


def replay_once(clone: Path, tip: str, lens: str, jobs: str) -> None:
    """Replay one history and print how many lines were born."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

    from provenance.history.repository import open_repository

    with open_repository(clone) as repository:
        result = replay(repository, [tip], lens=Lens(lens), jobs=int(jobs), at=[])
    _say(json.dumps({"lines": len(result.replay.births), "tips": result.replay.max_tips}))


def _row(contender: Contender, runs: int, base: Cost | None) -> Cost:
    costs = [run(contender.command) for _ in range(runs)]
    cost = Cost(
        statistics.median(c.seconds for c in costs),
        statistics.median(c.cpu for c in costs),
        max(c.megabytes for c in costs),
    )
    ratio = f"{cost.seconds / base.seconds:8.2f}" if base else f"{'':8}"
    _say(f"{contender.name:34}{cost.seconds:9.2f}{ratio}{cost.cpu:8.1f}{cost.megabytes:7}")
    return cost


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end; its children count for time, the largest one for memory."""
    waiter = (
        "import json, resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "null = subprocess.DEVNULL\n"
        "code = subprocess.call(sys.argv[1:], stdout=null, stdin=null)\n"
        "took = time.perf_counter() - start\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([took, used.ru_utime + used.ru_stime, used.ru_maxrss, code]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", waiter, *command],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, **_QUIET},
    )
    seconds, cpu, kilobytes, code = json.loads(done.stdout)
    if code != 0:
        _say(f"  (ended with {code}: {command[0]})")
    return Cost(seconds, cpu, int(kilobytes) // 1024)


def _git(clone: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(clone), *words],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, **_QUIET},
    )
    return done.stdout.decode().strip()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
