"""Which version of the data is current, as every process must know at once.

A connection of its own listens to what the database announces. While it is down, the version is
read again for every request: slower, never stale.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

log = logging.getLogger(__name__)

READ = "SELECT string_agg(version::text, '-' ORDER BY dataset) FROM public_view.data_versions"
"""One text for all the datasets: a tile of places may depend on territories, by its filter."""
RETRY_S = 1
HEARTBEAT_S = 10
"""A silent connection is asked this often whether it is still there."""
ANSWER_WITHIN_S = 5


class Versions:
    def __init__(self, conninfo: str, on_change: Callable[[], None]) -> None:
        """No transaction pooler may stand in between: it would swallow the announcements."""
        self._conninfo = make_conninfo(conninfo, connect_timeout=ANSWER_WITHIN_S)
        self._on_change = on_change
        self._task: asyncio.Task[None] | None = None
        self.heard: str | None = None
        """None while nobody listens: whoever needs the version reads it."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen_for_ever())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.OperationalError, TimeoutError) as error:
                log.warning("Nobody listens to the versions of the data: %s", type(error).__name__)
            finally:
                self.heard = None
            await asyncio.sleep(RETRY_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as db:
            await db.execute("LISTEN data_versions")
            last = None
            while True:
                # read after LISTEN, so that no change falls between the two
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    self.heard = await _read(db)
                if self.heard != last:
                    last = self.heard
                    self._on_change()
                async for _ in db.notifies(timeout=HEARTBEAT_S, stop_after=1):
                    # what was heard is already wrong: requests read for themselves meanwhile
                    self.heard = None


async def _read(db: psycopg.AsyncConnection[Any]) -> str:
    row = await (await db.execute(READ)).fetchone()
    return str(row[0]) if row else ""
