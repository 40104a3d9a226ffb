"""Git's path patterns, as they stand in ``.gitattributes``, compiled for linear matching."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAMED = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": r" \t", "digit": "0-9", "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~", "space": r"\s", "upper": "A-Z", "xdigit": "0-9a-fA-F",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Glob:
    """One pattern, bound to the folder it was written in."""

    base: str
    """Folder the pattern is relative to, with a final slash; empty at the top."""
    anchored: bool
    """Whether the pattern speaks of the whole path below ``base``, not of the name alone."""
    regex: re.Pattern[str]
    """The pattern itself."""

    def matches(self, path: str) -> bool:
        """Return whether the pattern matches a file."""
        if not path.startswith(self.base):
            return False
        if self.anchored:
            return self.regex.match(path, len(self.base)) is not None
        return self.regex.match(path, path.rfind("/") + 1) is not None


def glob(pattern: str, base: str = "") -> Glob | None:
    """Compile one pattern; ``None`` where it can never match a file."""
    if not pattern or pattern.endswith("/"):
        return None
    anchored = "/" in pattern
    parts = _parts(pattern.removeprefix("/")) if anchored else [pattern]
    if parts is None:
        return None
    text = _path(parts) if anchored else _segment(pattern)
    if text is None:
        return None
    return Glob(f"{base}/" if base else "", anchored, re.compile(text + r"\Z", re.DOTALL))


def _parts(pattern: str) -> list[str] | None:
    """Split at slashes; one inside a bracket expression is a letter there."""
    parts = [""]
    index = 0
    while index < len(pattern):
        behind = index + 1
        if pattern[index] == "[":
            found = _bracket(pattern, behind)
            if found is None:
                return None
            behind = found[1]
        elif pattern[index] == "\\":
            behind += 1
        if pattern[index] == "/":
            parts.append("")
        else:
            parts[-1] += pattern[index:behind]
        index = behind
    return parts


def _path(parts: list[str]) -> str | None:
    """Translate a pattern with slashes; ``**`` stands for any number of folders.

    The parts between two ``**`` may be taken at their first fit and never again, so no
    choice is tried twice.
    """
    sections: list[list[str]] = [[]]
    for index, part in enumerate(parts):
        any_depth = len(part) > 1 and not part.strip("*")
        if any_depth and index == len(parts) - 1:
            sections[-1].append(".+")
        elif any_depth:
            if sections[-1] or len(sections) == 1:
                sections.append([])
        else:
            translated = _segment(part)
            if translated is None:
                return None
            sections[-1].append(translated)
    first, *rest = ["/".join(section) for section in sections]
    if not rest:
        return first
    text = f"{first}/" if first else ""
    for section in rest[:-1]:
        text += f"(?>(?:[^/]+/)*?{section}/)"
    return f"{text}(?:[^/]+/)*?{rest[-1]}"


def _segment(part: str) -> str | None:
    """Translate a pattern without slashes; ``None`` for one that cannot match."""
    chunks = [""]
    index = 0
    while index < len(part):
        letter = part[index]
        index += 1
        if letter == "*":
            if chunks[-1] or len(chunks) == 1:
                chunks.append("")
        elif letter == "?":
            chunks[-1] += "[^/]"
        elif letter == "[":
            found = _bracket(part, index)
            if found is None:
                return None
            chunks[-1] += found[0]
            index = found[1]
        elif letter == "\\":
            if index == len(part):
                return None
            chunks[-1] += re.escape(part[index])
            index += 1
        else:
            chunks[-1] += re.escape(letter)
    first, *rest = chunks
    if not rest:
        return first
    middle = "".join(f"(?>[^/]*?{chunk})" for chunk in rest[:-1])
    return f"{first}{middle}[^/]*{rest[-1]}"


def _bracket(part: str, index: int) -> tuple[str, int] | None:
    """Translate a bracket expression that begins before ``index``; ``None`` if never closed."""
    negated = part[index : index + 1] in ("!", "^")
    index += negated
    body = ""
    begun = False
    while index < len(part):
        letter = part[index]
        if letter == "]" and begun:
            if negated:
                return f"[^/{body}]", index + 1
            return f"(?!/)[{body}]", index + 1
        begun = True
        if part.startswith("[:", index) and (end := part.find(":]", index)) > 0:
            if (named := _NAMED.get(part[index + 2 : end])) is None:
                return None
            body += named
            index = end + 2
            continue
        letter, index = _letter(part, index)
        if part[index : index + 1] == "-" and part[index + 1 : index + 2] not in ("", "]"):
            last, index = _letter(part, index + 1)
            # git looks at the first letter before it sees that the range is empty
            body += f"{re.escape(letter)}-{re.escape(max(letter, last))}"
            continue
        body += re.escape(letter)
    return None


def _letter(part: str, index: int) -> tuple[str, int]:
    """Return one letter of a bracket expression and the index behind it."""
    if part[index] == "\\" and index + 1 < len(part):
        return part[index + 1], index + 2
    return part[index], index + 1
