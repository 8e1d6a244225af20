"""When a territory's clocks change: between two changes, local time is UTC plus a constant."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def steady(
    zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut [start, end[ (aware, any zone) where the clocks change.

    Yields (from, to, offset) in UTC: within a cut, local time is UTC plus `offset`, so that hours
    read on the wall convert without doubt, even the hour that exists twice in October.

    Raises ValueError if a bound has no time zone.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    changes = [
        change
        for year in range(start.year, end.year + 1)
        for change in _changes(zone, year)
        if start < change < end
    ]
    bounds = [start, *changes, end]
    for first, last in itertools.pairwise(bounds):
        if first < last:
            yield first, last, offset_at(zone, first)


def offset_at(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


@lru_cache(maxsize=1024)
def _changes(zone: ZoneInfo, year: int) -> tuple[datetime, ...]:
    """The instants of a UTC year when the clocks change, to the minute."""
    found: list[datetime] = []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        low, high = day, day + timedelta(days=1)
        before = offset_at(zone, low)
        if offset_at(zone, high) != before:
            while high - low > timedelta(minutes=1):
                middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
                low, high = (middle, high) if offset_at(zone, middle) == before else (low, middle)
            found.append(high)
        day += timedelta(days=1)
    return tuple(found)
