"""How far each commune is from a place that answers, now and with one that is imagined."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.clock import now
from geoservice.coverage import queries
from geoservice.coverage.distances import Floats, nearest_m
from geoservice.geo import LonLat
from geoservice.search import answers, moments
from geoservice.search.answers import Resolved
from geoservice.search.question import PlaceQuery
from geoservice.settings import Settings
from geoservice.territories.address import Located, locate
from geoservice.web.problems import Fault, WrongQuestion

ADDED = "ajout"
ADDED_PRESENCE = "ajout_permanence"

_turn = asyncio.Semaphore(1)
"""All of France takes a whole core for some seconds: one at a time."""


@dataclass(frozen=True)
class Asked:
    """The question of «couverture»: which places answer, and what one imagines more."""

    query: PlaceQuery
    added: str = ""
    """Where a place or a permanence is imagined, in words; empty when none is."""
    presence: str = ""
    """When the imagined permanence is held; empty for a place that answers the question."""

    @property
    def changes(self) -> dict[str, str | None]:
        """Of an address that asks the same thing."""
        return {ADDED: self.added or None, ADDED_PRESENCE: self.presence or None}


@dataclass(frozen=True)
class Imagined:
    located: Located
    presence: str
    answers: bool
    """False for a permanence that is not held when the question asks for one."""


@dataclass(frozen=True)
class Measured:
    resolved: Resolved
    communes: list[Row[Any]]
    places: int
    unplaced: int
    by_commune: Mapping[str, int]
    """Code of each commune that has places that answer → how many."""
    now_m: Floats
    imagined: Imagined | None
    then_m: Floats | None


def about_presence(asked: Asked) -> PlaceQuery:
    """A permanence that is imagined is compared with those of its moment, unless another is asked for."""
    query = asked.query
    if not asked.presence or query.present:
        return query
    return replace(
        query,
        present=moments.parse(asked.presence),
        raw=(*query.raw, ("permanence", asked.presence)),
    )


async def measure(db: AsyncConnection, asked: Asked, settings: Settings) -> Measured:
    """Raises WrongQuestion for a territory or a locality that nobody knows."""
    query = about_presence(asked)
    resolved = await answers.resolve(db, query, settings, now())
    imagined = await _imagined(db, asked, query, settings) if asked.added else None
    communes = list(await db.execute(queries.communes(resolved.territory_names())))
    points = [LonLat(row.lon, row.lat) for row in communes]
    positions = (await db.execute(queries.positions(resolved))).all()
    known = [LonLat(row.lon, row.lat) for row in positions if row.lon is not None]
    async with _turn:
        now_m = await asyncio.to_thread(nearest_m, points, known)
    then_m = None
    if imagined:
        there = [imagined.located.point] if imagined.answers else []
        then_m = np.minimum(now_m, nearest_m(points, there))
    unplaced = len(positions) - len(known)
    by_commune = Counter(row.code_insee for row in positions)
    return Measured(
        resolved, communes, len(positions), unplaced, by_commune, now_m, imagined, then_m
    )


async def _imagined(
    db: AsyncConnection, asked: Asked, query: PlaceQuery, settings: Settings
) -> Imagined:
    try:
        located = await locate(db, asked.added, settings)
    except WrongQuestion as wrong:
        raise WrongQuestion(
            *(Fault(ADDED, fault.message, fault.accepted) for fault in wrong.faults)
        ) from wrong
    meets = True
    if asked.presence and query.present:
        meets = moments.meet(query.present, moments.parse(asked.presence), now())
    return Imagined(located, asked.presence, meets)
