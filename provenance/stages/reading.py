"""What a reader found in the bytes of a file."""

from __future__ import annotations

from dataclasses import dataclass

NO_GRAMMAR = "no grammar for "
"""How the reason begins why the structure of a program could not be read; its language follows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in the bytes of a file."""

    imports: tuple[str, ...] = ()
    """Modules, headers or packages named, as written (relative ones keep their dots)."""
    symbols: tuple[str, ...] = ()
    """Names of top-level definitions and of their base classes."""
    lead: tuple[str, ...] = ()
    """Words of the opening documentation."""
    keys: tuple[str, ...] = ()
    """Configuration keys or command-line flags."""
    launches: tuple[str, ...] = ()
    """Programs or modules a launcher starts."""
    body: tuple[tuple[str, int], ...] = ()
    """Telling words of the text with how often they occur, most frequent first."""
    marks: tuple[str, ...] = ()
    """Ids of the catalogue's marks seen in the text."""
    entry: bool = False
    """Whether the file can be run."""
    device: bool = False
    """Whether it holds accelerator device code."""
    degraded: str = ""
    """Why the content could not be read, or not its structure; empty when it was."""

    @property
    def lacks_grammar(self) -> str:
        """The language whose grammar is not installed; empty when nothing was lacking."""
        return (
            self.degraded.removeprefix(NO_GRAMMAR) if self.degraded.startswith(NO_GRAMMAR) else ""
        )
