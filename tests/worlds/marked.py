"""Random histories of a small pipeline, with authors who leave marks and authors who do not."""

from __future__ import annotations

import random
from pathlib import Path

from worlds.world import Built, World

_PATHS = ("train/loop.py", "eval/score.py", "README.md", "conf/run.yaml", "tests/test_loop.py")
_AUTHORS = (
    "Ann Author <ann@example.org>",
    "aider-user (aider) <ann@example.org>",
    "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
)
_MESSAGES = (
    "Change something",
    "Change it\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>\n",
    "Change more\n\nCo-authored-by: Copilot <198982749+Copilot@users.noreply.github.com>\n",
)
_WORDS = ("x = 1\n", "# a remark\n", "\n", "y = f(x)\n", "key: value\n", '"""Words."""\n')


def history(folder: Path, seed: int, *, commits: int = 24, tags: bool = True) -> Built:
    """Build a history with forks, merges, renames and a release now and then."""
    choose = random.Random(seed)
    world = World(folder)
    texts: list[dict[str, list[str]]] = []
    tips: list[int] = []
    number = 0
    for step in range(commits):
        parents: list[int] = []
        if tips:
            parents = [choose.choice(tips[-2:])]
            if len(tips) > 1 and choose.random() < 0.25:
                parents = [tips[-1], choose.choice(tips[:-1])]
        files = {name: list(lines) for name, lines in texts[parents[0]].items()} if parents else {}
        removed: list[str] = []
        for _ in range(choose.randint(1, 3)):
            _touch(choose, files, removed, step)
        number = world.commit(
            *parents,
            edit={name: "".join(lines) for name, lines in files.items()},
            remove=[
                name for name in dict.fromkeys(removed) if parents and name in texts[parents[0]]
            ],
            author=choose.choice(_AUTHORS),
            message=choose.choice(_MESSAGES),
            hours=step * 300,
        )
        texts.append(files)
        tips = [tip for tip in tips if tip not in parents or choose.random() < 0.2] + [number]
        tips = tips[-4:]
        if tags and choose.random() < 0.2:
            world.ref(f"refs/tags/v0.{step}", number)
    return world.build()


def _touch(
    choose: random.Random, files: dict[str, list[str]], removed: list[str], step: int
) -> None:
    name = choose.choice(_PATHS)
    lines = files.setdefault(name, [])
    kind = choose.random()
    if kind < 0.1 and lines:
        files[f"{name.rpartition('.')[0]}_{step}.py"] = files.pop(name)
        removed.append(name)
    elif kind < 0.2 and lines:
        del files[name]
        removed.append(name)
    else:
        at = choose.randint(0, len(lines))
        del lines[at : at + choose.randint(0, 2)]
        lines[at:at] = [choose.choice(_WORDS) for _ in range(choose.randint(1, 5))]
