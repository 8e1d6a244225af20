"""What is done later: once, when the transaction that asked for it commits, and again if it failed."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import procrastinate
import psycopg
import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from geoservice.db.server import Server
from geoservice.jobs import worker
from geoservice.jobs.job import Job, Surroundings, TryAgain
from geoservice.paths import ROOT
from geoservice.settings import Settings

PATIENCE_S = 20
"""How long a test waits for what must happen: only a broken one reaches it."""


@pytest.fixture
def app_engine(base: Server) -> Iterator[Engine]:
    engine = create_engine(base.app, poolclass=NullPool)
    yield engine
    engine.dispose()


def queue(engine: Engine, job: Job, **ids: int) -> None:
    with engine.begin() as db:
        db.execute(job.later(**ids))


def run_all(base: Server, settings: Settings, *jobs: Job) -> None:
    asyncio.run(worker.run_all(base, settings, jobs))


def statuses(engine: Engine, task: str = "test:%") -> list[str]:
    with engine.connect() as db:
        return list(
            db.scalars(
                text(
                    "SELECT status::text FROM jobs.procrastinate_jobs"
                    " WHERE task_name LIKE :task ORDER BY id"
                ),
                {"task": task},
            )
        )


def test_a_job_is_done_with_what_it_was_given(
    base: Server, app_engine: Engine, settings: Settings
) -> None:
    done: list[int] = []

    def note(around: Surroundings, number: int) -> None:
        done.append(number)

    queue(app_engine, job := Job("test:note", note), number=7)
    run_all(base, settings, job)

    assert done == [7]


def test_a_job_is_not_done_when_the_transaction_that_asked_is_undone(
    base: Server, app_engine: Engine, settings: Settings
) -> None:
    done: list[int] = []

    def note(around: Surroundings) -> None:
        done.append(1)

    job = Job("test:never", note)
    with app_engine.connect() as db:
        db.execute(job.later())
        db.rollback()

    run_all(base, settings, job)

    assert done == []


def test_two_workers_do_each_job_once(base: Server, app_engine: Engine, settings: Settings) -> None:
    done: list[int] = []

    def note(around: Surroundings, number: int) -> None:
        done.append(number)

    job = Job("test:once", note)
    for number in range(40):
        queue(app_engine, job, number=number)

    async def two() -> None:
        await asyncio.gather(*(worker.run_all(base, settings, [job]) for _ in range(2)))

    asyncio.run(two())

    assert sorted(done) == list(range(40))


def test_a_job_that_may_work_later_waits_and_is_done_then(
    base: Server, app_engine: Engine, settings: Settings
) -> None:
    tries: list[int] = []

    def fail_once(around: Surroundings) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise TryAgain("away")

    queue(app_engine, job := Job("test:again", fail_once, attempts=2))
    run_all(base, settings, job)
    assert statuses(app_engine) == ["todo"]
    with app_engine.begin() as db:
        db.execute(text("UPDATE jobs.procrastinate_jobs SET scheduled_at = now()"))
    run_all(base, settings, job)

    assert (len(tries), statuses(app_engine)) == (2, [])


def test_a_job_is_given_up_after_its_last_attempt(
    base: Server, app_engine: Engine, settings: Settings
) -> None:
    def fail(around: Surroundings) -> None:
        raise TryAgain("away")

    queue(app_engine, job := Job("test:given-up", fail))
    run_all(base, settings, job)

    assert statuses(app_engine) == ["failed"]


def test_a_bug_is_not_tried_again(base: Server, app_engine: Engine, settings: Settings) -> None:
    def break_down(around: Surroundings) -> None:
        raise KeyError("bug")

    queue(app_engine, job := Job("test:bug", break_down, attempts=5))
    run_all(base, settings, job)

    assert statuses(app_engine) == ["failed"]


def test_a_slow_job_does_not_stop_the_pages(
    base: Server, app_engine: Engine, settings: Settings
) -> None:
    """The job waits for something that only the event loop can do: blocking it would last for ever."""
    begun, answered = threading.Event(), threading.Event()
    outcome: list[bool] = []

    def slow(around: Surroundings) -> None:
        begun.set()
        outcome.append(answered.wait(PATIENCE_S))

    queue(app_engine, job := Job("test:slow", slow))

    async def serve_meanwhile() -> None:
        async with worker.inside(base, settings, [job]):
            while not begun.is_set():
                await asyncio.sleep(0.01)
            answered.set()
            while not outcome:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(serve_meanwhile(), PATIENCE_S))

    assert outcome == [True]


def test_a_worker_that_stops_ends_the_job_that_it_began(
    base: Server, app_engine: Engine, settings: Settings
) -> None:
    begun, done = threading.Event(), threading.Event()

    def slow(around: Surroundings) -> None:
        begun.set()
        threading.Event().wait(0.3)
        done.set()

    queue(app_engine, job := Job("test:ending", slow))

    async def stop_in_the_middle() -> None:
        async with worker.inside(base, settings, [job]):
            while not begun.is_set():
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(stop_in_the_middle(), PATIENCE_S))

    assert done.is_set()
    assert statuses(app_engine) == []


def test_a_worker_whose_connections_are_cut_comes_back(
    base: Server, app_engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PAUSE_S", 0.1)
    done = threading.Event()

    def note(around: Surroundings, last: int) -> None:
        if last:
            done.set()
        else:
            begun.set()

    begun = threading.Event()
    job = Job("test:cut", note)
    queue(app_engine, job, last=0)

    async def cut_and_wait() -> None:
        async with worker.inside(base, settings, [job]):
            while not begun.is_set():
                await asyncio.sleep(0.01)
            with app_engine.connect() as db:
                db.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND usename = current_user"
                        " AND pid <> pg_backend_pid()"
                    )
                )
            queue(app_engine, job, last=1)
            while not done.is_set():
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(cut_and_wait(), PATIENCE_S))


def test_the_job_of_a_worker_that_was_killed_is_done_by_another(
    base: Server, app_engine: Engine, settings: Settings
) -> None:
    done: list[int] = []

    def note(around: Surroundings) -> None:
        done.append(1)

    job = Job("test:orphan", note)
    queue(app_engine, job)
    with app_engine.begin() as db:
        db.execute(text("UPDATE jobs.procrastinate_jobs SET status = 'doing'"))
    queue(app_engine, Job("jobs:keep-tidy", job.run), timestamp=0)

    run_all(base, settings, job)
    run_all(base, settings, job)

    assert done == [1]


def test_the_public_role_sees_no_job(base: Server) -> None:
    with psycopg.connect(Server.conninfo(base.public)) as connection:
        for question in (
            "SELECT * FROM jobs.procrastinate_jobs",
            "SELECT jobs.procrastinate_cancel_job_v1(1, false, false)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(question)  # pyright: ignore[reportArgumentType, reportCallIssue]
            connection.rollback()


def test_the_queue_in_the_database_is_the_one_that_the_library_expects() -> None:
    """A newer procrastinate that changes its tables needs a migration of ours: then change this."""
    folder = Path(procrastinate.__file__).parent / "sql" / "migrations"
    newest = max(path.name for path in folder.glob("*.sql"))

    assert newest == "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def test_the_command_works_until_it_is_told_to_stop(
    base: Server, app_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    environment = os.environ | {
        "GEOSERVICE_DATABASE_URL": Server.conninfo(base.owner),
        "GEOSERVICE_DATA_DIR": str(tmp_path),
    }
    command = subprocess.Popen(
        [sys.executable, "-c", "from geoservice.cli import main; main()", "worker"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stderr is not None
    assert any("en route" in line for line in command.stderr)
    _wait_until_empty(app_engine)  # it refreshes the hours first

    command.terminate()

    assert command.wait(timeout=PATIENCE_S) == 0
    command.stderr.close()


def _wait_until_empty(engine: Engine) -> None:
    for _ in range(PATIENCE_S * 10):
        if not statuses(engine):
            return
        threading.Event().wait(0.1)
    pytest.fail("la tâche n’a pas été faite")
