"""Named worlds: one trouble each, small enough to read."""

from __future__ import annotations

from collections.abc import Callable

from worlds.world import World, lines, link, numbered, program, submodule

Shape = Callable[[World], None]

SHAPES: dict[str, Shape] = {}
"""Every named world, by name."""

TEN = numbered(10)


def shape(build: Shape) -> Shape:
    """Name a world after its function."""
    SHAPES[build.__name__] = build
    return build


def text(*parts: str | list[str]) -> str:
    """Join lines and lists of lines."""
    return "".join(part if isinstance(part, str) else "".join(part) for part in parts)


@shape
def linear(world: World) -> None:
    """Lines are added, changed, moved and removed one commit after the other."""
    first = world.commit(edit={"a": lines("one two three four"), "dir/b": lines("x y")})
    second = world.commit(first, edit={"a": lines("zero one two 3 four")})
    third = world.commit(second, edit={"a": lines("zero two 3 four five"), "dir/b": lines("y x")})
    world.commit(third, edit={"a": lines("five four 3 two zero"), "dir/b": lines("x x y y x")})


@shape
def fork_and_merge(world: World) -> None:
    """Two branches change different ends of one file; the merge takes both."""
    base = world.commit(edit={"a": text(TEN), "b": lines("b")})
    left = world.commit(base, edit={"a": text("left\n", TEN)})
    right = world.commit(base, edit={"a": text(TEN, "right\n"), "b": lines("b b2")})
    merge = world.commit(left, right, edit={"a": text("left\n", TEN, "right\n")})
    world.commit(merge, edit={"a": text("left\n", TEN[:5], "five\n", TEN[5:], "right\n")})


@shape
def same_change_on_both_sides(world: World) -> None:
    """A line that both parents have belongs to the first of them."""
    base = world.commit(edit={"a": text(TEN)})
    left = world.commit(base, edit={"a": text(TEN[:5], "same\n", TEN[5:], "left\n")})
    right = world.commit(base, edit={"a": text("right\n", TEN[:5], "same\n", TEN[5:])})
    both = text("right\n", TEN[:5], "same\n", TEN[5:], "left\n")
    world.commit(left, right, edit={"a": both})
    world.commit(right, left, edit={"a": both})


@shape
def octopus(world: World) -> None:
    """Four parents at once; one of them changed nothing."""
    base = world.commit(edit={"a": text(TEN), "b": lines("b")})
    arms = [
        world.commit(
            base, edit={"a": text(TEN[: 3 * i], f"arm {i}\n", TEN[3 * i :]), f"n{i}": "n\n"}
        )
        for i in range(3)
    ]
    merged = text("arm 0\n", TEN[:3], "arm 1\n", TEN[3:6], "arm 2\n", TEN[6:], "own\n")
    world.commit(*arms, base, edit={"a": merged, "n1": "n\n", "n2": "n\n"})


@shape
def criss_cross(world: World) -> None:
    """Two branches merge each other twice."""
    base = world.commit(edit={"a": text(TEN)})
    left = world.commit(base, edit={"a": text("left\n", TEN)})
    right = world.commit(base, edit={"a": text(TEN, "right\n")})
    one = world.commit(left, right, edit={"a": text("left\n", TEN, "right\n")})
    two = world.commit(right, left, edit={"a": text("left\n", TEN, "two\n", "right\n")})
    one = world.commit(one, edit={"a": text("left\n", TEN[:4], "one\n", TEN[4:], "right\n")})
    world.commit(
        one, two, edit={"a": text("left\n", TEN[:4], "one\n", TEN[4:], "two\n", "right\n")}
    )


@shape
def two_roots(world: World) -> None:
    """Two histories without a common commit become one, with one path in both."""
    one = world.commit(edit={"a": text(TEN), "same": lines("s t")})
    two = world.commit(edit={"b": lines("b"), "same": lines("r s t")})
    merge = world.commit(one, two, edit={"b": lines("b"), "same": lines("r s t u")})
    world.commit(merge, edit={"b": lines("b c")})


