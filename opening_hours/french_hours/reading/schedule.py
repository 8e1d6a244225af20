"""From clauses to a schedule: hours by day, in layers (always, some weeks, some months, holidays)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from french_hours.reading.answers import DAY_CODES, Refusal
from french_hours.reading.clauses import Clause, Text
from french_hours.reading.days import as_range
from french_hours.reading.items import Break, DayRef, Mark, Nth, Period, Range, Refused, Times

State = Literal["open", "appointment", "unknown"]
NOON = 12 * 60
LUNCH_END = 14 * 60
EVENING = 17 * 60


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    start: int
    end: int
    state: State = "open"
    comment: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """A layer of the schedule."""

    period: str = ""
    """"SH", "SCHOOL", "PH", an OSM selector of months or dates; "" for always."""
    parity: str = ""


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


@dataclass(slots=True)
class Schedule:
    layers: dict[When, Layer] = field(default_factory=dict[When, Layer])
    closed: list[str] = field(default_factory=list[str])
    """Selectors without hours: "PH", "Aug", "SH We"."""
    doubt: float = 0.0
    appointments: bool = False
    loose_days: list[DayRef] = field(default_factory=list[DayRef])
    """Days stated without hours."""

    def layer(self, when: When) -> Layer:
        return self.layers.setdefault(when, Layer())

    @property
    def has_hours(self) -> bool:
        return any(entry.slots for layer in self.layers.values() for entry in layer.entries.values())


def schedule_of(text: Text, default_days: tuple[int, ...]) -> Schedule:
    """Build the schedule.

    Args:
        text: the clauses.
        default_days: the days that another column gives (0 is Monday), for times without days.
    """
    return _Builder(text, default_days).build()


class _Builder:
    def __init__(self, text: Text, default_days: tuple[int, ...]) -> None:
        self.text = text
        self.default_days = default_days
        self.schedule = Schedule(doubt=text.doubt)
        self.clauses = text.clauses

    def build(self) -> Schedule:
        _settle_dash_pairs(self.clauses)
        hours = [clause for clause in self.clauses if clause.kind == "hours"]
        public = [clause for clause in hours if not _restricted(clause)]
        if any(_restricted(clause) and clause.has_times for clause in hours):
            self.schedule.doubt += 0.08
            if not any(clause.times() for clause in public):
                raise Refused(Refusal.RESTRICTED)
        for clause in public:
            self.add(clause, public)
        for clause in self.clauses:
            if clause.kind == "hours" and clause in public and _changes_end(clause):
                self.change_end(clause)
            elif clause.kind == "except":
                self.take_away(clause)
            elif clause.kind == "closed":
                self.close(clause)
        self.mention_loose_days()
        return self.schedule

    # --- hours

    def add(self, clause: Clause, others: list[Clause]) -> None:
        self.schedule.doubt += clause.doubt
        if clause.marks("closed"):
            self.add_closed_days(clause)
            if not clause.times():
                return
        if not clause.times():
            if clause.moments():
                if _changes_end(clause):
                    return
                raise Refused(Refusal.START_ONLY)
            if clause.days:
                self.days_alone(clause)
            elif any(period.kind == "PH" for period in clause.periods()):
                self.schedule.doubt += 0.15
            return
        if clause.moments():
            raise Refused(Refusal.START_ONLY)
        refs = self.days_for(clause, others)
        for item in clause.body:
            if isinstance(item, Nth):
                if any(ref.nth for ref in refs):
                    raise Refused(Refusal.CONTRADICTION)
                refs = [replace(ref, nth=item.nth) for ref in refs]
        period_of_times = _governed(clause)
        for ranges, marks in period_of_times:
            self.place(clause, refs, ranges, marks)

    def days_for(self, clause: Clause, others: list[Clause]) -> list[DayRef]:
        if clause.days:
            return clause.days
        named = [one for one in others if one.days and one.times()]
        if clause.scope.period is not None and named:
            # «pendant les vacances : 10h-16h»: the days of the ordinary weeks
            self.schedule.doubt += 0.15
            return [ref for one in named for ref in one.days]
        if self.default_days and not named:
            return [DayRef(day, by_range=True) for day in self.default_days]
        raise Refused(Refusal.NO_DAY)

    def place(
        self, clause: Clause, refs: list[DayRef], ranges: tuple[Range, ...], marks: dict[str, str]
    ) -> None:
        state: State = "open"
        comment = ""
        if marks.get("rarely"):
            state, comment = "unknown", marks["rarely"]
        elif marks.get("appointment") == "yes":
            state = "appointment"
            self.schedule.appointments = True
        slots = [Slot(one.start, one.end, state, comment) for one in ranges]
        days = frozenset(ref.day for ref in refs)
        whens = self.whens(clause, marks)
        for when, whole in whens:
            layer = self.schedule.layer(when)
            layer.whole = layer.whole or whole
            for ref in refs:
                kept = self.of_half(ref, slots)
                for nth in ref.nth or (0,):
                    self.merge(layer, (ref.day, nth), Entry(kept, days, ref.by_range), clause)

    def whens(self, clause: Clause, marks: dict[str, str]) -> list[tuple[When, bool]]:
        parity = marks.get("parity", "")
        inline = clause.periods()
        whens: list[tuple[When, bool]] = []
        ph = [period for period in inline if period.kind == "PH"]
        others = [period for period in inline if period.kind != "PH"]
        if ph and clause.days:
            whens.append((When("PH"), False))  # «dimanches et jours fériés»
        if others:
            whens += [(self.when(period, parity), False) for period in others[:1]]
        elif clause.scope.period is not None:
            whens.append((self.when(clause.scope.period, parity), True))
        else:
            whens.append((When("", parity), False))
        return whens

    def when(self, period: Period, parity: str) -> When:
        self.schedule.doubt += period.doubt
        if period.kind in ("SEASON", "NAMED", "LEAVE"):
            raise Refused(Refusal.SEASON_UNDATED)
        return When(period.selector or period.kind, parity)

    def of_half(self, ref: DayRef, slots: list[Slot]) -> list[Slot]:
        """«lundi matin»: where the times cover the whole day, only those of that half."""
        if ref.half is None:
            return slots
        kept = [slot for slot in slots if _in_half(slot, ref.half)]
        if len(kept) == len(slots):
            return slots
        if not kept:
            straddling = [slot for slot in slots if slot.start < NOON < slot.end - 60]
            if straddling:
                self.schedule.doubt += 0.1
                return slots
            self.schedule.doubt += 0.1
            self.schedule.loose_days.append(ref)
            return []
        self.schedule.doubt += 0.1
        return kept

    def merge(self, layer: Layer, key: Key, new: Entry, clause: Clause) -> None:
        if not new.slots:
            return
        old = layer.entries.get(key)
        if old is None or not old.slots:
            layer.entries[key] = new
            return
        if old.slots == new.slots:
            return
        both = sorted(old.slots + new.slots)
        overlap = any(a.end > b.start for a, b in zip(both, both[1:], strict=False))
        narrower = new.days < old.days
        merged = Entry(both, old.days | new.days)
        if not overlap:
            if narrower and old.by_range:
                self.schedule.doubt += 0.08
            layer.entries[key] = merged
        elif any(a.state != b.state for a in old.slots for b in new.slots):
            layer.entries[key] = Entry(_walk_in_first(both), old.days | new.days)
        elif narrower and not clause.labelled:
            self.schedule.doubt += 0.05 if old.by_range else 0.12
            layer.entries[key] = new
        elif _covers(old.slots, new.slots) and clause.labelled:
            self.schedule.doubt += 0.1
        elif _covers(new.slots, old.slots) and clause.labelled and not narrower:
            self.schedule.doubt += 0.15
            layer.entries[key] = new
        else:
            raise Refused(Refusal.CONTRADICTION)

    # --- days without hours

    def days_alone(self, clause: Clause) -> None:
        if "yes" in clause.marks("appointment") or clause.scope.marks.get("appointment") == "yes":
            self.schedule.appointments = True
            self.schedule.doubt += 0.05
            return
        self.schedule.loose_days.extend(clause.days)

    def mention_loose_days(self) -> None:
        """A day stated without hours is unknown, not closed."""
        if not self.schedule.has_hours:
            return
        stated = {key[0] for layer in self.schedule.layers.values() for key in layer.entries}
        for ref in self.schedule.loose_days:
            self.schedule.doubt += 0.1
            if ref.day in stated:
                continue
            entry = Entry([Slot(0, 24 * 60, "unknown", "horaires non précisés")], frozenset({ref.day}))
            for nth in ref.nth or (0,):
                self.schedule.layer(When()).entries[ref.day, nth] = entry
            self.schedule.doubt += 0.1

    # --- exceptions

    def add_closed_days(self, clause: Clause) -> None:
        """«Samedi : fermé», «mardi : fermé le matin / 13h45-17h30»"""
        for ref in clause.days:
            half = ref.half or next(iter(clause.marks("half")), None)
            if clause.times() or half:
                continue
            self.remove(ref, None, clause)

    def take_away(self, clause: Clause) -> None:
        if _changes_end(clause):
            self.change_end(clause)
            return
        if clause.times():
            self.replace_hours(clause)
            return
        self.close(clause)

    def replace_hours(self, clause: Clause) -> None:
        """«sauf le mercredi, de 9h à 12h»"""
        refs = clause.days
        if not refs:
            raise Refused(Refusal.UNREAD_WORDS)
        self.schedule.doubt += 0.03
        groups = _governed(clause)
        for when in self.whens(clause, {}):
            layer = self.schedule.layer(when[0])
            for ref in refs:
                if not when[0].period and not any(key[0] == ref.day for key in layer.entries):
                    raise Refused(Refusal.CONTRADICTION)
                slots = [Slot(r.start, r.end) for ranges, _ in groups for r in ranges]
                for nth in ref.nth or (0,):
                    layer.entries[ref.day, nth] = Entry(slots, frozenset({ref.day}))

    def close(self, clause: Clause) -> None:
        periods = clause.periods()
        if clause.times():
            self.subtract(clause)
            return
        if clause.moments():
            raise Refused(Refusal.START_ONLY)
        nth = next((item for item in clause.body if isinstance(item, Nth)), None)
        if nth is not None:
            raise Refused(Refusal.UNREAD_WORDS)
        qualifying = self.close_periods(clause, periods)
        half = next(iter(clause.marks("half")), None)
        parity = next(iter(clause.marks("parity")), "")
        refs = clause.days
        if half and not refs and clause.parent is not None:
            refs = clause.parent.days or [DayRef(day, by_range=True) for day in self.default_days]
        if clause.marks("rarely"):
            raise Refused(Refusal.UNREAD_WORDS)
        shared = refs[-1].half if refs else None
        for ref in refs:
            if ref.half is None and shared is not None and not ref.by_range:
                # «fermé le mercredi et vendredi matin»: both mornings
                self.schedule.doubt += 0.2
            self.remove(replace(ref, half=ref.half or half or shared), qualifying, clause, parity)

    def close_periods(self, clause: Clause, periods: list[Period]) -> Period | None:
        """Close what is closed for everybody; the period that limits the closed days, if one does."""
        joined = _joined_to_days(clause)
        for period in periods:
            if clause.days and not joined and period.kind != "PH":
                if period.kind in ("SEASON", "NAMED", "LEAVE"):
                    raise Refused(Refusal.SEASON_UNDATED)
                return period
            self.close_period(clause, period)
        return None

    def close_period(self, clause: Clause, period: Period) -> None:
        self.schedule.doubt += period.doubt
        match period.kind:
            case "LEAVE":
                self.schedule.doubt += 0.25
            case "SEASON":
                raise Refused(Refusal.SEASON_UNDATED)
            case "NAMED":
                self.doubt_in_holidays(period)
            case "SCHOOL":
                # «sauf hors vacances» cannot be meant; «fermé hors vacances» is holidays only
                raise Refused(Refusal.UNREAD_WORDS)
            case _:
                selector = period.selector or period.kind
                several = sum(1 for one in self.clauses if one.kind == "hours" and one.times()) > 1
                near = not clause.alone and clause.parent is not None and period.kind == "SH"
                if several and near and clause.parent is not None and clause.parent.days:
                    self.schedule.doubt += 0.1
                    if clause.in_paren:
                        selector += " " + ",".join(
                            DAY_CODES[ref.day] for ref in clause.parent.days
                        )
                self.schedule.closed.append(selector)

    def doubt_in_holidays(self, period: Period) -> None:
        """Only some school holidays close the place: in any of them, whether it opens is unknown."""
        base = self.schedule.layer(When())
        holidays = self.schedule.layer(When("SH"))
        if holidays.entries:
            raise Refused(Refusal.SEASON_UNDATED)
        self.schedule.doubt += 0.15
        words = {"noel": "Noël", "ete": "été", "paques": "Pâques", "fevrier": "février"}
        name = period.selector.rsplit(" ", 1)[-1].rsplit("'", 1)[-1]
        comment = f"fermé pendant certaines vacances ({words.get(name, name)})"
        for key, entry in base.entries.items():
            slots = [Slot(slot.start, slot.end, "unknown", comment) for slot in entry.slots]
            holidays.entries[key] = Entry(slots, entry.days)

    def remove(
        self, ref: DayRef, period: Period | None, clause: Clause, parity: str = ""
    ) -> None:
        found = False
        for when, layer in list(self.schedule.layers.items()):
            if when.period == "PH" or (clause.scope.period and not _same(when, clause.scope.period)):
                continue
            if parity and when.parity not in ("", parity):
                continue
            for key in [key for key in layer.entries if key[0] == ref.day]:
                entry = layer.entries[key]
                kept = self.without(entry.slots, ref)
                found = True
                if period is not None:
                    self.in_period(period, key, kept)
                elif ref.nth and not key[1]:
                    for nth in ref.nth:
                        layer.entries[key[0], nth] = Entry(kept, frozenset({ref.day}))
                elif parity and not when.parity:
                    other = self.schedule.layer(When(when.period, parity))
                    other.entries[key] = Entry(kept, frozenset({ref.day}))
                elif kept:
                    layer.entries[key] = Entry(kept, frozenset({ref.day}), entry.by_range)
                elif entry.by_range or len(entry.days) == 7 or clause.in_paren or not ref.half:
                    if not entry.by_range:
                        raise Refused(Refusal.CONTRADICTION)
                    del layer.entries[key]
                else:
                    raise Refused(Refusal.CONTRADICTION)
        if not found and clause.kind == "except":
            self.schedule.doubt += 0.1

    def in_period(self, period: Period, key: Key, kept: list[Slot]) -> None:
        if kept:
            when = When(period.selector or period.kind)
            self.schedule.layer(when).entries[key] = Entry(kept, frozenset({key[0]}))
        else:
            self.schedule.closed.append(f"{period.selector or period.kind} {DAY_CODES[key[0]]}")

    def without(self, slots: list[Slot], ref: DayRef) -> list[Slot]:
        if ref.half is None:
            return []
        kept: list[Slot] = []
        for slot in slots:
            if _in_half(slot, ref.half):
                continue
            if slot.start < NOON and slot.end > LUNCH_END or (ref.half == "evening" and slot.end > EVENING + 120):
                raise Refused(Refusal.HALF_DAY_UNCLEAR)
            kept.append(slot)
        return kept

    def subtract(self, clause: Clause) -> None:
        """«fermé de 12h à 14h»"""
        holes = [one for item in clause.times() for one in item.ranges]
        days = {ref.day for ref in clause.days}
        touched = False
        for layer in self.schedule.layers.values():
            for key, entry in layer.entries.items():
                if days and key[0] not in days:
                    continue
                touched = True
                for hole in holes:
                    entry.slots = [part for slot in entry.slots for part in _minus(slot, hole)]
        if not touched:
            raise Refused(Refusal.CONTRADICTION)
        self.schedule.doubt += 0.1

    def change_end(self, clause: Clause) -> None:
        """«(17h30 le mercredi)», «vendredi jusqu'à 15h30»"""
        minute = clause.moments()[0].minute
        days = {ref.day for ref in clause.days}
        if len(clause.moments()) > 1 or any(ref.nth for ref in clause.days):
            raise Refused(Refusal.UNREAD_WORDS)
        period = next(iter(clause.periods()), None)
        base = self.schedule.layers.get(When())
        if base is None or not base.entries:
            raise Refused(Refusal.NO_DAY if days else Refusal.START_ONLY)
        if days and not any(key[0] in days for key in base.entries):
            raise Refused(Refusal.CONTRADICTION)
        if not days and period is None:
            raise Refused(Refusal.START_ONLY)
        for key, entry in list(base.entries.items()):
            if days and key[0] not in days:
                continue
            slots = _ending_at(entry.slots, minute)
            if period is None:
                base.entries[key] = Entry(slots, frozenset({key[0]}))
            else:
                self.schedule.layer(self.when(period, "")).entries[key] = Entry(slots, entry.days)
        self.schedule.doubt += 0.03


