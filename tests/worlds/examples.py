"""The finished example reports: ``python -m worlds.examples`` writes them anew.

The demo is built and measured; the example of a public repository is rendered again from
its own ``report.json``, which only a measurement can change.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from provenance.claims.judge import judge
from provenance.claims.read import read
from provenance.demo.build import build as build_history
from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance_cli.demo import COMMAND
from provenance_cli.outputs import rendered
from provenance_reports import checked_forms, json_v1
from provenance_reports.build import build
from provenance_reports.document import Document

PLACE = Path(__file__).parents[2] / "reports" / "examples"
"""Where the examples lie."""
KEPT = ("report.html", "report.json", "report.md", "badge.svg")
"""Files of an example."""
REAL = ("nanochat",)
"""Examples of public repositories."""
CHECKED = {"aider": "aider", "disclosure": "nanochat"}
"""Examples of disclosed figures, and the report each is held against."""
CLAIMS = ("claims.toml", "check.md", "provenance.toml")
"""Files of an example of disclosed figures, beside its report where it has one of its own."""


def demo(git_version: str | None = None) -> Document:
    """Return the report of the demo, as if another version of git had printed the history."""
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(build_history(Path(folder)).folder, Options()).measurement
    git = git_version or measured.definition.git_version
    definition = replace(measured.definition, git_version=git)
    return build(replace(measured, definition=definition), command=COMMAND)


def stored(name: str) -> Document:
    """Return an example as it lies there."""
    return json_v1.parse((PLACE / name / "report.json").read_text(encoding="utf-8"))


def files(document: Document) -> Mapping[str, str]:
    """Return the files of an example by their names."""
    every = rendered(document)
    return {name: every[name] for name in KEPT}


def checked(name: str) -> str:
    """Return the verdicts on an example of disclosed figures, as Markdown."""
    document = stored(CHECKED[name])
    told = read((PLACE / name / "claims.toml").read_bytes(), name="claims.toml")
    return checked_forms.markdown(judge(document.measurement, told), document)


def write() -> None:
    """Write every example."""
    for name, document in (("demo", demo()), *((name, stored(name)) for name in REAL)):
        folder = PLACE / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files(document).items():
            (folder / file).write_text(text, encoding="utf-8")
    for name in CHECKED:
        (PLACE / name / "check.md").write_text(checked(name), encoding="utf-8")


if __name__ == "__main__":
    write()
