"""A lab's own map."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import UsageError
from provenance.stages.pins import StagePin, parse_pins, pin_of, pins_digest
from provenance.terms.stages import Stage


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("a/**", "a/b/c.py", True),
        ("a/**", "ab/c.py", False),
        ("a", "a/b.py", True),
        ("a/", "a/b.py", True),
        ("/a", "a/b.py", True),
        ("a/*.py", "a/b.py", True),
        ("a/*.py", "a/b/c.py", False),
        ("**/test_*.py", "test_x.py", True),
        ("**/test_*.py", "a/b/test_x.py", True),
        ("a?c", "abc", True),
        ("a.c", "abc", False),
        ("[x].py", "[x].py", True),
    ],
)
def test_globs(glob: str, path: str, matches: bool) -> None:
    """``*`` stays in a folder, ``**`` crosses folders, a folder means all below it."""
    assert (pin_of(path, (StagePin(glob, Stage.MODEL),)) is not None) is matches


def test_later_lines_are_exceptions() -> None:
    """As in CODEOWNERS, the last matching line wins."""
    pins = (StagePin("a/**", Stage.MODEL), StagePin("a/b/**", Stage.SERVING))
    found = pin_of("a/b/c.py", pins)

    assert found is not None
    assert found.stage is Stage.SERVING


def test_entries_become_pins() -> None:
    """``infra`` without a part is compute."""
    pins = parse_pins(
        [{"glob": "eval/**", "stage": "evaluation"}, {"glob": "ops/**", "stage": "infra"}]
    )

    assert pins == (
        StagePin("eval/**", Stage.EVALUATION),
        StagePin("ops/**", Stage.INFRA, "compute"),
    )


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"glob": "a", "stage": "evalution"}, "did you mean 'evaluation'?"),
        ({"glob": "a", "stage": "infra", "sub": "storag"}, "did you mean 'storage'?"),
        ({"globb": "a", "stage": "model"}, "did you mean 'glob'?"),
        ({"glob": "", "stage": "model"}, "glob ="),
        ({"glob": "a"}, "stage ="),
        ({"glob": "a", "stage": "model", "sub": "repo"}, "remove sub"),
        ({"glob": "a", "stage": "zzz"}, "known: "),
    ],
)
def test_mistakes_name_the_nearest_word(entry: dict[str, object], words: str) -> None:
    """A typing error costs one reading of the message."""
    with pytest.raises(UsageError) as caught:
        parse_pins([entry])

    assert words in caught.value.hint
    assert caught.value.slug == "stage-map"


@given(glob=st.text(max_size=30), path=st.text(max_size=60))
def test_any_glob_can_be_asked(glob: str, path: str) -> None:
    """No glob is an error once it is a pin."""
    pin_of(path, (StagePin(glob, Stage.MODEL),))


def test_hostile_globs_are_answered_in_time() -> None:
    """Stars do not multiply."""
    pins = (StagePin("**/" * 12 + "*a" * 4 + "b", Stage.MODEL),)
    started = time.process_time()
    pin_of("a/" * 60 + "a" * 60, pins)

    assert time.process_time() - started < 2.0


def test_the_digest_of_a_map_sees_every_line_and_their_order() -> None:
    """Order decides, so it is part of what is named."""
    one, two = StagePin("a", Stage.MODEL), StagePin("b", Stage.INFRA, "repo")

    assert len({pins_digest(pins) for pins in ((), (one,), (one, two), (two, one))}) == 4
