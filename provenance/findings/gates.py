"""Hooks and checks that strip or reject marks of AI authorship."""

from __future__ import annotations

import re

_MARK = re.compile(
    r"co-?authored-?by|assisted-by|generated (?:with|by)[^\n]{0,4}(?:claude|cursor|copilot|codex)"
    r"|noreply@anthropic|@openai\.com|cursoragent@"
    r"|(?:claude|cursor|copilot|codex|devin)[^\n]{0,20}trailer",
    re.IGNORECASE,
)
_STRIPS = re.compile(
    r"\bsed\b[^\n|]{0,160}/[dD]\b|\bsed\b[^\n|]{0,40}\bs[/|#]"
    r"|\bgrep\b[^\n|]{0,30} -[a-zA-Z]{0,6}v|\bperl\b[^\n|]{0,30} -[a-z]{0,4}[pn]"
    r"|\bawk\b[^\n|]{0,20}!|\bre\.sub\(|/[dD](?=[\"'; ])|\.replace(?:All)?\(|\.filter\(",
    re.IGNORECASE,
)
_FAILS = re.compile(
    r"\bexit [1-9]\b|\bsys\.exit\((?!0)|core\.setFailed|::error|\bthrow\b|raise SystemExit"
    r"|\breturn [12]\b|\bdie\b|permissionDecision\W{1,4}deny|process\.exit\([1-9]|\bfail\("
)
_DEMANDS = re.compile(
    r"!\s*grep|!\s*\w+\.(?:match|test|includes)|\|\|\s*(?:exit|fail|die|\{)|\bnot in\b|require"
    r"|missing",
    re.IGNORECASE,
)
_LONGEST = 1000


def gate_lines(text: str, *, near: int) -> list[int]:
    """Return the lines (from one) that name a mark beside a command that strips or fails."""
    lines = [line[:_LONGEST] for line in text.split("\n")]
    found = []
    for number, line in enumerate(lines):
        if not _MARK.search(line) or _comment(line) or _DEMANDS.search(line):
            continue
        if _STRIPS.search(line) or _fails(lines[number : number + near + 1]):
            found.append(number + 1)
    return found


def _fails(rows: list[str]) -> bool:
    """Whether a failure follows before something else is demanded."""
    for row in rows:
        if _DEMANDS.search(row):
            return False
        if not _comment(row) and _FAILS.search(row):
            return True
    return False


def _comment(line: str) -> bool:
    return line.lstrip().startswith(("#", "//", "*", "- name:", "name:"))
