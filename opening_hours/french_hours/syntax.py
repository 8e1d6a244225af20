"""The OSM `opening_hours` language as values: what a rule holds, and how it is written back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY_MIN = 24 * 60

Separator = Literal[";", ",", "||"]
Modifier = Literal["open", "closed", "unknown"]
HolidayKind = Literal["PH", "SH"]


def _days(offset: int) -> str:
    if not offset:
        return ""
    return f" {offset:+d} day{'' if abs(offset) == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Minutes from midnight; `end_min` is past 24 h when the span runs into the next day.

    `end_min` is None for an open end without a closing time («à partir de 14 h»); with `open_end`
    and an end, the place is open until `end_min` and perhaps after. `events` is the source text when
    a bound follows the sun: the minutes are then meaningless.
    """

    start_min: int
    end_min: int | None
    open_end: bool = False
    events: str | None = None

    def __str__(self) -> str:
        if self.events is not None:
            return self.events
        text = _clock(self.start_min)
        if self.end_min is not None:
            # "22:00-02:00" is how people write what the language also calls 22:00-26:00.
            past = self.end_min - DAY_MIN
            end = past if 0 < past <= self.start_min else self.end_min
            text += f"-{_clock(end)}"
        return text + ("+" if self.open_end else "")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True, slots=True)
class WeekdayRange:
    """`first` and `last` count from 0 (Monday); `nths` are ranks in the month, -1 the last one."""

    first: int
    last: int
    nths: tuple[int, ...] = ()
    offset_days: int = 0

    def __str__(self) -> str:
        text = WEEKDAYS[self.first]
        if self.last != self.first:
            text += f"-{WEEKDAYS[self.last]}"
        if self.nths:
            text += f"[{','.join(map(str, self.nths))}]"
        return text + _days(self.offset_days)

    def days(self) -> list[int]:
        """The weekdays in order; a range may run over Sunday (`Sa-Mo`)."""
        length = (self.last - self.first) % 7 + 1
        return [(self.first + i) % 7 for i in range(length)]


@dataclass(frozen=True, slots=True)
class Holiday:
    kind: HolidayKind
    offset_days: int = 0

    def __str__(self) -> str:
        return self.kind + _days(self.offset_days)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A month (1 to 12), a day of a month, or Easter (`month` is 0) moved by `offset_days`."""

    month: int
    day: int | None = None
    year: int | None = None
    offset_days: int = 0

    def __str__(self) -> str:
        text = "easter" if self.month == 0 else MONTHS[self.month - 1]
        if self.year is not None:
            text = f"{self.year} {text}"
        if self.day is not None:
            text += f" {self.day:02d}"
        return text + _days(self.offset_days)


@dataclass(frozen=True, slots=True)
class DateRange:
    first: MonthDay
    last: MonthDay | None = None
    """None for a single month or day."""

    def __str__(self) -> str:
        return str(self.first) if self.last is None else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Years or ISO weeks; `last` is None for "and after" (`2026+`)."""

    first: int
    last: int | None
    step: int = 1

    def __str__(self) -> str:
        if self.last is None:
            return f"{self.first}+"
        text = f"{self.first}" if self.last == self.first else f"{self.first}-{self.last}"
        return text + (f"/{self.step}" if self.step > 1 else "")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: on which days, at what times, in which state."""

    separator: Separator = ";"
    years: tuple[NumberRange, ...] = ()
    dates: tuple[DateRange, ...] = ()
    weeks: tuple[NumberRange, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    weekdays: tuple[WeekdayRange, ...] = ()
    holidays_among: bool = False
    """True for `SH Mo-Fr` (holidays that fall on these days), False for `Mo-Fr,PH` (both)."""
    times: tuple[TimeSpan, ...] = ()
    always: bool = False
    modifier: Modifier | None = None
    comment: str | None = None
    position: int = 0
    """Where the rule starts in the expression, in characters."""

    @property
    def chooses_days(self) -> bool:
        return bool(self.years or self.dates or self.weeks or self.holidays or self.weekdays)

    @property
    def comment_only(self) -> bool:
        return self.comment is not None and not (
            self.chooses_days or self.times or self.always or self.modifier
        )

    def selectors(self) -> str:
        parts = [_list(self.years), _list(self.dates)]
        if self.weeks:
            parts.append(f"week {_list(self.weeks)}")
        holidays, weekdays = _list(self.holidays), _list(self.weekdays)
        if holidays and weekdays and not self.holidays_among:
            parts.append(f"{weekdays},{holidays}")
        else:
            parts += [holidays, weekdays]
        return " ".join(part for part in parts if part)

    def __str__(self) -> str:
        parts = [
            self.selectors(),
            "24/7" if self.always else "",
            _list(self.times),
            "off" if self.modifier == "closed" else self.modifier or "",
            f'"{self.comment}"' if self.comment is not None else "",
        ]
        return " ".join(part for part in parts if part)


def _list(items: tuple[object, ...]) -> str:
    return ",".join(map(str, items))


def written(rules: tuple[Rule, ...]) -> str:
    """The expression these rules make, in OSM's usual spelling."""
    text = ""
    for rule in rules:
        if text:
            text += {";": "; ", ",": ", ", "||": " || "}[rule.separator]
        text += str(rule)
    return text


def dates_of(days: list[date]) -> tuple[DateRange, ...]:
    """Dated ranges that cover exactly these days (sorted, without repetition)."""
    ranges: list[DateRange] = []
    start = end = None
    for day in [*days, None]:
        if start is not None and end is not None and (day is None or day > end + timedelta(1)):
            first = MonthDay(start.month, start.day, start.year)
            last = MonthDay(end.month, end.day, end.year)
            ranges.append(DateRange(first, last if last != first else None))
            start = None
        if start is None:
            start = day
        end = day
    return tuple(ranges)
