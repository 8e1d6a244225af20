"""Every job of the application, and the commands that do them."""

import asyncio
import contextlib
import signal
import sys
from functools import partial
from typing import Annotated

import orjson
import typer
from rich.console import Console
from sqlalchemy import Connection, NullPool, create_engine

from geoservice.auth import jobs as auth
from geoservice.auth.retention import forget_unused
from geoservice.clock import today
from geoservice.consent.model import RecordedBy
from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.duplicates import jobs as duplicates
from geoservice.embed import jobs as embed
from geoservice.jobs import worker
from geoservice.jobs.job import Job
from geoservice.links import jobs as links
from geoservice.mail import outbox
from geoservice.mail import sending as mail
from geoservice.mediators import jobs as mediators
from geoservice.mediators.actions import leave
from geoservice.places import hours
from geoservice.places.jobs import REFRESH_HOURS
from geoservice.quality import jobs as quality
from geoservice.settings import Settings
from geoservice.teams import jobs as teams
from geoservice.web.typography import count


def forget_person(db: Connection, account: int) -> None:
    """The owner of an unused account: their profile in the directory goes with it."""
    leave(db, account, RecordedBy.SERVICE)


FORGET_UNUSED = Job(
    "auth:forget-unused", partial(forget_unused, erase=forget_person), cron="20 3 * * *"
)


ALL: tuple[Job, ...] = (
    REFRESH_HOURS,
    mail.SEND,
    mail.FORGET,
    mediators.ASK_CONTACT,
    mediators.FORGET,
    auth.SEND_LINK,
    auth.ASK_OLD,
    auth.ASK_NEW,
    auth.FORGET,
    FORGET_UNUSED,
    links.SEND_LINK,
    links.APPLY,
    links.ADD_PLACE,
    links.SEND_LETTER,
    links.REMIND,
    links.LOOK_AFTER,
    teams.SEND_INVITATION,
    teams.FORGET,
    quality.KEEP_MONTH,
    embed.SEND_LINK,
    embed.FORGET,
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