@shape
def evil_merge(world: World) -> None:
    """A merge writes lines that no parent has, and a file that no parent has."""
    base = world.commit(edit={"a": text(TEN)})
    left = world.commit(base, edit={"a": text("left\n", TEN)})
    right = world.commit(base, edit={"a": text(TEN, "right\n"), "r": lines("r")})
    merge = world.commit(
        left,
        right,
        edit={
            "a": text("left\n", TEN[:5], "evil\n", "worse\n", TEN[7:], "evil\n", "right\n"),
            "new": lines("n e w"),
            "r": lines("r2"),
        },
    )
    world.commit(merge, edit={"new": lines("n e w e r")})


@shape
def merge_of_a_rename_on_one_side(world: World) -> None:
    """One side renames, the other edits the old name; the merge has the new name."""
    base = world.commit(edit={"old": text(TEN), "z": "z\n"})
    renamed = world.commit(base, rename={"old": "new"})
    edited = world.commit(base, edit={"old": text(TEN, "edited\n")})
    world.commit(renamed, edited, edit={"new": text(TEN, "edited\n")})
    world.commit(edited, renamed, rename={"old": "new"})
    both = world.commit(renamed, edited, edit={"new": text("evil\n", TEN, "edited\n")})
    world.commit(both, edit={"new": text("evil\n", TEN[:8], "edited\n")})


@shape
def merge_of_a_rename_with_edits_on_both_sides(world: World) -> None:
    """The renaming side edits too; the question for the old name has rivals."""
    base = world.commit(edit={"old": text(TEN), "rival": text(TEN[:8], "rival\n")})
    renamed = world.commit(base, rename={"old": "new"}, edit={"new": text("renamed\n", TEN)})
    edited = world.commit(base, edit={"old": text(TEN, "edited\n")}, remove=["rival"])
    other = world.commit(base, edit={"old": text(TEN[:9], "other\n")})
    result = text("renamed\n", TEN, "edited\n")
    world.commit(renamed, edited, remove=["rival"], edit={"new": result})
    world.commit(edited, renamed, rename={"old": "new"}, edit={"new": result})
    world.commit(other, edited, renamed, remove=["old", "rival"], edit={"new": result})


@shape
def merge_that_renames(world: World) -> None:
    """No parent has the name; both have the content under another one."""
    base = world.commit(edit={"a": text(TEN), "b": text(numbered(9, "b"))})
    left = world.commit(base, edit={"a": text("left\n", TEN)})
    right = world.commit(base, edit={"a": text(TEN, "right\n")})
    world.commit(left, right, rename={"a": "c"}, edit={"c": text("left\n", TEN, "right\n")})
    world.commit(left, right, rename={"a": "c"})
    world.commit(left, right, remove=["a"], edit={"c": text(TEN, "right\n")})
    world.commit(left, right, rename={"a": "b", "b": "a"})


@shape
def rename_chain(world: World) -> None:
    """A file goes through three names, edited or not."""
    base = world.commit(edit={"a": text(TEN)})
    b = world.commit(base, rename={"a": "b"})
    c = world.commit(b, rename={"b": "dir/c"}, edit={"dir/c": text(TEN, "c\n")})
    d = world.commit(c, rename={"dir/c": "dir/sub/d"}, edit={"dir/sub/d": text("d\n", TEN, "c\n")})
    world.commit(d, rename={"dir/sub/d": "a"})


@shape
def swap_of_two_names(world: World) -> None:
    """Two files take each other's name: git sees two edits."""
    base = world.commit(edit={"a": text(TEN), "b": text(numbered(12, "b"))})
    swapped = world.commit(base, rename={"a": "b", "b": "a"})
    world.commit(swapped, edit={"a": text(numbered(12, "b"), "end\n")})


@shape
def names_go_round(world: World) -> None:
    """Three files pass their names on while one of them leaves the circle."""
    files = {name: text(numbered(12, name)) for name in "abc"}
    base = world.commit(edit=files)
    turned = world.commit(base, rename={"a": "b", "b": "c", "c": "d"})
    world.commit(turned, rename={"b": "a", "c": "b", "d": "c"})


