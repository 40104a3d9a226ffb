"""The words of a report: percentages, dates, names, and hostile text made visible."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from provenance.metrics.measurement import RecordFigures
from provenance.terms.authors import AuthorType
from provenance.terms.counts import Counts, Share
from provenance.terms.stages import Stage
from provenance_reports.document import Change, Document, Interval, Taken, Verdict

STAGES: Final = {
    "data_acquisition": "Data acquisition",
    "data_curation": "Data curation",
    "tokenization": "Tokenization",
    "model": "Model",
    "kernels": "Kernels",
    "training": "Training",
    "post_training": "Post-training",
    "rewards_envs": "Rewards, envs",
    "evaluation": "Evaluation",
    "safety": "Safety",
    "serving": "Serving",
    "tracking": "Tracking",
    "infra": "Infrastructure",
    "shared": "Shared",
    "other": "Not model-making",
}
UNITS: Final = {
    "line": "lines",
    "code_line": "code lines",
    "character": "characters",
}
AUTHOR_TYPES: Final = {
    "ai": "AI",
    "assisted": "assisted",
    "automation": "automation",
    "human": "human, recorded",
    "predates_ai": "predates AI",
    "unattested": "no evidence",
}
TIERS: Final = {
    "observed": "recorded while it happened, line by line",
    "declared": "said by identity or trailer of the commit",
    "stamped": "a tool's default stamp",
    "recovered": "found through a squashed branch or an orphaned note",
    "inferred": "concluded from a pattern, not recorded",
}
REASONS: Final = {
    "missing_blob": "content missing in this clone",
    "submodule": "submodule",
    "lfs_pointer": "content in Git LFS",
    "shallow_boundary": "history cut off (shallow clone)",
    "undecodable": "text in no known encoding",
    "binary": "binary",
    "symlink": "symbolic link",
    "too_large": "too large",
    "unreadable_record": "unreadable line-level record",
    "inconsistent_diff": "diff that does not fit its file",
    "no_grammar": "stage decided without a grammar",
}
SEVERITIES: Final = {
    "A": "blocking verdicts",
    "B": "widening the interval",
    "C": "for information",
}
TIER_NAMES: Final = {
    "L1": "Loop-critical (L1)",
    "L1 + L2": "Loop-critical, wide (L1 + L2)",
    "L0": "Outside the loop (L0)",
}
_HEXADECIMAL: Final = frozenset("0123456789abcdef")
_SHORT_ID: Final = 12
NO_EVIDENCE: Final = "no evidence"
_NOT_DRAWN: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"}


def digits(interval: Interval) -> int:
    """Return the decimals an interval deserves: one when it is narrower than ten points."""
    width = (interval.ceiling - interval.floor) * 10
    return 1 if width < interval.whole else 0


def percent(part: int, whole: int, places: int) -> str:
    """Return ``part`` of ``whole``; small shares get one decimal more, never a false 0 or 100."""
    if whole == 0:
        return "n/a"
    if part in {0, whole}:
        return "100 %" if part else "0 %"
    extreme = 0 < part * 100 < whole or whole * 99 < part * 100 < whole * 100
    if extreme and places == 0:
        places = 1
    if 0 < part * 1000 < whole:
        return "<0.1 %"
    if whole * 999 < part * 1000 < whole * 1000:
        return ">99.9 %"
    text = Share(part, whole).percent(places)
    return text.replace(".0 %", " %") if extreme else text


def between(low: int, high: int, whole: int) -> str:
    """Return two parts of one whole as ``38–71 %``."""
    return span(Interval(low, low, high, whole, whole))


def figures(interval: Interval) -> tuple[str, str, str, str]:
    """Return floor, declared, ceiling and coverage as percentages of equal precision."""
    places = digits(interval)
    whole = interval.whole
    return (
        percent(interval.floor, whole, places),
        percent(interval.declared, whole, places),
        percent(interval.ceiling, whole, places),
        percent(interval.covered, whole, places),
    )


def span(interval: Interval) -> str:
    """Return ``38–71 %``; ``none`` where AI is ruled out, ``n/a`` over nothing."""
    if interval.whole == 0:
        return "n/a"
    if interval.ceiling == 0:
        return "none"
    low, _, high, _ = figures(interval)
    if low == high:
        return low
    low = low.removesuffix(" %")
    return f"{low} to {high}" if high[0] in "<>" or low[0] in "<>" else f"{low}–{high}"


def silent(interval: Interval) -> bool:
    """Return whether there are lines and the history says nothing about any of them."""
    return interval.whole > 0 and interval.covered == 0


def mute(document: Document) -> bool:
    """Return whether no line carried any mark at any time of the series."""
    return silent(document.headline) and not any(point.ai.covered for point in document.points)


def three(interval: Interval, subject: str = "AI-written") -> str:
    """Return the sentence that carries the three figures."""
    low, middle, high, _ = figures(interval)
    return f"{subject}: at least {low}, {middle} with assisted commits, at most {high}"


def group(number: int) -> str:
    """Return an integer with commas between thousands."""
    return f"{number:,}"


def points(before: Interval, now: Interval, figure: str) -> str:
    """Return the change of one figure in percentage points, signed, to one decimal."""
    moved = _share(now, figure) - _share(before, figure)
    tenths = round(moved * 1000)
    if tenths == 0:
        return "±0.0"
    sign = "+" if tenths > 0 else "−"
    whole, rest = divmod(abs(tenths), 10)
    return f"{sign}{whole}.{rest}"


def _share(interval: Interval, figure: str) -> Fraction:
    return Fraction(getattr(interval, figure), interval.whole) if interval.whole else Fraction(0)


def moved(change: Change) -> str:
    """Say what changed and how much of it can be better marking."""
    before, now = change.before, change.now
    figures = [("floor", "floor"), ("ceiling", "ceiling"), ("coverage", "covered")]
    if (before.declared, now.declared) != (before.floor, now.floor):
        figures.insert(1, ("with assisted commits", "declared"))
    said = (f"{name} {points(before, now, figure)} points" for name, figure in figures)
    parts = f"Since {change.since}: {', '.join(said)}."
    rising = next((f for f in ("floor", "declared") if points(before, now, f)[0] == "+"), None)
    if rising is None:
        return parts
    name = "the floor" if rising == "floor" else "the share with assisted commits"
    if _share(now, "covered") > _share(before, "covered"):
        parts += (
            f" Coverage rose together with {name}: part of the rise can be better marking "
            "rather than more AI."
        )
    if _share(now, rising) <= _share(before, "ceiling"):
        parts += " The two intervals overlap, so the share itself need not have risen."
    elif rising == "floor":
        parts += " The floor now lies above the ceiling then: the share itself rose."
    return parts


def leading(document: Document) -> str:
    """Return the figure that has something to show: ``floor``, else ``declared``.

    A floor that stays below a tenth of what is declared would draw an empty map.
    """
    every = [point.ai for point in (*document.points, *document.releases) if point.ai.whole]
    floor, declared = (
        max((_share(interval, figure) for interval in every), default=Fraction(0))
        for figure in ("floor", "declared")
    )
    return "floor" if floor * 10 >= declared > 0 else "declared"


def answer(interval: Interval, unit: str) -> str:
    """Answer the question of the page in one plain sentence or two."""
    low, _, high, _ = map(_spoken, figures(interval))
    first = (
        f"Between {low} and {high} of it." if low != high else f"{low[0].upper()}{low[1:]} of it."
    )
    blank = interval.whole - interval.covered
    if not blank:
        return first
    share = _spoken(percent(blank, interval.whole, 0))
    return f"{first} For {share} of the {things(unit)}, nothing says who wrote them."


def _spoken(share: str) -> str:
    return share.replace("<", "less than ").replace(">", "more than ")


def statement(document: Document) -> str:
    """Return the one sentence to copy: subject, unit, date, interval, coverage."""
    repository, definition = document.measurement.repository, document.measurement.definition
    head = document.headline
    unit = UNITS.get(definition.unit, definition.unit)
    where = (
        f"{visible(repository.name, 80)} at {repository.head[:12]} ({repository.head_date[:10]})"
    )
    if head.whole == 0:
        return f"{where}: no {unit} to measure."
    scope = f"{group(head.whole)} live {unit} ({', '.join(sorted(definition.facets))})"
    low, middle, high, cover = figures(head)
    if silent(head):
        return (
            f"{where}: of {scope}, none carries evidence of who wrote it. AI-written: "
            f"at least {low}, at most {high}; coverage {cover}."
        )
    return (
        f"{where}: of {scope}, AI wrote at least {low}, {middle} with assisted commits, "
        f"at most {high}; evidence covers {cover}."
    )


def stage(name: str) -> str:
    """Return the title of a stage."""
    return STAGES.get(name, name)


def not_ai(counts: Counts) -> list[tuple[str, int]]:
    """Return what is positively not AI, by name, without what does not occur."""
    parts = (
        ("older than capable models", counts.predates_ai),
        ("automation", counts.automation),
        ("human, recorded", counts.human),
    )
    return [(name, lines) for name, lines in parts if lines]


def maker(vendor: str | None, family: str | None) -> str:
    """Return vendor and family, or that nobody named them."""
    named = [visible(word, 40) for word in (vendor, family) if word]
    return ", ".join(named) or "not named"


def top_stage(by_stage: Mapping[Stage, int]) -> str:
    """Return the stage that holds most lines; a dash when none does."""
    found = max(sorted(by_stage.items()), key=lambda item: item[1], default=None)
    return stage(found[0]) if found and found[1] else "–"


def unmeasured(document: Document) -> str:
    """Say in one sentence what could not be measured and what is not counted."""
    measurement = document.measurement
    reasons = ", ".join(
        f"{REASONS.get(item.reason, item.reason)} {group(item.files)}"
        for item in measurement.not_measured
    )
    total = sum(item.files for item in measurement.not_measured)
    lines = sum(item.lines for item in measurement.exclusions)
    first = f"Not measured: {count(total, 'file')} ({reasons})." if total else "Not measured: none."
    if not lines:
        return first
    rules = count(len(measurement.exclusions), "rule")
    return f"{first} Outside the denominator: {group(lines)} lines by {rules}."


def things(unit: str) -> str:
    """Return the short word for what is counted: lines or characters."""
    return "characters" if unit == "character" else "lines"


def count(number: int, thing: str) -> str:
    """Return ``1 file`` or ``3 files``."""
    return f"{group(number)} {thing}{'' if number == 1 else 's'}"


def kind(author_type: str) -> str:
    """Return an author type (hostile text) as the page calls it."""
    return AUTHOR_TYPES.get(author_type, visible(author_type, 40))


def shares(counts: Counts) -> str:
    """Return who took lines away, largest first: ``AI 9,240 (55 %), no evidence 7,628 (45 %)``."""
    parts = [(-counts.of(one), AUTHOR_TYPES[one.value], counts.of(one)) for one in AuthorType]
    return ", ".join(
        f"{name} {group(lines)} ({percent(lines, counts.total, 0)})"
        for _, name, lines in sorted(parts)
        if lines
    )


def replaced(taken: Taken) -> str:
    """Say in one sentence who took the lines of one author type away."""
    gone = count(taken.by.total, "line")
    return f"{kind(taken.old)}: {gone} gone, taken away by {shares(taken.by)}."


def recorded(figures: RecordFigures) -> str:
    """Say in one sentence what the line-level records of one dialect gave."""
    parts = [
        count(figures.total, "record"),
        f"{group(figures.reachable)} of this history",
        f"{group(figures.recovered)} recovered",
        f"{group(figures.unusable)} unusable",
        f"{count(figures.commits, 'commit')} with evidence",
    ]
    text = f"{visible(figures.rule, 40)}: {', '.join(parts)}"
    if figures.named_lines:
        text += (
            f"; of {group(figures.named_lines)} AI lines named, "
            f"{group(figures.added_lines)} were really added"
        )
    low, high, whole = figures.estimate
    if figures.estimated and whole:
        text += (
            f"; {count(figures.estimated, 'commit')} with an estimate, "
            f"together {between(low, high, whole)} of {count(whole, 'line')}"
        )
    return f"{text}."


def found(document: Document) -> str:
    """Say in one sentence how many findings there are, by what they do."""
    findings = document.measurement.findings
    kinds = ", ".join(
        f"{number} {text}"
        for severity, text in SEVERITIES.items()
        if (number := sum(item.severity == severity for item in findings))
    )
    return f"Findings: {kinds}." if kinds else "Findings: none."


def verdict(claim: Verdict) -> str:
    """Return the verdict in words; what supports it, with all that is taken for granted."""
    said = claim.verdict.replace("_", " ")
    taken = dict.fromkeys(
        text
        for reading in claim.readings
        if reading.verdict == "supported"
        for text in reading.assumes
    )
    return f"{said}, assuming: {'; '.join(taken)}" if taken else said


def visible(text: str, limit: int = 160) -> str:
    """Return hostile text with every control, bidi or undecodable sign spelled out.

    What is longer than ``limit`` loses its middle.
    """
    text = _cut(text, limit)
    if text.isascii() and text.isprintable():
        return text
    return _cut("".join(_drawn(sign) for sign in text), limit)


def place(text: str) -> str:
    """Return where a finding points (hostile text); commit ids in short form."""
    is_id = len(text) in {40, 64} and set(text) <= _HEXADECIMAL
    return text[:_SHORT_ID] if is_id else visible(text, 120)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = (limit - 1) // 2
    return f"{text[:half]}…{text[len(text) - half :]}"


def _drawn(sign: str) -> str:
    if sign in _NOT_DRAWN:
        return _NOT_DRAWN[sign]
    if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        code = ord(sign)
        if 0xDC80 <= code <= 0xDCFF:
            return f"\\x{code - 0xDC00:02x}"
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return sign
