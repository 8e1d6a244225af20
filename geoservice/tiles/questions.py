"""Questions looked up once for all the tiles of a map, and again when the data or the minute change."""

import asyncio
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from geoservice import clock
from geoservice.search import queries
from geoservice.search.answers import resolve
from geoservice.search.question import PlaceQuery
from geoservice.settings import Settings
from geoservice.tiles.filters import Pins, other_conditions, pins_for
from geoservice.web.problems import Fault, WrongQuestion
from tiles.cells import Cells
from tiles.statements import over

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
    def __init__(self, engine: AsyncEngine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._asked: OrderedDict[tuple[bytes, str, datetime | None], asyncio.Task[Pins]] = (
            OrderedDict()
        )

    def moment(self, query_string: bytes) -> datetime | None:
        """The minute that the answer is good for; None when it does not depend on the clock."""
        if not parse(query_string).open:
            return None
        return clock.now().replace(second=0, microsecond=0)

    async def pins(self, query_string: bytes, version: str, moment: datetime | None) -> Pins:
        """The places of a question. Raises WrongQuestion for names that nobody knows."""
        key = query_string, version, moment
        coming = self._asked.get(key)
        if coming is None or (coming.done() and (coming.cancelled() or coming.exception())):
            coming = asyncio.create_task(self._pins(parse(query_string), moment))
            self._asked[key] = coming
            while len(self._asked) > KEPT:
                self._asked.popitem(last=False)
        return await asyncio.shield(coming)

    async def _pins(self, query: PlaceQuery, moment: datetime | None) -> Pins:
        async with self._engine.connect() as db:
            asked = await resolve(db, query, self._settings, moment or clock.now())
            answering = None
            if others := other_conditions(asked):
                found = await db.scalars(select(queries.places.c.id).where(*others))
                answering = found.all()
            pins = pins_for(asked, answering)
            if pins.are_all or pins.bits:
                return pins
            counted = await db.exec_driver_sql(over(pins.text, "question"), dict(pins.values))
            return replace(pins, cells=Cells(counted.all()))
