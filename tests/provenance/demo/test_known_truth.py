"""Every figure of the demo that can be known is held against the builder's own books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from provenance.demo.build import Book, Made
from provenance.demo.files import FILES
from provenance.demo.lines import Line
from provenance.demo.truth import author_type, commit_type, line_type, named_model, truth
from provenance.meter.measure import measure
from provenance.meter.settings import Options
from provenance.metrics.measurement import Measurement
from provenance.terms.authors import AuthorType
from provenance.terms.changes import Lens
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import DEFAULT_FACETS, Facet, Stage

Placed = tuple[str, Line]
"""A line and its path."""


def lines_of(made: Made) -> Iterator[Placed]:
    for path, lines in made.tree.items():
        yield from ((path, line) for line in lines)


def pipeline_code(placed: Iterable[Placed]) -> list[Placed]:
    return [
        (path, line)
        for path, line in placed
        if FILES[path].facet in DEFAULT_FACETS and line.is_code
    ]


def kind(book: Book, line: Line) -> str:
    return line_type(book, line)


def counts(book: Book, placed: Iterable[Placed]) -> Counts:
    return Counts(**Counter(kind(book, line) for _, line in placed))


def own(book: Book, placed: Iterable[Placed]) -> Own:
    """Count lines of the own family by what their commits say."""
    said: Counter[str] = Counter()
    for _, line in placed:
        mine = (named_model(book, line) or "").startswith("lark")
        decided = kind(book, line)
        said[decided if mine or decided == "unattested" else "other"] += 1
    declared = said["ai"] + said["assisted"]
    return Own(said["ai"], declared, declared + said["unattested"])


def chain(book: Book) -> list[int]:
    return [n for n, made in enumerate(book.commits) if made.step.branch == "main"]


def reach(book: Book, commit: int) -> set[int]:
    seen: set[int] = set()
    todo = [commit]
    while todo:
        number = todo.pop()
        if number not in seen:
            seen.add(number)
            todo += book.commits[number].parents
    return seen


def month(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m}"


def windows(book: Book) -> dict[tuple[str, str], tuple[int, int | None]]:
    """Return the commit of every point, and that of the point at which its flow begins."""
    main = chain(book)
    last = {month(book.commits[n].step.second): n for n in main}
    first_year, first_month = map(int, min(last).split("-"))
    found: dict[tuple[str, str], tuple[int, int | None]] = {}
    before: int | None = None
    for place in range(36):
        years, rest = divmod(first_month - 1 + place, 12)
        label = f"{first_year + years}-{rest + 1:02}"
        if label == max(last):
            break
        now = last.get(label, before)
        assert now is not None
        found["month", label] = (now, before)
        before = now
    found["head", "HEAD"] = (main[-1], before)
    before = None
    for number in main:
        tag = book.commits[number].step.tag
        if tag:
            found["release", tag] = (number, before)
            before = number
    return found


def test_the_points_are_the_months_the_releases_and_the_head(
    book: Book, measured: Measurement
) -> None:
    """No month is missing although some have no commit."""
    points = {(point.kind, point.at): point.commit for point in measured.stock}

    assert points == {key: book.ids[now] for key, (now, _) in windows(book).items()}
    assert len(points) == 35 + 5 + 1


def test_stock_is_what_the_books_hold_at_every_point(book: Book, measured: Measurement) -> None:
    """Author types, own figures and tests agree to the line, in every month and release."""
    known = windows(book)
    for point in measured.stock:
        made = book.commits[known[point.kind, point.at][0]]
        alive = list(lines_of(made))
        tests = [
            (path, line) for path, line in alive if FILES[path].facet is Facet.TEST and line.is_code
        ]

        assert point.counts == counts(book, pipeline_code(alive)), point.at
        assert point.own == own(book, pipeline_code(alive)), point.at
        assert point.tests == counts(book, tests), point.at
        assert datetime.fromisoformat(point.date).timestamp() == made.step.second


def test_stages_are_what_the_inventor_meant_at_every_point(
    book: Book, measured: Measurement
) -> None:
    """Also for a file that has moved since."""
    known = windows(book)
    for point in measured.stock:
        by_stage: dict[Stage, list[Placed]] = {}
        for path, line in pipeline_code(lines_of(book.commits[known[point.kind, point.at][0]])):
            by_stage.setdefault(FILES[path].stage, []).append((path, line))
        said = {
            stage: (figures.counts, figures.own)
            for stage, figures in point.by_stage.items()
            if figures.counts.total  # others are only possible: by a second choice or by chance
        }

        assert said == {
            stage: (counts(book, placed), own(book, placed)) for stage, placed in by_stage.items()
        }, point.at


def test_loop_tiers_are_those_of_the_paths(book: Book, measured: Measurement) -> None:
    """What makes or grades the next model, what is beside it, and what keeps the repository."""
    outside = {"requirements.txt": "L0", "provenance.toml": "L0"}
    beside = dict.fromkeys((Stage.TRACKING, Stage.SAFETY, Stage.SERVING), "L2")
    known: dict[str, list[Placed]] = {}
    for path, line in pipeline_code(lines_of(book.head)):
        tier = outside.get(path) or beside.get(FILES[path].stage, "L1")
        known.setdefault(tier, []).append((path, line))

    assert {tier.value: f.counts for tier, f in measured.head.by_tier.items()} == {
        tier: counts(book, placed) for tier, placed in known.items()
    }


def test_the_truth_lies_between_floor_and_ceiling_at_every_point(
    book: Book, measured: Measurement
) -> None:
    """Silent models, mixed hands, squashes and the formatter move the bounds, never past it."""
    known = windows(book)
    for point in measured.stock:
        true = truth(book.commits[known[point.kind, point.at][0]])

        assert point.counts.total == true.whole
        assert point.counts.floor <= true.ai <= point.counts.ceiling, point.at
        assert point.own.floor <= true.own <= point.own.ceiling, point.at


def test_the_interval_is_needed(book: Book, measured: Measurement) -> None:
    """At the head the truth lies above what is declared: the marks do not tell all."""
    true = truth(book.head)

    assert measured.head.counts.floor < measured.head.counts.declared < true.ai
    assert true.ai < measured.head.counts.ceiling < measured.head.counts.total


def test_flow_is_what_the_commits_of_a_window_wrote(book: Book, measured: Measurement) -> None:
    """Added lines, and those of them that live on at the end of the window."""
    known = windows(book)
    assert len(measured.flow) == len(known)
    for window in measured.flow:
        now, before = known[window.kind, window.end]
        members = reach(book, now) - (reach(book, before) if before is not None else set())
        written = [
            (path, line)
            for number in members
            for path, line in lines_of(book.commits[number])
            if line.owner == number and FILES[path].facet in DEFAULT_FACETS
        ]
        alive = [
            (path, line)
            for path, line in pipeline_code(lines_of(book.commits[now]))
            if line.owner in members
        ]

        assert window.commits == len(members), window.end
        assert window.added == counts(book, written), window.end
        assert window.added_own == own(book, written), window.end
        assert window.counts == counts(book, alive), window.end
        assert window.own == own(book, alive), window.end


def test_generations_are_the_models_that_the_commits_name(
    book: Book, measured: Measurement
) -> None:
    """Two generations of the lab and one model from elsewhere, at the head and over time."""
    known = windows(book)
    assert [g.model for g in measured.generations] == ["lark-2", "lark-1", "quill-3"]
    for generation in measured.generations:
        assert generation.model is not None

        def named(made: Made, model: str = generation.model) -> list[Placed]:
            return [
                (path, line)
                for path, line in pipeline_code(lines_of(made))
                if named_model(book, line) == model
            ]

        head = named(book.head)
        first = min(
            book.commits[n].step.second
            for n in reach(book, chain(book)[-1])
            if any(
                line.owner == n and named_model(book, line) == generation.model
                for _, line in lines_of(book.commits[n])
            )
        )

        assert counts(book, head) == Counts(ai=generation.ai, assisted=generation.assisted)
        assert generation.own == generation.model.startswith("lark")
        assert generation.first_seen == f"{datetime.fromtimestamp(first, UTC):%Y-%m-%d}"
        assert generation.by_stage == Counter(FILES[path].stage for path, _ in head)
        assert dict(generation.alive) == {
            at: len(named(book.commits[now]))
            for (period, at), (now, _) in known.items()
            if period != "release"
        }


def test_every_file_has_its_lines_its_facet_and_its_stage(
    book: Book, measured: Measurement
) -> None:
    """Also tests, which stand beside the denominator; documents are outside."""
    said = {f.path: (f.facet, f.stage, f.lines, f.counts) for f in measured.files}

    assert said == {
        path: (
            FILES[path].facet,
            FILES[path].stage,
            len(lines),
            counts(book, [(path, line) for line in lines if line.is_code]),
        )
        for path, lines in book.head.tree.items()
        if FILES[path].facet is not Facet.DOCS
    }


def test_what_lies_outside_is_listed_and_the_whole_is_everything(
    book: Book, measured: Measurement
) -> None:
    """Exclusions and denominator make up the tree, by author type."""
    outside: dict[Facet, Counts] = {}
    for path, lines in book.head.tree.items():
        facet = FILES[path].facet
        if facet not in DEFAULT_FACETS:
            found = counts(book, [(path, line) for line in lines])
            outside[facet] = outside.get(facet, Counts()) + found

    assert {item.facet: item.counts for item in measured.exclusions} == outside
    assert measured.everything == counts(book, lines_of(book.head))
    assert measured.not_measured == ()


def test_the_ladder_adds_up_to_the_head(book: Book, measured: Measurement) -> None:
    """Lines and commits by deciding evidence are those of the books."""
    lines: Counter[str] = Counter()
    commits: Counter[str] = Counter()
    for step in measured.ladder:
        lines[step.author_type] += step.lines
        commits[step.author_type] += step.commits
    known: Counter[str] = Counter()
    for number in reach(book, chain(book)[-1]):
        made = book.commits[number]
        kinds = {kind(book, line) for _, line in lines_of(made) if line.owner == number}
        known.update(kinds if book.recorded and made.step.noted else [author_type(made.step.hand)])

    assert commits == known
    assert lines == Counter({name: measured.head.counts.of(AuthorType(name)) for name in commits})


def gone(book: Book) -> Counter[tuple[str, str]]:
    """Return the lines that commits took away, by kind of line and of commit, once each.

    A line is known by the path at its birth, its text and its owner; of two branches that
    remove it, the earlier one did; what is alive at the head is not gone.
    """
    removers: dict[tuple[str, str, int], tuple[str, str, str]] = {}
    born: list[dict[str, str]] = []
    for number, made in enumerate(book.commits):
        back = {new: old for old, new in made.step.moves}
        names = {path: path for path in made.tree}
        for parent in reversed(made.parents):
            names |= {
                p: born[parent][q] for p in made.tree if (q := back.get(p, p)) in born[parent]
            }
        born.append(names)
        if len(made.parents) != 1 or number not in reach(book, chain(book)[-1]):
            continue
        parent = made.parents[0]
        for path, line in lines_of(book.commits[parent]):
            now = next((new for new, old in back.items() if old == path), path)
            key = (born[parent][path], line.text, line.owner)
            if FILES[path].facet in DEFAULT_FACETS and line not in made.tree.get(now, ()):
                removers.setdefault(key, (kind(book, line), commit_type(book, number), now))
    for path, line in lines_of(book.head):
        removers.pop((born[chain(book)[-1]][path], line.text, line.owner), None)
    return Counter((old, new) for old, new, _ in removers.values())


def test_who_replaces_whom_is_what_the_books_say(book: Book, measured: Measurement) -> None:
    """Each departed line counts once, for the earliest commit that removed it."""
    said = {(item.old, item.new): item.lines for item in measured.replacements}

    assert said == gone(book)
    assert said["unattested", "ai"] > said["ai", "ai"] > 0


def test_notes_are_read_line_by_line(book: Book, measured: Measurement) -> None:
    """Five commits were recorded; every line the notes name was really added."""
    noted = [n for n, made in enumerate(book.commits) if made.step.noted]
    assert len(noted) == 5
    if not book.recorded:
        assert measured.records == ()
        return
    (figures,) = measured.records
    by_ai = [
        (n, line)
        for n in noted
        for _, line in lines_of(book.commits[n])
        if line.owner == n and kind(book, line) == "ai"
    ]
    commits = len({n for n, _ in by_ai})

    assert (figures.rule, figures.total, figures.reachable) == ("git-ai", 5, 5)
    assert figures.commits == commits == 4
    assert figures.named_lines == figures.added_lines == len(by_ai)
    assert figures.unusable == measured.disputed_lines == 0


def test_the_story_holds_what_makes_histories_hard(book: Book, measured: Measurement) -> None:
    """Squashes, merges with lines of their own, a move, a formatter, a bot, silent models."""
    steps = [made.step for made in book.commits]
    merges = [n for n, made in enumerate(book.commits) if len(made.parents) > 1]

    assert measured.repository.commits == len(reach(book, chain(book)[-1])) < len(steps)
    assert measured.repository.merges == len(merges)
    assert any(line.owner in merges for _, line in lines_of(book.head))
    assert sum(step.squash is not None for step in steps) == 2
    assert any(step.moves for step in steps)
    assert any(step.formats for step in steps)
    assert any(not step.hand.said for step in steps)
    assert any(author_type(step.hand) == "automation" for step in steps)


def squeezed(book: Book) -> list[dict[str, dict[str, int]]]:
    """Return who wrote what is left of every line without its spaces, from the texts alone."""
    found: list[dict[str, dict[str, int]]] = []
    for number, made in enumerate(book.commits):
        back = {new: old for old, new in made.step.moves}
        tree: dict[str, dict[str, int]] = {}
        for path, lines in made.tree.items():
            before: dict[str, int] = {}
            for parent in reversed(made.parents):
                before |= found[parent].get(back.get(path, path), {})
            tree[path] = {
                key: before.get(key, number)
                for key in ("".join(line.text.split()) for line in lines)
            }
        found.append(tree)
    return found


def test_the_other_lens_sees_through_the_formatter(book: Book, measured: Measurement) -> None:
    """Lines that were only set anew go back to who wrote them; the plain lens keeps them."""
    seen = measure(book.folder, Options(lens=Lens.IGNORE_WHITESPACE)).measurement
    tree = squeezed(book)[chain(book)[-1]]
    known = Counter(
        kind(book, replace(line, owner=tree[path]["".join(line.text.split())]))
        for path, line in pipeline_code(lines_of(book.head))
    )

    assert seen.head.counts == Counts(**known)
    assert seen.head.counts.declared > measured.head.counts.declared
    assert seen.head.counts.floor <= truth(book.head).ai <= seen.head.counts.ceiling


@pytest.mark.parametrize("unit", ["line", "character"])
def test_the_other_units_count_the_same_lines(book: Book, unit: str) -> None:
    """Lines include comments; characters are those of code lines."""
    seen = measure(book.folder, Options(unit=unit)).measurement
    weigh: Callable[[Line], int] = {
        "line": lambda _: 1,
        "character": lambda line: len(line.text) if line.is_code else 0,
    }[unit]
    known: Counter[str] = Counter()
    for path, line in lines_of(book.head):
        if FILES[path].facet in DEFAULT_FACETS:
            known[kind(book, line)] += weigh(line)

    assert seen.head.counts == Counts(**known)
