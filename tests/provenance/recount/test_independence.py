"""The recount shares nothing with what it checks, and the contract that says so is complete."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_SHARED = {"recount", "terms"}


def test_every_other_room_is_forbidden() -> None:
    """A new room is no secret door: it must be named in the contract."""
    settings = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in contracts if one["id"] == "recount-is-independent"]
    rooms = {path.parent.name for path in (_ROOT / "provenance").glob("*/__init__.py")}

    assert set(contract["forbidden_modules"]) == {
        *(f"provenance.{room}" for room in rooms - _SHARED),
        "provenance_cli",
        "provenance_reports",
    }
    assert not contract.get("allow_indirect_imports")


def test_nothing_else_is_loaded_when_it_runs() -> None:
    """What the import graph promises holds in a running process, PyDriller in use."""
    code = """
import sys
from provenance.recount import compare, published
from provenance.recount.signs import read_rules
from provenance.recount.drill import driller
from pydriller import Git
assert read_rules().rules
loaded = {name.split(".")[1] for name in sys.modules if name.startswith("provenance.")}
print(sorted(loaded))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "['errors', 'recount', 'terms']"
