"""Questions looked up once for all the tiles of a map, and again when the data or the minute change."""

import asyncio
from collections import OrderedDict
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from sqlalchemy.ext.asyncio import AsyncEngine

from geoservice import clock
from geoservice.search.answers import resolve
from geoservice.search.question import PlaceQuery
from geoservice.settings import Settings
from geoservice.tiles.filters import filters_for
from geoservice.tiles.memory import Memory
from geoservice.web.problems import Fault, WrongQuestion
from tiles.columns import Selection

KEPT = 200

LENGTH_MAX = 8_000
LIMIT_MAX = 50_000
"""Tiles have no pages; a question may come from a download, which has the largest ones."""


@lru_cache(maxsize=KEPT)
def parse(query_string: bytes) -> PlaceQuery:
    """Raises WrongQuestion."""
    if len(query_string) > LENGTH_MAX:
        raise WrongQuestion(Fault("q", "La question est trop longue."))
    pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
    return PlaceQuery.parse(
        ((name, value) for name, value in pairs if name != "v"), limit_max=LIMIT_MAX
    )


class Questions:
    def __init__(self, engine: AsyncEngine, memory: Memory, settings: Settings) -> None:
        self._engine = engine
        self._memory = memory
        self._settings = settings
        self._asked: OrderedDict[
            tuple[bytes, str, datetime | None], asyncio.Task[Selection | None]
        ] = OrderedDict()

    def moment(self, query_string: bytes) -> datetime | None:
        """The minute that the answer is good for; None when it does not depend on the clock."""
        query = parse(query_string)
        if not (query.open or query.present):
            return None
        return clock.now().replace(second=0, microsecond=0)

    async def chosen(
        self, query_string: bytes, version: str, moment: datetime | None
    ) -> Selection | None:
        """The places of a question; None when it asks for all. Raises WrongQuestion for names that nobody knows."""
        key = query_string, version, moment
        coming = self._asked.get(key)
        if coming is None or (coming.done() and (coming.cancelled() or coming.exception())):
            self._forget(version)
            coming = asyncio.create_task(self._chosen(parse(query_string), version, moment))
            self._asked[key] = coming
        return await asyncio.shield(coming)

    def _forget(self, version: str) -> None:
        """What is of another version holds all the places of it."""
        if self._asked and next(reversed(self._asked))[1] != version:
            self._asked.clear()
        while len(self._asked) >= KEPT:
            self._asked.popitem(last=False)

    async def _chosen(
        self, query: PlaceQuery, version: str, moment: datetime | None
    ) -> Selection | None:
        places = await self._memory.at(version)
        async with self._engine.connect() as db:
            asked = await resolve(db, query, self._settings, moment or clock.now())
            filters = await filters_for(db, asked, self._memory, places)
            return places.passing(filters) if filters else None