@shape
def two_new_files_alike_one_deleted(world: World) -> None:
    """Git log gives the source to one new file, git blame to both."""
    base = world.commit(edit={"old": text(TEN), "z": "z\n"})
    world.commit(base, remove=["old"], edit={"n1": text(TEN, "1\n"), "n2": text("2\n", TEN)})
    world.commit(base, remove=["old"], edit={"n1": text(TEN), "n2": text(TEN)})
    world.commit(base, remove=["old"], edit={"n1": text(TEN), "n2": text("2\n", TEN)})
    world.commit(base, remove=["old"], edit={"n1": text(TEN[:6]), "n2": text(TEN[:7], "2\n")})


@shape
def two_deleted_files_alike_one_new(world: World) -> None:
    """The better source wins; the name decides between equals."""
    base = world.commit(
        edit={
            "one/name": text(TEN),
            "two/other": text(TEN),
            "three/name": text(TEN, "3\n"),
            "z": "z\n",
        }
    )
    gone = ["one/name", "two/other", "three/name"]
    world.commit(base, remove=gone, edit={"new/name": text(TEN)})
    world.commit(base, remove=gone, edit={"new/other": text(TEN)})
    world.commit(base, remove=gone, edit={"new/x": text(TEN)})
    world.commit(
        base, remove=gone, edit={"new/x": text(TEN, "3\n", "x\n"), "y/x": text(TEN, "y\n")}
    )
    world.commit(base, remove=gone, edit={"new/name": text(TEN, "x\n"), "y/name": text(TEN, "y\n")})


@shape
def base_names_compete(world: World) -> None:
    """A base name that two new files share counts for git blame, not for git log."""
    a = numbered(20, "a")
    base = world.commit(
        edit={"z/a.py": text(a[:16], numbered(4, "z")), "w/b.py": text(a), "k": "k\n"}
    )
    world.commit(
        base,
        remove=["z/a.py", "w/b.py"],
        edit={"x/a.py": text(a[:18], "x\n", a[19:]), "y/a.py": text(numbered(20, "y"))},
    )
    world.commit(
        base,
        remove=["z/a.py", "w/b.py"],
        edit={"x/a.py": text(a[:18], "x\n", a[19:]), "y/a.py": text(a[:15], numbered(5, "z"))},
    )


@shape
def copy_by_rename(world: World) -> None:
    """A copy beside its source is new to git blame; one of two moved copies is not."""
    base = world.commit(edit={"a": text(TEN), "z": "z\n"})
    copied = world.commit(base, edit={"copy": text(TEN, "more\n")})
    world.commit(copied, remove=["a"], edit={"moved": text(TEN)})


@shape
def mode_change(world: World) -> None:
    """A file becomes executable, alone, with an edit, with a rename."""
    base = world.commit(edit={"run": text(TEN), "b": "b\n"})
    on = world.commit(base, edit={"run": program(text(TEN))})
    edited = world.commit(on, edit={"run": program(text(TEN, "x\n"))})
    off = world.commit(edited, edit={"run": text("y\n", TEN)})
    moved = world.commit(off, remove=["run"], edit={"go": program(text("y\n", TEN))})
    world.commit(moved, off, edit={"go": program(text("y\n", TEN))})
    world.commit(on, base, edit={"run": program(text(TEN))})


@shape
def symlink_and_file(world: World) -> None:
    """A path is a file, a link, a file again: nothing is inherited across."""
    base = world.commit(edit={"p": "target\n", "t": link("target"), "k": "k\n"})
    turned = world.commit(base, edit={"p": link("target"), "t": "target"})
    back = world.commit(turned, edit={"p": "target\n", "t": "target\nmore\n"})
    world.commit(back, edit={"p": link("elsewhere"), "t": link("target")})


@shape
def symlinks_are_renamed(world: World) -> None:
    """Links move beside files that move, and beside files with the bytes of a link."""
    base = world.commit(
        edit={
            "l1": link("some/target"),
            "f1": text(TEN),
            "l2": link("other"),
            "g1": text(TEN, "g\n"),
            "same": "other",
        }
    )
    moved = world.commit(
        base, rename={"l1": "m1", "f1": "h1", "l2": "m2", "g1": "i1"}, edit={"h1": text(TEN, "h\n")}
    )
    world.commit(moved, remove=["m1"], edit={"h1": link("some/target")}, rename={"i1": "j1"})
    world.commit(base, remove=["same", "f1"], rename={"l2": "m2", "g1": "i1"})


