"""What closes, and what makes an exception: «sauf le mercredi matin», «fermé en août»."""

from __future__ import annotations

from dataclasses import replace

from french_hours.reading.answers import DAY_CODES, Refusal
from french_hours.reading.clause import Clause
from french_hours.reading.items import Break, DayRef, Half, Nth, Period, Refused
from french_hours.reading.qualified import hours_of
from french_hours.reading.schedule import Entry, Key, Layer, Schedule, When, when_of
from french_hours.reading.slots import Slot, ending_at, minus, without_half

_HOLIDAYS = {"noel": "Noël", "ete": "été", "paques": "Pâques", "fevrier": "février"}


def apply_exceptions(
    clauses: list[Clause],
    public: list[Clause],
    schedule: Schedule,
    default_days: tuple[int, ...],
) -> None:
    """Take from the schedule what the text closes or changes.

    Args:
        clauses: all the clauses of the text.
        public: those whose hours are in the schedule.
        schedule: changed here.
        default_days: the days of a text that names none.
    """
    closer = _Closer(schedule, public, default_days)
    for clause in clauses:
        if clause.kind == "hours" and clause not in public:
            continue
        if clause.changes_end:
            closer.change_end(clause)
        elif clause.kind == "except" and clause.times():
            closer.replace_hours(clause)
        elif clause.kind != "hours" or (clause.marks("closed") and not clause.times()):
            closer.close(clause)


