"""From the signs of a commit to its author type, in the words of the method.

The agent is the git author, or a title or sentence of the tool says that it wrote the
commit: ``ai``.  Otherwise any claim to have written, co-written, assisted or held a session:
``assisted``.  Otherwise a known program or undisclosed machine: ``automation``.  A commit of
one file that is nothing but an accepted suggestion is ``assisted``.  Else nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from provenance.recount.signs import Sign
from provenance.terms.authors import AuthorType, Strength, Tier
from provenance.terms.commits import Commit

_CLAIMS = frozenset({"wrote", "co-wrote", "assisted", "session"})
_OF_ALL = frozenset({"author", "subject", "prose"})
_SUGGESTION = "one-file-suggestion"
_STRENGTHS = list(Strength)
_TIERS = list(Tier)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Who wrote a commit, and how directly that was recorded."""

    author_type: AuthorType
    """Who."""
    tier: Tier | None = None
    """Tier of the strongest sign that decided; ``None`` when none did."""
    named: bool = False
    """Whether any sign, however weak, names an AI system; asked only where nothing is decided."""


def weigh(commit: Commit, signs: Sequence[Sign], *, files_changed: Callable[[str], int]) -> Weighed:
    """Return who wrote a commit; ``files_changed`` is asked only where it decides."""
    claims = [sign for sign in signs if sign.strength in _CLAIMS]
    whole = [sign for sign in claims if sign.strength == "wrote" and sign.where in _OF_ALL]
    if claims:
        return _decided(AuthorType.AI if whole else AuthorType.ASSISTED, whole or claims)
    machine = [sign for sign in signs if sign.strength == "automation"]
    if machine:
        return _decided(AuthorType.AUTOMATION, machine)
    suggested = [sign for sign in signs if sign.strength == "suggested"]
    titled = any(sign.rule == _SUGGESTION for sign in signs)
    if suggested and titled and not commit.is_merge and files_changed(commit.id) == 1:
        return _decided(AuthorType.ASSISTED, suggested)
    named = any(sign.strength not in {"automation", "none"} for sign in signs)
    return Weighed(AuthorType.UNATTESTED, named=named)


def _decided(author_type: AuthorType, deciding: Sequence[Sign]) -> Weighed:
    """Take the tier of the strongest sign, of equals the most direct."""
    first = min(
        (_STRENGTHS.index(Strength(sign.strength)), _TIERS.index(Tier(sign.tier)))
        for sign in deciding
    )
    return Weighed(author_type, _TIERS[first[1]])