@shape
def symlink_and_file_in_a_merge(world: World) -> None:
    """One parent has a link where the other has a file with the same bytes."""
    base = world.commit(edit={"p": "target", "q": text(TEN), "r": text(TEN, "r\n")})
    linked = world.commit(base, edit={"p": link("target"), "q": link("away")}, remove=["r"])
    edited = world.commit(base, edit={"q": text(TEN, "edited\n"), "p": "target\nmore\n"})
    world.commit(linked, edited, edit={"p": "target", "q": text(TEN, "edited\n")})
    world.commit(edited, linked, edit={"p": "target"}, remove=["r"])
    world.commit(linked, edited, edit={"p": link("target"), "q": text("new\n", TEN, "edited\n")})
    kept = world.commit(linked, edit={"s": text(TEN, "r\n")})
    world.commit(kept, edited, remove=["s"], edit={"q": text(TEN, "r\n", "merged\n")})


@shape
def submodules(world: World) -> None:
    """A submodule appears, moves on, becomes a folder and comes back."""
    digits = 64 if world.object_format == "sha256" else 40
    base = world.commit(edit={"a": text(TEN), "lib": submodule("1", digits=digits)})
    bumped = world.commit(base, edit={"lib": submodule("2", digits=digits), "a": text(TEN, "a\n")})
    inlined = world.commit(bumped, remove=["lib"], edit={"lib/a": text(TEN)})
    back = world.commit(inlined, remove=["lib/a"], edit={"lib": submodule("3", digits=digits)})
    plain = world.commit(back, edit={"lib": "now a file\n"})
    world.commit(bumped, plain, edit={"lib": submodule("4", digits=digits)})
    world.commit(plain, bumped, edit={"a": text("x\n", TEN)})


@shape
def empty_files(world: World) -> None:
    """Empty files appear, are filled, emptied, renamed and removed."""
    base = world.commit(edit={"e": "", "f": "", "g": text(TEN)})
    filled = world.commit(base, edit={"e": lines("a b"), "g": ""})
    moved = world.commit(filled, rename={"f": "h"}, edit={"g": text(TEN)})
    emptied = world.commit(moved, edit={"e": "", "h": "h\n"})
    world.commit(emptied, remove=["e"], edit={"i": "", "j": ""})


@shape
def no_final_newline(world: World) -> None:
    """The newline at the end of a file goes and comes."""
    base = world.commit(edit={"a": "one\ntwo", "b": "one"})
    added = world.commit(base, edit={"a": "one\ntwo\n", "b": "one\ntwo"})
    gone = world.commit(added, edit={"a": "one\ntwo\nthree", "b": "two"})
    both = world.commit(gone, edit={"a": "zero\none\ntwo\nthree", "b": "two\n"})
    other = world.commit(gone, edit={"a": "one\ntwo\nthree\nfour", "b": "2"})
    world.commit(both, other, edit={"a": "zero\none\ntwo\nthree\nfour", "b": "two\n2"})


@shape
def carriage_returns(world: World) -> None:
    """CRLF comes and goes, lone CR separates nothing."""
    dos = text(TEN).replace("\n", "\r\n")
    base = world.commit(edit={"a": text(TEN), "b": "one\rtwo\rthree\n"})
    to_dos = world.commit(base, edit={"a": dos, "b": "one\r2\rthree\r\n"})
    edited = world.commit(to_dos, edit={"a": dos.replace("line 4", "four"), "b": "\r\r\r"})
    world.commit(edited, edit={"a": text(TEN), "b": "\r\n\r\n\r"})


@shape
def binary_and_back(world: World) -> None:
    """Text becomes binary, text, binary and text; lines are found through it."""
    first = world.commit(edit={"a": text(TEN), "b": text(TEN)})
    second = world.commit(first, edit={"a": text(TEN[:5], "\0\n", TEN[5:])})
    third = world.commit(second, edit={"a": text(TEN[:5], "clean\n", TEN[5:])})
    fourth = world.commit(third, edit={"a": text(TEN[:5], "clean\n\0\n", TEN[5:])})
    fifth = world.commit(fourth, edit={"a": text(TEN[:5], "clean\n\0\0\n", TEN[5:], "x\n")})
    sixth = world.commit(fifth, edit={"a": text(TEN[:5], "clean\n", TEN[5:], "x\n", "y\n")})
    world.commit(sixth, edit={"a": text("top\n", TEN[:5], "clean\n", TEN[5:], "x\n", "y\n")})


