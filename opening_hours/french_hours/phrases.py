"""French phrases for days, dates and times, with the spaces that French typography wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from french_hours.syntax import (
    DAY_MIN,
    DateRange,
    Holiday,
    MonthDay,
    NumberRange,
    TimeSpan,
    WeekdayRange,
)

NBSP: Final = "\u00a0"
"""Between a number and its unit, before a colon."""
THIN: Final = "\u202f"
"""Before a semicolon, an exclamation or a question mark."""

DAY_NAMES: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTH_NAMES: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

_EASTER_DAYS: Final = {
    -2: "le vendredi saint",
    0: "le dimanche de Pâques",
    1: "le lundi de Pâques",
    39: "le jeudi de l’Ascension",
    49: "le dimanche de Pentecôte",
    50: "le lundi de Pentecôte",
}
_SUN: Final = {
    "sunrise": "lever du soleil",
    "sunset": "coucher du soleil",
    "dawn": "lever du jour",
    "dusk": "tomber de la nuit",
}


def enumerated(items: Sequence[str]) -> str:
    """«a», «a et b», «a, b et c»."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} et {items[-1]}"


def ordinal(number: int, *, feminine: bool = False) -> str:
    if number == 1:
        return "1re" if feminine else "1er"
    return f"{number}e"


def clock(minutes: int) -> str:
    """«9 h», «17 h 30», «minuit»; minutes past 24 h are of the next day."""
    minutes = minutes if minutes == DAY_MIN else minutes % DAY_MIN
    hour, minute = divmod(minutes, 60)
    if minutes in (0, DAY_MIN):
        return "minuit"
    return f"{hour}{NBSP}h" + (f"{NBSP}{minute:02d}" if minute else "")


def time_span(span: TimeSpan) -> str:
    if span.events is not None:
        return _sun_span(span.events)
    if span.end_min is None:
        return f"à partir de {clock(span.start_min)}"
    if (span.start_min, span.end_min) == (0, DAY_MIN):
        return f"24{NBSP}h sur 24"
    text = f"de {clock(span.start_min)} à {clock(span.end_min)}"
    return text + (" au moins" if span.open_end else "")


def _sun_span(events: str) -> str:
    """The bounds in words where they are plain events, else as they are written."""
    start, _, end = events.rstrip("+").partition("-")
    words = [_SUN.get(bound) for bound in (start, end)]
    if all(words):
        return f"du {words[0]} au {words[1]}"
    if words[0] and not end:
        return f"à partir du {words[0]}"
    if words[0] and re.fullmatch(r"\d\d:\d\d", end):
        return f"du {words[0]} à {clock(int(end[:2]) * 60 + int(end[3:]))}"
    if words[1] and re.fullmatch(r"\d\d:\d\d", start):
        return f"de {clock(int(start[:2]) * 60 + int(start[3:]))} au {words[1]}"
    return f"selon le soleil ({events})"


def time_spans(spans: Sequence[TimeSpan]) -> str:
    return enumerated([time_span(span) for span in spans])


def weekdays(days: Sequence[int]) -> str:
    """«le mardi», «du lundi au vendredi», «le lundi, le mardi et le jeudi», «tous les jours»."""
    days = sorted(set(days))
    if len(days) == 7:
        return "tous les jours"
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    words: list[str] = []
    for run in runs:
        if len(run) > 2:
            words.append(f"du {DAY_NAMES[run[0]]} au {DAY_NAMES[run[-1]]}")
        else:
            words += [f"le {DAY_NAMES[day]}" for day in run]
    return enumerated(words)


def nth_weekday(day: WeekdayRange) -> str:
    """«le 1er samedi du mois», «les 1er et 3e jeudis du mois», «le dernier vendredi du mois»."""
    name = DAY_NAMES[day.first]
    ranks = [rank for rank in day.nths if rank > 0]
    last = [rank for rank in day.nths if rank < 0]
    words: list[str] = []
    if len(ranks) == 1:
        words.append(f"le {ordinal(ranks[0])} {name}")
    elif ranks:
        words.append(f"les {enumerated([ordinal(rank) for rank in ranks])} {name}s")
    for rank in last:
        which = {-1: "le dernier", -2: "l’avant-dernier"}.get(rank)
        words.append(f"{which} {name}" if which else f"le {ordinal(-rank)} {name} avant la fin")
    text = f"{enumerated(words)} du mois"
    return _shifted(text, day.offset_days)


def _shifted(text: str, days: int) -> str:
    if not days:
        return text
    text = re.sub(r"^le ", "du ", text)
    text = re.sub(r"^les ", "des ", text)
    if abs(days) == 1:
        return f"le lendemain {text}" if days > 0 else f"la veille {text}"
    article = re.sub(r"^d(u|es) ", lambda m: "le " if m[1] == "u" else "les ", text)
    return f"{abs(days)}{NBSP}jours {'après' if days > 0 else 'avant'} {article}"


