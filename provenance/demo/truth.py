"""What is true of the invented history, counted from its books alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from provenance.demo.build import Book, Made
from provenance.demo.files import FILES
from provenance.demo.lines import PERSON, PROGRAM, Line
from provenance.demo.story import Hand
from provenance.terms.stages import DEFAULT_FACETS

OWN_FAMILY: Final = "lark"
"""Family of the models that the invented lab made itself."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Who thought out the code lines that are alive at one commit."""

    ai: int
    """Lines that a model wrote, whatever is said of them."""
    own: int
    """Of which by the lab's own models."""
    whole: int
    """All lines."""


def truth(made: Made) -> Truth:
    """Count the code lines of one commit by their true makers."""
    makers = [line.maker for line in code(made)]
    return Truth(
        ai=sum(maker not in {PERSON, PROGRAM} for maker in makers),
        own=sum(maker.startswith(OWN_FAMILY) for maker in makers),
        whole=len(makers),
    )


def code(made: Made) -> Iterator[Line]:
    """Yield the code lines of a commit that belong to the pipeline: no tests, no documents."""
    for path, lines in sorted(made.tree.items()):
        if FILES[path].facet in DEFAULT_FACETS:
            yield from (line for line in lines if line.is_code)


def author_type(hand: Hand) -> str:
    """Return the author type that the commit of a hand must get from its marks."""
    if hand.shared:
        return "assisted"
    if hand.is_person:
        return "unattested"
    return "ai" if hand.model else "automation"


def commit_type(book: Book, number: int) -> str:
    """Return the author type that a commit must get: a note about AI lines makes it shared."""
    made = book.commits[number]
    wrote = {
        line.maker for lines in made.tree.values() for line in lines if line.owner == number
    } - {PERSON, PROGRAM}
    if book.recorded and made.step.noted and made.step.hand.is_person and wrote:
        return "assisted"
    return author_type(made.step.hand)


def line_type(book: Book, line: Line) -> str:
    """Return the author type that a line must get: its own note before its commit's marks."""
    step = book.commits[line.owner].step
    if not (book.recorded and step.noted):
        return author_type(step.hand)
    return "human" if line.maker == PERSON else "ai"


def named_model(book: Book, line: Line) -> str | None:
    """Return the model that the evidence names for a line; ``None`` where it names none."""
    step = book.commits[line.owner].step
    if book.recorded and step.noted:
        return None if line.maker == PERSON else line.maker
    return step.hand.model if step.hand.said else None
