"""What can be wrong in an expression, and how it is said to the person who typed it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The closed list of faults."""

    BLANK = "blank"
    UNCLOSED_COMMENT = "unclosed_comment"
    UNKNOWN_WORD = "unknown_word"
    MISPLACED = "misplaced"
    STRAY_COMMA = "stray_comma"
    MISSING_SEPARATOR = "missing_separator"
    IMPOSSIBLE_TIME = "impossible_time"
    IMPOSSIBLE_DATE = "impossible_date"
    IMPOSSIBLE_WEEK = "impossible_week"
    IMPOSSIBLE_RANK = "impossible_rank"
    BACKWARD_RANGE = "backward_range"
    START_ONLY = "start_only"
    UNSUPPORTED = "unsupported"
    DAYS_WITHOUT_TIMES = "days_without_times"
    NOTATION = "notation"

    @property
    def fatal(self) -> bool:
        """Whether the expression cannot be read; the others are read, with a caution."""
        return self not in (Kind.DAYS_WITHOUT_TIMES, Kind.NOTATION)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to correct."""

    position: int
    """Characters before it, from 0."""
    kind: Kind
    hint: str
    """A French sentence for the person who typed the expression."""
    suggestion: str | None = None
    """The whole expression once corrected, when the correction is clear."""


class InvalidHours(ValueError):
    """The expression says nothing that can be trusted; `problems` says why, in order of position."""

    def __init__(self, expression: str, problems: list[Fault]) -> None:
        super().__init__(f"{expression!r}: {' '.join(fault.hint for fault in problems)}")
        self.expression = expression
        self.problems = problems
