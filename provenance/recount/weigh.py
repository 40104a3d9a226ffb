"""From the signs of a commit to its author type, in the words of the method.

The agent is the git author, or a title or sentence of the tool says that it wrote the
commit: ``ai``.  Otherwise any claim to have written, co-written, assisted or held a session:
``assisted``.  Otherwise a known program or undisclosed machine: ``automation``.  A commit of
one file that is nothing but an accepted suggestion is ``assisted``.  Else nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from provenance.recount.signs import Sign
from provenance.terms.authors import AuthorType
from provenance.terms.commits import Commit

_CLAIMS = frozenset({"wrote", "co-wrote", "assisted", "session"})
_OF_ALL = frozenset({"author", "subject", "prose"})
_SUGGESTION = "one-file-suggestion"


def weigh(
    commit: Commit, signs: Sequence[Sign], *, files_changed: Callable[[str], int]
) -> AuthorType:
    """Return who wrote a commit; ``files_changed`` is asked only where it decides."""
    claims = [sign for sign in signs if sign.strength in _CLAIMS]
    if any(sign.strength == "wrote" and sign.where in _OF_ALL for sign in claims):
        return AuthorType.AI
    if claims:
        return AuthorType.ASSISTED
    strengths = {sign.strength for sign in signs}
    if "automation" in strengths:
        return AuthorType.AUTOMATION
    suggestion = "suggested" in strengths and any(sign.rule == _SUGGESTION for sign in signs)
    if suggestion and not commit.is_merge and files_changed(commit.id) == 1:
        return AuthorType.ASSISTED
    return AuthorType.UNATTESTED
