"""What the list says beside a place when the question is about another moment than now."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from french_hours import UNKNOWN_HOURS, Hours, Span, State, badge, phrases, week_table
from sqlalchemy import Row

from geoservice.permanences.announced import between, when
from geoservice.permanences.presence import presences, rhythm, soonest
from geoservice.search.moments import Now, When
from geoservice.search.opening import windows
from geoservice.web.typography import NBSP

DAY = timedelta(days=1)


def hours_said(hours: Hours | None, asked: When | None, now: datetime) -> tuple[str, State]:
    """«Mardi 1er décembre : de 9 h à 11 h»: the hours of the day that is meant, and the state then.

    Of several days, the first one when it is open; the others are named.
    """
    if hours is None:
        return UNKNOWN_HOURS, State.UNKNOWN
    if asked is None or isinstance(asked, Now):
        return badge(hours, now), hours.state_at(now).state
    zone = hours.calendar.zone
    stretches = windows(asked, now, zone)
    states = [_state(hours, start, end) for start, end in stretches]
    best = next((one for one in (State.OPEN, State.UNKNOWN) if one in states), State.CLOSED)
    days = [
        start.astimezone(zone).date()
        for (start, _), state in zip(stretches, states, strict=True)
        if state is best
    ]
    said = f"{_named(days[0], now, zone)}{NBSP}: {_hours_of(hours, days[0])}"
    if best is State.OPEN and len(days) > 1:
        said += (
            f" (aussi {phrases.enumerated([phrases.DAY_NAMES[day.weekday()] for day in days[1:]])})"
        )
    return said, best


def _state(hours: Hours, start: datetime, end: datetime) -> State:
    states = {span.state for span in hours.spans(start, end)}
    if State.OPEN in states:
        return State.OPEN
    return State.UNKNOWN if states else State.CLOSED


def _hours_of(hours: Hours, day: date) -> str:
    # after midnight, the hours are those of the evening before
    before, that = week_table(hours, day - DAY)[:2]
    slots = that.slots or (before.slots if _is_touched(hours, day) else ())
    if not slots:
        return "fermé"
    unsure = that.holiday and "PH" not in hours.expression
    return ", ".join(slots) + (f" (jour férié{NBSP}: à confirmer)" if unsure else "")


def _is_touched(hours: Hours, day: date) -> bool:
    midnight = datetime.combine(day, time(), hours.calendar.zone)
    return bool(hours.spans(midnight, midnight + DAY))


def _named(day: date, now: datetime, zone: ZoneInfo) -> str:
    today = now.astimezone(zone).date()
    said = phrases.full_date(day, year=day.year != today.year)
    return said[0].upper() + said[1:]


def presence_said(rows: Sequence[Row[Any]], asked: When | None, now: datetime) -> str | None:
    """The next time when somebody is there, among the moments that are asked about; None without any."""
    if asked is None or isinstance(asked, Now):
        coming = soonest(rows, now)
        return when(*coming, now) if coming else None
    found = [(span, row) for row in rows for span in _answering(row, asked, now)]
    first = min(found, key=lambda one: one[0].start, default=None)
    return between(*first, now) if first else None


def _answering(row: Row[Any], asked: When, now: datetime) -> list[Span]:
    """Whole, whatever part of them is asked about."""
    zone = rhythm(row).calendar.zone
    found: list[Span] = []
    for start, end in windows(asked, now, zone):
        midnight = datetime.combine(start.astimezone(zone).date(), time(), zone)
        found += [
            span
            for span in presences(row, midnight, midnight + DAY)
            if span.start < end and span.end > start
        ]
    return found
