"""Every job of the application, and what is done at the start so that the first page is right."""

import asyncio
import contextlib
import signal
import sys
from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
import typer
from rich.console import Console
from sqlalchemy import Connection, NullPool, create_engine, text

from geoservice import clock
from geoservice.auth import jobs as auth
from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.duplicates import jobs as duplicates
from geoservice.jobs import worker
from geoservice.jobs.job import Job, Surroundings
from geoservice.mail import outbox
from geoservice.mail import sending as mail
from geoservice.places import hours
from geoservice.settings import Settings
from geoservice.web.typography import count

ENOUGH_DAYS = 7
"""Spans that last longer than this are good enough for the first page."""
SPANS_END = text("SELECT min(spans_until), bool_or(spans_until IS NULL) FROM schedules")


def today() -> date:
    return clock.now().astimezone(ZoneInfo("Europe/Paris")).date()


def refresh_hours(around: Surroundings) -> None:
    with around.engine.begin() as db:
        hours.refresh(db, today())


REFRESH_HOURS = Job("places:refresh-hours", refresh_hours, cron="15 1 * * *")
"""At 2 or 3 in the morning in Paris."""


def refresh_tiles(around: Surroundings) -> None:
    """Count again a few of the large squares of the map that changed; small ones are up to date."""
    with around.engine.begin() as db:
        db.execute(text("SELECT refresh_place_bits(5)"))


REFRESH_TILES = Job("places:refresh-tiles", refresh_tiles, cron="*/10 * * * *")


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


ALL: tuple[Job, ...] = (
    REFRESH_HOURS,
    REFRESH_TILES,
    mail.SEND,
    mail.FORGET,
    auth.SEND_LINK,
    auth.FORGET,
    duplicates.SEARCH,
    duplicates.REGROUP,
)

commands = typer.Typer()

errors = Console(stderr=True, highlight=False, soft_wrap=True)


@commands.command("refresh-hours")
def refresh_hours_now(
    json: Annotated[
        bool, typer.Option("--json", help="Répondre en JSON, pour une machine.")
    ] = False,
) -> None:
    """Calculer les heures d’ouverture des prochaines semaines. Une tâche le fait chaque nuit."""
    with servers.running(Settings.read()) as server:
        schema.migrate(server)
        engine = create_engine(server.app, poolclass=NullPool)
        with engine.begin() as db:
            refreshed = hours.refresh(db, today())
        engine.dispose()
    if json:
        sys.stdout.write(orjson.dumps({"refreshed": refreshed}).decode() + "\n")
    else:
        Console(highlight=False).print(
            count(refreshed, "horaire mis à jour.", "horaires mis à jour.")
            if refreshed
            else "Les horaires étaient déjà à jour."
        )


@commands.command("worker")
def run_worker() -> None:
    """Faire les tâches de fond (messages, mises à jour de la nuit) jusqu’à Ctrl-C."""
    settings = Settings.read()
    with servers.running(settings) as server:
        schema.migrate(server)
        engine = create_engine(server.app, poolclass=NullPool)
        with engine.begin() as db:
            db.execute(REFRESH_HOURS.later())  # the night may have been missed
        engine.dispose()
        if notice := outbox.notice(settings):
            errors.print(notice)
        errors.print("Les tâches de fond sont en route.", style="bold green")
        asyncio.run(_until_told(server, settings))


async def _until_told(server: servers.Server, settings: Settings) -> None:
    """A worker that ends its jobs when told to stop."""
    running = asyncio.ensure_future(worker.run(server, settings, ALL))
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