def holiday(day: Holiday) -> str:
    if day.kind == "PH":
        return _shifted("les jours fériés", day.offset_days)
    return (
        "pendant les vacances scolaires"
        if not day.offset_days
        else _shifted("les vacances scolaires", day.offset_days)
    )


def month_day(day: MonthDay) -> str:
    """A bound without its article: «24 décembre 2026», «août»."""
    year = f" {day.year}" if day.year is not None else ""
    if day.month == 0:
        return _easter(day) + year
    name = MONTH_NAMES[day.month - 1]
    if day.day is None:
        return name + year
    return _shifted(f"{'1er' if day.day == 1 else day.day}{NBSP}{name}{year}", day.offset_days)


def _easter(day: MonthDay) -> str:
    known = _EASTER_DAYS.get(day.offset_days)
    return known or _shifted("le dimanche de Pâques", day.offset_days)


def date_range(dates: DateRange) -> str:
    """«en août», «de septembre à juin», «le 24 décembre», «du 24 décembre 2026 au 2 janvier 2027»."""
    first, last = dates.first, dates.last
    if last is None or last == first:
        if first.month == 0:
            return month_day(first)
        return f"en {month_day(first)}" if first.day is None else f"le {month_day(first)}"
    if first.month == 0 or last.month == 0:
        return f"entre {month_day(first)} et {month_day(last)}"
    if first.year == last.year:
        first = MonthDay(first.month, first.day, None, first.offset_days)
    if first.day is None:
        start = month_day(first)
        return f"{'d’' if start[0] in 'aoé' else 'de '}{start} à {month_day(last)}"
    start = month_day(first)
    if (first.month, first.year) == (last.month, None) or (
        first.month == last.month and first.year is None
    ):
        start = "1er" if first.day == 1 else f"{first.day}"
    return f"du {start} au {month_day(last)}"


def date_ranges(dates: Sequence[DateRange]) -> str:
    """Several ranges; whole months without year share their «en»."""
    months = [
        one.first for one in dates if one.last is None and one.first.day is None and one.first.month
    ]
    if len(months) == len(dates) > 1:
        return f"en {enumerated([month_day(month) for month in months])}"
    if len(dates) == 1 and (pair := _two_months(dates[0])):
        return pair
    return enumerated([date_range(one) for one in dates])


def _two_months(dates: DateRange) -> str | None:
    """«en juillet et août» reads better than «de juillet à août»."""
    first, last = dates.first, dates.last
    if (
        last is None
        or first.day is not None
        or first.month == 0
        or last.month != first.month % 12 + 1
    ):
        return None
    if first.year != last.year or (last.month == 1 and first.year is not None):
        return None
    year = f" {first.year}" if first.year is not None else ""
    return f"en {MONTH_NAMES[first.month - 1]} et {MONTH_NAMES[last.month - 1]}{year}"


def years(ranges: Sequence[NumberRange]) -> str:
    words: list[str] = []
    for span in ranges:
        if span.last is None:
            words.append(f"à partir de {span.first}")
        elif span.last == span.first:
            words.append(f"en {span.first}")
        else:
            every = f", une année sur {span.step}" if span.step > 1 else ""
            words.append(f"de {span.first} à {span.last}{every}")
    return enumerated(words)


def weeks(ranges: Sequence[NumberRange]) -> str:
    """«les semaines paires», «la semaine 12», «de la semaine 12 à la semaine 20»."""
    if len(ranges) == 1 and ranges[0].step == 2 and (ranges[0].last or 53) >= 52:
        if ranges[0].first == 1:
            return "les semaines impaires"
        if ranges[0].first == 2:
            return "les semaines paires"
    if not ranges:
        return ""
    numbers = [span.first for span in ranges if span.last == span.first]
    if len(numbers) == len(ranges):
        if len(numbers) == 1:
            return f"la semaine {numbers[0]}"
        return f"les semaines {enumerated([str(number) for number in numbers])}"
    words: list[str] = []
    for span in ranges:
        if span.last == span.first:
            words.append(f"la semaine {span.first}")
        else:
            every = f"une semaine sur {span.step} " if span.step > 1 else ""
            words.append(f"{every}de la semaine {span.first} à la semaine {span.last or 53}")
    return enumerated(words)


def full_date(day: date, *, year: bool = True) -> str:
    """«mardi 24 novembre 2026»."""
    text = f"{DAY_NAMES[day.weekday()]} {'1er' if day.day == 1 else day.day}{NBSP}{MONTH_NAMES[day.month - 1]}"
    return f"{text} {day.year}" if year else text
