"""What a commit says about itself, as a few bits that survive a stored run."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Sequence

from provenance.findings.lookalikes import is_lookalike
from provenance.findings.questions import question
from provenance.findings.seen import Trait
from provenance.rules.load import Catalogue
from provenance.rules.places import co_authors
from provenance.rules.rule import RuleKind
from provenance.terms.authors import Evidence, Maker, Strength
from provenance.terms.commits import Commit

_DAY = 86_400
_SQUASHED = re.compile(r"\(#\d{1,9}\)\s*\Z", re.ASCII)
_NO_SIGN = frozenset({Strength.AUTOMATION, Strength.NONE})


class TraitReader:
    """Reads the traits of commits under one catalogue."""

    def __init__(self, catalogue: Catalogue, *, own_families: Sequence[str] = ()) -> None:
        """Prepare the rule ids and the release dates."""
        self._spelling = frozenset(question("trailer-spelling").rules)
        self._undisclosed = frozenset(
            rule.id for rule in catalogue.rules if rule.kind is RuleKind.UNDISCLOSED
        )
        self._released = catalogue.families.releases()
        self._own = frozenset(own_families)
        self._grace = question("anachronism").numbers["grace_days"] * _DAY

    def of(self, commit: Commit, evidence: Sequence[Evidence]) -> Trait:
        """Return the traits of a commit, given the signs found in it."""
        traits = Trait(0)
        if _SQUASHED.search(commit.subject[-200:]):
            traits |= Trait.SQUASHED
        for sign in evidence:
            if sign.strength not in _NO_SIGN:
                traits |= Trait.NAMED
            if sign.rule in self._spelling:
                traits |= Trait.SPELLING
            if sign.rule in self._undisclosed:
                traits |= Trait.UNDISCLOSED
            traits |= self.early(sign.maker, commit.committed_at)
        lowered = commit.message.lower()
        values = co_authors(commit.message, lowered) if "authored-by" in lowered else ()
        if any(is_lookalike(text) for text in (str(commit.author), *values)):
            traits |= Trait.LOOKALIKE
        return traits

    def early(self, maker: Maker, committed: int) -> Trait:
        """Return whether a model is named before its release; ``committed`` in seconds."""
        released = self._released.get(maker.model or "")
        if released is None or committed >= released - self._grace:
            return Trait(0)
        return Trait.OWN_MODEL_TOO_EARLY if maker.family in self._own else Trait.MODEL_TOO_EARLY


@functools.lru_cache(maxsize=65_536)
def author_key(name: str) -> int:
    """Return a number that is equal for equal names and does not give the name away."""
    words = " ".join(name.casefold().split()).encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.blake2b(words, digest_size=7).digest(), "big")
