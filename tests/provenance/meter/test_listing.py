"""Words become paths of a revision: files, folders, and the nearest name for a slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import UsageError
from provenance.meter.listing import select_paths

NAMES = st.text("abc.-_ \udce9\n*?[é", min_size=1, max_size=6).filter(
    lambda name: name.strip("./") == name and name
)


def _is_tree(paths: list[str]) -> bool:
    """Whether no path is a file and a folder at once."""
    return not any(one != other and other.startswith(f"{one}/") for one in paths for other in paths)


TREES = st.lists(
    st.lists(NAMES, min_size=1, max_size=4).map("/".join), min_size=1, max_size=12, unique=True
).filter(_is_tree)


@given(TREES, st.data())
def test_every_path_names_itself(paths: list[str], data: st.DataObject) -> None:
    """Whatever a file is called, its own path finds it first; nothing is a pattern."""
    wanted = data.draw(st.sampled_from(paths))

    assert select_paths(paths, [wanted])[0] == wanted


@given(TREES)
def test_the_root_names_everything_in_order(paths: list[str]) -> None:
    """A dot is the whole tree, as it was listed."""
    assert select_paths(paths, ["."]) == paths


@given(TREES, st.data())
def test_a_folder_names_what_lies_below_it(paths: list[str], data: st.DataObject) -> None:
    """Below a folder lie exactly the paths that begin with it."""
    folder = data.draw(st.sampled_from(paths)).rpartition("/")[0]
    below = [path for path in paths if not folder or path.startswith(f"{folder}/")]
    found = select_paths(paths, [f"{folder}/" if folder else "."])

    assert [path for path in found if path != folder] == below


def test_where_the_reader_stands_comes_first() -> None:
    """As with git: the current folder, then the root; ``..`` leads up."""
    paths = ["a/x.py", "b/x.py", "x.py"]

    assert select_paths(paths, ["x.py"], folder="b") == ["b/x.py"]
    assert select_paths(paths, ["a/x.py"], folder="b") == ["a/x.py"]
    assert select_paths(paths, ["../x.py"], folder="b") == ["x.py"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [("train/lop.py", "did you mean 'train/loop.py'?"), ("zzz", "git ls-tree")],
)
def test_a_slip_gets_the_nearest_name(word: str, hint: str) -> None:
    """The hint is a name that is there, or how to list them."""
    with pytest.raises(UsageError) as caught:
        select_paths(["train/loop.py"], [word])

    assert hint in caught.value.hint
