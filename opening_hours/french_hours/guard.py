"""From rules that people write to expressions on which the engine answers rightly.

The engine, opening-hours-py, is fast and exact on dated rules; it reads some others otherwise than
OSM does (`docs/hours.md` lists them). So nothing doubtful reaches it: holidays become dates, states
are explicit, open ends become unknown, `||` becomes a second expression. Each rule carries its rank
as its comment, so that an answer says which rule decided.
"""

from __future__ import annotations

import calendar as months
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from french_hours.calendars import Calendar, calendar_of, easter
from french_hours.faults import Fault, InvalidHours, Kind
from french_hours.grammar import parse
from french_hours.syntax import (
    DAY_MIN,
    DateRange,
    HolidayKind,
    Modifier,
    MonthDay,
    Rule,
    TimeSpan,
    WeekdayRange,
    dates_of,
)
from french_hours.verdicts import CLOSED, State, Verdict, verdict
from opening_hours import (
    OpeningHours,
    ParserError,  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
)
from opening_hours import State as EngineState

_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=8192)
def read_rules(expression: str) -> tuple[tuple[Rule, ...], tuple[Fault, ...]]:
    """The rules of an expression, tried once on the engine, and the faults one may live with.

    Raises InvalidHours. Cached: 20 000 places have some 1 400 distinct expressions.
    """
    rules, cautions = parse(expression)
    rules = _as_meant(rules)
    try:
        Engine(rules, calendar_of("75"), date(2026, 1, 1), date(2026, 12, 31))
    except ParserError as error:  # pyright: ignore[reportUnknownVariableType]
        # The grammars differ somewhere we do not know of.
        hint = "Cette forme n’est pas prise en charge."
        raise InvalidHours(expression, [Fault(0, Kind.UNSUPPORTED, hint)]) from error
    return rules, tuple(cautions)


