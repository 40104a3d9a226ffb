"""Find every sign in a commit: cheap looks first, precise expressions on what is left.

Identities and co-author values repeat endlessly, so what the rules say about one is
remembered.  Of the rules for whole messages only those are tried of which a word occurs.
Nothing here decides; see ``provenance.attribution``.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from provenance.rules.families import Families, resolve
from provenance.rules.load import Catalogue
from provenance.rules.places import co_authors, merged_branch, own_text
from provenance.rules.rule import Condition, Rule, RuleKind
from provenance.terms.authors import Evidence, Maker, Strength, Where
from provenance.terms.commits import Commit, Identity

MOST_HITS = 32
"""Evidence of one rule in one message; repeats say nothing new."""

_LONGEST_TEXT = 300
_SILENT = frozenset({Strength.HINT, Strength.PROCESS})
_MOST_REMEMBERED = 100_000
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class _Condition:
    where: Where
    search: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    patterns: tuple[re.Pattern[str], ...]
    model_from: tuple[re.Pattern[str], ...]
    also: tuple[_Condition, ...]
    unless: tuple[_Condition, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    compiled: _Compiled
    evidence: Evidence


class _View(NamedTuple):
    """A commit taken apart once."""

    commit: Commit
    text: str
    values: Sequence[str]


def match(commit: Commit, catalogue: Catalogue) -> tuple[Evidence, ...]:
    """Return every sign in ``commit``, in the order author, committer, message.

    Raw identities and the raw message decide; a mailmap never does.
    """
    return _engine(catalogue).match(commit)


@functools.lru_cache(maxsize=8)
def _engine(catalogue: Catalogue) -> _Engine:
    return _Engine(catalogue)


class _Engine:
    """The compiled catalogue with what it has already seen."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._families = catalogue.families
        self._people = [re.compile(person, re.IGNORECASE) for person in catalogue.people]
        compiled = [_compile(rule) for rule in catalogue.rules]
        self._at = {place: _at(compiled, place) for place in Where}
        whole = (*self._at[Where.TRAILER], *self._at[Where.FOOTER], *self._at[Where.PROSE])
        self._words = _words([item.rule for item in whole])
        self._whole = whole
        subjects = [item.rule for item in self._at[Where.SUBJECT]]
        self._subject_words = sorted({needle for rule in subjects for needle in rule.needles})
        self._remembered: dict[tuple[Where, str], tuple[_Hit, ...]] = {}

    def match(self, commit: Commit) -> tuple[Evidence, ...]:
        """Return every sign in ``commit``."""
        text = own_text(commit.message)
        lowered = text.lower()
        view = _View(commit, text, co_authors(text, lowered))
        hits = _holding(self._identity(Where.AUTHOR, commit.author), view)
        found = [hit.evidence for hit in hits]
        if commit.committer != commit.author:
            committed = _holding(self._identity(Where.COMMITTER, commit.committer), view)
            found += [hit.evidence for hit in committed]
        if any(hit.compiled.rule.quotes for hit in hits):
            return tuple(found)
        for value in view.values:
            if hits := self._known(Where.CO_AUTHOR, value):
                found += [hit.evidence for hit in _holding(hits, view)]
        found += [hit.evidence for hit in self._message(view, lowered)]
        found += [hit.evidence for hit in self._subject(view, lowered)]
        return tuple(dict.fromkeys(found))

    def _identity(self, where: Where, identity: Identity) -> tuple[_Hit, ...]:
        return self._known(where, str(identity))

    def _known(self, where: Where, text: str) -> tuple[_Hit, ...]:
        key = (where, text)
        hits = self._remembered.get(key)
        if hits is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            hits = self._remembered[key] = self._look(where, text)
        return hits

    def _look(self, where: Where, text: str) -> tuple[_Hit, ...]:
        """Try every rule of one place on a short text."""
        text = text[:_LONGEST_TEXT]
        if any(person.search(text) for person in self._people):
            return ()
        return tuple(
            _Hit(item, _evidence(item, text, text, self._families))
            for item in self._at[where]
            if any(pattern.search(text) for pattern in item.patterns)
        )

    def _message(self, view: _View, lowered: str) -> Sequence[_Hit]:
        """Try the rules for whole messages of which a word occurs."""
        tried: set[int] = set()
        for word, needles in self._words:
            if word in lowered:
                for needle, indices in needles:
                    if needle in lowered:
                        tried.update(indices)
        if not tried:
            return ()
        hits: list[_Hit] = []
        for index in sorted(tried):
            hits.extend(self._matches(self._whole[index], view.text))
        return _holding(hits, view)

    def _matches(self, item: _Compiled, text: str) -> Iterable[_Hit]:
        for pattern in item.patterns:
            for found in itertools.islice(pattern.finditer(text), MOST_HITS):
                seen = found[0]
                if item.rule.where is Where.TRAILER:
                    seen = _line(text, found.start(), found.end())
                seen = seen.strip()[:_LONGEST_TEXT]
                yield _Hit(item, _evidence(item, seen, seen, self._families))

    def _subject(self, view: _View, lowered: str) -> Sequence[_Hit]:
        hits: list[_Hit] = []
        if any(needle in lowered for needle in self._subject_words):
            subject = view.commit.subject[:_LONGEST_TEXT]
            hits.extend(
                _Hit(item, _evidence(item, subject, "", self._families))
                for item in self._at[Where.SUBJECT]
                if any(pattern.search(subject) for pattern in item.patterns)
            )
        if view.text.startswith("Merge ") and (branch := merged_branch(view.commit.subject)):
            hits.extend(self._known(Where.BRANCH, branch))
        return _holding(hits, view)


