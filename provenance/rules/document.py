"""Write the catalogue down for people: the text of ``docs/rules.md``.

``python -m provenance.rules.document > docs/rules.md`` writes it again; a test keeps it
fresh.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from provenance.rules.load import Catalogue, load_catalogue
from provenance.rules.records import RecordRule
from provenance.rules.rule import Condition, Example, Rule, RuleKind

_KINDS = {
    RuleKind.AGENT: "Agents and disclosures",
    RuleKind.BOT: "Programs that are no language model",
    RuleKind.UNDISCLOSED: "Machines of undisclosed nature",
}

_HEAD = """\
# Authorship rules

This page is generated from the rule files under `provenance/rules/catalogue/`; do not edit it.

A rule recognises one sign in one place of a commit. What the signs of a commit add up to is
decided by weighing them (`provenance explain COMMIT` shows both). No sign proves a line count,
and the absence of signs proves nothing: such commits are *unattested*, never called human.

| strength | asserts | makes the commit |
|---|---|---|
| wrote | the tool is named as writer | ai as author, title, sentence; else assisted |
| co-wrote | tool and person together, share unknown | assisted |
| assisted | use of a tool is disclosed | assisted |
| session | a session of a tool was linked | assisted |
| suggested | a suggestion was accepted somewhere | unattested; assisted if one whole file |
| process | reviewed, applied, merged, summarised | unattested |
| hint | a naming habit | unattested |
| automation | a program, or a machine of undisclosed nature | automation |

A person's name over the address of a tool counts as co-wrote and is reported as a conflict.
"""

_DATES = """\
Versions with a date. A commit that names one more than a day before its *release* makes the
finding `anachronism`; a *sighting* only says that the model is at least that old. A version
without a sourced date is left open.
"""


def rules_markdown(catalogue: Catalogue) -> str:
    """Return the page for ``catalogue``."""
    parts = [_HEAD, _contents(catalogue.rules)]
    for kind, title in _KINDS.items():
        rules = [rule for rule in catalogue.rules if rule.kind is kind]
        parts.append(f"## {title}\n")
        parts.extend("\n".join(_rule(rule)) + "\n" for rule in rules)
    parts.append("## Line-level records\n")
    parts.extend("\n".join(_record(record)) + "\n" for record in catalogue.records)
    parts.append(_models(catalogue))
    return "\n".join(parts)


def _contents(rules: Sequence[Rule]) -> str:
    lines = ["| rule | place | strength | tier | tool |", "|---|---|---|---|---|"]
    lines += [
        f"| [{rule.id}](#{rule.id}) | {rule.where} | {rule.strength} | {rule.tier} "
        f"| {rule.product or ''} |"
        for rule in rules
    ]
    return "\n".join(lines) + "\n"


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}\n"
    yield f"{rule.title}. Place: {rule.where}. Strength: {rule.strength}. Tier: {rule.tier}.\n"
    if rule.product:
        yield f"Tool: {rule.product} ({rule.harness_vendor or 'maker unknown'}).\n"
    if rule.note:
        yield f"{rule.note}\n"
    yield "```text"
    yield from rule.patterns
    yield "```\n"
    yield from _conditions("Only if", rule.also)
    yield from _conditions("Unless", rule.unless)
    if rule.fallback:
        yield "Speaks only where no more particular rule matched the same text.\n"
    for title, examples in (("Matches", rule.matches), ("Leaves alone", rule.non_matches)):
        for example in examples:
            yield from _example(title, example)
    yield "Sources: " + "; ".join(f"`{source.at}` ({source.seen})" for source in rule.sources)


def _record(record: RecordRule) -> Iterator[str]:
    tiers = ", ".join(record.tiers)
    yield f"### {record.id}\n"
    yield f"{record.title}. Recorded by {record.product}. Gives: {record.gives}. Tier: {tiers}.\n"
    yield "Read from " + ", ".join(f"`{place}`" for place in record.reads) + ".\n"
    yield "Versions read: " + ", ".join(f"`{version}`" for version in record.versions) + ".\n"
    yield f"{record.note}\n"
    yield "Sources: " + "; ".join(f"`{source.at}` ({source.seen})" for source in record.sources)


def _conditions(word: str, conditions: Sequence[Condition]) -> Iterator[str]:
    for condition in conditions:
        yield f"{word} the {condition.where} matches `{condition.pattern}`.\n"


def _example(title: str, example: Example) -> Iterator[str]:
    model = f", model `{example.model}`" if example.model else ""
    yield f"{title} (`{example.at}`{model}):\n"
    yield "```text"
    if example.author:
        yield f"author {example.author}"
    if example.committer:
        yield f"committer {example.committer}"
    if example.message:
        yield example.message.rstrip("\n")
    yield "```\n"


def _models(catalogue: Catalogue) -> str:
    lines = ["## Model names\n", "Tried in this order on the cleaned name.\n"]
    lines += ["| vendor | family | normalised | form |", "|---|---|---|---|"]
    for form in catalogue.families.forms:
        model = f"`{form.model}`" if form.model else "version unknown"
        pattern = form.pattern.replace("|", "\\|")
        lines.append(f"| {form.vendor} | {form.family} | {model} | `{pattern}` |")
    lines += ["", "Words that stand where a model belongs and name none:", ""]
    lines += ["| word | tool | says |", "|---|---|---|"]
    lines += [
        f"| `{word.name}` | {word.harness or ''} | {word.means} |"
        for word in catalogue.families.placeholders
    ]
    lines += ["", "First model of a family; nothing committed before can be by it:", ""]
    lines += ["| family | released | source |", "|---|---|---|"]
    lines += [
        f"| {first.family} | {first.released} | {first.source} |"
        for first in catalogue.families.firsts
    ]
    lines += ["", _DATES, "| model | first known | basis | source |", "|---|---|---|---|"]
    lines += [
        f"| {date.model} | {date.released} | {date.basis} | {date.source} |"
        for date in catalogue.families.dates
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(rules_markdown(load_catalogue()))
