"""Connections held for tiles, on libpq itself: it costs half the processor time of a cursor.

One statement at a time per connection; the event loop watches the socket. Statements are prepared
once per connection.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from geoservice.db.server import Server

LOST_AFTER = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""A server that has vanished is noticed in a quarter of a minute."""
BINARY = pq.Format.BINARY
ANSWERS = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


def conninfo(url: URL, **options: str | int) -> str:
    """As `Server.conninfo`, for a connection that is held: a server that vanishes is noticed."""
    return make_conninfo(Server.conninfo(url, **options), connect_timeout=5, **LOST_AFTER)


class Line:
    """One connection, one statement at a time."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self._pg = connection.pgconn
        self._pg.nonblocking = 1
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[pq.abc.PGresult] | None = None
        self._last: pq.abc.PGresult | None = None
        self._loop.add_reader(self._pg.socket, self._on_readable)

    @classmethod
    async def open(cls, conninfo: str, statements: Mapping[str, str]) -> "Line":
        """Raises psycopg.OperationalError when the server cannot be reached."""
        line = cls(await psycopg.AsyncConnection.connect(conninfo, autocommit=True))
        try:
            for name, text in statements.items():
                line._pg.send_prepare(name.encode(), text.encode())
                await line._sent()
        except BaseException:
            await line.close()
            raise
        return line

    async def prepared(self, name: bytes, values: Sequence[bytes | None]) -> bytes | None:
        """The first column of the first row. Raises psycopg.Error."""
        self._pg.send_query_prepared(name, values, result_format=BINARY)
        return (await self._sent()).get_value(0, 0)

    async def _sent(self) -> pq.abc.PGresult:
        self._answer = self._loop.create_future()
        while self._pg.flush():  # more than the socket takes at once
            await asyncio.sleep(0.001)
        result = await self._answer
        if result.status not in ANSWERS:
            raise psycopg.errors.error_from_result(result)
        return result

    def _on_readable(self) -> None:
        try:
            self._pg.consume_input()
            while not self._pg.is_busy():
                result = self._pg.get_result()
                if result is None:
                    break
                self._last = result
            else:
                return
        except psycopg.Error as error:
            self._finish(error)
            return
        if self._last is not None:
            self._finish(None)

    def _finish(self, error: psycopg.Error | None) -> None:
        answer, last, self._answer, self._last = self._answer, self._last, None, None
        if error is not None:
            self._loop.remove_reader(self._pg.socket)  # or it would be called for ever
        if answer is None or answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        elif last is not None:
            answer.set_result(last)

    @property
    def is_ready(self) -> bool:
        """False when the connection is lost, or still busy with what nobody waits for."""
        return (
            self._pg.status == pq.ConnStatus.OK
            and self._pg.transaction_status == pq.TransactionStatus.IDLE
        )

    async def close(self) -> None:
        with contextlib.suppress(psycopg.Error):
            self._loop.remove_reader(self._pg.socket)
        await self._connection.close()


Ask = Callable[[Line], Awaitable[bytes | None]]


class Wire:
    """A few lines, opened when they are first needed and again when they break."""

    def __init__(
        self, conninfo: str, statements: Mapping[str, str], *, size: int, timeout_s: int
    ) -> None:
        self._conninfo = conninfo
        self._statements = statements
        self._timeout_s = timeout_s
        self._free = asyncio.Semaphore(size)
        self._idle: list[Line] = []

    async def prepared(self, name: bytes, values: Sequence[bytes | None]) -> bytes | None:
        """Raises psycopg.Error, or TimeoutError when no line is free in time."""
        return await self._run(lambda line: line.prepared(name, values))

    async def _run(self, ask: Ask) -> bytes | None:
        if self._free.locked():
            async with asyncio.timeout(self._timeout_s):
                await self._free.acquire()
        else:
            await self._free.acquire()
        try:
            while self._idle:
                line = self._idle.pop()
                try:
                    return await self._ask(line, ask)
                except psycopg.OperationalError:
                    if line.is_ready:
                        raise
                    # the server has closed it since it was last used: the next one may be good
            return await self._ask(await Line.open(self._conninfo, self._statements), ask)
        finally:
            self._free.release()

    async def _ask(self, line: Line, ask: Ask) -> bytes | None:
        try:
            return await ask(line)
        finally:
            if line.is_ready:
                self._idle.append(line)
            else:
                await line.close()

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()
