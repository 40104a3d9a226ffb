"""A small sound run, told as sentences; tests bend it where they need to."""

from __future__ import annotations

from provenance.ledger.columns import Columns

HUMAN, ROBOT, HELPED = "a" * 40, "b" * 40, "c" * 40
"""Three commits: undescribed, written by an agent, declared as assisted."""
NAMES = (HUMAN, ROBOT, HELPED)
WEIRD = "we\"ird '\n\\ \udcff;--.py"
"""A legal git path with quotes, a newline, a backslash and a stray byte."""


def small_world() -> dict[str, Columns]:
    """Three commits, three files, two points of which the second has two names."""
    return {
        "commits": {
            "commit": [HUMAN, ROBOT, HELPED],
            "parents": [[], [HUMAN], [HUMAN, ROBOT]],
            "committed_at": [100, 200, 300],
            "authored_at": [90, -5, 2**60],
            "author_type": ["unattested", "ai", "assisted"],
            "tier": [None, "declared", "declared"],
            "rule": [None, "aider-author", "claude-co-author"],
            "agent": [None, "aider", "claude-code"],
            "vendor": [None, None, "Anthropic"],
            "family": [None, None, "claude"],
            "model": [None, None, "claude-opus-4.5"],
            "conflict": [False, False, False],
            "is_merge": [False, False, True],
            "on_first_parent": [True, False, True],
        },
        "hunks": {
            "commit": [HUMAN, ROBOT, HELPED, HELPED],
            "path": ["train.py", WEIRD, WEIRD, "train.py"],
            "old_start": [0, 0, 5, 7],
            "old_lines": [0, 0, 2, 0],
            "new_start": [1, 1, 5, 8],
            "new_lines": [10, 20, 3, 4],
            "author_type": ["unattested", "ai", "assisted", "assisted"],
            "stage": ["training", None, None, "training"],
            "facet": ["source", "source", "source", "source"],
        },
        "files": {
            "path": ["train.py", WEIRD, "README.md"],
            "stage": ["training", "evaluation", "other"],
            "sub": [None, None, None],
            "facet": ["source", "source", "docs"],
            "facet_rule": [None, "r", "docs-md"],
            "confidence": [990, 500, 1000],
            "second": [None, "training", None],
            "lines": [14, 21, 5],
            "code_lines": [12, 20, 0],
            "characters": [400, 600, 70],
            "blob": ["d" * 40, "e" * 40, None],
        },
        "snapshots": {
            "snapshot": [0, 1, 1],
            "kind": ["month", "month", "head"],
            "at": ["2026-01", "2026-02", "HEAD"],
            "commit": [ROBOT, HELPED, HELPED],
            "committed_at": [200, 300, 300],
        },
        "ownership": {
            "path": ["train.py", WEIRD, WEIRD, WEIRD, "train.py", "README.md"],
            "commit": [HUMAN, ROBOT, ROBOT, HELPED, HELPED, HUMAN],
            "lines": [10, 20, 18, 3, 4, 5],
            "code_lines": [9, 20, 17, 3, 3, 0],
            "characters": [300, 600, 500, 100, 100, 70],
            "first_snapshot": [0, 0, 1, 1, 1, 0],
            "last_snapshot": [1, 0, 1, 1, 1, 1],
            "voice": [0, 0, 0, 0, 0, 0],
        },
        "runs": {
            "stage": ["training"] * 3 + ["evaluation"] * 3 + ["other"],
            "facet": ["source"] * 6 + ["docs"],
            "path": ["train.py"] * 3 + [WEIRD] * 3 + ["README.md"],
            "start": [1, 8, 12, 1, 5, 8, 1],
            "lines": [7, 4, 3, 4, 3, 14, 5],
            "counted": [7, 4, 3, 4, 3, 14, 5],
            "code_lines": [6, 3, 3, 4, 3, 13, 0],
            "characters": [200, 100, 100, 100, 100, 400, 70],
            "commit": [HUMAN, HELPED, HUMAN, ROBOT, HELPED, ROBOT, HUMAN],
            "author_type": [
                "unattested",
                "assisted",
                "unattested",
                "ai",
                "assisted",
                "ai",
                "unattested",
            ],
            "tier": [None, "declared", None, "declared", "declared", "declared", None],
            "rule": [
                None,
                "claude-co-author",
                None,
                "aider-author",
                "claude-co-author",
                "aider-author",
                None,
            ],
            "agent": [None, "claude-code", None, "aider", "claude-code", "aider", None],
            "vendor": [None, "Anthropic", None, None, "Anthropic", None, None],
            "family": [None, "claude", None, None, "claude", None, None],
            "model": [None, "claude-opus-4.5", None, None, "claude-opus-4.5", None, None],
        },
        "unmeasured": {
            "snapshot": [1],
            "path": ["sub/module"],
            "reason": ["submodule"],
            "lines": [0],
        },
        "voices": {
            "voice": [1],
            "author_type": ["ai"],
            "tier": ["observed"],
            "rule": ["git-ai"],
            "agent": ["codex"],
            "vendor": ["OpenAI"],
            "family": ["gpt"],
            "model": [None],
            "conflict": [False],
        },
    }
