"""Something done later, outside the request: what it is called, what it does, when it is tried again."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson
from sqlalchemy import Engine, Executable, text

from geoservice.settings import Settings

SCHEMA = "jobs"
DEFER = text(
    f"SELECT {SCHEMA}.procrastinate_defer_jobs_v1(ARRAY[ROW("
    "'default', :name, 0, CAST(:lock AS text), NULL, CAST(:ids AS jsonb), NULL"
    f")::{SCHEMA}.procrastinate_job_to_defer_v1])"
)


class TryAgain(Exception):
    """What a job raises when it may work later; its text is logged, so it names nobody."""


@dataclass(frozen=True)
class Surroundings:
    """What every job is given first."""

    settings: Settings
    engine: Engine
    """Of role geoservice_app."""


@dataclass(frozen=True)
class Job:
    name: str
    run: Callable[..., None]
    """Called in a thread with the Surroundings, then with the ids given to `later`."""
    cron: str | None = None
    """When it comes back by itself, in UTC; None when only `later` asks for it."""
    attempts: int = 1
    """How many times in all, when it raises TryAgain: after 5 s, 25 s, 2 min, 10 min, 52 min…"""

    @property
    def lock(self) -> str | None:
        """Two runs of what comes back by itself follow each other."""
        return self.name if self.cron else None

    def later(self, **ids: int) -> Executable:
        """The statement that queues it: done if, and when, its transaction is committed.

        Only ids, because what is queued is logged: the rest waits in a table.
        """
        return DEFER.bindparams(name=self.name, lock=self.lock, ids=orjson.dumps(ids).decode())
