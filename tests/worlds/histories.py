"""Random histories for Hypothesis: a list of plain steps that becomes a world.

Every number in a step is taken modulo what there is to choose from, so any list of steps
is a history and Hypothesis can shrink it freely.
"""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from worlds.world import Entry, World

NAMES = (b"a", b"b", b"dir/a", b"dir/b", b"dir/sub/a", b"other/a", b"other/c")
WORDS = (
    "a",
    "b",
    "{",
    "}",
    "",
    "    a",
    "return",
    "x = 1",
    "y = 2",
    "\tb",
    "a ",
    "end\r",
    "c",
    "d",
)
NUL = "\0\0"


class Edit(NamedTuple):
    """One thing done to one file."""

    kind: str
    file: int
    at: int = 0
    cut: int = 0
    words: tuple[int, ...] = ()


class Step(NamedTuple):
    """One commit: its parents, how files of a merge are chosen, and what is done then."""

    parents: tuple[int, ...]
    choices: tuple[int, ...] = ()
    edits: tuple[Edit, ...] = ()
    hours: int = 0


_words = st.lists(st.integers(0, len(WORDS) - 1), max_size=12).map(tuple)
_small = st.integers(0, 15)
_KINDS = (
    *("splice",) * 6,
    *("new",) * 3,
    *("rename",) * 4,
    *("remove", "copy", "indent", "squeeze", "chop", "binary", "clean", "mode", "link", "swap"),
)
edits = st.builds(Edit, st.sampled_from(_KINDS), _small, _small, st.integers(0, 4), _words)
steps = st.builds(
    Step,
    # numbers count back from the newest commit; few parents, sometimes none
    st.lists(st.integers(0, 6), min_size=0, max_size=3).map(tuple)
    | st.lists(st.integers(0, 3), min_size=1, max_size=2).map(tuple),
    st.lists(st.integers(0, 5), max_size=6).map(tuple),
    st.lists(edits, max_size=4).map(tuple),
    st.sampled_from([0, 0, 0, -50, 50]),
)
histories = st.lists(steps, min_size=2, max_size=12)

Tree = dict[bytes, Entry]


def write(world: World, history: list[Step]) -> None:
    """Make the commits of a history."""
    trees: list[Tree] = [_start()]
    world.tree(trees[0])
    for step in history:
        parents = list(dict.fromkeys(len(trees) - 1 - p % len(trees) for p in step.parents))
        tree = _together([trees[parent] for parent in parents], step.choices)
        for edit in step.edits:
            _do(tree, edit)
        trees.append(tree)
        world.tree(tree, *parents, hours=step.hours)


def _start() -> Tree:
    body = [WORDS[i % len(WORDS)] + ("" if i % 3 else str(i)) + "\n" for i in range(14)]
    return {b"a": _file(body), b"dir/b": _file([*body[3:9], "dir\n", *body[:4]])}


def _file(lines: list[str]) -> Entry:
    return Entry("".join(lines).encode())


def _lines(entry: Entry) -> list[str]:
    return entry.content.decode().split("\n") if entry.content else []


def _together(trees: list[Tree], choices: tuple[int, ...]) -> Tree:
    """Choose, per path, one parent's file or a mixture with lines of nobody."""
    if len(trees) < 2:
        return dict(trees[0]) if trees else {}
    result: Tree = {}
    paths = sorted({path for tree in trees for path in tree})
    for place, path in enumerate(paths):
        choice = choices[place % len(choices)] if choices else 0
        sides = [tree.get(path) for tree in trees]
        files = [side for side in sides if side is not None and side.is_regular]
        if choice < 3 or len(files) < 2:
            side = sides[choice % len(sides)]
            if side is not None:
                _put(result, path, side)
            continue
        first, second = _lines(files[0])[:-1], _lines(files[1])[:-1]
        middle = [] if choice == 3 else [f"merged {choice}"]
        half = len(first) // 2
        mixed = first[:half] + middle + second[len(second) // 2 :]
        if choice == 5:
            mixed = first + middle + second[-2:]
        _put(result, path, _file([line + "\n" for line in mixed]))
    return result


def _put(tree: Tree, path: bytes, entry: Entry) -> None:
    """Set a path; whatever stands in its way as a file or folder goes."""
    for other in list(tree):
        if other.startswith(path + b"/") or path.startswith(other + b"/"):
            del tree[other]
    tree[path] = entry


def _do(tree: Tree, edit: Edit) -> None:
    target = NAMES[edit.at % len(NAMES)]
    words = [WORDS[word] + "\n" for word in edit.words]
    if edit.kind == "new":
        _put(tree, target, _file([f"{target.decode()} {edit.cut}\n", *words]))
        return
    if not tree:
        return
    path = sorted(tree)[edit.file % len(tree)]
    entry = tree[path]
    if edit.kind == "remove":
        del tree[path]
    elif edit.kind == "rename":
        del tree[path]
        _put(tree, target, entry)
    elif edit.kind == "copy":
        _put(tree, target, entry)
    elif edit.kind == "swap" and target in tree:
        tree[path], tree[target] = tree[target], entry
    elif edit.kind == "link":
        tree[path] = Entry(b"target/of/link", b"120000")
    elif not entry.is_regular:
        tree[path] = _file(words)
    elif edit.kind == "mode":
        mode = b"100755" if entry.mode == b"100644" else b"100644"
        tree[path] = Entry(entry.content, mode)
    elif edit.kind == "chop":
        tree[path] = Entry(entry.content.rstrip(b"\n"), entry.mode)
    elif edit.kind == "clean":
        tree[path] = Entry(entry.content.replace(NUL.encode(), b""), entry.mode)
    else:
        tree[path] = Entry("\n".join(_rewritten(_lines(entry), edit)).encode(), entry.mode)


def _rewritten(lines: list[str], edit: Edit) -> list[str]:
    start = edit.at % (len(lines) + 1)
    if edit.kind == "indent":
        return [("    " if place >= start else "") + line for place, line in enumerate(lines)]
    if edit.kind == "squeeze":
        return [line.replace(" ", "").replace("\t", "") + " " * (edit.cut % 2) for line in lines]
    if edit.kind == "binary":
        return [*lines[:start], NUL, *lines[start:]]
    new = [WORDS[word] for word in edit.words]
    return lines[:start] + new + lines[start + edit.cut :]