class _Closer:
    def __init__(
        self, schedule: Schedule, public: list[Clause], default_days: tuple[int, ...]
    ) -> None:
        self.schedule = schedule
        self.public = public
        self.default_days = default_days

    def doubt(self, name: str, amount: float) -> None:
        self.schedule.doubts.add(name, amount)

    # --- other hours

    def replace_hours(self, clause: Clause) -> None:
        """«sauf le mercredi, de 9h à 12h»"""
        if not clause.days:
            raise Refused(Refusal.UNREAD_WORDS)
        self.doubt("an exception", 0.03)
        hours = hours_of(clause)
        slots = [Slot(one.start, one.end) for each in hours for one in each.ranges]
        period = hours[0].period
        when = When() if period is None else when_of(self.schedule, period)
        layer = self.schedule.layer(when)
        for ref in clause.days:
            if not when.period and not layer.of_day(ref.day):
                raise Refused(Refusal.CONTRADICTION)
            for nth in ref.nth or (0,):
                layer.entries[ref.day, nth] = Entry(slots, frozenset({ref.day}))

    def change_end(self, clause: Clause) -> None:
        """«(17h30 le mercredi)», «vendredi jusqu'à 15h30»"""
        moments = clause.moments()
        if len(moments) > 1 or any(ref.nth for ref in clause.days):
            raise Refused(Refusal.UNREAD_WORDS)
        days = {ref.day for ref in clause.days}
        base = self.schedule.layers.get(When(), Layer())
        if not base.entries:
            raise Refused(Refusal.NO_DAY)
        if not days <= {day for day, _ in base.entries}:
            raise Refused(Refusal.CONTRADICTION)
        period = next(iter(clause.periods()), None)
        for key, entry in list(base.entries.items()):
            if days and key[0] not in days:
                continue
            slots = ending_at(entry.slots, moments[0].minute)
            if period is None:
                base.entries[key] = Entry(slots, frozenset({key[0]}))
            else:
                layer = self.schedule.layer(when_of(self.schedule, period))
                layer.entries[key] = Entry(slots, entry.days)
        self.doubt("another closing time", 0.03)

    # --- closures

    def close(self, clause: Clause) -> None:
        if clause.times():
            self.subtract(clause)
            return
        if clause.moments():
            raise Refused(Refusal.START_ONLY)
        if clause.marks("rarely") or any(isinstance(item, Nth) for item in clause.body):
            raise Refused(Refusal.UNREAD_WORDS)
        refs = self.closed_days(clause)
        limit = self.close_periods(clause)
        if not refs:
            if not clause.periods() and clause.scope.period is None:
                raise Refused(Refusal.UNREAD_WORDS)  # «fermé» : nobody knows when
            return
        parity = next(iter(clause.marks("parity")), "")
        found = [self.remove(ref, limit, clause, parity) for ref in refs]
        if clause.kind == "except" and not any(found):
            self.doubt("an exception for nothing", 0.1)

    def closed_days(self, clause: Clause) -> list[DayRef]:
        """The days or half-days that are closed."""
        said: Half | None = next(
            (half for half in ("am", "pm", "evening") if half in clause.marks("half")), None
        )
        refs = clause.days
        if said and not refs:
            outer = clause.parent.days if clause.parent is not None else []
            refs = outer or [DayRef(day, by_range=True) for day in self.default_days]
        shared = refs[-1].half if refs else None
        if shared and any(ref.half is None and not ref.by_range for ref in refs):
            # «fermé le mercredi et vendredi matin»: both mornings
            self.doubt("half-days of several days", 0.2)
        return [replace(ref, half=ref.half or said or shared) for ref in refs]

    def close_periods(self, clause: Clause) -> Period | None:
        """Close whole periods; or return the one in which only the clause's days are closed."""
        for period in clause.periods():
            limits = clause.days and period.kind != "PH" and not _listed(clause, period)
            if limits:
                return _dated(period)
            self.close_period(clause, period)
        if clause.scope.period is None or clause.periods():
            return None
        if not clause.days and not clause.marks("half"):
            self.close_period(clause, clause.scope.period)  # «Août : fermé»
            return None
        return _dated(clause.scope.period)

    def close_period(self, clause: Clause, period: Period) -> None:
        self.doubt("dates without exact bounds", period.doubt)
        match period.kind:
            case "LEAVE":
                self.doubt("annual leave", 0.25)
            case "SEASON":
                raise Refused(Refusal.SEASON_UNDATED)
            case "SCHOOL":
                raise Refused(Refusal.UNREAD_WORDS)  # «fermé en période scolaire»
            case "NAMED":
                self.doubt_in_holidays(period)
            case _:
                self.schedule.closed.append(self.whose(clause, period))

    def whose(self, clause: Clause, period: Period) -> str:
        """«Lundi 9h-12h, mardi 9h-12h (sauf vacances scolaires)»: Tuesdays only."""
        selector = period.selector or period.kind
        outer = clause.parent
        several = sum(bool(one.times()) for one in self.public) > 1
        if not several or clause.alone or outer is None or not outer.days or period.kind == "PH":
            return selector
        self.doubt("whose exception", 0.1)
        if not clause.in_paren:
            return selector
        return f"{selector} {','.join(DAY_CODES[ref.day] for ref in outer.days)}"

    def doubt_in_holidays(self, period: Period) -> None:
        """Only some school holidays close the place: in any of them, whether it opens is unknown."""
        base = self.schedule.layer(When())
        holidays = self.schedule.layer(When("SH"))
        if holidays.entries:
            raise Refused(Refusal.SEASON_UNDATED)
        self.doubt("which holidays", 0.15)
        name = period.selector.replace("'", " ").split()[-1]
        comment = f"fermé pendant certaines vacances ({_HOLIDAYS.get(name, name)})"
        for key, entry in base.entries.items():
            slots = [Slot(slot.start, slot.end, "unknown", comment) for slot in entry.slots]
            holidays.entries[key] = Entry(slots, entry.days)

    def remove(self, ref: DayRef, limit: Period | None, clause: Clause, parity: str) -> bool:
        """Close a day or half a day; whether it was open."""
        limit_layer = When(limit.selector or limit.kind) if limit is not None else None
        if limit_layer is not None and self.schedule.layers.get(limit_layer, Layer()).of_day(
            ref.day
        ):
            limit = None  # the holidays have hours of their own, take the day from these
        else:
            limit_layer = None
        found = False
        for when, layer in list(self.schedule.layers.items()):
            if when.period == "PH" or (
                limit_layer is not None and when.period != limit_layer.period
            ):
                continue
            if parity and when.parity not in ("", parity):
                continue
            for key in layer.of_day(ref.day):
                found = True
                entry = layer.entries[key]
                kept = without_half(entry.slots, ref.half)
                if limit is not None:
                    self.close_in(limit, key, kept)
                elif ref.nth and not key[1]:
                    for nth in ref.nth:
                        layer.entries[key[0], nth] = Entry(kept, frozenset({ref.day}))
                elif parity and not when.parity:
                    weeks = self.schedule.layer(When(when.period, parity))
                    weeks.entries[key] = Entry(kept, frozenset({ref.day}))
                elif kept:
                    layer.entries[key] = Entry(kept, frozenset({ref.day}), entry.by_range)
                elif entry.by_range:
                    del layer.entries[key]
                else:
                    raise Refused(Refusal.CONTRADICTION)  # hours of its own, and closed
        return found

    def close_in(self, limit: Period, key: Key, kept: list[Slot]) -> None:
        selector = limit.selector or limit.kind
        if kept:
            entry = Entry(kept, frozenset({key[0]}))
            self.schedule.layer(When(selector)).entries[key] = entry
        else:
            self.schedule.closed.append(f"{selector} {DAY_CODES[key[0]]}")

    def subtract(self, clause: Clause) -> None:
        """«fermé de 12h à 14h»"""
        days = {ref.day for ref in clause.days}
        touched = False
        for layer in self.schedule.layers.values():
            for key, entry in layer.entries.items():
                if not days or key[0] in days:
                    touched = True
                    for hole in (one for item in clause.times() for one in item.ranges):
                        entry.slots = minus(entry.slots, hole)
        if not touched:
            raise Refused(Refusal.CONTRADICTION)
        self.doubt("a break inside hours", 0.1)


def _dated(period: Period) -> Period:
    if period.kind in ("SEASON", "NAMED", "LEAVE"):
        raise Refused(Refusal.SEASON_UNDATED)
    if period.kind == "SCHOOL":
        raise Refused(Refusal.UNREAD_WORDS)
    return period


def _listed(clause: Clause, period: Period) -> bool:
    """«fermé le lundi et les vacances scolaires»: two closures, not one inside the other."""
    at = next(index for index, item in enumerate(clause.body) if item is period)
    before = clause.body[at - 1] if at else None
    return isinstance(before, Break) and before.level == 1
