"""Runs the jobs: in a process of its own, or inside the web process."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Iterable
from functools import partial
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import OperationalError

from geoservice.db.server import Server
from geoservice.jobs.job import SCHEMA, Job, Surroundings, TryAgain
from geoservice.settings import Settings

AT_ONCE = 4
"""Jobs that one worker runs side by side: a slow mail server does not hold up the rest."""
LAST_SECONDS_S = 20
"""What a stopping worker leaves to its running jobs."""
PAUSE_S = 5
"""Before a worker that lost its database starts again."""
FAILED_KEPT_HOURS = 7 * 24

log = logging.getLogger("geoservice.jobs")


def build(server: Server, settings: Settings, jobs: Iterable[Job]) -> App:
    """What runs these jobs; open it before use."""
    app = App(
        connector=PsycopgConnector(
            conninfo=Server.conninfo(server.app, search_path=SCHEMA),
            min_size=1,
            max_size=AT_ONCE + 2,
        ),
        worker_defaults={
            "concurrency": AT_ONCE,
            "delete_jobs": "successful",
            "shutdown_graceful_timeout": LAST_SECONDS_S,
            "install_signal_handlers": False,
        },
    )
    # hide_parameters: what a statement was about stays out of the log
    engine = create_engine(server.app, poolclass=NullPool, hide_parameters=True)
    surroundings = Surroundings(settings, engine)
    for job in jobs:
        _register(app, job, surroundings)
    _keep_tidy(app)
    return app


def _register(app: App, job: Job, surroundings: Surroundings) -> None:
    task = app.task(
        name=job.name,
        lock=job.lock,
        retry=job.attempts > 1
        and RetryStrategy(
            max_attempts=job.attempts - 1,
            exponential_wait=5,
            retry_exceptions={TryAgain, OperationalError},
        ),
    )(_alone(job.run, surroundings))
    if job.cron:
        app.periodic(cron=job.cron)(task)


def _alone(run: Callable[..., None], surroundings: Surroundings) -> Callable[..., None]:
    def run_with_ids(timestamp: int | None = None, **ids: int) -> None:
        """`timestamp` is procrastinate's, for what comes back by itself."""
        run(surroundings, **ids)

    return run_with_ids


def _keep_tidy(app: App) -> None:
    """Jobs of a worker that was killed run again; those that failed for good are forgotten in time."""

    async def keep_tidy(timestamp: int) -> None:
        for job in await app.job_manager.get_stalled_jobs():
            await app.job_manager.retry_job(job)
        await app.job_manager.delete_old_jobs(
            nb_hours=FAILED_KEPT_HOURS,
            include_failed=True,
            include_cancelled=True,
            include_aborted=True,
        )

    app.periodic(cron="*/10 * * * *")(
        app.task(name="jobs:keep-tidy", lock="jobs:keep-tidy")(keep_tidy)
    )


async def run(server: Server, settings: Settings, jobs: Iterable[Job]) -> None:
    """Run jobs until cancelled; a database that goes away is waited for."""
    jobs = tuple(jobs)
    while True:
        try:
            app = build(server, settings, jobs)
            async with app.open_async():
                await app.run_worker_async()
        except (ConnectorException, psycopg.Error) as error:
            log.warning("The worker lost its database: %s", type(error).__name__)
        await asyncio.sleep(PAUSE_S)


async def run_all(server: Server, settings: Settings, jobs: Iterable[Job]) -> None:
    """Run what waits, then return."""
    app = build(server, settings, jobs)
    async with app.open_async():
        await app.run_worker_async(wait=False, listen_notify=False)


@contextlib.asynccontextmanager
async def inside(server: Server, settings: Settings, jobs: Iterable[Job]) -> AsyncGenerator[None]:
    """A worker in this process: the database gives each job to one worker, however many there are."""
    worker = asyncio.create_task(run(server, settings, jobs), name="worker")
    worker.add_done_callback(partial(_say, "The worker stopped"))
    try:
        yield
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


def _say(what: str, task: "asyncio.Task[Any]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("%s: %s", what, type(error).__name__, exc_info=error)
