"""From items to clauses: which days go with which times, and what qualifies them.

A clause is one statement: «le mardi de 9 h à 12 h sur rendez-vous», «sauf le mercredi matin»,
«fermé en août». Days usually come before their times; «9h-12h du lundi au vendredi» is read too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from french_hours.reading.answers import Refusal
from french_hours.reading.items import (
    Break,
    DayRef,
    Days,
    Item,
    Mark,
    Moment,
    Nth,
    Paren,
    Period,
    Refused,
    Times,
    Words,
)
from french_hours.reading.vocabulary import is_harmless, is_label, matters

Kind = Literal["hours", "except", "closed"]
Core = Days | Times | Moment
SCOPED = ("parity", "rarely", "appointment", "restricted")


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

    def copy(self) -> Scope:
        return Scope(self.period, dict(self.marks), set(self.lasting))

    def end_line(self, text: str) -> None:
        """A new line or sentence ends the headings that had no colon."""
        if self.period and "period" not in self.lasting:
            self.period = None
        for kind in ("parity", "rarely", "restricted"):
            if kind not in self.lasting:
                self.marks.pop(kind, None)


@dataclass(slots=True)
class Clause:
    kind: Kind
    scope: Scope
    parent: Clause | None = None
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
    closing_done: bool = False
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
    def changes_end(self) -> bool:
        """It gives other hours' closing time: «(17h30 le mercredi)», «vendredi jusqu'à 15h30»."""
        moments = self.moments()
        if not moments or self.times() or not (self.days or self.periods()):
            return False
        closing = self.in_paren or self.kind == "closed" or bool(self.marks("closed"))
        return moments[0].role == "to" or (moments[0].role == "at" and closing)

    @property
    def has_times(self) -> bool:
        return any(isinstance(item, Times | Moment) for item in self.body)

    @property
    def empty(self) -> bool:
        return not self.days and not self.has_times


@dataclass(slots=True)
class Text:
    """All the clauses of a text, and what it says besides."""

    clauses: list[Clause] = field(default_factory=list[Clause])
    said: set[str] = field(default_factory=set[str])
    """Kinds of marks met anywhere."""
    doubts: Doubts = field(default_factory=Doubts)
    unread: bool = False
    """A word that changes hours stands outside every clause."""


def clauses_of(items: list[Item]) -> Text:
    reader = _Reader()
    reader.feed(items)
    reader.finish()
    return reader.text


class _Reader:
    def __init__(self) -> None:
        self.text = Text()
        self.scope = Scope()
        self.current = Clause("hours", self.scope.copy())
        self.in_paren = False
        self.label = False
        self.break_level = 3
        """The strongest break since the last core item."""
        self.sentence: list[Clause] = []
        """The finished clauses of the current sentence."""
        self.sentence_words = False
        """Whether the current sentence holds words outside the grammar."""
        self.sentence_core = False
        """Whether the current sentence holds days or times."""

    # --- walking

    def feed(self, items: list[Item]) -> None:
        at = 0
        while at < len(items):
            item = items[at]
            if isinstance(item, Paren):
                if item.opening:
                    close = _closing(items, at)
                    self.parenthesis(items[at + 1 : close])
                    at = close
            else:
                self.take(item, items, at)
            at += 1

    def take(self, item: Item, items: list[Item], at: int) -> None:
        match item:
            case Days():
                self.take_days(item, items, at)
            case Times() | Moment():
                self.take_times(item, items, at)
            case Break():
                self.take_break(item)
            case Words():
                self.take_words(item)
            case Period() if item.kind == "PH":
                self.current.body.append(item)
            case Period() | Mark():
                self.take_qualifier(item, items, at)
            case _:
                self.current.body.append(item)

    def finish(self) -> None:
        self.close()

    def close(self) -> None:
        clause = self.current
        if not clause.empty or clause.kind != "hours" or clause.body:
            self.text.clauses.extend((clause, *clause.asides))
            self.sentence.append(clause)

    def start(self, kind: Kind = "hours", parent: Clause | None = None) -> Clause:
        self.close()
        self.current = Clause(
            kind,
            self.scope.copy(),
            parent,
            in_paren=self.in_paren,
            labelled=self.label,
            alone=self.break_level >= 3,
        )
        self.label = False
        return self.current

    # --- days and times

    def take_days(self, item: Days, items: list[Item], at: int) -> None:
        clause = self.current
        self.sentence_core = True
        if clause.kind == "except" and not clause.days and not clause.has_times:
            pass
        elif clause.days and (clause.has_times or clause.closing_done or clause.kind == "closed"):
            clause = self.start()
        elif clause.has_times and not clause.days:
            crossed = self.break_level >= 3 and self.label
            if not crossed and self.times_come_first(items, at):
                clause.days_last = True
            else:
                clause = self.start()
        elif clause.days and (self.break_level >= 2 or self.label or clause.kind == "except"):
            clause = self.start()
        if clause.empty and clause.kind == "hours":
            clause.labelled = clause.labelled or self.label
            clause.alone = self.break_level >= 3
            clause.scope = self.scope.copy()
        if item.dash_pair is not None and not clause.days:
            clause.dash_pair = item
        elif clause.dash_pair is not None:
            clause.dash_pair = None
        clause.dash_list = clause.dash_list or item.dash_list
        clause.days.extend(item.refs)
        clause.doubts.add("days", item.doubt)
        self.label = False
        self.break_level = 0

    def times_come_first(self, items: list[Item], at: int) -> bool:
        """After times without days: whether these days are theirs."""
        after = _core_kinds(items, at + 1)
        if not after or after[0] == "D":
            return True
        # «9h-12h le lundi, 14h-17h le mardi»: times and days alternate to the end
        pairs = after if len(after) % 2 == 0 else after[:-1]
        return after[-1] == "D" and pairs == "TD" * (len(pairs) // 2) and len(after) % 2 == 0

    def take_times(self, item: Times | Moment, items: list[Item], at: int) -> None:
        clause = self.current
        self.sentence_core = True
        if (
            clause.kind == "except"
            and clause.days
            and clause.parent is not None
            and clause.parent.days
            and not clause.parent.has_times
            and not clause.in_paren
        ):
            # «du lundi au vendredi sauf le mercredi de 9h à 12h»: the times are everybody's
            # the parent is already in the list; only the exception needs to join it
            self.close()
            self.current = clause = clause.parent
            self.text.clauses.remove(clause)
        elif clause.kind == "closed" and not clause.days and clause.marks("half"):
            clause = self.start()  # «fermé le matin - 13h30 à 18h»
        elif clause.kind == "closed" and clause.days and isinstance(item, Times):
            follows = _core_kinds(items, at + 1)[:1]
            if self.break_level >= 2 or (self.break_level >= 1 and follows == "D"):
                clause = self.start()
        elif (
            clause.has_times
            and (
                (clause.days and clause.days_last)
                or (self.break_level >= 2 and self.label)
                or (clause.kind != "hours" and self.break_level >= 2)
            )
        ) or (isinstance(item, Moment) and item.role == "to" and clause.days and clause.has_times):
            clause = self.start()
        if clause.empty and clause.kind == "hours":
            clause.scope = self.scope.copy()
            clause.labelled = clause.labelled or self.label
        clause.body.append(item)
        if isinstance(item, Times):
            clause.doubts.add("days", item.doubt)
        self.label = False
        self.break_level = 0

    # --- what stands between

    def take_break(self, item: Break) -> None:
        if item.level >= 3:
            if item.text.count("\n") > 1 and self.scope.period and self.current.has_times:
                self.text.doubts.add("a heading over several paragraphs", 0.15)
            self.scope.end_line(item.text)
            self.sentence_words = self.sentence_core = False
            self.sentence = []
        self.break_level = max(self.break_level, item.level)
        if self.current.days or any(not isinstance(one, Break) for one in self.current.body):
            self.current.body.append(item)

    def take_words(self, item: Words) -> None:
        if matters(item.text):
            about_hours = self.sentence_core or self.current.kind != "hours"
            self.text.unread = self.text.unread or about_hours
            self.text.doubts.add("words that may matter", 0.1)
        if not is_harmless(item.text):
            self.text.doubts.unknown_words += 1
            self.sentence_words = True
        if is_label(item.text):
            self.label = True

    # --- what qualifies

    def take_qualifier(self, item: Period | Mark, items: list[Item], at: int) -> None:
        if isinstance(item, Mark):
            self.text.said.add(
                f"{item.kind}:{item.value}" if item.kind == "appointment" else item.kind
            )
            match item.kind:
                case "closed":
                    self.take_closed(item, items, at)
                    return
                case "except":
                    self.take_except(items, at)
                    return
                case "gone" | "exceptional" | "elsewhere" | "advice" | "also":
                    return
                case "usual":
                    self.scope.period = None
                    return
                case _:
                    pass
        if self.heads(items, at):
            self.set_scope(item, items, at)
        elif self.stands_apart(item, items, at):
            self.text.doubts.add("a qualifier in another sentence", 0.08)
        else:
            self.share_suffix(item, items[at - 1] if at else None)
            self.current.body.append(item)

    def share_suffix(self, item: Period | Mark, before: Item | None) -> None:
        """«mardi 9h-12h et jeudi 14h-17h, une semaine sur deux»: said of both."""
        said_of_all = isinstance(before, Break) and before.text == ","
        shareable = item.kind in ("parity", "rarely", "SCHOOL")
        if not said_of_all or not shareable or self.in_paren or not self.current.has_times:
            return
        for clause in self.sentence:
            if clause.kind == "hours" and not any(
                isinstance(one, Mark | Period) and one.kind == item.kind for one in clause.body
            ):
                clause.body.append(item)
                self.text.doubts.add("a qualifier for several blocks", 0.1)

    def heads(self, items: list[Item], at: int) -> bool:
        """Whether the qualifier is a heading: it speaks of what follows."""
        item = items[at]
        clause = self.current
        if isinstance(item, Mark) and item.kind == "half":
            return False
        if clause.kind != "hours" and not clause.has_times and not clause.days:
            return False  # «fermé pendant les vacances»
        if clause.days and not clause.has_times and not clause.closing_done:
            return False  # «le mardi, sur rendez-vous, de 9h à 12h»
        between: list[Item] = []
        for after in items[at + 1 :]:
            if isinstance(after, Times) and isinstance(item, Mark) and clause.marks(item.kind):
                return False  # «mardi semaine paire 9h-12h, semaine impaire 14h-17h»
            if isinstance(after, Days | Times):
                break
            if isinstance(after, Mark) and after.kind == "except":
                return False
            if isinstance(after, Mark) and after.kind == "closed":
                # «pendant les vacances : fermé le samedi», but «sur rendez-vous. Fermé le lundi»
                return (
                    isinstance(item, Period)
                    and not _full_stop(between)
                    and (clause.empty or self.break_level >= 1)
                )
            if isinstance(after, Period) and after.kind != "PH":
                return False
            between.append(after)
        else:
            return False
        if _restricts(item) and not _same_line(between):
            return False
        first = next((one for one in between if isinstance(one, Break)), None)
        if first is not None and first.colon:
            return True
        full_stop = _full_stop(between)
        if clause.empty:
            return not full_stop
        if clause.has_times and not clause.days:
            return False
        closed_in = any(isinstance(one, Break) and one.level in (1, 2) for one in between)
        opened = self.break_level >= 1 or (self.label and not self.in_paren)
        return (
            opened
            and not closed_in
            and not full_stop
            and not any(isinstance(one, Words) for one in between)
        )

    def set_scope(self, item: Item, items: list[Item], at: int) -> None:
        following = next((one for one in items[at + 1 :] if isinstance(one, Break)), None)
        lasting = (
            following is not None
            and items[at + 1] is following
            and ("\n" in following.text or (following.colon and not _restricts(item)))
        )
        if not self.current.empty or self.current.kind != "hours":
            self.start()
        name = "period"
        if isinstance(item, Period):
            self.scope.period = item
        elif isinstance(item, Mark):
            name = item.kind
            self.scope.marks[name] = item.value
        self.scope.lasting.discard(name)
        ahead = (one for one in items[at + 1 :] if not isinstance(one, Break | Words))
        leads_to = next(ahead, None)
        if isinstance(leads_to, Mark) and leads_to.kind == "closed":
            lasting = False  # «vacances scolaires : fermé»
        if lasting or name == "appointment":
            self.scope.lasting.add(name)
        self.current.scope = self.scope.copy()

    def stands_apart(self, item: Item, items: list[Item], at: int) -> bool:
        """Whether the qualifier belongs to a sentence that is not about these hours."""
        if self.sentence_core or (isinstance(item, Mark) and item.kind in ("half", "restricted")):
            return False
        if self.sentence_words and not self.current.empty:
            return True
        for after in items[at + 1 :]:
            if isinstance(after, Break) and after.level >= 3:
                return False
            if isinstance(after, Words) and not is_harmless(after.text):
                return not self.current.empty or isinstance(item, Period)
            if isinstance(after, Days | Times):
                return False
        return False

    def take_closed(self, item: Mark, items: list[Item], at: int) -> None:
        clause = self.current
        target = _target(items, at)
        if clause.kind == "except" and clause.days and not clause.has_times:
            clause.closing_done = True
        elif clause.days and not clause.has_times and clause.kind == "hours":
            days = next((one for one in items[at + 1 : at + 2] if isinstance(one, Days)), None)
            if days is not None and {r.day for r in days.refs} < {r.day for r in clause.days}:
                self.start("except", clause)  # «du lundi au vendredi fermé le mercredi 9h-12h»
            else:
                clause.closing_done = True
                clause.body.append(item)
        elif clause.empty and clause.kind == "hours":
            clause.kind = "closed"
            clause.alone = self.break_level >= 3
            clause.scope = self.scope.copy()
        elif target is not None or self.break_level >= 1 or clause.has_times:
            parent = clause if clause.kind == "hours" else clause.parent
            self.start("closed", parent)
        self.label = False

    def take_except(self, items: list[Item], at: int) -> None:
        parent = self.current if self.current.kind == "hours" else self.current.parent
        half = _last_half(parent) if parent is not None else None
        self.start("except", parent)
        if half is not None:
            self.current.body.append(half)
        if _target(items, at) is None:
            raise Refused(Refusal.UNREAD_WORDS)

    # --- parentheses

    def parenthesis(self, inner: list[Item]) -> None:
        cores = [one for one in inner if isinstance(one, Days | Times | Moment)]
        leads = any(isinstance(one, Mark) and one.kind in ("closed", "except") for one in inner)
        days = [one for one in cores if isinstance(one, Days)]
        only_days = bool(days) and len(days) == len(cores)
        clause = self.current
        if not leads and only_days and all(ref.nth for one in days for ref in one.refs):
            self.restrict(days)
        elif not leads and only_days and clause.has_times and not clause.days:
            clause.days.extend(ref for one in days for ref in one.refs)
        elif not leads and (
            not cores
            or (
                not days
                and not any(isinstance(one, Moment) for one in cores)
                and (clause.days and not clause.has_times)
            )
        ):
            for one in inner:
                if isinstance(one, Words):
                    self.take_words(one)
                elif isinstance(one, Mark) and one.kind in (
                    "advice",
                    "also",
                    "elsewhere",
                    "gone",
                    "exceptional",
                ):
                    self.text.said.add(one.kind)
                else:
                    if isinstance(one, Mark):
                        self.text.said.add(
                            f"{one.kind}:{one.value}" if one.kind == "appointment" else one.kind
                        )
                    clause.body.append(one)
        else:
            self.aside(inner)

    def restrict(self, days: list[Days]) -> None:
        """«Samedi : 9h-12h (les deux premiers samedis du mois)»"""
        nth = {ref.day: ref.nth for one in days for ref in one.refs}
        clause = self.current
        if not clause.days:
            clause.days.extend(DayRef(day, which) for day, which in nth.items())
            return
        known = {ref.day for ref in clause.days}
        if not known >= nth.keys():
            raise Refused(Refusal.CONTRADICTION)
        clause.days = [
            DayRef(ref.day, nth.get(ref.day, ref.nth), ref.half, ref.by_range)
            for ref in clause.days
        ]

    def aside(self, inner: list[Item]) -> None:
        """Statements inside parentheses, about the clause that they interrupt."""
        outer, before = self.current, self.text.clauses
        around = self.in_paren, self.break_level, self.label
        self.current = Clause("hours", self.scope.copy(), outer, in_paren=True)
        self.text.clauses, self.in_paren, self.label = [], True, False
        self.feed(inner)
        self.close()
        for clause in self.text.clauses:
            clause.parent, clause.in_paren = outer, True
        outer.asides.extend(self.text.clauses)
        self.text.clauses, self.current = before, outer
        self.in_paren, self.break_level, self.label = around


def _closing(items: list[Item], opening: int) -> int:
    depth = 0
    for at in range(opening, len(items)):
        item = items[at]
        if isinstance(item, Paren):
            depth += 1 if item.opening else -1
            if depth == 0:
                return at
    return len(items)


def _core_kinds(items: list[Item], start: int) -> str:
    """The days (D) and times (T) that follow in the same paragraph, up to an exception."""
    kinds: list[str] = []
    for item in items[start:]:
        if isinstance(item, Mark) and item.kind in ("except", "closed"):
            break
        if isinstance(item, Paren):
            break
        if isinstance(item, Break) and item.text.count("\n") > 1:
            break
        if isinstance(item, Days | Times):
            kinds.append("D" if isinstance(item, Days) else "T")
    return "".join(kinds)


def _last_half(clause: Clause) -> Mark | None:
    """«le matin de 9h à 12h et sur rendez-vous l'après-midi sauf le jeudi»: except that half."""
    half: Mark | None = None
    for item in clause.body:
        if isinstance(item, Mark) and item.kind == "half":
            half = item
        elif isinstance(item, Times):
            half = None
    return half


def _full_stop(between: list[Item]) -> bool:
    return any(isinstance(one, Break) and one.text in (".", "!") for one in between)


def _restricts(item: Item) -> bool:
    return isinstance(item, Mark) and item.kind == "restricted"


def _same_line(between: list[Item]) -> bool:
    """Whether nothing ends the line, but a line break right after the heading or its colon."""
    lines = [one for one in between if isinstance(one, Break) and one.level >= 3]
    return not lines or all("\n" in one.text for one in lines)


def _target(items: list[Item], at: int) -> Item | None:
    """What «fermé» or «sauf» is about, when it is said after it."""
    for item in items[at + 1 :]:
        if isinstance(item, Days | Period | Nth | Times | Moment):
            return item
        if isinstance(item, Mark) and item.kind in ("half", "parity"):
            return item
        if isinstance(item, Break) and item.level >= 1:
            return None
    return None
