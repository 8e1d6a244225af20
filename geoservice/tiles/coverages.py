"""Coverages measured once for all the tiles of a map, and again when the data or the minute change."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl

from sqlalchemy.ext.asyncio import AsyncEngine

from geoservice import clock
from geoservice.coverage import question
from geoservice.coverage.measuring import Measured, measure
from geoservice.coverage.question import Asked
from geoservice.coverage.shading import Shaded, shades
from geoservice.settings import Settings
from geoservice.tiles.questions import LENGTH_MAX
from geoservice.web.problems import Fault, WrongQuestion
from tiles import layers

KEPT = 20


@lru_cache(maxsize=200)
def parse(query_string: bytes) -> Asked:
    """Raises WrongQuestion."""
    if len(query_string) > LENGTH_MAX:
        raise WrongQuestion(Fault("q", "La question est trop longue."))
    return question.read(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))


class Coverages:
    def __init__(self, engine: AsyncEngine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._asked: OrderedDict[tuple[bytes, str, datetime | None], asyncio.Task[Measured]] = (
            OrderedDict()
        )
        self._shades: OrderedDict[tuple[object, ...], Mapping[str, Shaded]] = OrderedDict()

    def moment(self, query_string: bytes) -> datetime | None:
        """The minute that the answer is good for; None when it does not depend on the clock."""
        query = question.about_presence(parse(query_string))
        if not (query.open or query.present):
            return None
        return clock.now().replace(second=0, microsecond=0)

    async def shades(
        self, query_string: bytes, version: str, moment: datetime | None, z: int
    ) -> tuple[str, Mapping[str, Shaded]]:
        """What a zoom shows: a type of territories, and each by its code. Raises WrongQuestion for names that nobody knows."""
        key = query_string, version, moment
        measured = await self._measured(key)
        type_ = layers.shaded(z, len(measured.communes))
        told = self._shades.get((*key, type_))
        if told is None:
            told = self._shades[(*key, type_)] = shades(measured, type_)
            while len(self._shades) > KEPT:
                self._shades.popitem(last=False)
        return type_, told

    async def _measured(self, key: tuple[bytes, str, datetime | None]) -> Measured:
        coming = self._asked.get(key)
        if coming is None or (coming.done() and (coming.cancelled() or coming.exception())):
            if self._asked and next(reversed(self._asked))[1] != key[1]:
                self._asked.clear()
                self._shades.clear()
            coming = self._asked[key] = asyncio.create_task(self._measure(parse(key[0])))
            while len(self._asked) > KEPT:
                self._asked.popitem(last=False)
        return await asyncio.shield(coming)

    async def _measure(self, asked: Asked) -> Measured:
        async with self._engine.connect() as db:
            return await measure(db, asked, self._settings)
