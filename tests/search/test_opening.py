from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.search.moments import During, Now
from geoservice.search.opening import INSTANT, windows

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
SUNDAY_NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)  # noon in Paris, 15:00 in La Réunion


def test_now_is_the_same_moment_everywhere() -> None:
    assert windows(Now(), SUNDAY_NOON, PARIS) == windows(Now(), SUNDAY_NOON, REUNION)


def test_tuesday_evening_is_on_the_clock_of_the_place() -> None:
    tuesday_18h = During((1,), 18 * 60, 18 * 60)

    paris = windows(tuesday_18h, SUNDAY_NOON, PARIS)[0][0]
    reunion = windows(tuesday_18h, SUNDAY_NOON, REUNION)[0][0]

    assert paris.isoformat() == "2026-11-24T18:00:00+01:00"
    assert reunion.isoformat() == "2026-11-24T18:00:00+04:00"


def test_asked_on_sunday_noon_sunday_morning_is_next_week() -> None:
    sunday_morning = During((6,), 8 * 60, 12 * 60)

    start, end = windows(sunday_morning, SUNDAY_NOON, PARIS)[0]

    assert start.isoformat() == "2026-11-29T08:00:00+01:00"
    assert end.isoformat() == "2026-11-29T12:00:00+01:00"


def test_asked_on_sunday_noon_the_weekend_is_what_is_left_of_it_and_saturday_to_come() -> None:
    weekend = windows(During((5, 6), 0, 1440), SUNDAY_NOON, PARIS)

    assert weekend[0][0] == SUNDAY_NOON
    assert weekend[1][0].isoformat() == "2026-11-28T00:00:00+01:00"


@pytest.mark.parametrize("zone", [PARIS, REUNION, ZoneInfo("Pacific/Tahiti")])
@given(
    now=st.floats(0, 4 * 366).map(
        lambda days: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=days)
    ),
    days=st.sets(st.integers(0, 6), min_size=1),
    minutes=st.tuples(st.integers(0, 1439), st.integers(0, 1440)),
)
def test_windows_are_to_come_within_eight_days_one_per_day(
    zone: ZoneInfo, now: datetime, days: set[int], minutes: tuple[int, int]
) -> None:
    start_minute, end_minute = min(minutes), max(minutes)
    found = windows(During(tuple(days), start_minute, end_minute), now, zone)

    assert len(found) == len(days)
    for start, end in found:
        assert start < end
        assert end > now
        assert (end - now).days <= 8
        assert start.astimezone(zone).weekday() in days


def test_an_instant_is_asked_as_the_second_that_follows() -> None:
    start, end = windows(Now(), SUNDAY_NOON, PARIS)[0]

    assert end - start == INSTANT
