"""One statement of a text: «le mardi de 9 h à 12 h sur rendez-vous», «sauf le mercredi matin»."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from french_hours.reading.items import DayRef, Days, Item, Mark, Moment, Period, Times

Kind = Literal["hours", "except", "closed"]


@dataclass(slots=True)
class Doubts:
    """What takes from the confidence; the same doubt counts once."""

    amounts: dict[str, float] = field(default_factory=dict[str, float])
    unknown_words: int = 0

    def add(self, name: str, amount: float) -> None:
        if amount:
            self.amounts[name] = max(amount, self.amounts.get(name, 0.0))

    def include(self, other: Doubts) -> None:
        for name, amount in other.amounts.items():
            self.add(name, amount)
        self.unknown_words += other.unknown_words

    @property
    def total(self) -> float:
        # words outside the grammar are mostly names and addresses: little each, and not for ever
        return sum(self.amounts.values()) + min(0.15, 0.008 * self.unknown_words)


@dataclass(slots=True)
class Scope:
    """What a heading says of all that follows it: «Vacances scolaires :», «SUR RENDEZ-VOUS»."""

    period: Period | None = None
    marks: dict[str, str] = field(default_factory=dict[str, str])
    lasting: set[str] = field(default_factory=set[str])
    """Headings with a line of their own, or a colon: they hold until the next one of the kind."""

    def copy(self) -> Scope:
        return Scope(self.period, dict(self.marks), set(self.lasting))

    def end_sentence(self) -> bool:
        """Forget the headings that do not last; whether one qualified days or hours was forgotten."""
        gone = self.period is not None and "period" not in self.lasting
        if gone:
            self.period = None
        for kind in ("parity", "rarely", "restricted"):
            if kind in self.marks and kind not in self.lasting:
                gone = gone or kind != "restricted"
                del self.marks[kind]
        return gone


@dataclass(slots=True, eq=False)
class Clause:
    kind: Kind
    scope: Scope
    parent: Clause | None = None
    """What an exception is an exception to."""
    days: list[DayRef] = field(default_factory=list[DayRef])
    dash_pair: Days | None = None
    dash_list: bool = False
    body: list[Item] = field(default_factory=list[Item])
    """Times, moments, marks, periods and the breaks between, in order."""
    in_paren: bool = False
    labelled: bool = False
    """Words stand before it: it may speak of one activity, not of the place."""
    alone: bool = False
    """It is a line or sentence of its own."""
    doubts: Doubts = field(default_factory=Doubts)
    days_last: bool = False
    """The times were said before the days."""
    days_done: bool = False
    """More days would be another clause: «lundi : fermé»."""
    asides: list[Clause] = field(default_factory=list["Clause"])
    """Statements in parentheses that interrupt this one."""

    def times(self) -> list[Times]:
        return [item for item in self.body if isinstance(item, Times)]

    def moments(self) -> list[Moment]:
        return [item for item in self.body if isinstance(item, Moment)]

    def periods(self) -> list[Period]:
        return [item for item in self.body if isinstance(item, Period)]

    def marks(self, kind: str) -> list[str]:
        return [item.value for item in self.body if isinstance(item, Mark) and item.kind == kind]

    @property
    def has_times(self) -> bool:
        return any(isinstance(item, Times | Moment) for item in self.body)

    @property
    def empty(self) -> bool:
        return not self.days and not self.has_times

    @property
    def waits_for_times(self) -> bool:
        return bool(self.days) and not self.has_times

    @property
    def changes_end(self) -> bool:
        """It gives other hours' closing time: «(17h30 le mercredi)», «vendredi jusqu'à 15h30»."""
        moments = self.moments()
        if not moments or self.times() or not (self.days or self.periods()):
            return False
        closing = self.in_paren or self.kind == "closed" or bool(self.marks("closed"))
        return moments[0].role == "to" or (moments[0].role == "at" and closing)


@dataclass(slots=True)
class Text:
    """All the clauses of a text, and what it says besides."""

    clauses: list[Clause] = field(default_factory=list[Clause])
    said: set[str] = field(default_factory=set[str])
    """Kinds of marks met anywhere; "appointment:yes", "appointment:no"."""
    doubts: Doubts = field(default_factory=Doubts)
    unread: bool = False
    """A word that changes hours stands outside every clause."""

    def note(self, mark: Mark) -> None:
        kind = mark.kind
        self.said.add(f"{kind}:{mark.value}" if kind == "appointment" else kind)


@dataclass(slots=True)
class Walk:
    """Where the reader stands in a text."""

    text: Text = field(default_factory=Text)
    scope: Scope = field(default_factory=Scope)
    current: Clause = field(default_factory=lambda: Clause("hours", Scope()))
    in_paren: bool = False
    label: bool = False
    """Words were met since the last days or times."""
    break_level: int = 3
    """The strongest break since the last days or times."""
    sentence: list[Clause] = field(default_factory=list[Clause])
    """The finished clauses of the current sentence."""
    heading_used: bool = True
    """Days, hours or a closure were read under the last heading."""
    sentence_refers_elsewhere: bool = False
    """«aux heures d'ouverture de la mairie»: hours in parentheses are those of the other place."""
    sentence_has_words: bool = False
    sentence_has_hours: bool = False
    """The current sentence holds days or times."""

    def close(self) -> None:
        clause = self.current
        if not clause.empty or clause.kind != "hours" or clause.body:
            self.text.clauses.extend((clause, *clause.asides))
            self.sentence.append(clause)

    def start(self, kind: Kind = "hours", parent: Clause | None = None) -> Clause:
        self.close()
        self.current = Clause(kind, self.scope.copy(), parent, in_paren=self.in_paren)
        self.settle()
        return self.current

    def settle(self) -> None:
        """The current clause really begins here: it takes the headings and words before it."""
        clause = self.current
        clause.scope = self.scope.copy()
        clause.labelled = clause.labelled or self.label
        clause.alone = self.break_level >= 3

    def core_read(self) -> None:
        """Days or times were just read."""
        self.heading_used = True
        self.sentence_has_hours = True
        self.label = False
        self.break_level = 0