# --- arithmetic of slots


def _in_half(slot: Slot, half: str) -> bool:
    if half == "am":
        return slot.start < NOON and slot.end <= LUNCH_END
    if half == "evening":
        return slot.start >= EVENING
    return slot.start >= NOON


def _covers(outer: list[Slot], inner: list[Slot]) -> bool:
    return all(any(a.start <= b.start and b.end <= a.end for a in outer) for b in inner)


def _minus(slot: Slot, hole: Range) -> list[Slot]:
    parts = [replace(slot, end=min(slot.end, hole.start)), replace(slot, start=max(slot.start, hole.end))]
    return [part for part in parts if part.start < part.end]


def _walk_in_first(slots: list[Slot]) -> list[Slot]:
    """Where walk-in and other hours overlap, the walk-in ones are kept whole."""
    sure = [slot for slot in slots if slot.state == "open"]
    rest = [slot for slot in slots if slot.state != "open"]
    for one in sure:
        rest = [part for slot in rest for part in _minus(slot, Range(one.start, one.end))]
    return sorted(sure + rest)


def _ending_at(slots: list[Slot], minute: int) -> list[Slot]:
    kept = [slot for slot in sorted(slots) if slot.start < minute]
    if not kept:
        raise Refused(Refusal.CONTRADICTION)
    last = kept[-1]
    if len(kept) < len(slots) and minute > last.end:
        raise Refused(Refusal.CONTRADICTION)
    if abs(last.end - minute) > 4 * 60:
        raise Refused(Refusal.CONTRADICTION)
    return [*kept[:-1], replace(last, end=minute)]