def _words(rules: Sequence[Rule]) -> Sequence[tuple[str, Sequence[tuple[str, Sequence[int]]]]]:
    """Order the quick looks in two steps: the longest word of a needle, then the needle.

    A message is asked for few words; a needle such as ``with claude`` is looked for only
    where ``claude`` occurs.
    """
    needles: dict[str, list[int]] = {}
    for index, rule in enumerate(rules):
        for needle in rule.needles:
            needles.setdefault(needle, []).append(index)
    steps: dict[str, list[tuple[str, list[int]]]] = {}
    for needle, indices in needles.items():
        word = max(_WORD.findall(needle), key=len, default=needle)
        steps.setdefault(word, []).append((needle, indices))
    return tuple(steps.items())


def _compile(rule: Rule) -> _Compiled:
    flags = re.MULTILINE | re.ASCII | (re.NOFLAG if rule.case else re.IGNORECASE)
    return _Compiled(
        rule,
        tuple(re.compile(pattern, flags) for pattern in rule.patterns),
        tuple(re.compile(pattern, flags) for pattern in rule.model_from),
        tuple(_condition(condition) for condition in rule.also),
        tuple(_condition(condition) for condition in rule.unless),
    )


def _condition(condition: Condition) -> _Condition:
    flags = re.MULTILINE | re.ASCII | re.IGNORECASE
    return _Condition(condition.where, re.compile(condition.pattern, flags).search)


def _at(compiled: Iterable[_Compiled], where: Where) -> tuple[_Compiled, ...]:
    return tuple(item for item in compiled if item.rule.where is where)


def _evidence(item: _Compiled, text: str, source: str, families: Families) -> Evidence:
    """Make the evidence; ``source`` is where a model name may be read (never the subject)."""
    rule = item.rule
    written = next(
        (found["model"] for expression in item.model_from if (found := expression.search(source))),
        rule.model or "",
    )
    name = resolve(written, families=families)
    maker = Maker(rule.agent, name.vendor, name.family, name.model)
    return Evidence(rule.id, rule.where, text, rule.strength, rule.tier, maker)


def _line(text: str, start: int, end: int) -> str:
    first = text.rfind("\n", 0, start + 1) + 1 if text[start : start + 1] != "\n" else start + 1
    last = text.find("\n", max(end - 1, first))
    return text[first : min(last if last >= 0 else len(text), first + _LONGEST_TEXT)]


def _holding(hits: Sequence[_Hit], view: _View) -> Sequence[_Hit]:
    """Keep the hits whose conditions hold; of one text only the most particular speak."""
    if not hits:
        return hits
    kept = [hit for hit in hits if _holds(hit.compiled, view)]
    if not any(hit.compiled.rule.fallback for hit in kept):
        return kept
    best: dict[str, int] = {}
    for hit in kept:
        if hit.evidence.strength not in _SILENT:
            text = hit.evidence.text
            best[text] = min(best.get(text, 2), _generality(hit))
    return [
        hit
        for hit in kept
        if not hit.compiled.rule.fallback or _generality(hit) == best.get(hit.evidence.text)
    ]


def _generality(hit: _Hit) -> int:
    """0 for a particular rule, 1 for a fallback, 2 for one that only says "some machine"."""
    rule = hit.compiled.rule
    if not rule.fallback:
        return 0
    return 2 if rule.kind is RuleKind.UNDISCLOSED else 1


def _holds(item: _Compiled, view: _View) -> bool:
    if not item.also and not item.unless:
        return True
    return all(_seen(condition, view) for condition in item.also) and not any(
        _seen(condition, view) for condition in item.unless
    )


def _seen(condition: _Condition, view: _View) -> bool:
    commit = view.commit
    match condition.where:
        case Where.AUTHOR:
            return bool(condition.search(str(commit.author)))
        case Where.COMMITTER:
            return bool(condition.search(str(commit.committer)))
        case Where.CO_AUTHOR:
            return any(condition.search(value) for value in view.values)
        case Where.SUBJECT:
            return bool(condition.search(commit.subject[:_LONGEST_TEXT]))
        case _:
            return bool(condition.search(view.text))
