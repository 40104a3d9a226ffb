"""The invented history is one that the books can be right about."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

from provenance.demo.build import Book, build
from provenance.demo.lines import joined
from provenance.demo.story import read
from provenance.history import process


def test_no_line_of_a_file_occurs_twice(book: Book) -> None:
    """No diff can take one line for another, so the origin of each is beyond dispute."""
    for made in book.commits:
        for path, lines in made.tree.items():
            texts = [line.text for line in lines if path != "provenance.toml"]

            assert len(set(texts)) == len(texts), path


def test_a_maker_never_changes(book: Book) -> None:
    """Formatters, squashes and moves change owners, not who thought a line out."""
    makers: dict[tuple[str, str], str] = {}
    for made in book.commits:
        for path, lines in made.tree.items():
            for line in lines:
                if path != "provenance.toml":
                    key = (path.replace("loop.py", "pretrain.py"), line.text.strip())
                    assert makers.setdefault(key, line.maker) == line.maker


def test_owners_lie_in_the_past_of_their_commit(book: Book) -> None:
    """Every line is owned by the commit that holds it or by one before."""
    for number, made in enumerate(book.commits):
        assert all(line.owner <= number for lines in made.tree.values() for line in lines)


def test_dates_run_forward_for_three_years() -> None:
    """One commit after the other; the first and the last are three years apart."""
    seconds = [step.second for step in read()]

    assert seconds == sorted(set(seconds))
    assert 2.9 < (seconds[-1] - seconds[0]) / 86400 / 365.25 < 3.1


def test_what_the_command_points_at_is_there() -> None:
    """The formatter, the silent months and the next model are in the months it names."""
    silent, formats, newest = set(), set(), []
    for step in read():
        month = f"{datetime.fromtimestamp(step.second, UTC):%Y-%m}"
        silent |= {month} if not step.hand.said else set()
        formats |= {month} if step.formats else set()
        newest += [month] if step.hand.model == "lark-2" else []

    assert formats == {"2025-01"}
    assert silent == {"2025-04", "2025-05", "2025-06", "2026-01"}
    assert newest[0] == "2025-11"


def test_the_code_is_python(book: Book) -> None:
    """Every file of every commit can be parsed."""
    for made in book.commits:
        for path, lines in made.tree.items():
            if path.endswith(".py"):
                ast.parse("\n".join(line.text for line in lines))


def test_the_repository_holds_what_the_books_hold(book: Book) -> None:
    """Files at the head are byte for byte those of the books, and git finds no fault."""
    for path, lines in book.head.tree.items():
        content = process.run(book.folder, "cat-file", "blob", f"HEAD:{path}")

        assert content == "".join(f"{line.text}\n" for line in lines).encode()
    process.run(book.folder, "fsck", "--strict", "--no-progress")


def test_another_build_has_the_same_ids(book: Book, tmp_path: Path) -> None:
    """Neither place nor time of day gets into the history."""
    assert build(tmp_path).ids == book.ids


def test_a_branch_comes_in_beside_what_happened_meanwhile(book: Book) -> None:
    """Both sides' lines are there, and what either took away is gone."""
    base = book.commits[0].tree["data/crawl/fetch.py"]
    ours, theirs = base[:-1], base[1:]

    assert joined(ours, theirs, base) == base[1:-1]
    assert joined(base, base, base) == base
