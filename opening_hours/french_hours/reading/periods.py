"""Dates, months and holidays: «du 3 au 24 août 2026», «de septembre à juin», «vacances scolaires»."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from french_hours.reading.answers import Refusal
from french_hours.reading.items import Period, Refused
from french_hours.reading.lexicon import MONTHS, Token

_CODES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PIECES = re.compile(
    r"(?P<numeric>\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?)|(?P<year>20\d\d)|(?P<day>\d{1,2})(?!\d)"
    r"|(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b"
)
KINDS = frozenset(
    {"DATES", "DATE", "SINCE", "UNTIL", "PART_OF_MONTH", "YEAR_END", "MONTHS"}
    | {"PH", "NAMED_HOLIDAYS", "LEAVE", "SCHOOL", "SH", "SEASON"}
)


@dataclass(slots=True)
class _Day:
    day: int
    month: int | None = None
    year: int | None = None

    def checked(self) -> date:
        try:
            return date(self.year or 2024, self.month or 1, self.day)
        except ValueError:
            raise Refused(Refusal.TRUNCATED) from None


def period_of(token: Token, today: date | None) -> Period | None:
    """The period that a token names; None where it does not limit the hours.

    A date without its year recurs every year, unless `today` is given: then it is the next one.
    """
    match token.kind:
        case "PH" | "SH" | "SCHOOL" | "SEASON" | "LEAVE":
            return Period(token.kind)
        case "NAMED_HOLIDAYS":
            return Period("NAMED", token.text)
        case "MONTHS":
            return Period("MONTHS", _months(token.text))
        case "YEAR_END":
            return Period("DATES", "Dec 25-Jan 01", yearly=True)
        case "PART_OF_MONTH":
            return _part_of_month(token.text)
        case "DATE":
            days = _days(token.text)
            selector = ",".join(_selector(day, day, today) for day in days)
            return Period("DATES", selector, yearly=days[-1].year is None, short=True)
        case "DATES":
            first, last = _days(token.text)[:2]
            selector, yearly = _selector(first, last, today), last.year is None
            return Period("DATES", selector, yearly=yearly, short=first.month == last.month)
        case "SINCE":
            return _since(token.text, today)
        case _:  # until a date: what holds afterwards is not said
            raise Refused(Refusal.DATED_WEEK)


def _days(text: str) -> list[_Day]:
    """The dates of a text; a month or year said once, at the end, is for all."""
    days: list[_Day] = []
    for found in _PIECES.finditer(text):
        match found.lastgroup:
            case "numeric":
                day, month, *year = (int(piece) for piece in re.split(r"[/.]", found[0]))
                days.append(_Day(day, month, (year[0] % 100 + 2000) if year else None))
            case "day":
                days.append(_Day(int(found[0])))
            case "month" if days:
                days[-1].month = MONTHS[found[0]]
            case "year" if days:
                days[-1].year = int(found[0])
            case _:
                pass
    if not days or any(not 1 <= (day.month or 1) <= 12 for day in days):
        raise Refused(Refusal.TRUNCATED)
    for before, after in zip(days[-2::-1], days[:0:-1], strict=True):
        before.month = before.month or after.month
        if before.year is None and after.year is not None:
            earlier_month = (before.month or 0) <= (after.month or 0)
            before.year = after.year if earlier_month else after.year - 1
    for day in days:
        day.checked()
    return days


def _selector(first: _Day, last: _Day, today: date | None) -> str:
    start, end = first.checked(), last.checked()
    same = first == last
    if first.year is None and today is not None:
        years = (today.year, today.year + 1)
        start, end = next(
            (begin, finish)
            for year in (today.year - 1, *years, today.year + 4)
            if (begin := _on(start, year))
            and (finish := _on(end, year + (end < start)))
            and finish >= today
        )
        first = _Day(start.day, start.month, start.year)
    if first.year is None:
        begin, finish = f"{_CODES[start.month - 1]} {start.day:02}", f"{end.day:02}"
        if start.month != end.month or end < start:
            finish = f"{_CODES[end.month - 1]} {end.day:02}"
        return begin if same else f"{begin}-{finish}"
    if end < start:
        raise Refused(Refusal.CONTRADICTION)
    begin, finish = (f"{one.year} {_CODES[one.month - 1]} {one.day:02}" for one in (start, end))
    return begin if same else f"{begin}-{finish}"


def _on(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return None


def _months(text: str) -> str:
    names = [MONTHS[found["month"]] for found in _PIECES.finditer(text) if found["month"]]
    year = next((found[0] for found in _PIECES.finditer(text) if found["year"]), None)
    between = re.split("|".join(sorted(MONTHS, key=len, reverse=True)), text)[1:-1]
    spans: list[list[int]] = [[names[0], names[0]]]
    is_between = text.startswith("entre ")
    for name, link in zip(names[1:], between, strict=False):
        if is_between or re.search(r"-|\bau?\b|jusqu", link):
            spans[-1][1] = name
        elif name == spans[-1][1] % 12 + 1:
            spans[-1][1] = name  # «juillet et août»
        else:
            spans.append([name, name])
    selector = ",".join(
        _CODES[a - 1] if a == b else f"{_CODES[a - 1]}-{_CODES[b - 1]}" for a, b in spans
    )
    if year is None:
        return selector
    if len(spans) > 1 or spans[0][0] > spans[0][1]:
        raise Refused(Refusal.DATED_WEEK)
    return f"{year} {selector}"


def _part_of_month(text: str) -> Period:
    found = next(found for found in _PIECES.finditer(text) if found["month"])
    month = MONTHS[found["month"]]
    code = _CODES[month - 1]
    if "quinzaine" in text:
        if re.search(r"1ere|premiere", text):
            return Period("DATES", f"{code} 01-15")
        return Period("DATES", f"{code} 16-{_last(month)}")
    if "semaine" in text:
        counts = {"deux": 2, "2": 2, "trois": 3, "3": 3, "quatre": 4, "4": 4}
        count = next((n for word, n in counts.items() if re.search(rf"\b{word}\b", text)), 1)
        # no exact dates: the first seven days count as the first week
        if "derni" in text:
            return Period(
                "DATES", f"{code} {_last(month) - 7 * count + 1:02}-{_last(month)}", doubt=0.2
            )
        return Period("DATES", f"{code} 01-{7 * count:02}", doubt=0.2)
    return Period("SEASON")


def _last(month: int) -> int:
    return monthrange(2025, month)[1]


def _since(text: str, today: date | None) -> Period | None:
    if re.search(r"\d", text) and (days := _dated_days(text)):
        start = days[0]
        if start.year is None:
            raise Refused(Refusal.DATED_WEEK)
        if today is not None and start.checked() <= today:
            return None
        day = start.checked()
        return Period("DATES", f"{day.year} {_CODES[day.month - 1]} {day.day:02}-2099 Dec 31")
    raise Refused(Refusal.DATED_WEEK)


def _dated_days(text: str) -> list[_Day]:
    if not re.search(r"\b\d{1,2}(?!\d)", text):  # «depuis septembre 2022»
        found = re.search(r"(" + "|".join(MONTHS) + r")\b\.? (20\d\d)", text)
        return [_Day(1, MONTHS[found[1]], int(found[2]))] if found else []
    return _days(text)
