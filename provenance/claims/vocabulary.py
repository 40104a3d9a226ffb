"""The words of a disclosure file."""

from __future__ import annotations

from enum import StrEnum, unique
from typing import Final


@unique
class Kind(StrEnum):
    """What a sentence states; only the first three are measured."""

    LEVEL = "level"
    CROSSING = "crossing"
    ACCELERATION = "acceleration"
    VOLUME = "volume"
    PEOPLE = "people"
    PREDICTION = "prediction"
    TARGET = "target"


MEASURED: Final = frozenset({Kind.LEVEL, Kind.CROSSING, Kind.ACCELERATION})
"""Kinds that a history can decide."""


@unique
class SourceTier(StrEnum):
    """How near a text stands to who said it."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


@unique
class Author(StrEnum):
    """Whose lines the figure counts."""

    SELF_FAMILY = "self_family"
    ANY_AI = "any_ai"
    ANY_NONHUMAN = "any_nonhuman"


@unique
class Comparator(StrEnum):
    """How the figure is worded."""

    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    BETWEEN = "between"


@unique
class Unit(StrEnum):
    """What is counted; the first three are what the meter measures."""

    LINE = "line"
    CODE_LINE = "code_line"
    CHARACTER = "character"
    NONBLANK_LINE = "nonblank_line"
    EFFECTIVE_LINE = "effective_line"
    TOKEN = "token"  # noqa: S105 - a unit of text
    FUNCTION = "function"
    COMMIT = "commit"
    CHANGE = "change"
    ENGINEER = "engineer"


@unique
class Basis(StrEnum):
    """Code that is there, or code that came."""

    STOCK = "stock"
    FLOW = "flow"


@unique
class Moment(StrEnum):
    """Which lines of the basis: at a revision; or all that came, or those still there."""

    ALIVE_AT_SNAPSHOT = "alive_at_snapshot"
    MERGED = "merged"
    SURVIVING = "surviving"
    ACCEPTED = "accepted"


@unique
class Attribution(StrEnum):
    """What makes a line AI's: that AI wrote it, or that the history marks it so."""

    WRITTEN = "written"
    MARKED = "marked"


@unique
class Assisted(StrEnum):
    """How lines of commits by a person and an AI system count."""

    OPEN = "open"
    COUNTED = "counted"
    LEFT_OUT = "left_out"


@unique
class Quantifier(StrEnum):
    """How several stages are put together."""

    UNION = "union"
    EACH = "each"
    ANY = "any"


@unique
class Owner(StrEnum):
    """Whose a line is after edits: the lens of the measurement, or one it does not offer."""

    PLAIN = "plain"
    IGNORE_WHITESPACE = "ignore-whitespace"
    MOVES = "moves"
    COPIES = "copies"


@unique
class Scale(StrEnum):
    """The scale on which an acceleration is looked for."""

    SHARE = "share"
    LOGIT_SHARE = "logit_share"
    AI_LINES = "ai_lines_per_week"


@unique
class Effect(StrEnum):
    """What changes at the event: the slope, or the level at once."""

    SLOPE_INCREASE = "slope_increase"
    LEVEL_STEP = "level_step"


@unique
class Bin(StrEnum):
    """Points of a series."""

    WEEK = "week"
    MONTH = "month"


@unique
class Direction(StrEnum):
    """Which way a threshold is crossed."""

    UP = "up"
    DOWN = "down"


@unique
class EventDate(StrEnum):
    """Which date of an event a reading takes."""

    RESOLVED = "resolved"
    CLAIMED = "claimed"
