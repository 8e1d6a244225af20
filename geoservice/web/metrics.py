"""What whoever runs the service watches, in the format of Prometheus: counts, never what was asked or by whom.

Several processes add up through the files of PROMETHEUS_MULTIPROC_DIR, which `geoservice serve`
sets before it starts them.
"""

import os
import time
from collections.abc import Iterable

from fastapi import APIRouter
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    multiprocess,
)
from prometheus_client import generate_latest as written
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geoservice.web.database import AppDb

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.02, 0.1, 0.5, 2, 10)
"""From a tile in memory to what the database stops."""

ours = CollectorRegistry()
requests = Counter(
    "geoservice_requests", "Answers, by route and status.", ["route", "status"], registry=ours
)
seconds = Histogram(
    "geoservice_request_seconds",
    "Until the answer begins, by route.",
    ["route"],
    buckets=SECONDS,
    registry=ours,
)
busy = Gauge(
    "geoservice_connections_busy",
    "Database connections in use, by pool.",
    ["pool"],
    registry=ours,
    multiprocess_mode="livesum",
)
JOBS = text(
    "SELECT job.status::text, count(DISTINCT job.id), coalesce(extract(epoch FROM now() - min(event.at))::float, 0)"
    " FROM jobs.procrastinate_jobs AS job LEFT JOIN jobs.procrastinate_events AS event"
    " ON event.job_id = job.id AND event.type IN ('deferred', 'scheduled', 'deferred_for_retry')"
    " WHERE job.status IN ('todo', 'doing', 'failed') GROUP BY job.status"
)
"""A job that is tried again waits since the first time."""

router = APIRouter(include_in_schema=False)


class Jobs:
    """The queue as it is now, whichever process is asked."""

    def __init__(self, rows: Iterable[tuple[str, int, float]]) -> None:
        self._rows = tuple(rows)

    def collect(self) -> Iterable[Metric]:
        counted = {status: (count, age_s) for status, count, age_s in self._rows}
        total = GaugeMetricFamily("geoservice_jobs", "Jobs, by state.", labels=["state"])
        oldest = GaugeMetricFamily(
            "geoservice_jobs_oldest_seconds", "Age of the oldest job that waits."
        )
        for state in ("todo", "doing", "failed"):
            total.add_metric([state], counted.get(state, (0, 0.0))[0])
        oldest.add_metric([], max(0.0, counted.get("todo", (0, 0.0))[1]))
        return total, oldest


@router.get("/metrics")
async def show(db: AppDb) -> Response:
    rows = (await db.execute(JOBS)).all()
    queue = CollectorRegistry()
    queue.register(Jobs((status, count, age_s) for status, count, age_s in rows))
    told = ours
    if FOLDER in os.environ:
        told = CollectorRegistry()
        multiprocess.MultiProcessCollector(told)
    return Response(written(told) + written(queue), media_type=CONTENT_TYPE_LATEST)


def watch(engine: AsyncEngine, pool: str) -> None:
    """Count the connections that are in use."""
    gauge = busy.labels(pool)
    gauge.set(0)
    event.listen(engine.sync_engine, "checkout", lambda *_: gauge.inc())
    event.listen(engine.sync_engine, "checkin", lambda *_: gauge.dec())


def leave() -> None:
    """What this process holds is no longer held."""
    if FOLDER in os.environ:
        multiprocess.mark_process_dead(os.getpid())  # pyright: ignore[reportUnknownMemberType]


class Measured:
    """Counts the answers, and how long they took to begin."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = route_of(scope)
                requests.labels(route, str(message["status"])).inc()
                seconds.labels(route).observe(time.perf_counter() - started)
            await send(message)

        await self.app(scope, receive, counting)


def route_of(scope: Scope) -> str:
    """The address as it is declared, without its values: secrets and searches are not counted."""
    path: str = scope["path"]
    for folder in ("/tuiles/", "/statique/", "/w/", "/fond/"):
        if path.startswith(folder):
            return folder
    return getattr(scope.get("route"), "path", None) or "autre"
