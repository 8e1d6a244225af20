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
from psycopg import pq

from geoservice.db.versions import CURRENT

log = logging.getLogger(__name__)

RETRY_S = 1
HEARTBEAT_S = 10
"""A silent connection is asked this often whether it is still there."""
ANSWER_WITHIN_S = 5


class Versions:
    def __init__(self, conninfo: str, on_change: Callable[[], None]) -> None:
        """No transaction pooler may stand in between: it would swallow the announcements."""
        self._conninfo = conninfo
        self._on_change = on_change
        self._task: asyncio.Task[None] | None = None
        self._line: pq.abc.PGconn | None = None
        self._news = asyncio.Event()
        self._heard: str | None = None

    @property
    def heard(self) -> str | None:
        """The current version; None when it must be read, because nobody knows for sure."""
        if self._heard is not None:
            self._look()  # 2 µs: news that have arrived must not wait for their turn in the loop
        return self._heard

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
                self._heard = None
            await asyncio.sleep(RETRY_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as db:
            await db.execute("LISTEN data_versions")
            last = None
            news: list[psycopg.Notify] = []
            db.add_notify_handler(news.append)
            while True:
                news.clear()
                # read after LISTEN, so that no change falls between the two
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    version = await _read(db)
                if news:  # announced while we read: this may be the version before
                    continue
                if version != last:
                    last = version
                    self._on_change()
                await self._wait_for_news(db.pgconn, version)

    async def _wait_for_news(self, line: pq.abc.PGconn, version: str) -> None:
        """Until something is announced, the connection is lost, or it is time to check that it is not."""
        self._news.clear()
        self._line, self._heard = line, version
        self._look()  # what came while the version was read
        loop = asyncio.get_running_loop()
        socket = line.socket
        loop.add_reader(socket, self._look)
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                await self._news.wait()
        except TimeoutError:
            pass
        finally:
            loop.remove_reader(socket)
            self._line = None

    def _look(self) -> None:
        if self._line is None:
            return
        try:
            self._line.consume_input()
            quiet = self._line.notifies() is None
        except psycopg.OperationalError:
            quiet = False
        if not quiet:
            self._heard = None
            self._news.set()


async def _read(db: psycopg.AsyncConnection[Any]) -> str:
    row = await (await db.execute(CURRENT)).fetchone()
    return str(row[0]) if row else ""
