"""What the small grammars (`times`, `days`, `periods`) make of the words, for `clauses` to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from french_hours.reading.answers import Refusal

Half = Literal["am", "pm", "evening"]
Role = Literal["from", "to", "at"]


class Refused(Exception):
    """Stops a reading; never leaves the package."""

    def __init__(self, reason: Refusal, confidence: float = 0.8) -> None:
        super().__init__(reason)
        self.reason = reason
        self.confidence = confidence


@dataclass(frozen=True, slots=True)
class Range:
    """Minutes from midnight; an end after 1440 is on the next day."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Times:
    ranges: tuple[Range, ...]
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A single time: where something starts (`from`), ends (`to`), or neither is said (`at`)."""

    minute: int
    role: Role


@dataclass(frozen=True, slots=True)
class DayRef:
    day: int
    """0 is Monday."""
    nth: tuple[int, ...] = ()
    """Which of the month: 1 to 5, -1 for the last; empty for all."""
    half: Half | None = None
    by_range: bool = False
    """Said as part of "from … to …", so that a later word may make an exception of it."""


@dataclass(frozen=True, slots=True)
class Days:
    refs: tuple[DayRef, ...]
    doubt: float = 0.0
    dash_pair: tuple[int, int] | None = None
    """Two days with a dash between, and no more: a range, unless the rest says a list."""
    dash_list: bool = False
    """Three days or more with dashes between: in this text a dash lists."""


PeriodKind = Literal["SH", "SCHOOL", "PH", "NAMED", "LEAVE", "MONTHS", "DATES", "SEASON"]


@dataclass(frozen=True, slots=True)
class Period:
    kind: PeriodKind
    selector: str = ""
    """OSM selector, "" where the kind says it."""
    doubt: float = 0.0
    yearly: bool = False
    """Dates were given without a year."""
    short: bool = False
    """Dates inside one month."""


@dataclass(frozen=True, slots=True)
class Nth:
    """Which of the month, for days said elsewhere: «(1er et 3e du mois)»."""

    nth: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that qualifies hours.

    parity        value "even" | "odd": ISO week number
    rarely        value: the French words, for the comment
    appointment   value "yes" | "no"
    half          value: Half, said alone
    closed, except, also, restricted, elsewhere, exceptional, gone
    """

    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """Between items. Level 0: a list goes on; 1: comma-like; 2: semicolon; 3: line or sentence."""

    level: int
    text: str
    colon: bool = False


@dataclass(frozen=True, slots=True)
class Paren:
    opening: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Words outside the grammar."""

    text: str


Item = Times | Moment | Days | Period | Nth | Mark | Break | Paren | Words
