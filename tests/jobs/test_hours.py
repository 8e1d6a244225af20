"""The hours of the coming weeks: good before the first page, then kept up every night."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text
from typer.testing import CliRunner

from geoservice import tasks
from geoservice.clock import today
from geoservice.db.server import Server
from geoservice.jobs import worker
from geoservice.places.hours import SPANS_DAYS
from geoservice.places.jobs import REFRESH_HOURS, prepare_hours
from geoservice.settings import Settings

TODAY = date(2026, 11, 22)


def add_schedule(db: Connection, until: date | None) -> None:
    db.execute(
        text(
            "INSERT INTO schedules (expression, calendar, code, time_zone, spans_from, spans_until)"
            " VALUES ('Mo-Fr 09:00-12:00', 'metropole-A', '74', 'Europe/Paris', :since, :until)"
        ),
        {"since": until and until - timedelta(days=SPANS_DAYS + 1), "until": until},
    )


def queued(db: Connection) -> list[str]:
    return list(db.scalars(text("SELECT task_name FROM jobs.procrastinate_jobs")))


@pytest.mark.parametrize(
    ("until", "before_the_first_page", "by_the_job"),
    [
        (None, 1, []),
        (TODAY - timedelta(days=1), 1, []),
        (TODAY + timedelta(days=6), 1, []),
        (TODAY + timedelta(days=8), 0, ["places:refresh-hours"]),
        (TODAY + timedelta(days=SPANS_DAYS - 1), 0, ["places:refresh-hours"]),
        (TODAY + timedelta(days=SPANS_DAYS), 0, []),
    ],
)
def test_hours_that_run_out_are_written_before_the_first_page(
    db: Connection, until: date | None, before_the_first_page: int, by_the_job: list[str]
) -> None:
    add_schedule(db, until)

    assert prepare_hours(db, TODAY) == before_the_first_page
    assert queued(db) == by_the_job


def test_a_base_without_schedules_needs_nothing(db: Connection) -> None:
    assert prepare_hours(db, TODAY) == 0
    assert queued(db) == []


def spans_until(base: Server) -> list[date]:
    engine = create_engine(base.owner, poolclass=NullPool)
    with engine.connect() as db:
        found = list(db.scalars(text("SELECT spans_until FROM schedules")))
    engine.dispose()
    return found


@pytest.fixture
def old_base(base: Server) -> Server:
    """With one schedule whose spans were written forty days ago."""
    engine = create_engine(base.owner, poolclass=NullPool)
    with engine.begin() as db:
        db.execute(text("TRUNCATE schedules CASCADE"))
        add_schedule(db, today() + timedelta(days=SPANS_DAYS - 40))
    engine.dispose()
    return base


def test_the_night_brings_the_hours_up_to_date(old_base: Server, settings: Settings) -> None:
    engine = create_engine(old_base.app, poolclass=NullPool)
    with engine.begin() as db:
        db.execute(REFRESH_HOURS.later())
    engine.dispose()
    asyncio.run(worker.run_all(old_base, settings, tasks.ALL))

    assert spans_until(old_base) == [today() + timedelta(days=SPANS_DAYS)]


def test_the_command_brings_the_hours_up_to_date(
    old_base: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = old_base.owner.render_as_string(hide_password=False)
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", address)
    runner = CliRunner()

    assert runner.invoke(tasks.commands, ["refresh-hours"]).stdout == "1\u00a0horaire mis à jour.\n"
    assert spans_until(old_base) == [today() + timedelta(days=SPANS_DAYS)]
    assert "déjà à jour" in runner.invoke(tasks.commands, ["refresh-hours"]).stdout
