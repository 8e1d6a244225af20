"""Opening hours as a value: is it open at a moment, until when, and all the spans between two dates."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from french_hours.calendars import Calendar
from french_hours.clocks import offset_at, steady
from french_hours.faults import Fault
from french_hours.guard import (
    Engine,
    holiday_kinds,
    moves,
    night_of_some_dates,
    read_rules,
    split_note,
)
from french_hours.syntax import Rule
from french_hours.verdicts import OUTSIDE_TABLES, State, Verdict

_STEP: Final = timedelta(days=62)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WALL_EPOCH: Final = _EPOCH.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Moment:
    """The state at one moment."""

    state: State
    reason: str | None
    """A French phrase: the holiday that closes the place, why nobody knows; None when plain."""
    comment: str | None
    by_appointment: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The next moment when the state is another one."""

    at: datetime
    """In the place's own time zone."""
    state: State


class Span(NamedTuple):
    """A stretch of time when the place is open, or perhaps open. UTC, end excluded.

    A tuple, because a nightly job makes a million of them.
    """

    start: datetime
    end: datetime
    state: State
    by_appointment: bool
    comment: str | None


class Hours:
    """One expression in one calendar. Moments are aware datetimes; a naive one is an error."""

    def __init__(
        self, expression: str, calendar: Calendar, rules: tuple[Rule, ...], cautions: list[Fault]
    ) -> None:
        self.expression = expression
        self.calendar = calendar
        self.cautions = cautions
        """Faults that did not prevent reading: worth showing to who may correct them."""
        self.rules, self.note = split_note(rules)
        """The note is a remark about the place (a trailing comment), not about its state."""
        self._kinds = holiday_kinds(self.rules)
        self._dated = bool(self._kinds) or any(
            night_of_some_dates(rule) or any(moves(day) for day in rule.dates)
            for rule in self.rules
        )
        """Whether rules are rewritten for the dates asked about."""
        self._engines: dict[tuple[date, date, bool], Engine] = {}

    @classmethod
    def parse(cls, expression: str, calendar: Calendar) -> Hours:
        """Raises InvalidHours, whose `problems` say what to correct."""
        rules, cautions = read_rules(expression)
        return cls(expression, calendar, rules, list(cautions))

    def __repr__(self) -> str:
        return f"Hours({self.expression!r}, {self.calendar.code!r})"

    @cached_property
    def week_stable(self) -> bool:
        """Whether every week is the same: no month, date, parity, rank in the month, nor holiday."""
        return not any(
            rule.years
            or rule.dates
            or rule.weeks
            or rule.holidays
            or any(day.nths for day in rule.weekdays)
            for rule in self.rules
        )

    def state_at(self, moment: datetime) -> Moment:
        """The state at an aware moment, whatever its time zone."""
        local = _wall(self.calendar, moment)
        day = local.date()
        decided = self._engine(date(day.year, 1, 1), date(day.year, 12, 31)).at(local)
        if not self._known(day, day):
            other = self._engine(day, day, beyond=True).at(local)
            decided = decided if _same(decided, other) else OUTSIDE_TABLES
        reason = decided.reason
        if reason is None and self._kinds:
            reason = self._holiday(day)
        return Moment(decided.state, reason, decided.comment, decided.by_appointment)

    def next_change(self, moment: datetime, within_days: int = 366) -> Change | None:
        """The first change of state after a moment; None when there is none within that time."""
        now = self.state_at(moment).state
        limit = moment + timedelta(days=within_days)
        start = moment
        step = timedelta(days=8)  # most places change within the week
        while start < limit:
            end = min(start + step, limit)
            for first, _, decided in self._verdicts(start, end, closed=True):
                if decided.state is not now:
                    return Change(first.astimezone(self.calendar.zone), decided.state)
            start, step = end, _STEP
        return None

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """What is open or unknown in [start, end[, in order, disjoint, cut at both bounds."""
        return [
            Span(first, last, decided.state, decided.by_appointment, decided.comment)
            for first, last, decided in self._verdicts(start, end, closed=False)
        ]

    def means_the_same(self, other: Hours) -> bool:
        """Whether both say the same hours: equal states over whole years, whatever the spelling.

        Compared from 2024 (a leap year) to 2028, every year that either names with its neighbours, and
        the years beyond the tables of holidays; comments count only as "by appointment" or not.
        """
        zone = self.calendar.zone
        years = {2024, 2025, 2026, 2027, 2028, 2101} | _years(self.rules) | _years(other.rules)
        for year in sorted(years):
            start, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
            if self._outline(start, end) != other._outline(start, end):
                return False
        return True

    # -- inside -----------------------------------------------------------------------------------

    def _outline(
        self, start: datetime, end: datetime
    ) -> list[tuple[datetime, datetime, State, bool]]:
        outline: list[tuple[datetime, datetime, State, bool]] = []
        for span in self.spans(start, end):
            if outline and outline[-1][1:] == (span.start, span.state, span.by_appointment):
                span = Span(outline.pop()[0], span.end, span.state, span.by_appointment, None)
            outline.append((span.start, span.end, span.state, span.by_appointment))
        return outline

    def _verdicts(
        self, start: datetime, end: datetime, *, closed: bool
    ) -> list[tuple[datetime, datetime, Verdict]]:
        """Spans of [start, end[ in UTC, in order, neighbours different; they fill it if `closed`."""
        merged: list[tuple[datetime, datetime, Verdict]] = []
        for first, last, offset in steady(self.calendar.zone, start, end):
            wall_first = (first + offset).replace(tzinfo=None)
            wall_last = (last + offset).replace(tzinfo=None)
            epoch = _WALL_EPOCH + offset  # two subtractions cost less than a change of time zone
            for begin, stop, decided in self._local(wall_first, wall_last):
                if not closed and decided.state is State.CLOSED:
                    continue
                at, until = _EPOCH + (begin - epoch), _EPOCH + (stop - epoch)
                if merged and merged[-1][1] == at and merged[-1][2] == decided:
                    at = merged.pop()[0]
                merged.append((at, until, decided))
        return merged

    def _local(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime, Verdict]]:
        first, last = start.date(), end.date()
        found = self._engine(first, last).spans(start, end)
        if self._known(first, last):
            return found
        return _agreed(found, self._engine(first, last, beyond=True).spans(start, end))

    def _engine(self, first: date, last: date, *, beyond: bool = False) -> Engine:
        if not self._dated:
            first, last = date(2000, 1, 1), date(2000, 1, 1)
        key = (first, last, beyond)
        engine = self._engines.get(key)
        if engine is None:
            if len(self._engines) > 8:
                self._engines.clear()
            engine = self._engines[key] = Engine(
                self.rules, self.calendar, first, last, beyond=beyond
            )
        return engine

    def _known(self, first: date, last: date) -> bool:
        day = timedelta(days=1)
        return all(self.calendar.knows(kind, first - day, last + day) for kind in self._kinds)

    def _holiday(self, day: date) -> str | None:
        for kind in sorted(self._kinds):
            name = self.calendar.holidays(kind, day, day).get(day)
            if name is not None:
                return name
        return None


