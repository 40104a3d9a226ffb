"""Signs of authorship in a commit: the rule files read as plain data, and searched plainly.

Written from the description of the rule files, not from the engine of the meter: every
expression is tried on every commit in which one of the rule's words occurs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from provenance.errors import CatalogueError
from provenance.terms.commits import Commit

_LONGEST = 300
_SAYS_NOTHING = frozenset({"hint", "process"})
_IN_TEXT = frozenset({"trailer", "footer", "prose"})
_CO_AUTHOR = frozenset({"co-authored-by", "coauthored-by"})
_SQUASHED = "Squashed commit of the following:"
_UNDOING = ("revert", "reapply", "reland", "backout", "back out", "backed out", "backedout")
_QUOTED = tuple(
    f"original {what}"
    for what in (
        "commit",
        "change",
        "description",
        "pr",
        "pull request",
        "phabricator diff",
    )
)
_MERGED = re.compile(
    r"Merge (?:pull request #\d{1,9} from [^\s/]{1,100}/(\S{1,200})"
    r"|(?:remote-tracking )?branch '([^']{1,200})')",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What this room needs of a rule file."""

    id: str
    """Id of the rule."""
    where: str
    """The part of a commit that is searched."""
    strength: str
    """What the sign asserts."""
    tier: str
    """How directly it is recorded."""
    patterns: tuple[re.Pattern[str], ...]
    """Any of them suffices."""
    words: tuple[str, ...]
    """Of which one must occur in the lower-case text; empty: try always."""
    also: tuple[tuple[str, re.Pattern[str]], ...]
    """Places and expressions that must all be seen."""
    unless: tuple[tuple[str, re.Pattern[str]], ...]
    """Places and expressions of which none may be seen."""
    rank: int
    """0 for a particular rule, 1 for a fallback, 2 for one that only says "some machine"."""
    quotes: bool
    """Whether the messages of this writer are not read."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Every rule, and who is a person whatever a rule says."""

    rules: tuple[Rule, ...]
    """Sorted by id."""
    people: tuple[re.Pattern[str], ...] = ()
    """Expressions over ``Name <email>``."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One rule that spoke."""

    rule: str
    """Id of the rule."""
    where: str
    """The part of the commit."""
    strength: str
    """What it asserts."""
    tier: str
    """How directly it is recorded."""


def read_rules(own: bytes = b"") -> Rules:
    """Read the packaged rule files, and what a ``provenance.toml`` adds to them.

    Raises:
        CatalogueError: a file cannot be read.

    """
    root = resources.files("provenance") / "rules" / "catalogue"
    files = [file for folder in ("agents", "bots") for file in (root / folder).iterdir()]
    rules = [_rule(_toml(f.read_bytes(), f.name)) for f in files if f.name.endswith(".toml")]
    added = _toml(own, "provenance.toml")
    rules += [_rule(values) for values in _own(added)]
    people = [
        re.compile(_glob(item), re.IGNORECASE)
        for item in added.get("identity", [])
        if item.get("is") == "person"
    ]
    return Rules(tuple(sorted(rules, key=lambda rule: rule.id)), tuple(people))


