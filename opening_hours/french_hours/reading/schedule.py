"""From clauses to a schedule: hours by day, in layers (always, some weeks, some months, holidays)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from french_hours.reading.answers import Refusal
from french_hours.reading.clause import Clause, Doubts, Text
from french_hours.reading.days import as_range
from french_hours.reading.items import DayRef, Period, Refused
from french_hours.reading.qualified import Hours, hours_of
from french_hours.reading.slots import (
    MIDNIGHT,
    NOON,
    Slot,
    State,
    clashing,
    covers,
    in_half,
    joined,
    walk_in_first,
)


@dataclass(frozen=True, slots=True)
class When:
    """A layer of the schedule."""

    period: str = ""
    """"SH", "SCHOOL", "PH", an OSM selector of months or dates; "" for always."""
    parity: str = ""
    """"odd" or "even" weeks; "" for all."""


Key = tuple[int, int]
"""A day (0 is Monday) and which of the month (0 for all)."""


@dataclass(slots=True)
class Entry:
    slots: list[Slot]
    days: frozenset[int]
    """All the days of the statement that gave these slots."""
    by_range: bool = False


@dataclass(slots=True)
class Layer:
    entries: dict[Key, Entry] = field(default_factory=dict[Key, Entry])
    whole: bool = False
    """The layer restates the whole week: other days are closed in it."""

    def of_day(self, day: int) -> list[Key]:
        return [key for key in self.entries if key[0] == day]


@dataclass(slots=True)
class Schedule:
    layers: dict[When, Layer] = field(default_factory=dict[When, Layer])
    closed: list[str] = field(default_factory=list[str])
    """Selectors without hours: "PH", "Aug", "SH We"."""
    doubts: Doubts = field(default_factory=Doubts)
    appointments: bool = False
    loose_days: list[DayRef] = field(default_factory=list[DayRef])
    """Days stated without hours."""

    def layer(self, when: When) -> Layer:
        return self.layers.setdefault(when, Layer())

    @property
    def has_hours(self) -> bool:
        return any(
            entry.slots for layer in self.layers.values() for entry in layer.entries.values()
        )


def add_hours(
    text: Text, schedule: Schedule, default_days: tuple[int, ...], *, sure: bool
) -> list[Clause]:
    """Put the hours of every public clause into the schedule; return these clauses.

    Args:
        text: the clauses.
        schedule: filled here.
        default_days: the days that other columns give (0 is Monday), for times without days.
        sure: whether the text can only speak of these days: it is one day's cell.
    """
    _settle_dash_pairs(text.clauses)
    stated = [clause for clause in text.clauses if clause.kind == "hours"]
    public = [clause for clause in stated if not _restricted(clause)]
    if any(clause.has_times for clause in stated if _restricted(clause)):
        schedule.doubts.add("hours for some people only", 0.08)
        if not any(clause.times() for clause in public):
            raise Refused(Refusal.RESTRICTED)
    adder = _Adder(schedule, public, default_days, sure=sure)
    for clause in public:
        adder.add(clause)
    return public


class _Adder:
    def __init__(
        self,
        schedule: Schedule,
        clauses: list[Clause],
        default_days: tuple[int, ...],
        *,
        sure: bool,
    ) -> None:
        self.schedule = schedule
        self.clauses = clauses
        self.default_days = default_days
        self.sure = sure

    def doubt(self, name: str, amount: float) -> None:
        self.schedule.doubts.add(name, amount)

    def add(self, clause: Clause) -> None:
        self.schedule.doubts.include(clause.doubts)
        if clause.moments():
            if clause.changes_end:
                return
            raise Refused(Refusal.START_ONLY)
        if clause.times():
            refs = self.days_for(clause)
            for hours in hours_of(clause):
                self.place(clause, refs, hours)
        elif clause.days and not clause.marks("closed"):
            self.days_alone(clause)
        elif not clause.days and any(period.kind == "PH" for period in clause.periods()):
            self.doubt("public holidays without hours", 0.15)

    def days_for(self, clause: Clause) -> list[DayRef]:
        if clause.days:
            return clause.days
        if any(period.kind == "PH" for period in clause.periods()):
            return [DayRef(0)]  # public holidays have one entry, whatever their weekday
        period = next((one for one in clause.periods() if one.kind != "PH"), clause.scope.period)
        named = [one for one in self.clauses if one.days and one.times()]
        if period is not None and named:
            # «pendant les vacances : 10h-16h»: the days of the ordinary weeks
            self.doubt("days taken from another block", 0.15)
            return [ref for one in named for ref in one.days]
        if self.default_days and not named:
            if not self.sure:
                self.doubt("days from another column", 0.05)
            return [DayRef(day, by_range=True) for day in self.default_days]
        if period is not None and period.kind == "DATES" and not period.yearly:
            return [DayRef(day, by_range=True) for day in range(7)]  # «le 15 août 2026, 10h-12h»
        raise Refused(Refusal.NO_DAY)

    def place(self, clause: Clause, refs: list[DayRef], hours: Hours) -> None:
        slots = [self.slot(hours, one.start, one.end) for one in hours.ranges]
        if any(slot.state == "appointment" for slot in slots):
            self.schedule.appointments = True
        days = frozenset(ref.day for ref in refs)
        for when, whole in self.whens(clause, hours):
            layer = self.schedule.layer(when)
            layer.whole = layer.whole or whole
            for ref in refs:
                if ref.nth and hours.nth:
                    raise Refused(Refusal.CONTRADICTION)
                kept = self.of_half(ref, slots)
                for nth in ref.nth or hours.nth or (0,):
                    entry = Entry(kept, days, ref.by_range)
                    self.merge(layer, (ref.day, nth), entry, clause)

    def slot(self, hours: Hours, start: int, end: int) -> Slot:
        if hours.rarely:
            return Slot(start, end, "unknown", hours.rarely)
        state: State = "open"
        half = hours.appointment_half
        if hours.appointment == "yes" and (half is None or in_half(Slot(start, end), half)):
            state = "appointment"
        return Slot(start, end, state)

    def whens(self, clause: Clause, hours: Hours) -> list[tuple[When, bool]]:
        whens: list[tuple[When, bool]] = []
        if any(period.kind == "PH" for period in clause.periods()):
            whens.append((When("PH"), False))  # «dimanches et jours fériés»
            if not clause.days:
                return whens
        if hours.period is None:
            return [*whens, (When("", hours.parity), False)]
        return [*whens, (when_of(self.schedule, hours.period, hours.parity), hours.heading)]

    def of_half(self, ref: DayRef, slots: list[Slot]) -> list[Slot]:
        """«lundi matin»: where the times cover the whole day, only those of that half."""
        half = ref.half
        if half is None:
            return slots
        kept = [slot for slot in slots if in_half(slot, half)]
        if len(kept) == len(slots):
            return slots
        if kept:
            self.doubt("hours shared between half-days", 0.1)
            return kept
        if any(slot.start < NOON < slot.end - 60 for slot in slots):
            self.doubt("a half-day in the middle", 0.1)
            return slots
        self.doubt("a half-day without hours", 0.1)
        self.schedule.loose_days.append(ref)
        return []

    def merge(self, layer: Layer, key: Key, new: Entry, clause: Clause) -> None:
        """Two statements about one day add up, or the narrower one replaces the other."""
        old = layer.entries.get(key)
        if not new.slots or (old is not None and old.slots == new.slots):
            return
        if old is None or not old.slots:
            layer.entries[key] = new
            return
        both = sorted(old.slots + new.slots)
        days = old.days | new.days
        narrower = new.days < old.days
        if not clashing(both):
            if narrower and old.by_range:
                self.doubt("hours added to some days", 0.08)
            layer.entries[key] = Entry(joined(both), days, old.by_range and new.by_range)
        elif any(a.state != b.state for a in old.slots for b in new.slots):
            layer.entries[key] = Entry(walk_in_first(both), days)
        elif narrower and not _one_activity(clause):
            self.doubt("hours replaced on some days", 0.05 if old.by_range else 0.12)
            layer.entries[key] = new
        elif covers(old.slots, new.slots) and _one_activity(clause):
            self.doubt("hours of an activity", 0.1)
        elif covers(new.slots, old.slots) and _one_activity(clause) and not narrower:
            self.doubt("hours of an activity", 0.15)
            layer.entries[key] = new
        else:
            raise Refused(Refusal.CONTRADICTION)

    def days_alone(self, clause: Clause) -> None:
        if "yes" in (*clause.marks("appointment"), clause.scope.marks.get("appointment")):
            self.schedule.appointments = True
            self.doubt("days by appointment only", 0.05)
        else:
            self.schedule.loose_days.extend(clause.days)


def when_of(schedule: Schedule, period: Period, parity: str = "") -> When:
    """The layer of a period; refused where its dates are not known."""
    schedule.doubts.add("dates without exact bounds", period.doubt)
    if period.kind in ("SEASON", "NAMED", "LEAVE"):
        raise Refused(Refusal.SEASON_UNDATED)
    if period.kind == "DATES" and period.yearly and period.short:
        raise Refused(Refusal.DATED_WEEK)  # «lundi 12 septembre», of a year that is not said
    return When(period.selector or period.kind, parity)


def mention_loose_days(schedule: Schedule) -> None:
    """A day stated without hours is unknown, not closed."""
    stated = {key[0] for layer in schedule.layers.values() for key in layer.entries}
    for ref in schedule.loose_days:
        schedule.doubts.add("days without hours", 0.1)
        if ref.day in stated:
            continue
        schedule.doubts.add("unknown days", 0.1)
        unknown = Slot(0, MIDNIGHT, "unknown", "horaires non précisés")
        for nth in ref.nth or (0,):
            schedule.layer(When()).entries[ref.day, nth] = Entry([unknown], frozenset({ref.day}))


def _one_activity(clause: Clause) -> bool:
    """Whether the clause may speak of one activity among others: «en autonomie : …»."""
    walk_in = (*clause.marks("appointment"), clause.scope.marks.get("appointment"))
    return clause.labelled or "no" in walk_in


def _restricted(clause: Clause) -> bool:
    return bool(clause.marks("restricted")) or "restricted" in clause.scope.marks


def _settle_dash_pairs(clauses: list[Clause]) -> None:
    """«mercredi - vendredi» is a range, unless Thursday is spoken of elsewhere."""
    spoken = {ref.day for clause in clauses if clause.kind == "hours" for ref in clause.days}
    lists = any(clause.dash_list for clause in clauses)
    for clause in clauses:
        if clause.dash_pair is None:
            continue
        range_ = as_range(clause.dash_pair)
        between = {ref.day for ref in range_.refs} - {ref.day for ref in clause.dash_pair.refs}
        if between & spoken or lists:
            clause.doubts.add("a dash between days", 0.05)
        else:
            clause.days = [replace(ref) for ref in range_.refs]