def _as_meant(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Hours without days, after a rule that has days, add up: `Mo-Fr 09:00-12:00; 14:00-17:00`.

    The engine would let them replace every day; opening_hours.js adds them.
    """
    meant: list[Rule] = []
    for rule in rules:
        unsure = rule.modifier == "unknown"
        adds = (
            meant
            and (meant[-1].chooses_days or unsure)
            and not rule.chooses_days
            and (rule.times or rule.always)
        )
        if adds and rule.separator == ";" and rule.modifier != "closed":
            rule = replace(rule, separator=",")
        meant.append(rule)
    return tuple(meant)


def split_note(rules: tuple[Rule, ...]) -> tuple[tuple[Rule, ...], str | None]:
    """Set apart a last rule made of a comment only: a note about the place, not a state.

    OSM would read it as "unknown at all times", which hides every place that has a remark; La Coop's
    form writes exactly that for a remark.
    """
    notes: list[str] = []
    while len(rules) > 1 and rules[-1].comment_only and rules[-1].separator != "||":
        notes.insert(0, rules[-1].comment or "")
        rules = rules[:-1]
    return rules, " ".join(notes) or None


def holiday_kinds(rules: tuple[Rule, ...]) -> set[HolidayKind]:
    return {holiday.kind for rule in rules for holiday in rule.holidays}


class Engine:
    """Rules made ready for the days from `first` to `last`, in local time without time zone.

    Days about which the calendar knows nothing count as holidays if `beyond`, else as ordinary days.
    """

    def __init__(
        self,
        rules: tuple[Rule, ...],
        calendar: Calendar,
        first: date,
        last: date,
        *,
        beyond: bool = False,
    ) -> None:
        self._calendar, self._beyond = calendar, beyond
        # A span of the eve may run after midnight, and "PH -1 day" looks at the morrow.
        self._first, self._last = first - _ONE_DAY, last + _ONE_DAY
        self._verdicts: dict[str, Verdict] = {"": CLOSED}
        groups: list[list[str]] = [[]]
        for rank, rule in enumerate(rules):
            fallback = rule.separator == "||" and rank > 0
            if fallback:
                groups.append([])
            # After a fallback, an ordinary rule prevails over both; an additional one joins it.
            concerned = groups[-1:] if fallback or rule.separator == "," else groups
            for safe in self._safe(rank, rule):
                for group in concerned:
                    separator = ", " if safe.separator == "," else "; "
                    group.append(f"{separator if group else ''}{safe}")
        self._engines = [
            OpeningHours("".join(group) or "off", auto_country=False, auto_timezone=False)
            for group in groups
        ]

    def spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime, Verdict]]:
        """Contiguous spans that fill [start, end[, local and naive, each with its verdict."""
        first, *others = self._engines
        found = self._ask(first, start, end)
        for fallback in others:
            found = _fill(found, self._ask(fallback, start, end))
        return found

    def at(self, moment: datetime) -> Verdict:
        """The verdict at a local, naive moment."""
        found = CLOSED
        for engine in self._engines:
            state, rank = engine.state(moment)
            found = self._verdicts[rank.split(", ")[-1]]
            if state != EngineState.CLOSED:
                return found
        return found

    def _ask(
        self, engine: OpeningHours, start: datetime, end: datetime
    ) -> list[tuple[datetime, datetime, Verdict]]:
        verdicts = self._verdicts
        return [
            (first, last, verdicts[rank]) for first, last, _, rank in engine.intervals(start, end)
        ]

    # -- one rule -> rules that the engine reads rightly -------------------------------------------

    def _safe(self, rank: int, rule: Rule) -> list[Rule]:
        decided = verdict(rule)
        firm = [span for span in rule.times if span.end_min is not None and not span.events]
        loose = [_rest_of_day(span) for span in rule.times if span.open_end and not span.events]
        if any(span.events for span in rule.times):
            firm, loose = [TimeSpan(0, DAY_MIN)], []
        times = [(firm, decided, str(rank))] if firm or not loose else []
        if loose:
            unsure = replace(
                decided, state=State.UNKNOWN, reason="l’heure de fermeture n’est pas précisée"
            )
            times.append((loose, unsure, f"{rank}+"))
        safe: list[Rule] = []
        mornings: list[Rule] = []  # last, so that no part of the rule cuts the nights of another
        for spans, what, label in times:
            self._verdicts[label] = what
            clear = replace(
                rule,
                separator=rule.separator if not safe else ",",
                times=tuple(replace(span, open_end=False) for span in spans),
                modifier=_MODIFIERS[what.state],
                comment=label,
                always=rule.always or not (rule.chooses_days or spans),
            )
            for part in self._dated(clear):
                evening, *morning = self._nights(part)
                safe.append(evening)
                mornings += morning
        return safe + mornings

    def _dated(self, rule: Rule) -> list[Rule]:
        """The same rule, its holidays turned into dates; nothing when there is no such day."""
        if any(moves(dates) for dates in rule.dates):
            firm = tuple(one for dates in rule.dates for one in self._firm(dates))
            rule = replace(rule, dates=firm)
            if not firm:
                return []
        if not rule.holidays:
            return [rule]
        safe: list[Rule] = []
        if rule.weekdays and not rule.holidays_among:
            safe.append(replace(rule, holidays=()))
        days = self._holidays(rule)
        if days:
            dated = replace(rule, holidays=(), years=(), dates=dates_of(days))
            if not rule.holidays_among:
                dated = replace(dated, weekdays=())
            safe.append(dated)
        return safe

    def _firm(self, dates: DateRange) -> list[DateRange]:
        """Dates that the engine misreads, Easter and months of a given year, day by day."""
        if not moves(dates):
            return [dates]
        year = dates.first.year
        found: list[DateRange] = []
        for start_year in [year] if year else range(self._first.year - 1, self._last.year + 2):
            last = dates.last or dates.first
            start = _first_day(dates.first, start_year)
            end = _last_day(last, last.year or start_year)
            if end < start:
                end = _last_day(last, start_year + 1)
            found += dates_of([start + _ONE_DAY * i for i in range((end - start).days + 1)])
        return found

    def _holidays(self, rule: Rule) -> list[date]:
        found: set[date] = set()
        for holiday in rule.holidays:
            shift = _ONE_DAY * holiday.offset_days
            found |= {
                day + shift
                for day in self._known(holiday.kind, self._first - shift, self._last - shift)
            }
        days = sorted(found)
        if days and (rule.years or rule.dates):
            season = replace(
                Rule(), years=rule.years, dates=rule.dates, times=(TimeSpan(0, DAY_MIN),)
            )
            days = _chosen(season, days)
        return days

    def _nights(self, rule: Rule) -> list[Rule]:
        """A rule, what runs after midnight said of the next day.

        The engine forgets the end of a night when any rule speaks of the next day; only a later rule
        should.
        """
        late = [span for span in rule.times if span.end_min and span.end_min > DAY_MIN]
        if not late:
            return [rule]
        evenings = [replace(span, end_min=min(span.end_min or 0, DAY_MIN)) for span in rule.times]
        mornings = [TimeSpan(0, (span.end_min or 0) - DAY_MIN) for span in late]
        morrow = replace(rule, separator=",", times=tuple(mornings))
        if night_of_some_dates(rule):
            nights = [day + _ONE_DAY for day in self._matching(rule)]
            morrow = replace(morrow, years=(), weeks=(), weekdays=(), dates=dates_of(nights))
            if not nights:
                return [rule]
        else:
            days = [WeekdayRange((day.first + 1) % 7, (day.last + 1) % 7) for day in rule.weekdays]
            morrow = replace(morrow, weekdays=tuple(days))
        return [replace(rule, times=tuple(evenings)), morrow]

    def _matching(self, rule: Rule) -> list[date]:
        """The days of the window that the selectors choose."""
        days = [self._first + _ONE_DAY * i for i in range((self._last - self._first).days + 1)]
        whole = replace(
            rule, separator=";", times=(TimeSpan(0, DAY_MIN),), modifier=None, comment=None
        )
        return _chosen(whole, days)

    def _known(self, kind: HolidayKind, first: date, last: date) -> set[date]:
        days = set(self._calendar.holidays(kind, first, last))
        if self._beyond:
            every = (first + _ONE_DAY * i for i in range((last - first).days + 1))
            days |= {day for day in every if not self._calendar.knows(kind, day, day)}
        return days


_MODIFIERS: dict[State, Modifier] = {
    State.OPEN: "open",
    State.CLOSED: "closed",
    State.UNKNOWN: "unknown",
}


def _chosen(rule: Rule, days: list[date]) -> list[date]:
    """Those of the days on which a rule that lasts all day is open."""
    engine = OpeningHours(str(rule), auto_country=False, auto_timezone=False)
    noon = time(12)
    return [day for day in days if engine.is_open(datetime.combine(day, noon))]


def night_of_some_dates(rule: Rule) -> bool:
    """Whether a rule runs after midnight on dates that must be counted one by one."""
    late = any(span.end_min and span.end_min > DAY_MIN for span in rule.times)
    ranked = any(day.nths for day in rule.weekdays)
    return late and bool(rule.years or rule.dates or rule.weeks or rule.holidays or ranked)


def _rest_of_day(span: TimeSpan) -> TimeSpan:
    """What is unknown of an open end: from the closing time if there is one, until midnight."""
    start = span.start_min if span.end_min is None else span.end_min
    start %= DAY_MIN
    return TimeSpan(start, DAY_MIN)


def moves(dates: DateRange) -> bool:
    """Whether a range follows Easter, or says its year and not its days."""
    return any(
        bound.month == 0 or bound.offset_days or (bound.year and bound.day is None)
        for bound in (dates.first, dates.last)
        if bound is not None
    )


def _first_day(bound: MonthDay, year: int) -> date:
    day = easter(year) if bound.month == 0 else date(year, bound.month, bound.day or 1)
    return day + _ONE_DAY * bound.offset_days


def _last_day(bound: MonthDay, year: int) -> date:
    if bound.month and bound.day is None:
        return date(year, bound.month, months.monthrange(year, bound.month)[1])
    return _first_day(bound, year)


def _fill(
    found: list[tuple[datetime, datetime, Verdict]],
    fallback: list[tuple[datetime, datetime, Verdict]],
) -> list[tuple[datetime, datetime, Verdict]]:
    """Put `fallback` wherever `found` is closed; both fill the same time."""
    filled: list[tuple[datetime, datetime, Verdict]] = []
    for start, end, decided in found:
        if decided.state is not State.CLOSED:
            filled.append((start, end, decided))
            continue
        filled += [
            (max(start, first), min(end, last), other)
            for first, last, other in fallback
            if first < end and last > start
        ]
    return filled
