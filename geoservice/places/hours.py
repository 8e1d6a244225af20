"""From hours as they are written to spans that SQL can ask: once per schedule, for the coming weeks."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from french_hours import Calendar, Hours, InvalidHours, State, UnknownTerritory, calendar_of
from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import TimestamptzRange
from sqlalchemy import Connection, text

SPANS_DAYS = 62
"""How far ahead «ouvert» can be asked."""
BATCH_SCHEDULES = 500


def calendar_for(code_insee: str | None, departement: str | None) -> Calendar | None:
    """The civil calendar of a place; None when nobody knows where it is."""
    for code in (code_insee, departement):
        if code:
            try:
                return calendar_of(code)
            except UnknownTerritory:
                continue
    return None


@lru_cache(maxsize=20_000)
def hours_of(expression: str, code: str) -> Hours | None:
    """The hours of a schedule; None when they cannot be read."""
    try:
        return Hours.parse(expression, calendar_of(code))
    except InvalidHours:
        return None


@lru_cache(maxsize=20_000)
def schedule_of(
    expression: str | None, code_insee: str | None, departement: str | None
) -> tuple[str, str, str, str] | None:
    """Expression, calendar, code and time zone of the schedule that a place keeps.

    None when its hours are unknown: not given, not readable, or nobody knows by which calendar.
    """
    calendar = calendar_for(code_insee, departement)
    if not expression or calendar is None or hours_of(expression, calendar.code) is None:
        return None
    return expression, calendar.key, calendar.code, calendar.time_zone


def hours_of_place(
    expression: str | None, code_insee: str | None, departement: str | None
) -> Hours | None:
    """The hours of a place on its own clock; None when unknown, for the same reasons."""
    schedule = schedule_of(expression, code_insee, departement)
    return hours_of(schedule[0], schedule[2]) if schedule else None


def spans_of(hours: Hours, first: date, last: date) -> dict[str, TimestamptzMultirange]:
    """Column of `schedules` → spans from `first` to the end of `last`, on the clock of the place."""
    zone = hours.calendar.zone
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    columns: dict[str, list[TimestamptzRange]] = {"open": [], "unknown": [], "by_appointment": []}
    for span in hours.spans(start, end):
        stretch = TimestamptzRange(span.start, span.end)
        columns["open" if span.state is State.OPEN else "unknown"].append(stretch)
        if span.by_appointment:
            columns["by_appointment"].append(stretch)
    return {name: TimestamptzMultirange(stretches) for name, stretches in columns.items()}


STALE = text(
    "SELECT id, expression, code FROM schedules"
    " WHERE spans_from IS DISTINCT FROM :first OR spans_until IS DISTINCT FROM :last ORDER BY id"
)
WRITE = text(
    "UPDATE schedules SET open = :open, unknown = :unknown, by_appointment = :by_appointment,"
    " spans_from = :first, spans_until = :last WHERE id = :id"
)


def refresh(connection: Connection, today: date) -> int:
    """Bring the spans of every schedule to [yesterday, today + SPANS_DAYS]; how many were written."""
    bounds = {"first": today - timedelta(days=1), "last": today + timedelta(days=SPANS_DAYS)}
    stale = connection.execute(STALE, bounds).all()
    for batch in _batches(stale):
        written = [
            {"id": id_, **bounds, **spans_of(hours, bounds["first"], bounds["last"])}
            for id_, expression, code in batch
            if (hours := hours_of(expression, code)) is not None
        ]
        if written:
            connection.execute(WRITE, written)
    return len(stale)


def _batches(rows: "Iterable[tuple[int, str, str]]") -> "Iterable[list[tuple[int, str, str]]]":
    rows = list(rows)
    for start in range(0, len(rows), BATCH_SCHEDULES):
        yield rows[start : start + BATCH_SCHEDULES]
