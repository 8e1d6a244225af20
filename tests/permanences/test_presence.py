"""«permanence»: what SQL answers for all the places is what each rhythm says, day by day."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from french_hours import State
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import create_async_engine

from geoservice.permanences.actions import SCHEDULE, schedule_names
from geoservice.permanences.announced import when
from geoservice.permanences.presence import is_over, next_presence, presences
from geoservice.places import hours
from geoservice.search import presence
from geoservice.search.moments import At
from tests.auth.conftest import Site
from tests.permanences.conftest import Zoe

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=PARIS)
DAY = timedelta(days=1)


def row(expression: str, *absent: tuple[date, date], **dates: date) -> Row[Any]:
    """As the queries give one; days of absence are both included."""
    return cast(
        "Row[Any]",
        SimpleNamespace(
            id=1,
            expression=expression,
            code="75",
            valid_from=dates.get("valid_from"),
            valid_until=dates.get("valid_until"),
            absent=Multirange([Range(first, last + DAY) for first, last in absent]),
        ),
    )


def starts(found: Row[Any], days: int = 30) -> list[str]:
    spans = presences(found, TUESDAY, TUESDAY + days * DAY)
    return [f"{span.start.astimezone(PARIS):%d/%m %H:%M}" for span in spans]


def test_a_permanence_begins_and_ends_on_its_days() -> None:
    limited = row("Tu 14:00-17:00", valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 8))

    assert starts(limited) == ["01/12 14:00", "08/12 14:00"]
    assert not is_over(limited, date(2026, 12, 8))
    assert is_over(limited, date(2026, 12, 9))


def test_an_absence_takes_its_days_away_and_no_others() -> None:
    assert starts(row("Tu 14:00-17:00", (date(2026, 11, 24), date(2026, 12, 7)))) == [
        "08/12 14:00",
        "15/12 14:00",
        "22/12 14:00",
    ]


def test_a_night_that_begins_before_an_absence_ends_at_midnight() -> None:
    night = row("Tu 20:00-26:00", (date(2026, 11, 25), date(2026, 11, 25)))
    [span] = presences(night, TUESDAY, TUESDAY + 2 * DAY)

    assert span.end.astimezone(PARIS).isoformat() == "2026-11-25T00:00:00+01:00"


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("Tu 09:00-12:00", "en ce moment, jusqu’à 12\u00a0h"),
        ("Tu 14:00-17:30", "aujourd’hui à 14\u00a0h"),
        ("We 09:30-12:00", "demain à 9\u00a0h\u00a030"),
        ("Fr 09:00-12:00", "vendredi 27\u00a0novembre à 9\u00a0h"),
        ("Fr[1] 09:00-12:00", "vendredi 4\u00a0décembre à 9\u00a0h"),
        ("2027 Jan Fr[1] 09:00-12:00", "vendredi 1er\u00a0janvier 2027 à 9\u00a0h, à confirmer"),
    ],
)
def test_the_next_time_is_said_in_words_and_a_public_holiday_is_to_be_confirmed(
    expression: str, said: str
) -> None:
    one = row(expression)
    span = next_presence(one, TUESDAY)

    assert span
    assert when(span, one, TUESDAY) == said


EXPRESSIONS = (
    "Mo 09:00-12:00",
    "Tu,Th 14:00-17:00",
    "week 01-53/2 We 10:00-12:00",
    "Sa[1,3] 09:00-12:00",
    "Mo-Su 20:00-26:00",
    "We 10:00-12:00; SH off",
    'Fr 09:00-12:00 unknown "à confirmer"',
)
AROUND = st.integers(-10, 50).map(lambda days: date.today() + days * DAY)  # noqa: DTZ011 - a bound


@pytest.fixture
def ask(zoe: Zoe) -> Any:
    """Whether SQL says that somebody is at the library at a moment of its own clock."""

    def ask(moments: list[datetime]) -> list[bool]:
        async def _ask() -> list[bool]:
            engine = create_async_engine(zoe.service.base.public)
            async with engine.connect() as db:
                now = datetime.now(UTC)
                told = [bool(await presence.ask(db, At(moment), now)) for moment in moments]
            await engine.dispose()
            return told

        return asyncio.run(_ask())

    return ask


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    expression=st.sampled_from(EXPRESSIONS),
    bounds=st.tuples(st.none() | AROUND, st.none() | AROUND),
    absences=st.lists(st.tuples(AROUND, st.integers(0, 9)), max_size=3),
    minutes=st.lists(st.integers(0, 40 * 24 * 60), min_size=20, max_size=20),
)
def test_sql_and_python_agree_on_who_is_there(
    zoe: Zoe,
    ask: Any,
    expression: str,
    bounds: tuple[date | None, date | None],
    absences: list[tuple[date, int]],
    minutes: list[int],
) -> None:
    first, last = bounds
    if first and last and first > last:
        first, last = last, first
    site = zoe.service
    announce(site, zoe.library, expression, first, last, absences)
    dates = {name: day for name, day in (("valid_from", first), ("valid_until", last)) if day}
    days = ((day, day + length * DAY) for day, length in absences)
    told = row(expression, *days, **dates)
    told.code = "23"  # pyright: ignore[reportAttributeAccessIssue] - a namespace
    midnight = datetime.combine(date.today(), datetime.min.time())  # noqa: DTZ011 - its own clock
    moments = [midnight + timedelta(minutes=minute) for minute in minutes]

    def there(local: datetime) -> bool:
        start = local.replace(tzinfo=PARIS)
        spans = presences(told, start, start + timedelta(seconds=1))
        return any(span.state is State.OPEN for span in spans)

    assert ask(moments) == [there(moment) for moment in moments]


def announce(
    site: Site,
    place: str,
    expression: str,
    first: date | None,
    last: date | None,
    absences: list[tuple[date, int]],
) -> None:
    """This permanence and no other, of nobody in particular."""
    schedule = hours.schedule_of(expression, "23096", "23")
    assert schedule
    with site.engine.begin() as db:
        db.execute(text("DELETE FROM absences"))
        db.execute(text("DELETE FROM permanences"))
        values = {
            "expression": expression,
            "schedule": db.execute(SCHEDULE, schedule_names(schedule)).scalar_one(),
            "place": place,
            "first": first,
            "last": last,
        }
        hours.refresh(db, date.today())  # noqa: DTZ011 - a bound
        one = db.execute(
            text(
                "INSERT INTO permanences (public_id, place_id, expression, schedule_id, valid_from,"
                " valid_until, by_appointment) SELECT 'one', id, :expression, :schedule, :first,"
                " :last, false FROM places WHERE public_id = :place RETURNING id"
            ),
            values,
        ).scalar_one()
        for day, length in absences:
            db.execute(
                text(
                    "INSERT INTO absences (permanence_id, first_day, last_day) VALUES (:one, :a, :b)"
                ),
                {"one": one, "a": day, "b": day + length * DAY},
            )