@shape
def binary_from_the_start(world: World) -> None:
    """A file is born binary, is renamed, and becomes text."""
    first = world.commit(edit={"a": text("\0\n", TEN), "z": "z\n"})
    moved = world.commit(first, rename={"a": "b"})
    edited = world.commit(moved, edit={"b": text("\0\n", TEN, "bin\n")})
    again = world.commit(edited, rename={"b": "c"}, edit={"c": text("\0\n", TEN, "bin\n", "c\n")})
    clean = world.commit(again, edit={"c": text(TEN, "bin\n", "c\n")})
    world.commit(clean, edit={"c": text("top\n", TEN, "bin\n", "c\n")})


@shape
def binary_in_a_merge(world: World) -> None:
    """One side, both sides or the merge itself are binary; each has lines of its own."""
    base = world.commit(edit={"a": text(TEN)})
    left = world.commit(base, edit={"a": text("\0\n", TEN, "left\n")})
    right = world.commit(base, edit={"a": text("right\n", TEN)})
    other = world.commit(base, edit={"a": text("other\n", TEN, "\0\n")})
    clean = world.commit(left, right, edit={"a": text("right\n", TEN, "left\n", "own\n")})
    world.commit(clean, edit={"a": text("top\n", "right\n", TEN, "left\n", "own\n")})
    dirty = world.commit(right, left, edit={"a": text("\0\n", "right\n", TEN, "left\n")})
    world.commit(dirty, edit={"a": text("right\n", TEN, "left\n", "after\n")})
    both = world.commit(left, other, edit={"a": text("\0\n", "other\n", TEN, "left\n")})
    world.commit(both, edit={"a": text("other\n", TEN, "left\n", "after\n")})
    gone = world.commit(left, other, edit={"a": text("other\n", TEN, "left\n", "merged\n")})
    world.commit(gone, edit={"a": text("other\n", TEN, "left\n", "merged\n", "x\n")})
    third = world.commit(both, dirty, right, edit={"a": text("\0\0\n", "right\n", TEN, "z\n")})
    world.commit(third, edit={"a": text("right\n", TEN, "z\n")})


@shape
def binary_by_new_name_in_a_merge(world: World) -> None:
    """A merge adds a file under a name of no parent while contents are binary."""
    base = world.commit(edit={"a": text("\0\n", TEN)})
    left = world.commit(base, edit={"k": "k\n"})
    right = world.commit(base, edit={"a": text("\0\n", TEN, "right\n")})
    merge = world.commit(left, right, rename={"a": "b"}, edit={"b": text("\0\n", TEN, "m\n")})
    world.commit(merge, edit={"b": text(TEN, "m\n")})


@shape
def odd_bytes(world: World) -> None:
    """Form feeds, vertical tabs, lone CR, NUL far from the start, broken UTF-8."""
    base = world.commit(
        edit={
            "ff": "one\ftwo\n\f\nthree\v\n",
            "late": text("x" * 9000, "\n", "\0\n"),
            "latin": b"caf\xe9\n\xff\xfe\nend\n",
            "sep": "a\u2028b\u2029c\u0085d\x1ce\x1df\n",
        }
    )
    world.commit(
        base,
        edit={
            "ff": "one\ftwo\n\f\f\nthree\v\n\f",
            "late": text("x" * 9000, "\n", "\0\n", "\0\0\n"),
            "latin": b"caf\xe9\n\xff\xfe\xfd\nend\n",
            "sep": "a\u2028b\u2029c\u0085d\x1ce\x1df\n\u2028\n",
        },
    )


