"""When an announced thing takes place: its times to come, and the last one."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from french_hours import Hours, Span, State, phrases, say
from sqlalchemy import Row

from geoservice.clock import PARIS
from geoservice.places.hours import hours_of_place

DAY = timedelta(days=1)


def hours_of(expression: str, place: Row[Any]) -> Hours | None:
    """Under the calendar of the place, which a row with code_insee and departement tells."""
    return hours_of_place(expression, place.code_insee, place.departement)


def times(hours: Hours, first: date, last: date, since: datetime) -> Iterator[Span]:
    """Those between the two days that are not over at `since`, in order."""
    zone = hours.calendar.zone
    start = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + DAY, time.min, zone)
    for span in hours.spans(max(start, since - DAY), end):
        if span.state is not State.CLOSED and start <= span.start and span.end > since:
            yield span


def sentence(row: Row[Any]) -> str:
    """«samedi 12 décembre 2026 de 14 h à 16 h», «Le mardi de 14 h à 16 h, du … au …»."""
    said = say(row.expression).rstrip(".")
    if row.first_day == row.last_day:
        hours = said.removeprefix("Tous les jours ").removeprefix("tous les jours ")
        return f"{phrases.full_date(row.first_day, year=True)}, {hours}"
    return (
        f"{said}, du {phrases.full_date(row.first_day, year=False)}"
        f" au {phrases.full_date(row.last_day, year=True)}"
    )


def coming(row: Row[Any], moment: datetime) -> Span | None:
    """The next time, or the one that goes on."""
    hours = hours_of(row.expression, row)
    return next(times(hours, row.first_day, row.last_day, moment), None) if hours else None


def told(span: Span, row: Row[Any]) -> str:
    """«samedi 12 décembre à 14 h», on the clock of the place."""
    hours = hours_of(row.expression, row)
    start = span.start.astimezone(hours.calendar.zone if hours else PARIS)
    clock = phrases.clock(start.hour * 60 + start.minute)
    return f"{phrases.full_date(start.date(), year=False)} à {clock}"
