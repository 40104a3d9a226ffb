"""Findings for machines: GitHub commands and SARIF, whatever the text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from provenance.gate.figures import of_report
from provenance.gate.judge import judge
from provenance.gate.thresholds import Side, parse_flag
from provenance.metrics.measurement import Finding
from provenance_reports import annotations, sarif
from worlds.any_difference import findings
from worlds.measurements import commit_id, pipeline

_PART = Path(__file__).parents[1] / "data" / "sarif-2.1.0-part.schema.json"
_COMMAND = re.compile(
    r"::(?P<level>error|warning|notice)"
    r"(?: (?P<fields>[a-z]+=[^:,\r\n]*(?:,[a-z]+=[^:,\r\n]*)*))?::(?P<text>[^\r\n]*)\Z"
)
_SOME = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def _decoded(text: str) -> str:
    """Undo what the host undoes, in its order."""
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


@_SOME
@given(st.lists(findings, max_size=30))
def test_every_line_is_one_command_of_ours(found: list[Finding]) -> None:
    """No finding can end its line, open a field, or begin a command of its own."""
    printed = annotations.render(found)
    for line in printed.splitlines():
        match = _COMMAND.match(line)

        assert match, line
        assert "\n" not in _decoded(match["text"])
        assert not re.search(r"[\x00-\x1f\u202a-\u202e\ud800-\udfff]", line)
        names = [field.split("=")[0] for field in (match["fields"] or "").split(",") if field]
        assert names in (["title"], ["file", "line", "title"], [])


def test_a_finding_says_where_and_what() -> None:
    finding = Finding("odd, one: x", "A", "50% done\n::error::pwned", ("a,b:c.py:7",), 3)
    (line,) = annotations.render([finding]).splitlines()
    match = _COMMAND.match(line)

    assert match is not None
    assert match["level"] == "error"
    assert _decoded(match["fields"]) == "file=a,b:c.py,line=7,title=odd, one: x (3 places)"
    assert match["text"] == "50%25 done\\n::error::pwned"


def test_commits_are_named_in_the_message_and_some_of_many_only() -> None:
    places = tuple(commit_id(number) for number in range(5))
    (line,) = annotations.render([Finding("x", "C", "Look", places, 5)]).splitlines()

    assert line.startswith("::notice title=x (5 places)::Look (commits ")
    assert line.count(", ") == 3
    assert line.endswith(", ...)")


def test_ten_of_a_level_and_then_how_many_more() -> None:
    """Hosts drop the rest in silence, so it is said."""
    found = [Finding(f"f{number}", "B", "Look", (), 1) for number in range(13)]
    lines = annotations.render(found).splitlines()

    assert len(lines) == 11
    assert lines[-1] == "::warning::3 more findings of this level"


def test_a_gate_says_what_is_broken_and_what_is_open() -> None:
    figures = of_report(pipeline())
    demanded = [
        parse_flag("floor=0%", Side.MAX),
        parse_flag("ceiling=0%", Side.MIN),
        parse_flag("coverage=100%", Side.MIN),
    ]
    lines = annotations.render([], judge(figures, demanded)).splitlines()

    assert [line.split("::")[1].split(" ")[0] for line in lines[:2]] == ["error", "warning"]
    assert "floor at most 0 %25" in lines[0]
    assert "title=gate FAIL" in lines[0]
    assert not any("ceiling" in line for line in lines)


@_SOME
@given(st.lists(findings, max_size=12))
def test_sarif_fits_what_is_promised_whatever_the_text(found: list[Finding]) -> None:
    """One result per finding, each with its rule; paths are URIs that lead back to the bytes."""
    text = sarif.render(found, tool_version="1.0")
    log = json.loads(text)
    (run,) = log["runs"]
    schema = Draft202012Validator(json.loads(_PART.read_text()))

    assert list(schema.iter_errors(log)) == []
    assert len(run["results"]) == len(found)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert text.isascii()


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("train/loop.py", b"train/loop.py"),
        ("caf\udce9.py", b"caf\xe9.py"),
        ("a b%20?#.py", b"a b%20?#.py"),
        ("\u00e9\u202e.py", "\u00e9\u202e.py".encode()),
        ("x\ud800.py", "x\ufffd.py".encode()),
    ],
)
def test_a_path_in_sarif_is_the_path_in_git(path: str, raw: bytes) -> None:
    log = json.loads(sarif.render([Finding("x", "B", "t", (f"{path}:3",), 1)], tool_version="1"))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]

    assert unquote_to_bytes(location["artifactLocation"]["uri"]) == raw
    assert location["region"] == {"startLine": 3}


def test_the_same_findings_give_the_same_bytes() -> None:
    found = [Finding("b", "B", "t", ("x:1", commit_id(1)), 2), Finding("a", "A", "u", (), 0)]

    assert sarif.render(found, tool_version="1") == sarif.render(list(found), tool_version="1")
