"""What one file says about itself: a pure function of its path and its bytes.

Facts are small and picklable so that they can be cached per path and blob, together with
the digest of the catalogue (only words of the catalogue are counted); nothing here knows
the repository.  Source is read through tree-sitter queries, configuration and prose by
cheap scans.  A grammar that is not installed is no error: the file keeps its path and
its words and says in ``degraded`` what could not be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from provenance.stages.body import body_of, marks_of
from provenance.stages.prose import read_config, read_notebook, read_prose, read_shell
from provenance.stages.reading import Reading
from provenance.stages.syntax import read_source
from provenance.stages.words import language_of

CONTENT_LIMIT = 256 * 1024
"""Bytes of a file that are looked at, at most."""
NOTEBOOK_LIMIT = 8 * 1024 * 1024
"""The same for notebooks, which are no notebooks when cut: outputs make them long."""
SOURCE_LANGUAGES = frozenset(
    {"python", "c", "cpp", "cuda", "rust", "go", "typescript", "javascript"}
)
"""Languages read through a grammar."""
_CONFIGURATION = frozenset({"yaml", "toml", "json", "dockerfile", "text"})
_BINARY_LOOK = 8000


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Everything the classifier may know about one file."""

    path: str
    """Path from the root of the repository, with forward slashes."""
    language: str
    """Language by name of file (``python``, ``cuda``, ``yaml``, ``docs`` ...)."""
    reading: Reading
    """What the content says; empty when there was none."""
    present: bool
    """Whether there is text to read (files known only from history have none, binary ones too)."""

    def with_lead(self, lead: tuple[str, ...]) -> FileFacts:
        """Return the same facts with other opening words."""
        return replace(self, reading=replace(self.reading, lead=lead))


def file_facts(path: str, content: bytes | None) -> FileFacts:
    """Return the facts of one file; never fails, whatever the bytes."""
    language = language_of(path, content)
    if content is None:
        return FileFacts(path, language, Reading(), present=False)
    if is_binary(content):
        return FileFacts(path, language, Reading(degraded="binary"), present=False)
    limit = NOTEBOOK_LIMIT if language == "notebook" else CONTENT_LIMIT
    reading = _read(language, content[:limit])
    if language and (reading.lacks_grammar or not reading.degraded):
        marks = marks_of(content) if language in {"python", "notebook"} else ()
        reading = replace(reading, body=body_of(content), marks=marks)
    return FileFacts(path, language, reading, present=True)


def is_binary(content: bytes) -> bool:
    """Whether git would call a content binary."""
    return b"\0" in content[:_BINARY_LOOK]


def _read(language: str, content: bytes) -> Reading:
    reader = _READERS.get(language)
    if reader is not None:
        return reader(content)
    if language in _CONFIGURATION:
        return read_config(language, content)
    return read_source(language, content) if language in SOURCE_LANGUAGES else Reading()


_READERS: Mapping[str, Callable[[bytes], Reading]] = {
    "docs": read_prose,
    "notebook": read_notebook,
    "shell": read_shell,
}
