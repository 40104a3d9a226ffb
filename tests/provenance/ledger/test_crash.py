from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provenance.ledger.read import Run, latest, open_run
from provenance.ledger.upkeep import sweep

_WRITER = Path(__file__).with_name("crash_writer.py")
_ROWS = 60_000
_KILLS = 8


@contextmanager
def _writer(root: Path, *, first: int, keep: int = 0) -> Iterator[subprocess.Popen[str]]:
    """Start a writer, hand it over when its first run is finished, kill it at the end."""
    command = [sys.executable, str(_WRITER), str(root), str(first), str(keep)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{first}\n"
        try:
            yield process
        finally:
            process.kill()


def _check_whole(run: Run) -> None:
    """Everything in a run carries the number of the run."""
    number = int(run.inputs["number"])
    rows = run.rows("SELECT count(*), min(snapshot), max(snapshot), sum(lines) FROM unmeasured")

    assert rows == [(_ROWS, number, number, _ROWS * (_ROWS - 1) // 2)]
    assert run.rows("SELECT snapshot FROM snapshots") == [(number,)]
    assert run.blob("state") == b"%d" % number * 5000


def test_killed_writers_lose_no_finished_run_and_show_no_half_one(tmp_path: Path) -> None:
    """Kill -9 at many moments: what was announced is there, whatever is visible is whole."""
    runs = tmp_path / "runs"
    announced: set[int] = set()
    halves = 0
    for kill in range(_KILLS):
        first = 1000 * kill
        with _writer(tmp_path, first=first) as process:
            time.sleep(0.01 + 0.023 * kill)
            process.kill()
            assert process.stdout is not None
            announced |= {first, *map(int, process.stdout.read().split())}
        halves += sum(path.name.startswith(".tmp-") for path in runs.iterdir())
        newest = latest(tmp_path)

        assert newest is not None
        assert int(newest.inputs["number"]) >= max(announced)
    visible = [path for path in runs.iterdir() if not path.name.startswith(".")]
    for path in visible:
        with open_run(path) as run:
            _check_whole(run)
    sweep(tmp_path)

    assert {f"run-{number}" for number in announced} <= {path.name for path in visible}
    assert halves > 0, "no kill landed in the middle of a write"
    assert [path for path in runs.iterdir() if path.name.startswith(".")] == []


def test_readers_beside_a_writer_always_see_a_whole_run(tmp_path: Path) -> None:
    """No lock, no half run, and never back in time, while another process writes and prunes."""
    seen: list[int] = []
    with _writer(tmp_path, first=1, keep=25) as process:
        until = time.monotonic() + 2.0
        while time.monotonic() < until:
            run = latest(tmp_path)
            assert run is not None
            with run:
                rows = run.rows("SELECT DISTINCT snapshot FROM unmeasured")
                seen.append(int(run.inputs["number"]))
                assert rows == [(seen[-1],)]
        assert process.poll() is None, "the writer must outlive the reader"

    assert seen == sorted(seen)
    assert len(set(seen)) > 1


def test_two_writers_of_the_same_run_end_with_one_whole_run(tmp_path: Path) -> None:
    """Two processes that measure the same thing at once do not hurt each other."""
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]);"
        "import crash_writer as w; from provenance.ledger.write import write_run;"
        "[write_run(Path(sys.argv[1]), f'run-{n}', w.world(n), inputs={'number': str(n)},"
        " blobs={'state': b'%d' % n * 5000}) for n in range(12)]"
    )
    command = [sys.executable, "-c", code, str(tmp_path), str(_WRITER.parent)]
    with subprocess.Popen(command) as one, subprocess.Popen(command) as two:
        codes = one.wait(60), two.wait(60)
    left = sorted(path.name for path in (tmp_path / "runs").iterdir())

    assert codes == (0, 0)
    assert left == sorted(f"run-{number}" for number in range(12))
    for name in left:
        with open_run(tmp_path / "runs" / name) as run:
            _check_whole(run)


_LITTLE_SPACE = """
import resource, signal, sys
from pathlib import Path
from provenance.errors import LedgerError
sys.path.insert(0, sys.argv[2])
from crash_writer import world
from provenance.ledger.write import write_run
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write_run(Path(sys.argv[1]), "r", world(1), inputs={})
except LedgerError as error:
    print(error.slug)
"""


def test_a_disk_that_fills_up_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    """A failed write is an error with a hint, never a short run."""
    command = [sys.executable, "-c", _LITTLE_SPACE, str(tmp_path), str(_WRITER.parent)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)

    assert ended.stdout.strip() in {"ledger-io", "ledger-database"}
    assert list((tmp_path / "runs").iterdir()) == []
    assert latest(tmp_path) is None
