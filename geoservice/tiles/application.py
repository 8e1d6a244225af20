"""The tiles over HTTP: an ASGI application of its own, asked before FastAPI.

A map asks for twenty tiles at once, and sending one from memory costs less than FastAPI's routing.
"""

import asyncio
import contextlib
import gzip
import logging
import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import orjson
import psycopg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp, Receive, Scope, Send

from geoservice.db.server import Server
from geoservice.settings import Settings
from geoservice.tiles.coverages import Coverages
from geoservice.tiles.memory import Memory
from geoservice.tiles.questions import Questions
from geoservice.tiles.tileset import Tileset
from geoservice.tiles.versions import Versions
from geoservice.tiles.wire import conninfo
from geoservice.web.problems import Problem, TooSlow
from geoservice.web.refusals import MethodNotAllowed, OurFault, from_database
from tiles.arithmetic import MAX_ZOOM, Tile
from tiles.cache import Ready, TileCache

log = logging.getLogger("geoservice")

NUMBER = "(0|[1-9][0-9]{0,8})"
"""Written one way only: a tile has one address."""
ADDRESS = re.compile(rf"/tuiles/(lieux|territoires|couverture)/{NUMBER}/{NUMBER}/{NUMBER}\.mvt")
VERSION = re.compile(rb"(?:^|&)v=([0-9-]{1,40})(?:&|$)")
FOR_EVER = b"public, max-age=31536000, immutable"
READ_AHEAD_LEFT_S = 10.0
ANY_SITE = [(b"access-control-allow-origin", b"*"), (b"x-content-type-options", b"nosniff")]
"""The headers that mean something on a tile: the other ones are as long as the tile."""


class ImpossibleTile(Problem):
    status = 400
    title = "Cette tuile n’existe pas."


class Asked(NamedTuple):
    layer: str
    tile: Tile
    query_string: bytes
    """Without the version; empty when everything is asked for."""
    version: str | None
    """The one that the address names, as TileJSON gives it."""


@lru_cache(maxsize=8192)
def read_address(path: str, query_string: bytes) -> Asked:
    """Raises ImpossibleTile."""
    found = ADDRESS.fullmatch(path)
    if not found:
        raise ImpossibleTile("L’adresse d’une tuile s’écrit /tuiles/lieux/{z}/{x}/{y}.mvt.")
    layer, *numbers = found.groups()
    z, x, y = map(int, numbers)
    try:
        tile = Tile.checked(z, x, y)
    except ValueError:
        raise ImpossibleTile(
            f"Le zoom va de 0 à {MAX_ZOOM}, et les numéros de tuile de 0 à 2ᶻ - 1 : "
            f"{z}/{x}/{y} n’est pas possible."
        ) from None
    named = VERSION.search(query_string)
    rest = VERSION.sub(b"&", query_string).strip(b"&") if named else query_string
    return Asked(layer, tile, rest, named[1].decode() if named else None)