IMITATION = [
    "--- a/x\n",
    "+++ b/x\n",
    "@@ -1 +1 @@\n",
    "@@ -0,0 +1,500 @@ def f():\n",
    "diff --git a/x b/x\n",
    "index 1234567..89abcde 100644\n",
    "Binary files a/x and b/x differ\n",
    "\\ No newline at end of file\n",
    "0123456789abcdef0123456789abcdef01234567\n",
    "0123456789abcdef0123456789abcdef01234567 89abcdef0123456789abcdef0123456789abcdef\n",
    "89abcdef" * 8 + "\n",
    (
        ":100644 100644 0123456789abcdef0123456789abcdef01234567 "
        "89abcdef0123456789abcdef0123456789abcdef M\tx\n"
    ),
    "end-of-answer\n",
    "rename from x\n",
    "+\n",
    "-\n",
    "\n",
]


@shape
def content_that_imitates_diffs(world: World) -> None:
    """Lines that look like headers are lines; they come, go and lose their newline."""
    base = world.commit(edit={"x": text(IMITATION), "y": text(TEN), "z": "end-of-answer"})
    turned = world.commit(base, edit={"x": text(IMITATION[::-1]), "z": "end-of-answer\n"})
    half = world.commit(turned, edit={"x": text(IMITATION[::2]).rstrip("\n"), "y": text(IMITATION)})
    swapped = world.commit(half, edit={"x": text(IMITATION[1::2]), "y": text(IMITATION[8]).strip()})
    cut = world.commit(swapped, edit={"y": text(IMITATION[8])})
    side = world.commit(swapped, edit={"y": text(IMITATION[::3]).rstrip("\n")})
    world.commit(cut, side, edit={"y": text(IMITATION[::3], IMITATION[8]).rstrip("\n")})


ODD_NAMES = [
    "line\nfeed",
    "tab\there",
    'quo"te',
    "back\\slash",
    "-dash",
    "--option=x",
    " space ",
    "a -> b",
    "0123456789abcdef0123456789abcdef01234567",
    "89abcdef" * 8,
    "dir/0123456789abcdef0123456789abcdef01234567",
    ":100644 100644 x",
    ":(glob)*",
    "*",
    "a=>b",
    "{a => b}",
    "@@ -1 +1 @@",
    "\r",
    "new\n\n:line",
    "x\n0123456789abcdef0123456789abcdef01234567",
    "index 0",
    "tr\u00e9s",
    "\u2028",
    "a.b",
    "a/b",
    "a-b",
    "\x01\x7f",
]
ODD_BYTES = [b"\xff\xfe", b"caf\xe9/\xe9", b"\xc3\x28.py"]


@shape
def odd_names(world: World) -> None:
    """Names with every trouble, edited, renamed into each other, removed."""
    names = [*ODD_NAMES, *(name.decode("utf-8", "surrogateescape") for name in ODD_BYTES)]
    plain = {name: text(numbered(8, f"{place}")) for place, name in enumerate(names)}
    base = world.commit(edit=plain)
    second = world.commit(base, edit={name: body + "edited\n" for name, body in plain.items()})
    turned = dict(zip(ODD_NAMES, [f"{name}\nmoved" for name in ODD_NAMES], strict=True))
    third = world.commit(second, rename=turned)
    world.commit(third, remove=[turned[name] for name in ODD_NAMES[::2]])


@shape
def odd_names_in_merges(world: World) -> None:
    """Merges one after the other whose paths look like headers and ids."""
    names = [*ODD_NAMES, "z"]
    tip = world.commit(edit={n: text(TEN) for n in names})
    for number in range(3):
        left = world.commit(tip, edit={n: text(f"l{number}\n", TEN) for n in names})
        right = world.commit(tip, edit={n: text(TEN, f"r{number}\n") for n in names})
        merged = {n: text(f"l{number}\n", TEN, f"r{number}\n") for n in names}
        tip = world.commit(left, right, edit=merged)
    left = world.commit(tip, edit={":x": "x\n"})
    right = world.commit(tip, edit={":y": "y\n"})
    tip = world.commit(left, right, edit={":y": "y\n"})
    left = world.commit(tip, edit={":x": "x\nl\n"})
    right = world.commit(tip, edit={":x": "r\nx\n"})
    tip = world.commit(left, right, edit={":x": "r\nx\nl\n"})
    world.commit(tip, left, edit={":x": "end\n"})


