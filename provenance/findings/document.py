# ruff: noqa: E501 - rows of tables
"""Write the findings down for people: the text of ``docs/findings.md``.

``python -m provenance.findings.document > docs/findings.md`` writes it again; a test keeps it
fresh.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from provenance.findings.policies import wordings
from provenance.findings.predates import ANY_MODEL
from provenance.findings.questions import MOST_PLACES, Question, questions
from provenance.findings.switches import switches

_HEAD = f"""\
# Findings

This page is generated from `provenance/findings/*.toml`; do not edit it.

A finding is a question with a place: commit ids, a path, or `path:line`. It says what was seen
and asks how it came about; it accuses nobody, and the usual answer is harmless. No finding ever
raises a floor. At most {MOST_PLACES} places are listed, the newest commits first; the count says
how many there are.

| severity | does |
|---|---|
| A | blocks verdicts: a claim is not decided before the question is answered |
| B | widens bounds, or asks for a sample of these lines first |
| C | is printed |
"""

_PREDATES = f"""\
## Older than any model: `predates_ai`

A commit that nothing else decides counts as `predates_ai` when its author date **and** its commit
date lie before the cut-off and no sign in it names an AI system, however weak. Its lines leave the
ceiling. There is one cut-off per question:

| question | cut-off | by default |
|---|---|---|
| any AI | first day on which the public could use a model that writes code well | {ANY_MODEL}, the technical preview of GitHub Copilot (`github.blog/2021-06-29-introducing-github-copilot-ai-pair-programmer`) |
| own models | first release of the lab's own families | the date of the family in the model registry (`docs/rules.md`); none where it is open |

Completion by smaller models is older (2019); whoever counts it, or had models earlier than the
public, sets an earlier day:

```toml
predates = 2019-07-01      # or false: nothing predates AI

[own]
families = ["acme"]
predates = 2023-01-15      # first use inside; or false
```

`provenance measure --predates 2019-07-01` does the same for one run, `--predates off` switches
both off. With own models the lines between the two days leave the own ceiling only.

**Git dates are free text.** Whoever writes a commit can give it any date, and an old date on a
branch that starts at an old commit cannot be told from a true one. So the question is switched off
for the whole history as soon as `backdating` or `rewrite-burst` is found; the report then says
"switched off" and lists the commits under `predates-off`. Dates that git cannot read never count.
`provenance explain` looks at single commits, not at a history, and shows them as unattested.
"""

_TAIL = """\
## Not asked

| question | why not |
|---|---|
| continuity with an earlier report | needs that report: see the checks of statements |
| dates after the measurement | the meter reads no clock |
| signatures that do not fit author or committer, changes in the share of signed commits | the history is read without signatures; git binds a signer to no author |
| a jump at a known change of a tool | a question about a claimed trend, not about a history |
| imports, vendored code | the denominator leaves such files out and lists them |
| one person with several addresses, speed of writing | too weak to ask anybody |

From git alone nobody can see text of an AI pasted by hand, edits by hand inside a commit of an
agent, marks put on every commit by policy, or a branch rewritten before it was first pushed.
"""


def findings_markdown() -> str:
    """Return the page."""
    parts = [_HEAD, _contents(questions()), "## The questions\n"]
    parts += ["\n".join(_question(question)) + "\n" for question in questions()]
    parts += [_PREDATES, "\n".join(_switches()) + "\n", "\n".join(_wordings()) + "\n", _TAIL]
    return "\n".join(parts)


def _contents(found: Sequence[Question]) -> str:
    lines = ["| finding | severity | asks |", "|---|---|---|"]
    lines += [f"| [{one.id}](#{one.id}) | {one.severity} | {one.title} |" for one in found]
    return "\n".join(lines) + "\n"


def _question(question: Question) -> Iterator[str]:
    yield f"### {question.id}\n"
    yield f"Severity {question.severity}. {question.title}\n"
    yield f"{question.definition}\n"
    if question.numbers:
        numbers = ", ".join(f"`{name}` {value}" for name, value in sorted(question.numbers.items()))
        yield f"Thresholds: {numbers}.\n"
    if question.rules:
        yield "Rules: " + ", ".join(f"`{rule}`" for rule in question.rules) + ".\n"
    yield f"Base rate: {question.base_rate}\n"
    yield question.effect


def _switches() -> Iterator[str]:
    yield "## Switches of tools (`attribution-off`)\n"
    yield "Looked for at any depth. For Gemini CLI and OpenCode no such setting is known.\n"
    yield "| tool | file | key | off when | source |\n|---|---|---|---|---|"
    for switch in switches():
        files = ", ".join(f"`{name.removeprefix('**/')}`" for name in switch.files)
        key = " → ".join(f"`{part}`" for part in switch.key)
        off = ", ".join(f"`{_toml(value)}`" for value in switch.off)
        yield f"| {switch.tool} | {files} | {key} | {off} | {switch.source} |"


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def _wordings() -> Iterator[str]:
    yield "## Wordings (`attribution-policy`)\n"
    yield "| wording | found | left alone |\n|---|---|---|"
    for wording in wordings():
        found = " · ".join(text.replace("\n", " ") for text in wording.matches)
        left = " · ".join(wording.non_matches)
        yield f"| {wording.id} | {found} | {left} |"


if __name__ == "__main__":
    sys.stdout.write(findings_markdown())
