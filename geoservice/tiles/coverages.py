"""Coverages, as the tiles of a map show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncEngine

from geoservice import clock
from geoservice.coverage import question
from geoservice.coverage.measuring import Measured, measure
from geoservice.coverage.question import Asked
from geoservice.coverage.shading import Shaded, shades
from geoservice.settings import Settings
from geoservice.tiles.lookups import Lookups
from geoservice.tiles.questions import pairs
from tiles import layers

KEPT = 20


@lru_cache(maxsize=200)
def parse(query_string: bytes) -> Asked:
    """Raises WrongQuestion."""
    return question.read(pairs(query_string))


@dataclass(frozen=True)
class Coverage:
    measured: Measured
    shades: dict[str, Mapping[str, Shaded]] = field(default_factory=dict[str, Mapping[str, Shaded]])
    """Type of territories → each by its code; made when a zoom shows it."""


class Coverages:
    def __init__(self, engine: AsyncEngine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._lookups = Lookups[Coverage](KEPT)

    def moment(self, query_string: bytes) -> datetime | None:
        """The minute that the answer is good for; None when it does not depend on the clock."""
        return question.about_presence(parse(query_string)).minute(clock.now())

    async def shades(
        self, query_string: bytes, version: str, moment: datetime | None, z: int
    ) -> tuple[str, Mapping[str, Shaded]]:
        """What a zoom shows: a type of territories, and each by its code. Raises WrongQuestion for names that nobody knows."""
        coverage = await self._lookups.get(
            (query_string, version, moment), lambda: self._measure(parse(query_string))
        )
        type_ = layers.shaded(z, len(coverage.measured.communes))
        if type_ not in coverage.shades:
            coverage.shades[type_] = shades(coverage.measured, type_)
        return type_, coverage.shades[type_]

    async def _measure(self, asked: Asked) -> Coverage:
        async with self._engine.connect() as db:
            return Coverage(await measure(db, asked, self._settings))