class TileServer:
    def __init__(self, server: Server, settings: Settings, engine: AsyncEngine) -> None:
        """`engine` looks up the words of questions, as the role of anonymous pages."""
        self._cache = TileCache(settings.tile_cache_mib * 2**20)
        self._tileset = Tileset(server, settings)
        self._memory = Memory(conninfo(server.public))
        self._reading_ahead: asyncio.Task[None] | None = None
        self._questions = Questions(engine, self._memory, settings)
        self._coverages = Coverages(engine, settings)
        self._versions = Versions(conninfo(server.public), self._cache.clear)
        self._a_while = b"public, max-age=%d" % settings.tile_max_age_s

    def start(self) -> None:
        self._versions.start()
        self._reading_ahead = asyncio.create_task(self._read_ahead())

    async def _read_ahead(self) -> None:
        """So that the first filtered tile does not wait until the places are in memory."""
        try:
            await self._memory.at(await self.version())
        except (psycopg.Error, TimeoutError) as error:
            log.warning("The places are not in memory yet: %s", type(error).__name__)

    async def stop(self) -> None:
        if self._reading_ahead is not None:
            # a connection that is cut while it opens would stay open: let it finish first
            _, late = await asyncio.wait({self._reading_ahead}, timeout=READ_AHEAD_LEFT_S)
            for task in late:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await self._versions.stop()
        await self._tileset.close()

    async def version(self) -> str:
        """Of the data, as tile addresses carry it. Raises psycopg.Error, TimeoutError."""
        return self._versions.heard or await self._tileset.version()

    async def check(self, layer: str, query_string: bytes) -> None:
        """Raises WrongQuestion, as the tiles of this question would."""
        version, moment = await self.version(), self._moment(layer, query_string)
        if layer == "couverture":
            await self._coverages.shades(query_string, version, moment, 0)
        elif query_string:
            await self._questions.chosen(query_string, version, moment)

    def _moment(self, layer: str, query_string: bytes) -> datetime | None:
        """The minute that a tile is good for; None when it does not depend on the clock."""
        if not query_string or layer == "territoires":
            return None
        asked = self._coverages if layer == "couverture" else self._questions
        return asked.moment(query_string)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] not in ("GET", "HEAD"):
                raise MethodNotAllowed
            asked = read_address(scope["path"], scope["query_string"])
            ready, is_current = await self._tile(asked)
        except Exception as error:
            await _refuse(_problem(error, scope["path"]), send)
            return
        accepts, known = _told(scope)
        cache_control = FOR_EVER if is_current else self._a_while
        await _send(ready, accepts, known, cache_control, send)

    async def _tile(self, asked: Asked) -> tuple[Ready, bool]:
        """The tile, and whether its address names the version that it is of."""
        version = await self.version()
        if asked.version is not None and _newer(asked.version, version):
            version = await self._tileset.version()  # another process has heard before us
        moment = self._moment(asked.layer, asked.query_string)
        key = version, asked.layer, asked.tile, asked.query_string, moment
        ready = self._cache.get(key)
        if ready is None:

            async def compute() -> bytes:
                if asked.layer == "territoires":
                    return await self._tileset.territories(asked.tile)
                if asked.layer == "couverture":
                    type_, shades = await self._coverages.shades(
                        asked.query_string, version, moment, asked.tile.z
                    )
                    return await self._tileset.coverage(asked.tile, type_, shades)
                chosen = None
                if asked.query_string:
                    chosen = await self._questions.chosen(asked.query_string, version, moment)
                return await self._tileset.places(asked.tile, chosen)

            ready = await self._cache.make(key, compute)
        return ready, asked.version == version and moment is None


def _newer(named: str, known: str) -> bool:
    def numbers(version: str) -> list[int]:
        return [int(number) for number in version.split("-") if number]

    return numbers(named) > numbers(known)


def _told(scope: Scope) -> tuple[bool, bytes]:
    """Whether gzip is accepted, and the tags that the client has."""
    accepts, known = False, b""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepts = b"gzip" in value and b"gzip;q=0" not in value.replace(b" ", b"")
        elif name == b"if-none-match":
            known = value
    return accepts, known


async def _send(
    ready: Ready, gzipped: bool, known: bytes, cache_control: bytes, send: Send
) -> None:
    headers = [*ANY_SITE, (b"cache-control", cache_control), (b"vary", b"accept-encoding")]
    if not ready.gzipped:
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body"})
        return
    # other bytes need another tag
    etag = ready.etag if gzipped else ready.etag[:-1] + b'-brut"'
    headers.append((b"etag", etag))
    if etag in known or known == b"*":
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body"})
        return
    body = ready.gzipped if gzipped else gzip.decompress(ready.gzipped)
    headers.append((b"content-type", b"application/vnd.mapbox-vector-tile"))
    headers.append((b"content-length", b"%d" % len(body)))
    if gzipped:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _problem(error: Exception, path: str) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, TimeoutError):
        return TooSlow()
    if isinstance(error, (psycopg.Error, SQLAlchemyError)) and (told := from_database(error)):
        log.warning("%s on %s", type(error).__name__, path)
        return told
    log.error("%s on %s", type(error).__name__, path, exc_info=error)
    return OurFault()


async def _refuse(problem: Problem, send: Send) -> None:
    body = orjson.dumps(problem.body())
    headers = [
        *ANY_SITE,
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class TilesFirst:
    """Middleware that gives the addresses of tiles to the tile server of `app.state.tiles`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_tile(scope["path"]):
            await scope["app"].state.tiles(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_tile(path: str) -> bool:
    return path.startswith("/tuiles/") and path.endswith(".mvt")