# --- reading a clause


def _restricted(clause: Clause) -> bool:
    return bool(clause.marks("restricted")) or "restricted" in clause.scope.marks


def _changes_end(clause: Clause) -> bool:
    moments = clause.moments()
    if not moments or clause.times():
        return False
    about = bool(clause.days or clause.periods())
    role = moments[0].role
    return about and (role == "to" or (role == "at" and (clause.in_paren or clause.kind == "closed")))


def _same(when: When, period: Period) -> bool:
    return when.period == (period.selector or period.kind)


def _joined_to_days(clause: Clause) -> bool:
    """«fermé le lundi et les vacances scolaires»: two closures, not one inside the other."""
    for before, item in zip(clause.body, clause.body[1:], strict=False):
        if isinstance(item, Period) and isinstance(before, Break) and before.level == 1:
            return True
    return False


def _governed(clause: Clause) -> list[tuple[tuple[Range, ...], dict[str, str]]]:
    """The ranges of a clause, each with the marks that speak of it."""
    groups = [(item.ranges, _marks_for(clause, item)) for item in clause.times()]
    return _share_before_or(clause, groups)


def _marks_for(clause: Clause, times: Times) -> dict[str, str]:
    marks = dict(clause.scope.marks)
    at = next(index for index, item in enumerate(clause.body) if item is times)
    first = next(index for index, item in enumerate(clause.body) if isinstance(item, Times))
    for kind in ("parity", "rarely", "appointment"):
        places = [
            index
            for index, item in enumerate(clause.body)
            if isinstance(item, Mark) and item.kind == kind and not _additional(clause, index)
        ]
        if not places:
            continue
        if places[0] < first:  # said before: until the next one
            place = max(index for index in places if index < at)
        else:
            place = min((index for index in places if index > at), default=-1)
        if place >= 0:
            mark = clause.body[place]
            marks[kind] = mark.value if isinstance(mark, Mark) else ""
    return marks


