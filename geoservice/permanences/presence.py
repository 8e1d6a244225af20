"""When somebody is really there: the rhythm, within its dates, without the days of absence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from french_hours import Hours, Span
from sqlalchemy import Row

from geoservice.places.hours import SPANS_DAYS, hours_of

DAY = timedelta(days=1)
SOON = 8 * DAY
"""Most rhythms come back within it: looking further costs four times as much."""


@dataclass(frozen=True)
class Absent:
    """From the first day to the last one, both without the mediator."""

    first_day: date
    last_day: date


def rhythm(row: Row[Any]) -> Hours:
    """On the clock of the place."""
    hours = hours_of(row.expression, row.code)
    if hours is None:  # what was kept had been read
        raise ValueError(f"permanence {row.id}: {row.expression!r} cannot be read")
    return hours


def presences(row: Row[Any], start: datetime, end: datetime) -> list[Span]:
    """Spans of [start, end[ when somebody is there, or perhaps there, in order."""
    hours = rhythm(row)
    return [
        span._replace(start=max(span.start, midnight), end=min(span.end, next_midnight))
        for span in hours.spans(start, end)
        for midnight, next_midnight in _days_that_count(row, hours, span)
    ]


def next_presence(row: Row[Any], moment: datetime) -> Span | None:
    """The one that is going on, or the first to come; None in the weeks whose hours are known."""
    soon = moment + SOON
    found = presences(row, moment, soon) or presences(row, soon, moment + SPANS_DAYS * DAY)
    return found[0] if found else None


def soonest(rows: Sequence[Row[Any]], moment: datetime) -> tuple[Span, Row[Any]] | None:
    """The next moment when somebody is there, of several permanences, and which one it is."""
    coming = ((span, row) for row in rows if (span := next_presence(row, moment)))
    return min(coming, key=lambda found: found[0].start, default=None)


def absences(row: Row[Any], today: date) -> tuple[Absent, ...]:
    """Those that are not over, in order."""
    return tuple(Absent(days.lower, days.upper - DAY) for days in row.absent if days.upper > today)


def is_over(row: Row[Any], today: date) -> bool:
    return row.valid_until is not None and row.valid_until < today


def _days_that_count(
    row: Row[Any], hours: Hours, span: Span
) -> Iterator[tuple[datetime, datetime]]:
    """The days that a span touches and the mediator does not miss: midnight, next midnight."""
    zone = hours.calendar.zone
    day = span.start.astimezone(zone).date()
    while (midnight := datetime.combine(day, time(), zone)) < span.end:
        day += DAY
        if _counts(row, day - DAY):
            yield midnight, datetime.combine(day, time(), zone)


def _counts(row: Row[Any], day: date) -> bool:
    return (
        (row.valid_from is None or row.valid_from <= day)
        and (row.valid_until is None or day <= row.valid_until)
        and not any(day in days for days in row.absent)
    )