def _wall(calendar: Calendar, moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    moment = moment.astimezone(UTC)
    return (moment + offset_at(calendar.zone, moment)).replace(tzinfo=None)


def _same(one: Verdict, other: Verdict) -> bool:
    return (one.state, one.by_appointment) == (other.state, other.by_appointment)


def _agreed(
    ordinary: list[tuple[datetime, datetime, Verdict]],
    holiday: list[tuple[datetime, datetime, Verdict]],
) -> list[tuple[datetime, datetime, Verdict]]:
    """What holds whether or not the days are holidays; the rest is unknown."""
    bounds = sorted({bound for first, last, _ in (*ordinary, *holiday) for bound in (first, last)})
    agreed: list[tuple[datetime, datetime, Verdict]] = []
    ours, theirs = _walk(ordinary), _walk(holiday)
    one, other = next(ours), next(theirs)
    for first, last in itertools.pairwise(bounds):
        while one[1] <= first:
            one = next(ours)
        while other[1] <= first:
            other = next(theirs)
        agreed.append((first, last, one[2] if _same(one[2], other[2]) else OUTSIDE_TABLES))
    return agreed


def _walk(
    spans: list[tuple[datetime, datetime, Verdict]],
) -> Iterator[tuple[datetime, datetime, Verdict]]:
    return iter(spans)


def _years(rules: tuple[Rule, ...]) -> set[int]:
    named: set[int] = set()
    for rule in rules:
        for years in rule.years:
            named |= {years.first, years.last or years.first}
        for dates in rule.dates:
            named |= {bound.year for bound in (dates.first, dates.last) if bound and bound.year}
    return {year + around for year in named for around in (-1, 0, 1)}