def _toml(raw: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{name} is no TOML: {error}", slug="catalogue-toml") from error


def _rule(values: Mapping[str, Any]) -> Rule:
    flags = re.MULTILINE | re.ASCII
    loose = flags | re.IGNORECASE
    fallback = bool(values.get("fallback"))
    return Rule(
        id=values["id"],
        where=values["where"],
        strength=values["strength"],
        tier=values["tier"],
        patterns=tuple(
            re.compile(pattern, flags if values.get("case") else loose)
            for pattern in values["patterns"]
        ),
        words=tuple(values.get("needles", ())),
        also=tuple((c["where"], re.compile(c["pattern"], loose)) for c in values.get("also", ())),
        unless=tuple(
            (c["where"], re.compile(c["pattern"], loose)) for c in values.get("unless", ())
        ),
        rank=fallback + (fallback and values.get("kind") == "undisclosed"),
        quotes=bool(values.get("quotes")),
    )


def _own(added: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rules that a lab's own agents, bots and identities stand for."""
    for number, item in enumerate(added.get("agent", [])):
        for where, strength in (
            ("author", "wrote"),
            ("co-author", "co-wrote"),
            ("committer", "process"),
        ):
            yield _made(f"own-agent-{number}-{where}", where, strength, item)
    for number, item in enumerate(added.get("bot", [])):
        yield _made(f"own-bot-{number}", "author", "automation", item)
    for number, item in enumerate(added.get("identity", [])):
        kind = {"agent": "wrote", "bot": "automation"}.get(item.get("is"))
        if kind:
            yield _made(f"own-identity-{number}", "author", kind, item)


def _made(name: str, where: str, strength: str, item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "where": where,
        "strength": strength,
        "tier": "declared",
        "patterns": [_glob(item)],
        "quotes": strength == "automation",
    }


def _glob(item: Mapping[str, Any]) -> str:
    """Return the expression over ``Name <email>`` for names and addresses with ``*`` and ``?``."""
    stars = {"*": "[^<>]*", "?": "[^<>]"}
    forms = []
    for key, form in (("names", "^(?:{}) <"), ("emails", " <(?:{})>$")):
        found = item.get(key, [])
        forms += [
            form.format("".join(stars.get(char, re.escape(char)) for char in text))
            for text in ([found] if isinstance(found, str) else found)
        ]
    return "|".join(forms) or r"(?!)"


class Searcher:
    """Looks for the signs of commit after commit; what identities say is remembered."""

    def __init__(self, rules: Rules) -> None:
        """Sort the rules by place."""
        self._people = rules.people
        self._at: dict[str, list[Rule]] = {}
        for rule in rules.rules:
            self._at.setdefault(rule.where, []).append(rule)
        self._text = [rule for rule in rules.rules if rule.where in _IN_TEXT]
        self._said: dict[tuple[str, str], tuple[Rule, ...]] = {}

    def signs(self, commit: Commit) -> list[Sign]:
        """Return every rule that speaks, once per place and text."""
        text = own_words(commit.message)
        seen = {
            "author": [str(commit.author)],
            "committer": [str(commit.committer)],
            "co-author": co_authors(text),
            "subject": [commit.subject[:_LONGEST]],
        }
        author = list(self._speaking(self._identity("author", str(commit.author)), seen, text))
        found = author
        if commit.committer != commit.author:
            who = self._identity("committer", str(commit.committer))
            found = found + list(self._speaking(who, seen, text))
        if not any(rule.quotes for rule, _ in found):
            for value in seen["co-author"]:
                found += self._speaking(self._identity("co-author", value), seen, text)
            found += self._speaking(self._written(text), seen, text)
            found += self._speaking(self._titled(commit.subject[:_LONGEST]), seen, text)
            branch = _branch(commit.subject)
            found += self._speaking(self._identity("branch", branch) if branch else (), seen, text)
        return [Sign(rule.id, rule.where, rule.strength, rule.tier) for rule, _ in found]

    def _identity(self, where: str, text: str) -> list[tuple[Rule, str]]:
        text = text[:_LONGEST]
        rules = self._said.get((where, text))
        if rules is None:
            person = any(pattern.search(text) for pattern in self._people)
            rules = self._said[where, text] = (
                ()
                if person
                else tuple(
                    rule
                    for rule in self._at.get(where, ())
                    if any(pattern.search(text) for pattern in rule.patterns)
                )
            )
        return [(rule, text) for rule in rules]

    def _written(self, text: str) -> Iterator[tuple[Rule, str]]:
        low = text.lower()
        for rule in self._text:
            if any(word in low for word in rule.words):
                for pattern in rule.patterns:
                    for found in pattern.finditer(text):
                        yield (
                            rule,
                            _whole_line(text, found) if rule.where == "trailer" else found[0],
                        )

    def _titled(self, subject: str) -> Iterator[tuple[Rule, str]]:
        for rule in self._at.get("subject", ()):
            if any(pattern.search(subject) for pattern in rule.patterns):
                yield rule, subject

    def _speaking(
        self, heard: Iterable[tuple[Rule, str]], seen: Mapping[str, Sequence[str]], text: str
    ) -> Iterator[tuple[Rule, str]]:
        """Leave out rules whose conditions fail, and fallbacks where a better rule speaks."""
        held = [(rule, said.strip()) for rule, said in heard if _applies(rule, seen, text)]
        best: dict[str, int] = {}
        for rule, said in held:
            if rule.strength not in _SAYS_NOTHING:
                best[said] = min(best.get(said, 2), rule.rank)
        for rule, said in held:
            if not rule.rank or rule.rank == best.get(said):
                yield rule, said


def _applies(rule: Rule, seen: Mapping[str, Sequence[str]], text: str) -> bool:
    def holds(condition: tuple[str, re.Pattern[str]]) -> bool:
        where, pattern = condition
        return any(pattern.search(part) for part in seen.get(where, (text,)))

    return all(map(holds, rule.also)) and not any(map(holds, rule.unless))


def _whole_line(text: str, found: re.Match[str]) -> str:
    """Return the line that ends where a match ends, from the line on which the match begins."""
    matched = found[0].lstrip("\n")
    start = found.end() - len(matched)
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", max(found.end() - 1, first))
    return text[first : last if last >= 0 else len(text)][:_LONGEST]


def own_words(message: str) -> str:
    """Return what a message says itself: unfolded, unindented, without what a revert quotes."""
    if "\\n" in message and "\n" not in message.strip():
        message = message.replace("\\n", "\n")
    if _SQUASHED in message:
        message = "\n".join(line.removeprefix("    ") for line in message.split("\n"))
    return _before_the_quoted(message) if _undoes(message) else message


def _undoes(message: str) -> bool:
    """Whether a message begins with a word for taking back or doing again."""
    low = message[:20].lower()
    word = next((word for word in _UNDOING if low.startswith(word)), None)
    return word is not None and not (low + " ")[len(word)].isalnum()


def _before_the_quoted(message: str) -> str:
    """Cut a message where it begins to quote the original one."""
    kept: list[str] = []
    for line in message.split("\n"):
        low = line.lower().lstrip(" \t#*_-")
        head = next((head for head in _QUOTED if low.startswith(head)), None)
        if head is not None and not low[len(head) : len(head) + 1].isalnum():
            return "\n".join([*kept, ""])
        kept.append(line)
    return message


def co_authors(text: str) -> list[str]:
    """Return the values of co-author lines wherever they stand, each once."""
    values = []
    listed = _SQUASHED in text
    for line in text.replace("\r", "\n").split("\n"):
        key, colon, value = line.partition(":")
        indent = len(key) - len(key.lstrip())
        word = key.strip().removeprefix("* ").removeprefix("- ").strip().lower()
        named = word in _CO_AUTHOR and indent < 4
        if colon and (named or (listed and key == "Author")):
            values.append((named, value.strip()[:_LONGEST]))
    values.sort(key=lambda item: item[0])  # those of a squash come first
    return list(dict.fromkeys(said for _, said in values if said and not said.endswith("<>")))


def _branch(subject: str) -> str:
    found = _MERGED.match(subject[: 2 * _LONGEST])
    return (found[1] or found[2]) if found else ""
