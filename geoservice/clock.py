"""The present moment, in one place, so that a test can choose it; and the day it is in Paris."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

Clock = Callable[[], datetime]
"""Gives an aware datetime."""


def now() -> datetime:
    return datetime.now(UTC)


def day_in_paris(moment: datetime) -> date:
    """Of an aware moment, whatever its time zone."""
    return moment.astimezone(PARIS).date()


def today() -> date:
    """In Paris."""
    return day_in_paris(now())