def _additional(clause: Clause, index: int) -> bool:
    """«de 9h à 12h et sur rendez-vous»: besides these hours."""
    mark = clause.body[index]
    if not isinstance(mark, Mark) or mark.kind != "appointment" or index == 0:
        return False
    if any(isinstance(item, Times) for item in clause.body[index:]):
        return False
    before = clause.body[index - 1]
    if isinstance(before, Mark) and before.kind == "half":
        return True
    return isinstance(before, Break) and before.text in ("et", "ou", "&", "+")


def _share_before_or(
    clause: Clause, groups: list[tuple[tuple[Range, ...], dict[str, str]]]
) -> list[tuple[tuple[Range, ...], dict[str, str]]]:
    """«10h-12h ; 14h-16h (semaine paire) ou 16h-18h (semaine impaire)»: the first is common."""
    parities = [marks.get("parity") for _, marks in groups]
    if len(groups) != 2 or set(parities) != {"odd", "even"}:
        return groups
    has_or = any(isinstance(item, Break) and item.text == "ou" for item in clause.body)
    (first, marks), (second, _) = groups
    if not has_or or len(first) <= len(second):
        return groups
    common = {kind: value for kind, value in marks.items() if kind != "parity"}
    cut = len(first) - len(second)
    return [(first[:cut], common), (first[cut:], marks), groups[1]]


def _settle_dash_pairs(clauses: list[Clause]) -> None:
    """«mercredi - vendredi» is a range, unless Thursday is spoken of elsewhere."""
    spoken = [ref.day for clause in clauses if clause.kind == "hours" for ref in clause.days]
    lists = any(clause.dash_list for clause in clauses)
    for clause in clauses:
        if clause.dash_pair is None:
            continue
        pair = clause.dash_pair
        full = as_range(pair)
        inner = {ref.day for ref in full.refs} - {ref.day for ref in pair.refs}
        if inner & set(spoken) or lists:
            clause.doubt += 0.05
        else:
            clause.days = list(full.refs)
        clause.dash_pair = None