@shape
def whitespace_only(world: World) -> None:
    """Indentation, trailing blanks, inner blanks, empty lines and tabs change alone."""
    code = ["def f(a, b):\n", "    if a:\n", "        return b\n", "\n", "    return a\n"]
    base = world.commit(edit={"a": text(code), "b": text(code)})
    indented = world.commit(base, edit={"a": text(["    " + line for line in code])})
    tabs = world.commit(
        indented, edit={"a": text(code).replace("    ", "\t"), "b": text(code, "\n\n")}
    )
    trailing = world.commit(
        tabs, edit={"a": text(code).replace("\n", "  \n"), "b": text("\n", code)}
    )
    inner = world.commit(trailing, edit={"a": text(code).replace(" ", ""), "b": text(code)})
    mixed = world.commit(inner, edit={"a": text("new\n", ["\t" + line for line in code], "new")})
    left = world.commit(mixed, edit={"a": text("new\n", code, "new")})
    right = world.commit(mixed, edit={"a": text("new\n", [" " + line for line in code], "end\n")})
    world.commit(left, right, edit={"a": text(" new\n", ["  " + line for line in code], " end\n")})
    world.commit(right, left, rename={"a": "c"}, edit={"c": text("new\n", code, " end \n")})


@shape
def revert(world: World) -> None:
    """A revert gives lines to itself, except where a merge brings them back."""
    base = world.commit(edit={"a": text(TEN)})
    cut = world.commit(base, edit={"a": text(TEN[:3], TEN[7:])})
    back = world.commit(cut, edit={"a": text(TEN)})
    world.commit(cut, base, edit={"a": text(TEN)})
    world.commit(back, cut, edit={"a": text(TEN, "x\n")})


@shape
def deleted_and_added_again(world: World) -> None:
    """A file comes back with the same bytes: new lines, unless a parent still has it."""
    base = world.commit(edit={"a": text(TEN), "z": "z\n"})
    gone = world.commit(base, remove=["a"])
    again = world.commit(gone, edit={"a": text(TEN)})
    world.commit(gone, base, edit={"a": text(TEN)})
    world.commit(gone, base, edit={"a": text(TEN, "more\n")})
    world.commit(again, base, edit={"a": text(TEN, "more\n")})
    world.commit(base, gone, edit={"a": text(TEN, "more\n")})


@shape
def file_and_folder(world: World) -> None:
    """A file makes room for a folder of its name, and back."""
    base = world.commit(edit={"a": text(TEN), "a.b": "x\n", "z": "z\n"})
    folder = world.commit(base, remove=["a"], edit={"a/b": text(TEN), "a/c": lines("c")})
    back = world.commit(folder, remove=["a/b", "a/c"], edit={"a": text(TEN, "back\n")})
    world.commit(folder, back, edit={"a/b": text(TEN, "back\n")})
    world.commit(back, folder, edit={"a": text(TEN, "back\n", "c\n")})


@shape
def very_long_lines(world: World) -> None:
    """Lines of a megabyte, with and without an end."""
    long = "x" * 1_200_000
    base = world.commit(edit={"a": f"one\n{long}\ntwo\n", "b": long})
    edited = world.commit(base, edit={"a": f"one\n{long}y\ntwo\n", "b": f"{long}\nmore\n"})
    world.commit(edited, edit={"a": f"{long}y\ntwo\nthree\n", "b": f"first\n{long}\n"})


@shape
def fifty_branches_alive(world: World) -> None:
    """Fifty tips live side by side, then come together pairwise."""
    base = world.commit(edit={f"f{i}": text(TEN) for i in range(5)})
    tips = [
        world.commit(base, edit={f"f{i % 5}": text(TEN[: i % 9], f"branch {i}\n", TEN[i % 9 :])})
        for i in range(50)
    ]
    for left, right in zip(tips[:16:2], tips[1:16:2], strict=True):
        world.commit(left, right, edit={f"f{left % 5}": text(TEN, f"merge {left}\n")})


@shape
def a_merge_that_changes_nothing(world: World) -> None:
    """Parents that are the same tree, or a parent that is an ancestor."""
    base = world.commit(edit={"a": text(TEN)})
    same = world.commit(base)
    other = world.commit(base, message="")
    merge = world.commit(same, other)
    world.commit(merge, base, edit={"a": text(TEN, "x\n")})
    world.commit(base, merge)


