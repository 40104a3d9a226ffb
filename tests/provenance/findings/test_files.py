"""Settings, instructions, hooks and the mailmap: planted, clean and hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.findings.find import find
from provenance.findings.gates import gate_lines
from provenance.findings.identities import mapped, skipped_lines, tool_lines
from provenance.findings.policies import forbidding_lines
from provenance.findings.seen import Clone, Seen
from provenance.findings.switches import switches, turned_off
from provenance.findings.wanted import MOST_FILES, Sort, sort_of, wanted
from worlds.columns import chain

_CLAUDE = ".claude/settings.json"


def _asked(files: dict[str, str], clone: Clone | None = None) -> dict[str, tuple[str, ...]]:
    seen = Seen(chain(committed=[]), clone=clone or Clone(), files=files)
    return {found.id: found.places for found in find(seen)}


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (_CLAUDE, '{\n "model": "x",\n "includeCoAuthoredBy": false\n}', 3),
        (".claude/settings.local.json", '{"includeCoAuthoredBy":false}', 1),
        ("tools/.claude/settings.json", '{"attribution": {\n  "commit": "",\n  "pr": "x"}}', 2),
        (_CLAUDE, '{\n // no marks\n "includeCoAuthoredBy": false, /* x */\n}', 3),
        (".aider.conf.yml", "model: x\nattribute-author: false\n", 2),
        (".aider.conf.yml", "attribute-co-authored-by: No  # please\n", 1),
        (".codex/config.toml", 'model = "x"\ncommit_attribution = ""\n', 2),
        (".cursor/cli.json", '{"attribution":\n{"attributeCommitsToAgent": false}}', 2),
        ("crush.json", '{"options": {"attribution": {"trailer_style": "none"}}}', 1),
        (".qwen/settings.json", '{"general": {\n"gitCoAuthor": false}}', 2),
        (".vscode/settings.json", '{\n"amp.git.commit.coauthor.enabled": false}', 2),
        (".vscode/settings.json", '{\n\n"git.addAICoAuthor": "off",\n}', 3),
    ],
)
def test_a_switch_turned_off_is_found_on_its_line(path: str, text: str, line: int) -> None:
    assert _asked({path: text}) == {"attribution-off": (f"{path}:{line}",)}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (_CLAUDE, '{"includeCoAuthoredBy": true}'),
        (_CLAUDE, '{"includeCoAuthoredBy": 0}'),
        (_CLAUDE, '{"attribution": {"commit": "Made by Claude"}}'),
        (_CLAUDE, '{"attribution": {"pr": ""}}'),
        (_CLAUDE, '{"env": {"NOTE": "includeCoAuthoredBy: false"}}'),
        (_CLAUDE, '{ // "includeCoAuthoredBy": false\n}'),
        (".aider.conf.yml", "# attribute-author: false\nattribute-author: true\n"),
        (".codex/config.toml", 'commit_attribution = "Codex"\n'),
        ("docs/settings.json", '{"includeCoAuthoredBy": false}'),
        ("my.claude/settings.json", '{"includeCoAuthoredBy": false}'),
    ],
)
def test_settings_that_leave_marks_alone_are_quiet(path: str, text: str) -> None:
    assert _asked({path: text}) == {}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100_000, '{"a":' * 20_000, "null", "[]", '{"attribution": []}', "\0\ufffd",
     '{"attribution": {"commit": {"commit": ""}}}', '"includeCoAuthoredBy": false', "/*" * 50_000,
     "/*a" * 300_000, '"\\' * 400_000, "," * 900_000, ", " * 400_000, "a: " * 300_000],
)  # fmt: skip
@pytest.mark.parametrize("path", [_CLAUDE, ".codex/config.toml", ".aider.conf.yml"])
def test_hostile_settings_say_nothing(path: str, text: str) -> None:
    """Deep, cut off, of another shape: no finding, no error, no long time."""
    begin = time.perf_counter()

    assert _asked({path: text}) == {}
    assert time.perf_counter() - begin < 5


@given(st.text())
def test_any_text_is_read_as_any_setting(text: str) -> None:
    for path in (_CLAUDE, "a.toml", "a.yml"):
        lines = text.count("\n") + 1

        assert all(1 <= line <= lines for line in turned_off(path, text, switches()))


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("CLAUDE.md", "# Git\n\n- NEVER add a\n  Co-Authored-By line.\n", [3]),
        ("CONTRIBUTING.md", "Please commit without any AI attribution.\n", [1]),
        (".github/AI_POLICY.md", "ok\nNo AI tools in `Co-authored-by:`s.\n", [2]),
        (".cursor/rules/git.mdc", 'Do not include "Generated with Claude Code".\n', [1]),
        (".github/copilot-instructions.md", "Never mention Copilot in commit messages.\n", [1]),
    ],
)
def test_a_rule_to_leave_marks_out_is_found(path: str, text: str, lines: list[int]) -> None:
    places = tuple(f"{path}:{line}" for line in lines)

    assert _asked({path: text}) == {"attribution-policy": places}


@pytest.mark.parametrize(
    "text",
    [
        "Always add a Co-authored-by trailer for AI tools.",
        "Do not forget the Co-authored-by line.",
        "Never remove Co-authored-by trailers.",
        "Attributing AI assistance with `Assisted-by:` is welcome but not required.",
        "Preserve attribution. Do not close the request.",
        "Do not use the agent without attributes.",
        "The signature of the function must not change.",
    ],
)
def test_rules_that_want_marks_or_speak_of_else_are_quiet(text: str) -> None:
    assert _asked({"AGENTS.md": text, "docs/AGENTS.md": text}) == {}


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (".husky/commit-msg", "#!/bin/sh\nsed -i '/^Co-Authored-By:/d' \"$1\"\n", 2),
        (".husky/commit-msg", "sed -i \\\\\n -e '/Co-Authored-By:.*x/d' \\\\\n $1\n", 2),
        (".claude/hooks/no-marks.sh", "if grep -qi 'noreply@anthropic'; then\n exit 2\nfi", 1),
        (".husky/commit-msg", "grep -qi 'generated with.*claude' $1 && die 'no marks'\n", 1),
        (".githooks/prepare-commit-msg", "grep -v 'Generated with Claude' $1 > x\n", 1),
        ("hooks/commit-msg.sh", "if grep -i 'co-authored-by' $1; then\n echo no\n exit 1\nfi", 1),
        ("lefthook.yml", "commit-msg:\n  run: sed -i '/noreply@anthropic/d' {1}\n", 2),
        (".github/workflows/ci.yml", "run: |\n if git log | grep 'Assisted-by'; then\n exit 1", 2),
    ],
)  # fmt: skip
def test_a_gate_against_marks_is_found(path: str, text: str, line: int) -> None:
    assert _asked({path: text}) == {"attribution-gate": (f"{path}:{line}",)}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".husky/commit-msg", "npx commitlint --edit $1\n"),
        (".husky/pre-commit", "sed -i '/Co-Authored-By/d' $1\n"),
        (".github/workflows/ci.yml", "if ! grep -q 'Assisted-by' msg; then\n  exit 1\nfi\n"),
        (".github/workflows/ci.yml", "grep -q 'Co-authored-by' msg || exit 1\n"),
        (".github/workflows/ci.yml", "# Co-authored-by is kept\nexit 1\n"),
        (".github/workflows/ci.yml", "echo 'Co-authored-by: bot' >> msg\ngit commit -F msg\n"),
        (
            ".husky/commit-msg",
            "if grep -q 'Co-authored-by: x'; then\n if ! grep -q '^Status:'; then\n  exit 1\n",
        ),
        (".husky/commit-msg", "echo 'Assisted-by: x' >> $1\n" + "\n" * 8 + "exit 1\n"),
    ],
)
def test_gates_that_keep_or_demand_marks_are_quiet(path: str, text: str) -> None:
    assert _asked({path: text}) == {}


@given(st.text(alphabet="co-authred by:sgnwith'/|\\ \n!exit 1AI.", max_size=4000))
def test_any_text_is_searched_in_little_time(text: str) -> None:
    begin = time.perf_counter()
    found = [*forbidding_lines(text), *gate_lines(text, near=6)]

    assert all(1 <= line <= text.count("\n") + 1 for line in found)
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    "text",
    ["do not " * 100_000, "no " * 300_000, "co-author " * 100_000, 'without "' * 100_000,
     "never mention ai " * 50_000, "grep -v " * 100_000, "sed sed " * 80_000 + "co-authored-by",
     "<" * 500_000, "a <b> c <" * 100_000],
)  # fmt: skip
def test_long_hostile_lines_take_little_time(text: str) -> None:
    begin = time.perf_counter()
    forbidding_lines(text + " generated with")
    gate_lines("co-authored-by " + text, near=6)
    list(mapped(text))

    assert time.perf_counter() - begin < 2


def test_a_tool_mapped_to_a_person_is_found_by_line_only() -> None:
    """The place is a line number: no name leaves the mailmap."""
    text = (
        "# people\n"
        "Ann Author <ann@example.org> <old@example.org>\n"
        "Ann Author <ann@example.org> Claude <noreply@anthropic.com>\n"
        "Claude Code <noreply@anthropic.com> Claude <noreply@anthropic.com>\n"
    )
    tools = frozenset({"Claude <noreply@anthropic.com>", "Claude Code <noreply@anthropic.com>"})
    seen = Seen(chain(committed=[]), files={".mailmap": text}, tools=tools)

    assert tool_lines(text, tools) == [3]
    assert [found.places for found in find(seen)] == [(".mailmap:3",)]
    assert _asked({".mailmap": text}) == {}


def test_commits_that_blame_skips_are_listed() -> None:
    text = "# format\n" + "a" * 40 + "\n\n" + "b" * 40 + "  # again\nnot one\n"

    assert skipped_lines(text) == [2, 4]
    assert _asked({".git-blame-ignore-revs": text})["blame-ignore-revs"] == (
        ".git-blame-ignore-revs:2",
        ".git-blame-ignore-revs:4",
    )


def test_an_incomplete_clone_is_said() -> None:
    clone = Clone(shallow=("b" * 40,), replaced=2, grafts=1, unread=("a.py",), submodules=("lib",))

    assert _asked({}) == {}
    assert _asked({}, clone) == {
        "incomplete-view": (
            "b" * 40, "refs/replace/ (2)", "info/grafts (1)", "a.py", "lib",
        )
    }  # fmt: skip


def test_records_without_a_commit_are_counted() -> None:
    seen = Seen(chain(committed=[]), orphans=["b", "a", "b"])

    assert [(found.id, found.count) for found in find(seen)] == [("orphan-records", 2)]


@pytest.mark.parametrize(
    ("path", "sort"),
    [
        ("AGENTS.md", Sort.INSTRUCTIONS),
        ("deep/CLAUDE.local.md", Sort.INSTRUCTIONS),
        (".claude/commands/commit.md", Sort.INSTRUCTIONS),
        (".pre-commit-config.yaml", Sort.HOOK),
        (".github/workflows/x.yml", Sort.WORKFLOW),
        ("sub/.github/workflows/x.yml", None),
        ("gemini.png", None),
        ("src/codex.rs", None),
        ("sub/.mailmap", None),
    ],
)
def test_few_files_are_read(path: str, sort: Sort | None) -> None:
    assert sort_of(path) is sort


def test_a_tree_full_of_instructions_is_read_in_part() -> None:
    paths = [f"{'d/' * (n % 9)}{n}/AGENTS.md" for n in range(MOST_FILES + 500)]

    assert len(wanted(paths)) == MOST_FILES
    assert wanted(paths) == wanted(reversed(paths))
