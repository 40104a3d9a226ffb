"""From the signs of a commit to its author type.

An agent named as git author, or a tool's own mark that it wrote the commit, makes ``ai``.
A person as author with any sign of writing, co-writing, assistance or a session makes
``assisted``.  Known programs and undisclosed machines make ``automation``.  Suggestions,
process and naming habits are kept as evidence and leave the commit ``unattested`` — except
a one-file commit that consists of an accepted suggestion, which is ``assisted``.
"""

from __future__ import annotations

from collections.abc import Sequence

from provenance.terms.authors import (
    UNATTESTED,
    Attribution,
    AuthorType,
    Evidence,
    Maker,
    RuleId,
    Strength,
    Tier,
    Where,
)
from provenance.terms.commits import Commit

ONE_FILE_SUGGESTION = RuleId("one-file-suggestion")
"""The rule that recognises the default subject of an accepted review suggestion."""

_STRENGTHS = {strength: rank for rank, strength in enumerate(Strength)}
_TIERS = {tier: rank for rank, tier in enumerate(Tier)}
_CLAIMS = frozenset({Strength.WROTE, Strength.CO_WROTE, Strength.ASSISTED, Strength.SESSION})
_WHOLE_COMMIT = frozenset({Where.AUTHOR, Where.SUBJECT, Where.PROSE})
"""Places where "wrote" speaks of the whole commit; elsewhere a squash may hide others."""


def weigh(
    commit: Commit, evidence: Sequence[Evidence], *, files_changed: int | None = None
) -> Attribution:
    """Weigh the signs of ``commit``; ``files_changed`` tells an accepted suggestion apart.

    Merge commits follow the same rules: they own only lines that differ from every parent.
    """
    default = any(sign.rule == ONE_FILE_SUGGESTION for sign in evidence)
    accepted = default and files_changed == 1 and not commit.is_merge
    return _weigh(evidence, accepted=accepted)


def weigh_signs(own: Attribution, more: Sequence[Evidence]) -> Attribution:
    """Weigh again a commit of which ``more`` has been seen."""
    return _weigh((*own.evidence, *more), accepted=own.author_type is AuthorType.ASSISTED)


def _weigh(evidence: Sequence[Evidence], *, accepted: bool) -> Attribution:
    if not evidence:
        return UNATTESTED
    machine = [sign for sign in evidence if sign.strength is Strength.AUTOMATION]
    claims = [sign for sign in evidence if sign.strength in _CLAIMS]
    if machine and not claims:
        return _decide(AuthorType.AUTOMATION, machine, evidence, conflict=False)
    if claims:
        whole = [sign for sign in claims if _wrote_it_all(sign)]
        author_type = AuthorType.AI if whole else AuthorType.ASSISTED
        return _decide(author_type, whole or claims, evidence, conflict=bool(machine))
    suggested = [sign for sign in evidence if sign.strength is Strength.SUGGESTED]
    if suggested and accepted:
        return _decide(AuthorType.ASSISTED, suggested, evidence, conflict=False)
    return Attribution(
        AuthorType.UNATTESTED, None, None, Maker(), _ordered(evidence), conflict=False
    )


def _wrote_it_all(sign: Evidence) -> bool:
    return sign.strength is Strength.WROTE and sign.where in _WHOLE_COMMIT


def _decide(
    author_type: AuthorType,
    deciding: Sequence[Evidence],
    evidence: Sequence[Evidence],
    *,
    conflict: bool,
) -> Attribution:
    first = min(deciding, key=_rank)
    rest = [sign for sign in evidence if sign is not first]
    maker, disagree = _maker(first, evidence)
    return Attribution(
        author_type,
        first.tier,
        first.rule,
        maker,
        (first, *_ordered(rest)),
        conflict or disagree or _names_disagree(evidence),
    )


def _rank(sign: Evidence) -> tuple[int, int, int]:
    return (_STRENGTHS[sign.strength], _TIERS[sign.tier], -_known(sign.maker))


def _known(maker: Maker) -> int:
    """How specific a maker is."""
    parts = (maker.agent, maker.vendor, maker.family, maker.model)
    return sum(part is not None for part in parts)


def _ordered(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=_rank))


def _names_disagree(evidence: Sequence[Evidence]) -> bool:
    """Whether a person's name stands over an agent's mailbox as author."""
    return any(
        sign.where is Where.AUTHOR and sign.strength is Strength.CO_WROTE for sign in evidence
    )


def _maker(first: Evidence, evidence: Sequence[Evidence]) -> tuple[Maker, bool]:
    """Join what the claims say about harness and model; report disagreement.

    Signs of one agent are one agent: the most specific model wins.  Between agents the
    model is undecided unless all name the same family.
    """
    claims = [sign for sign in evidence if sign.strength in _CLAIMS] or [first]
    agents = sorted({sign.maker.agent for sign in claims if sign.maker.agent})
    groups: dict[str, list[Maker]] = {}
    for sign in claims:
        key = sign.maker.agent or (agents[0] if len(agents) == 1 else "")
        groups.setdefault(key, []).append(sign.maker)
    families = {key: sorted({m.family for m in group if m.family}) for key, group in groups.items()}
    named = {family for found in families.values() for family in found}
    disagree = len(agents) > 1 or len(named) > 1
    agent = first.maker.agent or (agents[0] if len(agents) == 1 else None)
    if len(named) != 1 or not all(families.values()):
        return Maker(agent), disagree
    (family,) = named
    vendors = {sign.maker.vendor for sign in claims if sign.maker.family == family}
    models = {sign.maker.model for sign in claims if sign.maker.model}
    return (
        Maker(
            agent,
            vendors.pop() if len(vendors) == 1 else None,
            family,
            models.pop() if len(models) == 1 else None,
        ),
        disagree,
    )
