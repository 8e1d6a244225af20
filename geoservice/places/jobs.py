"""The hours of the coming weeks, kept ahead of the calendar."""

from datetime import date, timedelta

from sqlalchemy import Connection, text

from geoservice.clock import today
from geoservice.jobs.job import Job, Surroundings
from geoservice.places import hours

ENOUGH_DAYS = 7
"""Spans that last longer than this are good enough for the first page."""
SPANS_END = text("SELECT min(spans_until), bool_or(spans_until IS NULL) FROM schedules")


def refresh_hours(around: Surroundings) -> None:
    with around.engine.begin() as db:
        hours.refresh(db, today())


REFRESH_HOURS = Job("places:refresh-hours", refresh_hours, cron="15 1 * * *")
"""At 2 or 3 in the morning in Paris."""


def prepare_hours(db: Connection, day: date) -> int:
    """How many schedules were refreshed before the first page: those that nearly ran out.

    The others are left to the job, which starts at once.
    """
    last, some_missing = db.execute(SPANS_END).one()
    if some_missing or (last and last < day + timedelta(days=ENOUGH_DAYS)):
        return hours.refresh(db, day)
    if last and last < day + timedelta(days=hours.SPANS_DAYS):
        db.execute(REFRESH_HOURS.later())
    return 0