@shape
def everything_goes(world: World) -> None:
    """A commit without a single file, and a start that is empty."""
    empty = world.commit()
    full = world.commit(empty, edit={"a": text(TEN)})
    none = world.commit(full, remove=["a"])
    world.commit(none, edit={"a": text(TEN)})
    world.commit(none, full)


@shape
def clocks_run_backwards(world: World) -> None:
    """Children older than their parents; merges between them."""
    base = world.commit(edit={"a": text(TEN)}, hours=1000)
    left = world.commit(base, edit={"a": text("left\n", TEN)}, hours=-500)
    right = world.commit(base, edit={"a": text(TEN, "right\n")}, hours=500)
    merge = world.commit(left, right, edit={"a": text("left\n", TEN, "right\n")}, hours=-900)
    world.commit(merge, edit={"a": text("left\n", TEN[:5], "right\n")}, hours=-1000)


@shape
def a_parent_twice(world: World) -> None:
    """A merge that names one parent more than once."""
    base = world.commit(edit={"a": text(TEN)})
    left = world.commit(base, edit={"a": text("left\n", TEN)})
    right = world.commit(base, edit={"a": text(TEN, "right\n"), "b": "b\n"})
    twice = world.commit(left, left, edit={"a": text("left\n", TEN, "x\n")})
    world.commit(twice, right, left, right, edit={"a": text("left\n", TEN, "x\n", "right\n")})
    world.commit(right, right)


@shape
def many_parents(world: World) -> None:
    """Thirty parents, each with a line of its own and one file that only it has."""
    base = world.commit(edit={"a": text(TEN)})
    arms = [world.commit(base, edit={"a": text(TEN, f"{n}\n"), f"n{n}": "n\n"}) for n in range(30)]
    merge = world.commit(*arms, edit={"a": text(TEN, [f"{n}\n" for n in range(30)], "own\n")})
    world.commit(merge, *arms[:9], edit={"a": text([f"{n}\n" for n in range(30)], TEN)})


@shape
def a_folder_moves(world: World) -> None:
    """Files with few different names move together, some edited, some emptied, some alike."""
    names = ["__init__.py", "a.py", "sub/__init__.py", "sub/a.py", "sub/b.py", "x/__init__.py"]
    files = {f"old/{name}": text(numbered(9, name)) for name in names}
    same = {f"old/{n}/__init__.py": text(TEN) for n in range(4)}
    base = world.commit(edit={**files, **same, "old/e": "", "old/f": "", "k": "k\n"})
    moved = {
        f"old/{n}": f"new/{n}" for n in [*names, "e", "f", *map("{}/__init__.py".format, range(4))]
    }
    world.commit(base, rename=moved)
    edited = {f"new/{name}": text(numbered(9, name)[2:], "edited\n") for name in names}
    world.commit(base, rename=moved, edit=edited)
    alike = {f"new/{n}/__init__.py": text(TEN[n:], f"{n}\n") for n in range(4)}
    world.commit(base, rename=moved, edit={**edited, **alike})
    world.commit(base, rename=moved, edit={**alike, "new/z/__init__.py": text(TEN, "z\n")})
    half = {old: new for old, new in moved.items() if "__init__" in old}
    world.commit(base, rename=half, edit={**alike, "new/z/__init__.py": text(TEN)})


@shape
def base_names_and_exact_moves(world: World) -> None:
    """A source that an exact move took away still competes for git blame."""
    a = numbered(20, "a")
    base = world.commit(
        edit={
            "z/a.py": text(a[:17], numbered(3, "z")),
            "w/a.py": text(numbered(8, "w")),
            "k/b.py": text(a),
            "m": "m\n",
        }
    )
    gone = ["z/a.py", "w/a.py", "k/b.py"]
    best = text(a[:19], "x\n")
    world.commit(base, remove=gone, edit={"x/a.py": best, "y/c.py": text(numbered(8, "w"))})
    world.commit(base, remove=gone, edit={"x/a.py": best, "y/a.py": text(numbered(8, "w"))})
    world.commit(base, remove=gone, edit={"x/b.py": best, "y/b.py": text(a), "y/a.py": best})
