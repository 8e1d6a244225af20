"""Hours in the database are those of the library: same answer by SQL and by Python."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from french_hours import State
from sqlalchemy import Connection, Engine, text

from geoservice.places import hours
from geoservice.places.actions import SourceDescription, Statement, receive
from geoservice.places.hours import SPANS_DAYS, hours_of, hours_of_place, schedule_of

TODAY = datetime(2026, 11, 22, tzinfo=UTC).date()
EXPRESSIONS = (
    "Mo-Fr 09:00-12:00,14:00-17:30; PH off",
    "Sa[1] 10:00-12:00",
    "week 2-52/2 Tu 18:00-20:00",
    "Fr 20:00-26:00",
    "24/7",
    'We 14:00-18:00 open "sur rendez-vous"',
    "We,Sa 13:00-18:00; SH off; SH Mo-Fr 10:00-19:00",
    "Th 10:00+",
)
CODES = ("04", "57", "974", "987", "975")


@pytest.fixture
def schedules(db: Connection) -> Iterator[Connection]:
    for code in CODES:
        for expression in EXPRESSIONS:
            schedule = schedule_of(expression, None, code)
            assert schedule is not None
            db.execute(
                text(
                    "INSERT INTO schedules (expression, calendar, code, time_zone)"
                    " VALUES (:expression, :calendar, :code, :time_zone) ON CONFLICT DO NOTHING"
                ),
                dict(zip(("expression", "calendar", "code", "time_zone"), schedule, strict=True)),
            )
    hours.refresh(db, TODAY)
    return db  # pyright: ignore[reportReturnType] - undone by `db`


def test_sql_and_the_library_agree_at_every_hour_of_three_weeks(schedules: Connection) -> None:
    rows = schedules.execute(text("SELECT id, expression, code FROM schedules")).all()
    asked = text(
        "SELECT id, CASE WHEN open @> :moment THEN 'open' WHEN unknown @> :moment THEN 'unknown' ELSE 'closed' END"
        " FROM schedules"
    )
    start = datetime(2026, 11, 22, 0, 7, tzinfo=UTC)
    for step in range(0, 21 * 24, 5):
        moment = start + timedelta(hours=step)
        by_sql = {id_: state for id_, state in schedules.execute(asked, {"moment": moment})}  # noqa: C416 - rows have keys()
        for id_, expression, code in rows:
            read = hours_of(expression, code)
            assert read is not None
            assert by_sql[id_] == read.state_at(moment).state, (expression, code, moment)


def test_a_second_refresh_writes_nothing(schedules: Connection) -> None:
    assert hours.refresh(schedules, TODAY) == 0


def test_the_next_night_every_schedule_moves_on_by_a_day(schedules: Connection) -> None:
    assert hours.refresh(schedules, TODAY + timedelta(days=1)) > 0
    last = schedules.scalar(text("SELECT min(spans_until) FROM schedules"))
    assert last == TODAY + timedelta(days=1 + SPANS_DAYS)


def test_places_under_one_calendar_share_their_schedule() -> None:
    digne, marseille = (schedule_of("Mo 09:00-12:00", code, None) for code in ("04070", "13055"))

    assert digne is not None
    assert marseille is not None
    assert digne[1] == marseille[1]


def test_metz_keeps_the_holidays_of_alsace_moselle_and_digne_does_not() -> None:
    good_friday = datetime(2026, 4, 3, 9, tzinfo=UTC)
    metz, digne = (
        hours_of_place("Mo-Fr 09:00-12:00; PH off", code, None) for code in ("57463", "04070")
    )

    assert metz is not None
    assert digne is not None
    assert (metz.state_at(good_friday).state, digne.state_at(good_friday).state) == (
        State.CLOSED,
        State.OPEN,
    )


@pytest.mark.parametrize(
    ("expression", "code"),
    [(None, "04070"), ("", "04070"), ("de 9h à 12h", "04070"), ("Mo 09:00-12:00", None)],
)
def test_hours_that_nobody_can_read_or_place_are_unknown(
    expression: str | None, code: str | None
) -> None:
    assert schedule_of(expression, code, None) is None


def test_refreshing_raises_the_version_of_the_places(engine: Engine, schedules: Connection) -> None:
    """A cached answer about «maintenant» must not outlive the night."""
    before = schedules.scalar(
        text("SELECT count(*) FROM changed_datasets WHERE dataset = 'places'")
    )

    assert before == 1  # noted in this transaction, announced when it commits


@pytest.mark.parametrize(("hour", "today"), [("21:30", 23), ("23:30", 24)])
def test_an_import_late_in_the_evening_is_of_the_day_in_paris(
    db: Connection, monkeypatch: pytest.MonkeyPatch, hour: str, today: int
) -> None:
    moment = datetime.fromisoformat(f"2026-11-23T{hour}+00:00")
    monkeypatch.setattr("geoservice.clock.now", lambda: moment)
    library = {
        "name": "Médiathèque inventée",
        "commune": "Guéret",
        "code_insee": "23096",
        "postal_code": "23000",
        "opening_hours": "Mo-Fr 09:00-18:00",
    }
    source = SourceDescription("invented", "Source inventée", "Licence Ouverte 2.0")
    receive(db, source, [Statement("1", library, TODAY)], complete=True)

    last = db.execute(text("SELECT spans_until FROM schedules")).scalar_one()
    assert last == date(2026, 11, today) + timedelta(days=SPANS_DAYS)
