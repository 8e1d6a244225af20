"""Questions looked up once for all the tiles of a map, and again when the data or the minute change."""

from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from sqlalchemy.ext.asyncio import AsyncEngine

from geoservice import clock
from geoservice.search.answers import resolve
from geoservice.search.question import PlaceQuery
from geoservice.settings import Settings
from geoservice.tiles.filters import filters_for
from geoservice.tiles.lookups import Lookups
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
    asked = (pair for pair in pairs(query_string) if pair[0] != "v")
    return PlaceQuery.parse(asked, limit_max=LIMIT_MAX)


def pairs(query_string: bytes) -> list[tuple[str, str]]:
    """Raises WrongQuestion when it is too long."""
    if len(query_string) > LENGTH_MAX:
        raise WrongQuestion(Fault("q", "La question est trop longue."))
    return parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)


class Questions:
    def __init__(self, engine: AsyncEngine, memory: Memory, settings: Settings) -> None:
        self._engine = engine
        self._memory = memory
        self._settings = settings
        self._lookups = Lookups[Selection | None](KEPT)

    def moment(self, query_string: bytes) -> datetime | None:
        """The minute that the answer is good for; None when it does not depend on the clock."""
        return parse(query_string).minute(clock.now())

    async def chosen(
        self, query_string: bytes, version: str, moment: datetime | None
    ) -> Selection | None:
        """The places of a question; None when it asks for all. Raises WrongQuestion for names that nobody knows."""
        return await self._lookups.get(
            (query_string, version, moment),
            lambda: self._chosen(parse(query_string), version, moment),
        )

    async def _chosen(
        self, query: PlaceQuery, version: str, moment: datetime | None
    ) -> Selection | None:
        places = await self._memory.at(version)
        async with self._engine.connect() as db:
            asked = await resolve(db, query, self._settings, moment or clock.now())
            filters = await filters_for(db, asked, self._memory, places)
            return places.passing(filters) if filters else None
