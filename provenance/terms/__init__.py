"""The words of the house, as frozen values.

Glossary (used literally in code, documentation, templates and command-line words):

Author type
    Who wrote a line or a commit, as far as evidence says: ``ai``, ``assisted``,
    ``automation``, ``human``, ``predates_ai`` or ``unattested``.
Evidence
    One sign in the history: the rule that saw it, where, and the bytes seen.
Tier
    How directly the evidence was recorded (``observed`` is the strongest).
Live line
    A line present in a text file at a revision.
Origin
    The commit that git would blame for a live line, and the line number it had there.
Stock
    Live lines at a revision.
Flow
    Lines added in a window of time or between two releases.
Floor, declared, ceiling
    The three figures that always travel together over one denominator.
Coverage
    Share of lines that are not ``unattested``.
Self-written
    The three figures for the lab's own model families.
Stage, facet
    What part of making a model a file serves; what kind of file it is.
Unmeasured
    A value with a reason where a number cannot be given.
Lens
    How edits are seen when ownership is decided: ``plain`` equals ``git blame``.
"""
