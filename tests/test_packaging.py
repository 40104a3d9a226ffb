"""The wheel holds exactly our three packages and everything they need at run time."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=_ROOT,
        check=True,
        capture_output=True,
    )
    (file,) = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def test_three_packages_and_nothing_else_at_the_top(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    packages = {top for top in tops if not top.endswith(".dist-info")}

    assert packages == {"provenance", "provenance_cli", "provenance_reports"}


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("provenance/demo", "*.txt"),
        ("provenance/recount/definitions", "*.toml"),
        ("provenance/rules/catalogue", "**/*"),
        ("provenance/scope/catalogue", "**/*"),
        ("provenance/stages/catalogue", "**/*"),
        ("reports/provenance_reports/templates", "**/*"),
        ("reports/provenance_reports/schema", "**/*"),
    ],
)
def test_data_files_travel_with_the_code(wheel: zipfile.ZipFile, folder: str, pattern: str) -> None:
    top = _ROOT / folder.split("/", maxsplit=1)[0] if folder.startswith("reports") else _ROOT
    files = [f for f in (_ROOT / folder).glob(pattern) if f.is_file() and f.suffix != ".pyc"]
    names = set(wheel.namelist())

    assert files
    for file in files:
        assert file.relative_to(top).as_posix() in names


def test_the_command_is_installed(wheel: zipfile.ZipFile) -> None:
    (name,) = [n for n in wheel.namelist() if n.endswith("entry_points.txt")]

    assert b"provenance = provenance_cli" in wheel.read(name)
