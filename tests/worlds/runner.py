"""Runs the shell steps of a composite action as its host would, with nothing of the network.

Expressions are looked up in what the test gives; one that is not known fails the test.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"\b(?:inputs|steps|github|runner)(?:\.[\w-]+)+")


def read_yaml(path: Path) -> dict[str, Any]:
    """Return what a YAML file holds."""
    found = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@dataclass(slots=True)
class Ran:
    """What one step did."""

    name: str
    """Its name."""
    code: int
    """Exit code."""
    out: str
    """What went to stdout, where the host looks for commands."""
    err: str
    """What went to stderr."""


@dataclass(slots=True)
class Job:
    """One job that uses the action once."""

    action: Mapping[str, Any]
    """The action."""
    folder: Path
    """Workspace: the clone."""
    temp: Path
    """Folder of the runner."""
    context: Mapping[str, str]
    """Values of ``github.*``."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """What the workflow gives; the rest are defaults."""
    path: str = ""
    """Folders that come first on PATH."""
    outputs: dict[str, str] = field(default_factory=dict)
    """What steps have said, as ``steps.ID.outputs.NAME``."""
    ran: list[Ran] = field(default_factory=list)
    """Steps that ran, in order."""
    used: list[str] = field(default_factory=list)
    """Actions that would have run."""

    @property
    def summary(self) -> str:
        """Return the job summary."""
        path = self.temp / "summary"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def run(self) -> int:
        """Run every step until one fails and return its exit code."""
        self.temp.mkdir(parents=True, exist_ok=True)
        for step in self.action["runs"]["steps"]:
            if "if" in step and not self._value(step["if"]):
                continue
            if "uses" in step:
                self.used.append(step["uses"])
                continue
            done = self._step(step)
            self.ran.append(done)
            if done.code:
                return done.code
        return 0

    def _step(self, step: Mapping[str, Any]) -> Ran:
        assert step["shell"] == "bash"
        said = self.temp / "output"
        said.write_text("")
        env = {
            "PATH": os.pathsep.join(filter(None, (self.path, os.environ["PATH"]))),
            "HOME": str(self.temp),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GITHUB_OUTPUT": str(said),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            **{name: self._filled(str(text)) for name, text in step.get("env", {}).items()},
        }
        where = self._filled(step.get("working-directory", "."))
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder / where,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        for line in said.read_text().splitlines():
            name, _, value = line.partition("=")
            self.outputs[f"steps.{step['id']}.outputs.{name}"] = value
        return Ran(step["name"], done.returncode, done.stdout, done.stderr)

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: str(self._value(found[1]) or ""), text)

    def _value(self, expression: str) -> Any:
        """Work out an expression of the kinds that are used here."""
        said = _NAME.sub(lambda found: repr(self._named(found[0])), expression)
        said = said.replace("&&", " and ").replace("||", " or ")
        return eval(said, {"__builtins__": {}}, {"format": _format})

    def _named(self, name: str) -> str:
        kind, _, rest = name.partition(".")
        if kind == "inputs":
            given = self.inputs.get(rest)
            return self._filled(self.action["inputs"][rest]["default"]) if given is None else given
        if name == "runner.temp":
            return str(self.temp)
        if kind == "steps":
            return self.outputs.get(name, "")
        return self.context[name]


def _format(text: str, *values: str) -> str:
    return text.format(*values)
